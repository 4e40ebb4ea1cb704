"""Pages of the API's lists, newest first: `limit` and `starting_after` ask, `has_more` answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

MOST = 100
Item = TypeVar("Item")
Row = TypeVar("Row")


class Page(BaseModel, Generic[Item]):
    data: list[Item]
    has_more: bool
    """Ask for the next page with the last id in `starting_after`."""


@dataclass(frozen=True)
class PageWanted:
    limit: int
    starting_after: str | None


def page_wanted(
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 20,
    starting_after: Annotated[
        str | None, Query(max_length=255, description="The id of the last one that you have.")
    ] = None,
) -> PageWanted:
    return PageWanted(limit=limit, starting_after=starting_after)


WantedPage = Annotated[PageWanted, Depends(page_wanted)]


def page_of(rows: Sequence[Row], limit: int, shown: Callable[[Row], Item]) -> Page[Item]:
    """`rows`: one more than the limit, where there are more."""
    return Page(data=[shown(row) for row in rows[:limit]], has_more=len(rows) > limit)
