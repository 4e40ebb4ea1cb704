"""S46: the five attacks of Sudhodanan and Paverd, "Pre-hijacked accounts" (USENIX Security 2022).

Mallory prepares an account for Ada's address; then Ada comes, from a provider.
"""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from admit.accounts.email.models import EmailChange
from admit.accounts.models import User
from admit.accounts.oauth.models import Identity
from admit.accounts.oauth.takeover import tables_of_an_account
from admit.accounts.passkeys.models import Passkey
from tests.accounts.house import PASSWORD, Browser, House, link_in
from tests.accounts.oauth.travel import comes_from, connects, emails
from tests.accounts.settled import settled
from tests.engines.provider import Someone, StandIn

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

MALLORYS = "squatting on a bridge"
ADA = {"email": "ada@example.com", "verified": True, "admin": False}


async def squats(house: House) -> Browser:
    """Signed up with Ada's address, and signed in: its owner has not confirmed it."""
    mallory = house.browser()
    await mallory.sign_up(first_name="Mallory", password=MALLORYS)
    await mallory.sign_in(password=MALLORYS)
    assert (await mallory.whoami() or {})["verified"] is False
    return mallory


async def test_s46_classic_federated_merge_and_unexpired_session(house: House) -> None:
    """Attacks 1 and 2: the password and the session from before are worth nothing afterwards."""
    mallory, ada = await squats(house), house.browser()

    await comes_from(ada)

    assert await ada.whoami() == ADA
    assert await mallory.whoami() is None
    assert (await mallory.sign_in(password=MALLORYS)).status_code == 422
    (user,) = await house.rows(User)
    assert (user.first_name, user.password_hash) == ("Ada", None)
    told = [mail.subject for mail in await house.mails("ada@example.com")]
    assert "Another way to sign in was connected at Admit" in told


async def test_s46_trojan_identifier_and_unexpired_change_of_address(
    house: House, provider: StandIn
) -> None:
    """Attacks 3 and 4: nobody hangs a way in on an account that they have not confirmed, and
    what hangs there all the same is gone when its owner comes."""
    mallory, ada = await squats(house), house.browser()
    before = await house.newest_mail("ada@example.com")
    asked = [
        await mallory.post("/account/security/connections/google"),
        await mallory.post("/account/passkeys/options"),
    ]
    await hang_on(house, "trojan")

    await comes_from(ada)
    provider.someone = Someone(number=666, email="mallory@example.com")
    later = house.browser()
    await comes_from(later)

    assert [each.headers["location"] for each in asked] == ["/verify", "/verify"]
    assert (await mallory.post(link_in(before))).status_code == 410
    assert await ada.whoami() == ADA
    assert (await later.whoami() or {})["email"] == "mallory@example.com"
    assert await left_from_before(house, "ada@example.com") == []


@ON_SQLITE
async def test_s46_non_verifying_provider(house: House, provider: StandIn) -> None:
    """Attack 5: an address that the provider has not confirmed opens, makes and joins nothing."""
    await settled(house)
    mallory, answers = house.browser(), []

    for name in ("google", "github"):
        for confirmed, email in ((False, "ada@"), ("true", "ada@"), (None, "new@"), (1, "new@")):
            provider.someone = Someone(666, f"{email}example.com", email_verified=confirmed)
            answers.append(await comes_from(mallory, name))

    assert [each.status_code for each in answers] == [400] * 8
    assert "has not confirmed an e-mail address of yours" in answers[0].text
    assert await mallory.whoami() is None
    assert (await emails(house), await house.rows(Identity)) == (["ada@example.com"], [])


async def test_s2_51_an_account_with_an_owner_is_joined_only_by_its_owner(house: House) -> None:
    """S2-51, S46: the same confirmed address is no reason to open a password account."""
    owner, ada = await settled(house), house.browser()

    met = await comes_from(ada)
    asked = await ada.get("/sign-in")
    nobody = await ada.whoami()
    await ada.sign_in(password=PASSWORD)
    offered = await ada.get("/account/security/connections")
    joined = await ada.post("/account/security/connections/google/accept")
    later = house.browser()
    await comes_from(later)

    leads_to = "/sign-in?next=%2Faccount%2Fsecurity%2Fconnections"
    assert (met.status_code, met.headers["location"]) == (303, leads_to)
    assert "Sign in to it once, and then connect Google." in asked.text
    assert nobody is None
    assert "You came with Google" in offered.text
    assert joined.headers["location"] == "/account/security/connections"
    assert (await later.whoami(), await owner.whoami()) == (ADA, ADA)


@ON_SQLITE
async def test_s46_an_offer_is_for_the_owner_in_the_browser_that_it_was_made_in(
    house: House,
) -> None:
    await settled(house)
    ada, mallory = house.browser(), await settled(house, "mallory@example.com")
    await comes_from(ada)
    stolen = ada.cookies["identity_offer"]

    mallory.http.cookies.set("identity_offer", stolen, domain="127.0.0.1")
    of_another = await mallory.post("/account/security/connections/google/accept")
    await ada.sign_in()
    wrong_name = await ada.post("/account/security/connections/github/accept")
    spent = await ada.post("/account/security/connections/google/accept")

    assert [each.status_code for each in (of_another, wrong_name, spent)] == [404, 404, 303]
    (identity,) = await house.rows(Identity)
    assert identity.subject == "4711"


@ON_SQLITE
async def test_connecting_what_opens_another_account_is_refused(house: House) -> None:
    await comes_from(house.browser())
    bea = await settled(house, "bea@example.com")

    refused = await connects(bea)

    assert refused.status_code == 409
    assert "That one is taken" in refused.text


async def hang_on(house: House, name: str) -> None:
    """On the one account that there is: all that Mallory could want to keep."""
    (user,), now = await house.rows(User), house.clock.wall()
    later = now + timedelta(days=1)
    async with house.database.write() as db:
        db.add(
            Identity(
                id="idn_trojan", user_id=user.id, provider="google", subject="666", created_at=now
            )
        )
        db.add(
            Passkey(
                id="pky_trojan",
                user_id=user.id,
                credential_id=name,
                public_key=b"key",
                sign_count=0,
                name=name,
                transports="",
                is_synced=False,
                created_at=now,
            )
        )
        db.add(
            EmailChange(
                id="ech_trojan",
                user_id=user.id,
                old_email=user.email,
                old_email_key=user.email_key,
                new_email="mallory@example.com",
                new_email_key="mallory@example.com",
                token_hash=name,
                created_at=now,
                ends_at=later,
            )
        )


async def left_from_before(house: House, email: str) -> list[str]:
    """The tables that hold more of the account than its owner brought."""
    (user,) = [each for each in await house.rows(User) if each.email == email]
    brought = {"sessions": 1, "known_devices": 1, "identities": 1, "profiles": 1}
    async with house.database.read() as db:
        found = {
            table.name: await db.scalar(
                select(func.count()).select_from(table).where(table.c.user_id == user.id)
            )
            for table in tables_of_an_account()
        }
    return [name for name, count in found.items() if count != brought.get(name, 0)]
