"""What somebody is told while they type."""

from admit.accounts.password.feedback import Feedback, feedback_on
from admit.accounts.password.rules import EASY, LONGEST_IN_BYTES, About

ADA = About(site_name="Admit", email="ada@example.com", first_name="Ada", last_name="Lovelace")


def told(password: str) -> Feedback:
    return feedback_on(password, about=ADA, shortest=15)


def test_somebody_who_types_is_told_how_much_is_missing() -> None:
    assert told("") == Feedback(0, "", "")
    assert told("fox") == Feedback(
        1, "Too short", "12 more characters to go; another word does it."
    )
    assert told("fox jumps dune").sentence == "1 more character to go; another word does it."
    assert told("cre\u0302pe bru\u0302le\u0301e z").sentence[:2] == "1 "


def test_somebody_who_types_what_will_be_refused_is_told_before_they_send_it() -> None:
    assert told("passwordpassword") == Feedback(2, "Not yet", EASY)
    assert told("x" * (LONGEST_IN_BYTES + 1)).level == 2
    assert told("\udc80" * 20).level == 2


def test_somebody_who_types_a_good_one_is_told_so() -> None:
    assert told("fox jumps dunes") == Feedback(
        3, "Good", "This will do. One more word makes it very good."
    )
    assert told("fox jumps over dunes").word == "Very good"
