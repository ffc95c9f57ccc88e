"""The second opinion: what it holds back, what it adds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import find
from bot.matching.likeness import LIKE_EXAMPLES
from bot.matching.model import Finding, Findings, Stance
from bot.matching.opinion import LIKENESS
from bot.rulebook.check import check
from bot.rulebook.model import Rule, Status
from bot.text.reader import read
from tests.matching.weights import rulebook_with, source_with

ADDED = "my sneezes vanished thanks to garlic tea"
FOUND = "garlic cured my cold"
AGAINST = "garlic cured my cold, ask the bread"
ELSEWHERE = "garlic cured my cold, ask my stomach"

Looked = Callable[..., Findings]


def findings(rulebook: CompiledRulebook, text: str, *context: str) -> Findings:
    return find(read(text), rulebook, [read(said) for said in context], explained=True)


@pytest.fixture(scope="module")
def looked() -> Looked:
    rulebook = rulebook_with()
    return lambda text, *context: findings(rulebook, text, *context)


def changed(**changes: Any) -> CompiledRulebook:
    """Give the rulebook with its first rule changed since the weights were learned."""
    source = source_with()
    first, *others = source.rules
    rule = check(Rule, {**asdict(first), **changes})
    return compile_rulebook(replace(source, rules=(rule, *others)))


def told(found: Findings) -> list[tuple[str, str, str]]:
    return [(one.rule, one.family, one.status) for one in found.found]


RULE = ("garlic-cures-colds", "cold-relief", "live")
LIKE = (LIKE_EXAMPLES, "cold-relief", "live")
SAFE = (LIKE_EXAMPLES, "garlic-safe", "shadow")  # its rules are in shadow


def test_what_reads_like_known_examples_is_added(looked: Looked) -> None:
    (finding,) = looked(ADDED).found
    assert (finding.rule, finding.family, finding.stance) == (LIKE_EXAMPLES, "cold-relief", Stance.ASSERTS)
    assert (finding.matched, finding.status, finding.score) == ("sneezes vanished", "live", 99.8)
    assert ADDED[finding.start : finding.end] == finding.matched
    assert finding.because == ("what counted most: sneezes, vanished",)


def test_a_phrase_holds_no_word_of_the_message(looked: Looked) -> None:
    assert looked(ADDED).found[0].phrase == LIKENESS


def test_a_word_of_like_meaning_counts(looked: Looked) -> None:
    (finding,) = looked("garlic when my head throbs").found
    assert finding.because == ("what counted most: a word like ache",)
    assert finding.matched == "throbs"


@pytest.mark.parametrize(
    ("text", "stance"),
    [(ADDED, Stance.ASSERTS), (ADDED + "?", Stance.ASKS), ("rumour: " + ADDED, Stance.REPORTS)],
)
def test_what_is_added_has_the_stance_of_messages_like_it(looked: Looked, text: str, stance: Stance) -> None:
    assert [finding.stance for finding in looked(text).found] == [stance]


@pytest.mark.parametrize(
    "text",
    [
        "my sneezes vanished",  # no topic
        "my sneezes vanished thanks to garlic and bread",  # something speaks against it
        "garlic is in the kitchen",
        "",
    ],
)
def test_what_it_keeps_out_of(looked: Looked, text: str) -> None:
    assert looked(text).found == ()


def test_the_talk_before_can_speak_of_the_topic(looked: Looked) -> None:
    assert told(looked("knocked it out, sneezes vanished", "what about garlic")) == [LIKE]


@pytest.mark.parametrize(
    ("topics", "given"), [((), [LIKE]), (("garlic",), [LIKE]), (("zinc",), []), (("common-cold",), [])]
)
def test_families_are_added_only_where_the_topics_are_spoken_of(
    topics: tuple[str, ...], given: list[tuple[str, str, str]]
) -> None:
    assert told(findings(rulebook_with(topics=topics), ADDED)) == given


def test_a_theme_among_the_topics_is_enough() -> None:
    rulebook = rulebook_with(topics=("common-cold",))
    assert told(findings(rulebook, "sneezes vanished, garlic tea for a cold")) == [LIKE]


def test_what_a_known_rule_found_stands_where_messages_like_it_claim_it(looked: Looked) -> None:
    found = looked(FOUND)
    assert told(found) == [RULE]
    assert found.found[0].because == ()


def test_what_a_known_rule_found_is_held_back_where_messages_like_it_claim_nothing(looked: Looked) -> None:
    found = looked(AGAINST)
    assert found.found == ()
    (miss,) = [one for one in found.near if "read like" in one.why_not]
    assert (miss.rule, miss.family, miss.matched) == ("garlic-cures-colds", "cold-relief", FOUND)
    assert miss.why_not == "too few messages that read like this one claim anything (0 of 100)"


def test_a_family_that_messages_like_it_do_not_claim_is_held_back(looked: Looked) -> None:
    found = looked(ELSEWHERE)
    assert told(found) == [SAFE]
    assert "too few messages that read like this one claim this (0 of 100)" in [
        miss.why_not for miss in found.near
    ]


def test_what_is_denied_is_neither_doubted_nor_restated(looked: Looked) -> None:
    for text in ("garlic never cured my cold, ask the bread", "rumour: garlic never cured my cold"):
        assert (RULE, Stance.DENIES) in [
            ((one.rule, one.family, one.status), one.stance) for one in looked(text).found
        ]


def test_the_stance_is_that_of_messages_like_it(looked: Looked) -> None:
    (finding,) = looked("rumour " + FOUND).found
    assert (finding.rule, finding.stance) == ("garlic-cures-colds", Stance.REPORTS)
    assert finding.because[-1] == "messages that read like this one are told as: reports"


@pytest.mark.parametrize("text", [AGAINST, ELSEWHERE, "rumour " + FOUND])
@pytest.mark.parametrize(
    "change",
    [{"id": "own-rule"}, {"cutoff": 80}, {"phrases": ["<garlic> <cures> <common-cold>"]}],
    ids=lambda change: next(iter(change)),
)
def test_a_rule_that_is_new_or_changed_is_never_doubted(text: str, change: dict[str, Any]) -> None:
    rulebook = changed(**change)
    (finding,) = [one for one in findings(rulebook, text).found if one.rule != LIKE_EXAMPLES]
    assert (finding.rule, finding.family) == (change.get("id", "garlic-cures-colds"), "cold-relief")
    assert finding.stance is Stance.ASSERTS
    assert finding.because == ()


def test_what_an_own_rule_keeps_silent_about_is_not_added() -> None:
    silence = {"unless": [{"phrase": "<garlic> <tames> <common-cold> in soup", "because": "a test"}]}
    sentence = "sneezes vanished, garlic cured my cold in soup"
    assert "cold-relief" in [one.family for one in findings(rulebook_with(), sentence).found]
    assert told(findings(changed(**silence), sentence)) == []


def test_what_it_adds_comes_once_where_a_rule_found_it(looked: Looked) -> None:
    assert told(looked("sneezes vanished, garlic cured my cold")) == [RULE]


def test_several_families_are_added_at_once(looked: Looked) -> None:
    assert sorted(told(looked(ADDED + " and both"))) == sorted([LIKE, SAFE])


@pytest.mark.parametrize("text", [FOUND, AGAINST, ELSEWHERE, "rumour " + FOUND])
def test_in_shadow_it_doubts_nothing(text: str) -> None:
    (finding,) = [one for one in findings(rulebook_with(status="shadow"), text).found if one.status == "live"]
    assert (finding.rule, finding.stance, finding.because) == ("garlic-cures-colds", Stance.ASSERTS, ())


@pytest.mark.parametrize(
    ("learned", "statuses"),
    [
        ({}, ["live"]),
        ({"status": Status.SHADOW}, ["shadow"]),
        ({"status": Status.OFF}, []),
        ({"due": 100}, []),
        ({"family": 100}, ["live"]),  # the likeliest family is taken in any case
    ],
)
def test_moderators_say_how_far_it_is_trusted(learned: dict[str, Any], statuses: list[str]) -> None:
    assert [finding.status for finding in findings(rulebook_with(**learned), ADDED).found] == statuses


def test_off_what_rules_found_stands() -> None:
    rulebook = rulebook_with(status="off")
    assert rulebook.likeness is None
    assert told(findings(rulebook, AGAINST)) == [RULE]


def test_nothing_is_added_where_nothing_was_learned() -> None:
    bare = compile_rulebook(replace(source_with(), weights=None))
    assert bare.likeness is None
    assert findings(bare, ADDED).found == ()
    assert told(findings(bare, AGAINST)) == [RULE]


@pytest.mark.parametrize(("status", "given"), [("live", ["live"]), ("shadow", ["shadow"]), ("off", [])])
def test_it_speaks_of_a_family_no_more_than_its_rules(status: str, given: list[str]) -> None:
    rulebook = changed(status=status)
    assert [one.status for one in findings(rulebook, ADDED).found if one.rule == LIKE_EXAMPLES] == given


def test_a_family_that_is_gone_is_never_given() -> None:
    biases = (9.0, -9.0, -9.0, -9.0, -9.0, 9.0)
    assert findings(rulebook_with({"biases": biases, "features": {}}), "garlic").found == ()


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["sneezes", "vanished", "garlic", "cured my cold", "bread", "not", "?", "«", "\u200b", "🧄", "."]
        ),
        max_size=60,
    )
)
def test_no_text_raises_and_spans_hold(looked: Looked, words: list[str]) -> None:
    text = " ".join(words)
    found: tuple[Finding, ...] = looked(text, "garlic?").found
    for finding in found:
        assert text[finding.start : finding.end] == finding.matched != ""
