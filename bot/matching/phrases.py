"""Phrases made ready, and how they are laid over the concepts seen in a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.rulebook.phrase import Gap, parse_phrase

_MOST_STEPS = 400
_MOST_HITS_IN_A_SLOT = 10
_FREE_TOKENS = 4
_COST_OF_A_FREE_TOKEN = 0.4
_GROUP_GAP = 3
_BEHIND_ALL = 1 << 30
"""Stands behind the last token of any message."""


class Hit(Struct, frozen=True):
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


class Slot(Struct, frozen=True):
    """One item of a phrase: any of these concepts may stand there."""

    concepts: frozenset[str]
    group: int


class CompiledPhrase(Struct, frozen=True):
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


class Match(Struct, frozen=True):
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


def can_match(phrase: CompiledPhrase, seen: set[str]) -> bool:
    """Tell whether something was seen for every item of a phrase.

    Args:
        phrase: the phrase.
        seen: ids of the concepts that were seen, as a plain set: no other is compared as fast.
    """
    for slot in phrase.slots:  # noqa: SIM110  # twice as fast as `all` of a generator
        if slot.concepts.isdisjoint(seen):
            return False
    return True


class PhraseSet(tuple[CompiledPhrase, ...]):
    """Phrases of one concept, of which those are given that could match; most of many never can."""

    _known_places: dict[str, list[int]] | None = None

    @property
    def _places(self) -> dict[str, list[int]]:
        """For each concept of a phrase's smallest slot the phrase's place; a start needs none of it."""
        if self._known_places is None:
            places: dict[str, list[int]] = {}
            for place, phrase in enumerate(self):
                for name in min((slot.concepts for slot in phrase.slots), key=len):
                    places.setdefault(name, []).append(place)
            self._known_places = places
        return self._known_places

    def worth_trying(self, seen: set[str]) -> list[CompiledPhrase]:
        """Give the phrases for whose every item something was seen, in their order."""
        by_name = self._places
        if seen.isdisjoint(by_name):
            return []
        places = {place for name in by_name.keys() & seen for place in by_name[name]}
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
            if not hit.mask & barred and (not hit.mask or (first <= hit.first and hit.last <= last))
        ]
        if not usable:
            return []
        if len(usable) > 1:
            usable.sort(key=_order)
            del usable[_MOST_HITS_IN_A_SLOT:]
        filled.append(usable)
    if len(filled) == 1:
        return _alone(phrase, filled[0])
    search = _Search(phrase, filled)
    matches = [match for hit in filled[0] if (match := search.best_from(hit)) is not None]
    matches.sort(key=_by_score)
    return matches


def _alone(phrase: CompiledPhrase, hits: Sequence[Hit]) -> list[Match]:
    """Give the matches of a phrase of one item; most that take words away are such."""
    matches = [Match(phrase, (hit,), _score((hit,), hit.last - hit.first)) for hit in hits if not hit.carried]
    matches.sort(key=_by_score)
    return matches


def _by_score(match: Match) -> float:
    return -match.score


def _score(hits: Sequence[Hit], span: int) -> float:
    """Give the score of hits that lie within a span of so many tokens; what lies loose between them costs."""
    covered = 0
    score = 0.0
    for hit in hits:
        covered += hit.mask.bit_count()
        score += hit.score
    loose = max(0, span - covered - _FREE_TOKENS)
    return max(0.0, score / len(hits) - _COST_OF_A_FREE_TOKEN * loose)


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
        self._go_on([hit], hit.mask, *((_BEHIND_ALL, -1) if hit.carried else (hit.first, hit.last)))
        return self.best

    def _go_on(self, chosen: list[Hit], used: int, first: int, last: int) -> None:
        """Try what may stand in the next slot; what stands so far reaches from `first` to `last`."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            return
        index = len(chosen)
        if index == len(self.filled):
            self._consider(chosen, first, last)
            return
        before = self._standing_before(chosen)
        farthest = _BEHIND_ALL if before is None else before.last + self.phrase.group_gap
        for hit in self.filled[index]:
            if not hit.mask:
                next_first, next_last = first, last
            elif hit.mask & used or (before is not None and not before.first < hit.first <= farthest):
                continue
            else:
                next_first = hit.first if hit.first < first else first
                next_last = hit.last if hit.last > last else last
            if next_last - next_first <= self.phrase.within:
                chosen.append(hit)
                self._go_on(chosen, used | hit.mask, next_first, next_last)
                chosen.pop()

    def _standing_before(self, chosen: Sequence[Hit]) -> Hit | None:
        """Give the hit that the next one must follow: the last of its group that was not carried over."""
        slots = self.phrase.slots
        group = slots[len(chosen)].group
        for index in range(len(chosen) - 1, -1, -1):
            if slots[index].group != group:
                return None
            if chosen[index].mask:
                return chosen[index]
        return None

    def _consider(self, chosen: list[Hit], first: int, last: int) -> None:
        if last < first:
            # All of it was carried over.
            return
        if self.phrase.gap is not None and self._loosest(chosen) > self.phrase.gap:
            return
        score = _score(chosen, last - first)
        if self.best is None or score > self.best.score:
            self.best = Match(self.phrase, tuple(chosen), score)

    @staticmethod
    def _loosest(chosen: Sequence[Hit]) -> int:
        standing = sorted((hit.first, hit.last) for hit in chosen if hit.mask)
        loosest, reached = 0, standing[0][1]
        for first, last in standing[1:]:
            loosest = max(loosest, first - reached)
            reached = max(reached, last)
        return loosest
