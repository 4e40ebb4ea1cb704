"""What `/openapi.json` promises of every endpoint of the API."""

from pathlib import Path
from typing import Any

import pytest

from tests.pages.rooms import open_rooms

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_program_finds_every_operation_by_a_name_that_stays(
    database_url: str, tmp_path: Path
) -> None:
    async with open_rooms(database_url, tmp_path) as rooms:
        description: dict[str, Any] = (await rooms.browser().get("/openapi.json")).json()

    operations = {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }
    api = {name: told for name, told in operations.items() if told[1].startswith("/api/v1/auth")}
    assert sorted(api) == [
        "ask_for_sign_in_code",
        "confirm_address",
        "end_other_sessions",
        "end_session",
        "enter_second_factor",
        "enter_sign_in_code",
        "get_me",
        "list_api_keys",
        "list_sessions",
        "make_api_key",
        "refresh",
        "resend_confirmation",
        "revoke_api_key",
        "sign_in",
        "sign_out",
        "sign_up",
    ]
    for _, path, operation in api.values():
        refusals = {s: told["content"] for s, told in operation["responses"].items() if s >= "4"}
        assert (path, set(refusals) >= {"400", "500", "503"}) == (path, True)
        assert refusals == dict.fromkeys(refusals, PROBLEM)
    assert description["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert api["get_me"][2]["security"] == [{"bearer": []}]
    assert "HTTPValidationError" not in description["components"]["schemas"]
    assert api["sign_in"][2]["responses"]["200"]["links"]["refresh"]["operationId"] == "refresh"
