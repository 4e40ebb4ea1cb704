"""Deliveries over one connection, to receivers that speak HTTP in every way they may."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from stripe_simulator.webhooks.wire import Wire, WireError

GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n"


class Receiver:
    """Answers each request with the next of `answers`; counts who connects."""

    def __init__(self, answers: Sequence[bytes], *, closes: bool = False) -> None:
        self.answers = list(answers)
        self.closes = closes
        self.connections = 0
        self.heads: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []

    def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.tasks.append(asyncio.create_task(self.talk(reader, writer)))

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while self.answers:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
            except asyncio.IncompleteReadError:
                break
            self.heads.append(head)
            await reader.readexactly(int(head.lower().partition("content-length: ")[2].split()[0]))
            writer.write(self.answers.pop(0))
            await writer.drain()
            if self.closes:
                break
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def receiving(receiver: Receiver) -> AsyncIterator[str]:
    server = await asyncio.start_server(receiver.meet, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?of=ours"
    await asyncio.gather(*receiver.tasks)


def wire(timeout: float = 5.0) -> Wire:
    return Wire(trust=ssl.create_default_context, timeout=timeout)


async def test_many_deliveries_share_a_connection() -> None:
    receiver = Receiver([GOOD, GOOD, GOOD])
    async with receiving(receiver) as url:
        ours = wire()

        answers = [await ours.post(url, b"{}", {"x-number": str(one)}) for one in range(3)]

        ours.close()
    assert answers == [(200, "ok")] * 3
    assert receiver.connections == 1
    assert receiver.heads[0].startswith("POST /hook?of=ours HTTP/1.1\r\n")
    assert "x-number: 2\r\n" in receiver.heads[2]


async def test_a_connection_that_was_closed_meanwhile_is_made_anew() -> None:
    receiver = Receiver([GOOD, GOOD], closes=True)
    async with receiving(receiver) as url:
        ours = wire()

        answers = [await ours.post(url, b"{}", {}) for _ in range(2)]

        ours.close()
    assert (answers, receiver.connections) == ([(200, "ok")] * 2, 2)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", (204, "")),
        (b"HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n", (302, "")),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + GOOD, (200, "ok")),
        (
            CHUNKED + b"3\r\nsor\r\n2\r\nry\r\n0\r\n\r\n",
            (500, "sorry"),
        ),
    ],
    ids=["empty", "elsewhere", "continued", "in chunks"],
)
async def test_every_kind_of_answer_is_understood(answer: bytes, expected: tuple[int, str]) -> None:
    async with receiving(Receiver([answer])) as url:
        ours = wire()

        assert await ours.post(url, b"{}", {}) == expected

        ours.close()


async def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    async with receiving(Receiver([b"HTTP/1.0 200 OK\r\n\r\nall of it"], closes=True)) as url:
        assert await wire().post(url, b"{}", {}) == (200, "all of it")


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-nobody\r\n\r\n"], ids=["silence", "not HTTP"])
async def test_whoever_does_not_answer_is_told_of(answer: bytes) -> None:
    async with receiving(Receiver([answer], closes=True)) as url:
        with pytest.raises(WireError):
            await wire().post(url, b"{}", {})


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "ftp://shop.example/", "http:///nowhere"])
async def test_an_address_where_nobody_listens_is_told_of(url: str) -> None:
    with pytest.raises(WireError):
        await wire().post(url, b"{}", {})


async def test_patience_ends() -> None:
    begun = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nand then"
    async with receiving(Receiver([begun, b"never"])) as url:
        with pytest.raises(WireError, match="TimeoutError"):
            await wire(timeout=0.05).post(url, b"{}", {})
