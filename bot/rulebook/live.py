"""The rules while the bot runs: a good change comes into force at once, a broken one leaves the last good
rules in force."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from bot.errors import Fault, RulebookError
from bot.rulebook.encoder_file import ENCODER
from bot.rulebook.loaded import LoadedRulebook
from bot.rulebook.model import WEIGHTS
from bot.rulebook.word_classes import CLASSES

PreparedT = TypeVar("PreparedT")

_logger = logging.getLogger(__name__)

# A file's path, time of change in nanoseconds, size and inode: what differs when somebody saved it.
_Fingerprint = frozenset[tuple[str, int, int, int]]


class LiveRulebook(Generic[PreparedT]):
    """Watches a folder of rules and keeps the last good rulebook.

    Used with `async with`: entering loads the rules for the first time, leaving ends the watching. Changes
    are seen through the system's file events; a look every `poll` milliseconds sees what these miss (network
    drives, a folder that was replaced).

    Args:
        folder: the folder of rules.
        prepare: makes of a rulebook what is used; runs in a thread. It is the gate: by raising RulebookError
            it keeps the rulebook out.
        changed: is handed what `prepare` made of each good new rulebook. It is not called for the first one.
        broken: is handed the faults of a change that is kept out, and no faults once they are mended.
        settle: how long files must stay unchanged before they are read, in milliseconds, so that nothing is
            read half-written.
        poll: how often to look without being told, in milliseconds.
        idle: how long after the start the watching begins, in milliseconds; what changed until then is seen
            then.
        load: reads the folder; runs in a thread.
    """

    def __init__(
        self,
        *,
        folder: Path,
        prepare: Callable[[LoadedRulebook], PreparedT],
        changed: Callable[[PreparedT], Awaitable[None]],
        broken: Callable[[tuple[Fault, ...]], Awaitable[None]],
        settle: int = 200,
        poll: int = 2000,
        idle: int = 0,
        load: Callable[[Path], LoadedRulebook],
    ) -> None:
        self._folder = folder
        self._prepare = prepare
        self._changed = changed
        self._broken = broken
        self._settle = settle
        self._poll = poll
        self._idle = idle
        self._load = load
        self._stop = asyncio.Event()
        self._looking = asyncio.Lock()
        self._seen: _Fingerprint = frozenset()
        self._faults: tuple[Fault, ...] = ()
        self._digest = ""
        self._current: PreparedT
        self._task: asyncio.Task[None] | None = None

    @property
    def current(self) -> PreparedT:
        """What was made of the last good rulebook."""
        return self._current

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that keep the folder's present content out; empty while it is in force."""
        return self._faults

    async def __aenter__(self) -> Self:
        """Load the rules for the first time.

        Raises:
            RulebookError: they hold faults; there is no last good rulebook yet to fall back to.
        """
        self._seen = await asyncio.to_thread(self._fingerprint)
        loaded = await asyncio.to_thread(self._load, self._folder)
        self._current = await asyncio.to_thread(self._prepare, loaded)
        self._digest = loaded.rulebook.digest
        self._task = asyncio.create_task(self._watch(), name="watch the rules")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the watching."""
        self._stop.set()
        if self._task is not None:
            await self._task

    async def look(self) -> None:
        """Look at the folder now, and take what changed into force or tell its faults."""
        async with self._looking:
            fingerprint = await asyncio.to_thread(self._fingerprint)
            if fingerprint == self._seen:
                return
            self._seen = await self._settled(fingerprint)
            await self._take()

    async def _watch(self) -> None:
        if self._idle:
            await self._stopped_within(self._idle)
            await self._look_safely()
        while not self._stop.is_set():
            try:
                await self._follow_events()
            except (
                OSError,
                RuntimeError,
                ExceptionGroup,
            ) as error:  # the folder is away, or no watch is to be had
                _logger.debug("the rules cannot be watched: %s", error)
                await self._look_safely()
                await self._stopped_within(self._poll)

    async def _stopped_within(self, milliseconds: int) -> None:
        """Wait, no longer than until the watching is to end."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), milliseconds / 1000)

    async def _follow_events(self) -> None:
        """Look after each event and each pause, until asked to stop or until the folder is another one."""
        from watchfiles import awatch  # noqa: PLC0415  # 30 ms, once the start is over

        watched = self._folder.stat().st_ino
        events = awatch(
            self._folder,
            watch_filter=None,
            stop_event=self._stop,
            step=50,
            debounce=1000,
            rust_timeout=self._poll,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        async with aclosing(events):
            async for _ in events:
                await self._look_safely()
                if self._folder.stat().st_ino != watched:
                    return

    async def _look_safely(self) -> None:
        try:
            await self.look()
        except Exception:
            # Whatever goes wrong with one change, the next one must still be seen.
            _logger.exception("a change of the rules could not be taken into force")

    async def _settled(self, fingerprint: _Fingerprint) -> _Fingerprint:
        """Wait until nobody writes any more."""
        while not self._stop.is_set():
            await self._stopped_within(self._settle)
            again = await asyncio.to_thread(self._fingerprint)
            if again == fingerprint:
                break
            fingerprint = again
        return fingerprint

    async def _take(self) -> None:
        try:
            loaded = await asyncio.to_thread(self._load, self._folder)
            is_new = loaded.rulebook.digest != self._digest
            prepared = await asyncio.to_thread(self._prepare, loaded) if is_new else self._current
        except RulebookError as error:
            await self._tell(error.faults)
            return
        self._current, self._digest = prepared, loaded.rulebook.digest
        await self._tell(())
        if is_new:
            await self._changed(prepared)

    async def _tell(self, faults: tuple[Fault, ...]) -> None:
        if faults != self._faults:
            self._faults = faults
            await self._broken(faults)

    def _fingerprint(self) -> _Fingerprint:
        found = set()
        for path in (
            *self._folder.rglob("*.y*ml"),
            self._folder / WEIGHTS,
            self._folder / CLASSES,
            self._folder / ENCODER,
        ):
            with suppress(OSError):
                status = path.stat()
                found.add((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
        return frozenset(found)
