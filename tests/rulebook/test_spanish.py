"""The Spanish that comes with the program says what the English says: all of it, as carefully, no more."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import asdict

from bot.rulebook.language import Language
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Rulebook

SHIPPED = Path(__file__).parents[2] / "rules"
AMOUNT = re.compile(
    r"\b\d+(?:[.,]\d+)?\s*-?\s*(?:mg|mcg|g|gramos?|miligramos?|ml|onzas?|cucharad(?:it)?as?|cápsulas?|pastillas?)\b",
    re.IGNORECASE,
)
BLAME = re.compile(r"\b(?:te equivocas|falso|mentira|mito|bulo|deberías saber)\b", re.IGNORECASE)
VERDICT = re.compile(
    r"\b(?:se ha (?:de)?mostrado que no|está (?:de)?mostrado|no funciona|nunca ayuda|tienes adicción)\b",
    re.IGNORECASE,
)
FORMAL = re.compile(r"\b(?:usted|ustedes|vosotros|os)\b", re.IGNORECASE)
LONGEST_CAVEAT = 160


@cache
def shipped() -> tuple[Rulebook, Language]:
    rulebook = load_rulebook(SHIPPED)
    return rulebook, rulebook.languages["es"]


def pairs() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Give what is said, in English and in Spanish, with where it stands."""
    rulebook, spanish = shipped()
    found: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    for family in rulebook.families:
        said = spanish.families[family.id]
        found += [
            (f"{family.id} opening", family.opening, said.opening),
            (f"{family.id} asked", family.asked, said.asked),
        ]
    for caveat in rulebook.caveats:
        worded = spanish.caveats[caveat.id]
        found += [
            (caveat.id, caveat.says, worded.says),
            (f"{caveat.id} short", (caveat.short,), (worded.short,)),
        ]
    found += [(line.id, (line.says,), (spanish.evidence[line.id],)) for line in rulebook.evidence]
    assert rulebook.emergency is not None
    found.append(("emergency", rulebook.emergency.lines, spanish.emergency))
    return found


def numbers(text: str) -> list[str]:
    """Give the numbers in a text in order, however thousands are set off."""
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", text)))


def test_every_wording_has_its_own_and_names_the_same_numbers() -> None:
    assert len(pairs()) > 90
    for where, english, spanish in pairs():
        assert len(english) == len(spanish), where
        for one, other in zip(english, spanish, strict=True):
            assert numbers(one) == numbers(other), (where, one, other)


def test_no_english_is_left_and_nothing_is_said_twice() -> None:
    said = [text for _, _, spanish in pairs() for text in spanish]
    english = {text for _, texts, _ in pairs() for text in texts}
    assert english.isdisjoint(said)
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    "pattern", [AMOUNT, BLAME, VERDICT, FORMAL], ids=["amount", "blame", "verdict", "formal"]
)
def test_it_names_no_amount_blames_nobody_and_hedges_as_the_english_does(pattern: re.Pattern[str]) -> None:
    _, language = shipped()
    texts = [text for _, _, spanish in pairs() for text in spanish]
    texts += [*language.closings, *asdict(language.labels).values()]
    assert [text for text in texts if pattern.search(text)] == []


def test_caveats_are_short() -> None:
    _, language = shipped()
    long = [
        text for caveat in language.caveats.values() for text in caveat.says if len(text) > LONGEST_CAVEAT
    ]
    assert long == []
    assert all(len(caveat.short) <= min(map(len, caveat.says)) for caveat in language.caveats.values())


@pytest.mark.parametrize(
    ("hedge", "evidence"),
    [
        ("plausible", "e-overuse"),
        ("plausible", "e-withdrawal-headache"),
        ("ratones", "e-receptors"),
        ("ratones", "e-breathing"),
        ("del kratom no se dijo", "e-sedatives"),
        ("ninguno el dolor de cabeza", "e-human-trials"),
    ],
)
def test_what_was_not_shown_is_said_not_to_be(hedge: str, evidence: str) -> None:
    assert hedge in shipped()[1].evidence[evidence]
