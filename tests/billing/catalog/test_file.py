"""A catalogue file that cannot be used says where and what to write instead."""

from pathlib import Path

import pytest

from admit.billing.catalog.file import CatalogError, load_file

GOOD = """
[[features]]
key = "premium"
name = "Premium"

[[plans]]
code = "pro"
name = "Pro"
level = 10
features = ["premium"]

[[plans.prices]]
code = "pro-monthly"
interval = "month"
amount = 1200
currency = "eur"
"""


def problems_of(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as refused:
        load_file(path)
    return [problem.removeprefix(f"{path}: ") for problem in refused.value.problems]


def test_the_demo_catalogue_sells_two_plans_by_the_month_and_by_the_year() -> None:
    catalog = load_file()

    assert [(plan.code, plan.level, plan.max_quantity) for plan in catalog.plans] == [
        ("free", 0, 1),
        ("pro", 10, 1),
        ("team", 20, 50),
    ]
    assert [
        (price.code, price.interval, price.amount, price.currency, price.trial_days)
        for plan in catalog.plans
        for price in plan.prices
    ] == [
        ("pro-monthly", "month", 1200, "eur", 0),
        ("pro-yearly", "year", 12000, "eur", 0),
        ("team-monthly", "month", 900, "eur", 14),
        ("team-yearly", "year", 9000, "eur", 0),
    ]


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)

    catalog = load_file(path)

    assert catalog.plans[0].group == "main"
    assert catalog.plans[0].prices[0].trial_days == 0
    assert catalog.features[0].open_to_all is False


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        (
            "amount = 12.00",
            "amount = 1200",
            (
                'plan "pro": price "pro-monthly": amount: write a whole number of the smallest '
                "unit: amount = 1200 for 12.00"
            ),
        ),
        (
            'currency = "EUR"',
            'currency = "eur"',
            (
                'plan "pro": price "pro-monthly": currency: write the three small letters of a '
                'currency, such as "eur"'
            ),
        ),
        (
            "amuont = 1200",
            "amount = 1200",
            (
                'plan "pro": price "pro-monthly": amuont: nothing has this name; correct the '
                "spelling or take it out"
            ),
        ),
        (
            'interval = "weekly"',
            'interval = "month"',
            (
                'plan "pro": price "pro-monthly": interval: input should be '
                "'day', 'week', 'month' or 'year'"
            ),
        ),
        (
            'code = "Pro Plan"',
            'code = "pro"',
            (
                'plan "Pro Plan": code: write small letters, digits and "-" only, such as '
                '"pro-monthly"'
            ),
        ),
        (
            'features = ["premium", "gold"]',
            'features = ["premium"]',
            (
                'plan "pro": features: "gold" is not defined; add a [[features]] entry with '
                'key = "gold", or take it out'
            ),
        ),
        (
            'key = "token"\nname = "Token"\n[[features]]\nkey = "premium"',
            'key = "premium"',
            'feature "token": key: the API has this word at another meaning; choose another key',
        ),
        (
            'features = ["premium", { key = "premium", limit = 3 }]',
            'features = ["premium"]',
            'plan "pro": features: "premium" is named 2 times; keep one',
        ),
        (
            'features = [{ key = "premium", limit = 0 }]',
            'features = ["premium"]',
            'plan "pro": feature "premium": limit: input should be greater than or equal to 1',
        ),
        (
            'features = ["Premium"]',
            'features = ["premium"]',
            (
                'plan "pro": feature "Premium": key: write small letters, digits and "-" only, '
                'such as "pro-monthly"'
            ),
        ),
        (
            'interval = "month"\ninterval_count = 37',
            'interval = "month"',
            (
                'plan "pro": price "pro-monthly": interval_count: Stripe bills at least every '
                "three years; write at most 36"
            ),
        ),
        (
            'level = 10\ntax_code = "books"',
            "level = 10",
            ('plan "pro": tax_code: write one of Stripe\'s tax codes, such as "txcd_10103001"'),
        ),
        (
            "level = -1",
            "level = 10",
            'plan "pro": level: input should be greater than or equal to 0',
        ),
        ("", 'name = "Premium"', 'feature "premium": name: it is missing; add it'),
        ("", 'code = "pro-monthly"', 'plan "pro": price number 1: code: it is missing; add it'),
    ],
)
def test_a_mistake_is_named_with_its_place_and_mend(
    tmp_path: Path, wrong: str, right: str, sentence: str
) -> None:
    assert right in GOOD

    problems = problems_of(tmp_path / "catalog.toml", GOOD.replace(right, wrong))

    assert sentence in problems


def test_codes_that_are_used_twice_are_named(tmp_path: Path) -> None:
    twice = GOOD + GOOD

    assert problems_of(tmp_path / "catalog.toml", twice) == [
        'the feature key "premium" is used 2 times; give each its own',
        'the plan code "pro" is used 2 times; give each its own',
        'the plan name "Pro" is used 2 times; give each its own',
        'the price code "pro-monthly" is used 2 times; give each its own',
    ]


def test_a_file_that_is_missing_or_no_toml_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as missing:
        load_file(tmp_path / "none.toml")
    assert missing.value.problems == [
        f"{tmp_path / 'none.toml'}: it does not exist; ADMIT_CATALOG_FILE names the catalogue file"
    ]

    assert problems_of(tmp_path / "catalog.toml", "[[plans") == [
        "it is not TOML: Expected ']]' at the end of an array declaration (at end of document)"
    ]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("level = 10", "").replace("amount = 1200", "amount = 0")

    assert problems_of(tmp_path / "catalog.toml", text) == [
        'plan "pro": level: it is missing; add it',
        'plan "pro": price "pro-monthly": amount: input should be greater than 0',
    ]
