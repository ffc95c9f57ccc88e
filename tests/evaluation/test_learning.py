"""Learning from labelled messages: what is learned, what never is, and that it is the same every time."""

from __future__ import annotations

import json

import pytest

from bot.errors import SettingsError
from bot.evaluation.corpus import Labelled, Part, part_of
from bot.evaluation.learning import (
    FOLDS,
    Cutoffs,
    Example,
    Guess,
    as_text,
    choose,
    cross_validate,
    digest_of,
    examples_from,
    learn,
    lessons_from,
    outcome,
)
from bot.evaluation.regression import Regression
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.likeness import Described, probability
from bot.rulebook.model import SilentExample, Weights
from tests.evaluation.samples import label

DUE = ("sneezes vanished, thanks garlic", "garlic chased my sneezes off", "sneezes gone, it was the garlic")
NOT = ("planted garlic today", "garlic soup for lunch", "out of garlic again")


def corpus(copies: int = 12) -> list[Labelled]:
    """Give messages of both sorts, many of each, of both parts."""
    return [
        label(f"{text} {'ok' * (copy % 3)}", *claims, identity=f"{text}-{copy}")
        for copy in range(copies)
        for texts, claims in ((DUE, ("cold-relief",)), (NOT, ()))
        for text in texts
    ]


@pytest.fixture(scope="module")
def examples(garlic: CompiledRulebook) -> list[Example]:
    return examples_from(corpus(), garlic)


@pytest.fixture(scope="module")
def weights(examples: list[Example]) -> Weights:
    return learn(examples)


def test_it_learns_what_speaks_for_an_answer(weights: Weights) -> None:
    assert weights.due.weights["w=sneezes"] > 0.3
    assert weights.due.weights["w=sneezes"] > weights.due.weights.get("w=garlic", 0.0)
    assert weights.families.keys() == {"cold-relief"}


def test_it_tells_messages_apart_that_it_has_not_learned_from(examples: list[Example]) -> None:
    guesses = cross_validate(examples)
    assert {guess.example.message.id for guess in guesses} == {example.message.id for example in examples}
    assert all((guess.due > 0.5) is bool(guess.example.message.due) for guess in guesses)
    best = choose(guesses)
    assert (best.precision, best.recall, best.right_family) == (1.0, 1.0, best.answers)


def test_what_is_held_back_is_never_learned_from(examples: list[Example]) -> None:
    assert {part_of(message.id) for message in corpus()} == {Part.TUNE, Part.HOLD}
    assert {part_of(example.message.id) for example in examples} == {Part.TUNE}


@pytest.mark.parametrize("part", [Part.HOLD, Part.ALL])
def test_learning_from_what_is_held_back_is_refused(garlic: CompiledRulebook, part: Part) -> None:
    with pytest.raises(SettingsError, match=f"nothing is learned from the part {part.value}"):
        examples_from(corpus(), garlic, part=part)


def test_chat_that_is_not_looked_at_is_not_learned_from(garlic: CompiledRulebook) -> None:
    assert examples_from([label("see you at eight", identity=f"chat {at}") for at in range(9)], garlic) == []


def test_what_the_rules_find_is_learned_from_but_not_guessed(garlic: CompiledRulebook) -> None:
    found = [label("garlic cured my cold", "cold-relief", identity=f"found {at}") for at in range(20)]
    examples = examples_from([*found, *corpus()], garlic)
    assert sum(not example.described.is_left for example in examples) > 5
    assert all(guess.example.described.is_left for guess in cross_validate(examples))


def test_silent_examples_of_rules_are_lessons(garlic: CompiledRulebook, examples: list[Example]) -> None:
    first, *others = garlic.source.rules
    quiet = tuple(
        SilentExample(text=text, because="a test")
        for text in (
            "garlic in the pan",
            "garlic never cured a cold",
            "see you at eight",
            "garlic cured my cold",
        )
    )
    rule = first.model_copy(update={"examples": first.examples.model_copy(update={"silent": quiet})})
    taught_by = compile_rulebook(garlic.source.model_copy(update={"rules": (rule, *others)}))
    lessons = [lesson for lesson in lessons_from(taught_by) if lesson.message.id.startswith(first.id)]
    assert [(lesson.message.text, lesson.message.due) for lesson in lessons] == [
        ("garlic in the pan", frozenset())
    ]
    taught = learn(examples, lessons)
    assert taught.messages == len(examples) + len(lessons)
    guesses = cross_validate(examples, lessons)
    assert {guess.example.message.id for guess in guesses} == {example.message.id for example in examples}


@pytest.mark.parametrize("texts", [DUE, NOT, ()])
def test_one_sort_alone_teaches_nothing(garlic: CompiledRulebook, texts: tuple[str, ...]) -> None:
    claims = ("cold-relief",) if texts is DUE else ()
    messages = [label(text, *claims, identity=f"{text}{at}") for text in texts for at in range(5)]
    with pytest.raises(SettingsError, match="nothing to learn from"):
        learn(examples_from(messages, garlic))


def test_the_order_of_messages_does_not_matter(garlic: CompiledRulebook, weights: Weights) -> None:
    assert learn(examples_from(reversed(corpus()), garlic)) == weights


def test_other_messages_have_another_digest() -> None:
    first, second = label("a", identity="a"), label("b", identity="b")
    assert digest_of([first, second]) == digest_of([second, first])
    assert digest_of([first]) != digest_of([label("a", stance="asks", identity="a")])


def test_weights_are_written_a_line_each_rounded_and_read_back(weights: Weights) -> None:
    text = as_text(weights)
    assert Weights.model_validate_json(text, strict=True) == weights
    keys = list(json.loads(text)["due"]["weights"])
    assert keys == sorted(keys)
    assert text.count("\n") > len(keys)
    for head in (weights.due, *weights.families.values()):
        assert all(0.05 <= abs(weight) == round(abs(weight), 3) for weight in head.weights.values())


def test_what_stands_in_one_message_is_not_learned() -> None:
    regression = Regression([frozenset("ab"), frozenset("ac"), frozenset("d")])
    assert regression.learn([True, True, False]).weights.keys() == {"a"}


def test_a_regression_finds_the_frequencies() -> None:
    """Without features, the bias is all there is: the log-odds of the answer."""
    head = Regression([frozenset()] * 40).learn([True] * 10 + [False] * 30)
    assert probability(head, ()) == pytest.approx(0.25, abs=0.03)


def test_progress_is_told(garlic: CompiledRulebook, examples: list[Example]) -> None:
    told: list[tuple[int, int]] = []
    examples_from(corpus(1), garlic, progress=lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] == len(told)
    told.clear()
    cross_validate(examples, progress=lambda done, of: told.append((done, of)))
    assert told == [(at, FOLDS) for at in range(1, FOLDS + 1)]


def guess(due: float, likely: float, *claims: str) -> Guess:
    return Guess(Example(label("x", *claims), Described(frozenset(), is_left=True)), due, "a", likely)


GUESSES = [
    guess(0.99, 0.9, "a"),
    guess(0.9, 0.3, "b"),
    guess(0.8, 0.9),
    guess(0.7, 0.9, "a"),
    guess(0.2, 0.2, "a"),
]


@pytest.mark.parametrize(
    ("due", "family", "counts"),
    [
        (95, 50, (1, 1, 1)),
        (85, 20, (2, 2, 1)),
        (85, 50, (1, 1, 1)),
        (60, 20, (4, 3, 2)),
        (100, 50, (0, 0, 0)),
    ],
)
def test_what_comes_of_cutoffs(due: int, family: int, counts: tuple[int, int, int]) -> None:
    found = outcome(GUESSES, due=due, family=family)
    assert (found.answers, found.right, found.right_family) == counts
    assert found.wanted == 4


def test_the_cutoffs_that_are_chosen_can_be_trusted() -> None:
    best = choose(GUESSES)
    assert best.precision == 1.0
    assert best.right_family == 1
    assert best.due > 80


def test_where_nothing_can_be_trusted_nothing_is_answered() -> None:
    best = choose([guess(0.995, 0.9), guess(0.9, 0.9, "a")])
    assert (best.answers, best.precision, best.recall) == (0, 1.0, 0.0)
    assert Cutoffs(due=90, family=50, answers=0, right=0, right_family=0, wanted=0).recall == 1.0
