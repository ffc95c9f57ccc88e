"""What concepts make of one another: phrases that build a concept from others, or take its words away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.matching.phrases import CompiledPhrase, PhraseSet
from bot.matching.rarest import rarest_slots


class Derivation(Struct, frozen=True):
    """What other concepts make of one.

    Args:
        concept: its id.
        built_by: the phrases that build it from others.
        taken_by: the phrases that are another meaning of its words.
    """

    concept: str
    built_by: PhraseSet
    taken_by: PhraseSet

    @property
    def parts(self) -> frozenset[str]:
        """The concepts it is built from."""
        return _concepts_of(self.built_by)

    @property
    def needs(self) -> frozenset[str]:
        """The concepts that must be seen to the end before it."""
        return (self.parts | _concepts_of(self.taken_by)) - {self.concept}


class Build(Struct, frozen=True):
    """A phrase that builds a concept from others."""

    concept: str
    phrase: CompiledPhrase


def _concepts_of(phrases: Iterable[CompiledPhrase]) -> frozenset[str]:
    return frozenset(name for phrase in phrases for name in phrase.concepts)


def woken_by(derivations: Sequence[Derivation]) -> dict[str, tuple[int, ...]]:
    """List each derivation under the item that fewest phrases share, of each of its phrases.

    Args:
        derivations: the derivations, in order.

    Returns:
        for a concept, the places of the derivations that can come to something once it is seen.
    """
    listed = [(*derivation.built_by, *derivation.taken_by) for derivation in derivations]
    places = (place for place, phrases in enumerate(listed) for _ in phrases)
    woken: dict[str, dict[int, None]] = defaultdict(dict)
    for place, names in zip(
        places, rarest_slots([one for phrases in listed for one in phrases]), strict=True
    ):
        for name in names:
            woken[name][place] = None
    return {name: tuple(places) for name, places in woken.items()}


def builds(derivations: Sequence[Derivation]) -> dict[str, tuple[Build, ...]]:
    """List what builds concepts under the item that fewest of these phrases share.

    Args:
        derivations: the derivations.

    Returns:
        for a concept, what it may build.
    """
    every = [Build(one.concept, phrase) for one in derivations for phrase in one.built_by]
    listed: dict[str, list[Build]] = defaultdict(list)
    for build, names in zip(every, rarest_slots([one.phrase for one in every]), strict=True):
        for name in names:
            listed[name].append(build)
    return {name: tuple(building) for name, building in listed.items()}


def in_order(derivations: Iterable[Derivation]) -> tuple[Derivation, ...]:
    """Put each behind those it needs; where other meanings form a circle, what it is built from decides."""
    waiting = {derivation.concept: derivation for derivation in derivations}
    needs = {name: one.needs & waiting.keys() for name, one in waiting.items()}
    ordered: list[Derivation] = []
    while waiting:
        ready = [one for name, one in waiting.items() if needs[name].isdisjoint(waiting)]
        if not ready:
            built = (one for one in waiting.values() if not (one.parts - {one.concept}) & waiting.keys())
            ready = [next(built, next(iter(waiting.values())))]
        ordered.extend(ready)
        for one in ready:
            del waiting[one.concept]
    return tuple(ordered)
