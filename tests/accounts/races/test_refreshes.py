"""Many use one refresh token at the same moment."""

import asyncio

import httpx2

from admit.accounts.sessions.models import Session
from admit.accounts.tokens.models import RefreshToken
from admit.accounts.tokens.refresh import GRACE
from tests.accounts.house import House
from tests.accounts.tokens.program import program, signed_in


async def all_at_once(house: House, token: str, *, times: int) -> list[httpx2.Response]:
    start = asyncio.Barrier(times)

    async def refresh() -> httpx2.Response:
        one = program(house)
        await start.wait()
        return await one.refresh(token)

    return list(await asyncio.gather(*(refresh() for _ in range(times))))


async def test_s33_twenty_refreshes_at_once_are_one_rotation_and_no_logout(house: House) -> None:
    """S33: every one of them hears the same successor, which works."""
    await house.person()
    ada = await signed_in(house)

    answers = await all_at_once(house, ada.refresh_token, times=20)

    assert {answer.status_code for answer in answers} == {200}
    successors = {answer.json()["refresh_token"] for answer in answers}
    assert len(successors) == 1
    assert len(await house.rows(RefreshToken)) == 2
    assert (await ada.refresh(successors.pop())).status_code == 200


async def test_s32_sixteen_copies_of_a_used_token_end_the_session_once(house: House) -> None:
    """S32: also while its owner refreshes; whoever comes after the end is refused."""
    await house.person()
    ada, phone = await signed_in(house), await signed_in(house)
    stolen = ada.refresh_token
    await ada.refresh()
    house.clock.move(GRACE)

    answers, own = await asyncio.gather(
        all_at_once(house, stolen, times=16), ada.refresh(ada.refresh_token)
    )

    assert {answer.status_code for answer in answers} == {401}
    assert own.status_code in {200, 401}
    kinds = sorted(session.kind for session in await house.rows(Session))
    assert kinds == ["api", "browser"]
    mails = [mail.subject for mail in await house.mails("ada@example.com")]
    assert mails.count("An app was signed out to keep you safe at Admit") == 1
    assert (await phone.refresh()).status_code == 200


async def test_signing_out_and_refreshing_at_once_ends_signed_out(house: House) -> None:
    await house.person()
    ada = await signed_in(house)

    out, *answers = await asyncio.gather(
        ada.post("sign-out"), *(program(house).refresh(ada.refresh_token) for _ in range(8))
    )

    assert out.status_code == 204
    assert {answer.status_code for answer in answers} <= {200, 401}
    assert await house.rows(RefreshToken) == []
    assert await ada.status() == 401
