"""What matching gives: findings, near misses and the concepts that were seen."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Stance(StrEnum):
    """Who stands behind a claim, after ConText (Harkema et al. 2009, doi 10.1016/j.jbi.2009.05.002)."""

    ASSERTS = "asserts"
    ASKS = "asks"
    DENIES = "denies"
    REPORTS = "reports"
    WARNS = "warns"
    QUOTES = "quotes"


SPEAKING = frozenset((Stance.ASSERTS, Stance.ASKS, Stance.REPORTS))
"""The stances that are answered."""


class ConceptHit(Struct, frozen=True):
    """A lexicon concept seen in the message.

    Args:
        concept: its id in the lexicon.
        first: index of the first token it covers.
        last: index behind the last token.
        score: how like the lexicon's entry it is, 0–100.
        entry: the lexicon's entry that it matched.
    """

    concept: str
    first: int
    last: int
    score: float
    entry: str


class Finding(Struct, frozen=True):
    """A claim found in a message.

    Args:
        rule: id of the rule.
        family: id of the claim family.
        stance: who stands behind it.
        score: 0–100; at or above the rule's cut-off.
        start: where the matched words begin in the raw message, in characters.
        end: where they end, exclusive.
        matched: the raw message from `start` to `end`.
        phrase: the rule's phrase that matched.
        status: the rule's status, `live` or `shadow` (a shadow finding is recorded, never sent).
        because: why, in short sentences for a moderator: which cue gave the stance, where a carried-over
            topic came from.
    """

    rule: str
    family: str
    stance: Stance
    score: float
    start: int
    end: int
    matched: str
    phrase: str
    status: str = "live"
    because: tuple[str, ...] = ()


class NearMiss(Struct, frozen=True):
    """A phrase that nearly matched, or that matched and was held back, and why it did not count."""

    rule: str
    family: str
    score: float
    start: int
    end: int
    matched: str
    phrase: str
    why_not: str

    @classmethod
    def of(cls, finding: Finding, why_not: str) -> NearMiss:
        """Make a near miss of a finding that is held back."""
        return cls(
            rule=finding.rule,
            family=finding.family,
            score=finding.score,
            start=finding.start,
            end=finding.end,
            matched=finding.matched,
            phrase=finding.phrase,
            why_not=why_not,
        )


class Findings(Struct, frozen=True):
    """All that matching saw in one message.

    Args:
        found: the claims, in the order they stand in the message; at most one for each rule and span.
        near: near misses, for whoever asks why nothing was said; none where nobody asked.
        concepts: the concepts seen, for the explanation; likewise.
        emergency: the finding of an emergency sign, where there is one beside the bot's topic.
    """

    found: tuple[Finding, ...] = ()
    near: tuple[NearMiss, ...] = ()
    concepts: tuple[ConceptHit, ...] = ()
    emergency: Finding | None = None
