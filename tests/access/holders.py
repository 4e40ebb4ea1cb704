"""Programs that ask about access, with an access token or an API key instead of a cookie."""

from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2
from sqlalchemy import select

from admit.accounts.api_keys.models import ApiKey
from admit.accounts.models import User
from admit.accounts.sessions.models import Session, SessionKind
from admit.accounts.tokens.access_tokens import Realm
from admit.accounts.tokens.service import access_token
from admit.core.crypto import hash_token, new_token
from admit.core.ids import new_id
from tests.access.people import add_session
from tests.pages.rooms import Rooms

ALL = "/api/v1/access"
PREMIUM = f"{ALL}/premium"


@dataclass(frozen=True)
class Holder:
    user: User
    session_id: str
    token: str
    client: httpx2.AsyncClient

    async def status(self, token: str | None = None, path: str = PREMIUM) -> int:
        return (await self.ask(token, path)).status_code

    async def ask(self, token: str | None = None, path: str = PREMIUM) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token or self.token}"}
        return await self.client.get(path, headers=headers)


async def holder(rooms: Rooms, name: str = "ada") -> Holder:
    """Somebody with an access token and without any cookie."""
    now = datetime.now(UTC)
    user, _ = await rooms.person(name)
    async with rooms.database.write() as db:
        token_hash = hash_token(await add_session(db, user, now=now))
        session = await db.scalar(select(Session).where(Session.token_hash == token_hash))
        assert session is not None
        session.kind = SessionKind.api
        realm = Realm(rooms.wiring.parts.settings.public_url)
        token = await access_token(db, rooms.wiring.parts.vault, session, realm=realm, now=now)
    return Holder(user, session.id, token, rooms.browser())


async def add_key(rooms: Rooms, user: User, scopes: str, *, ends_at: datetime | None = None) -> str:
    token = f"adm_{new_token()}"
    async with rooms.database.write() as db:
        db.add(
            ApiKey(
                id=new_id("key"),
                user_id=user.id,
                name="Test",
                token_hash=hash_token(token),
                prefix=token[:12],
                scopes=scopes,
                created_at=datetime.now(UTC),
                ends_at=ends_at,
            )
        )
    return token
