"""Identifiers that sort by age and say what they name: `usr_01jd…`."""

import secrets
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str) -> str:
    """A prefix and a UUIDv7 (RFC 9562, section 5.7) in Crockford's base 32."""
    milliseconds = time.time_ns() // 1_000_000
    number = (
        (milliseconds & (1 << 48) - 1) << 80
        | 7 << 76
        | secrets.randbits(12) << 64
        | 2 << 62
        | secrets.randbits(62)
    )
    return f"{prefix}_{_base32(number)}"


def _base32(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -5, -5))
