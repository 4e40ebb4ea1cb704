"""A part of a page that is shown to whom it is open."""

from admit.accounts.person import Person
from admit.core.clock import Clock
from admit.core.http.templates import build_environment

PART = '{% if person is entitled_to("premium") %}open{% else %}closed{% endif %}'


def person(*features: str) -> Person:
    return Person(
        id="usr_1",
        email="ada@example.test",
        first_name="Ada",
        last_name="Lovelace",
        initials="AL",
        is_verified=True,
        is_admin=False,
        session_id="ses_1",
        features=frozenset(features),
    )


def test_a_template_asks_for_a_feature() -> None:
    template = build_environment(now=Clock().business).from_string(PART)

    shown = [template.render(person=who) for who in (person("premium"), person("exports"), None)]

    assert shown == ["open", "closed", "closed"]
