"""What an API key may be allowed; whoever makes one chooses among these."""

from collections.abc import Collection
from enum import StrEnum


class Scope(StrEnum):
    access_read = "access:read"
    account_read = "account:read"
    billing_read = "billing:read"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]


SENTENCES = {
    Scope.access_read: "Ask which features are open to you",
    Scope.account_read: "Read your name, your address and whether it is confirmed",
    Scope.billing_read: "Read your plan, your invoices and your payments",
}


def in_order(scopes: Collection[str]) -> list[Scope]:
    """Without what is no scope, and each once."""
    return [scope for scope in Scope if scope in scopes]
