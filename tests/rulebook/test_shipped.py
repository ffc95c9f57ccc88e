"""The rules that come with the program: complete, after the catalogue, and kind in what they say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Caveat, Evidence, Family, Rulebook
from bot.rulebook.part import RulebookPart

SHIPPED = Path(__file__).parents[2] / "rules"

# The catalogue: each family's caveats in order of weight, each caveat's statements.
FAMILIES = {
    "headache-relief": "individual-response more-research consult dependence",
    "next-day-headache": "more-research individual-response dependence",
    "headache-after-kratom": "side-effects dependence interactions consult",
    "headache-remedy": "consult individual-response",
    "pain-relief": "more-research individual-response dependence",
    "proven": "more-research reports-not-proof",
    "works-for-everyone": "individual-response",
    "natural-safe": "side-effects psychoactive dependence",
    "not-addictive": "dependence long-term",
    "daily-use-fine": "long-term dependence",
    "safer-than-meds": "opioid-receptors dependence more-research",
    "replace-treatment": "consult interactions",
    "no-interactions": "interactions consult",
    "dose-advice": "dosing consult",
    "legal-everywhere": "legal",
    "quality-uniform": "quality",
    "not-opioid": "opioid-receptors psychoactive",
    "potent-extracts": "potency dependence quality",
    "opioid-withdrawal": "dependence consult more-research",
    "mood": "psychoactive individual-response",
    "mechanism": "opioid-receptors more-research",
}
CAVEATS = {
    "more-research": "A:1:4 A:7:6 A:9:7 B:1:4 B:8:3 B:15:4",
    "reports-not-proof": "A:1:3 A:7:3",
    "individual-response": "A:1:4 A:7:5 B:1:3 B:8:2",
    "dependence": "A:1:3 A:7:4 B:1:3 B:8:2 B:14:2",
    "long-term": "B:1:3 B:8:2 B:14:2 B:15:4",
    "psychoactive": "A:1:3 A:7:4 B:7:2",
    "side-effects": "B:14:2",
    "opioid-receptors": "A:7:2 A:9:4 A:9:5 B:1:2 B:7:3 B:10:2",
    "potency": "A:9:5",
    "interactions": "A:1:5 A:12:2 B:14:3",
    "consult": "A:1:5 A:7:7 A:12:2 A:13:3 A:13:5 B:1:5 B:14:3",
    "dosing": "A:1:6 A:11:4 B:14:2",
    "quality": "A:1:6 A:12:3 B:15:3",
    "legal": "A:1:5 A:1:6 A:7:7 A:11:3",
}
# Where a document says more than it shows, these families' lines from elsewhere put it right.
OVERREACH = {
    "mechanism": "e-alkaloids",
    "safer-than-meds": "e-breathing",
    "dose-advice": "e-benefit-unrated",
    "next-day-headache": "e-human-trials",
    "headache-relief": "e-human-trials",
    "replace-treatment": "e-approval",
    "opioid-withdrawal": "e-stopping",
}
AMOUNT = re.compile(
    r"\b\d+(?:[.,]\d+)?\s*-?\s*(?:mg|mcg|g|grams?|milligrams?|ml|oz|ounces?|tsp|tbsp|(?:tea|table)?spoons?|scoops?|caps(?:ules)?|pills?)\b",
    re.IGNORECASE,
)
BLAME = re.compile(
    r"\b(?:wrong|myths?|false|lies|lying|misinformation|dangerous nonsense|you should know better)\b",
    re.IGNORECASE,
)
VERDICT = re.compile(
    r"\b(?:proven? not to|does not work|doesn't work|never helps|you have|you are addicted)\b", re.IGNORECASE
)
LONGEST_CAVEAT = 160


@cache
def shipped() -> Rulebook:
    return load_rulebook(SHIPPED)


def lines_of(part: RulebookPart) -> tuple[str, ...]:
    """Everything that a member may be told by it."""
    match part:
        case Family():
            return (*part.opening, *part.asked)
        case Caveat():
            return (*part.says, part.short)
        case Evidence():
            return (part.says, part.title)
    return ()


def test_families_are_those_of_the_catalogue() -> None:
    assert {family.id: " ".join(family.caveats) for family in shipped().families} == FAMILIES


def test_caveats_are_those_of_the_catalogue() -> None:
    found = {
        caveat.id: " ".join(statement.at for statement in caveat.statements) for caveat in shipped().caveats
    }
    assert found == CAVEATS


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_wording_to_choose_from(family: str) -> None:
    (found,) = [part for part in shipped().families if part.id == family]
    assert len(set(found.opening)) >= 3
    assert len(set(found.asked)) >= 2


@pytest.mark.parametrize("caveat", CAVEATS)
def test_a_caveat_has_wording_to_choose_from(caveat: str) -> None:
    (found,) = [part for part in shipped().caveats if part.id == caveat]
    assert len(set(found.says)) >= 3
    assert max(map(len, found.says)) <= LONGEST_CAVEAT
    assert len(found.short) < min(map(len, found.says))


def test_what_is_said_is_kind_and_names_no_amount() -> None:
    said = [
        line
        for part in (*shipped().families, *shipped().caveats, *shipped().evidence)
        for line in lines_of(part)
    ]
    assert len(said) > 200
    assert [line for line in said if AMOUNT.search(line) or BLAME.search(line) or VERDICT.search(line)] == []


def test_no_two_families_begin_alike() -> None:
    openings = [line for family in shipped().families for line in (*family.opening, *family.asked)]
    assert len(openings) == len(set(openings))


@pytest.mark.parametrize(("family", "evidence"), OVERREACH.items())
def test_where_a_document_says_too_much_another_source_speaks(family: str, evidence: str) -> None:
    (found,) = [part for part in shipped().families if part.id == family]
    assert evidence in found.evidence


def test_every_line_from_elsewhere_is_used() -> None:
    used = {name for family in shipped().families for name in family.evidence}
    used |= {name for rule in shipped().rules for name in rule.evidence}
    assert {line.id for line in shipped().evidence} == used


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("e-overuse", "not studied"),
        ("e-withdrawal-headache", "not been measured"),
        ("e-sedatives", "of kratom it was not said"),
        ("e-alkaloids", "has not been shown"),
        ("e-breathing", "In mice"),
        ("e-cold-pain", "headache was not looked at"),
    ],
)
def test_evidence_is_no_stronger_than_its_source(evidence: str, words: str) -> None:
    (found,) = [line for line in shipped().evidence if line.id == evidence]
    assert words in found.says
