"""The second opinion: what labelled examples say of a message that the rules have judged.

It holds back what a rule found where messages like it claim nothing, and adds the families that messages
like it claim. Rules that it was not learned with, those of a server above all, it leaves alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from bot.matching.features import Features, in_words
from bot.matching.likeness import LIKE_EXAMPLES, Likely, Likeness
from bot.matching.model import SPEAKING, Finding
from bot.rulebook.model import Status
from bot.text.model import Reading

LIKENESS = "known examples"
"""Stands for the phrase in a finding. It holds no word of the message, as phrases are kept longer."""


class Names(Enum):
    """What a message names itself, whatever was said before it: a topic, only a theme, or neither."""

    TOPIC = "topic"
    THEME = "theme"
    NOTHING = "nothing"


class Opinion(Struct, frozen=True):
    """What comes of a second opinion.

    Args:
        found: the findings that stand, those of known examples among them.
        doubted: the findings that are held back, each with the reason.
    """

    found: tuple[Finding, ...]
    doubted: tuple[tuple[Finding, str], ...] = ()


def second_opinion(
    likeness: Likeness,
    looks: Iterable[Features],
    said: Sequence[str],
    reading: Reading,
    found: Sequence[Finding],
    *,
    adds: bool,
    names: Names,
    new: Collection[int] = (),
) -> Opinion:
    """Hold what the rules found against labelled examples.

    Args:
        likeness: the learned weights.
        looks: what the message is made of, with the places: first all of it, then, where it has company, what
            is about the subject alone. That by which an answer is likeliest to be due counts.
        said: for the encoder, the words and marks of the message and of what was said before.
        reading: the message.
        found: what the rules found.
        adds: whether families that no rule found may be added.
        names: what the message names itself. The less, the likelier it must be that an answer is due.
        new: indexes of tokens that the rules have learned since; what rests on them is not doubted.

    Returns:
        what stands, and what is held back.
    """
    features, likely = _telling(likeness, looks, likeness.encoded(said))
    is_due = likely.due >= (likeness.carried_cutoff if names is Names.NOTHING else likeness.due_cutoff)
    adds = adds and likely.due >= (likeness.due_cutoff if names is Names.TOPIC else likeness.carried_cutoff)
    standing: list[Finding] = []
    doubted: list[tuple[Finding, str]] = []
    for finding in found:
        doubt = _doubt(finding, likely, likeness, is_due=is_due)
        if doubt and not any(
            finding.start <= token.start < finding.end for token in map(reading.tokens.__getitem__, new)
        ):
            doubted.append((finding, doubt))
        else:
            standing.append(_restated(finding, likely, likeness))
    if adds:
        told = {finding.family for finding in standing if finding.stance in SPEAKING}
        standing.extend(
            _like_examples(likely, family, likeness, features, reading)
            for family in likely.families
            if family not in told and likeness.status_of(family) not in {None, Status.OFF}
        )
    return Opinion(tuple(standing), tuple(doubted))


def _telling(
    likeness: Likeness, looks: Iterable[Features], encoded: Mapping[str, float] | None
) -> tuple[Features, Likely]:
    judged = [(features, likeness.judge(features, encoded)) for features in looks]
    return max(judged, key=lambda pair: pair[1].due)


def _doubt(finding: Finding, likely: Likely, likeness: Likeness, *, is_due: bool) -> str:
    """Say why a finding is held back; empty where it is not."""
    if not likeness.may_turn(finding):
        return ""
    if not is_due:
        return f"too few messages that read like this one claim anything ({100 * likely.due:.0f} of 100)"
    if finding.family not in likely.families:
        share = 100 * likely.others.get(finding.family, 0.0)
        return f"too few messages that read like this one claim this ({share:.0f} of 100)"
    return ""


def _restated(finding: Finding, likely: Likely, likeness: Likeness) -> Finding:
    """Give a claim the stance in which messages like it are told."""
    if not likeness.may_turn(finding) or finding.stance is likely.stance:
        return finding
    because = (*finding.because, f"messages that read like this one are told as: {likely.stance.value}")
    return replace(finding, stance=likely.stance, because=because)


def _like_examples(
    likely: Likely, family: str, likeness: Likeness, features: Features, reading: Reading
) -> Finding:
    reasons = likeness.reasons(family, features)
    start, end = _span(reasons, features, reading)
    told = ", ".join(dict.fromkeys(in_words(feature) for feature in reasons))
    return Finding(
        rule=LIKE_EXAMPLES,
        family=family,
        stance=likely.stance,
        score=round(100 * likely.due, 1),
        start=start,
        end=end,
        matched=reading.raw[start:end],
        phrase=LIKENESS,
        status=(likeness.status_of(family) or Status.OFF).value,
        because=(f"what counted most: {told}",),
    )


def _span(reasons: Sequence[str], features: Features, reading: Reading) -> tuple[int, int]:
    standing = [features[feature] for feature in reasons if features[feature][1]]
    tokens = reading.tokens
    first = min((first for first, _ in standing), default=0)
    last = max((last for _, last in standing), default=len(tokens))
    return tokens[first].start, tokens[last - 1].end
