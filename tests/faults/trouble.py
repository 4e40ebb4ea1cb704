"""What goes wrong around the site, for as long as a block lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import NullPool, create_engine, text

from tests.faults.books import sync_url
from tests.faults.ground import Ground


@contextmanager
def stripe_is_down(ground: Ground) -> Iterator[None]:
    ground.stripe_process.kill()
    try:
        yield
    finally:
        ground.stripe_process.start()


@contextmanager
def stripe_breaks(
    ground: Ground, *, mode: str, path: str = "/v1/", seconds: float = 0, after: bool = False
) -> Iterator[None]:
    ground.stripe.breaks(mode, path=path, seconds=seconds, after=after)
    try:
        yield
    finally:
        ground.stripe.heals()


@contextmanager
def database_is_locked(ground: Ground) -> Iterator[None]:
    """Somebody else writes and does not come to an end; reading still works."""
    engine = create_engine(sync_url(ground.database_url), poolclass=NullPool)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("BEGIN IMMEDIATE"))
        else:
            tables = "billing_accounts, checkouts, events"
            connection.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))
        yield
        connection.rollback()
