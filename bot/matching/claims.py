"""What the rules find in a message, whatever known examples say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from bot.matching.carry import carried_into, merged
from bot.matching.compile import CompiledRule
from bot.matching.hits import Hits
from bot.matching.lexicon import PRONOUN
from bot.matching.model import SPEAKING, Finding, NearMiss, Stance
from bot.matching.phrases import CompiledPhrase, Hit, Match, can_match, lay
from bot.matching.rivals import rival_of, rivals_seen
from bot.matching.segments import Segment, hits_within
from bot.matching.sighting import Sighting
from bot.matching.stance import Judge
from bot.rulebook.model import Role

_ONLY_ASKED = "it counts only as a question"
_ANOTHER_MEANING = "another meaning of these words takes them away"
_NEAR = 12.0
_ELLIPSIS_REACH = 3

Judged = tuple[Match, CompiledRule, Finding]


class Claims:
    """Finds the claims of one message by the rules.

    Args:
        sighting: what is seen in the message.
        explained: whether near misses are wanted.
    """

    def __init__(self, sighting: Sighting, *, explained: bool) -> None:
        self.near: list[NearMiss] = []
        """What nearly matched, where that is wanted."""
        self.ruled_out: set[str] = set()
        """Families that a rule unknown to likeness keeps out of these words."""
        self._sighting = sighting
        self._reading = sighting.reading
        self._rulebook = sighting.rulebook
        self._roles = sighting.rulebook.lexicon.roles
        self._promise = sighting.promise
        self._explained = explained

    def standing(self) -> list[Finding]:
        """Give what the rules find, without what gives way to something said more exactly."""
        if not self._promise.phrases:
            return []
        judged = [pair for index in range(len(self._sighting.segments)) for pair in self._in_segment(index)]
        named = {finding.family for match, _, finding in judged if not any(hit.carried for hit in match.hits)}
        found = []
        for match, rule, finding in judged:
            winners = {
                other.family
                for _, its_rule, other in judged
                if other.stance in SPEAKING and _gives_way(finding, rule, other, its_rule)
            }
            if finding.family in named and any(hit.carried for hit in match.hits):
                self._miss(match, rule, "the same is said elsewhere in the message in so many words")
            elif winners:
                self._miss(match, rule, f"it gives way to {', '.join(sorted(winners))}")
            else:
                found.append(finding)
        return found

    def emergency(self) -> Finding | None:
        """Give the first sign of an emergency; it counts only beside a topic or theme, which is not asked."""
        rule = self._rulebook.emergency
        if rule is None:
            return None
        for index, segment in enumerate(self._sighting.segments):
            hits = self._within[index]
            barred = self._barred(rule, hits, set(hits), segment)
            for phrase in self._promise.emergency:
                for match in lay(phrase, hits, first=segment.first, last=segment.last, barred=barred):
                    verdict = self._judge.verdict(match, index)
                    if match.score >= rule.cutoff and verdict.stance in SPEAKING:
                        return self._finding(match, rule, verdict.stance, verdict.because)
        return None

    @cached_property
    def _within(self) -> Sequence[Hits]:
        return hits_within(self._sighting.segments, self._sighting.hits)

    @cached_property
    def _judge(self) -> Judge:
        return Judge(
            reading=self._reading,
            segments=self._sighting.segments,
            cues=self._sighting.cues,
            roles=self._roles,
            negations=self._rulebook.negations,
        )

    @cached_property
    def _rivals(self) -> Sequence[Hit]:
        return rivals_seen(self._rulebook.rivals, self._sighting.hits, self._sighting.cues)

    @cached_property
    def _carriable(self) -> Mapping[str, Role]:
        hits, named = self._sighting.hits, self._sighting.conversation.concepts
        return {
            name: self._roles[name]
            for name in (*self._rulebook.topics, *self._rulebook.themes)
            if name in hits or name in named
        }

    def _in_segment(self, index: int) -> Iterator[Judged]:
        seen = self._sighting
        segment = seen.segments[index]
        carried = carried_into(index, seen.segments, seen.hits, self._carriable, seen.conversation)
        hits: Mapping[str, Sequence[Hit]] = merged(self._within[index], carried)
        names = set(hits)
        best: dict[str, Judged] = {}
        for rule, phrases in self._promise.phrases:
            match = self._best(rule, phrases, hits, names, segment)
            if match is None or not self._counts(match, rule, index):
                continue
            finding = self._judged(match, rule, index)
            known = best.get(rule.family)
            if finding is not None and (known is None or finding.score > known[2].score):
                best[rule.family] = (match, rule, finding)
        yield from best.values()

    def _best(
        self,
        rule: CompiledRule,
        phrases: Sequence[CompiledPhrase],
        hits: Mapping[str, Sequence[Hit]],
        seen: set[str],
        segment: Segment,
    ) -> Match | None:
        barred: int | None = None
        best: Match | None = None
        for phrase in phrases:
            if not can_match(phrase, seen):
                continue
            if barred is None:
                barred = self._barred(rule, hits, seen, segment)
            matches = lay(phrase, hits, first=segment.first, last=segment.last, barred=barred)
            if not matches and barred and (self._explained or self._may_rule_out(rule)):
                taken_away = lay(phrase, hits, first=segment.first, last=segment.last)
                if taken_away:
                    self._rules_out(rule, taken_away[0], _ANOTHER_MEANING)
            for match in matches:
                if self._carry_holds(match, segment) and (best is None or match.score > best.score):
                    best = match
        return best

    def _barred(
        self, rule: CompiledRule, hits: Mapping[str, Sequence[Hit]], seen: set[str], segment: Segment
    ) -> int:
        barred = 0
        for phrase, _ in rule.unless:
            if can_match(phrase, seen):
                for match in lay(phrase, hits, first=segment.first, last=segment.last):
                    barred |= match.mask
        return barred

    def _carry_holds(self, match: Match, segment: Segment) -> bool:
        """Carried topics need a pronoun, a claim that begins its clause, or a theme named beside it."""
        topics = [hit for hit in match.hits if hit.carried and self._roles.get(hit.concept) is Role.TOPIC]
        if not topics:
            return True
        if any(segment.first <= hit.first < segment.last for hit in self._sighting.hits.get(PRONOUN, ())):
            return True
        if match.first - segment.first < _ELLIPSIS_REACH:
            return True
        from_message = all("message" in hit.entry for hit in topics)
        return from_message and any(
            not hit.carried and self._roles.get(hit.concept) is Role.THEME for hit in match.hits
        )

    def _counts(self, match: Match, rule: CompiledRule, index: int) -> bool:
        if match.score < rule.cutoff:
            if match.score >= rule.cutoff - _NEAR:
                self._miss(match, rule, f"its score {match.score:.0f} is below the cut-off {rule.cutoff:.0f}")
            return False
        rival = rival_of(match, self._sighting.segments[index], self._rivals, self._roles)
        if rival is not None:
            self._miss(match, rule, f"it is said of “{self._text(rival.first, rival.last)}”")
            return False
        return True

    def _judged(self, match: Match, rule: CompiledRule, index: int) -> Finding | None:
        verdict = self._judge.verdict(match, index)
        if verdict.stance is None:
            self._miss(match, rule, "it is only supposed: " + ", ".join(verdict.because))
            return None
        if rule.only_asked and verdict.stance is not Stance.ASKS:
            self._rules_out(rule, match, _ONLY_ASKED)
            return None
        return self._finding(match, rule, verdict.stance, verdict.because)

    def _finding(self, match: Match, rule: CompiledRule, stance: Stance, because: Sequence[str]) -> Finding:
        start, end = self._span(match)
        carried = tuple(f"“{hit.concept}” comes from {hit.entry}" for hit in match.hits if hit.carried)
        return Finding(
            rule=rule.id,
            family=rule.family,
            stance=stance,
            score=round(match.score, 1),
            start=start,
            end=end,
            matched=self._reading.raw[start:end],
            phrase=match.phrase.text,
            status=rule.status,
            because=(*because, *carried),
        )

    def _rules_out(self, rule: CompiledRule, match: Match, why_not: str) -> None:
        """Keep a rule's family out of these words; where likeness knows the rule, it knows better."""
        if self._may_rule_out(rule):
            self.ruled_out.add(rule.family)
        self._miss(match, rule, why_not)

    def _may_rule_out(self, rule: CompiledRule) -> bool:
        likeness = self._rulebook.likeness
        return likeness is not None and rule.id not in likeness.known

    def _miss(self, match: Match, rule: CompiledRule, why_not: str) -> None:
        if not self._explained:
            return
        start, end = self._span(match)
        self.near.append(
            NearMiss(
                rule=rule.id,
                family=rule.family,
                score=round(match.score, 1),
                start=start,
                end=end,
                matched=self._reading.raw[start:end],
                phrase=match.phrase.text,
                why_not=why_not,
            )
        )

    def _span(self, match: Match) -> tuple[int, int]:
        tokens = self._reading.tokens
        return tokens[match.first].start, tokens[match.last - 1].end

    def _text(self, first: int, last: int) -> str:
        tokens = self._reading.tokens
        return self._reading.raw[tokens[first].start : tokens[last - 1].end]


def _gives_way(finding: Finding, rule: CompiledRule, other: Finding, its_rule: CompiledRule) -> bool:
    """Tell whether a finding gives way to another; where each would, the one that matches better stays."""
    if other.family not in rule.gives_way_to:
        return False
    if finding.family not in its_rule.gives_way_to:
        return True
    return (other.score, other.family) > (finding.score, finding.family)
