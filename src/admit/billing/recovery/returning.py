"""What the page after saving a card may say: only of the person's own, and only what is true."""

from contextlib import suppress

from admit.accounts.person import Person
from admit.billing.context import Billing
from admit.billing.gateway import GatewayUnavailable
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.billing.recovery.models import Standing
from admit.billing.recovery.repository import Recoveries


async def standing_of_return(billing: Billing, person: Person, session_id: str) -> Standing | None:
    """Looks at Stripe at once, since nobody waits for a webhook: that the card was saved wakes the
    worker. None for a page that is not the person's.
    """
    async with billing.database.read() as db:
        recovery = await Recoveries(db).of_person(session_id, user_id=person.id)
    if recovery is None:
        return None
    if recovery.done_at is None:
        with suppress(GatewayUnavailable):
            await reconcile(billing, ObjectRef("checkout.session", session_id))
    return Standing(recovery.standing)
