"""What programs may ask about money; each slice has its own."""

from fastapi import APIRouter

from admit.billing.catalog import api_routes as catalog
from admit.billing.invoices import api_routes as invoices
from admit.billing.payments import api_routes as payments

router = APIRouter()
for asked in (catalog, invoices, payments):
    router.include_router(asked.router)
