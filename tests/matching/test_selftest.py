"""Proving a rulebook by its examples: what each kind of example that does not hold is told."""

from __future__ import annotations

from typing import Literal

import pytest
from msgspec.structs import replace

from bot.matching.compile import EMERGENCY, compile_rulebook
from bot.matching.selftest import ExampleReport, check_examples, unmark
from bot.rulebook.model import (
    Cue,
    CueCategory,
    Emergency,
    Examples,
    FiringExample,
    Rule,
    SilentExample,
    TodoExample,
    Unless,
)
from tests.matching.small_rulebooks import rule_of, rulebook_of
from tests.matching.weights import source_with

NEVER = Cue(id="never", category=CueCategory.DENIES, words=("never",))
ASKED = Cue(id="asked", category=CueCategory.ASKS, words=("?",))
HOLDS = FiringExample(text="garlic cures colds")
SILENT = SilentExample(text="i like tea", because="no claim")
PHRASE = "<garlic> <cures> <cold>"


def examples(
    *fires: FiringExample, silent: SilentExample = SILENT, todo: tuple[TodoExample, ...] = ()
) -> Examples:
    return Examples(fires=fires or (HOLDS,), silent=(silent,), todo=todo)


def checked(*rules: Rule, emergency: Emergency | None = None) -> ExampleReport:
    rulebook = rulebook_of(*rules, cues=[NEVER, ASKED], emergency=emergency)
    return check_examples(compile_rulebook(rulebook))


def problem_of(given: Examples, *others: Rule) -> str:
    """Give what the one failure of a rule is told."""
    report = checked(*others, rule_of(PHRASE, id="mine", examples=given))
    (failure,) = [failure for failure in report.failures if failure.rule == "mine"]
    assert not report.holds
    return failure.problem


def test_a_rulebook_whose_examples_hold_is_proved() -> None:
    report = checked(rule_of(PHRASE, examples=examples(FiringExample(text="«garlic cures colds» fast"))))
    assert report == ExampleReport(checked=2, failures=(), todo_open=(), todo_done=())
    assert report.holds


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("i like tea", "it does not fire; no concept was seen in it."),
        ("garlic for a cold", "it does not fire; the concepts seen are <garlic>, <cold>."),
        ("garlic never cures colds", "it does not fire: the stance of “garlic never cures colds” is denies."),
        (
            "tea and zinc cures colds, garlic too",
            "it does not fire; the concepts seen are <zinc>, <cures>, <cold>, <garlic>.",
        ),
        (
            "garlic and zinc cured my cold",
            "it does not fire: “garlic and zinc cured my cold” came near, but it is said of “zinc”.",
        ),
        ("garlic cures colds?", "its stance is asks, not asserts."),
        ("my «garlic» cures colds", "it matches “garlic cures colds”, not “garlic”."),
    ],
)
def test_a_firing_example_that_does_not_hold_says_what_happened(text: str, problem: str) -> None:
    assert problem_of(examples(FiringExample(text=text))) == problem


def test_a_firing_example_may_have_another_stance_and_context() -> None:
    asked = FiringExample(text="garlic cures colds?", stance="asks")
    carried = FiringExample(text="it cures colds", context=("garlic?",))
    assert checked(rule_of(PHRASE, examples=examples(asked, carried))).holds
    assert problem_of(examples(FiringExample(text="garlic cures colds", stance="asks"))) == (
        "its stance is asserts, not asks."
    )


def test_a_firing_example_that_another_rule_answers_is_told_which() -> None:
    other = rule_of(PHRASE, id="other")
    assert problem_of(examples(), other) == "the rule other answers it first."


def test_a_silent_example_on_which_its_rule_fires_says_where() -> None:
    fires = SilentExample(text="lol garlic cures colds", because="a joke")
    assert problem_of(examples(silent=fires)) == (
        "it fires on “garlic cures colds” (phrase <garlic> <cures> <cold>, asserts)."
    )


def test_a_silent_example_may_fire_another_rule() -> None:
    silent = SilentExample(text="garlic is safe", because="another claim")
    other = rule_of("<garlic> is safe", id="other", examples=examples(FiringExample(text="garlic is safe")))
    assert checked(other, rule_of(PHRASE, examples=examples(silent=silent))).holds


def test_a_known_miss_is_kept_open_until_it_holds() -> None:
    todo = (
        TodoExample(text="the stinking rose cures colds", want="fires"),
        TodoExample(text="garlic cures my cold", want="fires"),
        TodoExample(text="lol garlic cures colds", want="silent"),
        TodoExample(text="i like garlic", want="silent"),
        TodoExample(text="it cures colds", want="fires", context=("garlic?",)),
    )
    report = checked(rule_of(PHRASE, examples=examples(todo=todo)))
    assert report.holds
    assert report.checked == 7
    assert [(miss.section, miss.number) for miss in report.todo_open] == [("todo", 0), ("todo", 2)]
    assert [miss.number for miss in report.todo_done] == [1, 3, 4]
    assert {miss.problem for miss in report.todo_done} == {"it holds now"}
    assert report.todo_open[0].text == "the stinking rose cures colds"


def test_a_known_miss_that_another_rule_answers_is_one_still() -> None:
    other = rule_of("<garlic> is safe", id="other", family="relief")
    todo = examples(todo=(TodoExample(text="garlic is safe", want="fires"),))
    report = checked(other, rule_of(PHRASE, family="relief", examples=todo))
    assert [miss.problem for miss in report.todo_open] == ["the rule other answers it first."]
    assert report.todo_done == ()


def test_rules_that_are_off_are_not_run_and_shadows_are() -> None:
    wrong = examples(FiringExample(text="i like tea"))
    assert checked(rule_of(PHRASE, examples=wrong, status="off")).checked == 0
    assert len(checked(rule_of(PHRASE, examples=wrong, status="shadow")).failures) == 1


def test_signs_of_an_emergency_are_proved_too() -> None:
    given = Examples(
        fires=(FiringExample(text="garlic and i cant breathe"), FiringExample(text="i cant breathe")),
        silent=(
            SilentExample(text="garlic joke, cant breathe laughing", because="a joke"),
            SilentExample(text="garlic, cant breathe", because="wrong"),
        ),
    )
    emergency = Emergency(
        phrases=("cant breathe",),
        unless=(Unless(phrase="cant breathe laughing", because="a joke"),),
        lines=("Call for help.",),
        examples=given,
    )
    report = checked(emergency=emergency)
    assert report.checked == 4
    assert [(failure.rule, failure.section, failure.number) for failure in report.failures] == [
        (EMERGENCY, "fires", 1),
        (EMERGENCY, "silent", 1),
    ]


def test_the_run_tells_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    compiled = compile_rulebook(rulebook_of(rule_of(PHRASE, examples=examples(HOLDS, HOLDS))))
    check_examples(compiled, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a «b c» d", ("a b c d", (2, 5))),
        ("«a»", ("a", (0, 1))),
        ("a b", ("a b", None)),
        ("a « b", ("a « b", None)),
        ("a » b « c", ("a » b « c", None)),
    ],
)
def test_the_marked_stretch_is_taken_out_of_an_example(
    text: str, expected: tuple[str, tuple[int, int] | None]
) -> None:
    assert unmark(text) == expected


@pytest.mark.parametrize(
    ("text", "want"),
    [("garlic and the sneezes vanished", "fires"), ("garlic cured my cold, ask the bread", "silent")],
)
def test_a_known_miss_that_only_likeness_sets_right_is_one_still(
    text: str, want: Literal["fires", "silent"]
) -> None:
    source = source_with()
    first, *others = source.rules
    todo = replace(first.examples, todo=(TodoExample(text=text, want=want),))
    rules = (replace(first, examples=todo), *others)
    report = check_examples(compile_rulebook(replace(source, rules=rules)))
    assert text in [miss.text for miss in report.todo_open]
    assert text not in [miss.text for miss in report.todo_done]
