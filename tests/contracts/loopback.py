"""The small HTTP servers of the gate: loopback only, one thread a connection."""

import http.client
import http.server
import socket
import threading
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any

HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "transfer-encoding",
        "content-length",
        "content-encoding",
        "host",
        "te",
        "upgrade",
    }
)
METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS")
UPSTREAM_TIMEOUT_SECONDS = 60

Answer = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body


class LoopbackServer(http.server.ThreadingHTTPServer):
    """Listens as soon as it is made; `start` answers, `close` hangs up on everyone."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler: type["Handler"], port: int = 0) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        for connection in list(self._connections):
            self.shutdown_request(connection)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that hangs up early is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it
        """Silent: the report is the log."""

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def passed_on(self, *, without: frozenset[str] = frozenset()) -> dict[str, str]:
        """The headers of the request that belong to it and not to this connection."""
        dropped = HOP_BY_HOP | without
        return {name: value for name, value in self.headers.items() if name.lower() not in dropped}

    def reply(self, status: int, headers: Iterable[tuple[str, str]], data: bytes) -> None:
        given = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
        self.send_response_only(status)
        for name, value in given:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def answering(answer: Callable[[Handler, bytes], Answer]) -> type[Handler]:
    """A handler that answers every method alike, given the request and its body."""

    def respond(request: Handler) -> None:
        request.reply(*answer(request, request.body()))

    return type("Answering", (Handler,), {f"do_{method}": respond for method in METHODS})


def forward(base: str, method: str, target: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Asks the server at `base` for `target`. Raises `OSError` when there is no answer."""
    upstream = urllib.parse.urlsplit(base)
    kind = http.client.HTTPSConnection if upstream.scheme == "https" else http.client.HTTPConnection
    connection = kind(upstream.hostname or "", upstream.port, timeout=UPSTREAM_TIMEOUT_SECONDS)
    try:
        connection.request(method, target, body or None, headers)
        response = connection.getresponse()
        return response.status, response.getheaders(), response.read()
    except http.client.HTTPException as error:
        raise ConnectionError(repr(error)) from error
    finally:
        connection.close()
