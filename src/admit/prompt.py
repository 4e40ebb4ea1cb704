"""`admit shell`: the models are loaded and a session is open."""

import asyncio
import code
from collections.abc import Awaitable
from typing import TypeVar

from sqlalchemy import select

from admit import models
from admit.core.config import Settings
from admit.core.db import Base
from admit.wiring import wire

Result = TypeVar("Result")


def interact(settings: Settings) -> None:
    """`run(db.scalars(select(User))).all()`; nothing is kept without `run(db.commit())`."""
    with asyncio.Runner() as runner:

        def run(awaitable: Awaitable[Result]) -> Result:
            async def wait() -> Result:
                return await awaitable

            return runner.run(wait())

        wiring = wire(settings)
        opened = wiring.parts.database.write()
        session = run(opened.__aenter__())
        tables = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
        names = {**tables, "db": session, "run": run, "select": select, "settings": settings}
        banner = (
            f"Admit shell. Loaded: {', '.join(sorted(tables))};\n"
            "db (a session), select, settings, run(awaitable). "
            "run(db.commit()) keeps what you changed."
        )
        try:
            code.interact(banner=banner, local=names, exitmsg="")
        finally:
            run(session.close())
            wiring.billing.gateway.close()
            run(wiring.parts.database.close())


__all__ = ["interact", "models"]
