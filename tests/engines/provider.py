"""Google and GitHub as a server of our own: honest by default, hostile on request.

`<url>/google` is the issuer of an OpenID provider, `<url>/github` and `<url>/github-api` are
GitHub. Whoever is sent there is `someone`, and allows it at once unless `asks_first`.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT_ID = "admit-at-the-provider"
CLIENT_SECRET = "a-secret-between-admit-and-the-provider"
TEN_MINUTES = 600


class Removed(Enum):
    """Instead of a value: leaves a claim out."""

    removed = "removed"


REMOVED = Removed.removed


@dataclass
class Someone:
    """An account at the provider, as both of them tell it."""

    number: int = 4711
    email: str = "ada@example.com"
    email_verified: object = True
    first_name: str = "Ada"
    last_name: str = "Lovelace"
    login: str = "ada-l"
    picture: str | None = None


@dataclass
class Hostility:
    """What a provider does that is not what it should be."""

    claims: dict[str, object] = field(default_factory=dict)
    """Instead of the honest ones; `REMOVED` leaves one out."""
    signs_with: str = "its key"
    """Also "another key", "nothing", "the client secret"."""
    issuer_beside_code: str | None = None
    token_answer: tuple[int, dict[str, str], bytes] | None = None
    discovery: dict[str, object] = field(default_factory=dict)
    emails: object = None


@dataclass(frozen=True)
class Grant:
    someone: Someone
    asked: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass
class StandIn:
    url: str
    someone: Someone = field(default_factory=Someone)
    hostility: Hostility = field(default_factory=Hostility)
    asks_first: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    """What browsers brought to the authorization endpoints, newest last."""
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Path under `/pictures/` -> content type and content."""
    picture_requests: list[str] = field(default_factory=list)
    key_requests: int = 0
    _grants: dict[str, Grant] = field(default_factory=dict)
    _tokens: dict[str, Someone] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._key = new_key()

    @cached_property
    def _other_key(self) -> jwk.RSAKey:
        return new_key()

    @property
    def settings(self) -> dict[str, str]:
        """Of an Admit that has been registered here."""
        return {
            "google_client_id": CLIENT_ID,
            "google_client_secret": CLIENT_SECRET,
            "google_issuer": f"{self.url}/google",
            "github_client_id": CLIENT_ID,
            "github_client_secret": CLIENT_SECRET,
            "github_url": f"{self.url}/github",
            "github_api_url": f"{self.url}/github-api",
        }

    def behaves(self) -> None:
        """As it was when it was started."""
        self.someone, self.hostility, self.asks_first = Someone(), Hostility(), False
        self.asked.clear()
        self.pictures.clear()
        self.picture_requests.clear()

    def takes_a_new_key(self) -> None:
        self._key = new_key("of-the-stand-in-too")

    def answer(
        self, path: str, query: dict[str, str], form: dict[str, str], authorization: str
    ) -> Reply:
        match path:
            case "/google/.well-known/openid-configuration":
                return as_json({**self._discovery(), **self.hostility.discovery})
            case "/google/keys":
                self.key_requests += 1
                return as_json({"keys": [self._key.as_dict(private=False)]})
            case "/google/authorize" | "/github/login/oauth/authorize":
                return self._authorize(path, query)
            case "/google/token" | "/github/login/oauth/access_token":
                return self._exchange(form, is_google=path.startswith("/google"))
            case "/github-api/user" | "/github-api/user/emails":
                return self._tell(path, authorization)
            case _:
                return self._picture(path)

    def _discovery(self) -> dict[str, object]:
        issuer = f"{self.url}/google"
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _authorize(self, path: str, asked: dict[str, str]) -> Reply:
        decision = asked.pop("decision", None if self.asks_first else "allow")
        if decision is None:
            allow = f"{path}?{urlencode({**asked, 'decision': 'allow'})}"
            page = f'<title>Stand-in</title><a href="{allow.replace("&", "&amp;")}">Allow</a>'
            return Reply(200, {"content-type": "text/html"}, page.encode())
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self._grants[code] = Grant(self.someone, asked)
        issuer = f"{self.url}/google" if path.startswith("/google") else None
        issuer = self.hostility.issuer_beside_code or issuer
        back = {"code": code, "state": asked["state"], **({"iss": issuer} if issuer else {})}
        return Reply(303, {"location": f"{asked['redirect_uri']}?{urlencode(back)}"})

    def _exchange(self, form: dict[str, str], *, is_google: bool) -> Reply:
        if self.hostility.token_answer:
            return Reply(*self.hostility.token_answer)
        grant = self._grants.pop(form.get("code", ""), None)
        if grant is None or not is_for(grant, form):
            return as_json({"error": "invalid_grant"}, status=400 if is_google else 200)
        token = secrets.token_urlsafe(16)
        self._tokens[token] = grant.someone
        answer = {"access_token": token, "token_type": "bearer"}
        if is_google:
            answer["id_token"] = self._id_token(grant)
        return as_json(answer)

    def _id_token(self, grant: Grant) -> str:
        now, someone = int(time.time()), grant.someone
        honest: dict[str, object] = {
            "iss": f"{self.url}/google",
            "aud": CLIENT_ID,
            "azp": CLIENT_ID,
            "sub": str(someone.number),
            "nonce": grant.asked.get("nonce"),
            "iat": now,
            "exp": now + TEN_MINUTES,
            "email": someone.email,
            "email_verified": someone.email_verified,
            "given_name": someone.first_name,
            "family_name": someone.last_name,
            "picture": someone.picture,
        }
        told = {**honest, **self.hostility.claims}
        return self._signed({name: v for name, v in told.items() if v not in (None, REMOVED)})

    def _signed(self, claims: dict[str, Any]) -> str:
        match self.hostility.signs_with:
            case "nothing":
                return ".".join((as_part({"alg": "none"}), as_part(claims), ""))
            case "the client secret":
                key = jwk.OctKey.import_key(CLIENT_SECRET)
                return jwt.encode({"alg": "HS256"}, claims, key, algorithms=["HS256"])
            case signer:
                rsa = self._key if signer == "its key" else self._other_key
                return jwt.encode({"alg": "RS256", "kid": self._key.kid}, claims, rsa)

    def _tell(self, path: str, authorization: str) -> Reply:
        someone = self._tokens.get(authorization.removeprefix("Bearer "))
        if someone is None:
            return as_json({"message": "Bad credentials"}, status=401)
        if path.endswith("/emails"):
            honest = [
                {"email": "old@example.com", "primary": False, "verified": True},
                {"email": someone.email, "primary": True, "verified": someone.email_verified},
            ]
            return as_json(self.hostility.emails or honest)
        name = f"{someone.first_name} {someone.last_name}"
        person = {"id": someone.number, "login": someone.login, "name": name}
        return as_json({**person, "avatar_url": someone.picture, **self.hostility.claims})

    def _picture(self, path: str) -> Reply:
        self.picture_requests.append(path)
        kind, content = self.pictures.get(path, ("", b""))
        if kind == "redirect":
            return Reply(302, {"location": content.decode()})
        return Reply(200, {"content-type": kind}, content) if kind else Reply(404, {})


def new_key(name: str = "of-the-stand-in") -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": name}, private=True)


def is_for(grant: Grant, form: Mapping[str, str]) -> bool:
    """RFC 6749, section 4.1.3, and RFC 7636, section 4.6."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (
        form.get("client_id") == CLIENT_ID == grant.asked["client_id"]
        and form.get("client_secret") == CLIENT_SECRET
        and form.get("redirect_uri") == grant.asked["redirect_uri"]
        and grant.asked.get("code_challenge_method") == "S256"
        and grant.asked.get("code_challenge") == challenge
    )


def as_json(value: object, *, status: int = 200) -> Reply:
    return Reply(status, {"content-type": "application/json"}, json.dumps(value).encode())


def as_part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@contextmanager
def running_provider() -> Iterator[StandIn]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.reply(dict(parse_qsl(body.decode())))

        def reply(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query))
            authorization = self.headers.get("Authorization", "")
            answer = stand_in.answer(parts.path, query, form, authorization)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in = StandIn(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
