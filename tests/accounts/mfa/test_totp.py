"""Codes of authenticator apps against pyotp, and that none of them counts twice."""

import base64
from datetime import UTC, datetime, timedelta

import pyotp
from hypothesis import assume, given
from hypothesis import strategies as st

from admit.accounts.mfa import totp
from admit.accounts.mfa.words import ALPHABET, HOW_MANY, LENGTH, as_shown, as_typed, new_codes

SECRETS = st.binary(min_size=20, max_size=20).map(lambda raw: base64.b32encode(raw).decode())
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(secret=SECRETS, moment=MOMENTS)
def test_s15_the_codes_are_those_of_any_app_and_good_for_a_step_around_now(
    secret: str, moment: datetime
) -> None:
    app, step = pyotp.TOTP(secret), totp.step_of(moment)
    shown = {away: app.at(moment + timedelta(seconds=30 * away)) for away in range(-3, 4)}

    near = [totp.matching_step(secret, shown[away], now=moment) for away in (-1, 0, 1)]

    assert totp.code_of(secret, step) == shown[0]
    assert all(found is not None and abs(found - step) <= 1 for found in near)
    for away in (-3, -2, 2, 3):
        if shown[away] not in {shown[-1], shown[0], shown[1]}:
            assert totp.matching_step(secret, shown[away], now=moment) is None


@given(secret=SECRETS, moment=MOMENTS, later=st.integers(min_value=0, max_value=100))
def test_s40_the_step_that_is_remembered_outlives_its_code(
    secret: str, moment: datetime, later: int
) -> None:
    """S40: the row is never forgotten, and as long as the code fits at all it fits that step."""
    app = pyotp.TOTP(secret)
    code, used = app.at(moment), totp.step_of(moment)
    others = (totp.code_of(secret, used + away) for away in range(1, 6))
    assume(code not in others)

    again = totp.matching_step(secret, code, now=moment + timedelta(seconds=later))

    assert again == (used if totp.step_of(moment + timedelta(seconds=later)) <= used + 1 else None)


def test_rfc_6238_names_these_codes() -> None:
    """RFC 6238, appendix B (SHA-1), the last six of its eight digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    vectors = {59: "287082", 1111111109: "081804", 1234567890: "005924", 2000000000: "279037"}

    assert {at: totp.code_of(secret, at // 30) for at in vectors} == vectors


def test_the_address_is_what_apps_read() -> None:
    address = totp.address_of(SECRET, site_name="Ada & Co", email="a+b@example.com")

    read = pyotp.parse_uri(address)

    assert (read.secret, read.issuer, read.name) == (
        SECRET,
        "Ada & Co",
        "a+b@example.com",
    )


def test_s18_secrets_and_recovery_codes_have_the_bits_that_are_asked() -> None:
    """S18: 160 bits for the app; twelve of 31 characters are 59 bits, kept under the pepper."""
    assert len(base64.b32decode(totp.new_secret())) == 20
    assert len(set(new_codes())) == HOW_MANY
    assert len(ALPHABET) ** LENGTH > 2**59
    assert set("".join(new_codes())) <= set(ALPHABET)


def test_a_recovery_code_may_be_typed_as_people_write_it() -> None:
    for typed in ("abcd-efgh-jkmn", "ABCD EFGH JKMN", " abcdefghjkmn\n", wide("abcd-efgh-jkmn")):
        assert as_typed(typed) == "abcdefghjkmn"
    assert as_shown("abcdefghjkmn") == "abcd-efgh-jkmn"


def wide(text: str) -> str:
    """As a Japanese keyboard writes it."""
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in text)
