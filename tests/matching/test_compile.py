"""Making a rulebook ready: what is left out, how phrases are indexed, and that the index misses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.matching.compile import EMERGENCY, CompiledRulebook, compile_rulebook
from bot.matching.engine import _Look, find
from bot.matching.model import Findings
from bot.rulebook.model import Concept, Cue, CueCategory, Emergency, Role, Unless
from bot.text.reader import read
from tests.matching.small_rulebooks import CONCEPTS, EXAMPLES, rule_of, rulebook_of


def test_rules_that_are_off_are_left_out() -> None:
    compiled = compile_rulebook(
        rulebook_of(
            rule_of("<garlic> <cures>", id="live"),
            rule_of("<garlic> <cures>", id="shadow", status="shadow"),
            rule_of("<garlic> <cures>", id="off", status="off"),
        )
    )
    assert [(rule.id, rule.status) for rule in compiled.rules] == [("live", "live"), ("shadow", "shadow")]
    assert len(compiled.source.rules) == 3


def test_a_rule_keeps_what_its_moderator_set() -> None:
    rule = rule_of(
        "<garlic> <cures>", "<cures> & <garlic>", within=7, cutoff=91, gives_way_to=["other"], only="asks"
    )
    (compiled,) = compile_rulebook(rulebook_of(rule)).rules
    assert [(phrase.text, phrase.within) for phrase in compiled.phrases] == [
        ("<garlic> <cures>", 7),
        ("<cures> & <garlic>", 7),
    ]
    assert compiled.cutoff == 91
    assert compiled.gives_way_to == {"other"}
    assert compiled.only_asked


def test_concepts_and_cues_are_sorted_by_what_they_are() -> None:
    but = Cue(id="but", category=CueCategory.TURNS, words=("but",))
    never = Cue(id="never", category=CueCategory.DENIES, words=("never",))
    compiled = compile_rulebook(rulebook_of(cues=[but, never]))
    assert (compiled.topics, compiled.themes, compiled.rivals) == (("garlic",), ("cold",), ("zinc",))
    assert (compiled.turns, compiled.cues) == (("but",), (never,))


def test_emergency_signs_are_a_rule_of_their_own() -> None:
    emergency = Emergency(
        phrases=("cant breathe",),
        unless=(Unless(phrase="breathe easy", because="no sign"),),
        lines=("Call for help.",),
        examples=EXAMPLES,
    )
    compiled = compile_rulebook(rulebook_of(emergency=emergency))
    assert compiled.emergency is not None
    assert (compiled.emergency.id, compiled.emergency.status) == (EMERGENCY, "live")
    assert [phrase.text for phrase in compiled.emergency.phrases] == ["cant breathe"]
    assert [because for _, because in compiled.emergency.unless] == ["no sign"]
    assert compile_rulebook(rulebook_of()).emergency is None


def test_a_phrase_is_indexed_under_its_two_rarest_items() -> None:
    compiled = compile_rulebook(
        rulebook_of(
            rule_of("<garlic> <cures>", "<garlic> <zinc>|<cold>", id="first"),
            rule_of("<garlic> safe", id="second"),
        )
    )
    assert compiled.by_concept == {
        "cures": {"garlic": ((0, 0),)},
        "zinc": {"garlic": ((0, 1),)},
        "cold": {"garlic": ((0, 1),)},
        "=safe": {"garlic": ((1, 0),)},
    }


PHRASES = (
    "<garlic> <cures> <cold>",
    "<cold> & <gone> & <garlic>",
    "<garlic>|<zinc> works",
    "<cold> <gone>|away",
    "no <cold>",
    "<garlic> is <amount>|strong",
    "works & <amount>",
)
RICH = {
    **CONCEPTS,
    "gone": Concept(words=("gone",), phrases=("<cures> away", "no more")),
    "amount": Concept(kinds=("amount",)),
    "herb": Concept(words=("herb",), phrases=("stinking rose", "<garlic> tea"), role=Role.TOPIC),
}
WORDS = (
    *("garlic", "garlci", "cold", "cured", "stops", "zinc", "gone", "away", "no", "more", "works", "is"),
    *("5g", "strong", "stinking", "rose", "it", "tea", "never", "but", ",", ".", "?", "lol"),
)
MESSAGES = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
NEVER = Cue(id="never", category=CueCategory.DENIES, words=("never",))
BUT = Cue(id="but", category=CueCategory.TURNS, words=("but",))


@pytest.fixture(scope="module")
def rich() -> CompiledRulebook:
    rules = [
        rule_of(*PHRASES[:2], id="one", family="relief", unless=("no more <garlic>",)),
        rule_of(*PHRASES[2:5], id="two", family="relief", cutoff=80),
        rule_of(*PHRASES[5:], "<herb> <cures>", id="three", family="other"),
    ]
    return compile_rulebook(rulebook_of(*rules, concepts=RICH, cues=[NEVER, BUT]))


@settings(max_examples=150, deadline=None)
@given(message=MESSAGES, context=st.lists(MESSAGES, max_size=2))
def test_the_index_misses_nothing_that_trying_every_phrase_finds(
    rich: CompiledRulebook, message: str, context: list[str]
) -> None:
    every = tuple(
        (rule_at, phrase_at)
        for rule_at, rule in enumerate(rich.rules)
        for phrase_at in range(len(rule.phrases))
    )
    names = (*rich.lexicon.roles, *(f"={word}" for word in WORDS))
    unindexed = replace(rich, by_concept={name: {name: every} for name in names})
    before = [read(said) for said in context]
    thorough, quick = (
        _Look(read(message), rulebook, before, explained=True).findings() for rulebook in (unindexed, rich)
    )
    assert thorough == quick


@pytest.mark.parametrize("text", ["garlic cured cold and herb", "herb and garlic cured cold"])
def test_between_equal_matches_the_rulebook_decides_and_not_the_message(text: str) -> None:
    rules = [rule_of(f"<cold> & <cures> & <{topic}>", id=topic) for topic in ("garlic", "herb")]
    for first, second in (rules, reversed(rules)):
        compiled = compile_rulebook(rulebook_of(first, second, concepts=RICH))
        assert [finding.rule for finding in find(read(text), compiled).found] == [first.id]


@pytest.mark.parametrize("text", ["garlic cured my cold", "cured my cold, did garlic", "no garlic, no claim"])
def test_equal_rulebooks_find_the_same(rich: CompiledRulebook, text: str) -> None:
    again = compile_rulebook(rich.source)
    found: list[Findings] = [find(read(text), compiled) for compiled in (rich, again)]
    assert found[0] == found[1]
