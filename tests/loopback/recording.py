"""What the bot asked for and what was wrong with it, for tests to look at and wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Recorded:
    """One REST request with its answer.

    Args:
        method: GET, POST, PATCH, PUT or DELETE.
        route: the route's pattern, for example "/channels/{channel_id}/messages".
        path: the path as it was asked for, without the address of the API.
        query: the query string's values.
        body: the JSON sent; none if there was none.
        files: the names of files sent.
        status: the status answered.
        answer: the JSON answered.
        at: when it was answered.
    """

    method: str
    route: str
    path: str
    query: dict[str, str]
    body: Any
    files: tuple[str, ...]
    status: int
    answer: Any
    at: datetime

    @property
    def key(self) -> str:
        """The method and the route, for example "POST /channels/{channel_id}/messages"."""
        return f"{self.method} {self.route}"


@dataclass(frozen=True, slots=True)
class Violation:
    """Something in a request that Discord would not take, or not in time."""

    key: str
    where: str
    problem: str
    body: Any

    def __str__(self) -> str:
        return f"{self.key}: {self.where or 'body'}: {self.problem}"


class Recorder:
    """Keeps requests and violations, and wakes those who wait for something to happen."""

    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        self.violations: list[Violation] = []
        self._stirred = asyncio.Event()

    def add(self, recorded: Recorded) -> None:
        """Keep a request."""
        self.requests.append(recorded)
        self.stir()

    def stir(self) -> None:
        """Wake everybody who waits, because something happened."""
        self._stirred.set()
        self._stirred = asyncio.Event()

    async def until(self, holds: Callable[[], bool], *, within: float, what: str) -> None:
        """Wait until something holds.

        Args:
            holds: looked at now and whenever something happened.
            within: how long to wait, in seconds.
            what: what is waited for, for the error.

        Raises:
            AssertionError: it did not come to hold in time; the last requests are named.
        """
        try:
            async with asyncio.timeout(within):
                while not holds():
                    await self._stirred.wait()
        except TimeoutError:
            recent = "\n  ".join(f"{one.key} -> {one.status}" for one in self.requests[-8:]) or "none"
            raise AssertionError(f"waited {within} s for {what}; the last requests:\n  {recent}") from None

    async def quiet(self, *, seconds: float) -> None:
        """Wait until nothing has happened for a while.

        Args:
            seconds: how long nothing has to happen.
        """
        while True:
            try:
                async with asyncio.timeout(seconds):
                    await self._stirred.wait()
            except TimeoutError:
                return
