"""How mail leaves: by SMTP, or not at all while the dev mailbox shows it."""

from collections.abc import Awaitable, Callable
from email import policy
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

import aiosmtplib
from sqlalchemy.ext.asyncio import AsyncSession

from admit.core.clock import Clock
from admit.core.crypto import Vault
from admit.core.db import Database
from admit.core.events.service import Occurrence
from admit.core.events.worker import Reaction
from admit.core.mail.models import MailRow
from admit.core.mail.service import OpenedMail, open_mail

SMTP_TIMEOUT_SECONDS = 20
# Folding breaks an address in a header into encoded words, which no mail program reads as one.
UNFOLDED = policy.default.clone(max_line_length=500)
Transport = Callable[[OpenedMail], Awaitable[None]]


def smtp_transport(url: str, sender: str) -> Transport:
    """`smtp://user:password@host:587` (STARTTLS when offered) or `smtps://…:465`."""
    parts = urlsplit(url)
    implicit_tls = parts.scheme == "smtps"

    async def send(mail: OpenedMail) -> None:
        await aiosmtplib.send(
            message_of(mail, sender),
            hostname=parts.hostname,
            port=parts.port or (465 if implicit_tls else 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=implicit_tls,
            timeout=SMTP_TIMEOUT_SECONDS,
        )

    return send


def message_of(mail: OpenedMail, sender: str) -> EmailMessage:
    message = EmailMessage(policy=UNFOLDED)
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = formatdate(mail.created_at.timestamp())
    # The same id on every try: a mail sent twice around a crash is recognised as one.
    message["Message-ID"] = f"<{mail.id}@admit>"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def sending(
    database: Database, vault: Vault, clock: Clock, transport: Transport | None
) -> Reaction:
    """The reaction to `mail.queued`; without a transport the mail waits in the dev mailbox."""

    async def send(occurrence: Occurrence) -> None:
        if transport is None:
            return
        async with database.read() as db:
            row = await db.get_one(MailRow, occurrence.data["mail_id"])
        if row.sent_at is None:
            await transport(open_mail(row, vault))

    async def mark_sent(db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        row = await db.get_one(MailRow, occurrence.data["mail_id"])
        row.sent_at = row.sent_at or clock.wall()
        if transport is not None:
            row.sealed_body = None

    return Reaction(prepare=send, apply=mark_sent)
