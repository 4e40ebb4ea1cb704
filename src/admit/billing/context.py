"""What the money side works with, whichever door it was entered by."""

from dataclasses import dataclass

from admit.billing.gateway import Gateway
from admit.billing.stripe_account import connected_account, remember_account
from admit.core.clock import Clock
from admit.core.config import Settings
from admit.core.crypto import Vault
from admit.core.db import Database


@dataclass(frozen=True)
class Billing:
    settings: Settings
    database: Database
    clock: Clock
    vault: Vault
    gateway: Gateway

    @property
    def mode(self) -> str:
        """Of the key in use: `simulator`, `test` or `live`."""
        if self.settings.uses_simulator:
            return "simulator"
        return "live" if "_live_" in self.settings.stripe_key[:8] else "test"

    async def stripe_account_id(self) -> int:
        """Our row of the Stripe account in use, which every Stripe id is stored with.

        The first call asks Stripe who it is; raises `GatewayUnavailable` when it does not answer.
        """
        async with self.database.read() as db:
            known = await connected_account(db, mode=self.mode)
        if known is not None:
            return known.id
        return await self._connect()

    async def _connect(self) -> int:
        account = await self.gateway.get("/v1/account")
        async with self.database.write() as db:
            return (await remember_account(db, account_id=account["id"], mode=self.mode)).id
