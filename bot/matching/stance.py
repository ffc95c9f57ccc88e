"""Who stands behind a claim: cues, how far they reach, and which one wins.

The scheme is ConText's (Harkema et al. 2009, doi 10.1016/j.jbi.2009.05.002), which grew out of NegEx (Chapman et al. 2001,
doi 10.1006/jbin.2001.1029): a cue has a category, a direction and a reach that other words end. The words are data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.matching.lexicon import CUE, OPENER
from bot.matching.model import Stance
from bot.matching.phrases import Hit, Match
from bot.matching.segments import Segment
from bot.rulebook.model import Cue, CueCategory, Direction, Position, Role
from bot.text.model import Reading

_SAID_TWICE = 2
_PART_OF_A_CLAIM = frozenset((CueCategory.DENIES, CueCategory.WARNS, CueCategory.REPORTS))
"""Cues that may be words of the claim itself ("no side effects", "science says"); there they tell nothing of the stance."""
_PARTING = (",", "—", "–", "(", ")", "...", "…")


@dataclass(frozen=True, slots=True)
class SeenCue:
    """A cue at its place. `hit` is None for a mark that ends a segment."""

    cue: Cue
    hit: Hit | None
    segment: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who stands behind a claim; `stance` is None where it is only supposed (if, wish)."""

    stance: Stance | None
    because: tuple[str, ...]


def cues_seen(
    reading: Reading, cues: Sequence[Cue], hits: Mapping[str, Sequence[Hit]], segments: Sequence[Segment]
) -> tuple[SeenCue, ...]:
    """Find the cues of a message that stand where they count.

    Args:
        reading: the message.
        cues: the rulebook's cues.
        hits: what was seen in it.
        segments: its segments.
    """
    seen = []
    opening = 0
    for opener in hits.get(OPENER, ()):
        opening |= opener.mask
    for cue in cues:
        for hit in hits.get(CUE + cue.id, ()):
            index = next(
                (at for at, segment in enumerate(segments) if segment.first <= hit.first < segment.last), None
            )
            if index is not None and _well_placed(cue, hit, segments[index], reading, opening):
                seen.append(SeenCue(cue, hit, index))
        for mark in {"?", "!"} & set(cue.words):
            seen.extend(
                SeenCue(cue, None, at) for at, segment in enumerate(segments) if mark in segment.ending
            )
    return tuple(seen)


def _well_placed(cue: Cue, hit: Hit, segment: Segment, reading: Reading, opening: int) -> bool:
    """Tell whether a cue stands where it counts; `opening` has a bit for each token that may stand before a start."""
    if cue.at is Position.ANYWHERE:
        return True
    if cue.at is Position.END:
        return hit.last >= segment.last - 1
    at = hit.first
    while at > segment.first:
        if reading.tokens[at].before.endswith(_PARTING):
            return "?" in segment.ending or hit.last - hit.first > 1
        at -= 1
        if not opening >> at & 1:
            return False
    return True


class Judge:
    """Judges the matches of one message.

    Args:
        reading: the message.
        segments: its segments.
        cues: the cues that were seen.
        roles: the concepts' roles.
    """

    def __init__(
        self,
        *,
        reading: Reading,
        segments: Sequence[Segment],
        cues: Sequence[SeenCue],
        roles: Mapping[str, Role],
    ) -> None:
        self._reading = reading
        self._segments = segments
        self._cues = cues
        self._roles = roles
        self._stops = tuple(
            seen.hit.first for seen in cues if seen.cue.category is CueCategory.STOPS and seen.hit is not None
        )

    def verdict(self, match: Match, index: int) -> Verdict:
        """Tell who stands behind a match.

        Args:
            match: the match.
            index: the segment it stands in.

        Returns:
            the stance and the cues that gave it.
        """
        by_category: dict[CueCategory, list[SeenCue]] = {}
        for seen in self._cues:
            if self._covers(seen, match, index):
                by_category.setdefault(seen.cue.category, []).append(seen)
        denials = by_category.get(CueCategory.DENIES, [])
        if self._is_denial_itself(match):
            denials = [seen for seen in denials if not seen.cue.echoes]
        outright = [seen for seen in denials if seen.cue.direction is Direction.MESSAGE]
        if CueCategory.ASSERTS in by_category and CueCategory.ASKS in by_category:
            denials = outright
        asked = CueCategory.ASKS in by_category and CueCategory.ASSERTS not in by_category
        quoted = self._in_quotation(match)
        if CueCategory.QUOTES in by_category:
            return _verdict(Stance.QUOTES, by_category[CueCategory.QUOTES])
        if CueCategory.WARNS in by_category:
            return _verdict(Stance.WARNS, by_category[CueCategory.WARNS])
        if outright or (_odd(denials) and not asked):
            return _verdict(Stance.DENIES, outright or denials)
        if CueCategory.SUPPOSES in by_category:
            return _verdict(None, by_category[CueCategory.SUPPOSES])
        if asked:
            return _verdict(Stance.ASKS, by_category[CueCategory.ASKS])
        if CueCategory.REPORTS in by_category:
            return _verdict(Stance.REPORTS, by_category[CueCategory.REPORTS])
        if quoted:
            return Verdict(Stance.QUOTES, ("it stands in quotation marks",))
        return Verdict(Stance.ASSERTS, ())

    def _covers(self, seen: SeenCue, match: Match, index: int) -> bool:
        cue, hit = seen.cue, seen.hit
        if hit is None:
            return seen.segment == index and not self._own_question_behind(match, index)
        if cue.category in _PART_OF_A_CLAIM and hit.mask & self._predicate_mask(match):
            return False
        if cue.direction is Direction.MESSAGE:
            return hit.first - match.last <= cue.within and match.first - hit.last <= cue.within
        if seen.segment != index:
            return False
        if cue.direction is Direction.CLAUSE:
            return True
        focus = self._focus(match)
        forward = cue.direction in {Direction.FORWARD, Direction.BOTH} and any(
            hit.last <= at < self._reach(seen) for at in focus
        )
        backward = cue.direction in {Direction.BACKWARD, Direction.BOTH} and any(
            max(hit.first - cue.within, self._segments[index].first) <= at < hit.first for at in focus
        )
        return forward or backward

    def _focus(self, match: Match) -> list[int]:
        """Say which tokens carry the statement: the predicate's, or all where there is none."""
        standing = [hit for hit in match.hits if not hit.carried]
        predicates = [hit.first for hit in standing if self._roles.get(hit.concept, Role.PLAIN) is Role.PLAIN]
        return predicates or [hit.first for hit in standing]

    def _is_denial_itself(self, match: Match) -> bool:
        own = self._predicate_mask(match)
        return any(
            seen.hit is not None and seen.hit.mask & own
            for seen in self._cues
            if seen.cue.category is CueCategory.DENIES and not seen.cue.echoes
        )

    def _predicate_mask(self, match: Match) -> int:
        """Give the tokens that make the statement: a cue among them is part of the claim, "no side effects"."""
        mask = 0
        for hit in match.hits:
            if self._roles.get(hit.concept, Role.PLAIN) is Role.PLAIN:
                mask |= hit.mask
        return mask

    def _reach(self, seen: SeenCue) -> int:
        hit = seen.hit
        if hit is None:
            return 0
        end = min(hit.last + seen.cue.within, self._segments[seen.segment].last)
        for at in self._stops:
            if hit.last <= at < end:
                end = at
        if seen.cue.category in {CueCategory.DENIES, CueCategory.WARNS}:
            for at in range(hit.last, end):
                if self._reading.tokens[at].before.startswith((",", "—", "–", "(")):
                    return at
        return end

    def _own_question_behind(self, match: Match, index: int) -> bool:
        """Tell whether the question mark belongs to a question of its own behind the claim: "…, anyone else?"."""
        for seen in self._cues:
            hit = seen.hit
            if (
                seen.cue.category is CueCategory.ASKS
                and hit is not None
                and seen.segment == index
                and hit.first >= match.last
                and self._reading.tokens[hit.first].before
            ):
                return True
        return False

    def _in_quotation(self, match: Match) -> bool:
        return any(
            quotation.first <= match.first and match.last <= quotation.last
            for quotation in self._reading.quotations
        )


def _odd(denials: Sequence[SeenCue]) -> bool:
    """Tell whether the denials leave the claim denied: two cancel out, but "ain't no" is one denial said twice."""
    places = sorted((seen.hit.first, seen.hit.last) for seen in denials if seen.hit is not None)
    apart, reached = 0, -_SAID_TWICE
    for first, last in places:
        if first - reached >= _SAID_TWICE:
            apart += 1
        reached = max(reached, last)
    return apart % 2 == 1


def _verdict(stance: Stance | None, cues: Sequence[SeenCue]) -> Verdict:
    told = {f"“{seen.hit.entry}”" if seen.hit else "the mark at the end" for seen in cues}
    name = "supposes" if stance is None else stance.value
    return Verdict(stance, tuple(f"{cue} {name}" for cue in sorted(told)))
