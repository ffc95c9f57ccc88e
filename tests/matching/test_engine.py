"""Finding claims, with a rulebook about garlic and colds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.compile import CompiledRulebook
from bot.matching.engine import find
from bot.matching.model import SPEAKING, Stance
from bot.text.reader import read
from tests.matching.conftest import Look


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
    found = look("garlic does not prevent colds but it cured mine").found
    assert {finding.stance for finding in found} >= {Stance.DENIES}


def test_another_remedy_keeps_its_own_praise(look: Look) -> None:
    findings = look("tried garlic and zinc cured my cold")
    assert findings.found == ()
    assert any("it is said of" in miss.why_not for miss in findings.near)


def test_a_near_miss_says_why_it_did_not_count(look: Look) -> None:
    findings = look("garlic bread cures my cold")
    assert findings.found == ()


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
