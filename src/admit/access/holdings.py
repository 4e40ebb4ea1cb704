"""What access holds about a person."""

from admit.access.models import AccessVersionRow, GrantRow
from admit.accounts.leaving.holding import Holding
from admit.accounts.leaving.holdings import by_user

NAMES_NOBODY = "It says what was open and why; without your account it names nobody."

HOLDINGS = (
    Holding(
        "access",
        "What was open to you, and why",
        GrantRow,
        by_user(GrantRow),
        kept_because=NAMES_NOBODY,
    ),
    Holding(
        "access_versions",
        "How often that has changed",
        AccessVersionRow,
        by_user(AccessVersionRow),
        kept_because=NAMES_NOBODY,
    ),
)
