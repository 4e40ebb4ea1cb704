"""What each wish asks of Stripe; every request is keyed by the wish, so that it can be repeated."""

from collections.abc import Mapping
from typing import Any, assert_never

from admit.billing.changes.models import Asked, SubscriptionChange
from admit.billing.context import Billing
from admit.core.clock import to_seconds

WITHOUT_PERIODS = frozenset({"paused", "unpaid"})


async def send(billing: Billing, change: SubscriptionChange) -> None:
    """Raises `GatewayRefused`, or `GatewayUnavailable` when it may be sent again."""
    path = f"/v1/subscriptions/{change.subscription_id}"
    there = await billing.gateway.get(path)
    asked = Asked(change.asked)
    match asked:
        case Asked.cancel if there["status"] in WITHOUT_PERIODS:
            await billing.gateway.delete(path, _reason(change), key=key_of(change))
        case Asked.cancel:
            await _release_schedule(billing, change, there)
            await _post(billing, change, {"cancel_at_period_end": True, **_reason(change)})
        case Asked.cancel_now:
            await billing.gateway.delete(path, _reason(change), key=key_of(change))
        case Asked.resume:
            await _post(billing, change, _without_end(there))
        case Asked.pause:
            await _post(billing, change, {"pause_collection": _pause(change)})
        case Asked.unpause if there["status"] == "paused":
            anew = {"billing_cycle_anchor": {"type": "now"}}
            await billing.gateway.post(f"{path}/resume", anew, key=key_of(change))
        case Asked.unpause:
            await _post(billing, change, {"pause_collection": "", **_anew(change)})
        case _ as never:
            assert_never(never)


def key_of(change: SubscriptionChange, step: str = "") -> str:
    return f"change:{change.id}:{step}" if step else f"change:{change.id}"


async def _post(
    billing: Billing, change: SubscriptionChange, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    path = f"/v1/subscriptions/{change.subscription_id}"
    return await billing.gateway.post(path, params, key=key_of(change))


async def _release_schedule(
    billing: Billing, change: SubscriptionChange, there: Mapping[str, Any]
) -> None:
    """What is planned is given up: Stripe ends nothing that a schedule rules over
    (https://docs.stripe.com/billing/subscriptions/subscription-schedules#managing).
    """
    if there["schedule"]:
        path = f"/v1/subscription_schedules/{there['schedule']}/release"
        await billing.gateway.post(path, key=key_of(change, "release"))


def _reason(change: SubscriptionChange) -> dict[str, Any]:
    given = {"feedback": change.feedback, "comment": change.comment}
    details = {name: said for name, said in given.items() if said}
    return {"cancellation_details": details} if details else {}


def _without_end(there: Mapping[str, Any]) -> Mapping[str, Any]:
    """A date that somebody set at Stripe is taken back by itself."""
    return {"cancel_at_period_end": False} if there["cancel_at_period_end"] else {"cancel_at": ""}


def _pause(change: SubscriptionChange) -> Mapping[str, Any]:
    """Void, as the portal has it: nothing is owed for the time of a pause."""
    until = {"resumes_at": to_seconds(change.resumes_at)} if change.resumes_at else {}
    return {"behavior": "void", **until}


def _anew(change: SubscriptionChange) -> Mapping[str, Any]:
    """Its time was free of charge, so that there is nothing to be taken off."""
    if not change.begins_anew:
        return {}
    return {"billing_cycle_anchor": {"type": "now"}, "proration_behavior": "none"}
