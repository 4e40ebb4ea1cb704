"""What follows from facts about people."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.oauth.events import PictureOffered
from admit.accounts.oauth.identities import identity_named
from admit.accounts.oauth.pictures import fetch_picture, gallery_of
from admit.accounts.profile.avatars import keep_picture_of_provider
from admit.core.events import Occurrence
from admit.core.events.worker import Reaction
from admit.core.http.state import Parts

REACTIONS_TO: Mapping[str, tuple[str, ...]] = {
    PictureOffered.name: ("accounts.fetch_picture",),
}


def reactions(parts: Parts) -> Mapping[str, Reaction]:
    return {"accounts.fetch_picture": fetching(parts)}


def fetching(parts: Parts) -> Reaction:
    """Without a picture that can be drawn, the person keeps their initials; nobody tries again."""

    async def fetch(occurrence: Occurrence) -> None:
        async with parts.database.read() as db:
            identity = await identity_named(db, occurrence.data["identity_id"])
        if identity is None or not identity.picture_url:
            return
        gallery = gallery_of(identity.provider, parts.settings)
        raw = await fetch_picture(identity.picture_url, gallery)
        if raw:
            await keep_picture_of_provider(
                parts.database,
                user_id=identity.user_id,
                provider=identity.provider,
                raw=raw,
                now=parts.clock.wall(),
            )

    return Reaction(prepare=fetch, apply=nothing_more)


async def nothing_more(db: AsyncSession, occurrence: Occurrence, prepared: object) -> None:
    """The picture is kept in a transaction of its own: drawing it takes longer than a lock may."""
