"""Which topics and themes are carried over, from where, and what it costs."""

from __future__ import annotations

import pytest

from bot.matching.carry import BEFORE, EARLIER, LATER, Conversation, carried_into
from bot.matching.phrases import Hit
from bot.matching.segments import Segment
from bot.rulebook.model import Role

ROLES = {
    "garlic": Role.TOPIC,
    "honey": Role.TOPIC,
    "cold": Role.THEME,
    "fever": Role.THEME,
    "zinc": Role.RIVAL,
    "cures": Role.PLAIN,
}


def carried(message: str, index: int, *conversation: str) -> dict[str, tuple[float, str]]:
    """Carry into one segment of a message whose segments are parted by "/" and whose words are concepts."""
    segments: list[Segment] = []
    hits: dict[str, list[Hit]] = {}
    at = 0
    for segment in message.split("/"):
        first = at
        for word in segment.split():
            hits.setdefault(word, []).append(Hit(word, at, at + 1, 1 << at, 100.0, word))
            at += 1
        segments.append(Segment(first, at, "."))
    found = carried_into(index, segments, hits, ROLES, Conversation(concepts=conversation))
    for listed in found.values():
        assert len(listed) == 1
        assert listed[0].carried
    return {name: (listed[0].score, listed[0].entry) for name, listed in found.items()}


@pytest.mark.parametrize(
    ("message", "index", "expected"),
    [
        ("garlic . / cures . .", 1, {"garlic": (96.0, EARLIER)}),
        ("garlic . / . / cures", 2, {"garlic": (95.0, EARLIER)}),
        ("garlic . / . / . / . / . / cures", 5, {"garlic": (92.0, EARLIER)}),
        ("garlic . / . / . / . / . / . / cures", 6, {}),
        ("cures . / garlic", 0, {"garlic": (94.0, LATER)}),
        ("cures . / . / garlic", 0, {}),
        ("garlic / cures / garlic", 1, {"garlic": (96.0, EARLIER)}),
        ("garlic cold / cures", 1, {"garlic": (96.0, EARLIER), "cold": (96.0, EARLIER)}),
        ("garlic cold / cures cold", 1, {"garlic": (96.0, EARLIER)}),
        ("garlic cold / cures fever", 1, {"garlic": (96.0, EARLIER)}),
        ("garlic / cures honey", 1, {}),
        ("zinc / cures", 1, {}),
    ],
)
def test_a_topic_is_carried_from_segments_nearby(
    message: str, index: int, expected: dict[str, tuple[float, str]]
) -> None:
    assert carried(message, index) == expected


@pytest.mark.parametrize(
    ("message", "index", "conversation", "expected"),
    [
        (". cures", 0, ["garlic"], {"garlic": (92.0, BEFORE)}),
        (". cures", 0, ["garlic", "cold"], {"garlic": (92.0, BEFORE), "cold": (92.0, BEFORE)}),
        ("garlic / cures", 1, ["garlic"], {"garlic": (96.0, EARLIER)}),
        ("cures cold", 0, ["garlic", "cold"], {"garlic": (92.0, BEFORE)}),
        ("cures garlic", 0, ["honey"], {}),
        (". cures", 0, ["zinc", "cures"], {}),
        (". cures", 0, [], {}),
    ],
)
def test_a_topic_is_carried_from_the_conversation_at_a_higher_cost(
    message: str, index: int, conversation: list[str], expected: dict[str, tuple[float, str]]
) -> None:
    assert carried(message, index, *conversation) == expected
