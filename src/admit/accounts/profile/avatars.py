"""Pictures of people: their own upload, else their provider's, else their initials."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.profile.drawing import PictureRefused, draw_anew
from admit.accounts.profile.repository import UPLOAD, Pictures
from admit.core.crypto import new_token
from admit.core.db import Database


async def keep_upload(
    db: AsyncSession, user_id: str, content: bytes, *, caller: Caller, now: datetime
) -> None:
    """`content` was drawn by us (`drawing.draw_anew`)."""
    await Pictures(db).put(user_id, UPLOAD, name=new_token(), content=content, now=now)
    _note(db, user_id, "uploaded", caller=caller, now=now)


async def remove_upload(db: AsyncSession, user_id: str, *, caller: Caller, now: datetime) -> None:
    if await Pictures(db).remove(user_id, UPLOAD):
        _note(db, user_id, "removed", caller=caller, now=now)


async def keep_picture_of_provider(
    database: Database, *, user_id: str, provider: str, raw: bytes, now: datetime
) -> bool:
    """Shown while the person has uploaded none. `raw` is what the provider's address answered.

    False when it is no picture that we can draw. Opens its own transaction: call it in none.
    """
    try:
        content = await draw_anew(raw)
    except PictureRefused:
        return False
    async with database.write() as db:
        await Pictures(db).put(user_id, provider, name=new_token(), content=content, now=now)
    return True


async def forget_picture_of_provider(db: AsyncSession, *, user_id: str, provider: str) -> None:
    await Pictures(db).remove(user_id, provider)


async def picture_named(db: AsyncSession, name: str) -> bytes | None:
    """WebP."""
    picture = await Pictures(db).by_name(name)
    return picture.content if picture else None


def address_of(name: str) -> str:
    return f"/pictures/{name}"


def _note(db: AsyncSession, user_id: str, detail: str, *, caller: Caller, now: datetime) -> None:
    what, method = Outcome.picture_changed, Method.session
    note(db, what, user_id=user_id, method=method, caller=caller, now=now, detail=detail)
