"""What a grant rests on that Stripe's own word opened."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.explaining.chain import Link, Question, Wording
from admit.billing.explaining.repository import Evidence

TOLD = ("entitlements.active_entitlement_summary.updated",)


async def explain_entitlement(
    db: AsyncSession, question: Question, wording: Wording
) -> Sequence[Link]:
    customer = question.source_id.rpartition(":")[2]
    words = "Stripe calls it active for you, and no plan of yours includes it."
    links = [Link(kind="entitlement", words=words, ref=customer)]
    event = await Evidence(db, question.at).event(question.source_id, TOLD)
    if event is not None:
        words = f"Stripe told us so on {wording.moment(event.received_at)}."
        links.append(Link(kind="event", words=words, ref=event.id.removeprefix("stripe:")))
    return links
