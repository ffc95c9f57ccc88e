"""The engine knows no subject: given rules on garlic and colds it does the same for those."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import find
from bot.matching.model import SPEAKING
from bot.matching.selftest import check_examples
from bot.rulebook.load import load_rulebook
from bot.text.reader import read

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def garlic() -> CompiledRulebook:
    return compile_rulebook(load_rulebook(ROOT / "tests" / "small_rules"))


def found_in(rulebook: CompiledRulebook, text: str, *context: str) -> set[tuple[str, str]]:
    findings = find(read(text), rulebook, tuple(read(earlier) for earlier in context))
    return {(finding.family, finding.stance.value) for finding in findings.found}


@pytest.mark.parametrize(
    ("text", "context", "found"),
    [
        ("garlic cured my cold", (), {("cold-relief", "asserts")}),
        ("Raw garlic knocked the flu right out!", (), {("cold-relief", "asserts")}),
        ("gralic heals sniffles", (), {("cold-relief", "asserts")}),
        ("g4rl1c stoppped my runny nose", (), {("cold-relief", "asserts")}),
        ("gаrlіc wards off colds every winter", (), {("cold-relief", "asserts")}),
        ("g a r l i c cured my cold", (), {("cold-relief", "asserts")}),
        ("two cloves of garlic and i got rid of my cold", (), {("cold-relief", "asserts")}),
        ("my aunt says garlic prevents colds", (), {("cold-relief", "reports")}),
        ("does garlic cure a cold?", (), {("cold-relief", "asks")}),
        ("no doubt garlic cures colds", (), {("cold-relief", "asserts")}),
        ("garlic does not cure colds", (), {("cold-relief", "denies")}),
        ("garlic never stopped my sniffles", (), {("cold-relief", "denies")}),
        ("been eating garlic. it cured my cold", (), {("cold-relief", "asserts")}),
        ("it knocked my cold right out", ("ever tried garlic?",), {("cold-relief", "asserts")}),
        ("it knocked my cold right out", ("ever tried jogging?",), set()),
        ("garlic is harmless", (), {("garlic-safe", "asserts")}),
    ],
)
def test_claims_on_the_other_subject_are_found_with_their_stance(
    garlic: CompiledRulebook, text: str, context: tuple[str, ...], found: set[tuple[str, str]]
) -> None:
    assert found_in(garlic, text, *context) == found


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("zinc cured my cold", ()),
        ("zinc cured my cold, garlic is for pasta", ()),
        ("garlic bread cured my bad mood, the cold outside did not", ()),
        ("i had a cold and garlic in the fridge", ()),
        ("garlic with cold water stopped working as a hair mask", ()),
        ("my cold is gone, thanks for asking", ()),
        ("garlic bread cured my cold", ()),
        ("kratom cured my migraine", ()),
        ("it kills my migraines", ("anyone tried kratom?",)),
        ("does kratom help with headaches?", ()),
    ],
)
def test_nothing_is_said_on_anything_else(
    garlic: CompiledRulebook, text: str, context: tuple[str, ...]
) -> None:
    assert {stance for _, stance in found_in(garlic, text, *context)} & SPEAKING == set()


def test_the_other_rules_own_examples_hold(garlic: CompiledRulebook) -> None:
    report = check_examples(garlic)
    assert report.failures == ()
    assert len(report.todo_open) == 1


SUBJECT = re.compile(r"krat|ketum|mitragy|opioid|migrain|headache|hangover", re.IGNORECASE)

SHOWN = {
    "bot/cli/__init__.py",
    "bot/gateway/desk.py",
    "bot/gateway/reasons.py",
    "bot/rulebook/crosscheck.py",
    "bot/rulebook/entries.py",
    "bot/rulebook/faults.py",
    "bot/studio/examples.py",
}
"""Where the subject may stand: in what people are shown, as an example or to say what this bot is for."""


def spoken_of(path: Path) -> Iterator[str]:
    """Give every name and text of a module that speaks of the subject, docstrings and comments aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # A text that stands alone is a docstring, of a module, a class, a function or an attribute.
    described = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in described:
            told = node.value
        else:
            told = str(getattr(node, "id", getattr(node, "attr", getattr(node, "name", ""))))
        if SUBJECT.search(told):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}: {told}"


@pytest.mark.parametrize("part", ["text", "matching", "evaluation", "store", "replies"])
def test_no_part_of_the_engine_has_a_word_of_the_subject(part: str) -> None:
    modules = sorted((ROOT / "bot" / part).rglob("*.py"))
    assert modules
    assert [place for module in modules for place in spoken_of(module)] == []


def test_elsewhere_it_stands_only_in_what_is_shown() -> None:
    found = {place.split(":")[0] for module in (ROOT / "bot").rglob("*.py") for place in spoken_of(module)}
    assert found <= SHOWN
