"""What could come of a message: nothing that is found was given up too early."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import _Look
from bot.matching.hits import InSight, see
from bot.matching.promise import promise_of
from bot.matching.segments import clauses_of
from bot.rulebook.model import Concept, Cue, CueCategory, Emergency, Role
from bot.text.reader import read
from tests.matching.small_rulebooks import CONCEPTS, EXAMPLES, rule_of, rulebook_of

RICH = {
    **CONCEPTS,
    "herb": Concept(words=("stinking rose",), phrases=("<garlic> tea", "old weed"), role=Role.TOPIC),
    "gone": Concept(words=("gone",), phrases=("<cures> away", "<gone> today"), unless=("gone bad",)),
    "lost": Concept(phrases=("<gone> for good", "<lost> again"), unless=("<herb> lost",)),
}
PHRASES = ("<garlic> <cures> <cold>", "<herb>|<garlic> & <gone>", "<cold> & <lost>", "no doctor")
SIGNS = Emergency(phrases=("cant breathe",), lines=("Call for help.",), examples=EXAMPLES)
CUES = (
    Cue(id="but", category=CueCategory.TURNS, words=("but",)),
    Cue(id="never", category=CueCategory.DENIES, words=("never",)),
)
SAYINGS = (
    *("garlic", "garlic tea", "stinking rose", "old weed", "cold", "cured", "cured away", "cured away today"),
    *(
        "gone",
        "gone bad",
        "gone for good",
        "again",
        "lost",
        "no doctor",
        "it",
        "never",
        "but",
        "cant breathe",
    ),
    *(",", ".", "?", "zinc", "lol"),
)
MESSAGES = st.lists(st.sampled_from(SAYINGS), max_size=7).map(" ".join)


@pytest.fixture(scope="module")
def rich() -> CompiledRulebook:
    rules = [
        rule_of(phrase, id=f"rule-{at}", family=f"family-{at}", unless=("again lost",))
        for at, phrase in enumerate(PHRASES)
    ]
    return compile_rulebook(rulebook_of(*rules, concepts=RICH, cues=CUES, emergency=SIGNS))


@settings(max_examples=200, deadline=None)
@given(message=MESSAGES, context=st.lists(MESSAGES, max_size=1))
def test_a_look_that_ends_early_finds_what_a_whole_one_finds(
    rich: CompiledRulebook, message: str, context: list[str]
) -> None:
    before = [read(said) for said in context]
    early, whole = (
        _Look(read(message), rich, before, explained=explained).findings() for explained in (False, True)
    )
    assert (early.found, early.emergency) == (whole.found, whole.emergency)
    assert (early.near, early.concepts) == ((), ())


@settings(max_examples=200, deadline=None)
@given(message=MESSAGES)
def test_every_concept_that_is_seen_was_possible(rich: CompiledRulebook, message: str) -> None:
    reading = read(message)
    hits = see(reading, rich.lexicon, clauses_of(reading))
    assert {name for name, listed in hits.items() if listed} <= InSight(reading, rich.lexicon).possible


@pytest.mark.parametrize(
    ("possible", "promising"),
    [
        ({"garlic", "cures", "cold"}, ["rule-0"]),
        ({"garlic", "cures"}, []),
        ({"herb", "gone", "cold", "lost"}, ["rule-1", "rule-2"]),
        ({"=no"}, []),
        ({"=no", "=doctor"}, ["rule-3"]),
    ],
)
def test_only_phrases_that_could_be_filled_are_promising(
    rich: CompiledRulebook, possible: set[str], promising: list[str]
) -> None:
    promise = promise_of(possible, rich)
    assert [rule.id for rule, _ in promise.phrases] == promising
    assert promise.emergency == ()
    assert bool(promise) is bool(promising)


def test_what_proves_not_to_stand_there_promises_nothing_more(rich: CompiledRulebook) -> None:
    promise = promise_of({"garlic", "cures", "cold", "=no", "=doctor", "=cant", "=breathe"}, rich)
    left = promise.narrowed({"garlic", "cures", "=no", "=doctor", "=cant"}, rich)
    assert [rule.id for rule, _ in left.phrases] == ["rule-3"]
    assert left.emergency == ()
    assert not promise.narrowed(set(), rich)


def test_a_sign_of_an_emergency_is_promising(rich: CompiledRulebook) -> None:
    promise = promise_of({"=cant", "=breathe"}, rich)
    assert [phrase.text for phrase in promise.emergency] == ["cant breathe"]
    assert promise


def test_without_likeness_no_topic_is_promising(rich: CompiledRulebook) -> None:
    assert not promise_of({"garlic"}, rich).topic
