from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.profile.models import NewsletterChoice, Picture, Profile
from admit.core.events.service import insert_new

UPLOAD = "upload"
own_first = case((Picture.source == UPLOAD, 0), else_=1)


class Profiles:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of(self, user_id: str) -> Profile | None:
        return await self.db.get(Profile, user_id)

    async def make(self, user_id: str) -> None:
        await self.db.execute(insert_new(self.db, Profile).values(user_id=user_id))

    async def change(self, user_id: str, values: Mapping[str, Any]) -> None:
        await self.db.execute(update(Profile).where(Profile.user_id == user_id).values(**values))

    async def is_taken(self, handle_key: str, *, but_by: str) -> bool:
        taken = select(Profile.user_id).where(
            Profile.handle_key == handle_key, Profile.user_id != but_by
        )
        return await self.db.scalar(taken) is not None

    async def choose_newsletter(self, user_id: str, *, wants: bool) -> bool:
        """True for the one that changed it."""
        changed = (
            update(Profile)
            .where(Profile.user_id == user_id, Profile.newsletter.is_not(wants))
            .values(newsletter=wants)
            .returning(Profile.user_id)
        )
        return await self.db.scalar(changed) is not None

    async def choices_of(self, user_id: str) -> list[NewsletterChoice]:
        """Oldest first."""
        choices = select(NewsletterChoice).where(NewsletterChoice.user_id == user_id)
        return list(await self.db.scalars(choices.order_by(NewsletterChoice.chosen_at)))


class Pictures:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_name(self, name: str) -> Picture | None:
        return await self.db.get(Picture, name)

    async def shown(self, user_id: str) -> tuple[str, str] | None:
        """Name and source of the picture that stands for the person: their own first."""
        picture = select(Picture.name, Picture.source).where(Picture.user_id == user_id)
        row = (await self.db.execute(picture.order_by(own_first).limit(1))).one_or_none()
        return (row[0], row[1]) if row is not None else None

    async def put(
        self, user_id: str, source: str, *, name: str, content: bytes, now: datetime
    ) -> None:
        """In the place of the one from the same source."""
        await self.remove(user_id, source)
        picture = {"name": name, "user_id": user_id, "source": source, "content": content}
        await self.db.execute(insert_new(self.db, Picture).values(**picture, made_at=now))

    async def remove(self, user_id: str, source: str) -> bool:
        removed = delete(Picture).where(Picture.user_id == user_id, Picture.source == source)
        return await self.db.scalar(removed.returning(Picture.name)) is not None
