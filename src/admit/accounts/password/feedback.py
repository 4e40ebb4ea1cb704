"""What somebody is told while they type a new password."""

import unicodedata
from dataclasses import dataclass

from admit.accounts.password.rules import About, fits, problem_with
from admit.accounts.password.strength import guesses

BEYOND_REACH = 14
"""Powers of ten; more than a thief with a rack of machines tries in a lifetime."""


@dataclass(frozen=True)
class Feedback:
    level: int
    """0 nothing typed, 1 too short, 2 refused, 3 good, 4 very good."""
    word: str
    sentence: str


def feedback_on(password: str, *, about: About, shortest: int) -> Feedback:
    if not password:
        return Feedback(0, "", "")
    typed = len(unicodedata.normalize("NFC", password)) if fits(password) else shortest
    if typed < shortest:
        more = shortest - typed
        counted = "1 more character" if more == 1 else f"{more} more characters"
        return Feedback(1, "Too short", f"{counted} to go; another word does it.")
    problem = problem_with(password, about=about, shortest=shortest)
    if problem:
        return Feedback(2, "Not yet", problem)
    if guesses(password, about.words()) < BEYOND_REACH:
        return Feedback(3, "Good", "This will do. One more word makes it very good.")
    return Feedback(4, "Very good", "Nobody guesses this one.")
