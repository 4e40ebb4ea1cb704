"""An ID token that is not right in every part lets nobody in, with everything else right."""

from datetime import UTC, datetime

import pytest
from joserfc import jwk, jwt
from joserfc.jwk import KeySet

from admit.accounts.oauth.errors import IdTokenRefused
from admit.accounts.oauth.id_token import trusted_claims
from tests.engines.provider import REMOVED

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SECONDS = 1_777_896_000
ISSUER, CLIENT, NONCE = "https://accounts.google.com", "admit", "n" * 64
KEY = jwk.ECKey.generate_key("P-256", {"kid": "one"}, private=True)
OTHER_KEY = jwk.ECKey.generate_key("P-256", {"kid": "one"}, private=True)
KEYS = KeySet([KEY, jwk.ECKey.generate_key("P-256", {"kid": "two"}, private=True)])
HONEST: dict[str, object] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "4711",
    "nonce": NONCE,
    "iat": SECONDS,
    "exp": SECONDS + 3600,
}
LIES: list[tuple[str, dict[str, object]]] = [
    ("nonce", {"nonce": "0" * 64}),
    ("nonce", {"nonce": REMOVED}),
    ("nonce", {"nonce": "ü"}),
    ("aud", {"aud": "somebody-else"}),
    ("aud", {"aud": REMOVED}),
    ("aud", {"aud": [["admit"]]}),
    ("iss", {"iss": "https://evil.example"}),
    ("iss", {"iss": "https://accounts.google.com.evil.example"}),
    ("iss", {"iss": REMOVED}),
    ("iss", {"iss": ["https://accounts.google.com"]}),
    ("azp", {"azp": "somebody-else"}),
    ("azp", {"aud": [CLIENT, "somebody-else"]}),
    ("exp", {"exp": SECONDS - 60}),
    ("exp", {"exp": REMOVED}),
    ("exp", {"exp": float("nan")}),
    ("exp", {"exp": float("inf")}),
    ("exp", {"exp": True}),
    ("exp", {"exp": "4102444800"}),
    ("iat", {"iat": SECONDS + 61}),
    ("iat", {"iat": REMOVED}),
    ("sub", {"sub": ""}),
    ("sub", {"sub": 4711}),
    ("sub", {"sub": "4" * 256}),
    ("sub", {"sub": "4711\u0000"}),
]


def signed(claims: dict[str, object], key: jwk.ECKey = KEY, kid: str = "one") -> str:
    told = {name: value for name, value in claims.items() if value is not REMOVED}
    return jwt.encode({"alg": "ES256", "kid": kid}, told, key)


def trusted(token: str) -> str:
    claims = trusted_claims(token, KEYS, issuers=(ISSUER,), client_id=CLIENT, nonce=NONCE, now=NOW)
    return str(claims["sub"])


def test_an_honest_token_is_trusted() -> None:
    assert trusted(signed(HONEST)) == "4711"
    assert trusted(signed({**HONEST, "aud": [CLIENT, "another"], "azp": CLIENT})) == "4711"
    assert trusted(signed({**HONEST, "exp": SECONDS - 59, "iat": SECONDS + 60})) == "4711"


@pytest.mark.parametrize(("reason", "lie"), LIES, ids=[f"{r} {lie}" for r, lie in LIES])
def test_s44_one_wrong_claim_is_enough(reason: str, lie: dict[str, object]) -> None:
    """S44: nonce, aud, iss, azp, exp; OpenID Connect Core 1.0, section 3.1.3.7."""
    with pytest.raises(IdTokenRefused) as refused:
        trusted(signed({**HONEST, **lie}))

    assert refused.value.reason == reason


def test_s44_only_the_providers_own_key_signs() -> None:
    """S44: another key, none, the client secret, a key that it does not have, a broken token."""
    honest = signed(HONEST)
    head, body, signature = honest.split(".")
    secret = jwk.OctKey.import_key("the-client-secret-of-thirty-two-letters")
    tokens = [
        signed(HONEST, OTHER_KEY),
        signed(HONEST, OTHER_KEY, kid="three"),
        signed(HONEST, KEY, kid="two"),
        jwt.encode({"alg": "HS256"}, HONEST, secret, algorithms=["HS256"]),
        f"eyJhbGciOiJub25lIn0.{body}.",
        f"{head}.{body}.",
        f"{head}.{body[:-2]}.{signature}",
        f"{honest}.{signature}.{signature}",
        honest[:-4],
        "a.b.c",
        "",
    ]
    reasons = []

    for token in tokens:
        with pytest.raises(IdTokenRefused) as refused:
            trusted(token)
        reasons.append(refused.value.reason)

    assert reasons == ["signature"] * len(tokens)
