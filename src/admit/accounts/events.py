from typing import ClassVar

from admit.core.events import Event


class SignedUp(Event):
    """Somebody made an account; its address is not confirmed yet."""

    name: ClassVar[str] = "accounts.signed_up"
    user_id: str


class AddressConfirmed(Event):
    name: ClassVar[str] = "accounts.address_confirmed"
    user_id: str
