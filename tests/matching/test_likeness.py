"""Likeness: what a message reads like, by weights that were learned."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.matching.likeness import Likeness, fingerprint, likeness_from, logistic
from bot.matching.model import Stance
from bot.rulebook.model import Learned, Rule, Status, Unless
from tests.matching.weights import FEATURES, source_with, weights_for

SOURCE = source_with()
STATUSES = {"cold-relief": Status.LIVE, "garlic-safe": Status.SHADOW}


def likeness(status: Status = Status.LIVE, family: int = 30, **weights: Any) -> Likeness:
    made = likeness_from(
        Learned(status=status, due=70, family=family), weights_for(SOURCE, **weights), STATUSES, SOURCE.rules
    )
    assert made is not None
    return made


def test_weights_are_summed_and_divided_by_the_length_of_the_message() -> None:
    likely = likeness().judge(["w=sneezes", "w=vanished", "w=unknown"])
    assert likely.due == pytest.approx(1 / (1 + math.exp(2 - 12 / math.sqrt(2))))
    assert likely.families["cold-relief"] == pytest.approx(1 / (1 + math.exp(3 - 12 / math.sqrt(2))))


def test_nothing_that_is_known_leaves_the_biases() -> None:
    likely = likeness().judge(["w=unknown"])
    assert likely.due == pytest.approx(1 / (1 + math.exp(2)))


def test_the_likeliest_family_is_named_even_where_it_is_unlikely() -> None:
    likely = likeness().judge([])
    assert list(likely.families) == ["cold-relief"]
    assert likely.others.keys() == {"garlic-safe", "gone-since"}


@pytest.mark.parametrize(
    ("family", "families"), [(30, ["garlic-safe", "cold-relief"]), (85, ["garlic-safe"])]
)
def test_the_cut_off_decides_how_many_families_there_are(family: int, families: list[str]) -> None:
    features = ["w=sneezes", "w=vanished", "w=both"]  # 12/√3 − 3 for both of them
    weights = {**FEATURES, "w=both": (1.0, 4, 14.0), "w=sneezes": (1.0, 3, 2.0)}
    assert list(likeness(family=family, features=weights).judge(features).families) == families


@pytest.mark.parametrize(
    ("features", "stance"),
    [
        (["w=sneezes"], Stance.ASSERTS),
        (["w=sneezes", "q"], Stance.ASKS),
        (["w=sneezes", "w=rumour"], Stance.REPORTS),
        (["q", "w=rumour"], Stance.REPORTS),  # the likelier of the two
    ],
)
def test_it_tells_who_stands_behind_it(features: list[str], stance: Stance) -> None:
    assert likeness().judge(features).stance is stance


def test_reasons_are_the_heaviest_four_for_an_answer_and_the_family() -> None:
    rows = {f"w={letter}": (1.0, 0, float(at), 3, 1.0) for at, letter in enumerate("abcdef", 1)}
    one = likeness(features={**rows, "w=other": (1.0, 4, 99.0), "w=against": (1.0, 0, -9.0)})
    assert one.reasons("cold-relief", [*rows, "w=other", "w=against", "w=unknown"]) == (
        "w=f",
        "w=e",
        "w=d",
        "w=c",
    )


@pytest.mark.parametrize(
    ("status", "of"),
    [
        (Status.LIVE, {"cold-relief": Status.LIVE, "garlic-safe": Status.SHADOW, "gone-since": None}),
        (Status.SHADOW, {"cold-relief": Status.SHADOW, "garlic-safe": Status.SHADOW, "gone-since": None}),
    ],
)
def test_it_speaks_of_a_family_no_louder_than_its_rules(status: Status, of: dict[str, Status | None]) -> None:
    one = likeness(status)
    assert {family: one.status_of(family) for family in of} == of
    assert one.doubts is (status is Status.LIVE)


@pytest.mark.parametrize("learned", [None, Learned(status=Status.OFF)])
def test_switched_off_it_is_not_there(learned: Learned | None) -> None:
    assert likeness_from(learned, weights_for(SOURCE), STATUSES, SOURCE.rules) is None


def test_without_weights_it_is_not_there() -> None:
    assert likeness_from(Learned(status=Status.LIVE), None, STATUSES, SOURCE.rules) is None


def changed(rule: Rule, **changes: Any) -> Rule:
    return replace(rule, **changes)


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({}, True),
        ({"status": Status.SHADOW}, True),
        ({"note": "why"}, True),
        ({"caveats": ("stomach",)}, True),
        ({"id": "own-rule"}, False),
        ({"phrases": ("<garlic> rocks",)}, False),
        ({"cutoff": 60}, False),
        ({"within": 3}, False),
        ({"only": "asked"}, False),
        ({"family": "garlic-safe"}, False),
        ({"gives_way_to": ("garlic-safe",)}, False),
        ({"unless": (Unless(phrase="<garlic> soup", because="a test"),)}, False),
    ],
)
def test_a_rule_that_looks_for_something_else_is_not_known(change: dict[str, Any], known: bool) -> None:
    rule = changed(SOURCE.rules[0], **change)
    made = likeness_from(Learned(status=Status.LIVE), weights_for(SOURCE), STATUSES, [rule])
    assert made is not None
    assert (rule.id in made.known) is known


def test_a_fingerprint_stays_what_it_is() -> None:
    first, second = SOURCE.rules[:2]
    assert fingerprint(first) == fingerprint(replace(first))
    assert fingerprint(first) != fingerprint(second)
    assert len(fingerprint(first)) == 16


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_probability_never_overflows(value: float) -> None:
    assert 0 <= logistic(value) <= 1


def test_a_probability_is_the_logistic_of_the_sum() -> None:
    assert logistic(0.0) == 0.5
    assert logistic(2.0) == pytest.approx(1 / (1 + math.exp(-2)))
