"""Somebody with a browser that knows no script: pages, links, forms, cookies, fetch metadata."""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx2

from tests.engines.document import Element, form_of, read
from tests.engines.patience import PATIENCE
from tests.engines.trust import trust

REDIRECTS = frozenset({303, 307, 308})
TYPED, SAME_ORIGIN, SAME_SITE, CROSS_SITE = "none", "same-origin", "same-site", "cross-site"
DISTANCES = (TYPED, SAME_ORIGIN, SAME_SITE, CROSS_SITE)


@dataclass
class Visitor:
    """What is in front of the person now: the address, the answer, and the page in it."""

    home: str
    http: httpx2.Client = field(
        default_factory=lambda: httpx2.Client(timeout=PATIENCE, trust_env=False, verify=trust())
    )
    url: str = ""
    answer: httpx2.Response = field(default_factory=lambda: httpx2.Response(204))
    arrived_from: str = TYPED
    """`Sec-Fetch-Site` of the last request, as a browser would have sent it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def goes(self, address: str) -> Self:
        """Types an address, of this site when only a path is given."""
        return self._ask("GET", urljoin(self.home, address), come_from="")

    def follows(self, link: str) -> Self:
        (target, *_) = [each for each in self.page.all("a") if each.text == link]
        return self._ask("GET", urljoin(self.url, target.attributes["href"]), come_from=self.url)

    def presses(self, button: str, **typed: str) -> Self:
        """`typed` by the names of the fields, which must be there."""
        form = form_of(self.page, button)
        assert typed.keys() <= form.fields.keys(), f"There are only {sorted(form.fields)}."
        target, fields = urljoin(self.url, form.action), {**form.fields, **typed}
        if form.method == "get":
            target = str(httpx2.URL(target, params=fields))
            return self._ask("GET", target, come_from=self.url)
        return self._ask("POST", target, come_from=self.url, fields=fields)

    def sends(self, path: str, **fields: str) -> Self:
        """What a form would send that this page does not have."""
        return self._ask("POST", urljoin(self.url, path), come_from=self.url, fields=fields)

    def _ask(
        self, method: str, target: str, *, come_from: str, fields: dict[str, str] | None = None
    ) -> Self:
        distance = TYPED
        for _ in range(10):
            if come_from:
                distance = further(distance, between(come_from, target))
            answer = self.http.request(
                method,
                target,
                data=fields,
                headers=headers(method, distance, origin_of(come_from)),
                follow_redirects=False,
            )
            if answer.status_code not in REDIRECTS:
                self.url, self.answer, self.arrived_from = target, answer, distance
                return self
            target = urljoin(target, answer.headers["location"])
            if answer.status_code == 303:
                method, fields = "GET", None
        raise AssertionError(f"{target} goes round and round.")

    @property
    def page(self) -> Element:
        return read(self.answer.text)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def heading(self) -> str:
        (only,) = self.page.all("h1")
        return only.text

    def says(self, sentence: str) -> bool:
        return sentence in self.page.text

    @property
    def cookies(self) -> dict[str, str]:
        """Of every site that was visited; the value says how far each is sent."""
        return {
            each.name: each.get_nonstandard_attr("SameSite") or "" for each in self.http.cookies.jar
        }


def headers(method: str, distance: str, origin: str) -> dict[str, str]:
    """Of a navigation; https://www.w3.org/TR/fetch-metadata/"""
    sent = {
        "accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        "sec-fetch-site": distance,
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
        "sec-fetch-user": "?1",
    }
    return {**sent, "origin": origin} if method == "POST" else sent


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if url else "null"


def between(one: str, other: str) -> str:
    if origin_of(one) == origin_of(other):
        return SAME_ORIGIN
    same_host = urlsplit(one).hostname == urlsplit(other).hostname
    return SAME_SITE if same_host else CROSS_SITE


def further(one: str, other: str) -> str:
    """A chain of redirects is as far as its furthest part."""
    return max(one, other, key=DISTANCES.index)
