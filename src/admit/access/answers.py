"""Answers of the hot roads, made once for as long as a snapshot holds."""

from collections.abc import Sequence
from hashlib import blake2b

from pydantic import BaseModel

from admit.access.errors import UnknownFeature
from admit.access.schemas import all_features, one_feature
from admit.access.service import Access
from admit.access.snapshots import Answer, Header

PATH = "/api/v1/access"
JSON = (b"content-type", b"application/json")


def fixed_headers(*, https: bool) -> list[Header]:
    headers = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
    if https:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers


def access_answer(path: str, access: Access, fixed: Sequence[Header]) -> Answer:
    """Raises `UnknownFeature`."""
    body = answer_at(path, access).model_dump_json().encode()
    etag = etag_of(access.version, body)
    unchanged = [*fixed, (b"etag", etag)]
    length = (b"content-length", str(len(body)).encode())
    return Answer(200, [*unchanged, JSON, length], body, etag, unchanged)


def answer_at(path: str, access: Access) -> BaseModel:
    """Raises `UnknownFeature`."""
    if path == PATH:
        return all_features(access)
    feature = path.removeprefix(f"{PATH}/")
    if feature not in access.decisions:
        raise UnknownFeature
    return one_feature(feature, access.decisions[feature])


def etag_of(version: int, body: bytes) -> bytes:
    """The version counts what is written; grants also end by time alone, and features come and go,
    so the answer itself has its part in it. Every process makes the same one.
    """
    return b'"%d-%b"' % (version, blake2b(body, digest_size=8).hexdigest().encode())
