"""The rare slots: told word by word, it comes to what filling one slot after the other comes to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.rare_slots import RareSlots
from bot.matching.standing import Sight
from bot.rulebook.model import Concept, Role
from tests.matching.small_rulebooks import rule_of, rulebook_of

CONCEPTS = {
    "garlic": Concept(words=("garlic", "stinking rose", "rose of the cook"), role=Role.TOPIC),
    "cold": Concept(words=("cold", "runny nose", "nose that runs"), role=Role.THEME),
    "cures": Concept(verbs=("cure",), phrases=("<cold> gone", "<better> <now>")),
    "better": Concept(words=("better", "nose feels fine"), kinds=("emoji",)),
    "now": Concept(words=("now",)),
}
PHRASES = (
    "<cold> <cures>",
    "<garlic> & <cold> & <now>",
    "<cures> safe",
    "<better> <garlic>|<cold>",
    "no doctor",
)


@pytest.fixture(scope="module")
def small() -> CompiledRulebook:
    rules = [rule_of(phrase, id=f"rule-{at}", family=f"family-{at}") for at, phrase in enumerate(PHRASES)]
    return compile_rulebook(rulebook_of(*rules, concepts=CONCEPTS))


@given(data=st.data(), picked=st.integers(0, 2**9))
@settings(max_examples=400)
def test_it_comes_to_the_same_as_filling_one_slot_after_the_other(
    small: CompiledRulebook, data: st.DataObject, picked: int
) -> None:
    needed = tuple(one for at, one in enumerate(small.gate.needed) if picked >> at & 1)
    vocabulary = sorted((*small.lexicon.vocabulary.words, "\0"))
    words = data.draw(st.frozensets(st.sampled_from(vocabulary), max_size=6))
    sight = Sight(small.gate.standing, words)
    filled = any(sight.fills((slot, *slots)) for slot, listed in needed for slots in listed)
    assert RareSlots(needed, small.gate.standing).are_filled(words) is filled


@pytest.mark.parametrize(
    ("words", "filled"),
    [
        ("garlic", True),
        ("rose", False),
        ("stinking rose", True),
        ("doctor", False),
        ("no doctor", True),
        ("cold", False),
        ("cold gone", True),
        ("better safe", False),
        ("better now safe", True),
        ("runny nose now", False),
    ],
)
def test_these_words_are_enough_or_not(small: CompiledRulebook, words: str, filled: bool) -> None:
    assert small.gate.lets_through(frozenset(words.split())) is filled


def test_nothing_is_filled_where_nothing_is_needed(small: CompiledRulebook) -> None:
    assert not RareSlots((), small.gate.standing).are_filled(small.lexicon.vocabulary.words)
