"""Rules: what programs hold, refreshed, copied and revoked."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.accounts.machine.house_of_one import CRASH, MOST, PLACE, HouseOfOne, When
from tests.accounts.machine.model import App, Key


class Tokens(HouseOfOne):
    def app(self, place: int) -> App:
        return self.model.apps[place % len(self.model.apps)]

    @precondition(lambda self: self.model.apps)
    @rule(place=PLACE, back=st.integers(0, 2), crash=CRASH)
    def refreshes(self, place: int, back: int, crash: When) -> None:
        """With the newest token that is known, or an older one; the answer may get lost."""
        app, now = self.app(place), self.now
        known = [number for number, token in enumerate(app.chain) if token is not None]
        at = known[max(len(known) - 1 - back, 0)]
        heard = app.hears(at, now)

        answer, happened = self.dies(crash, self.program().refresh(app.chain[at]))

        if happened and heard == "a copy":
            app.is_ended = True
        if happened and heard == "the next one":
            app.chain.append(None)
            app.newest_since = app.last_used = now
        if answer.status_code == 500:
            return
        assert answer.status_code == (401 if heard in {"dead", "a copy"} else 200)
        if answer.status_code == 200:
            told = answer.json()
            assert app.chain[-1] in {None, told["refresh_token"]}
            app.chain[-1], app.access = told["refresh_token"], told["access_token"]
            app.access_made = now

    @precondition(lambda self: self.model.apps)
    @rule(place=PLACE, crash=CRASH)
    def signs_a_program_out(self, place: int, crash: When) -> None:
        app = self.app(place)
        works = app.access_works(self.now)
        answer, happened = self.dies(crash, self.program(app.access).post("sign-out"))
        assert answer.status_code in {204 if works else 401, 500}
        app.is_ended = app.is_ended or (works and happened)

    @precondition(lambda self: self.model.apps and len(self.model.keys) < MOST)
    @rule(place=PLACE, days=st.sampled_from([1, 14, None]))
    def makes_a_key(self, place: int, days: int | None) -> None:
        app, now = self.app(place), self.now
        wish = {"name": "Key", "scopes": ["account:read"], "expires_in_days": days}
        answer = self.run(self.program(app.access).post("api-keys", wish))
        if not app.access_works(now):
            assert answer.status_code == 401
        elif not app.is_fresh(now):
            assert answer.json()["code"] == "reauth_required"
        else:
            made, ends_at = answer.json(), None if days is None else now + days * 86400
            self.model.keys.append(Key(made["key"], made["id"], ends_at))

    @precondition(lambda self: self.model.apps and self.model.keys)
    @rule(place=PLACE, which=PLACE, crash=CRASH)
    def revokes_a_key(self, place: int, which: int, crash: When) -> None:
        app, key = self.app(place), self.model.keys[which % len(self.model.keys)]
        may = app.access_works(self.now)
        _, happened = self.dies(crash, self.program(app.access).delete(f"api-keys/{key.id}"))
        key.is_revoked = key.is_revoked or (may and happened)
