"""Calls that are none of the API's: of pages, and of the simulator's control."""

from typing import Any

import httpx2

from tests.engines.trust import trust


class Plain:
    """As `httpx2`'s own functions, without reading the certificates of the world each time."""

    def request(self, method: str, url: str, **more: Any) -> httpx2.Response:
        return httpx2.request(method, url, trust_env=False, timeout=30, verify=trust(), **more)

    def get(self, url: str, **more: Any) -> httpx2.Response:
        return self.request("GET", url, **more)

    def post(self, url: str, **more: Any) -> httpx2.Response:
        return self.request("POST", url, **more)


http = Plain()
