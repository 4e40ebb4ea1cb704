from typing import Annotated

from fastapi import Depends, Request

from admit.billing.context import Billing


def billing_of(request: Request) -> Billing:
    billing: Billing = request.app.state.billing
    return billing


AppBilling = Annotated[Billing, Depends(billing_of)]
