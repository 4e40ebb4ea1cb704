"""The pages about money; each slice has its own."""

from fastapi import APIRouter

from admit.billing.changes import routes as changes
from admit.billing.checkout import routes as checkout
from admit.billing.ledger import routes as ledger
from admit.billing.recovery import routes as recovery
from admit.billing.refunds import staff_routes as refunds
from admit.billing.subscriptions import routes as subscriptions

router = APIRouter(include_in_schema=False)
for pages in (checkout, subscriptions, changes, recovery, ledger, refunds):
    router.include_router(pages.router)
