"""A service of leaked passwords, as Have I Been Pwned answers."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LEAKED = "violet harbour staircase"
DIGEST = hashlib.sha1(LEAKED.encode(), usedforsecurity=False).hexdigest().upper()


class Service(ThreadingHTTPServer):
    """Answers as Have I Been Pwned does, and keeps what it was asked."""

    def __init__(self, body: str, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.body, self.status, self.asked = body, status, list[str]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/range"


class Answering(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.requestline} {self.headers}")
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing is to be seen in the output of the tests."""


@contextmanager
def service(body: str, status: int = 200) -> Iterator[Service]:
    with Service(body, status) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()
