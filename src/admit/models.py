"""Every table, so that migrations see them all."""

from admit.access import models as _access
from admit.accounts import models as _accounts
from admit.accounts.api_keys import models as _api_keys
from admit.accounts.audit import models as _audit
from admit.accounts.devices import models as _devices
from admit.accounts.email import models as _email
from admit.accounts.invitations import models as _invitations
from admit.accounts.leaving import models as _leaving
from admit.accounts.limits import models as _limits
from admit.accounts.mfa import models as _mfa
from admit.accounts.oauth import models as _oauth
from admit.accounts.passkeys import models as _passkeys
from admit.accounts.password import models as _password
from admit.accounts.profile import models as _profile
from admit.accounts.sessions import models as _sessions
from admit.accounts.setup import models as _setup
from admit.accounts.sign_in import models as _sign_in
from admit.accounts.tokens import models as _tokens
from admit.accounts.verification import models as _verification
from admit.billing import stripe_account as _stripe_account
from admit.billing.catalog import models as _catalog
from admit.billing.changes import models as _changes
from admit.billing.checkout import models as _checkout
from admit.billing.connection import models as _connection
from admit.billing.customers import models as _customers
from admit.billing.disputes import models as _disputes
from admit.billing.entitlements import models as _entitlements
from admit.billing.invoices import models as _invoices
from admit.billing.payment_methods import models as _payment_methods
from admit.billing.payments import models as _payments
from admit.billing.reconciliation import models as _reconciliation
from admit.billing.recovery import models as _recovery
from admit.billing.refunds import models as _refunds
from admit.billing.schedules import models as _schedules
from admit.billing.subscriptions import models as _subscriptions
from admit.billing.trials import models as _trials
from admit.billing.webhooks import models as _webhooks
from admit.core import business_time as _business_time
from admit.core.events import models as _events
from admit.core.mail import models as _mail
from admit.core.versions import models as _versions

__all__ = [
    "_access",
    "_accounts",
    "_api_keys",
    "_audit",
    "_business_time",
    "_catalog",
    "_changes",
    "_checkout",
    "_connection",
    "_customers",
    "_devices",
    "_disputes",
    "_email",
    "_entitlements",
    "_events",
    "_invitations",
    "_invoices",
    "_leaving",
    "_limits",
    "_mail",
    "_mfa",
    "_oauth",
    "_passkeys",
    "_password",
    "_payment_methods",
    "_payments",
    "_profile",
    "_reconciliation",
    "_recovery",
    "_refunds",
    "_schedules",
    "_sessions",
    "_setup",
    "_sign_in",
    "_stripe_account",
    "_subscriptions",
    "_tokens",
    "_trials",
    "_verification",
    "_versions",
    "_webhooks",
]
