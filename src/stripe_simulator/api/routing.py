"""Finds the operation for a method and a path, by its segments."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from stripe_simulator.api.operations import Operation
from stripe_simulator.api.resources import (
    balance,
    billing_portal,
    charges,
    checkout_sessions,
    coupons,
    credit_notes,
    customer_balances,
    customers,
    disputes,
    entitlements,
    events,
    invoice_drafts,
    invoice_items,
    invoice_lines,
    invoice_previews,
    invoices,
    meter_events,
    meters,
    payment_methods,
    payment_pages,
    payments,
    prices,
    products,
    promotion_codes,
    refunds,
    searches,
    setup_attempts,
    setup_intents,
    subscription_items,
    subscription_pauses,
    subscription_schedules,
    subscriptions,
    tax_ids,
    tax_rates,
    tax_registrations,
    tax_settings,
    test_clocks,
    webhook_endpoints,
)

OPERATIONS: Sequence[Operation] = (
    *events.OPERATIONS,
    *products.OPERATIONS,
    *prices.OPERATIONS,
    *customers.OPERATIONS,
    *searches.OPERATIONS,
    *tax_ids.OPERATIONS,
    *test_clocks.OPERATIONS,
    *payment_methods.OPERATIONS,
    *checkout_sessions.OPERATIONS,
    *payments.OPERATIONS,
    *setup_intents.OPERATIONS,
    *setup_attempts.OPERATIONS,
    *charges.OPERATIONS,
    *coupons.OPERATIONS,
    *promotion_codes.OPERATIONS,
    *refunds.OPERATIONS,
    *disputes.OPERATIONS,
    *balance.OPERATIONS,
    *credit_notes.OPERATIONS,
    *billing_portal.OPERATIONS,
    *subscriptions.OPERATIONS,
    *subscription_items.OPERATIONS,
    *subscription_pauses.OPERATIONS,
    *subscription_schedules.OPERATIONS,
    *invoice_previews.OPERATIONS,
    *invoice_drafts.OPERATIONS,
    *invoice_items.OPERATIONS,
    *invoice_lines.OPERATIONS,
    *customer_balances.OPERATIONS,
    *invoices.OPERATIONS,
    *entitlements.OPERATIONS,
    *tax_rates.OPERATIONS,
    *tax_settings.OPERATIONS,
    *tax_registrations.OPERATIONS,
    *meters.OPERATIONS,
    *meter_events.OPERATIONS,
    *webhook_endpoints.OPERATIONS,
)


@dataclass
class Node:
    """A step of a path: named steps come before ids."""

    named: dict[str, "Node"] = field(default_factory=dict)
    any: "Node | None" = None
    methods: dict[str, Operation] = field(default_factory=dict)


@cache
def tree() -> Node:
    root = Node()
    for operation in (*OPERATIONS, *payment_pages.OPERATIONS):
        node = root
        for segment in operation.path.strip("/").split("/"):
            if segment.startswith("{"):
                node.any = node.any or Node()
                node = node.any
            else:
                node = node.named.setdefault(segment, Node())
        node.methods[operation.method] = operation
    return root


def match(method: str, path: str) -> tuple[Operation, list[str]] | None:
    """The operation and the ids in its path."""
    node = tree()
    ids: list[str] = []
    for segment in path.strip("/").split("/"):
        if segment in node.named:
            node = node.named[segment]
        elif node.any is not None and segment:
            node, ids = node.any, [*ids, segment]
        else:
            return None
    operation = node.methods.get(method)
    return (operation, ids) if operation else None
