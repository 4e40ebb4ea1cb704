"""Another address: confirmed at the new one, told to the old one, undone from there."""

from datetime import datetime, timedelta

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.email.models import EmailChange
from admit.accounts.models import User
from admit.accounts.oauth.models import Identity
from admit.accounts.passkeys.models import Passkey
from admit.core.ids import new_id
from tests.accounts.answers import shown
from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import Browser, House
from tests.accounts.mailed import path_in
from tests.accounts.races.barrier import PARALLEL, at_once
from tests.accounts.settled import settled

PAGE = "/account/email"
CONFIRM, UNDO = "/email/confirm/", "/email/undo/"
NEW_PASSWORD = "otters rowing past the mill"


async def ask(browser: Browser, email: str = "new@example.com") -> str:
    """The path of the link that went to the new address."""
    await browser.post(PAGE, email=email)
    mails = await browser.house.mails(email)
    return path_in(next(mail for mail in mails if mail.kind == "accounts.email_change"), CONFIRM)


async def undo_link(house: House, email: str = "ada@example.com") -> str:
    (mail,) = [each for each in await house.mails(email) if each.kind == "accounts.email_changed"]
    return path_in(mail, UNDO)


async def addresses(house: House) -> list[str]:
    return sorted(user.email for user in await house.rows(User))


async def test_a_person_confirms_the_new_address_and_both_are_told(house: House) -> None:
    """S26: mail to the old and the new address; S22: looking changes nothing."""
    ada = await settled(house)
    link = await ask(ada)
    pending = await ada.get(PAGE)
    before = await house.dump()
    looked = [await browser.get(link) for browser in (ada, house.browser(), ada)]
    untouched = await house.dump()

    confirmed = await ada.post(link)

    assert "new@example.com" in pending.text
    assert [page.status_code for page in looked] == [200] * 3
    assert {page.headers["referrer-policy"] for page in looked} == {"strict-origin"}
    assert before == untouched
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, PAGE)
    assert await addresses(house) == ["new@example.com"]
    old, new = [await house.newest_mail(f"{name}@example.com") for name in ("ada", "new")]
    assert (old.kind, "new@example.com" in old.text) == ("accounts.email_changed", True)
    assert new.subject == "Your e-mail address was changed at Admit"
    assert (await house.browser().sign_in("new@example.com")).status_code == 303
    assert (await house.browser().sign_in("ada@example.com")).status_code == 422


async def test_s14_of_16_clicks_at_once_exactly_one_changes_the_address(house: House) -> None:
    """S14, on both databases; the link is used up."""
    ada = await settled(house)
    link = await ask(ada)

    answers = await at_once(lambda _: ada.post(link))

    assert sorted(answer.status_code for answer in answers) == [303] + [410] * (PARALLEL - 1)
    told = [mail for mail in await house.mails() if mail.kind == "accounts.email_changed"]
    assert len(told) == 1


async def test_s14_of_16_undos_at_once_exactly_one_brings_the_address_back(house: House) -> None:
    ada = await settled(house)
    await ada.post(await ask(ada))
    link = await undo_link(house)

    answers = await at_once(lambda _: house.browser().post(link))

    assert sorted(answer.status_code for answer in answers) == [303] + [410] * (PARALLEL - 1)
    assert await addresses(house) == ["ada@example.com"]


@ON_SQLITE
async def test_the_owner_of_the_old_address_takes_the_account_back(house: House) -> None:
    """S22, S26: an intruder at an open screen changed the address and knows the password."""
    intruder = await settled(house)
    await intruder.post(await ask(intruder, "evil@example.com"))
    await intruder.post(await ask(intruder, "worse@example.com"))
    second_undo = await undo_link(house, "evil@example.com")
    house.clock.move(timedelta(hours=71, minutes=59))
    ada, link = house.browser(), await undo_link(house)

    shown_first = await ada.get(link)
    undone = await ada.post(link)
    chosen = await ada.post(undone.headers["location"], password=NEW_PASSWORD)

    assert (shown_first.status_code, "ada@example.com" in shown_first.text) == (200, True)
    assert undone.headers["location"].startswith("/password/new/")
    assert chosen.headers["location"] == "/sign-in"
    assert await addresses(house) == ["ada@example.com"]
    assert await intruder.whoami() is None
    assert (await intruder.sign_in()).status_code == 422
    assert (await intruder.post(second_undo)).status_code == 410
    assert (await ada.sign_in(password=NEW_PASSWORD)).status_code == 303
    told = await house.newest_mail("worse@example.com")
    assert told.subject == "The change of your e-mail address was undone at Admit"


@ON_SQLITE
async def test_an_intruder_who_undoes_their_own_change_leaves_the_owner_theirs(
    house: House,
) -> None:
    """S46: only what came after a change is over with its undoing, never what came before."""
    intruder = await settled(house)
    await intruder.post(await ask(intruder, "evil@example.com"))
    house.clock.move(timedelta(seconds=1))
    await intruder.post(await ask(intruder, "worse@example.com"))
    link, own = await undo_link(house), await undo_link(house, "evil@example.com")

    back_to_evil = await intruder.post(own)
    taken_back = await house.browser().post(link)

    assert [back_to_evil.status_code, taken_back.status_code] == [303, 303]
    assert await addresses(house) == ["ada@example.com"]


async def test_an_undo_takes_away_what_the_intruder_left_to_come_back_by(house: House) -> None:
    """A new passkey stays only where nothing else is the second step: S24, no mail alone takes the
    last one away."""
    ada = await settled(house)
    (user,) = await house.rows(User)
    start, passkeys = house.clock.wall(), []
    async with house.database.write() as db:
        db.add(identity(user, "google", start))
        db.add(passkey(user, "own", start))
    house.clock.move(timedelta(hours=25))
    await ada.sign_in()
    for two_factor, own_stays in ((True, True), (False, True), (True, False)):
        async with house.database.write() as db:
            now = house.clock.wall()
            db.add(identity(user, "github", now))
            db.add(passkey(user, "intruder's", now))
        if not own_stays:
            await house.execute("DELETE FROM passkeys WHERE name = 'own'")
        await ada.post(await ask(ada))
        await house.execute(
            "UPDATE users SET two_factor_since = :since", since=start if two_factor else None
        )
        undone = await house.browser().post(await undo_link(house))
        passkeys.append([row.name for row in await house.rows(Passkey)])
        await house.execute("UPDATE users SET two_factor_since = NULL")
        await house.execute("DELETE FROM mails")
        await ada.post(undone.headers["location"], password=NEW_PASSWORD)
        await ada.sign_in(password=NEW_PASSWORD)

    assert [row.provider for row in await house.rows(Identity)] == ["google"]
    assert passkeys == [["own"], ["own"], ["intruder's"]]


def identity(user: User, provider: str, now: datetime) -> Identity:
    return Identity(
        id=new_id("ide"), user_id=user.id, provider=provider, subject="1", created_at=now
    )


def passkey(user: User, name: str, now: datetime) -> Passkey:
    key = name.encode()
    return Passkey(
        id=new_id("pky"),
        user_id=user.id,
        credential_id=name,
        public_key=key,
        sign_count=0,
        name=name,
        transports="",
        is_synced=False,
        created_at=now,
    )


@ON_SQLITE
async def test_s22_both_links_have_an_end(house: House) -> None:
    ada = await settled(house)
    link = await ask(ada)
    house.clock.move(timedelta(hours=24))
    late = await ada.post(link)
    await ada.sign_in()
    await ada.post(await ask(ada))
    undo = await undo_link(house)
    house.clock.move(timedelta(hours=72))

    assert late.status_code == 410
    assert (await house.browser().get(undo)).status_code == 410
    assert (await house.browser().post(undo)).status_code == 410
    assert await addresses(house) == ["new@example.com"]


@ON_SQLITE
async def test_an_address_that_has_an_account_is_answered_like_any_other(house: House) -> None:
    """S10: only its owner learns that somebody tried."""
    ada = await settled(house)
    await settled(house, "bob@example.com")
    await ada.get(PAGE)
    answers, pages = [], []
    for email in ("free@example.com", "BOB@example.com"):
        answers.append(await ada.post(PAGE, email=email))
        pages.append(await ada.get(PAGE))

    assert [shown(answer) for answer in answers] == [shown(answers[0])] * 2
    free, taken = [shown(page)[2].replace("BOB@", "free@") for page in pages]
    assert free == taken
    assert (await house.newest_mail("bob@example.com")).kind == "accounts.email_in_use"
    assert (await house.newest_mail("free@example.com")).kind == "accounts.email_change"


@ON_SQLITE
async def test_s46_nobody_gets_an_address_by_the_click_of_its_owner(house: House) -> None:
    """S46 (trojan identifier): only who asked, signed in, gives the account the address."""
    intruder = await settled(house, "evil@example.com")
    bob = await settled(house, "bob@example.com")
    link = await ask(intruder, "victim@example.com")

    stranger, other = house.browser(), bob
    answers = [await stranger.post(link), await other.post(link)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Sign in first" in answers[0].text
    assert "This link is for another account" in answers[1].text
    assert await addresses(house) == ["bob@example.com", "evil@example.com"]


@ON_SQLITE
async def test_s46_a_change_that_an_intruder_left_waiting_dies(house: House) -> None:
    """S46 (unexpired e-mail change): a newer change, a reset, a stop, and closing all end it."""
    ada = await settled(house)
    first = await ask(ada, "one@example.com")
    second = await ask(ada, "two@example.com")
    assert (await ada.post(first)).status_code == 410
    stopped = await ada.post("/account/email/stop")
    assert stopped.headers["location"] == PAGE
    assert (await ada.post(second)).status_code == 410
    third = await ask(ada, "three@example.com")
    await house.execute("UPDATE users SET email_key = 'else@example.com'")

    assert (await ada.post(third)).status_code == 410
    assert await addresses(house) == ["ada@example.com"]


@ON_SQLITE
async def test_s46_somebody_unconfirmed_changes_no_address(house: House) -> None:
    """S46: whoever signed up with an address that is not theirs cannot begin."""
    squatter = house.browser()
    await squatter.sign_up()
    await squatter.sign_in()

    asked = await squatter.post(PAGE, email="evil@example.com")

    assert asked.headers["location"] == "/verify"
    assert await house.rows(EmailChange) == []


async def test_a_squatter_on_the_new_address_makes_way_and_its_owner_does_not(
    house: House,
) -> None:
    """Whoever showed that the mailbox is theirs keeps or gets the address."""
    ada = await settled(house)
    await house.browser().sign_up("new@example.com")
    free_one = await ask(ada)
    moved = await ada.post(free_one)
    other = await ask(ada, "later@example.com")
    await settled(house, "later@example.com")
    late = await ada.post(other)
    await settled(house, "ada@example.com")
    undone = await house.browser().post(await undo_link(house))

    assert moved.status_code == 303
    assert (late.status_code, "That address is taken" in late.text) == (409, True)
    assert (undone.status_code, "That address is taken" in undone.text) == (409, True)
    assert await addresses(house) == [
        "ada@example.com",
        "later@example.com",
        "new@example.com",
    ]


@ON_SQLITE
async def test_a_person_who_asks_too_often_is_held_back(house: House) -> None:
    ada = await settled(house)

    answers = [await ada.post(PAGE, email=f"new{n}@example.com") for n in range(6)]

    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert answers[5].headers["retry-after"] == "300"


@ON_SQLITE
async def test_what_is_no_new_address_is_refused_and_shown_again(house: House) -> None:
    ada = await settled(house)

    typo = await ada.post(PAGE, email="new@")
    same = await ada.post(PAGE, email="ADA@example.com")

    assert (typo.status_code, same.status_code) == (422, 422)
    assert 'value="new@"' in typo.text
    assert "That is your address already. Enter the new one." in same.text


@ON_SQLITE
async def test_s17_s59_no_token_is_stored_and_each_step_is_one_row(house: House) -> None:
    ada = await settled(house)
    link = await ask(ada)
    await ada.post(link)
    undo = await undo_link(house)
    dumped = await house.dump()
    await house.browser().post(undo)

    assert [token for token in (link[len(CONFIRM) :], undo[len(UNDO) :]) if token in dumped] == []
    rows = [row.what for row in await house.rows(SecurityEvent) if "email" in row.what]
    assert rows == ["email_change_asked", "email_changed", "email_change_undone"]
