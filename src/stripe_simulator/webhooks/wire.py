"""POST over connections that are kept: as little as a delivery needs, and as fast as it can be.

A general HTTP client spends more on a delivery than everything else together; a year of renewals
has tens of thousands of them. Redirects are not followed: to Stripe they are failures.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

import httptools

LARGEST_ANSWER = 65_536
CHUNK = 16_384


class WireError(Exception):
    """Nothing was answered: no such address, nobody there, too slow, or no HTTP."""


@dataclass
class Answer:
    """Filled by the parser."""

    status: int = 0
    body: bytes = b""
    complete: bool = False
    keeps: bool = False
    """Whether the connection may be used again."""
    parser: httptools.HttpResponseParser = field(init=False)

    def __post_init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)

    def on_body(self, body: bytes) -> None:
        self.body = (self.body + body)[:LARGEST_ANSWER]

    def on_headers_complete(self) -> None:
        self.status = self.parser.get_status_code()

    def on_message_complete(self) -> None:
        """An answer that announces another (100 Continue) does not end the exchange."""
        self.complete = self.status >= 200
        self.keeps = self.complete and self.parser.should_keep_alive()


@dataclass(frozen=True)
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Wire:
    """One idle connection is kept for each origin; `trust` is asked once, for https."""

    def __init__(self, *, trust: Callable[[], ssl.SSLContext], timeout: float) -> None:
        self.trust = trust
        self.timeout = timeout
        self.idle: dict[tuple[str, str], Connection] = {}

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """The status and the text of the answer. Errors: WireError."""
        try:
            parts = urlsplit(url)
            request = request_of(parts, body, headers)
            async with asyncio.timeout(self.timeout):
                answer = await self._exchange(parts, request)
        except (OSError, ValueError, EOFError, httptools.HttpParserError) as error:
            raise WireError(f"{type(error).__name__}: {error}") from error
        return answer.status, answer.body.decode("utf-8", "replace")

    async def _exchange(self, parts: SplitResult, request: bytes) -> Answer:
        """A kept connection may have been closed by the other side meanwhile: then a new one."""
        kept = self.idle.pop((parts.scheme, parts.netloc), None)
        if kept is not None:
            try:
                return await self._talk(parts, kept, request)
            except (ConnectionError, EOFError):
                kept.writer.close()
        return await self._talk(parts, await self._connect(parts), request)

    async def _connect(self, parts: SplitResult) -> Connection:
        secure = parts.scheme == "https"
        reader, writer = await asyncio.open_connection(
            parts.hostname,
            parts.port or (443 if secure else 80),
            ssl=self.trust() if secure else None,
        )
        return Connection(reader, writer)

    async def _talk(self, parts: SplitResult, connection: Connection, request: bytes) -> Answer:
        answer = Answer()
        try:
            connection.writer.write(request)
            while not answer.complete:
                data = await connection.reader.read(CHUNK)
                if not data:
                    return ended_by_closing(answer)
                answer.parser.feed_data(data)
        finally:
            if answer.keeps:
                self.idle[parts.scheme, parts.netloc] = connection
            else:
                connection.writer.close()
        return answer

    def close(self) -> None:
        for connection in self.idle.values():
            connection.writer.close()
        self.idle.clear()


def ended_by_closing(answer: Answer) -> Answer:
    """Without a length the end of the connection is the end of the answer."""
    if answer.status == 0:
        raise EOFError("The connection was closed without an answer.")
    return answer


def request_of(parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> bytes:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"not an address for HTTP: {parts.geturl()}")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"POST {path} HTTP/1.1", f"host: {parts.netloc.rpartition('@')[2]}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"content-length: {len(body)}", "accept: */*", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
