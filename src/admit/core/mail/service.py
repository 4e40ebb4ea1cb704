import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.core.crypto import Vault
from admit.core.events.service import Event, record
from admit.core.ids import new_id
from admit.core.mail.models import MailRow

PURPOSE = "mail"


class MailQueued(Event):
    name: ClassVar[str] = "mail.queued"
    mail_id: str


@dataclass(frozen=True)
class Letter:
    kind: str
    recipient: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """Besides those that every mail has; they may hold links that are nobody else's business."""


async def queue_mail(db: AsyncSession, vault: Vault, letter: Letter, *, now: datetime) -> str:
    """The id of the mail, which the worker sends after this transaction."""
    parts = {"text": letter.text, "html": letter.html, "headers": dict(letter.headers)}
    row = MailRow(
        id=new_id("mail"),
        kind=letter.kind,
        recipient=letter.recipient,
        subject=letter.subject,
        sealed_body=vault.seal(json.dumps(parts), purpose=PURPOSE),
        created_at=now,
    )
    db.add(row)
    await db.flush()
    await record(db, MailQueued(mail_id=row.id), now=now, key=f"mail:{row.id}", subject=row.id)
    return row.id


@dataclass(frozen=True)
class OpenedMail:
    id: str
    kind: str
    recipient: str
    subject: str
    text: str
    html: str
    created_at: datetime
    sent_at: datetime | None
    headers: Mapping[str, str] = field(default_factory=dict)


def open_mail(row: MailRow, vault: Vault) -> OpenedMail:
    body = json.loads(vault.unseal(row.sealed_body, purpose=PURPOSE)) if row.sealed_body else {}
    return OpenedMail(
        id=row.id,
        kind=row.kind,
        recipient=row.recipient,
        subject=row.subject,
        text=body.get("text", ""),
        html=body.get("html", ""),
        created_at=row.created_at,
        sent_at=row.sent_at,
        headers=body.get("headers", {}),
    )


async def newest_mails(db: AsyncSession, *, limit: int = 100) -> list[MailRow]:
    newest = select(MailRow).order_by(MailRow.created_at.desc(), MailRow.id.desc()).limit(limit)
    return list(await db.scalars(newest))


async def mail_by_id(db: AsyncSession, mail_id: str) -> MailRow | None:
    return await db.get(MailRow, mail_id)


async def forget_mails(db: AsyncSession, *, queued_before: datetime) -> None:
    await db.execute(delete(MailRow).where(MailRow.created_at < queued_before))
