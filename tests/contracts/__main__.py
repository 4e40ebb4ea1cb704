"""Check Stripe traffic by hand.

    python -m tests.contracts proxy --upstream http://127.0.0.1:12111 --listen 12201 \\
        [--relay 12203=http://127.0.0.1:8000/webhooks/stripe] [--report out.jsonl] [--watch]
    python -m tests.contracts events FILE_OR_FOLDER...
    python -m tests.contracts summary out.jsonl

All but the proxy exit with 1 when there is an error. `--watch` passes a request that Stripe
would refuse on, instead of answering 400 itself; `--spec` takes another document than ours,
for instance Stripe's own spec3.json.
"""

import argparse
import json
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.contracts.answers import check_event
from tests.contracts.build import ContractUnavailableError, contract_spec, spec_path
from tests.contracts.gate import open_gate
from tests.contracts.spec import Spec
from tests.contracts.violations import errors_in


def main() -> int:
    options = _arguments().parse_args()
    if options.command == "summary":
        return _summarise(options.report)
    try:
        spec = _spec(options)
    except ContractUnavailableError as error:
        sys.exit(f"The contract check cannot run: {error}")
    return (
        _check_files(spec, options.files) if options.command == "events" else _proxy(spec, options)
    )


def _spec(options: argparse.Namespace) -> Spec:
    if options.spec is None and not options.lenient_enums:
        return contract_spec()
    path = options.spec or spec_path()
    return Spec.load(path, lenient_enums=options.lenient_enums)


def _arguments() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--spec", type=Path)
    shared.add_argument("--lenient-enums", action="store_true")
    parser = argparse.ArgumentParser(
        prog="python -m tests.contracts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    proxy = commands.add_parser("proxy", parents=[shared])
    proxy.add_argument("--upstream", required=True)
    proxy.add_argument("--listen", type=int, default=0, metavar="PORT")
    proxy.add_argument("--relay", default="0=", metavar="PORT=URL")
    proxy.add_argument("--report", type=Path)
    proxy.add_argument("--watch", action="store_true")
    commands.add_parser("events", parents=[shared]).add_argument("files", type=Path, nargs="+")
    commands.add_parser("summary").add_argument("report", type=Path)
    return parser


def _proxy(spec: Spec, options: argparse.Namespace) -> int:
    relay_port, _, webhook_url = options.relay.partition("=")
    with open_gate(
        spec,
        simulator_url=options.upstream,
        app_webhook_url=webhook_url or None,
        enforce=not options.watch,
        report=options.report,
        ports=(options.listen, int(relay_port)),
    ) as gate:
        print(f"{spec.version}: {gate.api_url} -> {options.upstream}")
        print(f"webhooks: {gate.webhook_url} -> {webhook_url or 'answered here'}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
        print(json.dumps(gate.report.summary()["violations"], indent=1))
        print("\n".join(gate.errors()))
    return 0


def _check_files(spec: Spec, given: list[Path]) -> int:
    failures = 0
    for file in _json_files(given):
        event = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(event, dict) or event.get("object") != "event":
            continue
        errors = errors_in(check_event(spec, event))
        failures += len(errors)
        print(f"{file}: {event.get('type')} {event.get('api_version')} errors={len(errors)}")
        for error in errors:
            print(f"    {error}")
    return int(failures > 0)


def _json_files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        yield from sorted(path.rglob("*.json")) if path.is_dir() else [path]


def _summarise(report: Path) -> int:
    operations: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for line in report.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        call = f"{row['method']} {row['operation']}"
        operations[call] += 1
        for found in row["violations"]:
            words = (found[word] for word in ("severity", "where", "kind", "path"))
            kinds[f"{' '.join(words)} in {call}"] += 1
    for kind, count in sorted(kinds.items()):
        print(f"{count:6} {kind}")
    errors = sum(count for kind, count in kinds.items() if kind.startswith("error"))
    print(f"{operations.total()} calls, {len(operations)} operations, {errors} errors")
    return int(errors > 0)


if __name__ == "__main__":
    sys.exit(main())
