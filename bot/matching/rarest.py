"""Which item of a phrase is seen least: whatever is listed under it is tried least often in vain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.matching.phrases import CompiledPhrase


def rarest_slots(phrases: Sequence[CompiledPhrase]) -> Iterator[frozenset[str]]:
    """Give of each phrase the concepts of that item which fewest of the phrases share."""
    for first, _ in rarest_two(phrases):
        yield first


def rarest_two(phrases: Sequence[CompiledPhrase]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Give of each phrase the concepts of the two items which fewest of the phrases share.

    Args:
        phrases: the phrases.

    Returns:
        the item that fewest share, then the other one, empty where there is none.
    """
    shared = Counter(name for phrase in phrases for name in phrase.concepts)
    sums: dict[frozenset[str], int] = {}
    for phrase in phrases:
        for slot in phrase.slots:
            if slot.concepts not in sums:
                sums[slot.concepts] = sum(shared[name] for name in slot.concepts)
        first, *rest = sorted((slot.concepts for slot in phrase.slots), key=sums.__getitem__)
        yield first, rest[0] if rest else frozenset()
