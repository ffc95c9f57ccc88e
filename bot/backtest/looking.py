"""Looking at one chunk of messages as the bot would have looked at them when they were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from heapq import nsmallest

from msgspec.structs import replace

from bot.backtest.model import (
    Chunk,
    CompiledBooks,
    Hit,
    Key,
    Looked,
    Message,
    Placed,
    Sample,
    caught,
    change_of,
    every,
    without_words,
)
from bot.matching.engine import find
from bot.matching.model import Finding, Findings
from bot.replies.context import Conversations
from bot.replies.model import Incoming
from bot.text.model import Reading
from bot.text.unread import Unread

BEGINNING = datetime.fromtimestamp(0, UTC)
"""Stands for a time that is not known; nothing depends on it."""
LONGEST_SAMPLE = 600
"""Characters of a message that are shown at most."""
_BEFORE_SAMPLE = 200
"""Characters that are shown before the first matched words of a longer message."""


def look(chunk: Chunk, books: CompiledBooks, *, samples: int) -> Looked:
    """Look at a chunk with one rulebook or two.

    Args:
        chunk: the messages, with what was said around them.
        books: the rulebooks made ready.
        samples: how many messages are kept to be shown for each rule and each kind of difference.

    Returns:
        what was found. The same chunk always gives the same.
    """
    shown = _Drawn(samples)
    hits: list[Hit] = []
    messages = 0
    for placed, findings in _look_at_each(chunk, books):
        messages += 1
        if any(one.found or one.emergency for one in findings):
            hits.append(_hit(placed, findings))
            shown.draw(placed, findings)
    hits.sort(key=lambda hit: hit.number)
    return Looked(chunk.number, chunk.digest, messages, tuple(hits), shown.samples())


def incoming_of(placed: Placed) -> Incoming:
    """Put a message in the form in which the bot would have got it; its place stands for its id."""
    message = placed.message
    return Incoming(
        id=str(placed.number),
        server=message.server,
        room=message.room,
        author=f"?{placed.number}" if message.author is None else message.author,
        text=message.text,
        sent_at=message.sent_at or BEGINNING,
        parents=message.parents,
        roles=frozenset(message.roles),
        answers=placed.answered,
        forwarded=message.forwarded,
    )


def _look_at_each(chunk: Chunk, books: CompiledBooks) -> Iterator[tuple[Placed, tuple[Findings, ...]]]:
    """Go through a chunk in the order in which its messages were sent."""
    conversations = Conversations(most_rooms=len(chunk.messages) + len(chunk.around))
    looked_at = {placed.number for placed in chunk.messages}
    for placed in _in_order(chunk):
        incoming, reading = incoming_of(placed), Unread(placed.message.text)
        if placed.number in looked_at and placed.message.skip is None:
            context = _context(placed, incoming, conversations)
            yield placed, tuple(find(reading, book, context) for book in books)
        if placed.message.sent_at is not None:
            conversations.remember(incoming, reading)


def _in_order(chunk: Chunk) -> list[Placed]:
    return sorted(
        (*chunk.around, *chunk.messages),
        key=lambda placed: (placed.message.sent_at or BEGINNING, placed.number),
    )


def _context(placed: Placed, incoming: Incoming, conversations: Conversations) -> tuple[Reading, ...]:
    answered = Unread(incoming.answers) if incoming.answers else None
    if placed.message.sent_at is None:
        return () if answered is None else (answered,)
    return conversations.before(incoming, answered=answered)


def _hit(placed: Placed, findings: Iterable[Findings]) -> Hit:
    message: Message = placed.message
    return Hit(
        number=placed.number,
        server=message.server,
        room=message.room,
        author=message.author,
        sent_at=message.sent_at,
        parents=message.parents,
        roles=message.roles,
        found=tuple(without_words(one) for one in findings),
    )


class _Drawn:
    """Draws samples: of each key those whose rank, a hash of key and place, is lowest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_key: dict[Key, list[Sample]] = {}

    def draw(self, placed: Placed, findings: tuple[Findings, ...]) -> None:
        for rule in dict.fromkeys(finding.rule for finding in every(findings[0])):
            shown = tuple(finding for finding in every(findings[0]) if finding.rule == rule)
            self._add(Key(None, rule), placed, shown)
        change = change_of(*findings) if len(findings) == 2 else None
        if change is not None:
            self._add(change, placed, caught(findings[0]) or caught(findings[1]))

    def samples(self) -> tuple[Sample, ...]:
        return tuple(sample for drawn in self._by_key.values() for sample in drawn)

    def _add(self, key: Key, placed: Placed, findings: tuple[Finding, ...]) -> None:
        drawn = self._by_key.setdefault(key, [])
        drawn.append(_sample(key, placed, findings))
        self._by_key[key] = lowest(drawn, self._most)


def lowest(samples: Iterable[Sample], most: int) -> list[Sample]:
    """Keep the samples of one key whose ranks are lowest."""
    return nsmallest(most, samples, key=lambda sample: (sample.rank, sample.number))


def _sample(key: Key, placed: Placed, findings: tuple[Finding, ...]) -> Sample:
    message = placed.message
    text, begin = _cut(message.text, findings)
    return Sample(
        key=key,
        rank=_rank(key, placed.number),
        number=placed.number,
        id=message.id,
        room_name=message.room_name or message.room,
        sent_at=message.sent_at,
        text=text,
        findings=tuple(_moved(finding, begin, len(text)) for finding in findings),
        cut=len(text) < len(message.text),
    )


def _cut(text: str, findings: tuple[Finding, ...]) -> tuple[str, int]:
    if len(text) <= LONGEST_SAMPLE:
        return text, 0
    begin = max(0, min(finding.start for finding in findings) - _BEFORE_SAMPLE)
    return text[begin : begin + LONGEST_SAMPLE], begin


def _moved(finding: Finding, begin: int, length: int) -> Finding:
    start, end = (min(max(place - begin, 0), length) for place in (finding.start, finding.end))
    return replace(finding, start=start, end=end, matched=finding.matched[:LONGEST_SAMPLE])


def _rank(key: Key, number: int) -> int:
    name = f"{key.change}\0{key.rule}\0{number}"
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=7).digest())
