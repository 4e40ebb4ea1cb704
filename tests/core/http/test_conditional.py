"""Tags by RFC 9110: weak comparison, lists, and the star."""

import pytest
from starlette.requests import Request
from starlette.responses import Response

from admit.core.http.conditional import (
    Changed,
    NotModified,
    only_if_still,
    tag_of,
    unless_known,
)

TAG = tag_of(3, 7)
BARE = TAG.removeprefix("W/")
NAMING = (TAG, BARE, f'"other", {TAG}', f'{BARE} , W/"x"', "*")
NOT_NAMING = ("", '"other"', tag_of(3, 8), TAG.removesuffix('"'))


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw})


@pytest.mark.parametrize("header", NAMING)
def test_who_names_the_tag_is_sent_nothing_and_may_write(header: str) -> None:
    with pytest.raises(NotModified) as known:
        unless_known(request(if_none_match=header), Response(), 3, 7)
    only_if_still(request(if_match=header), 3, 7)

    assert known.value.tag == TAG


@pytest.mark.parametrize("header", NOT_NAMING)
def test_who_names_another_is_sent_the_answer_and_may_not_write(header: str) -> None:
    response = Response()
    unless_known(request(if_none_match=header), response, 3, 7)
    with pytest.raises(Changed):
        only_if_still(request(if_match=header), 3, 7)

    assert response.headers["etag"] == TAG


def test_who_names_nothing_is_sent_the_answer_and_may_write() -> None:
    response = Response()
    unless_known(request(), response, 3, 7)
    only_if_still(request(), 3, 7)

    assert response.headers["etag"] == TAG
