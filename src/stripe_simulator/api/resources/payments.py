"""Payment intents and charges: made by checkout and invoices, read and confirmed here."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.billing import methods, payments, renewals
from stripe_simulator.billing.invoices import NO_CARD
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction, public

OPEN = ("requires_payment_method", "requires_confirmation")


def retrieve_intent(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("payment_intent", id_)


def list_intents(tx: Transaction, params: Json) -> Json:
    where = {"customer": params.get("customer")}
    return page(tx, "payment_intent", params, url="/v1/payment_intents", where=where)


def confirm(tx: Transaction, params: Json, id_: str) -> Json:
    """Pays now. An invoice's intent pays the invoice, and its subscription follows."""
    intent = tx.need("payment_intent", id_)
    if intent["status"] not in OPEN:
        raise invalid(
            f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
        )
    chosen = params.get("payment_method") or intent["payment_method"]
    if chosen is None:
        raise missing_parameter("payment_method")
    method = methods.named(tx, chosen, param="payment_method")
    links = tx.find("invoice_payment", payment_intent=id_)
    if links:
        return confirm_invoice(tx, intent, method, tx.need("invoice", links[0]["invoice"]))
    answer = payments.verdict(tx, customer=intent["customer"], number=method["_number"])
    payments.confirm(tx, intent, method, answer)
    if answer.decline:
        raise payments.card_error(answer.decline, payment_intent=public(intent))
    return intent


def confirm_invoice(tx: Transaction, intent: Json, method: Json, invoice: Json) -> Json:
    customer = tx.need("customer", invoice["customer"])
    if not method["customer"]:
        methods.attach(tx, method, customer)
    result = renewals.attempt(tx, invoice, method=method, retry=False)
    if result.decline:
        raise payments.card_error(result.decline or NO_CARD, payment_intent=public(intent))
    subscription = renewals.subscription_of(tx, invoice)
    if subscription and subscription["default_payment_method"] is None:
        subscription["default_payment_method"] = method["id"]
        tx.save(subscription, "customer.subscription.updated")
    return intent


def retrieve_charge(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("charge", id_)


def list_charges(tx: Transaction, params: Json) -> Json:
    where = {name: params.get(name) for name in ("customer", "payment_intent")}
    return page(tx, "charge", params, url="/v1/charges", where=where)


OPERATIONS = (
    listing("/v1/payment_intents", list_intents, **p.CREATED, customer=p.text),
    get("/v1/payment_intents/{id}", retrieve_intent),
    post(
        "/v1/payment_intents/{id}/confirm",
        confirm,
        {**names(p.text, "payment_method", "return_url"), "off_session": p.boolean},
    ),
    listing(
        "/v1/charges", list_charges, **p.CREATED, **names(p.text, "customer", "payment_intent")
    ),
    get("/v1/charges/{id}", retrieve_charge),
)
