import pytest

from tests.contracts.form import FormError, parse_form


def test_a_nested_form_becomes_objects_and_lists() -> None:
    parsed = parse_form("a[b][0][c]=1&a[b][1][c]=2&expand[]=x&expand[]=y&note=")

    assert parsed == {"a": {"b": [{"c": "1"}, {"c": "2"}]}, "expand": ["x", "y"], "note": ""}


def test_lists_follow_their_numbers_and_not_the_order_on_the_wire() -> None:
    assert parse_form("a[10]=ten&a[2]=two") == {"a": ["two", "ten"]}


@pytest.mark.parametrize("form", ["a=1&a=2", "a=1&a[b]=2"])
def test_a_form_that_contradicts_itself_is_refused(form: str) -> None:
    with pytest.raises(FormError):
        parse_form(form)
