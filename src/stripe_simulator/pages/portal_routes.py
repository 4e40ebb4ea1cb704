"""The addresses of the portal, and which feature of its configuration each belongs to."""

from starlette.routing import BaseRoute, Route

from stripe_simulator.pages import portal, portal_forms
from stripe_simulator.pages.portal import Handler, visiting

BASE = "/p/session/{secret}"
ONE = f"{BASE}/subscriptions/{{id}}"
CARD = f"{BASE}/cards/{{id}}"


def see(path: str, handler: Handler, *, feature: str | None = None) -> Route:
    return Route(path, visiting(handler, feature=feature), methods=["GET"])


def do(path: str, handler: Handler, *, feature: str | None = None) -> Route:
    return Route(path, visiting(handler, feature=feature), methods=["POST"])


CARDS = "payment_method_update"
routes: list[BaseRoute] = [
    see(BASE, portal.show),
    see(f"{ONE}/cancel", portal.ask_cancel, feature="subscription_cancel"),
    do(f"{ONE}/cancel", portal_forms.cancel, feature="subscription_cancel"),
    do(f"{ONE}/stay", portal_forms.stay, feature="subscription_cancel"),
    do(f"{ONE}/keep", portal_forms.keep, feature="subscription_cancel"),
    see(f"{ONE}/pause", portal.ask_pause, feature="subscription_pause"),
    do(f"{ONE}/pause", portal_forms.pause, feature="subscription_pause"),
    do(f"{ONE}/resume", portal_forms.go_on, feature="subscription_pause"),
    see(f"{ONE}/update", portal.ask_update, feature="subscription_update"),
    do(f"{ONE}/update", portal_forms.update, feature="subscription_update"),
    see(f"{ONE}/confirm", portal.confirm_update, feature="subscription_update"),
    see(f"{BASE}/cards/add", portal.ask_card, feature=CARDS),
    do(f"{BASE}/cards/add", portal_forms.add_card, feature=CARDS),
    do(f"{BASE}/cards/add/test-card", portal_forms.fill_test_card, feature=CARDS),
    see(f"{BASE}/cards/added", portal_forms.card_added, feature=CARDS),
    do(f"{CARD}/default", portal_forms.make_default, feature=CARDS),
    do(f"{CARD}/remove", portal_forms.remove_card, feature=CARDS),
    see(f"{BASE}/details", portal.ask_details, feature="customer_update"),
    do(f"{BASE}/details", portal_forms.change_details, feature="customer_update"),
    do(f"{BASE}/tax-ids/{{id}}/remove", portal_forms.remove_tax_id, feature="customer_update"),
]
