"""Likeness: how like the known examples of a claim a message reads, where no phrase of a rule matched.

A message is a bag of features: its words, its neighbouring pairs of words, the concepts and cues seen in it,
and what the conversation was about. Logistic regression (Cox 1958, doi 10.1111/j.2517-6161.1958.tb00292.x)
weighs them: one head tells whether an answer is due at all, and one for each family whether it is that one.
The weights are data, learned offline from labelled messages.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.matching.lexicon import CUE, EXCLUSION, OPENER, PRONOUN, WORD
from bot.matching.phrases import Hit
from bot.matching.vocabulary import Vocabulary
from bot.rulebook.model import Head, Learned, Status, Weights
from bot.text.model import Reading

LIKE_EXAMPLES = "like-examples"
"""Stands in a finding for the rule, where likeness found it."""

Stretch = tuple[int, int]
"""Index of the first token and index behind the last; (0, 0) for what stands in no place."""

_NOWHERE = (0, 0)
_WORD, _PAIR, _CONCEPT, _CONVERSATION, _QUESTION = "w=", "b=", "c=", "v=", "q"
_HELPERS = (WORD, EXCLUSION, PRONOUN, OPENER)
_MOST_TOKENS = 300
_MOST_REASONS = 4


def features_of(
    reading: Reading,
    hits: Mapping[str, Sequence[Hit]],
    conversation: Iterable[str],
    vocabulary: Vocabulary,
) -> dict[str, Stretch]:
    """Take a message apart into what is weighed.

    Args:
        reading: the message; its first 300 tokens are looked at.
        hits: the concepts and cues seen in it.
        conversation: ids of the topics and themes named before.
        vocabulary: all words of the rulebook; a misspelt one counts as the one that was meant.

    Returns:
        each feature with the stretch of tokens where it stands first.
    """
    found: dict[str, Stretch] = {}
    before = ""
    for at, token in enumerate(reading.tokens[:_MOST_TOKENS]):
        meant = vocabulary.candidates(token.text, token.readings)
        word = meant[0].word if meant else token.text
        found.setdefault(_WORD + word, (at, at + 1))
        if before:
            found.setdefault(f"{_PAIR}{before} {word}", (at - 1, at + 1))
        before = word
    for name, listed in hits.items():
        if listed and not name.startswith(_HELPERS):
            found[_CONCEPT + name] = (listed[0].first, listed[0].last)
    found.update((_CONVERSATION + name, _NOWHERE) for name in conversation)
    if any("?" in clause.ending for clause in reading.clauses):
        found[_QUESTION] = _NOWHERE
    return found


def in_words(feature: str) -> str:
    """Say what a feature is, for a moderator: a word as it is, a concept as it stands in a phrase."""
    kind, _, name = feature.partition("=")
    if kind == "c":
        return f"<{name.removeprefix(CUE)}>"
    if kind == "v":
        return f"<{name}> before"
    return name or "a question mark"


@dataclass(frozen=True, slots=True)
class Described:
    """A message as likeness sees it.

    Args:
        features: what it is made of.
        is_left: whether the rules leave it to likeness: none found anything, nothing takes claims back, and a
            topic is named.
    """

    features: frozenset[str]
    is_left: bool


@dataclass(frozen=True, slots=True)
class Likely:
    """What a message reads like.

    Args:
        family: the claim family whose examples it is most like.
        due: how likely it is that an answer is due, 0–1.
        likely: how likely it is that it is this family, 0–1.
        reasons: the features with the greatest weight for it, at most four.
    """

    family: str
    due: float
    likely: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """The learned weights, made ready.

    Args:
        due: tells whether an answer is due.
        families: tells for each family whether it is that one.
        status: `live` or `shadow`.
        due_cutoff: how likely it must be that an answer is due, 0–1.
        family_cutoff: how likely the family must be, 0–1.
        quiet: the status of each family of which no rule speaks, `shadow` or `off`.
    """

    due: Head
    families: Mapping[str, Head]
    status: str
    due_cutoff: float
    family_cutoff: float
    quiet: Mapping[str, str] = field(default_factory=dict)

    def status_of(self, family: str) -> str:
        """Tell whether likeness speaks of a family: no more than the family's rules and likeness itself."""
        return self.quiet.get(family, self.status)

    def judge(self, features: Collection[str]) -> Likely | None:
        """Tell what a message reads like.

        Args:
            features: what it is made of.

        Returns:
            the family, where it is likely enough that an answer is due, and that this is the family.
        """
        due = probability(self.due, features)
        if due < self.due_cutoff or not self.families:
            return None
        likely, family = max((probability(head, features), name) for name, head in self.families.items())
        if likely < self.family_cutoff:
            return None
        return Likely(family, due, likely, self._reasons(family, features))

    def _reasons(self, family: str, features: Iterable[str]) -> tuple[str, ...]:
        heads = (self.due.weights, self.families[family].weights)
        weighed = ((sum(head.get(feature, 0.0) for head in heads), feature) for feature in features)
        heaviest = sorted((-weight, feature) for weight, feature in weighed if weight > 0)
        return tuple(feature for _, feature in heaviest[:_MOST_REASONS])


def likeness_from(
    learned: Learned | None, weights: Weights | None, statuses: Mapping[str, Status]
) -> Likeness | None:
    """Make the learned weights ready.

    Args:
        learned: how they are used.
        weights: the weights.
        statuses: for each family that has rules, the status of the loudest of them; weights of other families
            are left out. Those of a family that is off are not: what reads like its claims is no claim of
            another one.

    Returns:
        what judges; None where nothing was learned, or where it is switched off.
    """
    if learned is None or weights is None or learned.status is Status.OFF:
        return None
    return Likeness(
        due=weights.due,
        families={name: head for name, head in weights.families.items() if name in statuses},
        status=learned.status.value,
        due_cutoff=learned.due / 100,
        family_cutoff=learned.family / 100,
        quiet={name: status.value for name, status in statuses.items() if status is not Status.LIVE},
    )


def probability(head: Head, features: Iterable[str]) -> float:
    """Give the probability that a head tells for a message, 0–1."""
    weights = head.weights
    return logistic(head.bias + sum(weights.get(feature, 0.0) for feature in features))


def logistic(value: float) -> float:
    """Turn a sum of weights into a probability; whatever the sum is, nothing overflows."""
    return 0.5 * (1.0 + math.tanh(0.5 * value))
