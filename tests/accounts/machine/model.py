"""What must be true of each credential of one account: a small model without a database.

Times are seconds of the wall clock.
"""

from dataclasses import dataclass, field
from typing import Literal

from tests.accounts.passkeys.authenticator import Authenticator

IDLE = 14 * 86400
ABSOLUTE = 30 * 86400
ACCESS_LIFE = 600
LEEWAY = 5
GRACE = 10
PROOF = 300

Heard = Literal["dead", "the next one", "the same again", "a copy"]
"""What a refresh token hears; a copy ends the session."""


@dataclass
class Session:
    began: float
    last_used: float
    is_ended: bool = False

    def lives(self, now: float) -> bool:
        return not self.is_ended and now < min(self.last_used + IDLE, self.began + ABSOLUTE)

    def is_fresh(self, now: float) -> bool:
        """Its owner proved who they are lately: nobody in this story does so twice."""
        return self.lives(now) and now - self.began <= PROOF


@dataclass
class Window(Session):
    """A browser that is signed in."""

    token: str = ""


@dataclass
class App(Session):
    """A program: an access token, and a chain of refresh tokens of which one is the newest.

    None stands for one whose answer was lost on its way.
    """

    access: str = ""
    access_made: float = 0.0
    chain: list[str | None] = field(default_factory=list)
    newest_since: float = 0.0

    def access_works(self, now: float) -> bool:
        return self.lives(now) and now < int(self.access_made) + ACCESS_LIFE + LEEWAY

    def hears(self, place: int, now: float) -> Heard:
        """The token at `place` of the chain."""
        if not self.lives(now):
            return "dead"
        newest = len(self.chain) - 1
        if place == newest:
            return "the next one"
        is_lost_answer = place == newest - 1 and now < self.newest_since + GRACE
        return "the same again" if is_lost_answer else "a copy"


@dataclass
class Key:
    token: str
    id: str
    ends_at: float | None
    is_revoked: bool = False

    def works(self, now: float) -> bool:
        return not self.is_revoked and (self.ends_at is None or now < self.ends_at)


@dataclass
class Once:
    """Something that works one time, for a while, while nothing newer replaced it."""

    secret: str
    ends_at: float
    holder: str = ""
    is_dead: bool = False

    def works(self, now: float) -> bool:
        return not self.is_dead and now < self.ends_at


@dataclass
class Passkey:
    device: Authenticator
    id: str
    is_removed: bool = False


@dataclass
class Newcomer:
    """Somebody else, between signing up and having shown that the address is theirs."""

    email: str
    cookies: dict[str, str]
    code: Once
    link: Once
    is_confirmed: bool = False

    def confirm(self) -> None:
        self.is_confirmed = self.code.is_dead = self.link.is_dead = True


@dataclass
class Account:
    password: str
    is_active: bool = True
    comes_from_github: bool = False
    windows: list[Window] = field(default_factory=list)
    apps: list[App] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    passkeys: list[Passkey] = field(default_factory=list)
    codes: list[Once] = field(default_factory=list)
    links: list[Once] = field(default_factory=list)
    resets: list[Once] = field(default_factory=list)
    newcomers: list[Newcomer] = field(default_factory=list)

    def end_sessions(self, *, but: Session | None = None) -> None:
        """And what would open another one."""
        for session in (*self.windows, *self.apps):
            session.is_ended = session.is_ended or session is not but
        self.spend_all(of=[*self.codes, *self.links])

    def spend_all(self, *, of: list[Once]) -> None:
        for one in of:
            one.is_dead = True

    def new_password(self, password: str, *, but: Session | None = None) -> None:
        self.password = password
        self.spend_all(of=self.resets)
        self.end_sessions(but=but)

    def close(self) -> None:
        self.is_active = False
        self.end_sessions()
        for key in self.keys:
            key.is_revoked = True
        self.spend_all(of=self.resets)
