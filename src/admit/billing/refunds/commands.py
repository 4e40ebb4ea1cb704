"""`admit billing …`: money, from the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from admit.billing.terminal import WithBilling, answered, refuse

if TYPE_CHECKING:
    from admit.billing.context import Billing
    from admit.billing.invoices.models import Invoice
    from admit.billing.refunds.models import RefundOrder


def billing_commands(with_billing: WithBilling) -> typer.Typer:
    commands = typer.Typer(help="Invoices, and money that goes back.", no_args_is_help=True)

    @commands.callback()
    def about() -> None:
        """Keeps the name of the only command."""

    @commands.command()
    def refund(
        invoice: Annotated[str, typer.Argument(help="Stripe's id of the invoice: in_…")],
        *,
        amount: Annotated[
            str, typer.Option(help="Such as 5.00; without it all that is left.")
        ] = "",
        reason: Annotated[str, typer.Option(prompt="Why", help="For others of staff.")],
    ) -> None:
        """Give back what was paid for an invoice, all of it or a part."""

        async def give_back(billing: "Billing") -> "Sequence[RefundOrder]":
            from admit.billing.refunds.ordering import Ask, refund_invoice
            from admit.core.ids import new_id

            wanted = minor_units_of(amount, await invoice_of(billing, invoice))
            ask = Ask(invoice_id=invoice, amount=wanted, reason=reason, id=new_id("ask"), by=None)
            return await refund_invoice(billing, ask)

        for order in answered(with_billing, give_back):
            typer.echo(f"{order.amount} of {order.charge_id} goes back: {order.refund_id}")

    return commands


async def invoice_of(billing: "Billing", invoice_id: str) -> "Invoice":
    from admit.billing.invoices.errors import UnknownInvoice
    from admit.billing.invoices.models import Invoice

    async with billing.database.read() as db:
        row = await db.get(Invoice, invoice_id)
    if row is None:
        raise UnknownInvoice
    return row


def minor_units_of(amount: str, invoice: "Invoice") -> int | None:
    """None: nothing was typed."""
    from admit.core.money import minor_units

    if not amount:
        return None
    wanted = minor_units(amount, invoice.currency)
    if wanted is None:
        refuse(f"{amount} is no amount of {invoice.currency.upper()}: write it as 5.00.")
    return wanted
