"""Seeing concepts: what is written in a message, and what concepts make of one another there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from bot.matching.lexicon import Lexicon
from bot.matching.phrases import CompiledPhrase, Hit, Match, can_match, lay
from bot.matching.written import Place, written_in
from bot.text.model import Reading

_MOST_TOKENS = 700
_MOST_HITS_OF_A_CONCEPT = 40

Hits = dict[str, list[Hit]]


def see(reading: Reading, lexicon: Lexicon, stretches: Sequence[tuple[int, int]]) -> Hits:
    """Find every concept in a message; arguments are those of `InSight` and of its `hits`."""
    return InSight(reading, lexicon).hits(stretches)


class InSight:
    """The concepts of a message, seen no closer than is asked for.

    Args:
        reading: the message; only its first 700 tokens are looked at.
        lexicon: the lexicon made ready.
    """

    def __init__(self, reading: Reading, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._written = written_in(reading.tokens[:_MOST_TOKENS], lexicon)
        self.possible: set[str] = _possible(self._written, lexicon)
        """Ids of all concepts that are seen, and of some that prove not to stand there."""

    def hits(self, stretches: Sequence[tuple[int, int]]) -> Hits:
        """See every concept to the end.

        Args:
            stretches: the stretches of tokens (first, behind the last) that a composed concept may not cross.

        Returns:
            the hits by concept, in the order they stand.
        """
        hits = {name: _hits_of(name, places.values()) for name, places in self._written.items()}
        _Deriving(hits, self._lexicon, self.possible, stretches).all()
        return hits


def _hits_of(name: str, places: Collection[Place]) -> list[Hit]:
    hits = [Hit(name, *place) for place in places]
    if len(hits) > 1:
        del hits[_MOST_HITS_OF_A_CONCEPT:]
        hits.sort(key=_by_place)
    return hits


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit.first, -hit.last


def _possible(written: Mapping[str, object], lexicon: Lexicon) -> set[str]:
    """Give what is written and what it could build, whatever the order and the room between."""
    seen = set(written)
    builds = lexicon.builds
    waiting = [build for name in builds.keys() & seen for build in builds[name]]
    is_growing = True
    while is_growing:
        waiting = [build for build in waiting if build.concept not in seen]
        built = {build.concept for build in waiting if can_match(build.phrase, seen)}
        seen |= built
        waiting += [build for name in built for build in builds.get(name, ())]
        is_growing = bool(built)
    return seen


class _Deriving:
    """Adds what concepts make of one another to the hits of a message.

    Args:
        hits: the concepts that are written; what is derived is added, what is another meaning taken away.
        lexicon: the lexicon made ready.
        possible: ids of all concepts that could come of it.
        stretches: the stretches of tokens that a composed concept may not cross.
    """

    def __init__(
        self,
        hits: Hits,
        lexicon: Lexicon,
        possible: set[str],
        stretches: Sequence[tuple[int, int]],
    ) -> None:
        self._hits = hits
        self._seen = set(hits)
        self._lexicon = lexicon
        self._possible = possible
        self._stretches = stretches

    def all(self) -> None:
        """Derive what can come to something, in order; what is derived may wake what comes after it."""
        woken_by, derivations, seen = self._lexicon.woken_by, self._lexicon.derivations, self._seen
        queued = {place for name in seen & woken_by.keys() for place in woken_by[name]}
        waiting = list(queued)
        heapify(waiting)
        while waiting:
            derivation = derivations[heappop(waiting)]
            name = derivation.concept
            if name not in self._possible:
                continue
            was_seen = name in seen
            built = derivation.built_by.worth_trying(self._possible)
            taken = derivation.taken_by.worth_trying(self._possible)
            if not built and not taken:
                continue
            self._derive(name, built, taken)
            if not was_seen and name in seen:
                for place in woken_by.get(name, ()):
                    if place not in queued:
                        queued.add(place)
                        heappush(waiting, place)

    def _derive(self, name: str, built: Sequence[CompiledPhrase], taken: Sequence[CompiledPhrase]) -> None:
        """Add what other concepts build, then take away what is another meaning."""
        hits, seen = self._hits, self._seen
        # It may be built from itself, too: where it is not seen yet, nothing comes of that.
        seen.add(name)
        for match in self._laid(built):
            text = match.phrase.text
            _add(hits, Hit(name, match.first, match.last, match.mask, match.score, text, literal=False))
        if hits.get(name) and taken:
            barred = 0
            for match in self._laid(taken):
                barred |= match.mask
            if barred:
                hits[name] = [hit for hit in hits[name] if not hit.mask & barred]
        if not hits.get(name):
            seen.discard(name)

    def _laid(self, phrases: Sequence[CompiledPhrase]) -> Iterator[Match]:
        for phrase in [one for one in phrases if can_match(one, self._seen)]:
            for first, last in self._stretches:
                yield from lay(phrase, self._hits, first=first, last=last)


def _add(hits: Hits, hit: Hit) -> None:
    listed = hits.setdefault(hit.concept, [])
    if len(listed) < _MOST_HITS_OF_A_CONCEPT and all(other.mask != hit.mask for other in listed):
        listed.append(hit)
        listed.sort(key=_by_place)
