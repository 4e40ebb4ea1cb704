from typing import ClassVar

from admit.core.events import Event


class SignedUp(Event):
    """Somebody made an account; its address is not confirmed yet."""

    name: ClassVar[str] = "accounts.signed_up"
    user_id: str


class AddressConfirmed(Event):
    name: ClassVar[str] = "accounts.address_confirmed"
    user_id: str


class AccountClosed(Event):
    """By its owner or by staff; whoever takes money for it stops at the end of the period."""

    name: ClassVar[str] = "accounts.closed"
    user_id: str
