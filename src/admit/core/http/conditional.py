"""Whether the caller has the answer already, asked before anything is loaded.

RFC 9110, section 13: `If-None-Match` on reads (304 without a body), `If-Match` on writes (412 when
somebody else was faster). The tag is made of a number that was written when the data changed; it
is weak, for two programs may be sent the same facts in other bytes.
"""

from collections.abc import Iterator

from fastapi import Request, Response

from admit import __version__
from admit.core.errors import AppError


class NotModified(Exception):
    """Answered as 304 by the handler of `core.http.answers`."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__(tag)


class Changed(AppError):
    status = 412
    title = "It has changed meanwhile"
    message = "Somebody changed this after you read it, so nothing was written."
    advice = "Read it again, and send your change with the new ETag."


def tag_of(*numbers: int) -> str:
    """Another release may say the same facts in another shape."""
    return f'W/"{__version__}-{"-".join(map(str, numbers))}"'


def unless_known(request: Request, response: Response, *numbers: int) -> None:
    """Sets `ETag`. Raises `NotModified` when the caller named it."""
    tag = tag_of(*numbers)
    if names(request.headers.get("if-none-match", ""), tag):
        raise NotModified(tag)
    response.headers["ETag"] = tag


def only_if_still(request: Request, *numbers: int) -> None:
    """Raises `Changed` when the caller read another version; who names none takes the risk."""
    wanted = request.headers.get("if-match")
    if wanted is not None and not names(wanted, tag_of(*numbers)):
        raise Changed


def names(header: str, tag: str) -> bool:
    """Weak comparison: a proxy that compresses may have weakened a tag, or dropped the mark."""
    bare = tag.removeprefix("W/")
    return any(each in {"*", bare} for each in _named(header))


def _named(header: str) -> Iterator[str]:
    for each in header.split(","):
        yield each.strip().removeprefix("W/")
