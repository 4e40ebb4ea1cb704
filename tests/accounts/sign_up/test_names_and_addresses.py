import pytest
from hypothesis import given
from hypothesis import strategies as st

from admit.accounts.address import Address, address
from admit.accounts.sign_up.names import problem_with, tidy


@pytest.mark.parametrize(
    ("typed", "email", "key"),
    [
        ("ada@example.com", "ada@example.com", "ada@example.com"),
        ("  Ada.Lovelace@EXAMPLE.com ", "Ada.Lovelace@example.com", "ada.lovelace@example.com"),
        ("ada+tag@example.com", "ada+tag@example.com", "ada+tag@example.com"),
        ("ada@bücher.example", "ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ADA@BÜCHER.example", "ADA@bücher.example", "ada@xn--bcher-kva.example"),
        ("Ĳsbrand@example.com", "Ĳsbrand@example.com", "ĳsbrand@example.com"),
        ("jose\u0301@example.com", "josé@example.com", "josé@example.com"),
    ],
)
def test_an_address_is_kept_as_typed_and_known_by_one_key(typed: str, email: str, key: str) -> None:
    assert address(typed) == Address(email=email, key=key)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "ada lovelace@example.com",
        "Ada <ada@example.com>",
        "ada@example.com\x00",
        "ada\n@example.com",
        "ada@[127.0.0.1]",
        "a" * 65 + "@example.com",
        "ada@" + "a" * 250 + ".com",
        "ada@exa\u202emple.com",
        " " * 5000 + "a" * 400_000 + "@example.com",
    ],
)
def test_what_is_no_address_is_none(typed: str) -> None:
    assert address(typed) is None


@given(st.text())
def test_no_text_is_too_strange_to_be_judged(typed: str) -> None:
    found = address(typed)

    assert found is None or ("\x00" not in found.email and address(found.email) == found)
    assert problem_with(tidy(typed), which="first name") is not None or "\x00" not in typed


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "Zoë",
        "O'Brien",
        "Jean-Luc",
        "de la Cruz",
        "李",
        "X Æ A-12",
        "\u0645\u06cc\u200c\u0646\u0627",
    ],
)
def test_people_have_all_kinds_of_names(name: str) -> None:
    assert problem_with(tidy(f"  {name}  "), which="first name") is None
    assert tidy(f"  {name}  ") == name


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Enter your last name."),
        ("   ", "Enter your last name."),
        ("\u00a0\u200b\u200d", "Enter your last name."),
        ("x" * 81, "Your last name may have 80 characters at most."),
        ("Love\x00lace", "Your last name holds a character that cannot be shown."),
        ("Love\nlace", "Your last name holds a character that cannot be shown."),
        ("Love\u202elace", "Your last name holds a character that cannot be shown."),
        ("Win at https://evil.example", "Your last name may not hold a link."),
        ("www.evil.example", "Your last name may not hold a link."),
    ],
)
def test_a_name_that_cannot_be_kept_says_why(name: str, sentence: str) -> None:
    assert problem_with(tidy(name), which="last name") == sentence


def test_a_name_without_end_is_too_long_as_it_was_typed() -> None:
    """Spelling accents anew takes time by the square: sent as a form it kept everybody waiting."""
    accents = "e" + "\u0300\u0323" * 80_000

    assert tidy(accents) is accents
    assert problem_with(tidy(accents), which="first name") == (
        "Your first name may have 80 characters at most."
    )
