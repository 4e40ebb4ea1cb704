"""Those who ask every route: each kind of person, in a session that is new for each question."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2

from admit.accounts.api_keys.models import ApiKey
from admit.accounts.api_keys.scopes import Scope
from admit.accounts.models import Role, User
from admit.accounts.sessions.models import Session
from admit.core.crypto import hash_token, new_token
from admit.core.ids import new_id
from tests.access.people import add_person
from tests.accounts.route_table import Entry, Guard
from tests.pages.rooms import Rooms

API = "/api/"
LONG_AGO = timedelta(minutes=6)
TYPED = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Asker:
    name: str
    reaches: frozenset[Guard]
    """What is open to them."""
    user: User | None = None
    is_stale: bool = False
    """Proved who they are too long ago."""
    key_scopes: str | None = None
    """Asks with an API key that has these, instead of a session."""

    def is_let_in(self, entry: Entry, path: str) -> bool:
        if self.key_scopes is None:
            return entry.guard in self.reaches
        if entry.guard is Guard.anybody or not path.startswith(API):
            return entry.guard is Guard.anybody
        return entry.by_key is not None and entry.by_key in self.key_scopes.split()


ANYONE = frozenset({Guard.anybody})
NEWCOMER = ANYONE | {Guard.signed_in}
STALE = NEWCOMER | {Guard.confirmed}
MEMBER = STALE | {Guard.proved}
STAFF = MEMBER | {Guard.staff, Guard.staff_proved}
ADMIN = STAFF | {Guard.admin}


async def askers(rooms: Rooms) -> list[Asker]:
    """From the least to the most, then the keys."""
    people = {}
    async with rooms.database.write() as db:
        for name in ("newcomer", "member", "staff", "admin"):
            user = await add_person(db, name, is_verified=name != "newcomer")
            user.email = user.email_key = f"{name}@example.com"
            people[name] = user
        people["staff"].role, people["admin"].role = Role.staff, Role.admin
    member = people["member"]
    return [
        Asker("nobody", ANYONE),
        Asker("newcomer", NEWCOMER, people["newcomer"]),
        Asker("member with an old proof", STALE, member, is_stale=True),
        Asker("member", MEMBER, member),
        Asker("staff", STAFF, people["staff"]),
        Asker("staff with an old proof", STALE | {Guard.staff}, people["staff"], is_stale=True),
        Asker("admin", ADMIN, people["admin"]),
        Asker("key with all scopes", ANYONE, member, key_scopes=" ".join(Scope)),
        Asker("key without any scope", ANYONE, people["admin"], key_scopes=""),
    ]


async def ask(
    rooms: Rooms, asker: Asker, route: str, path: str, *, typed: bytes = b""
) -> httpx2.Response:
    """One question, with little but what the frame wants to see."""
    method = route.partition(" ")[0]
    headers = {"accept": "text/html"} if not path.startswith(API) else {}
    if method != "GET":
        headers["content-type"] = "application/json" if path.startswith(API) else TYPED
    if asker.user is not None:
        headers |= await _shown(rooms, asker, asker.user)
    client = rooms.browsers[0] if rooms.browsers else rooms.browser()
    client.cookies.clear()
    body = b"{}" if headers.get("content-type") == "application/json" else typed
    return await client.request(method, path, headers=headers, content=body)


async def _shown(rooms: Rooms, asker: Asker, user: User) -> dict[str, str]:
    now, token = datetime.now(UTC), new_token()
    async with rooms.database.write() as db:
        if asker.key_scopes is not None:
            db.add(new_key(user, f"adm_{token}", asker.key_scopes, now))
            return {"authorization": f"Bearer adm_{token}"}
        (await db.get_one(User, user.id)).is_active = True
        db.add(new_session(user, token, now=now, is_stale=asker.is_stale))
    return {"cookie": f"session={token}"}


def new_session(user: User, token: str, *, now: datetime, is_stale: bool = False) -> Session:
    return Session(
        id=new_id("ses"),
        token_hash=hash_token(token),
        user_id=user.id,
        method="password",
        amr="password",
        proved_at=now - LONG_AGO if is_stale else now,
        created_at=now,
        last_seen_at=now,
        idle_ends_at=now + timedelta(days=14),
        ends_at=now + timedelta(days=30),
        ip="192.0.2.1",
        user_agent="test",
    )


def new_key(user: User, token: str, scopes: str, now: datetime) -> ApiKey:
    return ApiKey(
        id=new_id("key"),
        user_id=user.id,
        name="Test",
        token_hash=hash_token(token),
        prefix=token[:12],
        scopes=scopes,
        created_at=now,
    )


def refusal(answer: httpx2.Response) -> str | None:
    """How a guard says no, in its own words; None when it let them in."""
    if answer.headers.get("content-type") == "application/problem+json":
        code: str = answer.json()["code"]
        return code if code in GUARDS_SAY else None
    location = answer.headers.get("location", "")
    for said, leads_to in LED_TO.items():
        if answer.status_code == 303 and location.startswith(leads_to):
            return said
    return "forbidden" if answer.status_code == 403 else None


LED_TO = {
    "sign_in_needed": "/sign-in?next=",
    "reauth_required": "/sign-in/again?next=",
    "confirmation_needed": "/verify",
}
GUARDS_SAY = {*LED_TO, "forbidden", "scope_needed", "feature_needed"}
