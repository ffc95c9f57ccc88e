"""Learning from labelled messages: what is learned, what never is, and that it is the same every time."""

from __future__ import annotations

import json
import sys

import pytest
from msgspec.structs import replace

from bot.errors import SettingsError
from bot.evaluation.corpus import Labelled, Part, part_of
from bot.evaluation.learning import (
    FOLDS,
    Example,
    Guess,
    as_text,
    cross_validate,
    digest_of,
    examples_from,
    learn,
    lessons_from,
    outcome,
)
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.likeness import Likely, fingerprint, likeness_from
from bot.matching.model import Stance
from bot.rulebook.check import check_json
from bot.rulebook.model import Learned, SilentExample, Status, Weights
from tests.evaluation.samples import label

DUE = ("sneezes vanished, thanks garlic", "garlic chased my sneezes off", "sneezes gone, it was the garlic")
ASKED = ("would garlic chase sneezes off", "do sneezes vanish with garlic")
NOT = ("planted garlic today", "garlic soup for lunch", "out of garlic again")


def corpus(copies: int = 12) -> list[Labelled]:
    """Give messages of each sort, many of each, of both parts."""
    sorts = ((DUE, ("cold-relief",), "asserts"), (ASKED, ("cold-relief",), "asks"), (NOT, (), "none"))
    return [
        label(
            f"{text} {'ok' * (copy % 3)}", *claims, stance=stance, identity=f"{text}-{copy}".replace(" ", "_")
        )
        for copy in range(copies)
        for texts, claims, stance in sorts
        for text in texts
    ]


@pytest.fixture(scope="module")
def examples(garlic: CompiledRulebook) -> list[Example]:
    return examples_from(corpus(), garlic)


@pytest.fixture(scope="module")
def weights(examples: list[Example], garlic: CompiledRulebook) -> Weights:
    return learn(examples, garlic.source.rules)


def weight_of(weights: Weights, head: str, feature: str) -> float:
    row = weights.features.get(feature, ())
    place = weights.heads.index(head)
    return sum(row[at + 1] for at in range(1, len(row), 2) if row[at] == place)


def test_it_learns_what_speaks_for_an_answer(weights: Weights) -> None:
    assert weights.heads == ("due", "asks", "reports", "cold-relief")
    assert weight_of(weights, "due", "w=sneezes") > 0
    assert weight_of(weights, "due", "w=sneezes") > weight_of(weights, "due", "w=garlic")
    assert weight_of(weights, "asks", "0=would") > 0
    assert weight_of(weights, "cold-relief", "w=sneezes") > 0
    assert weight_of(weights, "due", "w=planted") < 0


def test_what_is_rare_weighs_more(weights: Weights) -> None:
    assert weights.features["w=planted"][0] > weights.features["w=garlic"][0] > 0


def test_it_knows_the_rules_that_it_was_learned_with(weights: Weights, garlic: CompiledRulebook) -> None:
    assert weights.rules == {rule.id: fingerprint(rule) for rule in garlic.source.rules}


def test_what_never_happens_is_never_told(weights: Weights) -> None:
    likeness = likeness_from(Learned(status=Status.LIVE), weights, {}, ())
    assert likeness is not None
    assert likeness.judge(["w=sneezes"]).stance is not Stance.REPORTS


def test_it_tells_messages_apart_that_it_has_not_learned_from(
    examples: list[Example], garlic: CompiledRulebook
) -> None:
    guesses = cross_validate(examples, [], garlic.source.rules)
    wanted = {message.id for message in corpus() if part_of(message.id) is Part.TUNE}
    assert sorted(guess.message.id for guess in guesses) == sorted(wanted)  # each once, and no variant
    assert all((guess.likely.due > 0.5) is bool(guess.message.due) for guess in guesses)
    found = outcome(guesses, due=50, family=30)
    assert (found.precision, found.recall, found.families) == (1.0, 1.0, 1.0)


def test_what_is_held_back_is_never_learned_from(examples: list[Example]) -> None:
    assert {part_of(message.id) for message in corpus()} == {Part.TUNE, Part.HOLD}
    assert {part_of(example.message.id.partition(" ")[0]) for example in examples} == {Part.TUNE}


@pytest.mark.parametrize("part", [Part.HOLD, Part.ALL])
def test_learning_from_what_is_held_back_is_refused(garlic: CompiledRulebook, part: Part) -> None:
    with pytest.raises(SettingsError, match=f"nothing is learned from the part {part.value}"):
        examples_from(corpus(), garlic, part=part)


def test_chat_that_is_not_looked_at_is_not_learned_from(garlic: CompiledRulebook) -> None:
    assert examples_from([label("see you at eight", identity=f"chat-{at}") for at in range(9)], garlic) == []


def test_variants_count_half_and_stand_behind_their_message(examples: list[Example]) -> None:
    assert {(" " in example.message.id, example.weight) for example in examples} == {
        (False, 1.0),
        (True, 0.5),
    }


def test_a_variant_is_learned_with_its_message_or_not_at_all(
    examples: list[Example], garlic: CompiledRulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.evaluation import learning  # noqa: PLC0415

    def watched(chosen: list[Example], rules: object) -> Weights:
        learned_from.append({example.message.id.partition(" ")[0] for example in chosen})
        return learn(chosen, garlic.source.rules)

    learned_from: list[set[str]] = []
    monkeypatch.setattr(learning, "learn", watched)
    guesses = cross_validate(examples, [], garlic.source.rules)
    everything = {guess.message.id for guess in guesses}
    left_out = [everything - ids for ids in learned_from]
    assert len(left_out) == FOLDS
    assert sum(len(ids) for ids in left_out) == len(everything)
    assert set().union(*left_out) == everything


def test_examples_of_rules_are_lessons(garlic: CompiledRulebook) -> None:
    lessons = {lesson.message.text: lesson for lesson in lessons_from(garlic)}
    assert lessons["garlic cured my cold overnight"].message.due == {"cold-relief"}  # « and » are gone
    assert lessons["does garlic cure a cold?"].message.stance == "asks"
    assert lessons["garlic never cured my cold"].message.due == frozenset()
    assert {lesson.weight for lesson in lessons.values()} == {4.0}


def test_what_one_rule_leaves_and_another_finds_is_no_silent_lesson(garlic: CompiledRulebook) -> None:
    first, *others = garlic.source.rules
    quiet = (*first.examples.silent, SilentExample(text="garlic is harmless", because="another family"))
    rule = replace(first, examples=replace(first.examples, silent=quiet))
    rulebook = compile_rulebook(replace(garlic.source, rules=(rule, *others)))
    lessons = [one.message for one in lessons_from(rulebook) if one.message.text == "garlic is harmless"]
    assert [lesson.due for lesson in lessons] == [{"garlic-safe"}]


def test_a_rule_that_is_off_gives_no_lesson(garlic: CompiledRulebook) -> None:
    rules = [replace(rule, status=Status.OFF) for rule in garlic.source.rules]
    assert lessons_from(compile_rulebook(replace(garlic.source, rules=tuple(rules)))) == []


def test_lessons_are_learned_from_but_not_guessed(garlic: CompiledRulebook, examples: list[Example]) -> None:
    lessons = lessons_from(garlic)
    assert learn([*examples, *lessons], garlic.source.rules).messages == len(examples) + len(lessons)
    guessed = {guess.message.id for guess in cross_validate(examples, lessons, garlic.source.rules)}
    assert not guessed & {lesson.message.id for lesson in lessons}


@pytest.mark.parametrize("texts", [DUE, NOT, ()])
def test_one_sort_alone_teaches_nothing(garlic: CompiledRulebook, texts: tuple[str, ...]) -> None:
    claims = ("cold-relief",) if texts is DUE else ()
    messages = [
        label(text, *claims, kind="rant", identity=f"{text}{at}") for text in texts for at in range(5)
    ]
    with pytest.raises(SettingsError, match="nothing to learn from"):
        learn(examples_from(messages, garlic), garlic.source.rules)


@pytest.mark.parametrize("module", ["numpy", "scipy.sparse", "sklearn.linear_model"])
def test_it_is_said_what_is_not_installed(
    examples: list[Example], garlic: CompiledRulebook, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SettingsError, match=r"needs scikit-learn.*pip install 'caveat-bot\[learn\]'"):
        learn(examples, garlic.source.rules)


def test_equal_messages_give_equal_weights_whatever_their_order(
    garlic: CompiledRulebook, weights: Weights
) -> None:
    assert learn(examples_from(reversed(corpus()), garlic), garlic.source.rules) == weights


def test_other_messages_have_another_digest() -> None:
    first, second = label("a", identity="a"), label("b", identity="b")
    assert digest_of([first, second]) == digest_of([second, first])
    assert digest_of([first]) != digest_of([label("a", stance="asks", identity="a")])


def test_weights_are_written_a_line_each_rounded_and_read_back(weights: Weights) -> None:
    text = as_text(weights)
    assert check_json(Weights, text) == weights
    keys = list(json.loads(text)["features"])
    assert keys == sorted(keys)
    assert text.count("\n") > len(keys)
    for row in weights.features.values():
        assert all(number == round(number, 2) for number in row)
        assert all(abs(weight) >= 0.6 * row[0] - 0.01 for weight in row[2::2])


def test_what_stands_in_few_messages_is_not_learned(garlic: CompiledRulebook) -> None:
    rare = [
        label(f"garlic seldomly {at}", stance="none", kind="mention", identity=f"rare-{at}")
        for at in range(6)
    ]
    chosen = [one for one in rare if part_of(one.id) is Part.TUNE][:3]
    assert len(chosen) == 3
    learned = learn(examples_from([*corpus(), *chosen], garlic), garlic.source.rules)
    assert "w=seldomly" not in learned.features
    assert "w=planted" in learned.features


def test_progress_is_told(garlic: CompiledRulebook, examples: list[Example]) -> None:
    told: list[tuple[int, int]] = []
    examples_from(corpus(1), garlic, progress=lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] == len(told)
    told.clear()
    cross_validate(examples, [], garlic.source.rules, progress=lambda done, of: told.append((done, of)))
    assert told == [(at, FOLDS) for at in range(1, FOLDS + 1)]


def guess(due: float, likely: dict[str, float], *claims: str, stance: str = "asserts") -> Guess:
    best = max(likely, key=lambda family: likely[family])
    given = {name: share for name, share in likely.items() if name == best or share >= 0.1}
    message = label("x", *claims, stance=stance if claims else "none")
    return Guess(message, Likely(due, Stance.ASSERTS, given, {}))


GUESSES = [
    guess(0.99, {"a": 0.9, "b": 0.4}, "a", "b"),
    guess(0.9, {"a": 0.3, "b": 0.2}, "b"),
    guess(0.8, {"a": 0.9}),
    guess(0.7, {"a": 0.9}, "a", stance="asks"),
    guess(0.2, {"a": 0.2}, "a"),
]


@pytest.mark.parametrize(
    ("due", "family", "precision", "recall", "families", "stance"),
    [
        (95, 30, 1.0, 1 / 4, 2 * 2 / (2 + 5), 1.0),
        (95, 50, 1.0, 1 / 4, 2 * 1 / (1 + 5), 1.0),
        (85, 30, 1.0, 2 / 4, 2 * 2 / (3 + 5), 1.0),  # the likeliest family is given, however unlikely
        (85, 20, 1.0, 2 / 4, 2 * 3 / (4 + 5), 1.0),
        (60, 30, 3 / 4, 3 / 4, 2 * 3 / (5 + 5), 2 / 3),
        (100, 30, 1.0, 0.0, 0.0, 1.0),
    ],
)
def test_what_comes_of_cut_offs(
    due: int, family: int, precision: float, recall: float, families: float, stance: float
) -> None:
    found = outcome(GUESSES, due=due, family=family)
    assert (found.due, found.family) == (due, family)
    assert (found.precision, found.recall, found.families, found.stance) == pytest.approx(
        (precision, recall, families, stance)
    )
