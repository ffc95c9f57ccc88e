from __future__ import annotations

from datetime import timedelta

import pytest

from bot.replies.context import MOST_CHARACTERS, MOST_IN_ROOM, Conversations, Texts
from bot.text.model import Reading
from tests.replies.samples import NOW, incoming


def told(conversations: Conversations, *messages: tuple[str, str, float]) -> None:
    """Remember messages, each as author, text and minutes before now; the text is the id too."""
    for author, text, minutes in messages:
        message = incoming(text, message=text, author=author, sent_at=NOW - timedelta(minutes=minutes))
        conversations.remember(message, Reading(raw=text))


def before(conversations: Conversations, *, author: str = "a", answered: str | None = None) -> list[str]:
    message = incoming("now", message="now", author=author)
    reading = Reading(raw=answered) if answered is not None else None
    return [seen.raw for seen in conversations.before(message, answered=reading)]


@pytest.mark.parametrize(
    ("messages", "answered", "expected"),
    [
        ([], None, []),
        ([("b", "kratom?", 1)], None, ["kratom?"]),
        ([("b", "one", 4), ("c", "two", 3), ("b", "three", 2)], None, ["two", "three"]),
        ([("a", "mine", 5), ("b", "one", 4), ("c", "two", 3)], None, ["mine", "one", "two"]),
        ([("a", f"mine{n}", 9 - n) for n in range(5)], None, ["mine2", "mine3", "mine4"]),
        ([("a", "old", 10.1), ("b", "older", 30)], None, []),
        ([("a", "just", 10)], None, ["just"]),
        ([("a", "mine", 3), ("b", "beside", 2)], "asked", ["mine", "asked"]),
        ([("b", "later", 1), ("b", "earlier", 2)], None, ["earlier", "later"]),
        ([("b", "to come", -1)], None, []),
    ],
)
def test_gives_the_authors_own_and_the_nearest_oldest_first(
    messages: list[tuple[str, str, float]], answered: str | None, expected: list[str]
) -> None:
    conversations = Conversations()
    told(conversations, *messages)
    assert before(conversations, answered=answered) == expected


def test_a_message_is_never_its_own_context() -> None:
    conversations = Conversations()
    told(conversations, ("a", "now", 0))
    assert before(conversations) == []


def test_rooms_and_servers_are_apart() -> None:
    conversations = Conversations()
    conversations.remember(incoming(message="x", room="r2"), Reading(raw="elsewhere"))
    conversations.remember(incoming(message="y", server="s2"), Reading(raw="far away"))
    assert before(conversations) == []


def test_an_edit_takes_the_place_of_what_was_said() -> None:
    conversations = Conversations()
    told(conversations, ("b", "m1", 3), ("b", "m2", 2))
    edited = incoming("m1 anew", message="m1", author="b", sent_at=NOW - timedelta(minutes=3))
    conversations.remember(edited, Reading(raw="m1 anew"))
    assert before(conversations) == ["m1 anew", "m2"]


def test_forgets_a_deleted_message_and_a_member() -> None:
    conversations = Conversations()
    told(conversations, ("b", "m1", 3), ("c", "m2", 2))
    conversations.forget_message(server="s1", room="r1", message="m2")
    assert before(conversations) == ["m1"]
    conversations.forget_author("b")
    assert before(conversations) == []
    conversations.forget_message(server="s1", room="unknown", message="unknown")


def test_a_lively_room_is_bounded_in_messages() -> None:
    conversations = Conversations()
    told(conversations, ("a", "mine", 9))
    told(conversations, *(("b", f"m{n}", 5) for n in range(MOST_IN_ROOM - 1)))
    assert before(conversations)[0] == "mine"
    told(conversations, ("b", "one more", 4))
    assert "mine" not in before(conversations)


def test_a_room_of_long_messages_is_bounded_in_characters() -> None:
    conversations = Conversations()
    told(conversations, ("a", "x" * (MOST_CHARACTERS // 2), 3), ("a", "y" * (MOST_CHARACTERS // 2), 2))
    assert len(before(conversations)) == 2
    told(conversations, ("a", "z", 1))
    assert [text[0] for text in before(conversations)] == ["y", "z"]


def test_the_room_that_was_quiet_longest_is_forgotten() -> None:
    conversations = Conversations(most_rooms=2)
    for room in ("r1", "r2", "r1", "r3"):
        conversations.remember(incoming(message=f"in {room}", room=room), Reading(raw=f"in {room}"))
    left = {
        room: len(conversations.before(incoming(message="now", room=room), answered=None))
        for room in ("r1", "r2", "r3")
    }
    assert left == {"r1": 1, "r2": 0, "r3": 1}


def test_knows_by_its_digest_whether_a_text_changed() -> None:
    texts = Texts(most=2)
    texts.remember(incoming("one", message="1"))
    assert texts.holds(incoming("one", message="1"))
    assert not texts.holds(incoming("two", message="1"))
    assert not texts.holds(incoming("one", message="1", server="s2"))
    texts.remember(incoming("two", message="1"))
    assert texts.holds(incoming("two", message="1"))
    texts.remember(incoming("lone \ud800", message="2"))
    texts.remember(incoming("three", message="3"))
    assert not texts.holds(incoming("two", message="1"))
    assert texts.holds(incoming("lone \ud800", message="2"))
    texts.forget(server="s1", message="2")
    assert not texts.holds(incoming("lone \ud800", message="2"))
