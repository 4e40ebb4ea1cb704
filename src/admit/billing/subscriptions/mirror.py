from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.reconciliation.mirrors import Listing, MirrorOf, ObjectRef, Shape, Writing
from admit.billing.reconciliation.reading import id_of, is_whole, time_of
from admit.billing.subscriptions.access import settle_access
from admit.billing.subscriptions.facts import record_facts
from admit.billing.subscriptions.models import Subscription
from admit.billing.subscriptions.parts import keep_parts, with_same_parts
from admit.core.clock import from_seconds

ENDED = frozenset({"canceled", "incomplete_expired"})


class SubscriptionMirror(MirrorOf[Subscription]):
    table = Subscription
    expands: Sequence[str] = ("discounts.source.coupon",)

    def path(self, object_id: str) -> str:
        return f"/v1/subscriptions/{object_id}"

    def lists_elsewhere(self, payload: Mapping[str, Any]) -> Mapping[str, Listing]:
        if is_whole(payload["items"]):
            return {}
        return {"items": Listing("/v1/subscription_items", {"subscription": payload["id"]})}

    def read(self, payload: Mapping[str, Any]) -> Shape:
        """Periods are read from the items: since API 2025-03-31.basil the subscription has none
        (https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end).
        """
        items = [
            _item(item) for item in sorted(payload["items"]["data"], key=itemgetter("created"))
        ]
        discounts = [_discount(told) for told in payload["discounts"] if _is_told_of(told)]
        return Shape(
            id=payload["id"],
            customer_id=id_of(payload["customer"]),
            ended=payload["status"] in ENDED,
            complete=is_whole(payload["items"]) and len(discounts) == len(payload["discounts"]),
            on_test_clock=payload.get("test_clock") is not None,
            values={
                **{name: value for name, value in items[0].items() if name != "id"},
                **_of_payment(payload),
                **_of_the_end(payload),
                **_of_what_waits(payload),
                "status": payload["status"],
                "created_at": from_seconds(payload["created"]),
                "trial_start": time_of(payload["trial_start"]),
                "trial_end": time_of(payload["trial_end"]),
                "has_discounts": bool(payload["discounts"]),
            },
            names=list(_named(payload)),
            parts={"items": items, "discounts": discounts},
        )

    async def with_same_parts(self, db: AsyncSession, shapes: Sequence[Shape]) -> Collection[str]:
        return await with_same_parts(db, shapes)

    async def write(self, writing: Writing, shape: Shape) -> None:
        known = await writing.db.get(Subscription, shape.id)
        before = dict(vars(known)) if known else None
        row = await self.put(writing, shape)
        await keep_parts(writing.db, row, shape.parts, had_discounts=_had_discounts(before))
        await settle_access(writing, row)
        await record_facts(writing, row, before)

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        await settle_access(writing, await self.put_deleted(writing, object_id))


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    """What is metered has no quantity."""
    return {
        "id": item["id"],
        "stripe_price_id": item["price"]["id"],
        "quantity": item.get("quantity", 1),
        "current_period_start": from_seconds(item["current_period_start"]),
        "current_period_end": from_seconds(item["current_period_end"]),
    }


def _is_told_of(discount: object) -> bool:
    """Without being asked Stripe shows the id alone, and of its coupon, too."""
    return isinstance(discount, Mapping) and isinstance(discount["source"]["coupon"], Mapping)


def _discount(told: Mapping[str, Any]) -> dict[str, Any]:
    coupon = told["source"]["coupon"]
    return {
        "id": told["id"],
        "stripe_coupon_id": coupon["id"],
        "stripe_promotion_code_id": id_of(told["promotion_code"]),
        "name": coupon["name"],
        "percent_off": coupon["percent_off"],
        "amount_off": coupon["amount_off"],
        "currency": coupon["currency"],
        "ends_at": time_of(told["end"]),
    }


def _of_payment(payload: Mapping[str, Any]) -> dict[str, Any]:
    pause = payload["pause_collection"] or {}
    return {
        "latest_invoice_id": id_of(payload["latest_invoice"]),
        "default_payment_method_id": id_of(payload["default_payment_method"]),
        "pause_behavior": pause.get("behavior"),
        "pause_resumes_at": time_of(pause.get("resumes_at")),
    }


def _of_the_end(payload: Mapping[str, Any]) -> dict[str, Any]:
    details = payload["cancellation_details"] or {}
    return {
        "cancel_at_period_end": payload["cancel_at_period_end"],
        "cancel_at": time_of(payload["cancel_at"]),
        "canceled_at": time_of(payload["canceled_at"]),
        "ended_at": time_of(payload["ended_at"]),
        "cancellation_reason": details.get("reason"),
        "cancellation_feedback": details.get("feedback"),
        "cancellation_comment": details.get("comment"),
    }


def _of_what_waits(payload: Mapping[str, Any]) -> dict[str, Any]:
    pending = payload["pending_update"] or {}
    item: Mapping[str, Any] = next(iter(pending.get("subscription_items") or []), {})
    return {
        "schedule_id": id_of(payload["schedule"]),
        "pending_price_id": id_of(item.get("price")),
        "pending_quantity": item.get("quantity"),
        "pending_until": time_of(pending.get("expires_at")),
    }


def _named(payload: Mapping[str, Any]) -> Iterator[ObjectRef]:
    for kind, name in (
        ("invoice", "latest_invoice"),
        ("payment_method", "default_payment_method"),
        ("subscription_schedule", "schedule"),
    ):
        if (named := id_of(payload[name])) is not None:
            yield ObjectRef(kind, named)


def _had_discounts(before: Mapping[str, Any] | None) -> bool:
    return bool(before and before["has_discounts"])
