"""The pages of this slice. A router needs `access.deps.load_visitor` before it."""

from fastapi import APIRouter, Depends

from admit.accounts.api_keys.api_routes import router as api_keys_api
from admit.accounts.api_keys.routes import router as api_keys
from admit.accounts.deps import note_presence
from admit.accounts.devices.routes import router as devices
from admit.accounts.email.link_routes import router as email_links
from admit.accounts.email.routes import router as email
from admit.accounts.history.routes import router as history
from admit.accounts.invitations.routes import router as invitations
from admit.accounts.invitations.staff_routes import router as staff_invitations
from admit.accounts.leaving.link_routes import router as reopening
from admit.accounts.leaving.routes import router as leaving
from admit.accounts.mfa.proof_routes import router as proof
from admit.accounts.mfa.routes import router as two_factor
from admit.accounts.mfa.second_factor_routes import router as second_factor
from admit.accounts.mfa.security_routes import router as security
from admit.accounts.oauth.connection_routes import router as connections
from admit.accounts.oauth.routes import router as oauth
from admit.accounts.passkeys.routes import router as passkeys
from admit.accounts.passkeys.sign_in_routes import router as sign_in_by_passkey
from admit.accounts.password.reset_routes import router as password_reset
from admit.accounts.password.routes import router as password
from admit.accounts.profile.routes import router as profile
from admit.accounts.profile.unsubscribe_routes import router as unsubscribe
from admit.accounts.sessions.routes import router as sessions
from admit.accounts.setup.routes import router as setup
from admit.accounts.sign_in.mailed_routes import router as sign_in_by_mail
from admit.accounts.sign_in.routes import router as sign_in
from admit.accounts.sign_up.routes import router as sign_up
from admit.accounts.tokens.arrival_routes import router as arrivals
from admit.accounts.tokens.routes import jwks_router as jwks
from admit.accounts.tokens.routes import router as tokens
from admit.accounts.verification.link_routes import router as verification_links
from admit.accounts.verification.routes import router as verification

router = APIRouter(dependencies=[Depends(note_presence)])
for part in (
    sign_up,
    sign_in,
    sign_in_by_mail,
    second_factor,
    proof,
    sessions,
    verification,
    verification_links,
    setup,
    security,
    two_factor,
    password,
    password_reset,
    email,
    email_links,
    leaving,
    reopening,
    profile,
    unsubscribe,
    devices,
    history,
    invitations,
    staff_invitations,
    oauth,
    connections,
    passkeys,
    sign_in_by_passkey,
    arrivals,
    tokens,
    jwks,
    api_keys,
    api_keys_api,
):
    router.include_router(part)
