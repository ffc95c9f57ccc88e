"""The figures against a table that was worked out by hand."""

from __future__ import annotations

import pytest

from bot.evaluation.scoring import (
    Judged,
    Key,
    bound_of_none,
    confusion,
    figures,
    tally,
    total,
)


def one(
    kind: str, due: str, given: str, *stances: str, stance: str = "asserts", alarmed: bool = False
) -> Judged:
    """A label beside what was given; each letter is a family."""
    return Judged(
        kind, frozenset(due), stance, frozenset(given), frozenset(stances), alarmed=alarmed or bool(given)
    )


TABLE = (
    one("plain", "a", "a", "asserts"),
    one("plain", "ab", "ac", "asks"),
    one("typo", "b", ""),
    one("chat", "", "a", "asserts", stance="none"),
    one("chat-near", "", "", stance="none"),
    one("denied", "", "", stance="denies"),
    one("obfuscated", "b", "b", "denies", "asserts"),
)

BY_HAND: dict[Key, float | None] = {
    ("reply", "precision"): 3 / 4,
    ("reply", "recall"): 3 / 4,
    ("reply", "f1"): 3 / 4,
    ("family", "a", "precision"): 2 / 3,
    ("family", "a", "recall"): 1,
    ("family", "a", "f1"): 4 / 5,
    ("family", "b", "precision"): 1,
    ("family", "b", "recall"): 1 / 3,
    ("family", "b", "f1"): 1 / 2,
    ("family", "c", "precision"): 0,
    ("family", "c", "recall"): None,
    ("family", "c", "f1"): 0,
    ("families", "micro", "precision"): 3 / 5,
    ("families", "micro", "recall"): 3 / 5,
    ("families", "micro", "f1"): 3 / 5,
    ("families", "macro", "precision"): 5 / 6,
    ("families", "macro", "recall"): 2 / 3,
    ("families", "macro", "f1"): 13 / 20,
    ("stance", "accuracy"): 2 / 3,
    ("chat", "alarms per 1000"): 500,
    ("plain", "recall"): 1,
    ("disguised", "recall"): 1 / 2,
    ("disguise", "difference"): -1 / 2,
    ("kind", "plain", "right"): 1,
    ("kind", "plain", "exact"): 1 / 2,
    ("kind", "typo", "right"): 0,
    ("kind", "typo", "exact"): 0,
    ("kind", "chat", "right"): 0,
    ("kind", "chat", "exact"): 0,
    ("kind", "chat-near", "right"): 1,
    ("kind", "chat-near", "exact"): 1,
    ("kind", "denied", "right"): 1,
    ("kind", "denied", "exact"): 1,
    ("kind", "obfuscated", "right"): 1,
    ("kind", "obfuscated", "exact"): 1,
}


def test_the_figures_are_those_worked_out_by_hand() -> None:
    found = figures(total(tally(judged) for judged in TABLE))
    assert found.keys() == BY_HAND.keys()
    for key, value in BY_HAND.items():
        assert found[key] == (value if value is None else pytest.approx(value)), key


def test_of_nothing_nothing_is_measured() -> None:
    assert set(figures(total(())).values()) == {None}


def test_what_was_given_in_place_of_what_is_due() -> None:
    assert confusion(TABLE) == {("b", "c"): 1, ("b", "nothing"): 1, ("nothing", "a"): 1}


def test_emergency_lines_into_chat_are_alarms() -> None:
    alarm = one("chat", "", "", stance="none", alarmed=True)
    assert figures(tally(alarm))["chat", "alarms per 1000"] == 1000


def test_who_knows_no_stance_is_not_measured_on_it() -> None:
    blind = Judged("plain", frozenset("a"), "asserts", frozenset("a"), None, alarmed=True)
    assert figures(tally(blind))["stance", "accuracy"] is None


@pytest.mark.parametrize(("messages", "bound"), [(0, None), (1, 950.0), (100, 29.5), (3000, 0.998)])
def test_how_many_alarms_there_may_be_where_none_was(messages: int, bound: float | None) -> None:
    assert bound_of_none(messages) == (bound if bound is None else pytest.approx(bound, abs=0.05))
