"""A message that is not read before it has to be."""

from __future__ import annotations

import pytest

from bot.text.reader import read
from bot.text.unread import Unread

MESSAGE = "“kratom” helped, see https://a.example"


@pytest.mark.parametrize("part", ["tokens", "clauses", "quotations", "asides"])
def test_it_is_read_when_more_than_its_text_is_asked_for(part: str) -> None:
    message = Unread(MESSAGE)
    assert message.raw == MESSAGE
    assert not message.is_read
    assert getattr(message, part) == getattr(read(MESSAGE), part)
    assert message.is_read


def test_it_equals_what_reading_gives() -> None:
    assert Unread(MESSAGE) == read(MESSAGE)
    assert read(MESSAGE) == Unread(MESSAGE)
    assert Unread(MESSAGE) == Unread(MESSAGE)
    assert Unread(MESSAGE) != read("hello")
    assert hash(Unread(MESSAGE)) == hash(read(MESSAGE))


def test_it_keeps_what_was_found_out_until_that_depends_on_something_else() -> None:
    message, asked = Unread(MESSAGE), []

    def find_out() -> tuple[str, ...]:
        asked.append("once more")
        return ("kratom",)

    for of in ("these rules", "these rules", "other rules", "other rules"):
        assert message.noted(of, find_out) == ("kratom",)
    assert len(asked) == 2
