"""Everything of access beside the question itself: pages, and the API of staff."""

from fastapi import APIRouter

from admit.access.explaining.account_routes import router as own_access
from admit.access.gate_routes import router as gate
from admit.access.granting.api_routes import router as staff_api
from admit.access.granting.staff_routes import router as staff
from admit.access.tokens.routes import router as tokens

router = APIRouter()
for part in (gate, own_access, staff, staff_api, tokens):
    router.include_router(part)
