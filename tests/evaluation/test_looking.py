"""Looking the way the bot looks: with context, and answering live rules only."""

from __future__ import annotations

import pytest

from bot.evaluation.looking import look, look_at_all
from bot.matching.compile import CompiledRulebook
from tests.evaluation.samples import label


@pytest.mark.parametrize(
    ("text", "context", "families", "right"),
    [
        ("garlic cured my cold", (), {"cold-relief"}, True),
        ("it knocked my cold right out", (), set(), False),
        ("it knocked my cold right out", ("what about garlic",), {"cold-relief"}, True),
        ("garlic never cured my cold", (), set(), False),
        ("garlic is harmless", (), set(), False),
    ],
)
def test_what_is_answered(
    garlic: CompiledRulebook, text: str, context: tuple[str, ...], families: set[str], right: bool
) -> None:
    looked = look(label(text, "cold-relief", context=context), garlic)
    assert looked.families == families
    assert looked.right is right
    assert (looked.score is None) is not bool(families)


def test_what_is_only_recorded_is_found_but_not_answered(garlic: CompiledRulebook) -> None:
    looked = look(label("garlic is harmless", "garlic-safe"), garlic)
    assert [finding.family for finding in looked.findings.found] == ["garlic-safe"]
    assert looked.answered == ()


def test_many_are_looked_at_in_order_and_progress_is_told(garlic: CompiledRulebook) -> None:
    messages = [label(text) for text in ("garlic", "cold", "hello")]
    told: list[tuple[int, int]] = []
    looked = look_at_all(messages, garlic, progress=lambda done, of: told.append((done, of)))
    assert [one.message for one in looked] == messages
    assert told == [(1, 3), (2, 3), (3, 3)]
