"""What every slice holds about a person, in the order in which it is erased."""

from admit.access.holdings import HOLDINGS as ACCESS
from admit.accounts.leaving.holdings import HOLDINGS as ACCOUNTS
from admit.billing.holdings import HOLDINGS as BILLING

HOLDINGS = (*BILLING, *ACCESS, *ACCOUNTS)
