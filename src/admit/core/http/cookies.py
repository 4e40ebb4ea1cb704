"""Cookies that only this site can set and only the server can read."""

import base64
import binascii
import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

FLASH = "flash"
KINDS = ("success", "info", "warning", "error")
SESSION = "session"


@dataclass(frozen=True)
class CookieJar:
    """`__Host-` binds a cookie to this host over https; only http on loopback goes without."""

    https: bool

    def name(self, base: str) -> str:
        return f"__Host-{base}" if self.https else base

    def read(self, request: Request, base: str) -> str | None:
        return request.cookies.get(self.name(base))

    def write(
        self, response: Response, base: str, value: str, *, max_age: int | None = None
    ) -> None:
        response.set_cookie(
            self.name(base),
            value,
            max_age=max_age,
            path="/",
            secure=self.https,
            httponly=True,
            samesite="lax",
        )

    def clear(self, response: Response, base: str) -> None:
        response.delete_cookie(
            self.name(base), path="/", secure=self.https, httponly=True, samesite="lax"
        )

    def flash(self, response: Response, kind: str, text: str) -> None:
        """Say it on the next page: `kind` is one of `KINDS`."""
        message = json.dumps([{"kind": kind, "text": text}]).encode()
        self.write(response, FLASH, base64.urlsafe_b64encode(message).decode(), max_age=60)

    def flashed(self, request: Request) -> list[dict[str, str]]:
        kept = self.read(request, FLASH)
        if not kept:
            return []
        try:
            messages = json.loads(base64.urlsafe_b64decode(kept))
            return [_message(m["kind"], m["text"]) for m in messages]
        except (binascii.Error, ValueError, TypeError, KeyError, RecursionError):
            return []


def _message(kind: object, text: object) -> dict[str, str]:
    """A browser sends what it likes: only what we could have said is shown. Raises ValueError."""
    if kind not in KINDS or not isinstance(text, str):
        raise ValueError("Not a message of ours.")
    text.encode()
    return {"kind": str(kind), "text": text}


def jar_of(request: Request) -> CookieJar:
    jar: CookieJar = request.app.state.cookies
    return jar
