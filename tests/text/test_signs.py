"""Signs between words that stand for a word."""

from __future__ import annotations

import pytest

from bot.text.reader import read


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("garlic > pills", ["garlic", "over", "pills"]),
        ("garlic >>> pills", ["garlic", "over", "pills"]),
        ("plant = safe", ["plant", "is", "safe"]),
        ("plant ≠ safe", ["plant", "isnt", "safe"]),
        ("plant != safe", ["plant", "isnt", "safe"]),
        ("garlic + wine & beer", ["garlic", "and", "wine", "and", "beer"]),
        ("wow! = what", ["wow", "what"]),
        ("a -> b", ["a", "b"]),
        ("> quoted", []),
        ("<garlic>", ["garlic"]),
    ],
)
def test_a_sign_between_words_is_read_as_the_word_it_stands_for(raw: str, words: list[str]) -> None:
    reading = read(raw)
    assert [token.text for token in reading.tokens] == words
    assert all(raw[token.start : token.end].strip() for token in reading.tokens)
