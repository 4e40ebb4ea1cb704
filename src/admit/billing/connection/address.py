"""Whether Stripe can reach an address at all. Pure."""

from ipaddress import ip_address
from urllib.parse import urlsplit

ROAD = "/webhooks/stripe"


def endpoint_url(public_url: str) -> str:
    return public_url + ROAD


def why_out_of_reach(public_url: str, *, mode: str) -> str | None:
    """A sentence, or None when Stripe can send events there."""
    parts = urlsplit(public_url)
    if _is_near(parts.hostname or ""):
        return f"Stripe cannot reach {public_url}: it is an address of this machine or network."
    if mode == "live" and parts.scheme != "https":
        return f"Stripe sends live events to https:// only, and {public_url} is not."
    return None


def _is_near(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal"))
