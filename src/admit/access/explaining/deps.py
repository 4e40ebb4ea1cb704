"""How the explanations of a request are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from jinja2 import Environment

from admit.access.explaining.chain import Telling, wording_of
from admit.accounts.person import Person
from admit.core.http.templates import written_for


def telling_of(request: Request) -> Telling:
    templates: Environment = request.app.state.templates
    return Telling(request.app.state.explainers, wording_of(templates))


AppTelling = Annotated[Telling, Depends(telling_of)]


@contextmanager
def told_to(person: Person) -> Iterator[None]:
    """Amounts and times are written as this person reads them."""
    with written_for(person.locale, person.time_zone):
        yield
