"""Each outcome of the security history in the words of the person it happened to."""

from typing import Literal, NamedTuple

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method

Tone = Literal["plain", "good", "warning"]


class Said(NamedTuple):
    sentence: str
    tone: Tone = "plain"


WORDS: dict[Outcome, Said] = {
    Outcome.signed_up: Said("You signed up", "good"),
    Outcome.sign_up_of_known_address: Said("Somebody tried to sign up with your address"),
    Outcome.code_refused: Said("A wrong or expired code was entered", "warning"),
    Outcome.link_refused: Said("A link that no longer works was opened"),
    Outcome.address_confirmed: Said("Your address was confirmed", "good"),
    Outcome.signed_in: Said("You signed in", "good"),
    Outcome.sign_in_refused: Said("A sign-in was refused", "warning"),
    Outcome.sign_in_held_back: Said("A sign-in was held back after too many tries", "warning"),
    Outcome.second_factor_asked: Said("The second step of a sign-in was asked for"),
    Outcome.second_factor_refused: Said("The second step of a sign-in was wrong", "warning"),
    Outcome.proved_again: Said("You showed again that it is you"),
    Outcome.proof_refused: Said("A check that it is you failed", "warning"),
    Outcome.password_closed: Said(
        "Your password was closed after too many wrong ones; reset it to use it again", "warning"
    ),
    Outcome.sign_in_code_asked: Said("A code to sign in with was mailed"),
    Outcome.two_factor_turned_on: Said("Two-factor sign-in was switched on", "good"),
    Outcome.two_factor_turned_off: Said("Two-factor sign-in was switched off", "warning"),
    Outcome.authenticator_changed: Said("Your authenticator app was changed", "warning"),
    Outcome.recovery_codes_made: Said("New recovery codes were made"),
    Outcome.recovery_code_used: Said("A recovery code was used", "warning"),
    Outcome.two_factor_reset_asked: Said(
        "Staff was asked to switch off two-factor sign-in", "warning"
    ),
    Outcome.two_factor_reset_stopped: Said("The switching off of two-factor sign-in was stopped"),
    Outcome.two_factor_reset_done: Said("Two-factor sign-in was switched off by staff", "warning"),
    Outcome.refresh_token_reused: Said(
        "An app was signed out, because a copy of its token came back", "warning"
    ),
    Outcome.api_key_made: Said("You made an API key"),
    Outcome.api_key_revoked: Said("You revoked an API key"),
    Outcome.password_reset_asked: Said("A link to set a new password was asked for"),
    Outcome.password_reset_refused: Said("A link to set a new password was refused", "warning"),
    Outcome.password_reset: Said("A new password was set with a mailed link"),
    Outcome.password_change_refused: Said(
        "The current password was wrong when a new one was chosen", "warning"
    ),
    Outcome.password_changed: Said("You changed your password"),
    Outcome.email_change_asked: Said("You asked for another e-mail address"),
    Outcome.email_change_stopped: Said("You kept your e-mail address"),
    Outcome.email_change_refused: Said("A link to change the e-mail address was refused"),
    Outcome.email_changed: Said("Your e-mail address was changed", "warning"),
    Outcome.email_change_undone: Said("The change of your e-mail address was undone", "warning"),
    Outcome.account_deactivated: Said("Your account was closed", "warning"),
    Outcome.account_reactivated: Said("Your account was opened again", "good"),
    Outcome.deletion_asked: Said("You asked us to delete your account", "warning"),
    Outcome.account_erased: Said("Your account was erased"),
    Outcome.data_exported: Said("You took a copy of your data"),
    Outcome.signed_out: Said("You signed out"),
    Outcome.admin_created: Said("Your account was made, as an administrator", "good"),
    Outcome.account_created: Said("Your account was made by an operator", "good"),
    Outcome.device_ended: Said("You signed a device out"),
    Outcome.other_devices_ended: Said("You signed out every other device"),
    Outcome.sessions_revoked: Said("An operator signed you out everywhere"),
    Outcome.role_changed: Said("Your role was changed"),
    Outcome.invitation_sent: Said("You were invited to a role"),
    Outcome.invitation_withdrawn: Said("An invitation was taken back"),
    Outcome.invitation_accepted: Said("You accepted an invitation", "good"),
    Outcome.invitation_declined: Said("You declined an invitation"),
    Outcome.passkey_added: Said("A passkey was added"),
    Outcome.passkey_removed: Said("A passkey was removed", "warning"),
    Outcome.provider_linked: Said("Another way to sign in was connected"),
    Outcome.provider_unlinked: Said("A way to sign in was disconnected", "warning"),
    Outcome.profile_changed: Said("You changed your profile"),
    Outcome.picture_changed: Said("Your picture was changed"),
    Outcome.newsletter_joined: Said("You joined the newsletter"),
    Outcome.newsletter_left: Said("You left the newsletter"),
}

METHODS: dict[str, str] = {
    Method.password: "with a password",
    Method.code: "with a code from a mail",
    Method.link: "with a link from a mail",
    Method.setup_link: "with the setup link",
    Method.terminal: "by an operator",
    Method.totp: "with an authenticator app",
    Method.recovery_code: "with a recovery code",
    Method.passkey: "with a passkey",
    Method.google: "with Google",
    Method.github: "with GitHub",
    Method.staff: "by staff",
    Method.mail_link: "with a link from a mail",
    Method.refresh_token: "by an app",
}


def said(what: str) -> Said:
    """What another version wrote and this one does not know is shown by its name."""
    known = Outcome(what) if what in set(Outcome) else None
    by_name = Said(what.replace("_", " ").capitalize())
    return WORDS.get(known, by_name) if known else by_name
