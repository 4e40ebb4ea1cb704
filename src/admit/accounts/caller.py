"""Where a request comes from: what limits count by and what the security history shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

UNKNOWN = "unknown"
USER_AGENT_LENGTH = 300


@dataclass(frozen=True)
class Caller:
    ip: str
    user_agent: str
    is_banned: bool = False
    """By the operator (BANNED_NETWORKS): nothing that this caller brings lets anybody in."""

    @property
    def network(self) -> str:
        """One household counts as one: an IPv6 customer owns a whole /64."""
        address = parsed(self.ip)
        if isinstance(address, IPv6Address):
            return str(IPv6Network((address, 64), strict=False))
        return self.ip


def caller(
    peer: str | None,
    *,
    forwarded: Sequence[str],
    hops: int,
    user_agent: str,
    banned: Sequence[IPv4Network | IPv6Network] = (),
) -> Caller:
    """`forwarded` holds the X-Forwarded-For lines as they came, `hops` the proxies we trust.

    Each proxy appends the address that it saw, so the entry of the outermost trusted one is the
    n-th from the right; whatever stands before it was written by the client and counts nothing.
    """
    entries = [entry.strip() for line in forwarded for entry in line.split(",")]
    shown = entries[-hops] if 0 < hops <= len(entries) else peer
    address = parsed(shown or "") or parsed(peer or "")
    return Caller(
        ip=str(address or UNKNOWN),
        user_agent=one_line(user_agent)[:USER_AGENT_LENGTH],
        is_banned=address is not None and any(address in network for network in banned),
    )


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address in `text`; an IPv4 one that is wrapped in IPv6 is the IPv4 one."""
    try:
        address = ip_address(text.strip().removeprefix("[").partition("]")[0].partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def one_line(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
