"""What a password may be. Length counts, composition does not, and the obvious is refused."""

import hashlib
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admit.accounts.password.rules import LONGEST_IN_BYTES, About, choices, fits, problem_with
from admit.accounts.password.strength import guesses
from tests.accounts.password.listed import LISTED

ADA = About(
    site_name="Admit", email="ada.lovelace@example.com", first_name="Ada", last_name="Lovelace"
)
TOO_SHORT = "Use at least 15 characters. A short sentence is easy to remember."
EASY = "This is easy to guess: common words, runs or repetitions. Add words of your own."
KNOWN = "Your name, your address and ours are what others try first. Choose another one."
TOO_LONG = "This password is too long: 1024 bytes are the most."


def judged(password: str, *, shortest: int = 15) -> str | None:
    return problem_with(password, about=ADA, shortest=shortest)


def test_s01_the_shortest_password_is_counted_in_characters() -> None:
    assert judged("fox jumps dune") == TOO_SHORT
    assert judged("fox jumps dunes") is None
    assert judged("żółw śpi w łódce") is None
    assert judged("fjord wq") == TOO_SHORT
    assert judged("fjord wq", shortest=8) is None


def test_s01_an_accent_counts_once_however_it_is_typed() -> None:
    composed, combined = "crêpe brûlée zä", "cre\u0302pe bru\u0302le\u0301e za\u0308"

    assert (len(composed), len(combined)) == (15, 19)
    assert judged(composed) is None
    assert judged(combined) is None
    assert judged(combined[:-2]) == TOO_SHORT


@pytest.mark.parametrize(
    "password",
    [
        "the heron walks along the quiet river at dawn, 64 steps a minute",
        "a heron, a river, a dawn; " * 4 + "and then one more heron",
        "🦊 jumps over 🌊🌊 waves",
        "heron   and   dune   at   noon",
    ],
)
def test_s02_long_passwords_with_spaces_and_emoji_are_fine(password: str) -> None:
    assert judged(password) is None


def test_s02_the_cap_is_counted_in_bytes() -> None:
    longest = "heron river dawn " * 60 + "mist"
    assert len(longest.encode()) == LONGEST_IN_BYTES

    assert fits(longest)
    assert judged(longest) != TOO_LONG
    assert judged(longest + "!") == TOO_LONG
    assert judged("é" * 513) == TOO_LONG
    assert not fits("\udc80" * 15)


ALPHABETS = [
    string.ascii_lowercase,
    string.ascii_uppercase,
    string.digits,
    "бвгджзклмн",
    "漢字仮名交文章水",
]


@given(st.sampled_from(ALPHABETS), st.integers(min_value=0))
def test_s03_no_kind_of_character_is_asked_for(alphabet: str, seed: int) -> None:
    """A digest stands for chance: Hypothesis itself would try the least random first."""
    bytes_of_chance = hashlib.sha256(str(seed).encode()).digest()[:20]

    assert judged("".join(alphabet[byte % len(alphabet)] for byte in bytes_of_chance)) is None


def test_s05_what_is_common_is_refused_however_it_is_dressed_up() -> None:
    dressed = [
        "passwordpassword",
        "Password1234567",
        "p@ssw0rdp@ssw0rd",
        "PASSWORD-PASSWORD",
        "iloveyouiloveyou",
        "qwertyuiopasdfgh",
        "qwertzuiopasdfgh",
        "1qaz2wsx3edc4rfv",
        "123456789012345",
        "987654321098765",
        "aaaaaaaaaaaaaaa",
        "abababababababab",
        "abcdefghijklmnop",
        "Summer2024Summer2024",
        "letmeinletmein!",
        "welcome123welcome",
        "administrator123",
        "michaeljordan23",
        "Ab!7Ab!7Ab!7Ab!7",
        "111111222222333333",
    ]

    assert {password: judged(password) for password in dressed} == dict.fromkeys(dressed, EASY)


def test_s05_every_common_word_dressed_up_to_the_length_is_refused() -> None:
    words = ["password", "dragon", "football", "monkey", "sunshine", "princess", "welcome"]
    tails = ["123456789", "2024", "1", "!", "!!!!!!", "123", "007", "abc123", "qwerty"]
    dressed = [
        core
        for word in words
        for tail in tails
        for core in (word * 2 + tail, word.title() + word + tail, word + tail + word)
        if len(core) >= 15
    ]

    assert [password for password in dressed if judged(password) is None] == []


@pytest.mark.parametrize(
    "password",
    [
        "ada.lovelace@example.com",
        "AdaLovelaceAdaLovelace",
        "adalovelace-example",
        "Admit Admit Admit",
        "Lovelace Lovelace",
        "ada.lovelace.ada",
    ],
)
def test_s06_the_product_the_name_and_the_address_are_no_password(password: str) -> None:
    assert judged(password) in {KNOWN, EASY}


def test_s06_the_local_part_by_itself_is_refused() -> None:
    long_name = About(site_name="Admit", email="countess.of.lovelace@example.com")

    refused = problem_with("countess.of.lovelace", about=long_name, shortest=15)
    product = problem_with("AdmitAll", about=About(site_name="Admit All"), shortest=8)

    assert (refused, product) == (KNOWN, KNOWN)


def test_a_password_of_ordinary_words_is_worth_its_choices() -> None:
    assert judged("correct horse battery staple") is None
    assert choices("correct horse battery staple", ()) > 10
    assert choices("password", ()) == 1
    assert choices("password1", ()) == 2


def test_judging_the_longest_password_takes_no_time_worth_naming() -> None:
    worst = "ab" * 512

    assert judged(worst) == EASY


def test_s05_what_is_on_the_lists_or_made_of_it_is_refused_with_a_reason() -> None:
    """Every eighth; `make test-long` judges them all."""
    assert len(LISTED) >= 3000

    assert [password for password in LISTED[::8] if judged(password) is None] == []


@pytest.mark.long
def test_s05_each_of_the_lists_is_refused() -> None:
    assert [password for password in LISTED if judged(password) is None] == []


def test_s05_a_password_of_the_list_is_called_by_its_name_where_eight_are_enough() -> None:
    sentence = "This is one of the best-known passwords, so it is tried first."

    assert judged("MailCreated5240") == f"{sentence} Choose another one."
    assert judged("SRINIVAS", shortest=8) == f"{sentence} Choose another one."


@pytest.mark.parametrize("signs", ["4@({[<86931!|0$5+7%2", "@4{(<[1!|7$5+%26938", "1769"])
def test_s09_judging_what_was_made_to_keep_us_busy_takes_as_long_as_any_other(signs: str) -> None:
    """Signs that stand for letters are many combinations; each would be looked up in every list."""
    began = time.process_time()
    guesses(signs * 3, ADA.words())

    assert time.process_time() - began < 0.5


def test_s09_a_book_about_somebody_is_not_read_to_judge_their_password() -> None:
    book = " ".join(f"word{number}" for number in range(100_000))
    about = About(site_name="Admit", email=f"{book}@example.com", first_name=book, last_name=book)

    assert len(about.words()) < 400
    assert max(len(word) for word in about.words()) <= 320
