"""What programs may ask about money; each slice has its own."""

from fastapi import APIRouter

from admit.billing.invoices import api_routes as invoices
from admit.billing.payments import api_routes as payments

router = APIRouter()
for asked in (invoices, payments):
    router.include_router(asked.router)
