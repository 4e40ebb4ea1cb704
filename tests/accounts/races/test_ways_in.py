"""Whatever lets somebody in once lets in once, however many try at the same moment."""

from collections.abc import AsyncIterator, Iterator

import pytest
from jinja2 import Environment

from admit.accounts.models import User
from admit.accounts.oauth.models import Identity
from admit.accounts.passkeys.models import Passkey
from tests.accounts.house import House, open_house
from tests.accounts.oauth.travel import allow, comes_from, set_out
from tests.accounts.passkeys.authenticator import Authenticator
from tests.accounts.passkeys.steps import PAGE, adds, asked
from tests.accounts.races.barrier import PARALLEL, at_once
from tests.accounts.settled import settled
from tests.engines.provider import StandIn, running_provider


@pytest.fixture(scope="module")
def provider() -> Iterator[StandIn]:
    with running_provider() as stand_in:
        yield stand_in


@pytest.fixture
async def house(
    database_url: str, templates: Environment, provider: StandIn
) -> AsyncIterator[House]:
    async with open_house(database_url, templates, **provider.settings) as opened:
        yield opened


async def test_s14_one_return_from_a_provider_lets_in_once(house: House) -> None:
    """S14, S41: sixteen times the same code and state, in the browser that they are for."""
    ada = house.browser()
    back = await allow(await set_out(ada))

    answers = await at_once(lambda _: ada.get(back))

    assert sorted(each.status_code for each in answers) == [303] + [400] * (PARALLEL - 1)
    assert len(await house.rows(User)) == len(await house.rows(Identity)) == 1


async def test_s14_one_answer_of_a_passkey_lets_in_once(house: House) -> None:
    """S14: a challenge is answered once; to sign in, and when a key is made."""
    ada = await settled(house)
    new = Authenticator().make(await asked(ada, PAGE))
    made = await at_once(lambda _: ada.post(PAGE, credential=new))
    phone = await adds(ada)
    browser = house.browser()
    answer = phone.use(await asked(browser, "/sign-in/passkey"))

    used = await at_once(lambda _: browser.post("/sign-in/passkey", credential=answer))

    once = [303] + [422] * (PARALLEL - 1)
    assert sorted(each.status_code for each in made) == once
    assert sorted(each.status_code for each in used) == once
    assert len(await house.rows(Passkey)) == 2


async def test_s46_one_offer_is_accepted_once_and_one_way_in_is_left(house: House) -> None:
    await settled(house)
    ada = house.browser()
    await comes_from(ada)
    await ada.sign_in()
    path = "/account/security/connections/google"

    joined = await at_once(lambda _: ada.post(f"{path}/accept"))
    await adds(ada)
    await house.execute("UPDATE users SET password_hash = NULL")
    (passkey,) = await house.rows(Passkey)
    ways = [f"{path}/disconnect", f"{PAGE}/{passkey.id}/remove"]
    taken = await at_once(lambda number: ada.post(ways[number % 2]))

    assert sorted(each.status_code for each in joined) == [303] + [404] * (PARALLEL - 1)
    assert sorted({each.status_code for each in taken}) == [303, 404, 409]
    assert [each.status_code for each in taken].count(303) == 1
    assert len(await house.rows(Identity)) + len(await house.rows(Passkey)) == 1
