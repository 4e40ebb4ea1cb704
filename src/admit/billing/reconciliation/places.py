"""Places in lists that are ordered by time, newest first."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, or_
from sqlalchemy.sql import ColumnElement


class Place(NamedTuple):
    at: datetime
    id: str


def before(place: Place, at: Any, id_: Any) -> ColumnElement[bool]:
    """Of the rows that come after this place, when the newest come first."""
    return or_(at < place.at, and_(at == place.at, id_ < place.id))
