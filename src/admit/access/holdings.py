"""What access holds about a person."""

from sqlalchemy import ColumnElement, case

from admit.access.models import AccessVersionRow, GrantRow, Source
from admit.accounts.leaving.holding import Holding
from admit.accounts.leaving.holdings import by_user

NAMES_NOBODY = "It says what was open and why; without your account it names nobody."


def without_words_of_staff(column: str) -> ColumnElement[str | None]:
    """They may name somebody; the codes of other sources do not."""
    said = getattr(GrantRow, column)
    return case((GrantRow.source == Source.staff, ""), else_=said)


HOLDINGS = (
    Holding(
        "access",
        "What was open to you, and why",
        GrantRow,
        by_user(GrantRow),
        frozenset({"granted_by", "revoked_by"}),
        NAMES_NOBODY,
        blanked={name: without_words_of_staff(name) for name in ("reason", "revoked_reason")},
    ),
    Holding(
        "access_versions",
        "How often that has changed",
        AccessVersionRow,
        by_user(AccessVersionRow),
        kept_because=NAMES_NOBODY,
    ),
)
