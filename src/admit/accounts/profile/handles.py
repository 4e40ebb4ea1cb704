"""Handles: the one name of a person that is theirs alone, short enough for an address."""

import re

SHORTEST, LONGEST = 3, 30
SHAPE = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*\Z")

RESERVED = frozenset(
    """
    2fa about abuse access account account-deletion accounts admin administrator admins
    admit all anonymous anybody api app apps archive assets audit auth avatar avatars
    billing blog bookings callback cart catalog catalogue checkout code config contact
    cookie cookies credits dashboard data delete deleted dev device devices docs domain
    download downloads edit email erase error errors everybody everyone faq favicon feed
    feeds file files forum gift guest guests healthz help history home host hostmaster html
    http https identities identity imprint index info invitation invitations invite invoice
    invoices javascript jobs json kiosk legal library licence licences license licenses list
    login logout mail mailbox mailer-daemon manifest me member members metrics mfa mod
    moderator moderators money name named news newsletter newsletters no-reply nobody none
    noreply notification notifications null oauth official operator order orders owner
    owners page pages passkey passkeys password passwords pay payment payments pictures plan
    plans post postmaster premium press pricing privacy product products profile profiles
    public purchase readyz recover recovery register registration reopen reset robots role
    roles root rss sales schedule search security seller service services session sessions
    settings setup shop sign-in sign-out sign-up signin signout signup site sitemap socket
    staff static status store stripe subscribe subscription subscriptions superuser support
    sysadmin system team teams terms test token tokens totp undefined undo unlock
    unsubscribe update upload uploads user username users verification verify void webhook
    webhooks webmaster well-known www you your
    """.split()  # noqa: SIM905 - words are read better than a list
)
"""Names that sound like us, or that an address of the site could want one day."""


def key_of(handle: str) -> str:
    """The same for every spelling of one handle: `Ada-Lovelace`, `ada_lovelace`."""
    return handle.casefold().replace("_", "-")


def problem_with(handle: str) -> str | None:
    """`handle` is what was typed, without spaces around it. Whether it is free is asked later."""
    if not SHORTEST <= len(handle) <= LONGEST:
        return f"A handle has {SHORTEST} to {LONGEST} characters."
    if not SHAPE.match(handle.casefold()) or not handle.isascii():
        return "Use letters from a to z, digits, and single - or _ between them."
    if key_of(handle) in RESERVED or key_of(handle).replace("-", "") in RESERVED:
        return "That handle is reserved. Choose another one."
    return None
