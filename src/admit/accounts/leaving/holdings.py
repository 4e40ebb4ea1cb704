"""What accounts hold about a person. In this order they are erased."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, func, select, union_all

from admit.accounts.api_keys.models import ApiKey
from admit.accounts.audit.models import SecurityEvent
from admit.accounts.devices.models import KnownDevice
from admit.accounts.email.models import EmailChange
from admit.accounts.invitations.models import Invitation
from admit.accounts.leaving.holding import Holding
from admit.accounts.leaving.models import Departure
from admit.accounts.mfa.models import RecoveryCode, TotpApp, TwoFactorReset
from admit.accounts.models import User
from admit.accounts.oauth.models import Identity, IdentityOffer
from admit.accounts.passkeys.models import Passkey
from admit.accounts.password.models import PasswordReset
from admit.accounts.profile.models import NewsletterChoice, Picture, Profile
from admit.accounts.sessions.models import Session
from admit.accounts.sign_in.models import MailedCode, SignInAttempt
from admit.accounts.tokens.models import RefreshToken
from admit.accounts.verification.models import Verification, VerificationCode
from admit.core.db import Base
from admit.core.mail import MailRow


def by_user(table: Any) -> Callable[[str], ColumnElement[bool]]:
    return lambda user_id: table.user_id == user_id


def theirs(name: str, title: str, table: type[Base], *hidden: str) -> Holding:
    """Rows that say whose they are."""
    return Holding(name, title, table, by_user(table), frozenset(hidden))


def of_their_sessions(user_id: str) -> ColumnElement[bool]:
    return RefreshToken.session_id.in_(select(Session.id).where(Session.user_id == user_id))


def of_their_verifications(user_id: str) -> ColumnElement[bool]:
    waiting = select(Verification.id).where(Verification.user_id == user_id)
    return VerificationCode.verification_id.in_(waiting)


def to_their_addresses(user_id: str) -> ColumnElement[bool]:
    """The one that they have, and those that they had lately, of the time in which they had them.

    An address can go from one account to another: a mail is of whoever gave up its address next,
    else of whoever has it. One that they only wanted was never theirs.
    """
    theirs = select(User.email).where(User.id == user_id)
    left = EmailChange.confirmed_at.is_not(None)
    given_up = select(EmailChange.old_email).where(EmailChange.user_id == user_id, left)
    next_to_leave = select(EmailChange.user_id).where(
        EmailChange.old_email == MailRow.recipient, EmailChange.confirmed_at >= MailRow.created_at
    )
    who_left = next_to_leave.order_by(EmailChange.confirmed_at).limit(1).correlate(MailRow)
    who_has_it = select(User.id).where(User.id == user_id, User.email == MailRow.recipient)
    owner = func.coalesce(
        who_left.scalar_subquery(), who_has_it.correlate(MailRow).scalar_subquery()
    )
    return MailRow.recipient.in_(union_all(theirs, given_up)) & (owner == user_id)


def for_their_address(user_id: str) -> ColumnElement[bool]:
    key = select(User.email_key).where(User.id == user_id).scalar_subquery()
    return (Invitation.user_id == user_id) | (Invitation.email_key == key)


def the_account(user_id: str) -> ColumnElement[bool]:
    return User.id == user_id


HOLDINGS = (
    theirs("profile", "Your profile", Profile, "handle_key"),
    theirs("pictures", "Your pictures", Picture),
    theirs("newsletter_choices", "What you said about the newsletter", NewsletterChoice),
    Holding(
        "invitations",
        "Invitations to you",
        Invitation,
        for_their_address,
        frozenset({"token_hash", "email_key", "invited_by"}),
    ),
    theirs("accounts_elsewhere", "Accounts elsewhere that you sign in with", Identity),
    theirs("offers_to_connect", "Accounts elsewhere that wait", IdentityOffer, "token_hash"),
    theirs("passkeys", "Passkeys", Passkey),
    theirs("api_keys", "API keys", ApiKey, "token_hash"),
    theirs("authenticator_apps", "Authenticator apps", TotpApp, "sealed", "pending", "last_step"),
    theirs("recovery_codes", "Recovery codes, without the codes", RecoveryCode, "fingerprint"),
    theirs(
        "two_factor_resets", "Requests to switch off the second step", TwoFactorReset, "asked_by"
    ),
    Holding(
        "app_tokens",
        "What apps of yours refresh their access with",
        RefreshToken,
        of_their_sessions,
        frozenset({"token_hash", "successor_id"}),
    ),
    theirs("sessions", "Where you are signed in", Session, "token_hash"),
    theirs("known_devices", "Browsers that we know", KnownDevice, "token_hash"),
    theirs(
        "sign_ins_under_way", "Sign-ins that wait for a second step", SignInAttempt, "token_hash"
    ),
    theirs(
        "mailed_codes",
        "Codes that we mailed, without the codes",
        MailedCode,
        *("browser_hash", "email_key", "code_fingerprint", "link_hash"),
    ),
    theirs(
        "password_resets", "Links to set a password, without the links", PasswordReset, "token_hash"
    ),
    Holding(
        "mails",
        "Mails that we sent you",
        MailRow,
        to_their_addresses,
        frozenset({"sealed_body"}),
    ),
    theirs(
        "email_changes",
        "Changes of your address",
        EmailChange,
        *("token_hash", "undo_token_hash", "old_email_key", "new_email_key"),
    ),
    Holding(
        "confirmation_codes",
        "Codes to confirm your address, without the codes",
        VerificationCode,
        of_their_verifications,
        frozenset({"code_fingerprint", "link_hash"}),
    ),
    theirs(
        "confirmations",
        "Browsers in which you confirm your address",
        Verification,
        *("browser_hash", "password_hash", "email_key"),
    ),
    Holding(
        "security_history",
        "Your security history",
        SecurityEvent,
        by_user(SecurityEvent),
        frozenset({"actor_id"}),
        blanked={"ip": "", "user_agent": "", "detail": None},
    ),
    Holding(
        "leaving",
        "When you left",
        Departure,
        by_user(Departure),
        frozenset({"token_hash"}),
        kept_because="It is the proof that we erased what you asked us to erase.",
    ),
    Holding(
        "account",
        "Your account",
        User,
        the_account,
        frozenset({"password_hash", "password_failures", "email_key"}),
        blanked={
            "email": "erased:" + User.id,
            "email_key": "erased:" + User.id,
            "first_name": "",
            "last_name": "",
            "password_hash": None,
            "password_failures": 0,
            "role": "member",
            "is_active": False,
            "verified_at": None,
            "last_login_at": None,
            "two_factor_since": None,
        },
    ),
)
