"""Which slice tells of which kind of source, when somebody asks why."""

from collections.abc import Mapping

from admit.access.explaining.chain import Explainer
from admit.access.granting.explaining import explain_grant
from admit.access.models import Source
from admit.billing.explaining.entitlements import explain_entitlement
from admit.billing.explaining.service import explain_subscription

EXPLAINERS: Mapping[str, Explainer] = {
    Source.staff: explain_grant,
    Source.stripe_entitlement: explain_entitlement,
    Source.subscription: explain_subscription,
}
