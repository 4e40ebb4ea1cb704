"""An account lives through anything, in any order, beside a small model of it.

A dead credential never works, and a live one is never lost, also when a request dies before its
commit or between commit and answer: after every step each credential that was ever given out is
shown again.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from jinja2 import Environment

from tests.accounts.machine.endings import Endings
from tests.accounts.machine.model import Session
from tests.accounts.machine.newcomers import Newcomers
from tests.accounts.machine.tokens import Tokens
from tests.accounts.machine.ways_in import WaysIn
from tests.engines.databases import NewDatabase
from tests.engines.provider import StandIn, running_provider


class AccountMachine(WaysIn, Tokens, Endings, Newcomers):
    @invariant()
    def every_credential_works_as_long_as_it_lives_and_not_longer(self) -> None:
        self.run(self.show_all())

    async def show_all(self) -> None:
        now, shower = self.now, self.program()
        for window in self.model.windows:
            here = await self.at(window).whoami() is not None
            self.agree(window, here, says=window.lives(now), now=now)
        for app in self.model.apps:
            works = await shower.status(app.access) == 200
            self.agree(app, works, says=app.access_works(now), now=now)
        for key in self.model.keys:
            works = await shower.status(key.token) == 200
            assert works == (key.works(now) and self.model.is_active)

    def agree(self, session: Session, works: bool, *, says: bool, now: float) -> None:
        assert works == says, session
        if works and now - session.last_used >= 60:
            session.last_used = now


@pytest.fixture(scope="module")
def provider() -> Iterator[StandIn]:
    with running_provider() as stand_in:
        yield stand_in


def live(
    database: NewDatabase, templates: Environment, provider: StandIn, *, lives: int, steps: int
) -> None:
    home = {
        "new_database": staticmethod(database),
        "templates": templates,
        "house_settings": provider.settings,
    }
    how = settings(
        max_examples=lives,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(type("Life", (AccountMachine,), home), settings=how)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_short_life_of_an_account(
    new_database: NewDatabase, templates: Environment, provider: StandIn
) -> None:
    live(new_database, templates, provider, lives=5, steps=20)


@pytest.mark.long
def test_long_lives_of_an_account(
    new_database: NewDatabase, templates: Environment, provider: StandIn
) -> None:
    live(new_database, templates, provider, lives=12, steps=50)
