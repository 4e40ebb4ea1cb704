"""What a password must be: long enough, not endless, and not the first thing somebody tries.

NIST SP 800-63B-4: length counts, composition does not. What is common is refused by lists and by
what it is made of: words, runs, rows of keys, repetitions and what is known of the person count as
one choice each, and a password needs a few choices; and it must withstand guessing (`strength`).
"""

import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from admit.accounts.password.strength import guesses, guesses_needed, is_listed
from admit.accounts.password.words import COMMON_WORDS, KEY_ROWS

LONGEST_IN_BYTES = 1024
FEWEST_CHOICES = 6
SHORTEST_PIECE = 3
LOOK_ALIKES = str.maketrans("@4301!$57+8", "aaeoiissttb")
JUDGED_CHARACTERS = 64
KNOWN_CHARACTERS = 320
"""Of each thing that is known of somebody: whoever writes a book into it does not keep us busy."""
YEAR = re.compile(r"(?:19|20)\d\d")
EASY = "This is easy to guess: common words, runs or repetitions. Add words of your own."


@dataclass(frozen=True)
class About:
    """What anybody may know: the product and the person."""

    site_name: str
    email: str = ""
    first_name: str = ""
    last_name: str = ""

    def words(self) -> set[str]:
        local, _, domain = self.email.partition("@")
        given = (self.site_name, self.email, local, domain, self.first_name, self.last_name)
        named = [name[:KNOWN_CHARACTERS] for name in given]
        parts = [part for name in named for part in re.split(r"[\W_]+", name)]
        return {plain(word) for word in (*named, *parts)} - {""}


def fits(password: str) -> bool:
    """Short enough to be hashed at all, and text that UTF-8 can write."""
    try:
        return len(password.encode()) <= LONGEST_IN_BYTES
    except UnicodeEncodeError:
        return False


def problem_with(password: str, *, about: About, shortest: int) -> str | None:
    """The sentence that says why the password is refused; None when it is fine."""
    if not password:
        return "Choose a password."
    if not fits(password):
        return f"This password is too long: {LONGEST_IN_BYTES} bytes are the most."
    if len(unicodedata.normalize("NFC", password)) < shortest:
        return f"Use at least {shortest} characters. A short sentence is easy to remember."
    return _why_guessable(password, about.words(), shortest=shortest)


def _why_guessable(password: str, known: AbstractSet[str], *, shortest: int) -> str | None:
    if plain(password) in known or choices(password, known) <= 1 < choices(password, ()):
        return "Your name, your address and ours are what others try first. Choose another one."
    if choices(password, known) < FEWEST_CHOICES:
        return EASY
    if is_listed(password):
        return "This is one of the best-known passwords, so it is tried first. Choose another one."
    return None if guesses(password, known) >= guesses_needed(shortest) else EASY


def choices(password: str, known: Iterable[str]) -> int:
    """How many choices somebody who guesses has to get right, by the reading that needs fewest."""
    words = COMMON_WORDS | {word for word in known if len(word) >= SHORTEST_PIECE}
    text = plain(password)[:JUDGED_CHARACTERS]
    readings = {text, text.translate(LOOK_ALIKES)}
    return min(pieces(without_repetition(reading), words) for reading in readings)


def plain(text: str) -> str:
    """Case, accents' spelling and the signs between words make nothing harder to guess."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if not c.isspace() and c not in "-_.,;:'\"/|") or folded


def without_repetition(text: str) -> str:
    """`abcabcabcab` is `abc`, said again."""
    for length in range(1, len(text) // 2 + 1):
        if all(text[i] == text[i - length] for i in range(length, len(text))):
            return text[:length]
    return text


def pieces(text: str, words: AbstractSet[str]) -> int:
    """The fewest pieces that make up the text, a piece being one choice (shortest path)."""
    lengths = {len(word) for word in words}
    fewest = [0] + [len(text)] * len(text)
    for start in range(len(text)):
        for end in piece_ends(text, start, words, lengths):
            fewest[end] = min(fewest[end], fewest[start] + 1)
    return fewest[len(text)]


def piece_ends(
    text: str, start: int, words: AbstractSet[str], lengths: AbstractSet[int]
) -> set[int]:
    ends = {start + 1, run_end(text, start), row_end(text, start), echo_end(text, start)}
    ends |= {start + length for length in lengths if text[start : start + length] in words}
    if YEAR.match(text, start):
        ends.add(start + 4)
    return {end for end in ends if start < end <= len(text)}


def run_end(text: str, start: int) -> int:
    """`aaaa`, `abcd`, `4321`: one character and how it goes on."""
    if start + 1 >= len(text):
        return start + 1
    step = ord(text[start + 1]) - ord(text[start])
    end = start + 1
    if abs(step) > 1:
        return end
    while end < len(text) and ord(text[end]) - ord(text[end - 1]) == step:
        end += 1
    return end if end - start >= SHORTEST_PIECE else start + 1


def row_end(text: str, start: int) -> int:
    """The longest stretch that a finger finds by sliding along the keys."""
    end = start + SHORTEST_PIECE
    while end <= len(text) and any(text[start:end] in row for row in KEY_ROWS):
        end += 1
    return end - 1 if end - 1 - start >= SHORTEST_PIECE else start + 1


def echo_end(text: str, start: int) -> int:
    """What has just been typed, typed once more: `Ab!7Ab!7`."""
    for length in range(start, SHORTEST_PIECE - 1, -1):
        if text.startswith(text[start - length : start], start):
            return start + length
    return start + 1
