"""Phrases made ready, and how they are laid over the concepts seen in a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.rulebook.phrase import Gap, parse_phrase

_MOST_STEPS = 400
_MOST_HITS_IN_A_SLOT = 10
_FREE_TOKENS = 4
_COST_OF_A_FREE_TOKEN = 0.4
_GROUP_GAP = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept seen at a place.

    Args:
        concept: its id.
        first: index of its first token; -1 when it was carried over from elsewhere.
        last: index behind its last token.
        mask: the tokens it covers, one bit each; 0 when it was carried over.
        score: how like its entry it is, 0–100.
        entry: the entry it matched, or where it was carried over from.
        literal: whether it was written out word by word, without a gap.
    """

    concept: str
    first: int
    last: int
    mask: int
    score: float
    entry: str
    literal: bool = True

    @property
    def carried(self) -> bool:
        """Whether it does not stand in the clause itself."""
        return self.mask == 0


@dataclass(frozen=True, slots=True)
class Slot:
    """One item of a phrase: any of these concepts may stand there."""

    concepts: frozenset[str]
    group: int


@dataclass(frozen=True, slots=True)
class CompiledPhrase:
    """A phrase made ready.

    Args:
        text: as the moderator wrote it.
        slots: its items, group by group; within a group they stand in order, groups in any order.
        gap: tokens that may lie between any neighbours; None: no limit but `within`.
        group_gap: tokens that may lie between neighbours of one group.
        within: tokens from the first to the last matched one.
    """

    text: str
    slots: tuple[Slot, ...]
    gap: int | None
    group_gap: int
    within: int

    @property
    def concepts(self) -> frozenset[str]:
        """Every concept that the phrase mentions."""
        return frozenset(name for slot in self.slots for name in slot.concepts)

    @classmethod
    def single(cls, text: str, concept: str) -> CompiledPhrase:
        """Make a phrase of one concept."""
        return cls(text=text, slots=(Slot(frozenset((concept,)), 0),), gap=None, group_gap=60, within=60)


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase laid over a message.

    Args:
        phrase: the phrase.
        hits: one hit for each slot.
        score: 0–100.
    """

    phrase: CompiledPhrase
    hits: tuple[Hit, ...]
    score: float

    @property
    def mask(self) -> int:
        """The tokens that matched, one bit each."""
        mask = 0
        for hit in self.hits:
            mask |= hit.mask
        return mask

    @property
    def first(self) -> int:
        """Index of the first matched token."""
        return min(hit.first for hit in self.hits if not hit.carried)

    @property
    def last(self) -> int:
        """Index behind the last matched token."""
        return max(hit.last for hit in self.hits if not hit.carried)


def compile_phrase(text: str, *, gap: int | None, within: int) -> CompiledPhrase:
    """Parse a phrase and turn its items into slots.

    Args:
        text: the phrase as the moderator wrote it.
        gap: tokens that may lie between neighbouring items; None: no limit but `within`. A `...` in the
            phrase widens it to four.
        within: tokens from the first to the last.

    Returns:
        the phrase made ready; a plain word's id is the word itself behind `=`.

    Raises:
        PhraseError: the phrase cannot be read.
    """
    slots = []
    groups = parse_phrase(text).groups
    for group, items in enumerate(groups):
        for item in items:
            if isinstance(item, Gap):
                gap = None if gap is None else max(gap, item.words)
                continue
            words = (f"={word.lower()}" for word in item.words)
            slots.append(Slot(frozenset((*item.concepts, *words)), group))
    free = _GROUP_GAP if len(groups) > 1 else within
    return CompiledPhrase(
        text=text, slots=tuple(slots), gap=gap, group_gap=free if gap is None else gap, within=within
    )


def can_match(phrase: CompiledPhrase, seen: AbstractSet[str]) -> bool:
    """Tell whether something was seen for every item of a phrase.

    Args:
        phrase: the phrase.
        seen: ids of the concepts that were seen.
    """
    for slot in phrase.slots:
        for name in slot.concepts:
            if name in seen:
                break
        else:
            return False
    return True


class PhraseSet(tuple[CompiledPhrase, ...]):
    """Phrases of one concept, of which those are given that could match; most of many never can."""

    def __init__(self, phrases: Iterable[CompiledPhrase]) -> None:
        self._places: dict[str, list[int]] = {}
        for place, phrase in enumerate(self):
            for name in min((slot.concepts for slot in phrase.slots), key=len):
                self._places.setdefault(name, []).append(place)

    def worth_trying(self, seen: AbstractSet[str]) -> list[CompiledPhrase]:
        """Give the phrases for whose every item something was seen, in their order."""
        if seen.isdisjoint(self._places):
            return []
        places = {place for name in self._places.keys() & seen for place in self._places[name]}
        return [self[place] for place in sorted(places) if can_match(self[place], seen)]


def lay(
    phrase: CompiledPhrase, hits: Mapping[str, Sequence[Hit]], *, first: int, last: int, barred: int = 0
) -> list[Match]:
    """Lay a phrase over a stretch of tokens.

    Args:
        phrase: the phrase.
        hits: the concepts seen, by id, carried ones included.
        first: index of the stretch's first token.
        last: index behind its last.
        barred: tokens that must not be used, one bit each.

    Returns:
        the best match for each place of its first slot, best first. The work is bounded: a stretch that
        repeats the same concepts over and over is not searched to the end.
    """
    filled: list[list[Hit]] = []
    for slot in phrase.slots:
        usable = [
            hit
            for name in slot.concepts
            for hit in hits.get(name, ())
            if not hit.mask & barred and (hit.carried or (first <= hit.first and hit.last <= last))
        ]
        if not usable:
            return []
        usable.sort(key=_order)
        filled.append(usable[:_MOST_HITS_IN_A_SLOT])
    search = _Search(phrase, filled)
    matches = [match for hit in filled[0] if (match := search.best_from(hit)) is not None]
    matches.sort(key=lambda match: -match.score)
    return matches


def _order(hit: Hit) -> tuple[int, int, bool, str]:
    # By the name at last, so that of equal hits the same one counts whenever the bot is started.
    return (hit.first, -hit.last, not hit.literal, hit.concept)


class _Search:
    """Tries the hits of each slot in turn, depth first, and keeps the best row of them."""

    def __init__(self, phrase: CompiledPhrase, filled: list[list[Hit]]) -> None:
        self.phrase = phrase
        self.filled = filled
        self.steps = 0
        self.best: Match | None = None

    def best_from(self, hit: Hit) -> Match | None:
        self.best = None
        self.steps = 0
        self._go_on([hit], hit.mask)
        return self.best

    def _go_on(self, chosen: list[Hit], used: int) -> None:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            return
        index = len(chosen)
        if index == len(self.filled):
            self._consider(chosen)
            return
        before = self._standing_before(chosen)
        for hit in self.filled[index]:
            if hit.mask & used or not (before is None or hit.carried or self._follows(before, hit)):
                continue
            chosen.append(hit)
            if self._span(chosen) <= self.phrase.within:
                self._go_on(chosen, used | hit.mask)
            chosen.pop()

    def _standing_before(self, chosen: Sequence[Hit]) -> Hit | None:
        """Give the hit that the next one must follow: the last of its group that was not carried over."""
        slots = self.phrase.slots
        for index in range(len(chosen) - 1, -1, -1):
            if slots[index].group != slots[len(chosen)].group:
                return None
            if not chosen[index].carried:
                return chosen[index]
        return None

    def _follows(self, before: Hit, hit: Hit) -> bool:
        return before.first < hit.first <= before.last + self.phrase.group_gap

    @staticmethod
    def _span(hits: Sequence[Hit]) -> int:
        standing = [hit for hit in hits if not hit.carried]
        if not standing:
            return 0
        return max(hit.last for hit in standing) - min(hit.first for hit in standing)

    def _consider(self, chosen: list[Hit]) -> None:
        if all(hit.carried for hit in chosen):
            return
        if self.phrase.gap is not None and self._loosest(chosen) > self.phrase.gap:
            return
        covered = sum(hit.mask.bit_count() for hit in chosen)
        loose = max(0, self._span(chosen) - covered - _FREE_TOKENS)
        score = sum(hit.score for hit in chosen) / len(chosen) - _COST_OF_A_FREE_TOKEN * loose
        if self.best is None or score > self.best.score:
            self.best = Match(self.phrase, tuple(chosen), max(0.0, score))

    @staticmethod
    def _loosest(chosen: Sequence[Hit]) -> int:
        standing = sorted((hit for hit in chosen if not hit.carried), key=lambda hit: hit.first)
        loosest, reached = 0, standing[0].last
        for hit in standing[1:]:
            loosest = max(loosest, hit.first - reached)
            reached = max(reached, hit.last)
        return loosest
