"""What a name may be: nearly anything, for people have all kinds of names."""

import unicodedata

LONGEST = 80
LONGEST_TYPED = 1000
"""What is longer is too long whatever its spelling, and is not spelled anew: accents without end
take time by the square."""
VISIBLE = {"L", "M", "N", "P", "S"}
"""Kinds of characters that leave a mark (the first letter of their category)."""
FORBIDDEN_CATEGORIES = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
# They turn the rest of a line around, in a mail too.
DIRECTION_MARKS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(typed: str) -> str:
    """One spelling, and single spaces between its parts."""
    if len(typed) > LONGEST_TYPED:
        return typed
    return " ".join(part for part in unicodedata.normalize("NFC", typed).split(" ") if part)


def problem_with(name: str, *, which: str) -> str | None:
    """`which` is "first name" or "last name"; `name` is tidy."""
    if not any(unicodedata.category(c)[0] in VISIBLE for c in name[: LONGEST + 1]):
        return f"Enter your {which}."
    if len(name) > LONGEST:
        return f"Your {which} may have {LONGEST} characters at most."
    if any(unicodedata.category(c) in FORBIDDEN_CATEGORIES or c in DIRECTION_MARKS for c in name):
        return f"Your {which} holds a character that cannot be shown."
    if "://" in name or "www." in name.casefold():
        # It is written into a mail, perhaps to somebody who never asked for one.
        return f"Your {which} may not hold a link."
    return None
