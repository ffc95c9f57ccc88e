"""What is looked at closer, by what is carried over: never less than what could come to something."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.naming import named_in, perhaps_named_in
from bot.matching.standing import Sight
from bot.rulebook.model import Concept, Role
from bot.text.reader import read
from bot.text.unread import Unread
from tests.matching.small_rulebooks import rule_of, rulebook_of

CONCEPTS = {
    "garlic": Concept(words=("garlic", "stinking rose"), role=Role.TOPIC),
    "honey": Concept(words=("honey",), role=Role.TOPIC),
    "cold": Concept(words=("cold", "runny nose"), role=Role.THEME),
    "cures": Concept(verbs=("cure",), words=("<cold> ... gone",)),
    "safe": Concept(words=("safe",)),
}
PHRASES = ("<garlic> <cures> <cold>", "<honey> is <safe>", "<garlic>|<honey> & <cold>", "<cold> & <safe>")
WORDS = [
    *("garlic", "stinking", "rose", "honey", "cold", "colds", "runny", "nose"),
    *("cured", "gone", "safe", "is", "it"),
]
MESSAGES = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


@pytest.fixture(scope="module")
def small() -> CompiledRulebook:
    rules = [rule_of(phrase, id=f"rule-{at}", family=f"family-{at}") for at, phrase in enumerate(PHRASES)]
    return compile_rulebook(rulebook_of(*rules, concepts=CONCEPTS))


@given(said=st.lists(MESSAGES, max_size=3))
@settings(max_examples=150)
def test_what_is_named_is_perhaps_named(small: CompiledRulebook, said: list[str]) -> None:
    named = named_in([read(message) for message in said], small)
    assert {*named} <= {*perhaps_named_in([Unread(message) for message in said], small)}
    assert named_in([Unread(message) for message in said], small) == named


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("garlic with honey", {"garlic", "honey"}),
        ("a runny nose", {"cold"}),
        ("a nose", set()),
        ("the rose", set()),
        ("zinc is safe", set()),
    ],
)
def test_words_tell_what_could_be_named(small: CompiledRulebook, message: str, named: set[str]) -> None:
    assert {*small.gate.perhaps_named(small.skim.words(read(message)))} == named


@given(message=MESSAGES, carried=st.sets(st.sampled_from(("garlic", "honey", "cold"))))
@settings(max_examples=300)
def test_all_that_is_filled_and_not_only_carried_over_is_due(
    small: CompiledRulebook, message: str, carried: set[str]
) -> None:
    words = small.skim.words(read(message))
    sight, named = Sight(small.gate.standing, words, carried), Sight(small.gate.standing, words)
    filled = {
        slot
        for slot, listed in small.gate.needed
        for slots in listed
        if sight.fills((slot, *slots)) and any(named.fills((one,)) for one in (slot, *slots))
    }
    due = {slot for slot, _ in small.gate.beside.of(carried).due(words)}
    assert filled <= due


def test_less_is_due_than_all_where_something_is_carried_over(small: CompiledRulebook) -> None:
    checks = small.gate.beside.of(("garlic",))
    assert not tuple(checks.due(small.skim.words(read("zinc is it"))))
    assert tuple(checks.due(small.skim.words(read("it cured the cold"))))
    assert small.gate.beside.of(("honey",)) is checks
