"""Learning: from labelled messages to the weights by which likeness judges, and how far to trust them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.errors import SettingsError
from bot.evaluation.corpus import NO_STANCE, Labelled, Part, only
from bot.evaluation.looking import Progress
from bot.evaluation.regression import Regression
from bot.matching.compile import CompiledRulebook
from bot.matching.engine import describe
from bot.matching.likeness import Described, probability
from bot.rulebook.model import Head, Weights
from bot.text.reader import read

FOLDS = 5
TRUSTED = 0.97
"""The share of likeness's own answers that must be due."""
DUE_CUTOFFS = tuple(range(60, 100))
FAMILY_CUTOFFS = (20, 30, 40, 50, 60, 70)
_SMALLEST = 0.05
_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message as likeness sees it."""

    message: Labelled
    described: Described


@dataclass(frozen=True, slots=True)
class Guess:
    """What likeness says of a message that it has not learned from.

    Args:
        example: the message.
        due: how likely it is that an answer is due, 0–1.
        family: the likeliest family.
        likely: how likely that family is, 0–1.
    """

    example: Example
    due: float
    family: str
    likely: float


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """What comes of two cut-offs, on messages that the rules leave to likeness.

    Args:
        due: the cut-off for an answer, 0–100.
        family: the cut-off for the family, 0–100.
        answers: how many messages are answered.
        right: how many of these are due an answer.
        right_family: how many of these are given a family that is due.
        wanted: how many messages are due an answer.
    """

    due: int
    family: int
    answers: int
    right: int
    right_family: int
    wanted: int

    @property
    def precision(self) -> float:
        """The share of answers that are due; 1 where nothing is answered."""
        return self.right / self.answers if self.answers else 1.0

    @property
    def recall(self) -> float:
        """The share of due answers that are given; 1 where none is due."""
        return self.right / self.wanted if self.wanted else 1.0


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
        those that the engine looks at, in the order of their ids.

    Raises:
        SettingsError: another part than `tune` was asked for.
    """
    if part is not Part.TUNE:
        raise SettingsError(
            f"nothing is learned from the part {part.value}: what is held back proves the figures; "
            "use --part tune"
        )
    chosen = sorted(only(messages, part), key=lambda message: message.id)
    examples = []
    for done, message in enumerate(chosen, 1):
        example = _described(message, rulebook)
        examples.extend([example] if example is not None else [])
        if progress is not None:
            progress(done, len(chosen))
    return examples


def lessons_from(rulebook: CompiledRulebook) -> list[Example]:
    """Describe the rules' silent examples: what a moderator wants silence on, likeness should keep out of.

    Args:
        rulebook: the rules, made ready.

    Returns:
        those that the rules leave to likeness; in the others a rule finds something, it may be rightly.
    """
    lessons = []
    for rule in rulebook.source.rules:
        for number, silent in enumerate(rule.examples.silent):
            identity = f"{rule.id} stays silent {number}"
            message = Labelled(identity, silent.text, silent.context, frozenset(), NO_STANCE, "rule")
            lesson = _described(message, rulebook)
            if lesson is not None and lesson.described.is_left:
                lessons.append(lesson)
    return lessons


def _described(message: Labelled, rulebook: CompiledRulebook) -> Example | None:
    context = tuple(read(earlier) for earlier in message.context)
    described = describe(read(message.text), rulebook, context)
    return None if described is None else Example(message, described)


def learn(examples: Sequence[Example], lessons: Sequence[Example] = ()) -> Weights:
    """Learn when an answer is due, and of which family.

    Args:
        examples: what to learn from.
        lessons: what to learn from besides.

    Returns:
        the weights, rounded, without those next to nothing.

    Raises:
        SettingsError: there is no message that is due an answer, or none that is not.
    """
    examples = [*examples, *lessons]
    dues = [bool(example.message.due) for example in examples]
    if len(set(dues)) < 2:
        raise SettingsError("there is nothing to learn from: it takes messages with a claim and without")
    regression = Regression([example.described.features for example in examples])
    families = sorted({family for example in examples for family in example.message.due})
    return Weights(
        corpus=digest_of(example.message for example in examples),
        messages=len(examples),
        due=_rounded(regression.learn(dues)),
        families={
            family: _rounded(regression.learn([family in example.message.due for example in examples]))
            for family in families
        },
    )


def cross_validate(
    examples: Sequence[Example], lessons: Sequence[Example] = (), *, progress: Progress | None = None
) -> list[Guess]:
    """Learn from four fifths and guess the last one, for each fifth.

    Args:
        examples: the examples; the hash of its id decides in which fifth each is.
        lessons: what to learn from each time; nothing is guessed of it.
        progress: called with how many fifths are done and how many there are.

    Returns:
        a guess for each example that the rules leave to likeness.

    Raises:
        SettingsError: there are too few messages.
    """
    guesses: list[Guess] = []
    for fold in range(FOLDS):
        weights = learn([example for example in examples if _fold(example) != fold], lessons)
        guesses.extend(
            _guess(example, weights)
            for example in examples
            if example.described.is_left and _fold(example) == fold
        )
        if progress is not None:
            progress(fold + 1, FOLDS)
    return guesses


def outcome(guesses: Sequence[Guess], *, due: int, family: int) -> Cutoffs:
    """Tell what comes of two cut-offs, 0–100."""
    given = [guess for guess in guesses if 100 * guess.due >= due and 100 * guess.likely >= family]
    return Cutoffs(
        due=due,
        family=family,
        answers=len(given),
        right=sum(bool(guess.example.message.due) for guess in given),
        right_family=sum(guess.family in guess.example.message.due for guess in given),
        wanted=sum(bool(guess.example.message.due) for guess in guesses),
    )


def choose(guesses: Sequence[Guess]) -> Cutoffs:
    """Choose the cut-offs: enough answers must be due, and of those that do, most families should be right.

    Args:
        guesses: what was said of messages that were not learned from.

    Returns:
        the cut-offs at which every higher one for an answer is trusted as well; where there are none such,
        those at which nothing is answered.
    """
    best = outcome(guesses, due=100, family=FAMILY_CUTOFFS[-1])
    for family in FAMILY_CUTOFFS:
        for due in reversed(DUE_CUTOFFS):
            found = outcome(guesses, due=due, family=family)
            if found.precision < TRUSTED:
                break
            if (found.right_family, found.due) > (best.right_family, best.due):
                best = found
    return best


def digest_of(messages: Iterable[Labelled]) -> str:
    """Give the SHA-256 of labelled messages, whatever their order."""
    lines = sorted(
        json.dumps([one.id, one.text, one.context, sorted(one.claims), one.stance]) for one in messages
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def as_text(weights: Weights) -> str:
    """Write weights as JSON, a line for each, so that a change can be read."""
    content = weights.model_dump(mode="json")
    return json.dumps(content, indent=0, sort_keys=True, ensure_ascii=False) + "\n"


def _fold(example: Example) -> int:
    return int(hashlib.sha256(f"fold {example.message.id}".encode()).hexdigest(), 16) % FOLDS


def _guess(example: Example, weights: Weights) -> Guess:
    features = example.described.features
    likely, family = max((probability(head, features), name) for name, head in weights.families.items())
    return Guess(example, probability(weights.due, features), family, likely)


def _rounded(head: Head) -> Head:
    kept = {name: round(weight, _DECIMALS) for name, weight in head.weights.items()}
    return Head(
        bias=round(head.bias, _DECIMALS),
        weights={name: weight for name, weight in kept.items() if abs(weight) >= _SMALLEST},
    )
