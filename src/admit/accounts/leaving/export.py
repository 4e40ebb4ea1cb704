"""Everything that we hold about a person, as one JSON file or as a ZIP of CSV files."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.leaving.holding import Holding, Plain, plain
from admit.accounts.limits.service import Limit, spend

EXPORTS = Limit("data_export", allowed=10, period=timedelta(hours=1))
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class HeldBack:
    wait: timedelta


@dataclass(frozen=True)
class Part:
    holding: Holding
    rows: list[dict[str, Plain]]


async def collect(
    db: AsyncSession,
    user_id: str,
    holdings: Sequence[Holding],
    *,
    caller: Caller,
    now: datetime,
) -> list[Part] | HeldBack:
    wait = await spend(db, EXPORTS, user_id, now=now)
    if wait is not None:
        return HeldBack(wait)
    parts = [Part(each, await each.read(db, user_id)) for each in holdings]
    exported = Outcome.data_exported
    note(db, exported, user_id=user_id, method=Method.session, caller=caller, now=now)
    return parts


def as_json(parts: Sequence[Part], *, site_name: str, now: datetime) -> bytes:
    body = {
        "site": site_name,
        "made_at": plain(now),
        "held": {
            part.holding.name: {"what": part.holding.title, "rows": part.rows} for part in parts
        },
    }
    return json.dumps(body, ensure_ascii=False, indent=2).encode()


def as_csv(parts: Sequence[Part], *, now: datetime) -> bytes:
    """A ZIP with a file a table, also for tables without rows, so that nothing seems forgotten."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            entry = zipfile.ZipInfo(f"{part.holding.name}.csv", now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, table_of(part))
    return packed.getvalue()


def table_of(part: Part) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, part.holding.columns)
    writer.writeheader()
    writer.writerows({name: harmless(value) for name, value in row.items()} for row in part.rows)
    return text.getvalue()


def harmless(value: Plain) -> Plain:
    """Spreadsheets run what looks like a formula (OWASP, CSV injection)."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
