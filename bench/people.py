"""People who are there before anything is measured: signed in twice, with a feature to ask for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from admit.access.service import FeatureDefinition, define_features, grant
from admit.accounts.models import User
from admit.accounts.sessions.models import Session, SessionKind
from admit.accounts.tokens.access_tokens import Realm
from admit.accounts.tokens.service import access_token
from admit.core.config import DEVELOPMENT_SECRET_KEY
from admit.core.crypto import Vault, hash_token, new_token
from admit.core.db import Database
from admit.core.ids import new_id


@dataclass(frozen=True)
class Inhabitant:
    user_id: str
    email: str
    cookie: str
    """The token of a browser's session."""
    access_token: str
    """Of a program's session."""


async def move_in(
    folder: Path, count: int, *, origin: str = "", password_hash: str | None = None
) -> list[Inhabitant]:
    """`origin` is the server's own address, which its access tokens name."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'admit.db'}")
    vault, realm, now = Vault(DEVELOPMENT_SECRET_KEY), Realm(origin), datetime.now(UTC)
    inhabitants = []
    async with database.write() as db:
        await define_features(
            db, [FeatureDefinition(key="premium", name="Premium", description="Sold.")]
        )
        for number in range(count):
            user = _person(number, now, password_hash)
            db.add(user)
            await db.flush()
            cookie = new_token()
            program = _session(user, new_token(), now, SessionKind.api)
            db.add_all([_session(user, cookie, now, SessionKind.browser), program])
            await grant(
                db, user_id=user.id, feature="premium", until=None, reason="Bench.", now=now
            )
            token = await access_token(db, vault, program, realm=realm, now=now)
            inhabitants.append(Inhabitant(user.id, user.email, cookie, token))
    await database.close()
    return inhabitants


def _person(number: int, now: datetime, password_hash: str | None) -> User:
    email = f"person-{number}@example.com"
    return User(
        id=new_id("usr"),
        email=email,
        email_key=email,
        first_name="Some",
        last_name="Body",
        password_hash=password_hash,
        verified_at=now,
        created_at=now,
    )


def _session(user: User, token: str, now: datetime, kind: SessionKind) -> Session:
    return Session(
        id=new_id("ses"),
        token_hash=hash_token(token),
        user_id=user.id,
        kind=kind,
        method="password",
        amr="password",
        proved_at=now,
        created_at=now,
        last_seen_at=now,
        idle_ends_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=1),
        ip="127.0.0.1",
        user_agent="bench",
    )
