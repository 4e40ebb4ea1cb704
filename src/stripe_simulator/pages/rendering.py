"""Templates, the one style sheet, and the headers that every page carries."""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

HERE = Path(__file__).parent
STATIC = HERE / "static"
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


@cache
def environment() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["asset"] = asset_url
    templates.filters["breakable"] = breakable
    templates.filters["marked_up"] = marked_up
    return templates


def page(
    template: str, *, status: int = 200, leads_to: Iterable[str | None] = (), **context: Any
) -> Response:
    """`leads_to`: addresses that a form of this page may redirect to.

    Browsers hold the redirect after a POST to `form-action` as well, so their origins are named.
    """
    html = environment().get_template(template).render(**context)
    return HTMLResponse(html, status_code=status, headers=security_headers(leads_to))


def notice(
    *,
    heading: str,
    text: str,
    status: int = 200,
    kind: str = "over",
    mark: str = "!",
    link: str | None = None,
    link_text: str = "",
) -> Response:
    """A page of one sentence and one way on. `kind`: "done" or "over"."""
    words = {"heading": heading, "text": text, "kind": kind, "mark": mark}
    return page("notice.html", status=status, **words, link=link, link_text=link_text)


def security_headers(leads_to: Iterable[str | None] = ()) -> dict[str, str]:
    form_action = " ".join(["'self'", *sorted({origin(url) for url in leads_to if url})])
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        f"form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        # "no-referrer" would make browsers send `Origin: null` with our own forms.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def breakable(name: str) -> Markup:
    """`checkout.session.completed` may be broken where a reader would break it."""
    steps = (escape(step) for step in re.split(r"(?<=[._])", name))
    return Markup("<wbr>").join(steps)


LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")


def marked_up(text: str) -> Markup:
    """A seller's own words, in which `[links](https://...)` and `**bold**` mean what they do."""
    safe = str(escape(text))
    linked = LINK.sub(r'<a href="\2" rel="noopener noreferrer">\1</a>', safe)
    return Markup(BOLD.sub(r"<strong>\1</strong>", linked).replace("\n", "<br>"))  # noqa: S704


def asset_url(name: str) -> str:
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/c/static/{name}?v={digest}"


async def static(request: Request) -> Response:
    name = request.path_params["name"]
    known = {file.name: file for file in STATIC.iterdir()}
    if name not in known:
        return notice(heading="Nothing here", text="There is no such file.", status=404)
    return Response(
        known[name].read_bytes(),
        media_type=MEDIA_TYPES[known[name].suffix],
        headers={"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"},
    )
