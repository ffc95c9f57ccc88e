"""Work in order: one thing after another in each room, the rooms beside each other."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

Work = Callable[[], Awaitable[None]]

log = logging.getLogger(__name__)


class InOrder:
    """Runs the work of each room in the order it came in.

    A reply is decided, sent and recorded before the room's next message is looked at: an edit cannot overtake
    the message it changes, and what is said in a room is read as the conversation it is.

    Args:
        limit: how many pieces of work may wait in one room; more is refused unless it must be done.
    """

    def __init__(self, *, limit: int = 200) -> None:
        self._limit = limit
        self._waiting: dict[int, deque[Work]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._beside = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    def put(self, room: int, work: Work, *, must: bool = False) -> bool:
        """Let work be done after all that waits in its room. Returns at once.

        Args:
            room: the channel's id.
            work: what to do.
            must: do it even where too much is waiting (a deletion; Discord itself bounds how many there are).

        Returns:
            whether it will be done: False where too much is waiting or no more work is taken.
        """
        if self._closed:
            return False
        waiting = self._waiting.get(room)
        if waiting is None:
            waiting = self._waiting[room] = deque()
            worker = asyncio.get_running_loop().create_task(self._run(room), name=f"caveat-room-{room}")
            self._workers.add(worker)
            self._idle.clear()
            worker.add_done_callback(self._ended)
        elif len(waiting) >= self._limit and not must:
            return False
        waiting.append(work)
        return True

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Count work that belongs to no room, such as the answer to a button: `finish` waits for it."""
        self._beside += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._beside -= 1
            self._settle()

    async def finish(self, *, seconds: float) -> int:
        """Take no more work, and end what is under way.

        Args:
            seconds: how long to wait; what is not done by then is given up.

        Returns:
            how many rooms were given up.
        """
        self._closed = True
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            left = tuple(self._workers)
            for worker in left:
                worker.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            return len(left)
        return 0

    async def _run(self, room: int) -> None:
        waiting = self._waiting[room]
        try:
            while waiting:
                work = waiting.popleft()
                try:
                    await work()
                except Exception:
                    # One message that goes wrong must not silence its room.
                    log.exception("channel %s: a message could not be handled", room)
        finally:
            del self._waiting[room]

    def _ended(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        self._settle()

    def _settle(self) -> None:
        if not self._workers and not self._beside:
            self._idle.set()
