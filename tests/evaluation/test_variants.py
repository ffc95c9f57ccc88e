"""Variants of labelled messages: other company and other turns, labelled as they then read."""

from __future__ import annotations

import pytest

from bot.evaluation.corpus import Labelled
from bot.evaluation.perturb import TURNING
from bot.evaluation.variants import remarks_of, variants_of
from tests.evaluation.samples import label

TALKS = ("garlic?", "has anybody tried garlic?")
REMARKS = ("dinner is ready", "my cat is asleep.")


def many(
    text: str = "garlic cured my cold", *, stance: str = "asserts", kind: str = "plain"
) -> list[tuple[Labelled, list[Labelled]]]:
    """Give a message under many ids, each with its variants: chance decides by the id."""
    claims = () if stance == "none" else ("cold-relief",)
    messages = [label(text, *claims, identity=f"m-{at}", stance=stance, kind=kind) for at in range(200)]
    return [(message, variants_of(message, REMARKS, TALKS)) for message in messages]


def made(turn: str, **changes: str) -> list[Labelled]:
    return [one for _, variants in many(**changes) for one in variants if one.id.endswith(f" {turn}")]


def test_remarks_are_short_chat_that_asks_nothing() -> None:
    messages = [
        label("dinner is ready", stance="none", kind="chat"),
        label("a cold beer", stance="none", kind="chat-near"),
        label("is dinner ready?", stance="none", kind="chat"),
        label("dinner " * 20, stance="none", kind="chat"),
        label("garlic cured my cold", "cold-relief"),
    ]
    assert remarks_of(messages) == ["dinner is ready", "a cold beer"]


def test_equal_messages_have_equal_variants() -> None:
    assert many() == many()


def test_ids_lead_back_to_the_message() -> None:
    for message, variants in many():
        assert len({one.id for one in variants}) == len(variants)
        assert {one.id.partition(" ")[0] for one in variants} == {message.id}


def test_beside_a_remark_the_label_stays() -> None:
    beside = made("beside")
    assert len(beside) == 200
    assert {(one.claims, one.stance) for one in beside} == {(frozenset(("cold-relief",)), "asserts")}
    texts = [one.text for one in beside]
    assert any(text.startswith(remark) for text in texts for remark in REMARKS)
    assert any(text.endswith(remark) for text in texts for remark in REMARKS)


def test_about_six_in_ten_messages_without_a_claim_get_company() -> None:
    assert 90 < len(made("beside", text="garlic in the pan", stance="none", kind="mention")) < 150


def test_a_disguise_gets_no_second_one() -> None:
    plain, disguised = made("beside"), made("beside", kind="obfuscated")
    assert any("garlic cured my cold" not in one.text.replace("...", "") for one in plain)
    assert all("garlic cured my cold" in one.text.replace("...", "") for one in disguised)


@pytest.mark.parametrize("turn", ["denied", "rejected", "quoted"])
def test_what_takes_a_claim_back_leaves_none(turn: str) -> None:
    turned = made(turn)
    assert len(turned) > 20
    assert {(one.claims, one.stance) for one in turned} == {(frozenset(), "none")}
    assert all("garlic cured my cold" in one.text for one in turned)


def test_what_is_asked_keeps_its_claims() -> None:
    asked = made("asked")
    assert len(asked) > 20
    assert {(one.claims, one.stance) for one in asked} == {(frozenset(("cold-relief",)), "asks")}


@pytest.mark.parametrize(
    "changes",
    [
        {"stance": "reports", "kind": "reported"},
        {"stance": "asks", "kind": "question"},
        {"kind": "rant"},
        {"text": "garlic cured my cold. it was great"},
        {"text": "he says “garlic cured my cold”"},
        {"text": "garlic cured my cold " + "and my cough " * 9},
    ],
)
def test_only_one_plain_statement_is_turned(changes: dict[str, str]) -> None:
    ids = [one.id for _, variants in many(**changes) for one in variants]
    assert {identity.partition(" ")[2] for identity in ids} == {"beside"}


def test_the_turns_are_not_those_by_which_robustness_is_measured() -> None:
    from random import Random  # noqa: PLC0415

    measured = {
        change.apply("garlic cured my cold", Random(seed))
        for change in TURNING
        if "quoted" not in change.name
        for seed in range(50)
    }
    learned = {one.text for turn in ("denied", "asked", "rejected") for one in made(turn)}
    assert len(measured) > 2
    assert measured & learned == set()
