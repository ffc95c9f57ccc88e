"""Python's collector of circular garbage, kept away from work that makes much and throws nothing away.

The collector looks through everything that lives, again and again while a rulebook's hundred thousand values
are made: that takes a fifth of the time, and holds up every thread, a tenth of a second at a time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Pauses:
    """Counts who wants the collector to rest: rulebooks are made in several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = 0
        self._was_on = False

    def begin(self) -> None:
        with self._lock:
            if not self._count:
                self._was_on = gc.isenabled()
                gc.disable()
            self._count += 1

    def end(self) -> None:
        with self._lock:
            self._count -= 1
            if not self._count and self._was_on:
                gc.enable()


_pauses = _Pauses()


@contextmanager
def resting() -> Iterator[None]:
    """Let the collector rest while something large is made that is to stay."""
    _pauses.begin()
    try:
        yield
    finally:
        _pauses.end()


def pass_over() -> None:
    """Let the collector pass over whatever lives now: the program itself and the base's rules, which stay.

    Without it the first collection after a rulebook was made looks through all of it, and holds up the event
    loop for a tenth of a second. What lives now and becomes circular garbage later is not found any more; so
    this is for starts and for other rules of the base, not for each server's own.
    """
    gc.freeze()
