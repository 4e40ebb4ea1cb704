"""The API's description: what every endpoint of /api may answer besides what it says itself."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from admit.core.http.frame import API, SAFE_METHODS

PROBLEM = "application/problem+json"
REFERENCE = {"$ref": "#/components/schemas/Problem"}
SCHEMA = {
    "title": "Problem",
    "description": "RFC 9457, with the name of the situation and the id of the request.",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people."},
        "code": {"type": "string", "description": "The situation, for programs."},
        "request_id": {"type": ["string", "null"]},
        "errors": {
            "type": "object",
            "description": "For 422: a sentence by field.",
            "additionalProperties": {"type": "string"},
        },
        "feature": {"type": "string", "description": "For 403: the feature that is lacking."},
        "level": {"type": "integer", "description": "For 403: the level that is lacking."},
        "plans": {
            "type": "array",
            "description": "For 403: the plans that open it, by their codes.",
            "items": {"type": "string"},
        },
    },
    "required": ["type", "title", "status", "detail", "code", "request_id"],
}
SITUATIONS = {
    400: "The request could not be read.",
    401: "Nobody is signed in, or what was shown to sign in is not right.",
    403: "Not open to whoever asks, or sent from another site.",
    404: "There is no such thing, or it is somebody else's.",
    409: "It is not in a state in which this can be done.",
    412: "`If-Match` named a version that is no longer the latest.",
    413: "More was sent than is taken.",
    422: "A field needs another look; `errors` names it.",
    429: "Tried too often; `Retry-After` says when to come back.",
    500: "A fault of ours.",
    503: "Something that Admit depends on does not answer; `Retry-After` says when to come back.",
}
SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token of `/api/v1/auth/sign-in`, or an API key.",
    },
}
OF_EVERY_CALL = (400, 500, 503)
OF_EVERY_CHANGE = (403, 413, 422)
SIGNED_IN: dict[str, Any] = {"security": [{"bearer": []}]}
"""For `openapi_extra` of what only somebody may ask."""

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "`If-None-Match` named the `ETag` of what would be answered."}
}
"""For `responses` of what has a version."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses` of a route: the refusals that are its own."""
    return {status: _problem(status) for status in statuses}


def leads_to(status: int, **links: dict[str, str]) -> dict[int | str, dict[str, Any]]:
    """For `responses`: which operation goes on with which of the answer's fields."""
    described = {
        operation: {
            "operationId": operation,
            "requestBody": {name: f"$response.body#/{told}" for name, told in fields.items()},
        }
        for operation, fields in links.items()
    }
    return {status: {"links": described}}


def describe_api(app: FastAPI) -> None:
    """Makes `/openapi.json` say of /api what the frame answers, too; made once, when asked for."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = SCHEMA
    components["securitySchemes"] = SECURITY_SCHEMES
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete(
                operation, is_api=path.startswith(API), is_safe=method.upper() in SAFE_METHODS
            )
    return schema


def _complete(operation: dict[str, Any], *, is_api: bool, is_safe: bool) -> None:
    responses: dict[str, Any] = operation["responses"]
    if "422" in responses:
        responses["422"] = _problem(422)
    if not is_api:
        return
    implied = OF_EVERY_CALL if is_safe else (*OF_EVERY_CALL, *OF_EVERY_CHANGE)
    for status in implied:
        responses.setdefault(str(status), _problem(status))
    if "security" in operation:
        for status in (401, 403):
            responses.setdefault(str(status), _problem(status))


def _problem(status: int) -> dict[str, Any]:
    return {"description": SITUATIONS[status], "content": {PROBLEM: {"schema": REFERENCE}}}
