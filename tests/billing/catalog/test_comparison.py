"""What makes one catalogue another, and what the file says of it: tables and a property."""

import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from admit.billing.catalog.comparison import access_changes, changes
from admit.billing.catalog.entries import Catalog, FeatureEntry, OpenedFeature, PlanEntry
from admit.billing.catalog.file import DEMO_FILE, as_toml, load_file
from tests.billing.catalog.declared import FEATURES, FREE, YEARLY, catalog, price, pro


def said(before: Catalog, after: Catalog) -> list[str]:
    return [
        " | ".join([str(change), *map(str, change.details)]) for change in changes(before, after)
    ]


def opened(before: Catalog, after: Catalog) -> list[tuple[str | None, str | None, list[str]]]:
    return [
        (change.plan_code, change.feature_key, [str(detail) for detail in change.details])
        for change in access_changes(before, after)
    ]


def test_each_difference_is_told_with_both_values() -> None:
    before = catalog(FREE, pro(price(), YEARLY))
    team = PlanEntry(code="team", name="Team", level=20, grace_days=14)
    after = catalog(
        pro(
            price(amount=1500, tax_behavior="inclusive", trial_days=14),
            price("pro-quarterly", 3300, interval_count=3),
            name="Plus",
            features=["premium", {"key": "exports", "limit": 3}],
        ),
        team,
        features=[*FEATURES[:2], FeatureEntry(key="exports", name="Downloads")],
    )

    assert said(before, after) == [
        '~ feature "exports" | name: Exports → Downloads',
        (
            '~ plan "pro" | name: Pro → Plus | opens community: yes → no | '
            "opens exports: no → up to 3"
        ),
        '+ plan "team"',
        '- plan "free"',
        (
            '~ price "pro-monthly" | terms: 12.00 EUR a month → 15.00 EUR a month, tax included | '
            "trial_days: 0 → 14"
        ),
        '+ price "pro-quarterly" | terms: none → 33.00 EUR every 3 months',
        '- price "pro-yearly"',
    ]
    assert said(before, before) == []


def test_what_changes_somebodys_access_is_told_by_whom_it_concerns() -> None:
    before = catalog(FREE, pro(price()))
    open_features = [
        FEATURES[0].model_copy(update={"open_to_all": False}),
        FEATURES[1],
        FeatureEntry(key="archive", name="Archive"),
    ]
    after = catalog(
        pro(price(amount=1500), level=11, grace_days=3, name="Plus", features=["premium"]),
        features=open_features,
    )

    assert opened(before, after) == [
        (None, None, ["opens community: yes → no"]),
        ("pro", None, ["opens community: yes → no", "level: 10 → 11", "grace_days: none → 3"]),
        (None, "archive", ["opens archive: no → yes"]),
        (None, "exports", ["opens exports: yes → no"]),
    ]
    assert opened(before, catalog(FREE, pro(price(amount=1500), name="Plus"))) == []


def test_the_demo_catalogue_is_written_as_it_is_read(tmp_path: Path) -> None:
    copy = tmp_path / "copy.toml"

    copy.write_text(as_toml(load_file(DEMO_FILE)))

    assert load_file(copy) == load_file(DEMO_FILE)


WORDS = st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable() and text.strip())
LINES = st.text(max_size=60).filter(lambda text: text.replace("\n", "").isprintable())


@given(
    name=WORDS,
    description=LINES,
    level=st.integers(0, 50),
    limit=st.none() | st.integers(1, 90),
    amount=st.integers(1, 99_999_999),
)
def test_whatever_a_catalogue_says_its_file_says_too(
    name: str, description: str, level: int, limit: int | None, amount: int
) -> None:
    plan = PlanEntry(
        code="pro",
        name=name,
        description=description,
        level=level,
        grace_days=limit,
        features=[OpenedFeature(key="premium", limit=limit)],
        prices=[price(amount=amount)],
    )
    declared = catalog(plan, features=[FeatureEntry(key="premium", name=name)])

    assert Catalog.model_validate(tomllib.loads(as_toml(declared))) == declared
