"""Parallel uses that start at once: each waits at the barrier until all the others are there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Result = TypeVar("Result")
PARALLEL = 16


async def at_once(
    use: Callable[[int], Awaitable[Result]], *, times: int = PARALLEL
) -> list[Result]:
    """The answers of `use(0)`, `use(1)`, …, in that order."""
    barrier = asyncio.Barrier(times)

    async def one(number: int) -> Result:
        await barrier.wait()
        return await use(number)

    return await asyncio.gather(*(one(number) for number in range(times)))
