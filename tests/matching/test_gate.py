"""The gate: it ends the look at most messages, and never at one in which something would be found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import _Look, find, is_worth_a_look
from bot.matching.model import Findings
from bot.rulebook.model import Concept, Cue, CueCategory, Emergency, Role
from bot.text.reader import read
from tests.matching.small_rulebooks import CONCEPTS, EXAMPLES, rule_of, rulebook_of

RICH = {
    **CONCEPTS,
    "herb": Concept(words=("stinking rose",), phrases=("<garlic> tea", "old weed"), role=Role.TOPIC),
    "gone": Concept(words=("gone", "knock ... out"), phrases=("<cures> away", "no more")),
    "much": Concept(kinds=("amount", "emoji"), words=("handful",)),
}
PHRASES = (
    "<garlic> <cures> <cold>",
    "<herb>|<garlic> & <gone>",
    "<cold> & <gone>",
    "<cold> <much>",
    "<garlic> & <cold>",
    "<garlic> <cold>|<cures>",
    "no doctor",
    "<much> daily",
    "<herb> <much>",
    "<garlic> is <much>|strong",
)
RULES = tuple(rule_of(phrase, id=f"rule-{at}", family=f"family-{at}") for at, phrase in enumerate(PHRASES))
SIGNS = Emergency(phrases=("cant breathe", "took <much>"), lines=("Call for help.",), examples=EXAMPLES)
BUT = Cue(id="but", category=CueCategory.TURNS, words=("but",))
SAYINGS = (
    *("garlic", "garlci", "gar lic", "stinking rose", "garlic tea", "old weed", "cold", "colds", "co ld"),
    *("cured", "stops", "cured away", "gone", "knocked it out", "no more", "no doctor", "daily", "is strong"),
    *("5g", "🧄", "handful", "it", "took", "cant breathe", "breath", "but", ",", ".", "?", "zinc", "lol"),
)
MESSAGES = st.lists(st.sampled_from(SAYINGS), max_size=6).map(" ".join)


@pytest.fixture(scope="module")
def rich() -> CompiledRulebook:
    return compile_rulebook(rulebook_of(*RULES, concepts=RICH, cues=[BUT], emergency=SIGNS))


@pytest.fixture(scope="module", params=PHRASES)
def narrow(request: pytest.FixtureRequest) -> CompiledRulebook:
    """A rulebook of one phrase, whose gate lets nothing through for the sake of another."""
    return compile_rulebook(rulebook_of(rule_of(request.param, cutoff=70), concepts=RICH, cues=[BUT]))


def without_the_gate(rulebook: CompiledRulebook, message: str, context: tuple[str, ...]) -> Findings:
    context_read = [read(said) for said in context]
    return _Look(read(message), rulebook, context_read, explained=True).findings()


def with_the_gate(rulebook: CompiledRulebook, message: str, context: tuple[str, ...]) -> Findings:
    return find(read(message), rulebook, [read(said) for said in context], explained=True)


@settings(max_examples=150, deadline=None)
@given(message=MESSAGES, context=st.lists(MESSAGES, max_size=2).map(tuple))
def test_whatever_is_found_without_the_gate_is_found_with_it(
    narrow: CompiledRulebook, message: str, context: tuple[str, ...]
) -> None:
    found = without_the_gate(narrow, message, context)
    if found.found or found.near:
        assert is_worth_a_look(read(message), narrow, [read(said) for said in context])
        assert with_the_gate(narrow, message, context) == found


@settings(max_examples=150, deadline=None)
@given(message=MESSAGES, context=st.lists(MESSAGES, max_size=1).map(tuple))
def test_no_emergency_is_held_back(rich: CompiledRulebook, message: str, context: tuple[str, ...]) -> None:
    found = without_the_gate(rich, message, context)
    if found.emergency:
        assert with_the_gate(rich, message, context) == found


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ("garlic cured my cold", ()),
        ("gar lic cured my cold", ()),
        ("that old weed, my cold gone", ()),
        ("my cold 5g", ()),
        ("it stopped the cold", ("anyone tried garlic?",)),
        ("it stopped the cold", ("anyone tried gar lic?",)),
        ("for a cold", ("anyone tried garlic?",)),
        ("it is 5g", ("anyone tried garlic?",)),
        ("5g daily", ()),
        ("a cold and i took 5g", ()),
        ("cant breathe", ("anyone tried garlic?",)),
    ],
)
def test_these_pass_the_gate(rich: CompiledRulebook, message: str, context: tuple[str, ...]) -> None:
    found = with_the_gate(rich, message, context)
    assert found.found or found.emergency
    assert found == without_the_gate(rich, message, context)


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ("anyone seen the match?", ()),
        ("it stopped raining", ()),
        ("it stopped raining", ("anyone seen the match?",)),
        ("hello", ("garlic cured my cold",)),
        ("", ("garlic",)),
    ],
)
def test_most_of_a_chat_ends_at_the_gate(
    rich: CompiledRulebook, message: str, context: tuple[str, ...]
) -> None:
    said = [read(earlier) for earlier in context]
    assert not is_worth_a_look(read(message), rich, said)
    assert find(read(message), rich, said) == Findings()
    assert without_the_gate(rich, message, context).found == ()
