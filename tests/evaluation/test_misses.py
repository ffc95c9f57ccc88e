"""What went wrong, how bad it is, and why."""

from __future__ import annotations

import pytest

from bot.evaluation.corpus import Labelled
from bot.evaluation.looking import look
from bot.evaluation.misses import TOLD, Harm, harm_of, misses
from bot.matching.compile import CompiledRulebook
from tests.evaluation.samples import label

CASES: tuple[tuple[Labelled, Harm | None, str], ...] = (
    (label("garlic cured my cold", "cold-relief"), None, ""),
    (label("hello", stance="none", kind="chat"), None, ""),
    (label("garlic cured my cold", stance="none", kind="chat"), Harm.CHAT_ANSWERED, "cold-relief asserts"),
    (
        label("this garlic and i cant breathe", stance="none", kind="chat-near"),
        Harm.CHAT_ANSWERED,
        "emergency lines for “cant breathe”",
    ),
    (
        label("garlic cured my cold", stance="quotes", kind="sarcastic"),
        Harm.SILENT_ANSWERED,
        "cold-relief asserts with score 100: “garlic cured my cold” is like <",
    ),
    (
        label("garlic never cured my cold", "cold-relief"),
        Harm.UNANSWERED,
        "cold-relief is missed: found, but denies",
    ),
    (
        label("zinc with garlic? zinc cured my cold", "cold-relief"),
        Harm.UNANSWERED,
        "cold-relief is missed",
    ),
    (
        label("garlic for a cold", "cold-relief"),
        Harm.UNANSWERED,
        "cold-relief is missed: of concepts only garlic, common-cold were seen",
    ),
    (label("hm", "cold-relief"), Harm.UNANSWERED, "cold-relief is missed: no concept was seen"),
    (
        label("garlic cured my cold", "cold-relief", "garlic-safe"),
        Harm.FAMILY,
        "garlic-safe is missed",
    ),
    (label("garlic cured my cold", "garlic-safe"), Harm.FAMILY, "cold-relief asserts"),
    (label("does garlic cure a cold?", "cold-relief"), Harm.STANCE, "cold-relief asks"),
)


@pytest.mark.parametrize(
    ("message", "harm", "why"), CASES, ids=[f"{case[1] and case[1].name}-{case[0].text}" for case in CASES]
)
def test_what_went_wrong_and_why(
    garlic: CompiledRulebook, message: Labelled, harm: Harm | None, why: str
) -> None:
    looked = look(message, garlic)
    assert harm_of(looked) is harm
    found = misses([looked])
    assert len(found) == (harm is not None)
    assert why in "\n".join(reason for miss in found for reason in miss.why)


def test_the_worst_comes_first(garlic: CompiledRulebook) -> None:
    found = misses(look(message, garlic) for message, _, _ in reversed(CASES))
    assert [miss.harm for miss in found] == sorted(harm for _, harm, _ in CASES if harm is not None)
    assert [miss.looked.message.id for miss in found[:1]] == ["garlic cured my cold"]


def test_each_harm_can_be_told() -> None:
    assert TOLD.keys() == set(Harm)
