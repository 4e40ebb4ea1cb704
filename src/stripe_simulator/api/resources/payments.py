"""Payment intents: made by checkout and invoices, or here; confirmed, captured, canceled."""

from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources.intent_fields import CONFIRM, INTENT, NEW_INTENT
from stripe_simulator.billing import captures, challenges, methods, payments, renewals
from stripe_simulator.billing.invoices import NO_CARD
from stripe_simulator.errors import StripeError, invalid, missing_parameter
from stripe_simulator.objects import customer as shapes
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction, public

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
PLAIN = (
    "capture_method",
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
)
REASONS = p.choice("abandoned", "duplicate", "fraudulent", "requested_by_customer")


def create(tx: Transaction, params: Json) -> Json:
    customer = params.get("customer")
    if customer:
        tx.need("customer", customer, param="customer")
    intent = payments.create_intent(
        tx,
        amount=params["amount"],
        currency=params["currency"].lower(),
        customer=customer,
        description=params.get("description"),
        metadata=p.new_metadata(params.get("metadata", {})),
        setup_future_usage=params.get("setup_future_usage"),
        **settings(params),
    )
    choose(tx, intent, params)
    return confirmed(tx, intent, params) if params.get("confirm") else intent


def settings(params: Json) -> dict[str, Any]:
    found: dict[str, Any] = {name: params[name] for name in PLAIN if name in params}
    found.pop("description", None)
    found.pop("setup_future_usage", None)
    automatic = params.get("automatic_payment_methods")
    if automatic:
        found["automatic_payment_methods"] = {"allow_redirects": "always"} | automatic
    if "shipping" in params:
        found["shipping"] = shapes.shipping(params["shipping"])
    for name in ("allowed_payment_method_types", "excluded_payment_method_types"):
        if params.get(name):
            found[name] = params[name]
    return found


def choose(tx: Transaction, intent: Json, params: Json) -> None:
    """A card without a confirmation: it waits for that."""
    if not params.get("payment_method"):
        return
    method = methods.named(tx, params["payment_method"], param="payment_method")
    if method["customer"] and method["customer"] != intent["customer"]:
        raise invalid(
            f"The provided PaymentMethod {method['id']} belongs to a customer. Please include the"
            " Customer in the `customer` parameter on the PaymentIntent.",
            param="payment_method",
        )
    intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    tx.save(intent)


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("payment_intent", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    intent = tx.need("payment_intent", id_)
    money = {"amount", "currency", "customer", "payment_method", "capture_method"} & set(params)
    if money and intent["status"] not in CONFIRMABLE:
        raise captures.unexpected(intent, "update")
    if "metadata" in params:
        params["metadata"] = p.merged_metadata(intent["metadata"], params["metadata"])
    if params.get("customer"):
        tx.need("customer", params["customer"], param="customer")
    direct = ("amount", "currency", "customer", "metadata", *PLAIN)
    intent |= {name: params[name] for name in direct if name in params}
    if "shipping" in params:
        intent["shipping"] = shapes.shipping(params["shipping"])
    choose(tx, intent, params)
    return tx.save(intent)


def confirm(tx: Transaction, params: Json, id_: str) -> Json:
    """Pays now. An invoice's intent pays the invoice, and its subscription follows."""
    return confirmed(tx, tx.need("payment_intent", id_), params)


def confirmed(tx: Transaction, intent: Json, params: Json) -> Json:
    if intent["status"] not in CONFIRMABLE:
        raise captures.unexpected(intent, "confirm")
    for name in ("capture_method", "receipt_email", "setup_future_usage"):
        if name in params:
            intent[name] = params[name]
    chosen = params.get("payment_method") or intent["payment_method"]
    if chosen is None:
        raise missing_parameter("payment_method")
    method = methods.named(tx, chosen, param="payment_method")
    links = tx.find("invoice_payment", payment_intent=intent["id"])
    if links:
        return confirm_invoice(tx, intent, method, tx.need("invoice", links[0]["invoice"]))
    return pay(tx, intent, method, params)


def pay(tx: Transaction, intent: Json, method: Json, params: Json) -> Json:
    """Without the holder (`off_session`) a card that asks for him is declined."""
    away = params.get("off_session", False)
    answer = payments.verdict(
        tx,
        customer=intent["customer"],
        number=method["_number"],
        on_session=not away,
        set_up=method.get("_set_up", False),
    )
    if answer.challenge and not away:
        if params.get("error_on_requires_action"):
            raise needs_holder(intent)
        challenges.ask(tx, intent, method, return_url=params.get("return_url"))
        return intent
    payments.confirm(tx, intent, method, answer)
    if answer.decline:
        raise payments.card_error(answer.decline, payment_intent=public(intent))
    keep(tx, intent, method)
    return intent


def needs_holder(intent: Json) -> StripeError:
    return StripeError(
        402,
        "This payment required an authentication action to complete, but"
        " `error_on_requires_action` was set.",
        type="card_error",
        code="authentication_required",
        extra={"payment_intent": public(intent)},
    )


def keep(tx: Transaction, intent: Json, method: Json) -> None:
    """A card that is to be used again stays with the customer."""
    if intent["customer"] and intent["setup_future_usage"] and not method["customer"]:
        methods.attach(tx, method, tx.need("customer", intent["customer"]))


def confirm_invoice(tx: Transaction, intent: Json, method: Json, invoice: Json) -> Json:
    customer = tx.need("customer", invoice["customer"])
    if not method["customer"]:
        methods.attach(tx, method, customer)
    result = renewals.attempt(tx, invoice, method=method, retry=False, on_session=True)
    if result.challenge:
        return intent
    if result.decline:
        raise payments.card_error(result.decline or NO_CARD, payment_intent=public(intent))
    subscription = renewals.subscription_of(tx, invoice)
    if subscription and subscription["default_payment_method"] is None:
        subscription["default_payment_method"] = method["id"]
        tx.save(subscription, "customer.subscription.updated")
    return intent


def capture(tx: Transaction, params: Json, id_: str) -> Json:
    intent = tx.need("payment_intent", id_)
    if "metadata" in params:
        intent["metadata"] = p.merged_metadata(intent["metadata"], params["metadata"])
    return captures.capture(tx, intent, amount=params.get("amount_to_capture"))


def cancel(tx: Transaction, params: Json, id_: str) -> Json:
    intent = tx.need("payment_intent", id_)
    if tx.find("invoice_payment", payment_intent=id_):
        raise invalid(
            "You cannot cancel this PaymentIntent because it belongs to an invoice. Void the"
            " invoice instead.",
            code="payment_intent_unexpected_state",
        )
    return captures.cancel(tx, intent, reason=params.get("cancellation_reason"))


def search(tx: Transaction, params: Json) -> Json:
    where = {"customer": params.get("customer")}
    return page(tx, "payment_intent", params, url="/v1/payment_intents", where=where)


OPERATIONS = (
    post("/v1/payment_intents", create, NEW_INTENT, "amount", "currency"),
    listing("/v1/payment_intents", search, **p.CREATED, customer=p.text),
    get("/v1/payment_intents/{id}", retrieve),
    post("/v1/payment_intents/{id}", update, INTENT),
    post("/v1/payment_intents/{id}/confirm", confirm, CONFIRM),
    post(
        "/v1/payment_intents/{id}/capture",
        capture,
        {
            "amount_to_capture": p.between(1, p.MOST_AMOUNT),
            "metadata": p.metadata,
            **names(p.unsupported, "application_fee_amount", "final_capture", "transfer_data"),
            **names(p.unsupported, "statement_descriptor", "statement_descriptor_suffix"),
        },
    ),
    post("/v1/payment_intents/{id}/cancel", cancel, {"cancellation_reason": REASONS}),
)
