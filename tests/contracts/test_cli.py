"""The official Stripe CLI: `stripe trigger`, and the events that come of it.

Its scripts call the API without naming a version, so that what they get is today's. The CLI itself
comes from npm with the rest of this folder; each of its platforms has a package of its own.
"""

import os
import platform
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from stripe_simulator.server import Running, running_simulator
from tests.contracts.build import HOME
from tests.contracts.gate import Gate, open_gate
from tests.contracts.spec import Spec
from tests.engines.patience import PATIENCE
from tests.stripe_simulator.webhooks.receiver import Receiver, receiving

SECRET = "whsec_of_the_cli"
DYNAMIC = "payment_method_types"
AS_THEY_ARE = (
    "billing_portal.configuration.created",
    "billing_portal.configuration.updated",
    "billing_portal.session.created",
    "checkout.session.completed",
    "checkout.session.expired",
    "coupon.created",
    "coupon.deleted",
    "coupon.updated",
    "credit_note.created",
    "credit_note.updated",
    "credit_note.voided",
    "customer.created",
    "customer.deleted",
    "customer.subscription.created",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.trial_will_end",
    "customer.subscription.updated",
    "customer.updated",
    "invoice.created",
    "invoice.deleted",
    "invoice.finalized",
    "invoice.marked_uncollectible",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.payment_succeeded",
    "invoice.sent",
    "invoice.updated",
    "invoice.voided",
    "invoiceitem.created",
    "invoiceitem.deleted",
    "payment_intent.canceled",
    "payment_method.attached",
    "payment_method.detached",
    "payment_method.updated",
    "price.created",
    "price.updated",
    "product.created",
    "product.deleted",
    "product.updated",
    "setup_intent.requires_action",
    "subscription.payment_failed",
    "subscription.payment_succeeded",
    "tax_rate.created",
    "tax_rate.updated",
    "test_helpers.test_clock.advancing",
    "test_helpers.test_clock.created",
    "test_helpers.test_clock.deleted",
    "test_helpers.test_clock.ready",
)
"""Events whose script fits this version of the API."""

PAYMENT = ("--remove", f"payment_intent:{DYNAMIC}")
SETUP = ("--remove", f"setup_intent:{DYNAMIC}")
CODE = (
    *("--remove", "promotion_code:coupon", "--add", "promotion_code:promotion.type=coupon"),
    *("--add", "promotion_code:promotion.coupon=${coupon:id}"),
)
DISPUTE = (*PAYMENT, "--override", "payment_intent:payment_method=pm_card_createDispute")
WITHOUT_WHAT_IS_GONE = {
    "charge.captured": PAYMENT,
    "charge.dispute.closed": DISPUTE,
    "charge.dispute.created": DISPUTE,
    "charge.dispute.updated": DISPUTE,
    "charge.failed": PAYMENT,
    "charge.refund.updated": PAYMENT,
    "charge.refunded": PAYMENT,
    "charge.succeeded": PAYMENT,
    "payment_intent.created": PAYMENT,
    "payment_intent.payment_failed": PAYMENT,
    "payment_intent.requires_action": PAYMENT,
    "payment_intent.succeeded": PAYMENT,
    "promotion_code.created": CODE,
    "promotion_code.updated": CODE,
    "setup_intent.canceled": SETUP,
    "setup_intent.created": SETUP,
    "setup_intent.setup_failed": SETUP,
    "setup_intent.succeeded": SETUP,
    "subscription_schedule.aborted": ("--remove", "customer:source"),
}
"""Scripts that fit once what this version removed is taken out of them."""

NAMED_OTHERWISE = {
    "charge.refund.updated": "refund.updated",  # for cards, since 2024-10-28.acacia
    "subscription_schedule.aborted": "subscription_schedule.canceled",  # its script cancels
    "subscription.payment_failed": "invoice.payment_failed",
    "subscription.payment_succeeded": "invoice.payment_succeeded",
}
SYSTEMS = {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}
MACHINES = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64"}


@pytest.fixture(scope="module")
def cli(spec: Spec) -> Path:
    """The program for this machine, installed with the rest of the folder."""
    del spec
    name = f"cli-{SYSTEMS.get(platform.system(), '?')}-{MACHINES.get(platform.machine(), '?')}"
    program: Path = HOME / "node_modules" / "@stripe" / name / "bin" / "stripe"
    if not program.exists():
        pytest.skip(f"NOT RUN: npm brought no Stripe CLI for this machine ({name}).")
    return program


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.fixture
def gate(spec: Spec, receiver: Receiver) -> Iterator[Gate]:
    """Events pass it; calls do not, for it would refuse what a script sends too much of."""
    with open_gate(spec, app_webhook_url=receiver.url) as gate:
        yield gate


@pytest.fixture
def simulator(gate: Gate) -> Iterator[Running]:
    with running_simulator(webhook_url=gate.webhook_url, webhook_secret=SECRET) as running:
        yield running


def trigger(
    cli: Path, simulator: Running, event: str, home: Path, *more: str
) -> "subprocess.CompletedProcess[str]":
    command = [str(cli), "trigger", event, "--api-key", "sk_test_of_the_cli", "--api-base"]
    return subprocess.run(
        [*command, simulator.url, *more],
        env={
            **os.environ,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "STRIPE_CLI_TELEMETRY_OPTOUT": "1",
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def missing(receiver: Receiver, wanted: set[str]) -> set[str]:
    """The types that have not arrived in time; test clocks advance by themselves, in a while."""
    deadline = time.monotonic() + PATIENCE
    while (lacking := wanted - set(receiver.types())) and time.monotonic() < deadline:
        time.sleep(0.05)
    return lacking


def complaints(
    cli: Path, simulator: Running, home: Path, scripts: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """By event, what a script that did not succeed has said."""
    found = {}
    for event, more in scripts.items():
        run = trigger(cli, simulator, event, home, *more)
        if run.returncode or "Trigger succeeded" not in run.stdout:
            found[event] = (run.stdout + run.stderr)[-600:]
    return found


def told_of(events: set[str]) -> set[str]:
    """What is delivered; sessions of the portal have no event at Stripe."""
    named = {NAMED_OTHERWISE.get(event, event) for event in events}
    return named - {"billing_portal.session.created"}


def test_the_cli_completes_a_session_and_warns_of_a_trials_end(
    cli: Path, simulator: Running, gate: Gate, receiver: Receiver, tmp_path: Path
) -> None:
    scripts = {"checkout.session.completed": (), "customer.subscription.trial_will_end": ()}

    assert complaints(cli, simulator, tmp_path, scripts) == {}

    assert missing(receiver, set(scripts)) == set()
    receiver.verify(SECRET)
    assert gate.errors() == []


@pytest.mark.long
def test_the_cli_triggers_every_event_that_fits(
    cli: Path, simulator: Running, gate: Gate, receiver: Receiver, tmp_path: Path
) -> None:
    scripts = {**dict.fromkeys(AS_THEY_ARE, ()), **WITHOUT_WHAT_IS_GONE}

    assert complaints(cli, simulator, tmp_path, scripts) == {}

    assert missing(receiver, told_of(set(scripts))) == set()
    receiver.verify(SECRET)
    assert gate.errors() == []
