"""Which slice tells of which kind of source, when somebody asks why."""

from collections.abc import Mapping

from admit.access.explaining.chain import Explainer
from admit.access.granting.explaining import explain_grant
from admit.access.service import STAFF
from admit.billing.explaining.service import explain_subscription
from admit.billing.subscriptions.access import SOURCE as SUBSCRIPTION

EXPLAINERS: Mapping[str, Explainer] = {
    STAFF: explain_grant,
    SUBSCRIPTION: explain_subscription,
}
