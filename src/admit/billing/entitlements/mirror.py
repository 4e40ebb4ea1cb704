"""What is active for a customer at Stripe: looked at whole, whatever an event shows of it."""

from collections.abc import Mapping
from typing import Any

from admit.billing.entitlements.access import PREFIX, id_of, settle_entitlements
from admit.billing.entitlements.models import Entitlements
from admit.billing.reconciliation.mirrors import Listing, MirrorOf, Shape, Writing


class EntitlementsMirror(MirrorOf[Entitlements]):
    table = Entitlements

    def path(self, object_id: str) -> str:
        return f"/v1/customers/{object_id.removeprefix(PREFIX)}"

    def lists_elsewhere(self, payload: Mapping[str, Any]) -> Mapping[str, Listing]:
        """Also the subscriptions, so that what a plan of ours brings is told from the rest even
        before our mirror has heard of them. A customer who is gone has neither.
        """
        if payload.get("deleted"):
            return {}
        asked = {"customer": payload["id"]}
        return {
            "entitlements": Listing("/v1/entitlements/active_entitlements", asked),
            "subscriptions": Listing("/v1/subscriptions", asked),
        }

    def read(self, payload: Mapping[str, Any]) -> Shape:
        """An event names no subscriptions, and not the clock that it lives by: it is fetched."""
        customer = str(payload.get("customer") or payload["id"])
        nothing: Mapping[str, Any] = {"data": ()}
        active = payload.get("entitlements") or nothing
        subscriptions = payload.get("subscriptions") or nothing
        return Shape(
            id=id_of(customer),
            customer_id=customer,
            ended=bool(payload.get("deleted", False)),
            complete=False,
            on_test_clock=payload.get("test_clock") is not None,
            values={
                "lookup_keys": sorted({each["lookup_key"] for each in active["data"]}),
                "price_ids": sorted(
                    {
                        item["price"]["id"]
                        for subscription in subscriptions["data"]
                        for item in subscription["items"]["data"]
                    }
                ),
            },
        )

    async def write(self, writing: Writing, shape: Shape) -> None:
        await settle_entitlements(writing, await self.put(writing, shape))

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        await settle_entitlements(writing, await self.put_deleted(writing, object_id))
