"""For whom passkeys are made: the site as browsers know it."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from admit.core.config import Settings

LOCALHOST = "localhost"


@dataclass(frozen=True)
class Site:
    id: str
    """The domain that a passkey belongs to."""
    name: str
    origins: tuple[str, ...]


def site_of(settings: Settings) -> Site | None:
    """None for a site under a bare address: browsers make passkeys for names only.

    On a laptop 127.0.0.1 has a name, at which passkeys work (WebAuthn, section 5.1.3, step 8).
    """
    parts = urlsplit(settings.public_url)
    host = parts.hostname or ""
    if not is_address(host):
        return Site(host, settings.admit_site_name, (settings.public_url,))
    if ip_address(host).is_loopback:
        port = f":{parts.port}" if parts.port else ""
        near = f"{parts.scheme}://{LOCALHOST}{port}"
        return Site(LOCALHOST, settings.admit_site_name, (near,))
    return None


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
