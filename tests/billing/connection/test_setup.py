"""`admit stripe setup`: one endpoint, exactly the handled events, and its secret shown once."""

import re

import pytest

from admit.billing.gateway.client import API_VERSION
from admit.billing.webhooks.routing import ROUTES
from tests.billing.connection.terminal import HOOK, Terminal
from tests.engines.simulators import Json
from tests.shape.files import ROOT

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def endpoints(terminal: Terminal) -> list[Json]:
    return terminal.stripe.all("/v1/webhook_endpoints")


def secret_in(lines: list[str]) -> str:
    (secret,) = re.findall(r"STRIPE_WEBHOOK_SECRET=(whsec_\w+)", "\n".join(lines))
    return str(secret)


def test_an_operator_connects_the_account_and_repeating_it_changes_nothing(
    terminal: Terminal,
) -> None:
    made = terminal.lines("stripe", "setup")
    again = terminal.lines("stripe", "setup")

    (endpoint,) = endpoints(terminal)
    assert endpoint["url"] == HOOK
    assert endpoint["api_version"] == API_VERSION
    assert sorted(endpoint["enabled_events"]) == sorted(ROUTES)
    assert secret_in(made)
    assert again[1].startswith(f"The endpoint {endpoint['id']} is as it should be: {HOOK}, ")
    assert not any("whsec_" in line for line in again)
    assert terminal.lines("stripe", "events") == [",".join(sorted(ROUTES))]


@ON_SQLITE
def test_what_somebody_changed_by_hand_is_brought_in_line_and_keeps_its_secret(
    terminal: Terminal,
) -> None:
    terminal.lines("stripe", "setup")
    (endpoint,) = endpoints(terminal)
    by_hand = {"enabled_events[0]": "invoice.paid", "disabled": "true"}

    for _ in range(2):  # the same change again is another request
        terminal.stripe.post(f"/v1/webhook_endpoints/{endpoint['id']}", None, **by_hand)
        told = terminal.lines("stripe", "setup")

    (mended,) = endpoints(terminal)
    assert (mended["id"], mended["status"]) == (endpoint["id"], "enabled")
    assert sorted(mended["enabled_events"]) == sorted(ROUTES)
    assert "was brought in line (events, enabled)" in told[1]

    terminal.lines("stripe", "setup", ADMIT_PUBLIC_URL="https://moved.example.com")
    assert [each["url"] for each in endpoints(terminal)] == [
        "https://moved.example.com/webhooks/stripe"
    ]


@ON_SQLITE
def test_an_endpoint_of_another_version_works_on_until_its_operator_removes_it(
    terminal: Terminal,
) -> None:
    old = terminal.stripe.post(
        "/v1/webhook_endpoints",
        None,
        url=HOOK,
        api_version="2025-02-24.acacia",
        **{"enabled_events[0]": "*"},
    )

    told = terminal.lines("stripe", "setup")
    both = {each["id"]: each["status"] for each in endpoints(terminal)}
    removed = terminal.lines("stripe", "setup", "--remove-former")

    assert secret_in(told)
    assert f"Still there: {old['id']}." in "\n".join(told)
    assert (len(both), both[old["id"]]) == (2, "enabled")
    assert [each["api_version"] for each in endpoints(terminal)] == [API_VERSION]
    assert removed[-1] == f"Removed: {old['id']}."


@ON_SQLITE
def test_a_lost_answer_is_asked_for_again_and_shows_the_same_endpoint_and_its_secret(
    terminal: Terminal,
) -> None:
    # The library asks once more by itself.
    terminal.stripe.breaks("refuse", path="/v1/webhook_endpoints", after=True)
    lost = terminal.types("stripe", "setup")
    terminal.stripe.heals()
    made_unseen = endpoints(terminal)

    told = terminal.lines("stripe", "setup")
    another = terminal.lines("stripe", "setup", "--new-secret", "--remove-former")

    assert lost.exit_code == 1
    assert "Nothing is half-done: run the command again." in lost.output
    assert secret_in(told) != secret_in(another)
    assert len(made_unseen) <= 1
    assert len(endpoints(terminal)) == 1


@ON_SQLITE
def test_a_key_that_may_not_do_its_work_is_told_what_it_lacks_and_makes_nothing(
    terminal: Terminal,
) -> None:
    terminal.stripe.breaks("forbid", path="/v1/invoices")

    told = terminal.types("stripe", "setup")

    assert (told.exit_code, endpoints(terminal)) == (1, [])
    assert told.output.splitlines() == [
        "The key may not do this: Invoices: read",
        "The key may not do this: Invoices: write",
    ]
    assert "publishable" in terminal.types("stripe", "setup", STRIPE_SECRET_KEY="pk_test_1").output


@ON_SQLITE
def test_an_address_that_stripe_cannot_reach_leads_to_the_stripe_cli(terminal: Terminal) -> None:
    told = terminal.types("stripe", "setup", ADMIT_PUBLIC_URL="", PORT="8000")

    assert (told.exit_code, endpoints(terminal)) == (1, [])
    forwarding = (
        'stripe listen --events "$(admit stripe events)"'
        " --forward-to http://127.0.0.1:8000/webhooks/stripe"
    )
    assert forwarding in told.output
    page = (ROOT / "docs" / "stripe.md").read_text()
    assert forwarding in page
    assert "ngrok http 8000" in page
