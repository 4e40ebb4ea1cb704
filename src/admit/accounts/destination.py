"""Where somebody goes after signing in: only ever a page of this site."""

from urllib.parse import quote

HOME = "/account"
LONGEST = 1000
DOTS = {".", ".."}


def own_path(raw: str | None) -> str | None:
    """`raw` when it is a path of this site; None for anything a browser might read otherwise.

    Browsers drop tabs and newlines, take a backslash for a slash and two slashes for another
    host (WHATWG URL, section 4.4), so nothing but plain printable ASCII is let through.
    """
    if not raw or len(raw) > LONGEST or not raw.startswith("/"):
        return None
    if not (raw.isascii() and raw.isprintable()) or " " in raw or "\\" in raw:
        return None
    path = raw.partition("#")[0].partition("?")[0]
    decoded = path.lower().replace("%2e", ".").replace("%2f", "/").replace("%5c", "\\")
    if "//" in decoded or "\\" in decoded or DOTS & set(decoded.split("/")):
        return None
    return raw


def after_sign_in(next_path: str | None, plan: str | None = None) -> str:
    """The page asked for, else the plan that was chosen, else the account."""
    return own_path(next_path) or pricing(plan) or HOME


def pricing(plan: str | None) -> str | None:
    return f"/pricing?plan={quote(plan, safe='')}" if plan else None
