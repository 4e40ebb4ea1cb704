"""People who came before the test begins: the rows that the pages would have left.

The way through the pages is shown once, in `test_journeys.py` and `mfa/test_second_factor.py`;
everywhere else it would only take time.
"""

from datetime import timedelta

import pyotp

from admit.accounts.audit.service import Method
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.mfa import app, recovery
from admit.accounts.mfa.service import turn_on, user_of
from admit.accounts.models import Role, User
from admit.accounts.repository import Users
from admit.accounts.sessions import service as sessions
from admit.accounts.sessions.models import SessionKind
from admit.accounts.sign_in.models import SignInAttempt
from admit.core.crypto import hash_token, new_token
from admit.core.ids import new_id
from tests.accounts.house import PASSWORD, Browser, House

HERE = Caller(ip="127.0.0.1", user_agent="")
LIFETIMES = sessions.Lifetimes(idle=timedelta(days=14), absolute=timedelta(days=30))
HASHES: dict[int, str] = {}
"""Of the one password, by the memory that hashing takes."""


async def settled(house: House, email: str = "ada@example.com") -> Browser:
    """Confirmed, and signed in at this browser by a code."""
    password_hash = await hash_of(house)
    now, user_id, browser = house.clock.wall(), new_id("usr"), house.browser()
    async with house.database.write() as db:
        await Users(db).add(
            {
                "id": user_id,
                "email": email,
                "email_key": email,
                "first_name": "Ada",
                "last_name": "Lovelace",
                "password_hash": password_hash,
                "role": Role.member,
                "is_active": True,
                "verified_at": now,
                "created_at": now,
            }
        )
        entry = await sessions.let_in(
            db,
            await user_of(db, user_id),
            browser=sessions.Browser(HERE),
            methods=(Method.code,),
            lifetimes=LIFETIMES,
            now=now,
        )
    carry(browser, session=entry.session_token, device=entry.device_token)
    return browser


async def with_second_factor(house: House, email: str) -> tuple[pyotp.TOTP, list[str]]:
    """The app of that person, and the recovery codes. The code of this moment is used up."""
    parts, now = house.parts, house.clock.wall()
    letters = Letters(parts.templates, parts.vault, "Admit", parts.settings.public_url)
    async with house.database.write() as db:
        user = await Users(db).by_key(email)
        assert user is not None
        await app.begin(db, parts.vault, user.id, now=now)
        secret = await app.secret_to_scan(db, parts.vault, user.id)
        assert secret is not None
        phone = pyotp.TOTP(secret)
        assert await app.confirm(db, parts.vault, user.id, phone.at(now), now=now)
        codes = await recovery.make_codes(db, parts.vault, user.id, now=now)
        assert await recovery.confirm(db, letters, user, codes[0], caller=HERE, now=now)
        await turn_on(db, letters, user, method=Method.totp, caller=HERE, now=now)
    return phone, list(codes)


async def half_in(house: House, email: str, browser: Browser) -> None:
    """Past the password, as a sign-in leaves it that waits for the second step."""
    token, now = new_token(), house.clock.wall()
    (user_id,) = [user.id for user in await house.rows(User) if user.email == email]
    async with house.database.write() as db:
        db.add(
            SignInAttempt(
                id=new_id("sia"),
                token_hash=hash_token(token),
                user_id=user_id,
                kind=SessionKind.browser,
                method=Method.password,
                created_at=now,
                ends_at=now + timedelta(minutes=15),
            )
        )
    carry(browser, sign_in=token)


def carry(browser: Browser, **cookies: str) -> None:
    for name, value in cookies.items():
        browser.http.cookies.set(name, value, domain="127.0.0.1", path="/")


async def hash_of(house: House) -> str:
    memory = house.parts.settings.password_hash_memory_kib
    if memory not in HASHES:
        HASHES[memory] = await house.passwords.hash(PASSWORD)
    return HASHES[memory]
