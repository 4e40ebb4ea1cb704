"""Recovery codes as they are shown and as people type them."""

import re
import secrets
import unicodedata

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without the characters that look like another one."""
LENGTH = 12
"""Of 31 characters each: 59 bits, and stored under the pepper."""
HOW_MANY = 10


def new_codes() -> tuple[str, ...]:
    return tuple(_new_code() for _ in range(HOW_MANY))


def as_shown(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def as_typed(typed: str) -> str:
    """`ABCD efgh-jkmn` is `abcdefghjkmn`; what cannot be one comes out as it is."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed[:60])).lower()


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
