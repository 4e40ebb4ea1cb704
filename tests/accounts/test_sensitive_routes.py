"""Whatever could take an account away asks for a fresh proof (SECURITY S35)."""

import re
from collections.abc import Mapping
from datetime import timedelta

import httpx2
import pytest
from fastapi.routing import iter_route_contexts
from jinja2 import Environment

from admit.accounts.routes import router
from tests.accounts.house import House, open_house
from tests.accounts.settled import settled

SENSITIVE = (
    "/account/email",
    "/account/security",
    "/account/passkeys",
    "/account/api-keys",
    "/account/data",
    "/admin/",
    "/api/v1/auth/api-keys",
)
GOOGLE = {"google_client_id": "admit", "google_client_secret": "of a provider set up here"}
WITHOUT_PROOF: Mapping[str, str] = {
    "POST /account/security/two-factor/keep": "keeps the account as safe as it is",
    "POST /account/security/recovery-codes/confirmation": "needs a code that was just shown",
    "POST /account/passkeys/{passkey_id}/name": "changes a name only",
    "POST /account/api-keys/{key_id}/revoke": "takes something away from programs, at any time",
    "DELETE /api/v1/auth/api-keys/{key_id}": "takes something away from programs, at any time",
    "POST /admin/people/invitations/{invitation_id}/withdraw": "takes an offer back",
}


def sensitive() -> list[str]:
    return sorted(
        f"{method} {route.path}"
        for route in iter_route_contexts(router.routes)
        for method in route.methods or ()
        if method not in {"GET", "HEAD"} and str(route.path).startswith(SENSITIVE)
    )


def code_of(answer: httpx2.Response) -> str | None:
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return answer.json()["code"] if is_problem else None


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_s35_each_sensitive_route_refuses_a_proof_older_than_five_minutes(
    database_url: str, templates: Environment
) -> None:
    """S35: found from the router; a new route below these addresses must ask, or say why not."""
    async with open_house(database_url, templates, **GOOGLE) as house:
        await every_sensitive_route_asks(house)


async def every_sensitive_route_asks(house: House) -> None:
    ada = await settled(house)
    await house.execute("UPDATE users SET role = 'admin'")
    house.clock.move(timedelta(minutes=5, seconds=1))
    ada.http.headers["accept"] = "application/json"

    answers = {}
    for route in sensitive():
        method, path = route.split()
        answer = await ada.http.request(method, re.sub(r"{\w+}", "google", path))
        answers[route] = (answer.status_code, code_of(answer))

    asked = [route for route in answers if route not in WITHOUT_PROOF]
    assert len(asked) >= 15
    assert {route: answers[route] for route in asked} == dict.fromkeys(
        asked, (403, "reauth_required")
    )
    assert [route for route in WITHOUT_PROOF if route not in answers] == []
