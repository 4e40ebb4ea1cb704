from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Outcome(StrEnum):
    signed_up = "signed_up"
    sign_up_of_known_address = "sign_up_of_known_address"
    code_refused = "code_refused"
    link_refused = "link_refused"
    address_confirmed = "address_confirmed"
    signed_in = "signed_in"
    sign_in_refused = "sign_in_refused"
    sign_in_held_back = "sign_in_held_back"
    """Too many wrong passwords: this one was not even looked at."""
    second_factor_asked = "second_factor_asked"
    """The first factor was right."""
    second_factor_refused = "second_factor_refused"
    proved_again = "proved_again"
    """Showed once more who they are, to do something sensitive."""
    proof_refused = "proof_refused"
    password_closed = "password_closed"  # noqa: S105 - the name of an outcome
    """Too many wrong passwords in a row: it opens nothing until it is reset."""
    sign_in_code_asked = "sign_in_code_asked"
    two_factor_turned_on = "two_factor_turned_on"
    two_factor_turned_off = "two_factor_turned_off"
    authenticator_changed = "authenticator_changed"
    """Another app shows the codes of the second step."""
    recovery_codes_made = "recovery_codes_made"
    recovery_code_used = "recovery_code_used"
    two_factor_reset_asked = "two_factor_reset_asked"
    """By staff, for somebody who lost it; it is carried out after a day."""
    two_factor_reset_stopped = "two_factor_reset_stopped"
    two_factor_reset_done = "two_factor_reset_done"
    refresh_token_reused = "refresh_token_reused"  # noqa: S105 - the name of an outcome
    """A copy of an app's token came back; the app was signed out."""
    api_key_made = "api_key_made"
    api_key_revoked = "api_key_revoked"
    provider_linked = "provider_linked"
    provider_unlinked = "provider_unlinked"
    passkey_added = "passkey_added"
    passkey_removed = "passkey_removed"
    password_reset_asked = "password_reset_asked"  # noqa: S105 - the name of an outcome
    password_reset_refused = "password_reset_refused"  # noqa: S105 - the name of an outcome
    password_reset = "password_reset"  # noqa: S105 - the name of an outcome
    password_change_refused = "password_change_refused"  # noqa: S105 - the name of an outcome
    password_changed = "password_changed"  # noqa: S105 - the name of an outcome
    email_change_asked = "email_change_asked"
    email_change_stopped = "email_change_stopped"
    email_change_refused = "email_change_refused"
    email_changed = "email_changed"
    email_change_undone = "email_change_undone"
    """From the earlier address, which is the account's again."""
    account_deactivated = "account_deactivated"
    account_reactivated = "account_reactivated"
    deletion_asked = "deletion_asked"
    account_erased = "account_erased"
    data_exported = "data_exported"
    signed_out = "signed_out"
    admin_created = "admin_created"
    account_created = "account_created"
    """By an operator, in the terminal."""
    device_ended = "device_ended"
    other_devices_ended = "other_devices_ended"
    sessions_revoked = "sessions_revoked"
    """All of them, by an operator."""
    role_changed = "role_changed"
    invitation_sent = "invitation_sent"
    invitation_withdrawn = "invitation_withdrawn"
    invitation_accepted = "invitation_accepted"
    invitation_declined = "invitation_declined"
    profile_changed = "profile_changed"
    picture_changed = "picture_changed"
    newsletter_joined = "newsletter_joined"
    newsletter_left = "newsletter_left"


class SecurityEvent(Base):
    """Who, what, when, from where and by which method; never what was typed."""

    __tablename__ = "security_events"
    __table_args__ = (Index(None, "user_id", "occurred_at"), Index(None, "actor_id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """None when the address belongs to nobody."""
    what: Mapped[str]
    method: Mapped[str]
    occurred_at: Mapped[datetime]
    ip: Mapped[str]
    user_agent: Mapped[str]
    detail: Mapped[str | None]
    """What it was about, in words that are no secret: the role, the name of the key."""
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Who did it, when it was somebody else."""
