"""Who stands behind a claim: cues, how far they reach, and which one wins.

The scheme is ConText's (Harkema et al. 2009, doi 10.1016/j.jbi.2009.05.002), which grew out of NegEx (Chapman
et al. 2001, doi 10.1006/jbin.2001.1029): a cue has a category, a direction and a reach that other words end.
The words are data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.matching.carry import LATER
from bot.matching.lexicon import CUE, OPENER
from bot.matching.model import Stance
from bot.matching.phrases import Hit, Match
from bot.matching.segments import Segment
from bot.rulebook.model import Cue, CueCategory, Direction, Position, Role
from bot.text.model import Reading

_PART_OF_A_CLAIM = frozenset((CueCategory.DENIES, CueCategory.REJECTS, CueCategory.WARNS))
"""Cues that may be words of the claim itself ("no side effects", "don't need pills"); there they tell nothing
of the stance."""
TURNING = _PART_OF_A_CLAIM | {CueCategory.QUOTES, CueCategory.SUPPOSES, CueCategory.REPORTS}
"""Cues that may turn a claim from another sentence."""
_ENDED_BY_A_COMMA = _PART_OF_A_CLAIM | {CueCategory.SUPPOSES}
_PARTING = (",", "—", "–", "(", ")", "...", "…")


class SeenCue(Struct, frozen=True):
    """A cue at its place. `hit` is None for a mark that ends a segment."""

    cue: Cue
    hit: Hit | None
    segment: int


class Verdict(Struct, frozen=True):
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

    Returns:
        the cues by the rulebook's order, each with its place.
    """
    seen = []
    marks = _ends_with_marks(segments)
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
        for mark, ended in marks.items():
            if mark in cue.words:
                seen.extend(SeenCue(cue, None, at) for at in ended)
    return tuple(seen)


def _ends_with_marks(segments: Sequence[Segment]) -> dict[str, list[int]]:
    """Give for each mark that ends segments their places."""
    ended = {mark: [at for at, one in enumerate(segments) if mark in one.ending] for mark in "?!"}
    return {mark: places for mark, places in ended.items() if places}


def _well_placed(cue: Cue, hit: Hit, segment: Segment, reading: Reading, opening: int) -> bool:
    """Tell whether a cue stands where it counts.

    At a start only openers ("so", "ok but") may stand before it, one bit each in `opening`. A comma starts
    anew for a question ("garlic, does it work?") and for a cue of several words; a lone "is" asks nothing.
    """
    if cue.at is Position.ANYWHERE:
        return True
    if cue.at is Position.END:
        return hit.last >= segment.last - 1 or reading.tokens[hit.last].before.startswith(_PARTING)
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
        negations: the single words that deny.
    """

    def __init__(
        self,
        *,
        reading: Reading,
        segments: Sequence[Segment],
        cues: Sequence[SeenCue],
        roles: Mapping[str, Role],
        negations: frozenset[str] = frozenset(),
    ) -> None:
        self._reading = reading
        self._negations = negations
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
        reaching: dict[CueCategory, list[SeenCue]] = {}
        for seen in self._cues:
            if self._covers(seen, match, index):
                reaching.setdefault(seen.cue.category, []).append(seen)
        asked = reaching.get(CueCategory.ASKS, [])
        is_rhetorical = bool(asked) and CueCategory.ASSERTS in reaching
        denied = self._denied(reaching, match, is_question=bool(asked), is_rhetorical=is_rhetorical)
        ranked = (
            (Stance.QUOTES, reaching.get(CueCategory.QUOTES)),
            (Stance.WARNS, reaching.get(CueCategory.WARNS)),
            (Stance.DENIES, denied),
            (Stance.ASKS, [] if is_rhetorical else [seen for seen in asked if seen.hit is not None]),
            (None, reaching.get(CueCategory.SUPPOSES)),
            (Stance.ASKS, [] if is_rhetorical else asked),
            (Stance.REPORTS, reaching.get(CueCategory.REPORTS)),
        )
        for stance, cues in ranked:
            if cues:
                return _verdict(stance, cues)
        if self._in_quotation(match):
            return Verdict(Stance.QUOTES, ("it stands in quotation marks",))
        return Verdict(Stance.ASSERTS, ())

    def _denied(
        self,
        reaching: Mapping[CueCategory, Sequence[SeenCue]],
        match: Match,
        *,
        is_question: bool,
        is_rhetorical: bool,
    ) -> Sequence[SeenCue]:
        """Give the cues that leave the claim denied, or nothing where none do or where they cancel out."""
        rejecting = reaching.get(CueCategory.REJECTS, ())
        denying = reaching.get(CueCategory.DENIES, ())
        if self._is_denial_itself(match):
            denying = [seen for seen in denying if not seen.cue.echoes]
        outright = [seen for seen in denying if seen.cue.direction is Direction.MESSAGE]
        if outright:
            return outright
        if is_rhetorical:
            return ()
        if is_question:
            # "Doesn't it cure colds?" denies nothing; "does anyone believe that it cures colds?" does.
            return rejecting
        return () if rejecting and denying else (rejecting or denying)

    def _covers(self, seen: SeenCue, match: Match, index: int) -> bool:
        cue, hit = seen.cue, seen.hit
        if hit is None:
            return seen.segment == index and self._is_asked(match, index)
        if cue.category in _PART_OF_A_CLAIM and not hit.mask & ~self._predicate_mask(match):
            return False
        if cue.direction is Direction.MESSAGE:
            return hit.first - match.last <= cue.within and match.first - hit.last <= cue.within
        return seen.segment == index and (
            cue.direction is Direction.CLAUSE
            or any(self._reaches(seen, hit, at) for at in self._focus(match))
        )

    def _reaches(self, seen: SeenCue, hit: Hit, at: int) -> bool:
        """Tell whether a cue reaches a token of its segment; it always reaches those it is made of."""
        direction, within = seen.cue.direction, seen.cue.within
        if at >= hit.last:
            return direction in {Direction.FORWARD, Direction.BOTH} and at < self._end_of_reach(seen, hit)
        if at < hit.first:
            return direction in {Direction.BACKWARD, Direction.BOTH} and at >= hit.first - within
        return bool(hit.mask >> at & 1)

    def _focus(self, match: Match) -> list[int]:
        """Say which tokens carry the statement: the predicate's, or all where there is none."""
        standing = [hit for hit in match.hits if not hit.carried]
        predicates = [hit.first for hit in standing if self._roles.get(hit.concept, Role.PLAIN) is Role.PLAIN]
        return predicates or [hit.first for hit in standing]

    def _is_denial_itself(self, match: Match) -> bool:
        """Tell whether a negating word is part of the claim: "no side effects", "not addictive"."""
        own = self._predicate_mask(match)
        return any(
            own >> at & 1 and self._reading.tokens[at].text in self._negations
            for at in range(match.first, match.last)
        )

    def _predicate_mask(self, match: Match) -> int:
        """Give the tokens that make the statement; a denial among them is part of it: "no side effects"."""
        mask = 0
        for hit in match.hits:
            if self._roles.get(hit.concept, Role.PLAIN) is Role.PLAIN:
                mask |= hit.mask
        return mask

    def _end_of_reach(self, seen: SeenCue, hit: Hit) -> int:
        """Give the token at which a cue's reach ends: a stopping cue ends all, a comma some."""
        end = min(hit.last + seen.cue.within, self._segments[seen.segment].last)
        for at in self._stops:
            if hit.last <= at < end:
                end = at
        if seen.cue.category in _ENDED_BY_A_COMMA:
            for at in range(hit.last, end):
                if self._reading.tokens[at].before.startswith((",", "—", "–", "(")):
                    return at
        return end

    def _is_asked(self, match: Match, index: int) -> bool:
        """Tell whether a question mark at the segment's end is about the match.

        It is not where the topic comes as its answer ("The best thing for a cold? Garlic."), nor where it
        ends a question of its own behind a comma ("…, anyone else?").
        """
        if any(hit.carried and hit.entry == LATER for hit in match.hits):
            return False
        return not any(
            seen.cue.category is CueCategory.ASKS
            and seen.hit is not None
            and seen.segment == index
            and seen.hit.first >= match.last
            and self._reading.tokens[seen.hit.first].before
            for seen in self._cues
        )

    def _in_quotation(self, match: Match) -> bool:
        """Tell whether what is said of the topic stands in quotation marks; the topic may stand outside."""
        focus = self._focus(match)
        return any(
            all(quotation.first <= at < quotation.last for at in focus)
            for quotation in self._reading.quotations
        )


def _verdict(stance: Stance | None, cues: Sequence[SeenCue]) -> Verdict:
    told = {f"“{seen.hit.entry}”" if seen.hit else "the mark at the end" for seen in cues}
    name = "supposes" if stance is None else stance.value
    return Verdict(stance, tuple(f"{cue} {name}" for cue in sorted(told)))
