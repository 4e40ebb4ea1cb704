from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page, page_of
from stripe_simulator.billing import collection, final_taxes, invoices, methods, renewals
from stripe_simulator.billing.payments import card_error
from stripe_simulator.errors import StripeError, invalid
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

PAY = {
    **names(p.boolean, "off_session", "paid_out_of_band"),
    **names(p.unsupported, "forgive", "mandate", "source"),
    "payment_method": p.text,
}
STATUSES = p.choice("draft", "open", "paid", "uncollectible", "void")


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("invoice", id_)


def search(tx: Transaction, params: Json) -> Json:
    where = {
        name: params.get(name)
        for name in ("subscription", "customer", "status", "collection_method")
    }
    return page(tx, "invoice", params, url="/v1/invoices", where=where)


def lines(tx: Transaction, params: Json, id_: str) -> Json:
    invoice = tx.need("invoice", id_)
    return page_of(invoice["lines"]["data"], params, url=f"/v1/invoices/{id_}/lines")


def finalize(tx: Transaction, params: Json, id_: str) -> Json:
    invoice = tx.need("invoice", id_)
    if invoice["status"] != "draft":
        raise invalid(
            "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
            code="invoice_not_editable",
        )
    if "auto_advance" in params:
        invoice["auto_advance"] = params["auto_advance"]
    final_taxes.check(tx, invoice)
    invoices.finalize(tx, invoice)
    collection.follow(tx, invoice)
    return invoice


def pay(tx: Transaction, params: Json, id_: str) -> Json:
    """One attempt, now. Errors: 402 when the card is declined (the failed charge stays)."""
    invoice = tx.need("invoice", id_)
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid")
    if invoice["status"] in ("void", "uncollectible"):
        raise invalid(f"The invoice is {invoice['status']} and cannot be paid.")
    method = chosen_method(tx, params, invoice)
    if invoice["status"] == "draft":
        final_taxes.check(tx, invoice)
        invoices.finalize(tx, invoice)
    if params.get("paid_out_of_band"):
        return pay_elsewhere(tx, invoice)
    result = renewals.attempt(tx, invoice, method=method, retry=False)
    if result.challenge:
        raise needs_holder()
    if result.decline:
        raise card_error(result.decline)
    return invoice


def needs_holder() -> StripeError:
    return StripeError(
        402,
        "This payment requires additional user action before it can be completed successfully."
        " Payment can be completed using the PaymentIntent associated with the invoice.",
        type="card_error",
        code="invoice_payment_intent_requires_action",
        keeps_changes=True,
    )


def chosen_method(tx: Transaction, params: Json, invoice: Json) -> Json | None:
    if not params.get("payment_method"):
        return None
    method = methods.named(tx, params["payment_method"], param="payment_method")
    if method["customer"] is None:
        methods.attach(tx, method, tx.need("customer", invoice["customer"]))
    if method["customer"] != invoice["customer"]:
        raise invalid("The payment method belongs to another customer.", param="payment_method")
    return method


def pay_elsewhere(tx: Transaction, invoice: Json) -> Json:
    """Paid by other means: the waiting payment is canceled, no charge is made."""
    for payment in tx.find("invoice_payment", invoice=invoice["id"], status="open"):
        invoices.cancel_payment(tx, payment)
    invoices.mark_paid(tx, invoice)
    customer = tx.need("customer", invoice["customer"])
    renewals.paid(tx, renewals.subscription_of(tx, invoice), customer, invoice)
    return invoice


def void(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    invoice = tx.need("invoice", id_)
    if invoice["status"] != "open":
        raise invalid(
            f"You can only pass in open invoices. This invoice isn't open: {invoice['status']}."
        )
    invoices.void(tx, invoice)
    return invoice


def retrieve_payment(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("invoice_payment", id_)


def list_payments(tx: Transaction, params: Json) -> Json:
    payment = params.get("payment", {})
    where = {
        "invoice": params.get("invoice"),
        "status": params.get("status"),
        "payment_intent": payment.get("payment_intent"),
    }
    return page(tx, "invoice_payment", params, url="/v1/invoice_payments", where=where)


OPERATIONS = (
    listing(
        "/v1/invoices",
        search,
        **p.CREATED,
        **names(p.text, "customer", "subscription"),
        **names(p.unsupported, "customer_account", "due_date"),
        collection_method=p.choice("charge_automatically", "send_invoice"),
        status=STATUSES,
    ),
    get("/v1/invoices/{id}", retrieve),
    post("/v1/invoices/{id}/finalize", finalize, {"auto_advance": p.boolean}),
    post("/v1/invoices/{id}/pay", pay, PAY),
    post("/v1/invoices/{id}/void", void),
    listing("/v1/invoices/{id}/lines", lines),
    listing(
        "/v1/invoice_payments",
        list_payments,
        **p.CREATED,
        invoice=p.text,
        payment=p.hash_of(
            {"type": p.choice("payment_intent", "payment_record"), "payment_intent": p.text},
            required=("type",),
        ),
        status=p.choice("canceled", "open", "paid"),
    ),
    get("/v1/invoice_payments/{id}", retrieve_payment),
)
