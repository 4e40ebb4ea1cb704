"""The mails of this slice. Each is queued in the transaction of what it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment
from sqlalchemy.ext.asyncio import AsyncSession

from admit.core.config import Settings
from admit.core.crypto import Vault
from admit.core.mail import Letter, queue_mail


@dataclass(frozen=True)
class Letters:
    templates: Environment
    vault: Vault
    site_name: str
    site_url: str

    @classmethod
    def of(cls, settings: Settings, templates: Environment, vault: Vault) -> "Letters":
        return cls(
            templates=templates,
            vault=vault,
            site_name=settings.admit_site_name,
            site_url=settings.public_url,
        )

    async def send_code(
        self,
        db: AsyncSession,
        *,
        recipient: str,
        first_name: str,
        code: str,
        link_token: str,
        minutes: int,
        now: datetime,
    ) -> None:
        # Subjects are kept in clear, so the code stays out of it.
        subject = f"Confirm your address at {self.site_name}"
        context = {
            "first_name": first_name,
            "code": code,
            "link": f"{self.site_url}/verify/{link_token}",
            "minutes": minutes,
        }
        await self.send(db, "verify", recipient, subject, context, now=now)

    async def send_already_registered(
        self, db: AsyncSession, *, recipient: str, first_name: str, now: datetime
    ) -> None:
        subject = f"You already have an account at {self.site_name}"
        context = {"first_name": first_name, "sign_in_url": f"{self.site_url}/sign-in"}
        await self.send(db, "already_registered", recipient, subject, context, now=now)

    async def send_no_account(self, db: AsyncSession, *, recipient: str, now: datetime) -> None:
        subject = f"You have no account at {self.site_name} with this address"
        context = {"sign_up_url": f"{self.site_url}/sign-up"}
        await self.send(db, "no_account", recipient, subject, context, now=now)

    async def send_change(
        self,
        db: AsyncSession,
        *,
        recipient: str,
        first_name: str,
        subject: str,
        sentence: str,
        detail: str | None,
        origin: str | None,
        now: datetime,
    ) -> None:
        """What changed in the account, for its owner to recognise or to stop."""
        context = {
            "first_name": first_name,
            "title": subject,
            "sentence": sentence,
            "detail": detail,
            "origin": origin,
            "occurred_at": now,
            "reset_url": f"{self.site_url}/password/reset",
        }
        await self.send(db, "change", recipient, f"{subject} at {self.site_name}", context, now=now)

    async def send(
        self,
        db: AsyncSession,
        kind: str,
        recipient: str,
        subject: str,
        context: Mapping[str, object],
        *,
        now: datetime,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Queues `accounts/mail/{kind}`, as text and as page. `headers` are those of the mail."""
        letter = Letter(
            kind=f"accounts.{kind}",
            recipient=recipient,
            subject=subject,
            text=self._render(f"accounts/mail/{kind}.txt", context),
            html=self._render(f"accounts/mail/{kind}.html", context),
            headers=dict(headers or {}),
        )
        await queue_mail(db, self.vault, letter, now=now)

    def _render(self, template: str, context: Mapping[str, object]) -> str:
        return self.templates.get_template(template).render(
            site_name=self.site_name, site_url=self.site_url, **context
        )
