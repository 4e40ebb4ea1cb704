"""Mails as the dev mailbox shows them: what somebody needs from one, and its html made safe."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from cryptography.exceptions import InvalidTag
from sqlalchemy.ext.asyncio import AsyncSession

from admit.core.crypto import Vault
from admit.core.mail.models import MailRow
from admit.core.mail.service import mail_by_id, newest_mails, open_mail

SHOWN = 50
PREVIEW_LENGTH = 120
LINK = re.compile(r"https?://[^\s<>\"']+")
CODE = re.compile(r"(?<!\d)(\d{3}) ?(\d{3})(?!\d)")
STYLE_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')
UNREADABLE = "This mail was sealed with another ADMIT_SECRET_KEY, or has left by SMTP."


@dataclass(frozen=True)
class MailView:
    id: str
    to: str
    subject: str
    sent_at: datetime
    text: str
    html: str

    @property
    def preview(self) -> str:
        return " ".join(self.text.split())[:PREVIEW_LENGTH]


async def mails(db: AsyncSession, vault: Vault) -> Sequence[MailView]:
    """Newest first."""
    return [_view(row, vault) for row in await newest_mails(db, limit=SHOWN)]


async def mail(db: AsyncSession, vault: Vault, mail_id: str) -> MailView | None:
    row = await mail_by_id(db, mail_id)
    return None if row is None else _view(row, vault)


def links_of(text: str, *, site_url: str) -> list[str]:
    """Each once, in order; the site's own front page at the foot of every mail is no news."""
    found = dict.fromkeys(link.rstrip(".,;:!?)") for link in LINK.findall(text))
    return [link for link in found if link.rstrip("/") != site_url]


def code_of(text: str) -> str | None:
    """The first six digits that stand alone, outside of any link."""
    found = CODE.search(LINK.sub(" ", text))
    return f"{found[1]}{found[2]}" if found else None


def with_styles_in_a_sheet(html: str, *, nonce: str) -> str:
    """The same look without style attributes, which no policy of ours allows.

    They stay as `data-style`, from which the mailbox page sets them in its own preview.
    """
    rules: list[str] = []

    def moved(found: re.Match[str]) -> str:
        style = unescape(found[1]).replace("<", "")
        rules.append(f'[data-rule="{len(rules)}"] {{ {style} }}')
        return f' data-rule="{len(rules) - 1}" data-style="{found[1]}"'

    body = STYLE_ATTRIBUTE.sub(moved, html)
    sheet = f'<style nonce="{nonce}">{" ".join(rules)}</style>'
    return body.replace("</head>", f"{sheet}</head>", 1)


def _view(row: MailRow, vault: Vault) -> MailView:
    try:
        opened = open_mail(row, vault)
        text, html = opened.text or UNREADABLE, opened.html
    except InvalidTag:
        text, html = UNREADABLE, ""
    return MailView(
        id=row.id,
        to=row.recipient,
        subject=row.subject,
        sent_at=row.created_at,
        text=text,
        html=html,
    )
