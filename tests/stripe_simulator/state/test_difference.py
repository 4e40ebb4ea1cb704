from stripe_simulator.state.difference import previous_attributes


def test_only_what_changed_is_told_with_its_old_value() -> None:
    before = {"id": "x", "a": 1, "b": {"c": 1, "d": 2}, "e": [1, 2], "gone": 5}
    after = {"id": "x", "a": 1, "b": {"c": 1, "d": 3}, "e": [1], "new": 7}

    assert previous_attributes(before, after) == {
        "b": {"d": 2},
        "e": [1, 2],
        "gone": 5,
        "new": None,
    }


def test_an_object_that_was_replaced_is_told_as_a_whole() -> None:
    before, after = {"price": {"id": "a", "amount": 1}}, {"price": {"id": "b", "amount": 1}}

    assert previous_attributes(before, after) == {"price": {"id": "a", "amount": 1}}
