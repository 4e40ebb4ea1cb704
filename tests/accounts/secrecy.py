"""Whatever a test does in a house is watched for secrets that lie about in clear (S17, S59).

What browsers are given and what they send is remembered; when the house closes, neither a line of
the log nor a text in the database may hold any of it.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import structlog

from admit.core.db import Base, Database
from admit.core.logs import hide_secrets
from admit.core.mail.service import OpenedMail

PASSWORDS = {"password", "new_password", "current_password"}
ONLY_JUDGED = "/password/strength"
"""What is typed there may be a word that stands anywhere; nobody takes it for a password."""
NO_SECRET = {"flash", "theme"}
SHORTEST_TOKEN = 32
SHORTEST_PASSWORD = 12
IN_ANSWERS = (
    re.compile(r"\badm_[\w-]{24,}"),
    re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"),
    re.compile(r"secret=([A-Z2-7]{16,})"),
    re.compile(r"<li><code>([2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{4})</code>"),
    re.compile(r'"refresh_token":\s*"([^"]+)"'),
)
IN_MAILS = re.compile(rf"/([\w.~-]{{{SHORTEST_TOKEN},}})(?=\s|$)")
CODE_IN_MAIL = re.compile(r"\b\d{6}\b")


@dataclass
class Secrecy:
    """`whole` may stand nowhere; `codes` nowhere as a word, for six digits are in many numbers."""

    whole: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    async def saw(self, answer: httpx2.Response) -> None:
        """For each answer that a browser gets."""
        await answer.aread()
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            if name.removeprefix("__Host-") not in NO_SECRET and len(value) >= SHORTEST_TOKEN:
                self.whole.add(value)
        if answer.headers.get("content-type", "").startswith(("text/", "application/json")):
            for pattern in IN_ANSWERS:
                self.whole.update(pattern.findall(answer.text))
        if answer.status_code < 400 and answer.request.url.path != ONLY_JUDGED:
            self.whole.update(passwords_in(answer.request))

    def read(self, mails: Iterable[OpenedMail]) -> None:
        for mail in mails:
            self.whole.update(IN_MAILS.findall(mail.text))
            self.codes.update(CODE_IN_MAIL.findall(mail.text))

    def found_in(self, text: str) -> set[str]:
        words = set(CODE_IN_MAIL.findall(text))
        return {secret for secret in self.whole if secret in text} | (self.codes & words)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """To the log of the product and to those of its libraries."""

        def keep(_logger: object, _method: str, event: structlog.typing.EventDict) -> Any:
            self.lines.append(json.dumps(event, default=str, ensure_ascii=False))
            return event

        configured = structlog.get_config()["processors"]
        ear = Ear(self.lines)
        merge = structlog.contextvars.merge_contextvars
        structlog.configure(processors=[merge, hide_secrets, keep, *configured])
        logging.getLogger().addHandler(ear)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(ear)
            if structlog.get_config()["processors"][3:] == configured:
                structlog.configure(processors=configured)


class Ear(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.INFO)
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def passwords_in(request: httpx2.Request) -> set[str]:
    """Those that were taken: they keep to the rules, and so are no word that stands elsewhere."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return set()
    body = request.content.decode(errors="replace")
    sent = dict(parse_qsl(body)) if not body.startswith("{") else json.loads(body)
    typed = {str(sent[name]) for name in PASSWORDS & set(sent)}
    return {password for password in typed if len(password) >= SHORTEST_PASSWORD}


async def texts_of(database: Database) -> str:
    """Every text that any table holds."""
    texts: list[str] = []
    async with database.read() as db:
        connection = await db.connection()
        for table in Base.metadata.tables:
            # As it is written: what SQLAlchemy would make of each table costs more than to ask.
            rows = await connection.exec_driver_sql(f'SELECT * FROM "{table}"')  # noqa: S608
            texts.extend(value for row in rows for value in row if isinstance(value, str))
    return "\n".join(texts)
