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
