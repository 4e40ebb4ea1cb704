"""What the money side works with, whichever door it was entered by."""

from dataclasses import dataclass

from admit.billing.errors import OtherStripeAccount
from admit.billing.gateway import Gateway, GatewayRefused, GatewayUnavailable
from admit.billing.stripe_account import connected_account, newest_account, remember_account
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
        return await self.known_account_id() or await self._connect()

    async def known_account_id(self) -> int | None:
        """The same, without asking: None while nothing has ever been asked of Stripe."""
        async with self.database.read() as db:
            known = await connected_account(db, mode=self.mode)
        return known.id if known else None

    async def check_account(self) -> None:
        """Refuse a key of another account or mode than what this database holds.

        Raises `OtherStripeAccount`, also for a key that Stripe does not take; without an answer
        of Stripe only the mode is compared.
        """
        async with self.database.read() as db:
            known = await newest_account(db)
        if known is None:
            return
        if known.retired_at is not None:
            raise OtherStripeAccount(
                f"A change from the Stripe account {known.account_id} ({known.mode}) to another "
                "one was begun and has not come to its end."
            )
        if known.mode != self.mode:
            raise OtherStripeAccount(
                f"This database holds what belongs to the Stripe account {known.account_id} "
                f"({known.mode}); the key in use is of mode {self.mode}."
            )
        if self.settings.uses_simulator and not self.settings.is_production:
            # Another account there is one that was reset: everything is asked for anew.
            return
        try:
            account = await self.gateway.get("/v1/account")
        except GatewayUnavailable:
            return
        except GatewayRefused as refusal:
            raise OtherStripeAccount(f"Stripe refuses the key in use. {refusal.reason}") from None
        if account["id"] != known.account_id:
            raise OtherStripeAccount(
                f"This database holds what belongs to the Stripe account {known.account_id}; "
                f"the key in use is of {account['id']}."
            )

    async def _connect(self) -> int:
        account = await self.gateway.get("/v1/account")
        async with self.database.write() as db:
            return (await remember_account(db, account_id=account["id"], mode=self.mode)).id
