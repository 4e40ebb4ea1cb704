"""How the product answers: a page, a redirect, or an error in the form the caller reads."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from jinja2 import Environment
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admit.core.errors import (
    AppError,
    BadRequest,
    Forbidden,
    InvalidInput,
    MethodNotAllowed,
    NotFound,
    TooLarge,
    Unavailable,
)
from admit.core.http.conditional import NotModified
from admit.core.http.cookies import FLASH, jar_of
from admit.core.http.templates import written_for

log = structlog.get_logger("admit.http")

OF_STATUS = {403: Forbidden, 404: NotFound, 405: MethodNotAllowed, 413: TooLarge}


def page(
    request: Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HTMLResponse:
    """The rendered template; flashed messages are shown once."""
    environment: Environment = request.app.state.templates
    jar = jar_of(request)
    flash = jar.flashed(request)
    person = getattr(request.state, "person", None)
    with written_for(getattr(person, "locale", None), getattr(person, "time_zone", None)):
        body = environment.get_template(template).render(
            **page_globals(request, flash), **(context or {})
        )
    response = HTMLResponse(body, status_code=status)
    if flash:
        jar.clear(response, FLASH)
    return response


def page_globals(request: Request, flash: list[dict[str, str]]) -> dict[str, Any]:
    theme = request.cookies.get("theme")
    return {
        "request_path": request.url.path,
        "csp_nonce": getattr(request.state, "csp_nonce", ""),
        "person": getattr(request.state, "person", None),
        "site_name": request.app.state.settings.admit_site_name,
        "theme": theme if theme in {"light", "dark"} else None,
        "flash": flash,
        "banner": getattr(request.state, "banner", None),
        "simulator": request.app.state.settings.uses_simulator,
        "has_page": lambda path: path in page_paths(request.app),
    }


def page_paths(app: FastAPI) -> frozenset[str]:
    """What can be looked at, so that no way leads to a page that this house does not have."""
    paths: frozenset[str] | None = getattr(app.state, "page_paths", None)
    if paths is None:
        routes = iter_route_contexts(app.routes)
        paths = frozenset(str(each.path) for each in routes if "GET" in (each.methods or ()))
        app.state.page_paths = paths
    return paths


def go_to(
    request: Request, path: str, *, say: str | None = None, kind: str = "success"
) -> RedirectResponse:
    """303: the browser GETs the next page, so that a reload repeats nothing."""
    response = RedirectResponse(path, status_code=303)
    if say:
        jar_of(request).flash(response, kind, say)
    return response


def in_words(request: Request, moment: datetime, *, clock_time: bool = False) -> str:
    """The day, or day and time, as pages write it."""
    with words_of_reader(request) as words:
        return str(words["datetime_text" if clock_time else "date_text"](moment))


@contextmanager
def words_of_reader(request: Request) -> Iterator[Mapping[str, Callable[..., Any]]]:
    """The filters of templates, which write as whoever asks reads, while the block lasts."""
    environment: Environment = request.app.state.templates
    person = getattr(request.state, "person", None)
    with written_for(getattr(person, "locale", None), getattr(person, "time_zone", None)):
        yield environment.filters


def error_response(request: Request, error: AppError) -> Response:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    request_id = getattr(request.state, "request_id", None)
    if wants_json(request):
        return problem(error, request_id, headers)
    if error.redirect_to:
        say = error.message if error.told_there else None
        return go_to(request, error.redirect_to, say=say, kind="info")
    fragment = request.headers.get("hx-request") == "true"
    template = "core/error_fragment.html" if fragment else "core/error.html"
    response = page(
        request,
        template,
        {
            "status": error.status,
            "title": error.title,
            "message": error.message,
            "advice": error.advice,
            "request_id": request_id,
            "actions": [{"label": error.way_on[0], "url": error.way_on[1]}],
        },
        status=error.status,
    )
    response.headers.update(headers)
    return response


def problem(error: AppError, request_id: str | None, headers: Mapping[str, str]) -> JSONResponse:
    """RFC 9457, with our `code`, `request_id` and details, and `errors` by field for bad input."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
        "request_id": request_id,
        **error.details,
    }
    if isinstance(error, InvalidInput):
        body["errors"] = error.errors
    challenge = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    return JSONResponse(
        body,
        status_code=error.status,
        headers={**challenge, **headers},
        media_type="application/problem+json",
    )


def wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def as_app_error(error: Exception) -> AppError | None:
    """What a person is told of an error that is not ours; None when it is a fault of ours."""
    told: AppError | None = None
    match error:
        case AppError():
            told = error
        case HTTPException() if isinstance(error.__cause__, AppError):
            # The framework wraps what happens while it reads a body.
            told = error.__cause__
        case HTTPException():
            told = OF_STATUS.get(error.status_code, BadRequest)()
        case RequestValidationError():
            told = InvalidInput(field_errors(error))
        case OperationalError() | PoolTimeout():
            told = Unavailable()
        case DataError() | ClientDisconnect():
            told = BadRequest()
        case UnicodeEncodeError() if error.reason == "surrogates not allowed":
            # Half a character, which only a hand-made form can send.
            told = BadRequest()
    return told


def field_errors(error: RequestValidationError) -> dict[str, str]:
    return {
        str(problem["loc"][-1]): str(problem["msg"]).removeprefix("Value error, ")
        for problem in error.errors()
    }


class InternalError(AppError):
    status = 500
    title = "Something went wrong"
    message = "That is our fault, not yours. Nothing was half-done."
    advice = "Try again; if it happens once more, tell us the reference number."


class LastResort:
    """No exception leaves without a designed answer and a line in the log, whoever raised it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watching_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watching_send)
        except Exception as error:
            known = as_app_error(error)
            if known is None or isinstance(known, Unavailable):
                log.exception("request.failed")
            if started:
                raise
            response = error_response(Request(scope, receive), known or InternalError())
            await response(scope, receive, send)


def install_error_answers(app: FastAPI) -> None:
    """Framework errors take the same road as ours: out to `LastResort`."""

    async def answer(request: Request, error: Exception) -> Response:
        response = error_response(request, as_app_error(error) or InternalError())
        if isinstance(error, HTTPException) and error.status_code == MethodNotAllowed.status:
            response.headers.update(error.headers or {})
        return response

    for kind in (HTTPException, RequestValidationError, AppError):
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(NotModified, not_modified)


def not_modified(_request: Request, known: Exception) -> Response:
    return Response(status_code=304, headers={"ETag": str(known)})
