"""Disturbed messages: which are tried, and what counts as held."""

from __future__ import annotations

import pytest

from bot.evaluation.looking import look
from bot.evaluation.perturb import KEEPING, TURNING, Expected
from bot.evaluation.robustness import disturb, holds, together
from bot.matching.compile import CompiledRulebook
from tests.evaluation.samples import label, seen


@pytest.mark.parametrize(
    ("expected", "after", "held"),
    [
        (Expected.KEPT, "wow, garlic cured my cold", True),
        (Expected.KEPT, "wow, garlic", False),
        (Expected.ASKED, "does garlic cure a cold?", True),
        (Expected.ASKED, "garlic cured my cold", False),
        (Expected.ASKED, "hello?", False),
        (Expected.SILENT, "garlic never cured my cold", True),
        (Expected.SILENT, "does garlic cure a cold?", False),
    ],
)
def test_what_counts_as_held(garlic: CompiledRulebook, expected: Expected, after: str, held: bool) -> None:
    before = seen(label("garlic cured my cold", "cold-relief"), garlic)
    assert holds(expected, before, look(label(after, "cold-relief"), garlic)) is held


def test_what_is_tried_on_what(garlic: CompiledRulebook) -> None:
    looked = [
        look(message, garlic)
        for message in (
            label("garlic cured my cold", "cold-relief"),
            label("garlic cuerd my cold", "cold-relief", kind="typo"),
            label("first this. garlic cured my cold", "cold-relief"),
            label("does garlic cure a cold?", "cold-relief", stance="asks", kind="question"),
            label("the stinking rose chased my sniffles away", "cold-relief"),
            label("hello there", stance="none", kind="chat"),
        )
    ]
    told: list[tuple[int, int]] = []
    held = disturb(looked, garlic, progress=lambda done, of: told.append((done, of)))
    tried = {one.change.name: one.messages for one in held}
    assert tried == {
        **{change.name: 2 if change.disguises else 3 for change in KEEPING},
        **{change.name: 1 for change in TURNING},
    }
    total = sum(tried.values())
    assert told == [(done, total) for done in range(1, total + 1)]
    assert together(held)[1] == total
    assert all(0 <= one.held <= one.messages for one in held)


def test_the_same_seed_gives_the_same_shares_in_any_order(garlic: CompiledRulebook) -> None:
    looked = [
        seen(label(f"garlic {verb} my cold", "cold-relief"), garlic)
        for verb in ("cured", "healed", "stopped")
    ]
    assert disturb(looked, garlic, seed=1) == disturb(looked[::-1], garlic, seed=1)


def test_what_was_not_recognised_before_is_not_tried(garlic: CompiledRulebook) -> None:
    held = disturb([look(label("nothing to see", "cold-relief"), garlic)], garlic)
    assert {one.messages for one in held} == {0}
    assert together(held) == (0, 0)
