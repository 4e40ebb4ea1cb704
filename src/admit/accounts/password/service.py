"""Passwords are hashed with Argon2id in threads of their own, behind a queue that has an end.

Parameters: OWASP's and RFC 9106's second choice, 64 MiB, three passes, four lanes; what is
stored with less is replaced when its owner signs in.
"""

import base64
import os
import secrets
import unicodedata
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from admit.accounts.errors import HashingBusy

TIME_COST = 3
LANES = 4
SALT_BYTES = 16
DIGEST_BYTES = 32
QUEUE = 64

P = ParamSpec("P")
R = TypeVar("R")


class Passwords:
    """One a process: it bounds how much memory and how many cores hashing may take.

    Raises `HashingBusy` when more than `queue` callers wait already.
    """

    def __init__(
        self,
        *,
        memory_kib: int,
        at_once: int | None = None,
        queue: int = QUEUE,
    ) -> None:
        self._hasher = PasswordHasher(
            time_cost=TIME_COST,
            memory_cost=memory_kib,
            parallelism=LANES,
            hash_len=DIGEST_BYTES,
            salt_len=SALT_BYTES,
            type=Type.ID,
        )
        self._memory_kib = memory_kib
        # A hash uses four lanes, so half of the cores keeps the rest free for everybody else.
        self._at_once = at_once or max(1, (os.cpu_count() or 2) // 2)
        self._limiter: CapacityLimiter | None = None
        self._room = self._at_once + queue
        self._inside = 0
        self._nobodys = self._hash_of_nobody()

    async def hash(self, password: str) -> str:
        return await self._in_turn(self._hash, password)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Without a hash the same work is done for nothing: the answer is False, and as slow."""
        return await self._in_turn(self._verify, password, password_hash or self._nobodys)

    def is_weak(self, password_hash: str) -> bool:
        """Stored with less than is asked today."""
        found = extract_parameters(password_hash)
        return (
            found.type is not Type.ID
            or found.memory_cost < self._memory_kib
            or found.time_cost < TIME_COST
            or found.parallelism < LANES
        )

    async def _in_turn(self, work: Callable[P, R], *args: P.args, **_: P.kwargs) -> R:
        if self._inside >= self._room:
            raise HashingBusy
        self._inside += 1
        try:
            return await to_thread.run_sync(work, *args, limiter=self._threads())
        finally:
            self._inside -= 1

    def _threads(self) -> CapacityLimiter:
        """Made by the loop that first needs it."""
        if self._limiter is None:
            self._limiter = CapacityLimiter(self._at_once)
        return self._limiter

    def _hash(self, password: str) -> str:
        return self._hasher.hash(as_bytes(password))

    def _verify(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, as_bytes(password))
        except (VerificationError, InvalidHashError):
            return False

    def _hash_of_nobody(self) -> str:
        """Of the same cost as a real one; no password fits, for its digest is pure chance."""
        salt, digest = (
            base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
            for size in (SALT_BYTES, DIGEST_BYTES)
        )
        return f"$argon2id$v=19$m={self._memory_kib},t={TIME_COST},p={LANES}${salt}${digest}"


def as_bytes(password: str) -> bytes:
    """NFC, as RFC 8265 (OpaqueString) asks: an é is an é on every keyboard.

    Nothing else is changed; case and spaces count, and look-alikes (NFKC) stay different.
    """
    return unicodedata.normalize("NFC", password).encode()
