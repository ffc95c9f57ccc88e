"""The look at a message beside everything else that could look at it, for rulebooks of several sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.contenders import CDIST, CONTENDERS, PARTIAL_RATIO, Contender, Ready, prepare_named
from bench.measure import Built, Times, Way, build_aside, ratio, take_turns
from bench.ours import CHATTER, CLAIMS, COLD, WARM, answers, cold, warm
from bench.rulebooks import MadeRulebook, make_rulebook
from bench.traffic import Line
from bench.yardstick import DISCORD, Yardstick
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import is_worth_a_look
from bot.text.reader import read

LOWEST, HIGHEST = 50, 100
"""The cut-offs that are tried for fuzzy comparison."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured with a rulebook of a certain size.

    Args:
        phrases: how many phrases it has.
        claims: how many claims recall is taken from.
        chatter: how many ordinary lines false alarms are counted in.
    """

    phrases: int
    claims: int
    chatter: int


SIZES = (Size(20, 400, 2000), Size(200, 400, 2000), Size(2000, 250, 750), Size(20000, 50, 100))
QUICK_SIZES = (Size(20, 30, 60), Size(60, 30, 60))


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is measured.

    Args:
        sizes: the rulebooks.
        seconds: of a core for our look, with each rulebook.
        others: for each other way, with each rulebook.
        patience: how long a contender may take to get ready, in seconds.
        warming: so many messages are looked at before, to fill the caches.
    """

    sizes: tuple[Size, ...] = SIZES
    seconds: float = 6.0
    others: float = 1.5
    patience: float = 20.0
    warming: int = 3000


QUICK = Effort(sizes=QUICK_SIZES, seconds=0.5, others=0.15, patience=3.0, warming=100)


@dataclass(frozen=True, slots=True)
class Quality:
    """What is found. Chatter is weighted so that claims are as rare as in the traffic.

    Args:
        recall: of the claims, the share that is found.
        precision: of what is found, the share that is a claim; None where nothing is found.
        cutoff: the score from which a fuzzy way counts, the one with the best F1 on these very messages.
    """

    recall: float
    precision: float | None
    cutoff: float | None = None

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        precision = self.precision or 0.0
        total = self.recall + precision
        return 2 * self.recall * precision / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One way with one rulebook; `problem` says why there are no figures."""

    name: str
    times: Times | None = None
    built: Built | None = None
    quality: Quality | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SizeFigures:
    """Everything that was measured with one rulebook.

    Args:
        size: how many phrases, and how many messages quality is taken from.
        concepts: how many concepts its lexicon has.
        ways: in how many ways these can be written.
        loading: seconds that the YAML took to load.
        past_the_gate: the share of the traffic that is looked at in full.
        rows: a row for each way.
        cold_share: our look with caches off, in parts of discord.py's cost beside it.
    """

    size: Size
    concepts: int
    ways: int
    loading: float
    past_the_gate: float
    rows: tuple[Row, ...]
    cold_share: float

    def row(self, name: str) -> Row:
        """Give a way's row."""
        return next(row for row in self.rows if row.name == name)

    def times(self, name: str) -> Times | None:
        """Give a way's times, if it was measured."""
        return self.row(name).times

    def share(self, name: str, of: str) -> float | None:
        """How many times as long one way takes as another; None where one was not measured."""
        one, other = self.times(name), self.times(of)
        return None if one is None or other is None else ratio(one, other)


@dataclass(frozen=True, slots=True)
class Sample:
    """The messages that recall and precision are taken from.

    Args:
        claims: messages that should be found.
        chatter: messages that should not.
        weight: how many lines of traffic a line of chatter stands for, for each that a claim stands for.
    """

    claims: tuple[str, ...]
    chatter: tuple[str, ...]
    weight: float

    def quality(self, is_found: Callable[[str], bool]) -> Quality:
        """Judge a way that answers yes or no."""
        hits = sum(map(is_found, self.claims))
        alarms = sum(map(is_found, self.chatter))
        return self._quality(hits, alarms)

    def best_quality(self, score: Callable[[str], float]) -> Quality:
        """Judge a way that gives a score, at the cut-off that is best for it."""
        due, other = [score(text) for text in self.claims], [score(text) for text in self.chatter]
        tried = [
            self._quality(
                sum(one >= cutoff for one in due), sum(one >= cutoff for one in other), cutoff=float(cutoff)
            )
            for cutoff in range(LOWEST, HIGHEST + 1)
        ]
        return max(tried, key=lambda quality: quality.f1)

    def _quality(self, hits: int, alarms: int, *, cutoff: float | None = None) -> Quality:
        found = hits + alarms * self.weight
        return Quality(hits / len(self.claims), hits / found if found else None, cutoff)


def sample_of(lines: Sequence[Line], size: Size) -> Sample:
    """Take the first claims and the first ordinary lines of the traffic."""
    due = [line.text for line in lines if line.is_due]
    chatter = [line.text for line in lines if not line.is_due]
    claims, other = tuple(due[: size.claims]), tuple(chatter[: size.chatter])
    return Sample(claims, other, (len(chatter) / len(other)) / (len(due) / len(claims)))


def measure_looks(
    lines: Sequence[Line],
    *,
    shipped: Path,
    folder: Path,
    seed: int,
    effort: Effort,
    tell: Callable[[str], None],
) -> list[SizeFigures]:
    """Measure every way with every rulebook.

    Args:
        lines: the traffic.
        shipped: the folder of the shipped rules.
        folder: a folder for the rulebooks that are made.
        seed: of the rulebooks.
        effort: how long is measured.
        tell: is told what is being done.
    """
    yardstick = Yardstick()
    measured = []
    for size in effort.sizes:
        tell(f"a rulebook of {size.phrases:,} phrases")
        made = make_rulebook(shipped, folder / str(size.phrases), phrases=size.phrases, seed=seed)
        measured.append(_Measuring(made, lines, yardstick, effort).figures(size))
    return measured


@dataclass(slots=True)
class _Measuring:
    """The measuring with one rulebook."""

    made: MadeRulebook
    lines: Sequence[Line]
    yardstick: Yardstick
    effort: Effort
    rows: list[Row] = field(default_factory=list)

    def figures(self, size: Size) -> SizeFigures:
        texts, sample = [line.text for line in self.lines], sample_of(self.lines, size)
        built = build_aside(compile_rulebook, self.made.rulebook, within=120.0)
        compiled = compile_rulebook(self.made.rulebook)
        ready, problems = self._contenders()
        for text in texts[-self.effort.warming :]:
            answers(compiled, text)
        ways = [self.yardstick.way(seconds=self.effort.others), warm(compiled, seconds=self.effort.seconds)]
        ways += [
            Way(one.name, it.look, seconds=self.effort.others, is_batched=it.is_batched)
            for one, it, _ in ready
        ]
        times = take_turns(ways, texts)
        apart = take_turns(
            [self.yardstick.way(seconds=1e9), cold(compiled, seconds=self.effort.seconds / 2)],
            texts[: len(times[WARM].micros)],
        )
        ours = sample.quality(lambda text: answers(compiled, text))
        self.rows = [
            Row(DISCORD, times[DISCORD]),
            Row(WARM, times[WARM], built, ours),
            Row(CHATTER, self._part(times[WARM], is_due=False)),
            Row(CLAIMS, self._part(times[WARM], is_due=True)),
            Row(COLD, apart[COLD], built, ours),
            *(Row(one.name, times[one.name], cost, _judged(it, sample)) for one, it, cost in ready),
            *problems,
        ]
        self._lend_quality_to_cdist()
        return SizeFigures(
            size=size,
            concepts=len(self.made.rulebook.concepts),
            ways=self.made.ways,
            loading=self.made.loading,
            past_the_gate=_past_the_gate(compiled, texts[:5000]),
            rows=tuple(self.rows),
            cold_share=ratio(apart[COLD], apart[DISCORD]),
        )

    def _part(self, times: Times, *, is_due: bool) -> Times | None:
        """Give the times of the claims, or of the other lines; None where none was measured."""
        pairs = zip(times.micros, self.lines, strict=False)
        micros = tuple(one for one, line in pairs if line.is_due is is_due)
        return Times(micros) if micros else None

    def _contenders(self) -> tuple[list[tuple[Contender, Ready, Built]], list[Row]]:
        ready, problems = [], []
        for one in CONTENDERS:
            if not one.is_installed:
                problems.append(Row(one.name, problem="not installed"))
                continue
            cost = build_aside(prepare_named, one.name, self.made.literals, within=self.effort.patience)
            if cost.problem:
                problems.append(Row(one.name, built=cost, problem=cost.problem))
            else:
                ready.append((one, one.prepare(self.made.literals), cost))
        return ready, problems

    def _lend_quality_to_cdist(self) -> None:
        """What cdist computes is partial_ratio, so it finds the same."""
        same = next((row.quality for row in self.rows if row.name == PARTIAL_RATIO), None)
        self.rows = [
            Row(row.name, row.times, row.built, same, row.problem) if row.name == CDIST else row
            for row in self.rows
        ]


def _judged(ready: Ready, sample: Sample) -> Quality | None:
    if ready.is_batched:
        return None
    if ready.score is not None:
        return sample.best_quality(ready.score)
    return sample.quality(lambda text: bool(ready.look(text)))


def _past_the_gate(compiled: CompiledRulebook, texts: Sequence[str]) -> float:
    return sum(is_worth_a_look(read(text), compiled) for text in texts) / len(texts)
