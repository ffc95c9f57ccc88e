"""Finding the claims of a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.matching.carry import Conversation, carried_into, merged
from bot.matching.compile import CompiledRule, CompiledRulebook
from bot.matching.encoder import LONGEST
from bot.matching.features import Described, Seen, Stretch, features_of, new_words, said_of, telling_clauses
from bot.matching.hits import see
from bot.matching.lexicon import CUE, EXCLUSION, OPENER, PRONOUN, WORD
from bot.matching.likeness import LIKE_EXAMPLES
from bot.matching.model import SPEAKING, ConceptHit, Finding, Findings, NearMiss, Stance
from bot.matching.naming import named_in, perhaps_named_in
from bot.matching.opinion import Names, second_opinion
from bot.matching.phrases import Hit, Match, can_match, lay
from bot.matching.rivals import rival_of, rivals_seen
from bot.matching.segments import Segment, clauses_of, hits_within, segments_of
from bot.matching.stance import Judge, cues_seen
from bot.rulebook.model import Role
from bot.text.model import Clause, Reading

_ONLY_ASKED = "it counts only as a question"
_ANOTHER_MEANING = "another meaning of these words takes them away"
_MOST_NEAR_MISSES = 8
_NEAR = 12.0
_ELLIPSIS_REACH = 3
_NOTHING = Findings()


def find(
    reading: Reading, rulebook: CompiledRulebook, context: Sequence[Reading] = (), *, explained: bool = False
) -> Findings:
    """Find the claims of a message.

    Args:
        reading: the message. One that is not read yet is read only if something could be found in it.
        rulebook: the rules, made ready.
        context: what was said before, oldest first; it can supply a topic, never a claim.
        explained: whether near misses and concepts are wanted also where nothing can be found.

    Returns:
        the findings, near misses and concepts. Never raises on a message's content; the work is bounded.
    """
    is_worth_it = is_worth_a_look(reading, rulebook, context)
    if not is_worth_it and not explained:
        return _NOTHING
    findings = _Look(reading, rulebook, context).findings()
    return findings if is_worth_it else Findings(near=findings.near, concepts=findings.concepts)


def describe(
    reading: Reading, rulebook: CompiledRulebook, context: Sequence[Reading] = ()
) -> Described | None:
    """Describe a message as likeness sees it, to learn from it; arguments are those of `find`.

    Returns:
        what it is made of; None for a message that is not looked at at all.
    """
    if not is_worth_a_look(reading, rulebook, context):
        return None
    look = _Look(reading, rulebook, context)
    return Described(frozenset(look.features(look.standing(look.judged()))), look.said())


def is_worth_a_look(reading: Reading, rulebook: CompiledRulebook, context: Sequence[Reading] = ()) -> bool:
    """Tell whether anything could be found in a message; most of a chat ends here, without being read.

    Args:
        reading: the message.
        rulebook: the rules, made ready.
        context: what was said before, oldest first.
    """
    skim, gate = rulebook.skim, rulebook.gate
    words = skim.words_watched(reading)
    if words is not None and gate.lets_through(words):
        return True
    perhaps_named = perhaps_named_in(context, rulebook) if context else ()
    if not perhaps_named:
        return False
    words = skim.words(reading) if words is None else words
    if not gate.lets_through(words, perhaps_named):
        return False
    named = named_in(context, rulebook)
    return bool(named) and (named == perhaps_named or gate.lets_through(words, named))


class _Look:
    """One look at one message."""

    def __init__(self, reading: Reading, rulebook: CompiledRulebook, context: Sequence[Reading]) -> None:
        self.reading = reading
        self.rulebook = rulebook
        self.roles = rulebook.lexicon.roles
        self.hits = see(reading, rulebook.lexicon, clauses_of(reading))
        self.segments = segments_of(
            reading, (hit for name in rulebook.turns for hit in self.hits.get(CUE + name, ()))
        )
        self.cues = cues_seen(reading, rulebook.cues, self.hits, self.segments)
        self.conversation = Conversation(concepts=named_in(context, rulebook))
        self.judge = Judge(
            reading=reading,
            segments=self.segments,
            cues=self.cues,
            roles=self.roles,
            negations=rulebook.negations,
        )
        self.within = hits_within(self.segments, self.hits)
        self.carriable = {
            name: self.roles[name]
            for name in (*self.hits, *self.conversation.concepts)
            if self.roles.get(name) in {Role.TOPIC, Role.THEME}
        }
        self.rivals = rivals_seen(rulebook.rivals, self.hits, self.cues)
        self.context = context
        self.near: list[NearMiss] = []

    def findings(self) -> Findings:
        found = self._second_opinion(self.standing(self.judged()))
        found.sort(key=lambda finding: (finding.start, -finding.score))
        return Findings(
            found=tuple(found),
            near=tuple(sorted(self.near, key=lambda miss: -miss.score)[:_MOST_NEAR_MISSES]),
            concepts=self._concepts(),
            emergency=self._emergency(),
        )

    def _second_opinion(self, found: list[Finding]) -> list[Finding]:
        """Hold what the rules found against known examples, where there are any."""
        likeness = self.rulebook.likeness
        adds = self._speaks_of(self.rulebook.judged_topics)
        if likeness is None or not (found or adds):
            return found
        looks = self._looks([finding for finding in found if finding.rule in likeness.known])
        vocabulary = self.rulebook.lexicon.vocabulary
        new = new_words(self.reading, vocabulary, likeness.new_words) if likeness.new_words else ()
        opinion = second_opinion(
            likeness, looks, self.said(), self.reading, found, adds=adds, names=self._named(), new=new
        )
        for finding, doubt in opinion.doubted:
            self.near.append(NearMiss.of(finding, doubt))
        ruled_out = self._ruled_out(likeness.known)
        return [
            finding
            for finding in opinion.found
            if finding.rule != LIKE_EXAMPLES or finding.family not in ruled_out
        ]

    def _ruled_out(self, known: frozenset[str]) -> set[str]:
        """Give the families that a rule unknown to likeness keeps out of these words."""
        return {
            miss.family
            for miss in self.near
            if miss.rule not in known and miss.why_not in {_ONLY_ASKED, _ANOTHER_MEANING}
        }

    def judged(self) -> list[tuple[Match, CompiledRule, Finding]]:
        """Give all that the rules find, whoever stands behind it."""
        return [pair for index in range(len(self.segments)) for pair in self._in_segment(index)]

    def _looks(self, found: Sequence[Finding]) -> Iterator[dict[str, Stretch]]:
        """Take the message apart, then, where other sentences keep it company, what is about the subject."""
        yield self.features(found)
        telling = telling_clauses(self.reading, self.hits, self.cues, found, self.roles)
        if len(telling) < len(self.reading.clauses):
            yield self.features(found, telling)

    def features(self, found: Sequence[Finding], clauses: Sequence[Clause] = ()) -> dict[str, Stretch]:
        """Take the message apart into what likeness weighs.

        Args:
            found: what the rules found, of those that likeness knows.
            clauses: those that are weighed; none stands for all.
        """
        return features_of(
            Seen(
                reading=self.reading,
                hits=self.hits,
                cues=self.cues,
                found=found,
                conversation=self.conversation.concepts,
                follows=bool(self.context),
                clauses=clauses or self.reading.clauses,
            ),
            vocabulary=self.rulebook.lexicon.vocabulary,
            classes=self.rulebook.source.classes,
            negations=self.rulebook.negations,
        )

    def said(self) -> tuple[str, ...]:
        """Write the message out for the encoder; of a long one what is about the subject.

        What names the topic itself is read by itself: what others said before would only blur it.
        """
        clauses: Sequence[Clause] = self.reading.clauses
        if len(self.reading.tokens) > LONGEST // 2:
            clauses = telling_clauses(self.reading, self.hits, self.cues, (), self.roles)
        before = () if self._names(self.rulebook.topics) else self.context
        return said_of(self.reading, clauses, before, self.rulebook.lexicon.vocabulary)

    def standing(self, judged: Sequence[tuple[Match, CompiledRule, Finding]]) -> list[Finding]:
        """Give what the rules find, without what gives way to something said more exactly."""
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

    def _in_segment(self, index: int) -> list[tuple[Match, CompiledRule, Finding]]:
        segment = self.segments[index]
        carried = carried_into(index, self.segments, self.hits, self.carriable, self.conversation)
        hits: Mapping[str, Sequence[Hit]] = merged(self.within[index], carried)
        best: dict[str, tuple[Match, CompiledRule, Finding]] = {}
        for rule_at, phrases in self._phrases_worth_trying(hits).items():
            rule = self.rulebook.rules[rule_at]
            match = self._best(rule, phrases, hits, segment)
            if match is None or not self._counts(match, rule, index):
                continue
            finding = self._judged(match, rule, index)
            known = best.get(rule.family)
            if finding is not None and (known is None or finding.score > known[2].score):
                best[rule.family] = (match, rule, finding)
        return list(best.values())

    def _phrases_worth_trying(self, hits: Mapping[str, Sequence[Hit]]) -> dict[int, list[int]]:
        """Give the phrases that could match, by rule, in the rulebook's order: it decides between equals."""
        by_concept, seen = self.rulebook.by_concept, hits.keys()
        places: set[tuple[int, int]] = set()
        for name in seen & by_concept.keys():
            others = by_concept[name]
            for other in seen & others.keys():
                places.update(others[other])
        worth: dict[int, list[int]] = {}
        for rule_at, phrase_at in sorted(places):
            worth.setdefault(rule_at, []).append(phrase_at)
        return worth

    def _best(
        self, rule: CompiledRule, phrases: Sequence[int], hits: Mapping[str, Sequence[Hit]], segment: Segment
    ) -> Match | None:
        barred: int | None = None
        best: Match | None = None
        for phrase_at in phrases:
            phrase = rule.phrases[phrase_at]
            if not can_match(phrase, hits.keys()):
                continue
            if barred is None:
                barred = self._barred(rule, hits, segment)
            matches = lay(phrase, hits, first=segment.first, last=segment.last, barred=barred)
            if not matches and barred:
                self._miss_taken_away(rule, lay(phrase, hits, first=segment.first, last=segment.last))
            for match in matches:
                if self._carry_holds(match, segment) and (best is None or match.score > best.score):
                    best = match
        return best

    def _barred(self, rule: CompiledRule, hits: Mapping[str, Sequence[Hit]], segment: Segment) -> int:
        barred = 0
        for phrase, _ in rule.unless:
            if not can_match(phrase, hits.keys()):
                continue
            for match in lay(phrase, hits, first=segment.first, last=segment.last):
                barred |= match.mask
        return barred

    def _miss_taken_away(self, rule: CompiledRule, matches: Sequence[Match]) -> None:
        if matches:
            self._miss(matches[0], rule, _ANOTHER_MEANING)

    def _carry_holds(self, match: Match, segment: Segment) -> bool:
        """Carried topics need a pronoun, a claim that begins its clause, or a theme named beside it."""
        topics = [hit for hit in match.hits if hit.carried and self.roles.get(hit.concept) is Role.TOPIC]
        if not topics:
            return True
        if any(segment.first <= hit.first < segment.last for hit in self.hits.get(PRONOUN, ())):
            return True
        if match.first - segment.first < _ELLIPSIS_REACH:
            return True
        from_message = all("message" in hit.entry for hit in topics)
        return from_message and any(
            not hit.carried and self.roles.get(hit.concept) is Role.THEME for hit in match.hits
        )

    def _counts(self, match: Match, rule: CompiledRule, index: int) -> bool:
        if match.score < rule.cutoff:
            if match.score >= rule.cutoff - _NEAR:
                self._miss(match, rule, f"its score {match.score:.0f} is below the cut-off {rule.cutoff:.0f}")
            return False
        rival = rival_of(match, self.segments[index], self.rivals, self.roles)
        if rival is not None:
            self._miss(match, rule, f"it is said of “{self._text(rival.first, rival.last)}”")
            return False
        return True

    def _judged(self, match: Match, rule: CompiledRule, index: int) -> Finding | None:
        verdict = self.judge.verdict(match, index)
        if verdict.stance is None:
            self._miss(match, rule, "it is only supposed: " + ", ".join(verdict.because))
            return None
        if rule.only_asked and verdict.stance is not Stance.ASKS:
            self._miss(match, rule, _ONLY_ASKED)
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
            matched=self.reading.raw[start:end],
            phrase=match.phrase.text,
            status=rule.status,
            because=(*because, *carried),
        )

    def _miss(self, match: Match, rule: CompiledRule, why_not: str) -> None:
        start, end = self._span(match)
        self.near.append(
            NearMiss(
                rule=rule.id,
                family=rule.family,
                score=round(match.score, 1),
                start=start,
                end=end,
                matched=self.reading.raw[start:end],
                phrase=match.phrase.text,
                why_not=why_not,
            )
        )

    def _span(self, match: Match) -> tuple[int, int]:
        tokens = self.reading.tokens
        return tokens[match.first].start, tokens[match.last - 1].end

    def _text(self, first: int, last: int) -> str:
        tokens = self.reading.tokens
        return self.reading.raw[tokens[first].start : tokens[last - 1].end]

    def _emergency(self) -> Finding | None:
        rule = self.rulebook.emergency
        if rule is None or not self._about_a_topic():
            return None
        for index, segment in enumerate(self.segments):
            hits = self.within[index]
            barred = self._barred(rule, hits, segment)
            for phrase in rule.phrases:
                for match in lay(phrase, hits, first=segment.first, last=segment.last, barred=barred):
                    verdict = self.judge.verdict(match, index)
                    if match.score >= rule.cutoff and verdict.stance in SPEAKING:
                        return self._finding(match, rule, verdict.stance, verdict.because)
        return None

    def _names(self, concepts: Sequence[str]) -> bool:
        return any(self.hits.get(name) for name in concepts)

    def _named(self) -> Names:
        if self._names(self.rulebook.topics) or not self.conversation.concepts:
            return Names.TOPIC
        return Names.THEME if self._names(self.rulebook.themes) else Names.NOTHING

    def _speaks_of(self, topics: Sequence[str]) -> bool:
        return self._names(topics) or any(name in topics for name in self.conversation.concepts)

    def _about_a_topic(self) -> bool:
        return self._speaks_of(self.rulebook.topics) or self._names(self.rulebook.themes)

    def _concepts(self) -> tuple[ConceptHit, ...]:
        shown = [
            ConceptHit(hit.concept, hit.first, hit.last, hit.score, hit.entry)
            for name, listed in self.hits.items()
            if not name.startswith((WORD, EXCLUSION, PRONOUN, OPENER))
            for hit in listed
        ]
        return tuple(sorted(shown, key=lambda hit: (hit.first, hit.last, hit.concept)))


def _gives_way(finding: Finding, rule: CompiledRule, other: Finding, its_rule: CompiledRule) -> bool:
    """Tell whether a finding gives way to another; where each would, the one that matches better stays."""
    if other.family not in rule.gives_way_to:
        return False
    if finding.family not in its_rule.gives_way_to:
        return True
    return (other.score, other.family) > (finding.score, finding.family)
