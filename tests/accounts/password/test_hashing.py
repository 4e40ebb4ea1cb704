"""Hashing: what is stored, who waits, and who does not."""

import asyncio

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from admit.accounts.errors import HashingBusy
from admit.accounts.password.service import Passwords

MEMORY_KIB = 19456


async def test_s08_a_stored_hash_has_the_asked_cost() -> None:
    stored = await Passwords(memory_kib=MEMORY_KIB).hash("heron under the bridge")

    cost = extract_parameters(stored)
    assert stored.startswith("$argon2id$v=19$m=19456,t=3,p=4$")
    assert (cost.type, cost.memory_cost, cost.time_cost, cost.parallelism) == (Type.ID, 19456, 3, 4)


async def test_s08_less_than_today_asks_is_weak_and_more_is_not() -> None:
    passwords = Passwords(memory_kib=MEMORY_KIB)
    weaker = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=4)
    smaller = PasswordHasher(time_cost=3, memory_cost=9728, parallelism=4)
    stronger = PasswordHasher(time_cost=3, memory_cost=MEMORY_KIB * 2, parallelism=4)

    judged = [passwords.is_weak(each.hash("heron")) for each in (weaker, smaller, stronger)]

    assert judged == [True, True, False]


async def test_s04_every_byte_and_every_space_counts() -> None:
    passwords = Passwords(memory_kib=MEMORY_KIB)
    long = "a" * 72
    stored = await passwords.hash(long + "x")
    spaced = await passwords.hash("Heron under ")

    assert await passwords.verify(long + "x", stored)
    assert not await passwords.verify(long + "y", stored)
    assert not await passwords.verify("heron under ", spaced)
    assert not await passwords.verify("Heron under", spaced)


async def test_s04_an_accent_is_the_same_however_it_is_composed_and_look_alikes_are_not() -> None:
    """NFC is the documented choice (RFC 8265, OpaqueString); NFKC would merge ﬁ and fi."""
    passwords = Passwords(memory_kib=MEMORY_KIB)
    composed = await passwords.hash("crêpe")
    ligature = await passwords.hash("ﬁn")

    assert await passwords.verify("cre\u0302pe", composed)
    assert not await passwords.verify("fin", ligature)


async def test_nobody_has_no_password_that_fits() -> None:
    passwords = Passwords(memory_kib=MEMORY_KIB)

    assert not await passwords.verify("", None)
    assert not await passwords.verify("heron", None)


async def test_s09_the_loop_goes_on_while_passwords_are_hashed() -> None:
    passwords = Passwords(memory_kib=MEMORY_KIB, at_once=1)
    hashing = asyncio.gather(*(passwords.hash("heron under the bridge") for _ in range(8)))
    turns = 0

    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert len(await hashing) == 8
    assert turns > 8


async def test_s09_the_queue_has_an_end() -> None:
    passwords = Passwords(memory_kib=MEMORY_KIB, at_once=1, queue=2)

    answers = await asyncio.gather(
        *(passwords.hash("heron under the bridge") for _ in range(10)), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [str] * 3 + [HashingBusy] * 7
    with pytest.raises(HashingBusy) as busy:
        raise answers[3]  # type: ignore[misc]
    assert (busy.value.status, busy.value.retry_after) == (503, 5)
