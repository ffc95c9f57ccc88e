"""The fallback: where the rules are silent, a message may still read like the known examples of a claim."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.matching.likeness import LIKE_EXAMPLES, Likely, Likeness, Stretch, in_words
from bot.matching.model import Finding, Stance
from bot.matching.stance import SeenCue
from bot.rulebook.model import CueCategory, Status
from bot.text.model import Reading

LIKENESS = "known examples"
"""Stands for the phrase in a finding. It holds no word of the message, as phrases are kept longer."""
_VETO = frozenset(
    (
        CueCategory.DENIES,
        CueCategory.REJECTS,
        CueCategory.WARNS,
        CueCategory.QUOTES,
        CueCategory.SUPPOSES,
    )
)


def is_vetoed(cues: Sequence[SeenCue]) -> bool:
    """Tell whether a cue takes claims back: without a phrase nobody can tell which claim it is about."""
    return any(seen.cue.category in _VETO and not seen.cue.echoes for seen in cues)


def like_examples(
    likeness: Likeness, features: Mapping[str, Stretch], reading: Reading, cues: Collection[SeenCue]
) -> Finding | None:
    """Find the claim that a message reads like.

    Args:
        likeness: the learned weights.
        features: what the message is made of, with the places.
        reading: the message.
        cues: the cues that were seen in it.

    Returns:
        the finding, of the rule `like-examples`, which stands in no file; None where it reads like no claim.
    """
    likely = likeness.judge(features)
    if likely is None or likeness.status_of(likely.family) == Status.OFF:
        return None
    start, end = _span(likely, features, reading)
    reasons = ", ".join(in_words(feature) for feature in likely.reasons)
    return Finding(
        rule=LIKE_EXAMPLES,
        family=likely.family,
        stance=_stance(cues),
        score=round(100 * likely.due, 1),
        start=start,
        end=end,
        matched=reading.raw[start:end],
        phrase=LIKENESS,
        status=likeness.status_of(likely.family),
        because=(f"what counted most: {reasons}",),
    )


def _span(likely: Likely, features: Mapping[str, Stretch], reading: Reading) -> tuple[int, int]:
    standing = [features[feature] for feature in likely.reasons if features[feature][1]]
    tokens = reading.tokens
    first = min((first for first, _ in standing), default=0)
    last = max((last for _, last in standing), default=len(tokens))
    return tokens[first].start, tokens[last - 1].end


def _stance(cues: Collection[SeenCue]) -> Stance:
    categories = {seen.cue.category for seen in cues}
    if CueCategory.ASKS in categories and CueCategory.ASSERTS not in categories:
        return Stance.ASKS
    return Stance.REPORTS if CueCategory.REPORTS in categories else Stance.ASSERTS
