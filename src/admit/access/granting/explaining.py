"""What a grant of staff rests on: who gave it, and why."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.explaining.chain import Link, Question, Wording
from admit.access.repository import Grants
from admit.accounts.service import find_user

TERMINAL = "an operator, in the terminal"


async def explain_grant(db: AsyncSession, question: Question, wording: Wording) -> Sequence[Link]:
    """The person learns that it was staff; `ref` tells staff who of them."""
    row = await Grants(db).by_id(question.source_id)
    if row is None:
        return []
    by = await find_user(db, row.granted_by) if row.granted_by else None
    words = f"It was opened for you by hand on {wording.day(row.created_at)}"
    words += "." if row.ends_at is None else f", until {wording.day(row.ends_at)}."
    return [
        Link(kind="staff", words=words, ref=by.email if by else TERMINAL),
        Link(kind="reason", words=f"The reason: {row.reason.rstrip('.')}."),
    ]
