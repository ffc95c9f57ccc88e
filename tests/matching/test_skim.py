"""The skim: whatever stands in a message when it is read, it has told before."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.pairs import Pairs
from bot.matching.skim import SHORTEST_JOINED, Skim
from bot.matching.standing import ANY_KIND
from bot.rulebook.model import Concept, Role
from bot.text.model import Reading, TokenKind
from bot.text.reader import read
from bot.text.unread import Unread
from tests.matching.small_rulebooks import rule_of, rulebook_of

CONCEPTS = {
    "kratom": Concept(words=("kratom", "7 tabs", "7-0", "7oh", "herbal"), role=Role.TOPIC),
    "stops": Concept(verbs=("stop", "knock ... out"), exactly=("isnt", "over", "overdose")),
    "headache": Concept(words=("headache", "pain in the head", "7hydroxy"), role=Role.THEME),
    "much": Concept(kinds=("amount", "emoji")),
}
ALONE = Pairs.of([(frozenset({"kratom"}), None)])
SAYINGS = """
kratom Kratom, KRATOM!! krat0m kratm kkratom кrаtом
кратом k.r.a.t.o.m k-r-a-t k̶r̶a̶t̶o̶m̶ k̶ kratom.stops $kratom
kra tom kra- -tom **kra**tom kra||tom|| _kra_ `kra tom`
`kratom` `kra` `lol`. ` ``` [kra [ ] tom](https://a.example) ]( </kra @kratom
<@1> <:herb:1> k r a t o m k, o/ / - head ache
headache. over dose her bal 🌿 🌿al is knock it out don't we’re lol
7 7g 0 oh tabs tab 5 5,000 10 cups'kratom g'kratom ½
10kratom = > != & 1. # >quoted >>> 7-hydroxy hydroxy ㎏ 2day
www.kratom.com https://kratom.example/kratom \\ \\_kratom … :) /s
"""
PIECES = SAYINGS.split()
GAPS = (" ", " ", " ", "", "  ", "\n", "\t", "\u200b", "\u00a0", "\r\n", "\u2028", "\x1c")
MESSAGES = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=9).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)


@pytest.fixture(scope="module")
def rulebook() -> CompiledRulebook:
    rules = (
        rule_of("<kratom> <stops> <headache>", id="one", family="one"),
        rule_of("<much> <kratom>|<headache>", id="two", family="two"),
    )
    return compile_rulebook(rulebook_of(*rules, concepts=CONCEPTS))


def standing(reading: Reading, rulebook: CompiledRulebook) -> set[str]:
    """Give the words that stand in a message that was read."""
    vocabulary = rulebook.lexicon.vocabulary
    listed = [(token, vocabulary.candidates(token.text, token.readings)) for token in reading.tokens]
    words = {candidate.word for _, candidates in listed for candidate in candidates}
    for (one, known), (other, also) in pairwise(listed):
        joined = one.text + other.text
        if len(joined) >= SHORTEST_JOINED and joined in vocabulary.words and not (known and also):
            words.add(joined)
    return words | {ANY_KIND for token in reading.tokens if token.kind is not TokenKind.WORD}


@settings(max_examples=600, deadline=None)
@given(message=MESSAGES)
@example(message="k r a t o m")
@example(message="kra <@1> tom")
@example(message="7 - 0")
@example(message="5 cups'kratom")
@example(message="`x `kra`tom`")
@example(message="7 tabs")
@example(message="pain > dose")
def test_it_tells_every_word_that_stands_in_a_message(rulebook: CompiledRulebook, message: str) -> None:
    found = standing(read(message), rulebook)
    assert found <= rulebook.skim.words(Unread(message))
    if rulebook.skim.words_watched(Unread(message)) is None:
        pairs = rulebook.gate.pairs
        assert not pairs.complete(pairs.bits_of(found))


@settings(max_examples=300, deadline=None)
@given(messages=st.lists(MESSAGES, min_size=2, max_size=5), most=st.integers(1, 6))
def test_what_it_forgets_on_the_way_is_not_lost(
    rulebook: CompiledRulebook, messages: list[str], most: int
) -> None:
    whole = rulebook.skim
    forgetful = Skim(vocabulary=whole.vocabulary, pairs=whole.pairs, most_remembered=most)
    for message in messages:
        assert forgetful.words_watched(Unread(message)) == whole.words_watched(Unread(message))


@settings(max_examples=300, deadline=None)
@given(message=MESSAGES)
@example(message="kra tom stops a head ache")
@example(message="7 - 0")
def test_what_was_worked_out_once_serves_a_skim_of_the_same_words(
    rulebook: CompiledRulebook, message: str
) -> None:
    whole = rulebook.skim
    again = Skim(vocabulary=whole.vocabulary, pairs=whole.pairs, tables=whole.tables)
    assert again.tables == whole.tables
    assert again.words_watched(Unread(message)) == whole.words_watched(Unread(message))


@pytest.mark.parametrize("message", ["kratom" + "!" * 40 + " stops", "stops " + "🌿" * 20 + "kratom"])
def test_long_pieces_count(rulebook: CompiledRulebook, message: str) -> None:
    words = rulebook.skim.words_watched(Unread(f"{message} headache"))
    assert words is not None
    assert {"kratom", "headache"} <= words


@settings(max_examples=150, deadline=None)
@given(message=st.text(max_size=60))
def test_it_tells_every_word_of_any_text(rulebook: CompiledRulebook, message: str) -> None:
    assert standing(read(message), rulebook) <= rulebook.skim.words(Unread(message))


@pytest.mark.parametrize(
    "message",
    [
        "",
        "lol",
        "anyone up for a game tonight?",
        "I don't know, we're late 🙂",
        "back in 10 minutes",
        "**so** good",
        "7 tabs",
        "kratom\nlol",
        "I'm off, I'm **so** tired, I'm a mess",
        "a day I had a plan, a cat and a dog 🙂",
        "x y <@123456789012345678> a b",
    ],
)
def test_ordinary_messages_are_never_read(rulebook: CompiledRulebook, message: str) -> None:
    unread = Unread(message)
    rulebook.skim.words(unread)
    assert not unread.is_read


@pytest.mark.parametrize(
    "message",
    [
        "k r a t o m",
        "k ** r a** t||o|| m",
        "🙂 k r a t o m",
        "`x` kratom",
        "kra\u200btom",
        "tom\n- kra",
        "x" * 4001,
    ],
)
def test_what_depends_on_the_whole_message_is_read(rulebook: CompiledRulebook, message: str) -> None:
    unread = Unread(message)
    rulebook.skim.words(unread)
    assert unread.is_read


def test_it_forgets_before_it_grows_too_large(rulebook: CompiledRulebook) -> None:
    skim = Skim(vocabulary=rulebook.lexicon.vocabulary, pairs=ALONE, most_remembered=10)
    for number in range(100):
        assert skim.words_watched(Unread(f"lol{number}")) is None
        assert len(skim) <= 10
    assert skim.words_watched(Unread("kratom")) == frozenset({"kratom"})
    skim.cache_clear()
    assert len(skim) == 0


def test_it_remembers_no_long_pieces(rulebook: CompiledRulebook) -> None:
    skim = Skim(vocabulary=rulebook.lexicon.vocabulary, pairs=ALONE)
    assert skim.words_watched(Unread("x" * 1000)) is None
    assert len(skim) == 0
