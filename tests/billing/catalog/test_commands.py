"""`admit catalog plan|apply|export`, as an operator types them."""

from pathlib import Path

import pytest

from admit.billing.catalog.file import DEMO_FILE, load_file
from tests.billing.connection.terminal import Terminal

NOTHING = "Nothing to do: catalogue and Stripe say the same already."
DONE = "Catalogue and Stripe say what the file says."
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def copy_of_demo(directory: Path, wrong: str, right: str) -> str:
    assert wrong in DEMO_FILE.read_text()
    path = directory / "catalog.toml"
    path.write_text(DEMO_FILE.read_text().replace(wrong, right))
    return str(path)


def test_an_operator_sees_what_would_change_does_it_and_then_nothing_is_left(
    terminal: Terminal,
) -> None:
    planned = terminal.lines("catalog", "plan")
    assert terminal.stripe.all("/v1/products") == []
    assert terminal.lines("catalog", "plan") == planned
    assert planned[:3] == ["Here:", '  + feature "community"', '  + feature "premium"']
    assert '  + plan "team"' in planned
    assert "      terms: none → 12.00 EUR a month" in planned
    at_stripe = planned[planned.index("At Stripe:") :]
    assert '  create feature "projects"' in at_stripe
    assert (
        '  create product of plan "pro", with community, premium, exports, projects, '
        "priority-support"
    ) in at_stripe
    assert '  create price "pro-yearly" (120.00 EUR a year)' in at_stripe
    assert planned[-2:] == [
        "Nobody's access changes.",
        "Nothing was changed yet: `admit catalog apply` does it.",
    ]

    done = terminal.lines("catalog", "apply")

    assert done == [*planned[:-1], DONE]
    assert terminal.lines("catalog", "plan") == [NOTHING]
    assert terminal.lines("catalog", "apply") == [NOTHING, DONE]
    assert {row["name"] for row in terminal.stripe.all("/v1/products")} == {"Pro", "Team"}


@ON_SQLITE
def test_an_operator_exports_what_is_sold_edits_it_and_applies_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.lines("catalog", "apply")
    exported = tmp_path / "sold.toml"
    exported.write_text("\n".join(terminal.lines("catalog", "export")))

    assert load_file(exported) == load_file(DEMO_FILE)
    assert terminal.lines("catalog", "plan", str(exported)) == [NOTHING]

    exported.write_text(exported.read_text().replace("amount = 1200\n", "amount = 1500\n"))
    told = terminal.lines("catalog", "apply", str(exported))

    assert told == [
        "Here:",
        '  ~ price "pro-monthly"',
        "      terms: 12.00 EUR a month → 15.00 EUR a month",
        "",
        "At Stripe:",
        '  archive price "pro-monthly" (12.00 EUR a month)',
        '  create price "pro-monthly" (15.00 EUR a month)',
        "",
        "Nobody's access changes.",
        DONE,
    ]


@ON_SQLITE
def test_seeding_is_for_the_first_time_and_undoes_nobodys_work(
    terminal: Terminal, tmp_path: Path
) -> None:
    mine = copy_of_demo(tmp_path, 'name = "Pro"', 'name = "Plus"')
    terminal.lines("seed", "--no-push")
    terminal.lines("catalog", "apply", mine)

    told = terminal.lines("seed", "--no-push")

    assert told == ["There is a catalogue; `admit catalog apply` makes it equal to the file."]
    assert 'name = "Plus"' in terminal.lines("catalog", "export")


@ON_SQLITE
def test_a_file_that_cannot_be_used_changes_nothing_and_says_what_to_write(
    terminal: Terminal, tmp_path: Path
) -> None:
    wrong = copy_of_demo(tmp_path, 'currency = "eur"', 'currency = "xyz"')

    refused = terminal.types("catalog", "apply", wrong)

    assert refused.exit_code != 0
    assert (
        'plan "pro": price "pro-monthly": currency: write the three small letters of a currency, '
        'such as "eur"'
    ) in str(refused.exception)
    assert terminal.lines("catalog", "export") == []


@ON_SQLITE
def test_what_stripe_refuses_is_told_and_everything_else_is_done(terminal: Terminal) -> None:
    terminal.stripe.breaks("forbid", path="/v1/entitlements")

    refused = terminal.types("catalog", "apply")

    assert refused.exit_code == 1
    assert 'Stripe refuses to create feature "premium": ' in refused.output
    assert "It lacks community, premium" in refused.output
    assert len(terminal.stripe.all("/v1/prices")) == 4
    terminal.stripe.heals()
    assert terminal.lines("catalog", "apply")[-1] == DONE
    assert terminal.lines("catalog", "plan") == [NOTHING]


@ON_SQLITE
def test_while_stripe_is_silent_the_catalogue_is_changed_here_and_pushed_later(
    terminal: Terminal,
) -> None:
    terminal.lines("catalog", "apply")
    terminal.stripe.breaks("api_500", path="/v1/prices")
    cheaper = copy_of_demo(terminal.directory, "amount = 1200\n", "amount = 1000\n")

    stopped = terminal.types("catalog", "apply", cheaper)

    assert stopped.exit_code == 1
    assert "It is done here. Stripe does not answer" in stopped.output
    terminal.stripe.heals()
    assert terminal.lines("catalog", "plan", cheaper)[0] == "At Stripe:"
    assert terminal.lines("catalog", "apply", cheaper)[-1] == DONE
