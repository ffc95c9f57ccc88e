"""What would silence a rule on one message and on as little else as possible."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import find
from bot.moderation.review_search import LONGEST_PHRASE, MOST_PHRASES, fires, phrases_of, remedies
from bot.proof import Proven
from bot.replies.model import Incoming
from bot.rulebook.model import Unless
from bot.rulebook.phrase import parse_phrase
from bot.text.reader import read
from tests.moderation.desk import NOW

RULE = "garlic-cures-colds"
SALMON = "i love cold garlic cured salmon"


def said(*texts: str) -> list[Incoming]:
    return [
        Incoming(f"m{place}", "s1", "r1", f"a{place}", text, NOW + timedelta(minutes=place))
        for place, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("cold garlic cured salmon", ("cured salmon", "garlic cured salmon", "cold garlic cured salmon")),
        ("garlic cured my cold", ()),
        ("garlic cured a cold of my", ()),
        ("garlic 500mg cured a cold", ()),
        ("nothing of the sort", ()),
    ],
)
def test_the_phrases_that_could_tell_it_apart(base: Proven, text: str, phrases: tuple[str, ...]) -> None:
    assert phrases_of(text, fires(text, RULE, base.rulebook), base.rulebook) == phrases


@pytest.mark.parametrize(
    ("lately", "best"),
    [
        ((), "love cold"),
        # Other members love their cold remedy: that phrase would silence them as well.
        (("we love cold cures with garlic", "garlic cures love cold"), "cured salmon"),
        (("we love cold cures with garlic", "cold and garlic cured salmon"), "i love cold"),
    ],
)
def test_the_best_remedy_changes_fewest_recent_messages(
    base: Proven, lately: tuple[str, ...], best: str
) -> None:
    assert all(fires(text, RULE, base.rulebook) for text in lately)
    found = remedies(SALMON, RULE, base.rulebook, said(*lately))
    assert (found[0].unless, found[0].lost) == (best, 0)
    assert [remedy.lost for remedy in found] == sorted(remedy.lost for remedy in found)


def test_the_message_itself_does_not_count_among_others(base: Proven) -> None:
    (message,) = said(SALMON)
    (first, *_) = remedies(SALMON, RULE, base.rulebook, [message], besides=message.id)
    assert first.lost == 0
    (first, *_) = remedies(SALMON, RULE, base.rulebook, [message])
    assert first.lost == 1


def test_a_cut_off_is_found_where_the_match_is_loose(base: Proven) -> None:
    text = "garlicc curedd the old cold"
    found = fires(text, RULE, base.rulebook)
    assert found
    assert found[0].score < 100
    (cutoff,) = [one.cutoff for one in remedies(text, RULE, base.rulebook, ()) if one.cutoff is not None]
    assert cutoff == int(found[0].score) + 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [("garlic cured my cold", RULE), ("soup", RULE), (SALMON, "no-such-rule"), ("", RULE)],
)
def test_where_there_is_no_remedy(base: Proven, text: str, rule: str) -> None:
    assert remedies(text, rule, base.rulebook, ()) == ()


def with_unless(rulebook: CompiledRulebook, phrase: str) -> CompiledRulebook:
    """Make the rules ready from the beginning, as the gate does."""
    rules = tuple(
        replace(rule, unless=(*rule.unless, Unless(phrase=phrase, because="x"))) if rule.id == RULE else rule
        for rule in rulebook.source.rules
    )
    return compile_rulebook(replace(rulebook.source, rules=rules, digest=phrase))


WORDS = ["garlic", "cured", "my", "cold", "salmon", "heart", "of", "didnt", "zinc", "?", "<x>", "a|b", "…"]


@settings(max_examples=25, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=10))
def test_every_remedy_silences_and_keeps_the_examples(base: Proven, words: list[str]) -> None:
    text = " ".join(words)
    for remedy in remedies(text, RULE, base.rulebook, ())[:2]:
        rulebook = base.rulebook
        if remedy.unless is not None:
            rulebook = with_unless(rulebook, remedy.unless)
        else:
            cutoff = float(remedy.cutoff or 0)
            rulebook = replace(rulebook, rules=tuple(replace(rule, cutoff=cutoff) for rule in rulebook.rules))
        assert not fires(text, RULE, rulebook)
        assert find(read("garlic cured my cold overnight"), rulebook).found


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_whatever_members_write_gives_phrases_that_can_be_read(base: Proven, text: str) -> None:
    phrases = phrases_of(text, fires(text, RULE, base.rulebook), base.rulebook)
    assert len(phrases) <= MOST_PHRASES
    for phrase in phrases:
        assert 2 <= len(parse_phrase(phrase).items) <= LONGEST_PHRASE
