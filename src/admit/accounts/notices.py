"""One mail for each change that decides who gets into an account (ASVS 6.3.7)."""

from datetime import datetime
from enum import Enum
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.caller import Caller
from admit.accounts.devices.words import in_words
from admit.accounts.letters import Letters
from admit.accounts.models import User


class Told(NamedTuple):
    """How a change is told: `subject` without a full stop, `sentence` as the person reads it."""

    subject: str
    sentence: str


class Change(Enum):
    password_changed = Told(
        "Your password was changed",
        "The password of your account was changed. Every other browser and app was signed out.",
    )
    password_reset = Told(
        "Your password was reset",
        "A new password was set with the link that we mailed you. "
        "Every browser and app was signed out.",
    )
    password_added = Told(
        "Your account has a password now",
        "A password was added to your account; it can be used to sign in.",
    )
    password_closed = Told(
        "Your password no longer works",
        "It was typed wrong a hundred times in a row, so it opens nothing until you set a new one.",
    )
    email_changed = Told(
        "Your e-mail address was changed",
        "The e-mail address of your account was changed. You sign in with the new one from now on.",
    )
    email_change_undone = Told(
        "The change of your e-mail address was undone",
        "The e-mail address of your account is the earlier one again. "
        "Every browser and app was signed out, and the password no longer works: set a new one.",
    )
    two_factor_on = Told(
        "Two-factor sign-in is on",
        "Signing in now asks for a code of your authenticator app as well.",
    )
    two_factor_off = Told(
        "Two-factor sign-in is off",
        "Signing in no longer asks for a code of your authenticator app.",
    )
    authenticator_changed = Told(
        "Your authenticator app was changed",
        "Another app shows the codes for your sign-in now. The earlier one no longer works.",
    )
    two_factor_reset_asked = Told(
        "Your two-factor sign-in will be switched off",
        "Our staff was asked to switch off the second step of your sign-in, because it was lost. "
        "It ends in 24 hours, unless you sign in with it before.",
    )
    recovery_codes_made = Told(
        "You have new recovery codes",
        "New recovery codes were made for your account. The earlier ones no longer work.",
    )
    recovery_code_used = Told(
        "A recovery code was used",
        "Somebody signed in with one of your recovery codes. That code will not work again.",
    )
    passkey_added = Told(
        "A passkey was added",
        "A passkey was added to your account; it can be used to sign in.",
    )
    passkey_removed = Told(
        "A passkey was removed",
        "A passkey was removed from your account; it can no longer be used to sign in.",
    )
    provider_linked = Told(
        "Another way to sign in was connected",
        "An account elsewhere was connected to yours; it can be used to sign in.",
    )
    provider_unlinked = Told(
        "A way to sign in was disconnected",
        "An account elsewhere was disconnected from yours; it can no longer be used to sign in.",
    )
    api_key_made = Told(
        "An API key was made",
        "A new API key was made for your account. Programs that hold it act in your name.",
    )
    api_key_revoked = Told(
        "An API key was revoked",
        "An API key of your account was revoked. Programs that hold it are refused.",
    )
    new_device = Told(
        "A new device signed in",
        "Your account was opened in a browser or app that it did not know yet.",
    )
    token_reused = Told(
        "An app was signed out to keep you safe",
        "A key of an app that was used up already was presented again, so it may have been copied. "
        "The app was signed out.",
    )
    reactivated = Told(
        "Your account is open again",
        "Your account was opened again; you can sign in as before.",
    )

    @property
    def told(self) -> Told:
        return self.value


async def tell_of_change(
    db: AsyncSession,
    letters: Letters,
    user: User,
    change: Change,
    *,
    caller: Caller | None,
    now: datetime,
    also_to: str | None = None,
    detail: str | None = None,
) -> None:
    """Queues the mail in the transaction of the change; `also_to` is an address besides theirs.

    `detail` names what changed: the passkey, the provider, the key's name, the device in words.
    Without a `caller` the mail says that it was done by staff or by itself.
    """
    recipients = [user.email] if also_to in {None, user.email} else [user.email, also_to]
    for recipient in filter(None, recipients):
        await letters.send_change(
            db,
            recipient=recipient,
            first_name=user.first_name,
            subject=change.told.subject,
            sentence=change.told.sentence,
            detail=detail,
            origin=_origin(caller, detail) if caller else None,
            now=now,
        )


def _origin(caller: Caller, detail: str | None) -> str:
    """`Firefox on Linux, 203.0.113.7`, unless the mail names the device already."""
    device = in_words(caller.user_agent) if caller.user_agent else ""
    return caller.ip if device in {"", detail} else f"{device}, {caller.ip}"
