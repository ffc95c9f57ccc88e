"""What a moderator has without this bot: every message compared with whole phrases, fuzzily.

The phrases are the firing examples of the rules: what somebody would write who keeps a list of sentences. The
comparison is rapidfuzz's, by part or by set of words, and the cut-off is the one that does best on the very
messages that are measured. So the baseline is told the answers, and the engine is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from rapidfuzz import fuzz, process

from bot.evaluation.corpus import Labelled
from bot.evaluation.curve import Point, Scored, best, curve
from bot.evaluation.looking import Progress
from bot.evaluation.scoring import Judged, judged_by_phrase
from bot.matching.selftest import unmark
from bot.rulebook.model import Rulebook, Status

LOWEST = 60.0
"""The lowest cut-off that is tried; the highest is 100."""
SCORERS: dict[str, Callable[..., float]] = {
    "partial_ratio": fuzz.partial_ratio,
    "token_set_ratio": fuzz.token_set_ratio,
}


class Phrase(Struct, frozen=True):
    """A phrase to compare with, in lower case, and the claim family it stands for."""

    text: str
    family: str


class Baseline(Struct, frozen=True):
    """What came of comparing with whole phrases.

    Args:
        scorer: rapidfuzz's name for the way of comparing.
        phrases: how many phrases there are.
        curve: what comes of every cut-off from 60 to 100.
        best: the point with the best F1; None where nothing reaches 60.
        judged: each message's label beside what is given at that cut-off.
    """

    scorer: str
    phrases: int
    curve: tuple[Point, ...]
    best: Point | None
    judged: tuple[Judged, ...]


def phrases_of(rulebook: Rulebook) -> tuple[Phrase, ...]:
    """Give the firing examples of every live rule, each once.

    Args:
        rulebook: the rules.

    Returns:
        the phrases, in the order of the rules.
    """
    found = {
        unmark(example.text)[0].lower(): rule.family
        for rule in reversed(rulebook.rules)
        if rule.status is Status.LIVE
        for example in reversed(rule.examples.fires)
    }
    return tuple(Phrase(text, family) for text, family in reversed(found.items()))


def compare(
    messages: Sequence[Labelled], phrases: Sequence[Phrase], *, scorer: str, progress: Progress | None = None
) -> Baseline:
    """Compare every message with every phrase.

    Args:
        messages: the messages.
        phrases: the phrases.
        scorer: a key of `SCORERS`.
        progress: called with how many messages are done and how many there are.

    Returns:
        what came of it, at the cut-off that is best for it.
    """
    texts = [phrase.text for phrase in phrases]
    nearest: list[tuple[float, str] | None] = []
    for done, message in enumerate(messages, 1):
        found = process.extractOne(message.text.lower(), texts, scorer=SCORERS[scorer], score_cutoff=LOWEST)
        nearest.append(None if found is None else (found[1], phrases[found[2]].family))
        if progress is not None:
            progress(done, len(messages))
    points = curve(
        Scored(None if near is None else near[0], bool(message.due))
        for message, near in zip(messages, nearest, strict=True)
    )
    top = best(points)
    return Baseline(
        scorer=scorer,
        phrases=len(phrases),
        curve=points,
        best=top,
        judged=tuple(
            judged_by_phrase(message, near[1] if near and top and near[0] >= top.cutoff else None)
            for message, near in zip(messages, nearest, strict=True)
        ),
    )


def strongest(
    messages: Sequence[Labelled], rulebook: Rulebook, *, progress: Progress | None = None
) -> Baseline:
    """Compare in every way, and take the one that does best.

    Args:
        messages: the messages.
        rulebook: the rules whose examples are the phrases.
        progress: called with how many comparisons are done and how many there are.

    Returns:
        the baseline with the highest F1 for "does a reply come when due".
    """
    phrases = phrases_of(rulebook)
    made = []
    for number, scorer in enumerate(SCORERS):
        told = _shifted(progress, number * len(messages), len(SCORERS) * len(messages)) if progress else None
        made.append(compare(messages, phrases, scorer=scorer, progress=told))
    return max(made, key=lambda baseline: baseline.best.f1 if baseline.best else 0.0)


def _shifted(progress: Progress, before: int, of: int) -> Progress:
    return lambda done, _: progress(before + done, of)
