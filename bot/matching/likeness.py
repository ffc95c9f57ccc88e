"""Likeness: what a message reads like, judged by labelled examples.

A message is a bag of features: its words and their neighbours, classes of words of like meaning, the concepts
and cues seen in it, what the rules found, and what the conversation was about. Logistic regression (Cox 1958,
doi 10.1111/j.2517-6161.1958.tb00292.x) weighs them, each feature scaled by how rare it is and each message by
its length (Salton and Buckley 1988, doi 10.1016/0306-4573(88)90021-0). One head tells whether an answer is
due, two tell whether something is asked or reported, and one for each family whether it is that one. The
weights are data, learned offline from labelled messages. Where there is an encoder, it gives the same heads
by reading the message as a whole, and the odds of both are put together (a logarithmic opinion pool: Genest
and Zidek 1986, doi 10.1214/ss/1177013825).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from bot.errors import RulebookError
from bot.matching.encoder import Encoder
from bot.matching.model import SPEAKING, Finding, Stance
from bot.rulebook.model import Learned, Rule, Status, Weights

LIKE_EXAMPLES = "like-examples"
"""Stands in a finding for the rule, where likeness found it."""
DUE, ASKED, REPORTED = "due", "asks", "reports"
"""The heads that tell no family, in the order in which they stand before the families."""

_EVEN = 0.5
_CUED = 0.1
"""How likely a question must be where a cue asks."""
_MOST_REASONS = 4


class Likely(Struct, frozen=True):
    """What a message reads like.

    Args:
        due: how likely it is that an answer is due, 0–1.
        stance: who is likeliest to stand behind the claim: asserts, asks or reports.
        families: how likely each family is, 0–1, those that are likely enough, likeliest first.
        others: how likely each of the other families is, 0–1.
    """

    due: float
    stance: Stance
    families: Mapping[str, float]
    others: Mapping[str, float]


class Likeness(Struct, frozen=True, eq=False):
    """The learned weights, made ready.

    Args:
        weights: what was learned.
        status: `live` or `shadow`.
        due_cutoff: how likely it must be that an answer is due, 0–1.
        carried_cutoff: the same for adding a family where the topic comes from the conversation before.
        family_cutoff: how likely a family must be, 0–1.
        statuses: for each family that has rules, the status of the loudest of them.
        known: ids of the rules that stand as they stood when the weights were learned.
        new_words: the words that the rules have learned since.
        encoder: reads messages as a whole; None where there is none.
        share: how much it counts, 0–1; the rest are the weights.
    """

    weights: Weights
    status: Status
    due_cutoff: float
    carried_cutoff: float
    family_cutoff: float
    statuses: Mapping[str, Status]
    known: frozenset[str]
    new_words: frozenset[str] = frozenset()
    encoder: Encoder | None = None
    share: float = 0.0

    @property
    def doubts(self) -> bool:
        """Whether what the known rules find is held back where the examples read otherwise."""
        return self.status is Status.LIVE

    def may_turn(self, finding: Finding) -> bool:
        """Tell whether a finding is held back or restated where the examples read otherwise."""
        return self.doubts and finding.rule in self.known and finding.stance in SPEAKING

    def status_of(self, family: str) -> Status | None:
        """Tell whether likeness speaks of a family: no more than the family's rules and likeness itself.

        Returns:
            None for a family of which there are no rules.
        """
        loudest = self.statuses.get(family)
        return self.status if loudest is Status.LIVE else loudest

    def judge(self, features: Collection[str], encoded: Mapping[str, float] | None = None) -> Likely:
        """Tell what a message reads like.

        Args:
            features: what it is made of.
            encoded: what the encoder makes of it.

        Returns:
            how likely an answer is due, whose claim it is, and the families. The likeliest family is always
            among those that are likely enough.
        """
        odds = self._odds(features)
        if encoded:
            odds = [
                one + self.share * (encoded.get(head, one) - one)
                for head, one in zip(self.weights.heads, odds, strict=True)
            ]
        due, asked, reported, *families = map(logistic, odds)
        named = zip(self.weights.heads[3:], families, strict=True)
        ordered = sorted(named, key=lambda pair: (-pair[1], pair[0]))
        cut = max(1, sum(likely >= self.family_cutoff for _, likely in ordered))
        return Likely(due, _stance(asked, reported, features), dict(ordered[:cut]), dict(ordered[cut:]))

    def encoded(self, said: Sequence[str]) -> Mapping[str, float] | None:
        """Ask the encoder about a message; None where there is none or it cannot be used any more.

        Args:
            said: the words and marks of the message, and those of what was said before.
        """
        try:
            return self.encoder.judge(said) if self.encoder is not None else None
        except RulebookError:
            # It was sound when the rules were proved, and says so in the log; the weights go on alone.
            return None

    def reasons(self, family: str, features: Iterable[str]) -> tuple[str, ...]:
        """Give the features that count most for an answer about a family, at most four."""
        counted = {0, self.weights.heads.index(family)}
        weighed = []
        for feature in features:
            if feature not in self.weights.features:
                continue
            row = self.weights.features[feature]
            weight = sum(one for head, one in zip(row[1::2], row[2::2], strict=True) if head in counted)
            if weight > 0:
                weighed.append((-weight, feature))
        return tuple(feature for _, feature in sorted(weighed)[:_MOST_REASONS])

    def _odds(self, features: Iterable[str]) -> list[float]:
        known, square = self.weights.features, 0.0
        sums = [0.0] * len(self.weights.heads)
        for feature in features:
            if feature not in known:
                continue
            row = known[feature]
            square += row[0] * row[0]
            for head, weight in zip(row[1::2], row[2::2], strict=True):
                sums[int(head)] += weight
        length = math.sqrt(square) or 1.0
        return [bias + one / length for bias, one in zip(self.weights.biases, sums, strict=True)]


def likeness_from(
    learned: Learned | None,
    weights: Weights | None,
    statuses: Mapping[str, Status],
    rules: Iterable[Rule],
    *,
    words: Collection[str] = (),
    encoder: Encoder | None = None,
) -> Likeness | None:
    """Make the learned weights ready.

    Args:
        learned: how they are used.
        weights: the weights.
        statuses: for each family that has rules, the status of the loudest of them.
        rules: the rules; what the weights have not seen as it stands, they do not doubt.
        words: the words that the rules know.
        encoder: reads messages as a whole; None where there is none.

    Returns:
        what judges; None where nothing was learned, or where it is switched off.
    """
    if learned is None or weights is None or learned.status is Status.OFF:
        return None
    return Likeness(
        weights=weights,
        status=learned.status,
        due_cutoff=learned.due / 100,
        carried_cutoff=max(learned.due, learned.carried) / 100,
        family_cutoff=learned.family / 100,
        statuses=statuses,
        known=frozenset(rule.id for rule in rules if weights.rules.get(rule.id) == fingerprint(rule)),
        new_words=frozenset(words) - frozenset(weights.words) if weights.words else frozenset(),
        encoder=encoder if learned.encoder else None,
        share=learned.encoder / 100,
    )


def fingerprint(rule: Rule) -> str:
    """Give what tells whether a rule finds what it found before: a digest of all that it looks for.

    Args:
        rule: the rule.

    Returns:
        the first 16 hexadecimal digits of a SHA-256.
    """
    looked_for = (
        rule.family,
        *rule.phrases,
        str((rule.within, rule.cutoff, rule.only)),
        *(one.phrase for one in rule.unless),
        *rule.gives_way_to,
    )
    return hashlib.sha256("\n".join(looked_for).encode()).hexdigest()[:16]


def logistic(value: float) -> float:
    """Turn a sum of weights into a probability; whatever the sum is, nothing overflows."""
    return 0.5 * (1.0 + math.tanh(0.5 * value))


def _stance(asked: float, reported: float, features: Collection[str]) -> Stance:
    """Tell whose claim it is; where a cue asks and none asserts, less is enough for a question."""
    is_cued = "k=asks" in features and "k=asserts" not in features
    enough = _CUED if is_cued else _EVEN
    if asked >= enough and (is_cued or asked >= reported):
        return Stance.ASKS
    return Stance.REPORTS if reported >= _EVEN else Stance.ASSERTS
