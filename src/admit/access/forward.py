"""`GET /api/v1/access/forward`: a proxy asks whether somebody may see a site that is not ours.

For nginx's `auth_request` and the forward auth of Traefik and Caddy: 204 lets the request through
and says in headers who asks; 401 and 403 keep it out and say in `Location` where people go on.
What a client says about itself in such headers is never looked at.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qs, quote, urlencode

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope as AsgiScope

from admit.access.asking import Asking
from admit.access.decision import NOTHING_KNOWN
from admit.access.errors import FeatureNeeded
from admit.access.hot_road import METHODS, Road, Shown
from admit.access.service import Access
from admit.access.snapshots import MOST_PEOPLE, Answer, Header, Snapshot
from admit.accounts.destination import own_path
from admit.core.errors import AppError, ConfirmationNeeded, SignInNeeded
from admit.core.http.state import Parts

PATH = "/api/v1/access/forward"
LONGEST_GATE = 1000
WAYS_ON = (SignInNeeded, ConfirmationNeeded, FeatureNeeded)


@dataclass(frozen=True)
class Gate:
    """What a proxy asks for: all of these features, or none but a confirmed address."""

    features: tuple[str, ...]
    redirects: bool
    """Browsers are led on by this answer itself, for proxies that hand it to them."""


class Asked(NamedTuple):
    query: bytes
    header: bytes


def gate_of(asked: Asked) -> Gate:
    """`?feature=a&feature=b&redirect=1`, and the header X-Admit-Feature, which can only add."""
    query = parse_qs(asked.query.decode("latin-1"))
    in_header = asked.header.decode("latin-1").split(",")
    named = [name.strip() for name in (*query.get("feature", ()), *in_header)]
    features = tuple(dict.fromkeys(name for name in named if name))
    return Gate(features, redirects=query.get("redirect") == ["1"])


class Gates:
    """What proxies asked for lately, as it came."""

    def __init__(self) -> None:
        self._known: dict[Asked, Gate] = {}

    def of(self, asked: Asked) -> Gate:
        gate = self._known.get(asked)
        if gate is None:
            gate = gate_of(asked)
            if len(asked.query) + len(asked.header) <= LONGEST_GATE:
                if len(self._known) >= MOST_PEOPLE:
                    self._known.clear()
                self._known[asked] = gate
        return gate


def let_through(access: Access, gate: Gate, fixed: Sequence[Header]) -> Answer:
    """Raises `ConfirmationNeeded` and `FeatureNeeded`."""
    if not access.is_confirmed:
        raise ConfirmationNeeded
    for feature in gate.features:
        decided = access.decisions.get(feature, NOTHING_KNOWN)
        if not decided.allowed:
            raise FeatureNeeded(feature, reason=decided.reason)
    return Answer(204, [*fixed, *identity(access)])


def identity(access: Access) -> list[Header]:
    return [
        (b"x-admit-user", access.user_id.encode()),
        (b"x-admit-features", ",".join(sorted(access.features)).encode()),
        (b"x-admit-level", str(access.level).encode()),
    ]


class Origins:
    """The sites that may be gated; people are led back to nothing else."""

    def __init__(self, own: str, others: Sequence[str]) -> None:
        self.own = own
        self._all = (own, *others)

    def address(self, raw: str | None) -> str | None:
        """`raw` when it is a page of one of the sites; None for whatever a browser might read
        otherwise: see `own_path`.
        """
        for origin in self._all:
            if raw and raw.startswith(f"{origin}/") and own_path(raw.removeprefix(origin)):
                return raw
        return None


def address_asked_for(headers: Headers) -> str | None:
    """As the proxy tells it: nginx in one header of our own, Traefik and Caddy in three."""
    told = headers.get("x-original-url")
    if told is not None:
        return told
    proto, host = headers.get("x-forwarded-proto"), headers.get("x-forwarded-host")
    uri = headers.get("x-forwarded-uri")
    return f"{proto}://{host}{uri}" if proto and host and uri else None


class ForwardRoad(Road):
    def __init__(self, parts: Parts, asking: Asking) -> None:
        super().__init__(parts, asking)
        self._gates = Gates()
        self._origins = Origins(parts.settings.public_url, parts.settings.gated_origins)

    def question(self, shown: Shown, scope: AsgiScope) -> Hashable:
        return self._gate(shown, scope)

    def answer(self, shown: Shown, scope: AsgiScope, snapshot: Snapshot) -> Answer:
        return let_through(snapshot.access, self._gate(shown, scope), self.fixed)

    def refusal(self, error: AppError, shown: Shown, scope: AsgiScope) -> Response:
        response = super().refusal(error, shown, scope)
        if isinstance(error, WAYS_ON):
            gate, headers = self._gate(shown, scope), Headers(scope=scope)
            response.headers["Location"] = self._way_on(gate, headers)
            if gate.redirects and is_for_people(headers):
                response.status_code = 302
        return response

    def _gate(self, shown: Shown, scope: AsgiScope) -> Gate:
        return self._gates.of(Asked(scope["query_string"], shown.features))

    def _way_on(self, gate: Gate, headers: Headers) -> str:
        """The page that signs in, says what is lacking, and leads back."""
        back = self._origins.address(address_asked_for(headers))
        asked = [("feature", name) for name in gate.features]
        query = urlencode([*asked, *([("return", back)] if back else [])], quote_via=quote)
        return f"{self._origins.own}/gate{'?' if query else ''}{query}"


def is_for_people(headers: Headers) -> bool:
    """A page that a browser opens; a script that asks wants to be told no."""
    method = headers.get("x-forwarded-method", "GET")
    return method in METHODS and "text/html" in headers.get("accept", "")
