"""Who may use each route of the product. A new route needs an entry here.

`Guard` is the least that somebody must be. A route with an entry `by_key` takes API keys with
that scope as well; every other one takes none. `OWNED` names, for each parameter of a path that
is the id of something of somebody's, that only its owner finds it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from admit.accounts.api_keys.scopes import Scope


class Guard(StrEnum):
    anybody = "anybody"
    signed_in = "signed in, confirmed or not"
    confirmed = "signed in, with a confirmed address"
    proved = "confirmed, and proved who they are less than five minutes ago"
    staff = "staff"
    staff_proved = "staff, with a fresh proof"
    admin = "an administrator"
    premium = "whoever holds the feature `premium`"


class Entry(NamedTuple):
    guard: Guard
    by_key: Scope | None = None


ANYBODY, SIGNED_IN = Entry(Guard.anybody), Entry(Guard.signed_in)
CONFIRMED, PROVED = Entry(Guard.confirmed), Entry(Guard.proved)
STAFF, STAFF_PROVED = Entry(Guard.staff), Entry(Guard.staff_proved)
ADMIN = Entry(Guard.admin)

OWNED = frozenset(
    {"session_id", "key_id", "passkey_id", "invitation_id", "invoice_id", "payment_id"}
)

OPEN_PARAMETERS: Mapping[str, str] = {
    "token": "whoever holds it may use it; nobody can guess it",
    "provider": "names Google or GitHub",
    "feature": "names a feature of the catalogue",
    "grant_id": "of a grant by staff: all of staff may take it back",
    "name": "of a picture: random, as the pages that show it tell it",
    "plan_code": "names a plan of the catalogue",
    "price_code": "names a price of the catalogue",
    "mail_id": "of the mailbox, which is there in development only",
}

ROUTES: Mapping[str, Entry] = {
    "GET /": ANYBODY,
    "GET /.well-known/jwks.json": ANYBODY,
    "GET /account": SIGNED_IN,
    "GET /account/access": SIGNED_IN,
    "GET /account/api-keys": CONFIRMED,
    "POST /account/api-keys": PROVED,
    "POST /account/api-keys/{key_id}/revoke": CONFIRMED,
    "GET /account/billing": CONFIRMED,
    "GET /account/billing/cancel": CONFIRMED,
    "POST /account/billing/card": CONFIRMED,
    "GET /account/billing/card/return": CONFIRMED,
    "GET /account/billing/fix": CONFIRMED,
    "POST /account/billing/fix": CONFIRMED,
    "POST /account/billing/cancel": CONFIRMED,
    "GET /account/billing/history": CONFIRMED,
    "GET /account/billing/history/{invoice_id}": CONFIRMED,
    "GET /account/billing/history/{invoice_id}/receipt.pdf": CONFIRMED,
    "GET /account/billing/pause": CONFIRMED,
    "POST /account/billing/pause": CONFIRMED,
    "POST /account/billing/resume": CONFIRMED,
    "GET /account/billing/unpause": CONFIRMED,
    "POST /account/billing/unpause": CONFIRMED,
    "GET /account/data": CONFIRMED,
    "POST /account/data/deactivation": PROVED,
    "GET /account/data/deletion": PROVED,
    "POST /account/data/deletion": PROVED,
    "POST /account/data/export": PROVED,
    "GET /account/devices": SIGNED_IN,
    "POST /account/devices/others/end": SIGNED_IN,
    "POST /account/devices/{session_id}/end": SIGNED_IN,
    "GET /account/email": PROVED,
    "POST /account/email": PROVED,
    "POST /account/email/stop": PROVED,
    "GET /account/history": SIGNED_IN,
    "GET /account/invitations": CONFIRMED,
    "POST /account/invitations/{invitation_id}/accept": CONFIRMED,
    "POST /account/invitations/{invitation_id}/decline": CONFIRMED,
    "GET /account/passkeys": CONFIRMED,
    "POST /account/passkeys": PROVED,
    "POST /account/passkeys/options": PROVED,
    "POST /account/passkeys/{passkey_id}/name": CONFIRMED,
    "POST /account/passkeys/{passkey_id}/remove": PROVED,
    "GET /account/profile": CONFIRMED,
    "POST /account/profile": CONFIRMED,
    "POST /account/profile/picture": CONFIRMED,
    "POST /account/profile/picture/remove": CONFIRMED,
    "GET /account/security": SIGNED_IN,
    "GET /account/security/connections": CONFIRMED,
    "POST /account/security/connections/{provider}": PROVED,
    "POST /account/security/connections/{provider}/accept": PROVED,
    "POST /account/security/connections/{provider}/disconnect": PROVED,
    "GET /account/security/password": PROVED,
    "POST /account/security/password": PROVED,
    "POST /account/security/recovery-codes": PROVED,
    "POST /account/security/recovery-codes/confirmation": CONFIRMED,
    "GET /account/security/two-factor": PROVED,
    "POST /account/security/two-factor": PROVED,
    "POST /account/security/two-factor/app": PROVED,
    "POST /account/security/two-factor/keep": SIGNED_IN,
    "POST /account/security/two-factor/off": PROVED,
    "GET /admin/access": STAFF,
    "POST /admin/access/grants": STAFF,
    "POST /admin/access/grants/{grant_id}/revoke": STAFF,
    "GET /admin/people/invitations": STAFF,
    "POST /admin/people/invitations": STAFF_PROVED,
    "POST /admin/people/invitations/{invitation_id}/withdraw": STAFF,
    "GET /api/v1/access": Entry(Guard.signed_in, by_key=Scope.access_read),
    "GET /api/v1/admin/access": STAFF,
    "POST /api/v1/admin/grants": STAFF,
    "POST /api/v1/admin/grants/{grant_id}/revocation": STAFF,
    "GET /api/v1/access/forward": Entry(Guard.confirmed, Scope.access_read),
    "POST /api/v1/access/token": Entry(Guard.signed_in, Scope.access_read),
    "GET /api/v1/access/{feature}": Entry(Guard.signed_in, by_key=Scope.access_read),
    "GET /api/v1/auth/api-keys": CONFIRMED,
    "POST /api/v1/auth/api-keys": PROVED,
    "DELETE /api/v1/auth/api-keys/{key_id}": CONFIRMED,
    "POST /api/v1/auth/confirmation": ANYBODY,
    "POST /api/v1/auth/confirmation/mail": ANYBODY,
    "GET /api/v1/auth/me": Entry(Guard.signed_in, by_key=Scope.account_read),
    "POST /api/v1/auth/refresh": ANYBODY,
    "DELETE /api/v1/auth/sessions": SIGNED_IN,
    "GET /api/v1/auth/sessions": SIGNED_IN,
    "DELETE /api/v1/auth/sessions/{session_id}": SIGNED_IN,
    "POST /api/v1/auth/sign-in": ANYBODY,
    "POST /api/v1/auth/sign-in/code": ANYBODY,
    "POST /api/v1/auth/sign-in/code/entry": ANYBODY,
    "POST /api/v1/auth/sign-in/second-factor": ANYBODY,
    "POST /api/v1/auth/sign-out": SIGNED_IN,
    "POST /api/v1/auth/sign-up": ANYBODY,
    "GET /api/v1/invoices": Entry(Guard.confirmed, by_key=Scope.billing_read),
    "GET /api/v1/invoices/{invoice_id}": Entry(Guard.confirmed, by_key=Scope.billing_read),
    "GET /api/v1/features": ANYBODY,
    "GET /api/v1/plans": ANYBODY,
    "POST /api/v1/plans": ADMIN,
    "GET /api/v1/plans/{plan_code}": ANYBODY,
    "PATCH /api/v1/plans/{plan_code}": ADMIN,
    "DELETE /api/v1/plans/{plan_code}": ADMIN,
    "POST /api/v1/plans/{plan_code}/restoration": ADMIN,
    "POST /api/v1/plans/{plan_code}/prices": ADMIN,
    "PUT /api/v1/plans/{plan_code}/prices/{price_code}": ADMIN,
    "DELETE /api/v1/plans/{plan_code}/prices/{price_code}": ADMIN,
    "GET /api/v1/payments": Entry(Guard.confirmed, by_key=Scope.billing_read),
    "GET /api/v1/payments/{payment_id}": Entry(Guard.confirmed, by_key=Scope.billing_read),
    "GET /api/v1/versions": Entry(Guard.confirmed, by_key=Scope.account_read),
    "GET /checkout": CONFIRMED,
    "POST /checkout": CONFIRMED,
    "GET /checkout/cancelled": ANYBODY,
    "GET /checkout/return": SIGNED_IN,
    "GET /checkout/return/status": SIGNED_IN,
    "GET /dev": ANYBODY,
    "POST /dev/clock": ANYBODY,
    "POST /dev/cards": ANYBODY,
    "POST /dev/speed": ANYBODY,
    "GET /dev/mailbox": ANYBODY,
    "GET /dev/mailbox/{mail_id}": ANYBODY,
    "GET /dev/mailbox/{mail_id}/html": ANYBODY,
    "GET /email/confirm/{token}": ANYBODY,
    "POST /email/confirm/{token}": ANYBODY,
    "GET /email/undo/{token}": ANYBODY,
    "POST /email/undo/{token}": ANYBODY,
    "GET /favicon.ico": ANYBODY,
    "GET /gate": CONFIRMED,
    "GET /help": ANYBODY,
    "GET /invitations/{token}": ANYBODY,
    "POST /invitations/{token}": ANYBODY,
    "GET /newsletter/unsubscribe/{token}": ANYBODY,
    "POST /newsletter/unsubscribe/{token}": ANYBODY,
    "GET /openapi.json": ANYBODY,
    "GET /password/new/{token}": ANYBODY,
    "POST /password/new/{token}": ANYBODY,
    "GET /password/reset": ANYBODY,
    "POST /password/reset": ANYBODY,
    "GET /password/reset/sent": ANYBODY,
    "POST /password/strength": ANYBODY,
    "GET /pictures/{name}": ANYBODY,
    "GET /premium": Entry(Guard.premium),
    "GET /pricing": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /reopen/{token}": ANYBODY,
    "POST /reopen/{token}": ANYBODY,
    "GET /setup/{token}": ANYBODY,
    "POST /setup/{token}": ANYBODY,
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "GET /sign-in/2fa": ANYBODY,
    "POST /sign-in/2fa": ANYBODY,
    "POST /sign-in/2fa/passkey": ANYBODY,
    "POST /sign-in/2fa/passkey/options": ANYBODY,
    "GET /sign-in/again": SIGNED_IN,
    "POST /sign-in/again": SIGNED_IN,
    "POST /sign-in/again/mail": SIGNED_IN,
    "POST /sign-in/again/passkey": SIGNED_IN,
    "POST /sign-in/again/passkey/options": SIGNED_IN,
    "GET /sign-in/code": ANYBODY,
    "POST /sign-in/code": ANYBODY,
    "POST /sign-in/code/again": ANYBODY,
    "POST /sign-in/code/enter": ANYBODY,
    "GET /sign-in/link/{token}": ANYBODY,
    "POST /sign-in/link/{token}": ANYBODY,
    "POST /sign-in/passkey": ANYBODY,
    "POST /sign-in/passkey/options": ANYBODY,
    "POST /sign-in/with/{provider}": ANYBODY,
    "GET /sign-in/with/{provider}/callback": ANYBODY,
    "POST /sign-out": ANYBODY,
    "GET /sign-up": ANYBODY,
    "POST /sign-up": ANYBODY,
    "GET /verify": ANYBODY,
    "POST /verify": ANYBODY,
    "POST /verify/resend": ANYBODY,
    "GET /verify/{token}": ANYBODY,
    "POST /verify/{token}": ANYBODY,
}
