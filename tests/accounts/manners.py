"""What every answer of a house keeps to, whatever was asked for (S49, S52, S53)."""

from dataclasses import dataclass, field

import httpx2

PUBLIC = ("/pictures/", "/.well-known/")
"""The same for everybody: what is kept of them gives nobody away."""
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}


@dataclass
class Manners:
    lapses: set[str] = field(default_factory=set)
    """What an answer lacked, and where: found when a house closes."""

    async def saw(self, answer: httpx2.Response) -> None:
        """For each answer that a browser gets."""
        path = answer.request.url.path
        self.lapses.update(f"{path}: {lapse}" for lapse in lapses_of(answer))


def lapses_of(answer: httpx2.Response) -> list[str]:
    headers, lapses = answer.headers, []
    for cookie in headers.get_list("set-cookie"):
        kept = {part.strip().lower() for part in cookie.split(";")[1:]}
        shared = any(part.startswith("domain") for part in kept)
        if shared or not {"httponly", "samesite=lax", "path=/"} <= kept:
            lapses.append(f"a loose cookie {cookie.partition('=')[0]}")
    for name, value in HEADERS.items():
        if headers.get(name) != value:
            lapses.append(f"without {name}")
    if headers.get("referrer-policy") not in {"same-origin", "strict-origin", "no-referrer"}:
        lapses.append("without a referrer policy")
    if "'unsafe" in headers.get("content-security-policy", "'unsafe"):
        lapses.append("without a strict policy for content")
    is_public = answer.request.url.path.startswith(PUBLIC) and answer.status_code == 200
    if "cookie" in answer.request.headers and not is_public:
        kept_by_none = "no-store" in headers.get("cache-control", "")
        lapses += [] if kept_by_none else ["may be kept by a cache"]
    return lapses
