"""A file of people: each line is somebody, or what is wrong with it."""

import pytest

from admit.accounts.people.file import Entry, Problem, read_people

GOOD = """\
Email,first_name,last_name,verified,stripe_customer_id
ada@example.com,Ada,Lovelace,yes,cus_1
BOB@Example.com,Bob,,no,
"eve@example.com","Eve, the third",Smith,,cus_2
"""


def test_each_line_is_a_person_with_what_it_says() -> None:
    entries, problems = read_people(GOOD.splitlines(keepends=True))

    assert problems == []
    assert entries == [
        Entry(2, "ada@example.com", "ada@example.com", "Ada", "Lovelace", True, "cus_1"),
        Entry(3, "BOB@example.com", "bob@example.com", "Bob", "", False, None),
        Entry(4, "eve@example.com", "eve@example.com", "Eve, the third", "Smith", False, "cus_2"),
    ]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Ana  de la Cruz ", "Ana de la", "Cruz"),
        ("Cher", "Cher", ""),
        ("", "ada", ""),
    ],
)
def test_a_whole_name_is_taken_apart_and_who_has_none_is_called_by_the_address(
    name: str, first: str, last: str
) -> None:
    ((entry,), problems) = read_people(["name,email\n", f"{name},ada@example.com\n"])

    assert (problems, entry.first_name, entry.last_name) == ([], first, last)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nobody,yes,cus_1", "'nobody' is no e-mail address."),
        (",yes,cus_1", "'' is no e-mail address."),
        ("a@b.example,maybe,", "verified is yes or no, not 'maybe'."),
        ("a@b.example,yes,sub_1", "'sub_1' is no id of a Stripe customer (cus_…)."),
        ("a@b.example,yes,cus_1,more", "It has more values than columns."),
        ("ADA@example.com,yes,", "ada@example.com is on line 2 already."),
        ("a@b.example,yes,cus_0", "cus_0 is on line 2 already."),
    ],
)
def test_what_is_wrong_is_named_with_its_line(line: str, sentence: str) -> None:
    head = "email,verified,stripe_customer_id\nada@example.com,yes,cus_0\n"

    entries, problems = read_people([*head.splitlines(keepends=True), line])

    assert (len(entries), problems) == (1, [Problem(3, sentence)])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("mail,name\n", "Unknown column 'mail'; known are "),
        ("name,verified\n", "The first line has to name a column email."),
        ("", "The first line has to name a column email."),
        ('email\n"ada@example.com\n', "This is not CSV: "),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(text: str, sentence: str) -> None:
    entries, (problem,) = read_people(text.splitlines(keepends=True))

    assert entries == []
    assert problem.sentence.startswith(sentence)
