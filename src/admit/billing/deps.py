from typing import Annotated

from fastapi import Depends, Request

from admit.accounts.deps import Visitor
from admit.billing.context import Billing
from admit.billing.recovery.repository import Recoveries
from admit.core.http.frame import API, SAFE_METHODS
from admit.core.http.state import parts_of


def billing_of(request: Request) -> Billing:
    billing: Billing = request.app.state.billing
    return billing


async def warn_of_failed_payment(request: Request, person: Visitor) -> None:
    """For routers, after `access.deps.load_visitor`: every page leads to where it is mended."""
    path = request.url.path
    says_it = path == ACCOUNT or path.startswith((BILLING, API))
    if person is None or request.method not in SAFE_METHODS or says_it:
        return
    async with parts_of(request).database.read() as db:
        if await Recoveries(db).in_trouble(person.id):
            request.state.banner = FAILED_PAYMENT


ACCOUNT, BILLING = "/account", "/account/billing"
"""Pages that say it themselves."""
FAILED_PAYMENT = {
    "text": "Your last payment did not go through.",
    "label": "Put it right",
    "url": "/account/billing/fix",
}
AppBilling = Annotated[Billing, Depends(billing_of)]
