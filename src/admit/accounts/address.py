"""E-mail addresses: as their owner writes them, and the key that makes them unique."""

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

LONGEST = 320
"""RFC 3696, section 3; reading what is longer takes time by the square."""


@dataclass(frozen=True)
class Address:
    email: str
    key: str


def address(typed: str) -> Address | None:
    """None when it is no address. Whether the mailbox exists only a mail can tell.

    Two spellings are one address when they differ in case, in how an accent is composed, or in
    whether the domain is written in Unicode or as its IDNA ASCII form.
    """
    typed = typed.strip()
    if len(typed) > LONGEST:
        return None
    try:
        found = validate_email(typed, check_deliverability=False, strict=True)
    except (EmailNotValidError, UnicodeError):
        return None
    local = unicodedata.normalize("NFC", found.local_part.casefold())
    return Address(email=found.normalized, key=f"{local}@{found.ascii_domain.lower()}")
