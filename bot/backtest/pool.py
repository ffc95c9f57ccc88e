"""Looking at chunks on several cores, in bounded memory, with results in the chunks' order."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from threading import Thread

from bot.backtest.looking import look
from bot.backtest.model import Books, Chunk, CompiledBooks, Looked
from bot.backtest.running import Look, compiled, here
from bot.errors import WorkerError

IN_FLIGHT = 3
"""Chunks for each process that are looked at or wait for it."""


def cores() -> int:
    """How many processes can run at once on this machine."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def pooled(books: Books, *, samples: int, jobs: int) -> Look:
    """Look at chunks in several processes, of which each makes the rulebooks ready once.

    Args:
        books: the rulebooks.
        samples: how many messages are kept to be shown for each rule and each kind of difference.
        jobs: how many processes; with 1, or where there is only one chunk, this process does it itself.

    Returns:
        what looks at chunks. It raises `WorkerError` where a process dies.
    """

    def look_at(chunks: Iterator[Chunk]) -> Iterator[Looked]:
        first = list(islice(chunks, 2))
        every = chain(first, chunks)
        if jobs == 1 or len(first) < 2:
            return here(compiled(books), samples=samples)(every) if first else iter(())
        return _in_processes(every, books, samples, jobs)

    return look_at


def _in_processes(chunks: Iterator[Chunk], books: Books, samples: int, jobs: int) -> Iterator[Looked]:
    # Started afresh rather than forked: a fork would copy threads' locks, and is not there on every system.
    pool = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(books, samples)
    )
    under_way: deque[Future[Looked]] = deque()
    try:
        for chunk in chunks:
            under_way.append(pool.submit(_look, chunk))
            if len(under_way) >= jobs * IN_FLIGHT:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    except BrokenProcessPool as error:
        raise WorkerError(
            "one of the processes that look at messages ended by itself, perhaps for want of memory; "
            "use fewer with --jobs"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


class _Worker:
    """What a worker process holds from its start to its end."""

    books: CompiledBooks = ()
    samples: int = 0


def _begin(books: Books, samples: int) -> None:
    # Ctrl-C goes to all processes of a terminal; the first one alone decides how to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _Worker.books = compiled(books)
    _Worker.samples = samples


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _look(chunk: Chunk) -> Looked:
    return look(chunk, _Worker.books, samples=_Worker.samples)
