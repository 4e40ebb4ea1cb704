"""`make bench`: every row in one run with its bare limit beside it."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import (
    access_check,
    access_in_process,
    api_call,
    events_reconciled,
    fresh_simulator,
    page_beside_writes,
    refusals,
    sign_in,
    simulator_calls,
    start,
    webhook_intake,
    year_of_renewals,
)
from bench.rows import Row

RESULTS = Path(__file__).with_name("results.json")
MEASUREMENTS = (
    webhook_intake,
    access_check,
    access_in_process,
    api_call,
    events_reconciled,
    fresh_simulator,
    page_beside_writes,
    refusals,
    sign_in,
    start,
    simulator_calls,
    year_of_renewals,
)


def main() -> None:
    rows: list[Row] = []
    for measurement in MEASUREMENTS:
        title = (measurement.__doc__ or "").splitlines()[0]
        print(f"measuring {title}", flush=True)
        rows += measurement.measure()
    show(rows)
    RESULTS.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n")


def show(rows: list[Row]) -> None:
    table = Table("", "measured", "unit", "limit", "ratio")
    for row in rows:
        limit = "" if row.limit is None else f"{row.limit:,.1f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        table.add_row(row.name, f"{row.value:,.1f}", row.unit, limit, ratio)
    Console().print(table)


if __name__ == "__main__":
    main()
