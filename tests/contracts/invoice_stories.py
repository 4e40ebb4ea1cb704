"""Previews, invoices that somebody writes, and balances. Told with the official SDK."""

from stripe import StripeClient

from tests.contracts.billing_stories import customer_with_card, price
from tests.contracts.stories import DAY, Advance, Catalogue


def preview(api: StripeClient, goods: Catalogue) -> None:
    """Of a change, of the end, of something new."""
    hedy = customer_with_card(api, "hedy")
    begun = api.v1.subscriptions.create({"customer": hedy, "items": [{"price": goods.pro}]})
    item = begun.items.data[0].id
    api.v1.invoices.create_preview({"customer": hedy})
    api.v1.invoices.create_preview(
        {
            "subscription": begun.id,
            "subscription_details": {
                "items": [{"id": item, "price": price(api, goods, 4000)}],
                "proration_behavior": "always_invoice",
            },
        }
    )
    api.v1.invoices.create_preview(
        {"subscription_details": {"items": [{"price": goods.pro, "quantity": 2}]}}
    )
    api.v1.subscriptions.cancel(begun.id)


def write(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    """Drafts with lines of every kind, sent, paid, given up and deleted."""
    jean = customer_with_card(api, "jean")
    item = api.v1.invoice_items.create({"customer": jean, "amount": 700, "currency": "eur"})
    api.v1.invoice_items.update(item.id, {"description": "Set-up", "amount": 800})
    api.v1.invoice_items.retrieve(item.id)
    api.v1.invoice_items.list({"customer": jean, "pending": True})
    draft = api.v1.invoices.create(
        {"customer": jean, "currency": "eur", "pending_invoice_items_behavior": "include"}
    )
    api.v1.invoices.update(str(draft.id), {"description": "Thank you", "auto_advance": False})
    booked = api.v1.invoices.add_lines(
        str(draft.id),
        {"lines": [{"pricing": {"price": goods.book}, "quantity": 2}, {"amount": 100}]},
    )
    first, second, third = (line.id for line in booked.lines.data)
    api.v1.invoices.remove_lines(str(draft.id), {"lines": [{"id": third, "behavior": "delete"}]})
    api.v1.invoices.update_lines(
        str(draft.id), {"lines": [{"id": second, "description": "Two books"}]}
    )
    api.v1.invoices.line_items.update(str(draft.id), first, {"amount": 900})
    api.v1.invoices.send_invoice(str(draft.id))
    api.v1.invoices.pay(str(draft.id))
    gone = api.v1.invoices.create({"customer": jean, "currency": "eur"})
    api.v1.invoices.delete(str(gone.id))
    mistake = api.v1.invoice_items.create({"customer": jean, "amount": 5, "currency": "eur"})
    api.v1.invoice_items.delete(mistake.id)
    _lose(api, jean, advance)


def _lose(api: StripeClient, customer: str, advance: Advance) -> None:
    lost = api.v1.invoices.create(
        {
            "customer": customer,
            "currency": "eur",
            "collection_method": "send_invoice",
            "days_until_due": 3,
        }
    )
    api.v1.invoices.add_lines(str(lost.id), {"lines": [{"amount": 1000}]})
    api.v1.invoices.finalize_invoice(str(lost.id))
    advance(4 * DAY)
    api.v1.invoices.mark_uncollectible(str(lost.id))


def credit(api: StripeClient, goods: Catalogue) -> None:
    """A balance that a subscription uses up."""
    mary = customer_with_card(api, "mary")
    balance = api.v1.customers.balance_transactions
    given = balance.create(mary, {"amount": -500, "currency": "eur", "description": "Sorry"})
    balance.update(mary, given.id, {"metadata": {"case": "7"}})
    balance.retrieve(mary, given.id)
    begun = api.v1.subscriptions.create({"customer": mary, "items": [{"price": goods.pro}]})
    balance.list(mary)
    api.v1.subscriptions.cancel(begun.id)


def tell_all(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    preview(api, goods)
    write(api, goods, advance)
    credit(api, goods)
