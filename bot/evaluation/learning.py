"""Learning: from labelled messages to the weights by which likeness judges, and how far to trust them.

Each head is a logistic regression with an L2 penalty over features that are scaled by how rare they are, in
messages that are scaled to the length 1. scikit-learn finds the weights (liblinear: Fan et al. 2008, JMLR
9:1871–1874); equal messages give equal weights.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from bot.errors import SettingsError
from bot.evaluation.corpus import NO_STANCE, Labelled, Part, only
from bot.evaluation.looking import Progress
from bot.evaluation.variants import remarks_of, talks_of, variants_of
from bot.matching.compile import CompiledRulebook
from bot.matching.engine import describe
from bot.matching.likeness import ASKED, DUE, REPORTED, Likely, fingerprint, likeness_from
from bot.matching.model import Stance
from bot.rulebook.model import Learned, Rule, Status, Weights
from bot.rulebook.part import plain
from bot.text.reader import read

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 5
LEAST = 4
"""In how many messages, variants left out, a feature must stand; what stands in fewer tells little."""
_STRENGTH = 20.0
"""The inverse of the penalty; found by cross-validation on `tune`, like `LEAST` and `_SMALLEST`."""
_SMALLEST = 0.6
"""A weight this small, in messages of the length 1, is left out."""
_ROUNDS = 300
_DECIMALS = 2
_SPARSE = 0.3
"""Keeps the scale of a feature that stands in every message above nothing."""
_LESSON = 4.0
"""How much an example of a rule counts beside a labelled message: rules are not to be argued with."""
_VARIANT = 0.5
"""How much a variant counts beside the message it was made of."""
MISSING = (
    "learning needs scikit-learn, which is not installed here: pip install 'caveat-bot[learn]', or in the "
    "checkout make test"
)


class Example(Struct, frozen=True):
    """A labelled message as likeness sees it.

    Args:
        message: the message.
        features: what it is made of.
        weight: how much it counts.
    """

    message: Labelled
    features: frozenset[str]
    weight: float = 1.0


class Guess(Struct, frozen=True):
    """What likeness says of a message that it has not learned from.

    Args:
        message: the message.
        likely: what it reads like; the families of it are all there are, likeliest first.
    """

    message: Labelled
    likely: Likely


class Outcome(Struct, frozen=True):
    """What comes of two cut-offs.

    Args:
        due: the cut-off for an answer, 0–100.
        family: the cut-off for a family, 0–100.
        precision: the share of answers that are due, 0–1.
        recall: the share of due answers that are given, 0–1.
        families: F1 of the claim families, all decisions taken together, 0–1.
        stance: the share of due answers given with the right stance, 0–1.
    """

    due: int
    family: int
    precision: float
    recall: float
    families: float
    stance: float


def examples_from(
    messages: Iterable[Labelled],
    rulebook: CompiledRulebook,
    *,
    part: Part = Part.TUNE,
    progress: Progress | None = None,
) -> list[Example]:
    """Describe the messages that may be learned from.

    Args:
        messages: labelled messages.
        rulebook: the rules, made ready.
        part: which of them; only `tune` may be learned from.
        progress: called with how many are done and how many there are.

    Returns:
        those that the engine looks at, in the order of their ids, each before its variants.

    Raises:
        SettingsError: another part than `tune` was asked for.
    """
    if part is not Part.TUNE:
        raise SettingsError(
            f"nothing is learned from the part {part.value}: what is held back proves the figures; "
            "use --part tune"
        )
    chosen = sorted(only(messages, part), key=lambda message: message.id)
    remarks, talks = remarks_of(chosen), talks_of(chosen)
    examples: list[Example] = []
    for done, message in enumerate(chosen, 1):
        examples.extend(_described(message, rulebook))
        for variant in variants_of(message, remarks, talks):
            examples.extend(_described(variant, rulebook, weight=_VARIANT))
        if progress is not None:
            progress(done, len(chosen))
    return examples


def lessons_from(rulebook: CompiledRulebook) -> list[Example]:
    """Describe the examples of the rules: likeness should find what they find and keep out of the rest.

    Args:
        rulebook: the rules, made ready.

    Returns:
        the firing and the silent ones. One that is silent for one rule and fires for another is left out.
    """
    fires: dict[str, Labelled] = {}
    silent: dict[str, Labelled] = {}
    for rule in rulebook.source.rules:
        if rule.status is Status.OFF:
            continue
        for one in rule.examples.fires:
            text, known = _unmarked(one.text), fires.get(_unmarked(one.text))
            families = frozenset((rule.family,)) | (known.claims if known else frozenset())
            fires[text] = Labelled(f"{rule.id} {text}", text, one.context, families, one.stance, "rule")
        for kept in rule.examples.silent:
            text = _unmarked(kept.text)
            silent[text] = Labelled(f"{rule.id} {text}", text, kept.context, frozenset(), NO_STANCE, "rule")
    lessons = [*fires.values(), *(one for text, one in silent.items() if text not in fires)]
    return [example for one in lessons for example in _described(one, rulebook, weight=_LESSON)]


def learn(examples: Sequence[Example], rules: Iterable[Rule], words: Iterable[str] = ()) -> Weights:
    """Learn when an answer is due, who stands behind a claim, and of which family it is.

    Args:
        examples: what to learn from.
        rules: the rules that found what the examples tell of.
        words: all words of their lexicon.

    Returns:
        the weights, rounded, without those next to nothing.

    Raises:
        SettingsError: there is no message that is due an answer, or none that is not; or scikit-learn is not
            installed.
    """
    dues = [bool(example.message.due) for example in examples]
    if len(set(dues)) < 2:
        raise SettingsError("there is nothing to learn from: it takes messages with a claim and without")
    families = sorted({family for example in examples for family in example.message.due})
    table = _Table(examples)
    heads = [table.head(dues)]
    heads.extend(
        table.head([one.message.stance == stance.value for one in examples], among=dues)
        for stance in (Stance.ASKS, Stance.REPORTS)
    )
    heads.extend(table.head([family in one.message.due for one in examples]) for family in families)
    return Weights(
        corpus=digest_of(example.message for example in examples),
        messages=len(examples),
        rules={rule.id: fingerprint(rule) for rule in rules},
        words=tuple(sorted(words)),
        heads=(DUE, ASKED, REPORTED, *families),
        biases=tuple(round(bias, _DECIMALS) for bias, _ in heads),
        features=table.rows([weights for _, weights in heads]),
    )


def cross_validate(
    examples: Sequence[Example],
    lessons: Sequence[Example],
    rules: Sequence[Rule],
    *,
    progress: Progress | None = None,
) -> list[Guess]:
    """Learn from four fifths and guess the last one, for each fifth.

    Args:
        examples: the examples; the hash of its id decides in which fifth each is, with its variants.
        lessons: what to learn from each time; nothing is guessed of it.
        rules: the rules.
        progress: called with how many fifths are done and how many there are.

    Returns:
        a guess for each message; none for variants.

    Raises:
        SettingsError: there are too few messages, or scikit-learn is not installed.
    """
    guesses: list[Guess] = []
    for fold in range(FOLDS):
        weights = learn([*(example for example in examples if _fold(example) != fold), *lessons], rules)
        likeness = likeness_from(Learned(status=Status.LIVE, due=50, family=10), weights, {}, ())
        assert likeness is not None  # noqa: S101  # it is live and has weights
        guesses.extend(
            Guess(example.message, likeness.judge(example.features))
            for example in examples
            if example.weight == 1.0 and _fold(example) == fold
        )
        if progress is not None:
            progress(fold + 1, FOLDS)
    return guesses


def outcome(guesses: Sequence[Guess], *, due: int, family: int) -> Outcome:
    """Tell what comes of two cut-offs, 0–100."""
    counts: Counter[str] = Counter()
    for guess in guesses:
        wanted, likely = guess.message.due, guess.likely
        given = _given(likely, family / 100) if 100 * likely.due >= due else frozenset[str]()
        counts["given"] += bool(given)
        counts["due"] += bool(wanted)
        counts["right"] += bool(given and wanted)
        counts["stance"] += bool(given and wanted) and likely.stance.value == guess.message.stance
        counts["families"] += len(given & wanted)
        counts["all families"] += len(given) + len(wanted)
    return Outcome(
        due=due,
        family=family,
        precision=_share(counts["right"], counts["given"]),
        recall=_share(counts["right"], counts["due"]),
        families=_share(2 * counts["families"], counts["all families"]),
        stance=_share(counts["stance"], counts["right"]),
    )


def digest_of(messages: Iterable[Labelled]) -> str:
    """Give the SHA-256 of labelled messages, whatever their order."""
    lines = sorted(
        json.dumps([one.id, one.text, one.context, sorted(one.claims), one.stance]) for one in messages
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def as_text(weights: Weights) -> str:
    """Write weights as JSON, a line for each feature, so that a change can be read."""
    content = plain(weights, without=frozenset(("features",)))
    rows = (
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(row, separators=(',', ':'))}"
        for name, row in sorted(weights.features.items())
    )
    head = json.dumps(content, indent=0, sort_keys=True, ensure_ascii=False).removesuffix("\n}")
    return f'{head},\n"features": {{\n' + ",\n".join(rows) + "\n}}\n"


class _Table:
    """Examples as rows and features as columns."""

    def __init__(self, examples: Sequence[Example]) -> None:
        try:
            import numpy  # noqa: PLC0415  # an optional dependency
            from scipy.sparse import csr_matrix  # noqa: PLC0415  # an optional dependency
            from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  # an optional dependency
        except ImportError as error:
            raise SettingsError(MISSING) from error
        told = [example for example in examples if example.weight != _VARIANT]
        counts = Counter(chain.from_iterable(example.features for example in told))
        self.names = sorted(name for name, count in counts.items() if count >= LEAST)
        self.scales = {
            name: round(math.sqrt(math.log(len(told) / counts[name]) + _SPARSE), _DECIMALS)
            for name in self.names
        }
        place = {name: at for at, name in enumerate(self.names)}
        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for example in examples:
            known = sorted(feature for feature in example.features if feature in place)
            length = math.sqrt(sum(self.scales[name] ** 2 for name in known)) or 1.0
            columns.extend(place[name] for name in known)
            values.extend(self.scales[name] / length for name in known)
            ends.append(len(columns))
        self._rows = csr_matrix((values, columns, ends), shape=(len(examples), len(self.names)))
        self._counts = numpy.array([example.weight for example in examples])
        self._numpy, self._regression = numpy, LogisticRegression

    def head(self, wanted: Sequence[bool], among: Sequence[bool] | None = None) -> tuple[float, Any]:
        """Learn one head: its bias and a weight for each feature."""
        rows, counts, answers = self._rows, self._counts, self._numpy.array(wanted)
        if among is not None:
            chosen = self._numpy.array(among)
            rows, counts, answers = rows[chosen], counts[chosen], answers[chosen]
        if len(set(answers.tolist())) < 2:
            certain = 20.0 if answers.size and answers[0] else -20.0
            return certain, self._numpy.zeros(len(self.names))
        regression = self._regression(C=_STRENGTH, max_iter=_ROUNDS, solver="liblinear", random_state=0).fit(
            rows, answers, sample_weight=counts
        )
        return float(regression.intercept_[0]), regression.coef_[0]

    def rows(self, heads: Sequence[NDArray[Any]]) -> Mapping[str, tuple[float, ...]]:
        """Give for each feature its scale and the weights that are not next to nothing."""
        rows = {}
        for at, name in enumerate(self.names):
            scale = self.scales[name]
            row = [scale]
            for place, weights in enumerate(heads):
                if abs(weights[at]) >= _SMALLEST:
                    row.extend((place, round(float(weights[at]) * scale, _DECIMALS)))
            rows[name] = tuple(row)
        return rows


def _described(message: Labelled, rulebook: CompiledRulebook, weight: float = 1.0) -> Iterable[Example]:
    context = tuple(read(earlier) for earlier in message.context)
    described = describe(read(message.text), rulebook, context)
    if described is not None:
        yield Example(message, described.features, weight)


def _unmarked(text: str) -> str:
    return text.replace("«", "").replace("»", "")


def _given(likely: Likely, cutoff: float) -> frozenset[str]:
    first = next(iter(likely.families), None)
    return frozenset(name for name, share in likely.families.items() if share >= cutoff or name == first)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _fold(example: Example) -> int:
    identity = example.message.id.partition(" ")[0]
    return int(hashlib.sha256(f"fold {identity}".encode()).hexdigest(), 16) % FOLDS
