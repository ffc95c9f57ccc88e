"""A back-test from messages to its report, whoever supplies the messages and does the looking."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from typing import Protocol

from bot.backtest.chunks import CHUNK, Census, chunks_of
from bot.backtest.looking import look, lowest
from bot.backtest.model import Books, Chunk, CompiledBooks, Hit, Key, Looked, Message, Plan, Sample
from bot.backtest.tally import Report, report_of
from bot.matching.compile import compile_rulebook

MOST_KEYS = 2_000
"""Of how many rules and kinds of change samples are kept; the first ones that come stay."""

Look = Callable[[Iterator[Chunk]], Iterator[Looked]]
"""Looks at chunks, here or in other processes, and gives the results in the chunks' order."""


class Record(Protocol):
    """Where hits are kept until all are there."""

    @property
    def chunks(self) -> int:
        """How many chunks are in it."""

    @property
    def digest(self) -> str:
        """The digest of the last chunk in it."""

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The samples that were kept with these chunks."""

    def keep(self, looked: Looked, samples: Callable[[], Iterable[Sample]]) -> None:
        """Keep what was found in the next chunk.

        Args:
            looked: what was found.
            samples: gives all samples drawn so far, for a record that outlives the program.
        """

    def in_order(self) -> Iterable[Hit]:
        """Give all hits in the order in which the messages were sent."""


class ChangedInputError(Exception):
    """The messages are not those that a record was begun with."""


class InMemory:
    """A record that is gone with the program, for so many messages as one can hold."""

    def __init__(self) -> None:
        self.chunks = 0
        self.digest = ""
        self.samples: tuple[Sample, ...] = ()
        self._hits: list[Hit] = []

    def keep(self, looked: Looked, samples: Callable[[], Iterable[Sample]]) -> None:
        """See `Record.keep`."""
        self.chunks += 1
        self.digest = looked.digest
        self._hits.extend(looked.hits)

    def in_order(self) -> Iterable[Hit]:
        """See `Record.in_order`."""
        return sorted(self._hits, key=lambda hit: (time_of(hit), hit.number))


def time_of(hit: Hit) -> float:
    """Give the time by which hits are put in order, in seconds since 1970; unknown times come first."""
    return hit.sent_at.timestamp() if hit.sent_at is not None else float("-inf")


def backtest(
    messages: Iterable[Message],
    plan: Plan,
    *,
    look_at: Look | None = None,
    record: Record | None = None,
    size: int = CHUNK,
) -> Report:
    """Run a back-test.

    Args:
        messages: the messages, room by room or mixed, oldest or newest first.
        plan: what to test.
        look_at: looks at the messages; without it that is done here.
        record: where hits are kept; one that holds chunks already is gone on with. Without it in memory.
        size: how many messages are looked at together. It does not change the result.

    Returns:
        the report. The same messages and rules always give the same.

    Raises:
        ChangedInputError: the record was begun with other messages.
    """
    record = InMemory() if record is None else record
    look_at = here(compiled(plan.books), samples=plan.samples) if look_at is None else look_at
    census, samples = Census(), _Samples(plan.samples, record.samples)
    chunks = _left(chunks_of(messages, census=census, size=size), record)
    with closing(_closable(look_at(chunks))) as results:
        for looked in results:
            samples.add(looked.samples)
            record.keep(looked, samples.all)
    return report_of(record.in_order(), plan, census=census, samples=samples.all())


def compiled(books: Books) -> CompiledBooks:
    """Make the rulebooks of a back-test ready."""
    return tuple(compile_rulebook(book) for book in books.all())


def here(books: CompiledBooks, *, samples: int) -> Look:
    """Look at chunks in this process."""

    def look_here(chunks: Iterator[Chunk]) -> Iterator[Looked]:
        return (look(chunk, books, samples=samples) for chunk in chunks)

    return look_here


def _left(chunks: Iterator[Chunk], record: Record) -> Iterator[Chunk]:
    """Leave out the chunks that a record holds, and make sure that they are the same."""
    done, digest, last = record.chunks, record.digest, -1
    for chunk in chunks:
        last = chunk.number
        if chunk.number >= done:
            yield chunk
        elif chunk.number == done - 1 and chunk.digest != digest:
            raise ChangedInputError
    if last < done - 1:
        raise ChangedInputError


def _closable(results: Iterator[Looked]) -> Generator[Looked, None, None]:
    yield from results


class _Samples:
    """The samples of all chunks so far: of each key those of lowest rank."""

    def __init__(self, most: int, kept: Iterable[Sample]) -> None:
        self._most = most
        self._by_key: dict[Key, list[Sample]] = {}
        self.add(kept)

    def add(self, samples: Iterable[Sample]) -> None:
        for sample in samples:
            drawn = self._by_key.get(sample.key, [])
            if drawn or len(self._by_key) < MOST_KEYS:
                self._by_key[sample.key] = lowest([*drawn, sample], self._most)

    def all(self) -> tuple[Sample, ...]:
        return tuple(sample for drawn in self._by_key.values() for sample in drawn)
