"""Finding claims, with a rulebook about garlic and colds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import find
from bot.matching.model import SPEAKING, Stance
from bot.rulebook.model import Cue, CueCategory, Direction
from bot.text.reader import read
from tests.matching.conftest import Look
from tests.matching.small_rulebooks import rule_of, rulebook_of


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("garlic cured my cold", "garlic cured my cold"),
        ("Garlic CURES colds!!", "Garlic CURES colds"),
        ("my cold? stopped by garlic", "stopped by garlic"),
        ("honestly garlci kncoked my cold out lol", "garlci kncoked my cold out"),
        ("g a r l i c heals the flu", "g a r l i c heals the flu"),
        ("**garlic** prevents ||colds||", "garlic** prevents ||colds"),
        ("ga\u200brlic w4rds off sniffles", "ga\u200brlic w4rds off sniffles"),
    ],
)
def test_a_claim_is_found_however_it_is_written(look: Look, text: str, matched: str) -> None:
    found = look(text).found
    assert [(finding.family, finding.stance) for finding in found] == [("cold-relief", Stance.ASSERTS)]
    assert found[0].matched == matched
    assert text[found[0].start : found[0].end] == matched
    assert 0 <= found[0].score <= 100


@pytest.mark.parametrize(
    "text",
    [
        "garlic bread cured my boredom",
        "i had a cold and ate garlic bread, it stopped",
        "zinc cures colds, garlic just smells",
        "cold water stops the garlic from burning",
        "the garlic is in the kitchen",
        "my cold is gone",
        "",
        "🧄🧄🧄",
    ],
)
def test_what_is_no_claim_is_not_found(look: Look, text: str) -> None:
    assert [finding for finding in look(text).found if finding.stance in SPEAKING] == []


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("garlic does not cure colds", Stance.DENIES),
        ("garlic never stopped my cold", Stance.DENIES),
        ("no doubt garlic cures colds", Stance.ASSERTS),
        ("does garlic cure colds?", Stance.ASKS),
        ("they say garlic cures colds", Stance.REPORTS),
        ("“garlic cures colds”", Stance.QUOTES),
    ],
)
def test_the_stance_comes_from_the_cues(look: Look, text: str, stance: Stance) -> None:
    assert [finding.stance for finding in look(text).found] == [stance]


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("i eat garlic now. stops my colds every time", ()),
        ("garlic! it cured my cold", ()),
        ("yeah it cures colds", ("anyone tried garlic?",)),
        ("garlic stopped mine", ("i have such a cold",)),
    ],
)
def test_a_topic_is_carried_over(look: Look, text: str, context: tuple[str, ...]) -> None:
    (finding,) = look(text, *context).found
    assert finding.family == "cold-relief"
    assert any("comes from" in reason for reason in finding.because)


def test_nothing_is_carried_over_from_a_talk_about_something_else(look: Look) -> None:
    assert look("yeah it cures colds", "anyone seen the match?").found == ()


def test_a_turning_word_parts_what_is_denied_from_what_is_claimed(look: Look) -> None:
    found = look("zinc does not cure colds but garlic cures colds").found
    assert [finding.stance for finding in found] == [Stance.ASSERTS]


def test_what_was_said_outright_is_not_found_again_through_a_carried_topic(look: Look) -> None:
    for text, stance in (
        ("garlic cured my cold. it stopped the sniffles", Stance.ASSERTS),
        ("garlic does not prevent colds but it cured mine", Stance.DENIES),
    ):
        findings = look(text)
        assert [finding.stance for finding in findings.found] == [stance]
        assert any("said elsewhere" in miss.why_not for miss in findings.near)


def test_another_remedy_keeps_its_own_praise(look: Look) -> None:
    findings = look("tried garlic and zinc cured my cold")
    assert findings.found == ()
    assert any("it is said of" in miss.why_not for miss in findings.near)


def test_words_with_another_meaning_are_a_near_miss(look: Look) -> None:
    text = "garlic in hot cold brew stops"
    findings = look(text)
    assert findings.found == ()
    (miss,) = findings.near
    assert miss.why_not == "another meaning of these words takes them away"
    assert (miss.matched, text[miss.start : miss.end]) == (text, text)


@pytest.mark.parametrize(
    ("text", "found", "near"),
    [
        ("garlic cures colds", 1, 0),
        ("garlci cures colds", 1, 0),
        ("garlci curez colds", 0, 1),
        ("garlci and so on and so on and on curez coldz", 0, 1),
    ],
)
def test_a_rule_fires_from_its_cut_off_and_nearly_from_a_little_below(
    text: str, found: int, near: int
) -> None:
    rulebook = compile_rulebook(rulebook_of(rule_of("<garlic> <cures> <cold>", cutoff=98)))
    findings = find(read(text), rulebook, explained=True)
    assert (len(findings.found), len(findings.near)) == (found, near)
    assert all("is below the cut-off 98" in miss.why_not for miss in findings.near)


@pytest.mark.parametrize(
    ("text", "context", "found"),
    [
        ("my whole weekend was ok since it cures colds", ("garlic?",), True),
        ("cured my cold", ("garlic?",), True),
        ("so it really did and my whole cold is cured", ("garlic?",), True),
        ("the soup of my aunt cured the cold", ("garlic?",), False),
        ("garlic is nice and so is a cold. the soup of my aunt really cured", (), False),
        ("garlic is nice. the soup of my aunt cured the cold", (), True),
    ],
)
def test_a_carried_topic_needs_a_pronoun_a_beginning_or_a_theme_beside_it(
    look: Look, text: str, context: tuple[str, ...], found: bool
) -> None:
    assert bool(look(text, *context).found) is found


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("garlic cured my cold, proven", ["cold-relief", "proven"]),
        ("garlic is safe and garlic cured my cold", ["cold-relief"]),
        ("garlic is safe and garlic never cured my cold", ["safe", "cold-relief"]),
        ("garlic is safe", ["safe"]),
    ],
)
def test_a_rule_gives_way_to_what_is_said_more_exactly(text: str, families: list[str]) -> None:
    never = Cue(id="never", category=CueCategory.DENIES, words=("never",))
    rules = (
        rule_of("<garlic> is safe", id="safe", family="safe", gives_way_to=["cold-relief"]),
        rule_of("<garlic> <cures> <cold>"),
        rule_of("<garlic> & proven", id="proven", family="proven"),
    )
    compiled = compile_rulebook(rulebook_of(*rules, cues=[never]))
    findings = find(read(text), compiled, explained=True)
    assert [finding.family for finding in findings.found] == families
    gave_way = [miss.why_not for miss in findings.near if miss.rule == "safe"]
    assert gave_way == (["it gives way to cold-relief"] if "safe" in text and "safe" not in families else [])


def test_a_rule_may_count_only_as_a_question() -> None:
    asked = Cue(id="asked", category=CueCategory.ASKS, words=("?",), direction=Direction.CLAUSE)
    rule = rule_of("<garlic> <cures> <cold>", only="asks")
    compiled = compile_rulebook(rulebook_of(rule, cues=[asked]))
    assert [finding.stance for finding in find(read("garlic cures colds?"), compiled).found] == [Stance.ASKS]
    findings = find(read("garlic cures colds"), compiled, explained=True)
    assert findings.found == ()
    assert [miss.why_not for miss in findings.near] == ["it counts only as a question"]


def test_the_concepts_are_shown_and_what_only_helps_matching_is_not(look: Look) -> None:
    shown = {hit.concept for hit in look("it never cured a cold, garlic in hot water. no doubt").concepts}
    assert shown == {"garlic", "common-cold", "cures", "tames", "cue:plain-denial"}


@pytest.mark.parametrize(
    ("text", "context", "sign"),
    [
        ("i ate garlic and cant breathe", (), "cant breathe"),
        ("help, cannot breathe", ("how much garlic is ok",), "cannot breathe"),
        ("this cold, i want to die", (), "want to die"),
        ("cant breathe", (), None),
        ("cant breathe", ("anyone seen the match?",), None),
        ("cant breathe laughing, garlic guy", (), None),
        ("i ate garlic and i dont want to die", (), None),
        ("garlic. i want my dog to never ever die", (), None),
    ],
)
def test_signs_of_an_emergency_are_found_beside_the_topic(
    look: Look, text: str, context: tuple[str, ...], sign: str | None
) -> None:
    emergency = look(text, *context).emergency
    assert (emergency.matched if emergency else None) == sign


def test_a_long_message_of_claims_is_read_with_bounded_work(look: Look) -> None:
    findings = look("garlic cures colds. it never stops, does it? " * 90)
    assert findings.found
    assert len(findings.near) <= 8


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["garlic", "cold", "cures", "not", "it", "?", "zinc", "but", "bread", "\u202e", "5g", "“", "”"]
        ),
        max_size=60,
    )
)
def test_any_soup_of_words_is_looked_at_and_found_the_same_twice(
    garlic: CompiledRulebook, words: list[str]
) -> None:
    reading = read(" ".join(words))
    first = find(reading, garlic)
    assert first == find(reading, garlic)
    for finding in first.found:
        assert reading.raw[finding.start : finding.end] == finding.matched
        assert 0 <= finding.score <= 100


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_text_raises(garlic: CompiledRulebook, text: str) -> None:
    find(read(text), garlic, [read(text)])
