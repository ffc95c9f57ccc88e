"""Measuring: from labelled messages and a rulebook to everything that a report tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from bot.evaluation.bootstrap import RESAMPLES, Measured, measure
from bot.evaluation.brute import Baseline, strongest
from bot.evaluation.corpus import Labelled, Part, only, part_of
from bot.evaluation.curve import Point, Scored, curve
from bot.evaluation.looking import Looked, Progress, look_at_all
from bot.evaluation.misses import Miss, misses
from bot.evaluation.robustness import Held, disturb
from bot.evaluation.scoring import Judged, Key, Tally, confusion, judged, tally, total
from bot.matching.compile import CompiledRulebook

ENGINE = "caveat bot"
Watch = Callable[[str], Progress]
"""Called with the name of a stage, gives what is called with how far it is."""


class Plan(Struct, frozen=True):
    """What to measure.

    Args:
        part: which of the messages.
        against_brute: whether to compare with whole phrases as well.
        robustness: whether to change messages and look at them again.
        show_hold: whether misses of `hold` are told; nobody should tune on them.
        resamples: how often messages are drawn anew for the intervals.
        seed: of all random numbers.
    """

    part: Part = Part.ALL
    against_brute: bool = False
    robustness: bool = False
    show_hold: bool = False
    resamples: int = RESAMPLES
    seed: int = 0


class Column(Struct, frozen=True):
    """The figures of one way of answering on one set of messages.

    Args:
        name: the part, or the baseline's name.
        messages: how many messages there are.
        counts: the summed counts.
        figures: every figure with its interval.
    """

    name: str
    messages: int
    counts: Tally
    figures: Mapping[Key, Measured]


class Evaluation(Struct, frozen=True):
    """All that was measured.

    Args:
        main: the engine's figures on the messages that were asked for.
        parts: where all messages were asked for, the engine's figures on `tune` and on `hold`; else none.
        confusion: how often one family was given in place of another.
        curve: the engine's precision and recall for every cut-off on the score.
        misses: what went wrong, the worst first; of `hold` only where that was asked for.
        hidden: how many misses of `hold` are not told.
        robustness: how often changed messages come out as they should; None where it was not asked for.
        baseline: what came of comparing with whole phrases; None where it was not asked for.
        baseline_column: its figures.
    """

    main: Column
    parts: tuple[Column, ...]
    confusion: Counter[tuple[str, str]]
    curve: tuple[Point, ...]
    misses: tuple[Miss, ...]
    hidden: int
    robustness: tuple[Held, ...] | None
    baseline: Baseline | None
    baseline_column: Column | None


def evaluate(
    messages: Sequence[Labelled], rulebook: CompiledRulebook, plan: Plan, *, watch: Watch | None = None
) -> Evaluation:
    """Measure how well a rulebook recognises claims.

    Args:
        messages: the labelled messages.
        rulebook: the rules, made ready.
        plan: what to measure.
        watch: told how far it is.

    Returns:
        all that was measured.
    """
    watched = watch or _unwatched
    chosen = only(messages, plan.part)
    looked = look_at_all(chosen, rulebook, progress=watched("looking"))
    baseline = held = None
    if plan.against_brute:
        baseline = strongest(chosen, rulebook.source, progress=watched("brute force"))
    if plan.robustness:
        held = disturb(looked, rulebook, seed=plan.seed, progress=watched("robustness"))
    given = [judged(one) for one in looked]
    wrong = misses(looked)
    told = tuple(miss for miss in wrong if plan.show_hold or part_of(miss.looked.message.id) is Part.TUNE)
    return Evaluation(
        main=_column(plan.part.value, given, plan),
        parts=_parts(looked, plan) if plan.part is Part.ALL else (),
        confusion=confusion(given),
        curve=curve(Scored(one.score, bool(one.message.due)) for one in looked),
        misses=told,
        hidden=len(wrong) - len(told),
        robustness=held,
        baseline=baseline,
        baseline_column=_column(f"brute force ({baseline.scorer})", baseline.judged, plan)
        if baseline
        else None,
    )


def _unwatched(_: str) -> Progress:
    return lambda done, total: None


def _parts(looked: Sequence[Looked], plan: Plan) -> tuple[Column, ...]:
    return tuple(
        _column(part.value, [judged(one) for one in looked if part_of(one.message.id) is part], plan)
        for part in (Part.TUNE, Part.HOLD)
    )


def _column(name: str, given: Sequence[Judged], plan: Plan) -> Column:
    tallies = [tally(one) for one in given]
    figures = measure(tallies, resamples=plan.resamples, seed=plan.seed)
    return Column(name, len(given), total(tallies), figures)
