"""Codes of authenticator apps (RFC 6238: SHA-1, thirty seconds, six digits, as apps expect)."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
"""The length of the hash, as RFC 4226 (section 4, R6) asks."""
LEEWAY = 1
"""Steps before and after now: clocks of phones differ (SECURITY.md S15)."""


def new_secret() -> str:
    """Base 32, as people type it and as QR codes carry it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_of(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The step whose code this is; every candidate is compared, so that time tells nothing."""
    steps = range(step_of(now) - LEEWAY, step_of(now) + LEEWAY + 1)
    fitting = [step for step in steps if hmac.compare_digest(code_of(secret, step), code)]
    return max(fitting, default=None)


def address_of(secret: str, *, site_name: str, email: str) -> str:
    """`otpauth://totp/…`, which apps read from a QR code (Google Authenticator, Key Uri Format)."""
    label = f"{quote(site_name, safe='')}:{quote(email, safe='')}"
    fields = {"secret": secret, "issuer": site_name, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{label}?{urlencode(fields, quote_via=quote)}"


def in_groups(secret: str) -> str:
    """Four characters at a time, for whoever types it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
