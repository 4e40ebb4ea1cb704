"""The watch over every house sees what it is for (S17, S59)."""

import pytest
import structlog

from tests.accounts.house import PASSWORD, House, code_in, link_in

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

log = structlog.get_logger("tests.secrecy")


@ON_SQLITE
async def test_s17_s59_a_secret_that_lies_about_is_found(house: House) -> None:
    """S17, S59: a cookie in the log, a code in a table, a password or a link anywhere."""
    ada = await house.person()
    mail = await house.newest_mail("ada@example.com")
    secrets = {ada.cookies["session"], PASSWORD, link_in(mail).removeprefix("/verify/")}
    code = code_in(mail)
    await house.keeps_its_secrets()

    lines = "\n".join(house.secrecy.lines)
    clean = house.secrecy.found_in(lines)
    with_all = house.secrecy.found_in(" ".join([lines, *secrets, code, f"9{code}9"]))

    assert '"path": "/sign-up"' in lines
    assert (clean, with_all) == (set(), {*secrets, code})


@ON_SQLITE
async def test_s59_the_log_is_listened_to_as_it_is_written(house: House) -> None:
    """S59: what a name gives away is hidden, and what it does not is found by its value."""
    ada = await house.person()
    cookie = ada.cookies["session"]

    log.info("harmless", session_token=cookie)
    await house.keeps_its_secrets()
    log.info("careless", said=f"welcome back, {cookie}")
    with pytest.raises(AssertionError):
        await house.keeps_its_secrets()

    assert '"session_token": "[hidden]"' in house.secrecy.lines[-2]
    house.secrecy.lines.clear()


async def test_s17_a_table_is_read_as_whoever_steals_it_would(house: House) -> None:
    ada = await house.person()
    cookie = ada.cookies["session"]

    await house.execute("UPDATE users SET first_name = :cookie", cookie=cookie)
    with pytest.raises(AssertionError):
        await house.keeps_its_secrets()

    await house.execute("UPDATE users SET first_name = 'Ada'")
