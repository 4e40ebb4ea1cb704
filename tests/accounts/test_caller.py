"""S57: a client cannot choose the address that it is counted by."""

import pytest

from admit.accounts.caller import Caller, caller


def seen(peer: str | None, *forwarded: str, hops: int = 0) -> str:
    return caller(peer, forwarded=forwarded, hops=hops, user_agent="").ip


def test_s57_without_trusted_proxies_the_header_is_ignored() -> None:
    assert seen("203.0.113.9", "198.51.100.1") == "203.0.113.9"


def test_s57_with_n_trusted_hops_the_nth_from_the_right_counts() -> None:
    written_by_client = "1.1.1.1, 2.2.2.2"

    assert seen("10.0.0.1", f"{written_by_client}, 198.51.100.7", hops=1) == "198.51.100.7"
    assert seen("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.2", hops=2) == "198.51.100.7"
    assert seen("10.0.0.1", "1.1.1.1", "198.51.100.7", hops=1) == "198.51.100.7"


def test_s57_a_header_that_is_too_short_or_no_address_leaves_the_connection() -> None:
    assert seen("203.0.113.9", "198.51.100.7", hops=2) == "203.0.113.9"
    assert seen("203.0.113.9", "somewhere", hops=1) == "203.0.113.9"
    assert seen("203.0.113.9", hops=1) == "203.0.113.9"
    assert seen(None) == "unknown"


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_household_counts_as_one_network(ip: str, network: str) -> None:
    assert Caller(ip=ip, user_agent="").network == network


def test_an_address_is_written_one_way() -> None:
    assert seen("::ffff:203.0.113.9") == "203.0.113.9"
    assert seen("fe80::1%eth0") == "fe80::1"
    assert seen("[2001:DB8::1]") == "2001:db8::1"


def test_s59_a_user_agent_stays_on_its_line_and_is_not_endless() -> None:
    told = caller("203.0.113.9", forwarded=(), hops=0, user_agent="Fox\r\nAdmin\x00" + "x" * 500)

    assert told.user_agent == ("FoxAdmin" + "x" * 500)[:300]
