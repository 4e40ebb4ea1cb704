"""S05: a service of leaked passwords is told five digits, and its silence changes nothing."""

from admit.accounts.password.breaches import Breaches
from tests.accounts.password.leaks import DIGEST, LEAKED, service


async def test_s05_a_leaked_password_is_found_by_five_digits_of_its_hash() -> None:
    others = "0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n"
    with service(f"{others}{DIGEST[5:]}:42\r\n") as leaks:
        found = await Breaches(leaks.url + "/").holds(LEAKED)
        spared = await Breaches(leaks.url).holds("heron under the quiet bridge")

    assert (found, spared) == (True, False)
    assert leaks.asked[0].startswith(f"GET /range/{DIGEST[:5]} HTTP/1.1 ")
    assert "Add-Padding: true" in leaks.asked[0]
    assert [asked for asked in leaks.asked if DIGEST[5:] in asked or LEAKED in asked] == []


async def test_s05_padding_is_not_a_leak() -> None:
    with service(f"{DIGEST[5:]}:0") as leaks:
        assert not await Breaches(leaks.url).holds(LEAKED)


async def test_s05_s60_a_service_that_is_down_leaves_the_decision_to_the_lists() -> None:
    with service("", status=503) as leaks:
        failing = await Breaches(leaks.url).holds(LEAKED)

    gone = await Breaches(leaks.url).holds(LEAKED)

    assert (failing, gone) == (False, False)


async def test_s05_nobody_is_asked_where_nothing_is_configured() -> None:
    assert not await Breaches("").holds(LEAKED)
