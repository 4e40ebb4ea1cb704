"""People in a CSV file: what each line says, and what is wrong with it. No database.

Columns by their names in the first line, in any order: `email`; `first_name` and `last_name`, or
`name`; `verified` (yes or no); `stripe_customer_id`. All but the first may be left out.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from admit.accounts.address import address
from admit.accounts.sign_up import names

COLUMNS = frozenset({"email", "first_name", "last_name", "name", "verified", "stripe_customer_id"})
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0", ""})
CUSTOMER = "cus_"


@dataclass(frozen=True)
class Entry:
    line: int
    email: str
    email_key: str
    first_name: str
    last_name: str
    is_verified: bool
    customer_id: str | None


@dataclass(frozen=True, order=True)
class Problem:
    line: int
    sentence: str


def read_people(lines: Iterable[str]) -> tuple[list[Entry], list[Problem]]:
    """Every line is either an entry or a problem; a file whose first line is wrong has no entry."""
    reader = csv.DictReader(lines, restkey="", restval="", strict=True)
    try:
        columns = {name: (name or "").strip().lower() for name in reader.fieldnames or ()}
        problem = _problem_with(list(columns.values()))
        if problem:
            return [], [Problem(1, problem)]
        return _read(reader, columns)
    except csv.Error as error:
        return [], [Problem(reader.line_num, f"This is not CSV: {error}.")]


def _problem_with(columns: list[str]) -> str | None:
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        return f"Unknown column {unknown[0]!r}; known are {', '.join(sorted(COLUMNS))}."
    return None if "email" in columns else "The first line has to name a column email."


def _read(
    reader: "csv.DictReader[str]", columns: Mapping[str, str]
) -> tuple[list[Entry], list[Problem]]:
    entries: list[Entry] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for raw in reader:
        line = reader.line_num
        row = {columns[name]: value.strip() for name, value in raw.items() if name}
        found = "It has more values than columns." if raw.get("") else _entry(line, row, seen)
        if isinstance(found, str):
            problems.append(Problem(line, found))
        else:
            entries.append(found)
    return entries, problems


def _entry(line: int, row: Mapping[str, str], seen: dict[str, int]) -> Entry | str:
    """The entry, or what is wrong. `seen`: addresses and customers of lines before."""
    found = address(row["email"])
    if found is None:
        return f"{row['email']!r} is no e-mail address."
    customer_id = row.get("stripe_customer_id") or None
    if customer_id and not customer_id.startswith(CUSTOMER):
        return f"{customer_id!r} is no id of a Stripe customer ({CUSTOMER}…)."
    verified = row.get("verified", "").lower()
    if verified not in YES | NO:
        return f"verified is yes or no, not {verified!r}."
    first_name, last_name = _names(row, found.email)
    problem = names.problem_with(first_name, which="first name") or (
        last_name and names.problem_with(last_name, which="last name")
    )
    if problem:
        return problem
    for value in (found.key, customer_id):
        if value and seen.setdefault(value, line) != line:
            return f"{value} is on line {seen[value]} already."
    return Entry(
        line=line,
        email=found.email,
        email_key=found.key,
        first_name=first_name,
        last_name=last_name,
        is_verified=verified in YES,
        customer_id=customer_id,
    )


def _names(row: Mapping[str, str], email: str) -> tuple[str, str]:
    """Who has none is called by their address, until they say otherwise."""
    first, last = names.tidy(row.get("first_name", "")), names.tidy(row.get("last_name", ""))
    if not (first or last):
        first, _, last = names.tidy(row.get("name", "")).rpartition(" ")
        first, last = (first, last) if first else (last, "")
    return first or last or email.partition("@")[0], last if first else ""
