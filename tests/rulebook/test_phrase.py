"""How phrases are read, and what is said of those that cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rulebook.phrase import GAP_WORDS, MOST_ITEMS, Gap, Item, Phrase, PhraseError, parse_phrase


def concept(*names: str) -> Item:
    return Item(concepts=names)


def word(*words: str) -> Item:
    return Item(words=words)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("<kratom> <relieves> <headache>", [[concept("kratom"), concept("relieves"), concept("headache")]]),
        ("<headache> & <kratom>", [[concept("headache")], [concept("kratom")]]),
        ("<a> gone & <b> & c", [[concept("a"), word("gone")], [concept("b")], [word("c")]]),
        ("<a>|<b>|fine Works|helps", [[Item(("a", "b"), ("fine",)), word("Works", "helps")]]),
        ("knock ... out", [[word("knock"), Gap(GAP_WORDS), word("out")]]),
        ("knock … out", [[word("knock"), Gap(), word("out")]]),
        ("  <7-oh>   is\tsafe ", [[concept("7-oh"), word("is"), word("safe")]]),
        ("?", [[word("?")]]),
        ("r&b don't", [[word("r&b"), word("don't")]]),
    ],
)
def test_a_phrase_is_read(text: str, groups: list[list[Item | Gap]]) -> None:
    assert parse_phrase(text) == Phrase(tuple(tuple(group) for group in groups))


def test_items_and_concepts_of_all_groups() -> None:
    phrase = parse_phrase("<a> ... b & <a>|<c>")
    assert phrase.items == (concept("a"), word("b"), concept("a", "c"))
    assert phrase.concepts == ("a", "a", "c")


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("", 0, "empty"),
        ("   ", 0, "empty"),
        ("x <kratom helps", 2, "`<` is never closed"),
        ("<kratom <helps>", 0, "`<` is never closed"),
        ("kratom> helps", 6, "no `<` before it"),
        ("is <Side Effects>", 3, "Write <side-effects>."),
        ("<>", 0, "Write the name of a concept"),
        ("<kratom>s help", 0, "joins a concept and a word"),
        ("<a><b>", 0, "joins a concept and a word"),
        ("works| helps", 6, "nothing on one side"),
        ("a|...|b", 2, "cannot be one of several"),
        ("& <a>", 0, "nothing on one side"),
        ("<a> &", 4, "nothing on one side"),
        ("<a> & & b", 6, "nothing on one side"),
        ("... out", 0, "no word before it"),
        ("knock ...", 6, "no word behind it"),
        ("knock ... & out", 6, "no word behind it"),
        ("a ... ... b", 6, "twice in a row"),
        (" ".join("abcdefghi"), 0, "the phrase has 9 items"),
    ],
)
def test_a_bad_phrase_is_told_where(text: str, offset: int, words: str) -> None:
    with pytest.raises(PhraseError) as caught:
        parse_phrase(text)
    assert words in str(caught.value)
    assert caught.value.offset == offset
    assert caught.value.instead


@given(st.text(alphabet="ab<>|& .-…", max_size=40) | st.text(max_size=40))
def test_whatever_is_written_is_a_phrase_or_a_fault(text: str) -> None:
    try:
        phrase = parse_phrase(text)
    except PhraseError as error:
        offset = error.offset
    else:
        offset = 0
        assert 1 <= len(phrase.items) <= MOST_ITEMS
        assert all(isinstance(group[0], Item) and isinstance(group[-1], Item) for group in phrase.groups)
    assert 0 <= offset <= len(text)
