"""Segments: the stretches of a message within which words belong together.

A clause ends where its punctuation ends it; a turning word (but, although) begins a new segment inside of it,
because it turns the meaning (the terminators of NegEx: Chapman et al. 2001, doi 10.1006/jbin.2001.1029).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from bot.matching.phrases import Hit
from bot.text.model import Reading


class Segment(Struct, frozen=True):
    """A stretch of tokens.

    Args:
        first: index of its first token.
        last: index behind its last.
        ending: the marks that ended it; empty where a turning word did.
    """

    first: int
    last: int
    ending: str


def clauses_of(reading: Reading) -> list[tuple[int, int]]:
    """Give the clauses of a message as stretches of tokens."""
    return [(clause.first, clause.last) for clause in reading.clauses if clause.last > clause.first]


def segments_of(reading: Reading, turns: Iterable[Hit]) -> tuple[Segment, ...]:
    """Part a message into segments.

    Args:
        reading: the message.
        turns: the turning words seen in it.

    Returns:
        the segments in order; together they cover every token once.
    """
    cuts = sorted({hit.first for hit in turns})
    segments = []
    for clause in reading.clauses:
        edges = [clause.first, *(cut for cut in cuts if clause.first < cut < clause.last), clause.last]
        for first, last in pairwise(edges):
            if last > first:
                segments.append(Segment(first, last, clause.ending if last == clause.last else ""))
    return tuple(segments)


def hits_within(segments: Sequence[Segment], hits: Mapping[str, list[Hit]]) -> list[dict[str, list[Hit]]]:
    """Sort hits by the segment in which they lie; one that reaches over its end lies in none.

    Args:
        segments: all segments of a message.
        hits: the concepts seen in it.

    Returns:
        for each segment the concepts seen in it, with their hits in the same order.
    """
    if len(segments) == 1:
        return [{name: listed for name, listed in hits.items() if listed}]
    within: list[dict[str, list[Hit]]] = [{} for _ in segments]
    lying = [at for at, segment in enumerate(segments) for _ in range(segment.first, segment.last)]
    ends = [segment.last for segment in segments]
    for name, listed in hits.items():
        for hit in listed:
            at = lying[hit.first]
            if hit.last <= ends[at]:
                here = within[at]
                if name in here:
                    here[name].append(hit)
                else:
                    here[name] = [hit]
    return within
