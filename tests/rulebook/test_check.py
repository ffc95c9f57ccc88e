"""What is written is held against the model, and everything that is wrong is told."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct

from bot.rulebook.check import CheckError, check, check_json, fits
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Concept, Role, Rule, Rulebook, SilentExample, Unless
from bot.rulebook.overlay import RuleChange
from bot.rulebook.part import Identifier, RulebookPart, Text, plain

SHIPPED = Path(__file__).resolve().parents[2] / "rules"
LONG = "y" * 401
BOTH = (("phrase",), ("because",))


@cache
def shipped() -> Rulebook:
    return load_rulebook(SHIPPED)


def parts() -> list[RulebookPart]:
    rules = shipped()
    emergency = [rules.emergency] if rules.emergency else []
    languages = rules.languages.values()
    listed = (rules.cues, rules.families, rules.rules, rules.caveats, rules.evidence, rules.documents)
    return [*rules.concepts.values(), *(part for one in listed for part in one), *emergency, *languages]


def test_every_shipped_part_reads_as_the_same_when_it_is_written_plainly() -> None:
    for part in parts():
        assert check_json(type(part), json.dumps(plain(part))) == part


def test_what_is_at_its_default_is_not_written() -> None:
    assert plain(Concept(words=("leaf",))) == {"words": ["leaf"]}
    assert plain(Concept(words=("leaf",), role=Role.TOPIC)) == {"words": ["leaf"], "role": "topic"}
    assert plain(RuleChange()) == {}


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        (Unless, {"phrase": "x"}, {("because",): "missing"}),
        (Unless, {"phrase": "x", "because": "y", "why": "z"}, {("why",): "extra_forbidden"}),
        (Unless, {"phrase": " ", "because": "y"}, {("phrase",): "string_too_short"}),
        (Unless, {"phrase": LONG, "because": "y"}, {("phrase",): "string_too_long"}),
        (Unless, {"phrase": "", "because": ""}, dict.fromkeys(BOTH, "string_too_short")),
        (RuleChange, {"cutoff": 30}, {("cutoff",): "greater_than_equal"}),
        (RuleChange, {"cutoff": "90"}, {("cutoff",): "int_type"}),
        (RuleChange, {"status": "loud"}, {("status",): "enum"}),
        (RuleChange, {"unless": [{"phrase": "x"}]}, {("unless", 0, "because"): "missing"}),
        (RuleChange, {"examples": []}, {("examples",): "model_type"}),
        (Rule, [], {(): "model_type"}),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_told(
    kind: type[Struct], values: object, told: dict[tuple[int | str, ...], str]
) -> None:
    with pytest.raises(CheckError) as caught:
        check_json(kind, json.dumps(values))
    assert {detail["loc"]: detail["type"] for detail in caught.value.details} == told
    assert all(detail["msg"] in str(caught.value) for detail in caught.value.details)


def test_values_become_what_the_model_holds() -> None:
    made = check(SilentExample, {"text": "  a text ", "because": "why", "context": ["before"]})
    assert made == SilentExample(text="a text", because="why", context=("before",))
    assert check(SilentExample, made) == made


def test_whether_a_value_fits() -> None:
    assert fits(Identifier, "side-effects")
    assert not fits(Identifier, "Side effects")
    assert not fits(Text, "")
