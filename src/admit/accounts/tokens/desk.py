"""Where programs arrive: who calls with what, and what they are handed when they are let in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from admit.accounts.caller import Caller
from admit.accounts.deps import AppCaller, AppLetters, AppLifetimes
from admit.accounts.devices.service import REMEMBERED_FOR
from admit.accounts.letters import Letters
from admit.accounts.sessions.cookies import DEVICE
from admit.accounts.sessions.service import Browser, Lifetimes
from admit.accounts.sign_in import steps
from admit.accounts.sign_in.steps import PAUSE, Refused, Welcome
from admit.accounts.tokens.access_tokens import LIFE, Realm
from admit.accounts.tokens.errors import NotLetIn, SignInOver, SignInRefused
from admit.accounts.tokens.schemas import Arriving, Here, SecondFactorNeeded, SignedIn, Transport
from admit.accounts.tokens.service import first_pair
from admit.core.http.cookies import CookieJar, jar_of
from admit.core.http.state import AppParts, Parts

REFRESH = "refresh"


@dataclass(frozen=True)
class Desk:
    request: Request
    response: Response
    parts: Parts
    letters: Letters
    caller: Caller
    lifetimes: Lifetimes

    @property
    def now(self) -> datetime:
        return self.parts.clock.wall()

    @property
    def realm(self) -> Realm:
        return Realm(self.parts.settings.public_url)

    @property
    def jar(self) -> CookieJar:
        return jar_of(self.request)

    def visitor(self, asked: Here) -> Browser:
        """A program ends no session of the browser that it may run in."""
        device = asked.device_token or self.jar.read(self.request, DEVICE)
        return Browser(caller=self.caller, device_token=device)

    async def admit(
        self,
        outcome: Welcome | steps.SecondFactorNeeded | Refused,
        asked: Arriving,
        *,
        refusal: type[NotLetIn] = SignInRefused,
    ) -> SignedIn | SecondFactorNeeded:
        """The tokens of who was let in, or the way on to the second factor.

        Raises `refusal`.
        """
        if isinstance(outcome, Refused):
            raise refusal
        if isinstance(outcome, steps.SecondFactorNeeded):
            pause = int(PAUSE.total_seconds())
            return SecondFactorNeeded(sign_in_token=outcome.token, expires_in=pause)
        async with self.parts.database.write() as db:
            pair = await first_pair(
                db,
                self.parts.vault,
                outcome.entry.session_id,
                realm=self.realm,
                lifetimes=self.lifetimes,
                now=self.now,
            )
        if pair is None:
            raise SignInOver
        in_body = asked.refresh_token_in == "body"  # noqa: S105 - the name of a place
        self.hand_over(pair.refresh_token, asked.refresh_token_in)
        if not in_body:
            kept = int(REMEMBERED_FOR.total_seconds())
            self.jar.write(self.response, DEVICE, outcome.entry.device_token, max_age=kept)
        return SignedIn(
            access_token=pair.access_token,
            expires_in=int(LIFE.total_seconds()),
            refresh_token=pair.refresh_token if in_body else None,
            device_token=outcome.entry.device_token if in_body else None,
            verification_token=outcome.verification_token,
        )

    def hand_over(self, refresh_token: str, where: Transport) -> None:
        if where == "cookie":
            longest = int(self.lifetimes.absolute.total_seconds())
            self.jar.write(self.response, REFRESH, refresh_token, max_age=longest)


def desk_of(
    request: Request,
    response: Response,
    *,
    parts: AppParts,
    letters: AppLetters,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Desk:
    return Desk(request, response, parts, letters, caller, lifetimes)


AppDesk = Annotated[Desk, Depends(desk_of)]
