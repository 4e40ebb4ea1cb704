"""Whose key is in use, and whether it may do what Admit asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from admit.billing.connection.permissions import missing_permissions
from admit.billing.context import Billing
from admit.billing.gateway import GatewayRefused


class UnfitKey(Exception):
    """The key in use cannot do Admit's work; each line says what it lacks."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class KeyFacts:
    account_id: str
    name: str
    mode: str


async def whose_key(billing: Billing) -> str:
    """The id of the account. Raises `UnfitKey`, `GatewayUnavailable`."""
    return str((await _account(billing))["id"])


async def examine_key(billing: Billing) -> KeyFacts:
    """Raises `UnfitKey`, `OtherStripeAccount`, `GatewayUnavailable`."""
    account = await _account(billing)
    await billing.check_account()
    missing = await missing_permissions(billing)
    if missing:
        raise UnfitKey([f"The key may not do this: {each}" for each in missing])
    name = (account.get("business_profile") or {}).get("name") or "no name"
    return KeyFacts(account_id=str(account["id"]), name=str(name), mode=billing.mode)


async def _account(billing: Billing) -> Mapping[str, Any]:
    if billing.settings.stripe_key.startswith("pk_"):
        raise UnfitKey(["STRIPE_SECRET_KEY holds a publishable key (pk_…); give the secret one."])
    try:
        return await billing.gateway.get("/v1/account")
    except GatewayRefused as refusal:
        raise UnfitKey([f"Stripe refuses the key: {refusal.reason}"]) from None
