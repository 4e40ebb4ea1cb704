"""A program that signs in over the API: no browser, no cookies, no word of where it comes from."""

from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.accounts.house import PASSWORD, Browser, House

AUTH = "/api/v1/auth"


@dataclass
class Program:
    http: httpx2.AsyncClient
    access: str = ""
    refresh_token: str = field(default="", repr=False)

    async def sign_in(
        self, email: str = "ada@example.com", password: str = PASSWORD, **fields: str
    ) -> httpx2.Response:
        asked = {"email": email, "password": password, "refresh_token_in": "body", **fields}
        return self.keep(await self.post("sign-in", asked))

    async def refresh(self, token: str | None = None) -> httpx2.Response:
        """With the newest token, which is replaced, or with one that is given, which is not."""
        answer = await self.post("refresh", {"refresh_token": token or self.refresh_token})
        return answer if token else self.keep(answer)

    async def post(self, name: str, asked: dict[str, Any] | None = None) -> httpx2.Response:
        return await self.http.post(f"{AUTH}/{name}", json=asked, headers=self.headers)

    async def get(self, name: str = "me", **headers: str) -> httpx2.Response:
        return await self.http.get(f"{AUTH}/{name}", headers={**self.headers, **headers})

    async def delete(self, name: str) -> httpx2.Response:
        return await self.http.delete(f"{AUTH}/{name}", headers=self.headers)

    async def status(self, token: str | None = None) -> int:
        """Of `me`, with a token of one's own or another."""
        shown = {"authorization": f"Bearer {self.access if token is None else token}"}
        return (await self.http.get(f"{AUTH}/me", headers=shown)).status_code

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.access}"} if self.access else {}

    def keep(self, answer: httpx2.Response) -> httpx2.Response:
        if answer.status_code == 200 and "access_token" in answer.json():
            self.access = answer.json()["access_token"]
            self.refresh_token = answer.json()["refresh_token"] or ""
        return answer


def program(house: House) -> Program:
    return Program(without_origin(house.browser()))


async def signed_in(house: House, email: str = "ada@example.com") -> Program:
    found = program(house)
    assert (await found.sign_in(email)).status_code == 200
    return found


def without_origin(browser: Browser) -> httpx2.AsyncClient:
    del browser.http.headers["origin"]
    return browser.http
