"""What `admit doctor` says of Stripe: does it answer, do its events arrive, does our copy hold?"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from admit.billing.connection.address import endpoint_url
from admit.billing.connection.endpoint import (
    AtStripe,
    endpoints_of_ours,
    handled_events,
    rows_of_ours,
)
from admit.billing.context import Billing
from admit.billing.errors import OtherStripeAccount
from admit.billing.gateway import GatewayRefused, GatewayUnavailable
from admit.billing.gateway.client import API_VERSION, Answer
from admit.billing.reconciliation.drift import newest_drifts
from admit.billing.reconciliation.repository import SweepCursors
from admit.billing.webhooks.models import DeliveryTally
from admit.billing.webhooks.tally import Outcome, tallied
from admit.core.clock import to_seconds
from admit.core.crypto import hash_token
from admit.core.events.repository import refused_since
from admit.core.finding import Finding

MAX_SKEW_SECONDS = 60
RECENT = timedelta(days=3)
"""As long as Stripe tries to deliver an event (https://docs.stripe.com/webhooks#retries)."""
MOST_DRIFTS, NAMED = 1000, 3
TROUBLES = {
    Outcome.signed_by_another: (
        "signed with another secret",
        "Put in the endpoint's signing secret, or make one: `admit stripe setup --new-secret`.",
    ),
    Outcome.off_time: ("refused as too old or too new", "Set this machine's clock (NTP)."),
    Outcome.missed: (
        "none arrives, Stripe had to be asked",
        "Stripe's dashboard shows under Webhooks what this address answers to it.",
    ),
}
SETUP = "Run `admit stripe setup`."


async def examine_stripe(billing: Billing) -> list[Finding]:
    try:
        answer = await billing.gateway.look("/v1/account")
        findings = [_of_answer(billing, answer), await _of_account(billing)]
        if billing.settings.polls_events:
            findings.append(await _of_polling(billing))
        elif not billing.settings.uses_simulator:
            findings += await _of_endpoint(billing)
    except GatewayUnavailable:
        where = billing.settings.stripe_base
        mend = "Start it with `admit run`." if billing.settings.uses_simulator else "Try later."
        return [Finding(f"Stripe: no answer from {where}", well=False, mend=mend)]
    except GatewayRefused as refusal:
        mend = "Check STRIPE_SECRET_KEY: Stripe refuses it."
        return [Finding(f"Stripe: {refusal.reason}", well=False, mend=mend)]
    return [*findings, *await _of_deliveries(billing), await _of_drift(billing)]


def _of_answer(billing: Billing, answer: Answer) -> Finding:
    skew = abs(answer.second - to_seconds(billing.clock.wall()))
    if not billing.settings.uses_simulator and skew > MAX_SKEW_SECONDS:
        mend = "Set this machine's clock (NTP): webhooks more than 300 s off are refused."
        return Finding(f"Stripe: clocks differ by {skew} s", well=False, mend=mend)
    return Finding(f"Stripe: account {answer.body['id']} ({billing.mode}) answers")


async def _of_account(billing: Billing) -> Finding:
    try:
        await billing.check_account()
    except OtherStripeAccount as other:
        return Finding(f"Stripe: {other}", well=False, mend=other.mend)
    return Finding("Stripe: the key is of the account that this database belongs to")


async def _of_polling(billing: Billing) -> Finding:
    """A worker that does not ask is the same as a webhook that does not arrive."""
    account_id, patience = await billing.known_account_id(), _patience(billing)
    async with billing.database.read() as db:
        swept_at = await SweepCursors(db).swept_at(account_id) if account_id else None
    if swept_at is None or billing.clock.wall() - swept_at > patience:
        last = f"{swept_at:%Y-%m-%d %H:%M} UTC" if swept_at else "never"
        mend = "Is a worker running? `admit worker`, or WORKER_IN_PROCESS=true."
        return Finding(f"events: Stripe was last asked {last}", well=False, mend=mend)
    return Finding(f"events: Stripe is asked every {billing.settings.stripe_poll_seconds} s")


def _patience(billing: Billing) -> timedelta:
    return max(timedelta(minutes=2), timedelta(seconds=3 * billing.settings.stripe_poll_seconds))


async def _of_endpoint(billing: Billing) -> list[Finding]:
    ours = await endpoints_of_ours(billing)
    url = endpoint_url(billing.settings.public_url)
    here = [each for each in ours if each.url == url and each.is_enabled]
    if not here:
        what = "is disabled" if any(each.url == url for each in ours) else "does not exist"
        return [Finding(f"webhook endpoint: {url} {what} at Stripe", well=False, mend=SETUP)]
    current = next((each for each in here if each.version == API_VERSION), here[0])
    return [*_of_what_it_sends(current), *await _of_secret(billing, here)]


def _of_what_it_sends(endpoint: AtStripe) -> list[Finding]:
    handled, sent = set(handled_events()), endpoint.events
    missing = [] if "*" in sent else sorted(handled - sent)
    if endpoint.version != API_VERSION:
        what = f"webhook endpoint: sends version {endpoint.version}, Admit reads {API_VERSION}"
        return [Finding(what, well=False, mend=f"{SETUP} Until then each event costs a look.")]
    if missing:
        what = f"webhook endpoint: does not send {', '.join(missing)}"
        return [Finding(what, well=False, mend=SETUP)]
    return [Finding(f"webhook endpoint: {endpoint.id} sends what Admit handles, {API_VERSION}")]


async def _of_secret(billing: Billing, here: list[AtStripe]) -> list[Finding]:
    """Of an endpoint that Admit made the secret is known, as a hash."""
    shown = {row.stripe_endpoint_id: row.secret_hash for row in await rows_of_ours(billing)}
    configured = {hash_token(secret) for secret in billing.settings.webhook_secrets}
    lacking = [each.id for each in here if shown.get(each.id) and shown[each.id] not in configured]
    if not lacking:
        return []
    mend = "Put in the secret that `admit stripe setup` showed; with --new-secret it makes another."
    what = f"webhook secret: STRIPE_WEBHOOK_SECRET lacks that of {', '.join(lacking)}"
    return [Finding(what, well=False, mend=mend)]


async def _of_deliveries(billing: Billing) -> list[Finding]:
    since = billing.clock.wall() - RECENT
    async with billing.database.read() as db:
        tallies = await tallied(db)
        refused = await refused_since(db, since)
    findings = []
    for outcome, (what, mend) in TROUBLES.items():
        if moment := _newer_than_any_taken(tallies, outcome, since):
            last = f"webhooks: {what}, the last at {moment:%Y-%m-%d %H:%M} UTC"
            findings.append(Finding(last, well=False, mend=mend))
    if refused:
        what = f"webhooks: {refused} events of another account or mode came here and were kept"
        mend = "Take this address out of the endpoints of that account or mode."
        findings.append(Finding(what, well=False, mend=mend))
    return findings or [Finding("webhooks: none was refused lately")]


def _newer_than_any_taken(
    tallies: Mapping[str, DeliveryTally], outcome: Outcome, since: datetime
) -> datetime | None:
    """Anybody may sign with a secret of their own: it tells while ours are not seen any more."""
    refused, taken = tallies.get(outcome), tallies.get(Outcome.taken)
    if refused is None or refused.last_at < since:
        return None
    return None if taken and taken.last_at >= refused.last_at else refused.last_at


async def _of_drift(billing: Billing) -> Finding:
    since = billing.clock.wall() - RECENT
    async with billing.database.read() as db:
        drifts = await newest_drifts(db, since=since, limit=MOST_DRIFTS)
    missing = [each for each in drifts if each.repaired_at is None]
    if missing:
        names = ", ".join(each.object_id for each in missing[:NAMED])
        mend = "Access was kept. Is the key of the right account? `admit stripe drift` shows them."
        return Finding(f"mirror: Stripe does not know {names}", well=False, mend=mend)
    if drifts:
        repaired = len({each.object_id for each in drifts})
        return Finding(f"mirror: {repaired} objects were repaired lately, `admit stripe drift`")
    return Finding("mirror: nothing differed from Stripe lately")
