"""A provider's keys are remembered, and asked for again when they have changed."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from admit.accounts.oauth.errors import IdTokenRefused
from admit.accounts.oauth.openid import OpenIdProvider
from admit.accounts.oauth.provider import Attempt
from admit.core.clock import Clock
from tests.accounts.oauth.travel import allow, asked_for
from tests.engines.provider import CLIENT_ID, CLIENT_SECRET, StandIn, running_provider


class Stopwatch(Clock):
    seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with running_provider() as stand_in:
        yield stand_in


async def comes(google: OpenIdProvider) -> str:
    attempt = Attempt("state", "nonce", "v" * 64, "http://127.0.0.1:8000/callback")
    back = await allow(await google.authorization_url(attempt))
    return (await google.profile_for(asked_for(back)["code"], attempt)).subject


async def test_s44_new_keys_are_learnt_and_bad_tokens_do_not_make_us_ask_all_the_time(
    stand_in: StandIn,
) -> None:
    """S44: a token of a key that we do not know is asked about once a minute at most."""
    clock = Stopwatch()
    google = OpenIdProvider(
        name="google",
        label="Google",
        issuer=f"{stand_in.url}/google",
        client_id=CLIENT_ID,
        client_secret=SecretStr(CLIENT_SECRET),
        clock=clock,
    )

    first = [await comes(google), await comes(google)]
    asked_at_first = stand_in.key_requests
    stand_in.takes_a_new_key()
    with pytest.raises(IdTokenRefused):
        await comes(google)
    asked_too_soon = stand_in.key_requests
    clock.seconds += 60
    later = await comes(google)

    assert (first, later) == (["4711", "4711"], "4711")
    assert (asked_at_first, asked_too_soon, stand_in.key_requests) == (1, 1, 2)
