"""Who is calling. A simulator takes any test key, or the one that it was started with."""

import base64
import binascii

from stripe_simulator.errors import StripeError

DEFAULT_KEY = "sk_test_simulator"


def check_key(authorization: str | None, *, only: str | None) -> str:
    """The key, from `Bearer` or from the user name of `Basic`. Errors: 401."""
    key = key_of(authorization)
    if not key:
        raise StripeError(
            401,
            "You did not provide an API key. You need to provide your API key in the Authorization"
            " header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        )
    if not key.startswith(("sk_test_", "rk_test_")) or (only and key != only):
        raise StripeError(401, f"Invalid API Key provided: {masked(key)}")
    return key


def key_of(authorization: str | None) -> str | None:
    scheme, _, value = (authorization or "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(value).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return None


def masked(key: str) -> str:
    return key[:8] + "*" * max(len(key) - 12, 0) + key[-4:]
