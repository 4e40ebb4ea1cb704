from pathlib import Path

import stripe_simulator
from stripe_simulator.api.routing import OPERATIONS

README = Path(stripe_simulator.__file__).with_name("README.md")


def test_the_readme_names_every_operation_and_no_other() -> None:
    methods: dict[str, list[str]] = {}
    for operation in OPERATIONS:
        methods.setdefault(operation.path, []).append(operation.method)
    expected = [f"| {', '.join(names)} | `{path}` |" for path, names in methods.items()]

    table = [line for line in README.read_text().splitlines() if "| `/v1/" in line]

    assert table == expected
