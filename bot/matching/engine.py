"""Finding the claims of a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec.structs import replace

from bot.matching.claims import Claims
from bot.matching.compile import CompiledRulebook
from bot.matching.encoder import LONGEST
from bot.matching.features import Described, Seen, Stretch, features_of, new_words, said_of, telling_clauses
from bot.matching.lexicon import EXCLUSION, OPENER, PRONOUN, WORD
from bot.matching.likeness import LIKE_EXAMPLES
from bot.matching.model import ConceptHit, Finding, Findings, NearMiss
from bot.matching.naming import named_in, perhaps_named_in
from bot.matching.opinion import Names, second_opinion
from bot.matching.sighting import Sighting
from bot.text.model import Clause, Reading

_MOST_NEAR_MISSES = 8
_NOTHING = Findings()


def find(
    reading: Reading, rulebook: CompiledRulebook, context: Sequence[Reading] = (), *, explained: bool = False
) -> Findings:
    """Find the claims of a message.

    Args:
        reading: the message. One that is not read yet is read only if something could be found in it.
        rulebook: the rules, made ready.
        context: what was said before, oldest first; it can supply a topic, never a claim.
        explained: whether near misses and concepts are wanted, also where nothing can be found.

    Returns:
        the findings, and where they are wanted near misses and concepts. Never raises on a message's content;
        the work is bounded.
    """
    is_worth_it = is_worth_a_look(reading, rulebook, context)
    if not is_worth_it and not explained:
        return _NOTHING
    findings = _Look(reading, rulebook, context, explained=explained).findings()
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
    return Described(frozenset(look.features(look.claims.standing())), look.said())


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
    """One look at one message. What it needs is seen when it is first asked for: mostly little is."""

    def __init__(
        self,
        reading: Reading,
        rulebook: CompiledRulebook,
        context: Sequence[Reading],
        *,
        explained: bool = False,
    ) -> None:
        self.explained = explained
        self.reading = reading
        self.rulebook = rulebook
        self.context = context
        self.seen = Sighting(reading, rulebook, context)

    @cached_property
    def claims(self) -> Claims:
        return Claims(self.seen, explained=self.explained)

    def findings(self) -> Findings:
        if not self.explained and not (self.seen.prospect and self.seen.promise):
            return _NOTHING
        found, doubted = self._second_opinion(self.claims.standing())
        found.sort(key=lambda finding: (finding.start, -finding.score))
        findings = Findings(found=tuple(found), emergency=self._emergency())
        if not self.explained:
            return findings
        near = sorted((*self.claims.near, *doubted), key=lambda miss: -miss.score)
        return replace(findings, near=tuple(near[:_MOST_NEAR_MISSES]), concepts=self._concepts())

    def _second_opinion(self, found: list[Finding]) -> tuple[list[Finding], list[NearMiss]]:
        """Hold what the rules found against known examples, where there are any.

        Returns:
            what stands, and what is held back.
        """
        likeness = self.rulebook.likeness
        adds = self.seen.promise.topic
        if likeness is None or not (adds or any(map(likeness.may_turn, found))):
            return found, []
        looks = self._looks([finding for finding in found if finding.rule in likeness.known])
        vocabulary = self.rulebook.lexicon.vocabulary
        new = new_words(self.reading, vocabulary, likeness.new_words) if likeness.new_words else ()
        opinion = second_opinion(
            likeness, looks, self.said(), self.reading, found, adds=adds, names=self._named(), new=new
        )
        standing = [
            finding
            for finding in opinion.found
            if finding.rule != LIKE_EXAMPLES or finding.family not in self.claims.ruled_out
        ]
        return standing, [NearMiss.of(finding, doubt) for finding, doubt in opinion.doubted]

    def _looks(self, found: Sequence[Finding]) -> Iterator[dict[str, Stretch]]:
        """Take the message apart, then, where other sentences keep it company, what is about the subject."""
        yield self.features(found)
        telling = telling_clauses(
            self.reading, self.seen.hits, self.seen.cues, found, self.rulebook.lexicon.roles
        )
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
                hits=self.seen.hits,
                cues=self.seen.cues,
                found=found,
                conversation=self.seen.conversation.concepts,
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
            roles = self.rulebook.lexicon.roles
            clauses = telling_clauses(self.reading, self.seen.hits, self.seen.cues, (), roles)
        before = () if self.seen.names(self.rulebook.topics) else self.context
        return said_of(self.reading, clauses, before, self.rulebook.lexicon.vocabulary)

    def _emergency(self) -> Finding | None:
        if not self.seen.promise.emergency or not self._about_a_topic():
            return None
        return self.claims.emergency()

    def _named(self) -> Names:
        if self.seen.names(self.rulebook.topics) or not self.seen.conversation.concepts:
            return Names.TOPIC
        return Names.THEME if self.seen.names(self.rulebook.themes) else Names.NOTHING

    def _about_a_topic(self) -> bool:
        return self.seen.speaks_of(self.rulebook.topics) or self.seen.names(self.rulebook.themes)

    def _concepts(self) -> tuple[ConceptHit, ...]:
        shown = [
            ConceptHit(hit.concept, hit.first, hit.last, hit.score, hit.entry)
            for name, listed in self.seen.hits.items()
            if not name.startswith((WORD, EXCLUSION, PRONOUN, OPENER))
            for hit in listed
        ]
        return tuple(sorted(shown, key=lambda hit: (hit.first, hit.last, hit.concept)))
