"""How many guesses a password withstands.

Judged by zxcvbn (Wheeler, USENIX Security 2016) and the frequency lists that it carries: 30,000
passwords that people were seen to use, 30,000 English words, names, and what films say.
"""

from collections.abc import Iterable

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

JUDGED_CHARACTERS = 32
"""What these withstand the whole withstands at least; judging takes longer by the square."""
ENOUGH = 12
"""Powers of ten. zxcvbn calls 10 its best score; two listed passwords and a year come to 11."""

ONE_SIGN_A_LETTER = str.maketrans("{[<@!|$+", "(((41157")
"""Signs that stand for the same letter. zxcvbn tries each combination of them, so that thirty
characters could keep it busy for seconds; with one sign a letter there are four combinations."""

LISTED = frozenset(FREQUENCY_LISTS["passwords"])


def is_listed(password: str) -> bool:
    """One of those that are tried first, in whatever case."""
    return password.casefold() in LISTED


def guesses(password: str, known: Iterable[str]) -> float:
    """As a power of ten; `known` is what anybody may know of the person."""
    text = password[:JUDGED_CHARACTERS].translate(ONE_SIGN_A_LETTER)
    judged = zxcvbn(text, user_inputs=sorted(known))
    return float(judged["guesses_log10"])


def guesses_needed(shortest: int) -> int:
    """Where short passwords are allowed, less is asked: chance itself has no more to give."""
    return min(ENOUGH, shortest - 2)
