"""Whether an ID token is for us, from whom we asked, and for this very attempt.

OpenID Connect Core 1.0, section 3.1.3.7.
"""

import hmac
import math
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from admit.accounts.oauth.errors import IdTokenRefused
from admit.accounts.oauth.provider import told
from admit.core.clock import to_seconds

ALGORITHMS = ("RS256", "ES256")
"""Of public keys only: with HS256 the client secret would sign, with `none` anybody."""
SKEW = timedelta(minutes=1)
LONGEST_SUBJECT = 255


def trusted_claims(
    token: str,
    keys: KeySet,
    *,
    issuers: Collection[str],
    client_id: str,
    nonce: str,
    now: datetime,
) -> Mapping[str, Any]:
    """Raises `IdTokenRefused`."""
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise IdTokenRefused("signature") from wrong
    problem = (
        _problem_of_parties(claims, issuers=issuers, client_id=client_id)
        or _problem_of_times(claims, now=now)
        or _problem_of_person(claims, nonce=nonce)
    )
    if problem:
        raise IdTokenRefused(problem)
    return claims


def _problem_of_parties(
    claims: Mapping[str, Any], *, issuers: Collection[str], client_id: str
) -> str | None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") not in issuers:
        return "iss"
    if client_id not in audiences:
        return "aud"
    if len(audiences) > 1 and "azp" not in claims:
        return "azp"
    return None if claims.get("azp", client_id) == client_id else "azp"


def _problem_of_times(claims: Mapping[str, Any], *, now: datetime) -> str | None:
    expires, issued = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    if expires is None or to_seconds(now - SKEW) >= expires:
        return "exp"
    return None if issued is not None and issued <= to_seconds(now + SKEW) else "iat"


def _problem_of_person(claims: Mapping[str, Any], *, nonce: str) -> str | None:
    given, subject = claims.get("nonce"), claims.get("sub")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        return "nonce"
    if not told(subject, longest=LONGEST_SUBJECT):
        return "sub"
    return None


def _seconds(value: object) -> float | None:
    """A NumericDate of RFC 7519; Python's JSON would take NaN and Infinity for one, too."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value if math.isfinite(value) else None
