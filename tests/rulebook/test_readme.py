"""The moderators' page names every field and every fault there is, and its examples are rules that load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec import Struct

from bot.moderation.fitting import fit
from bot.moderation.workshop import Workshop
from bot.proof import prove
from bot.rulebook.entries import CueFile, spread_shorthand
from bot.rulebook.faults import fields_of, model_at
from bot.rulebook.language import FamilyWording, Labels, Language, TranslatedCaveat
from bot.rulebook.model import (
    Caveat,
    Concept,
    Cue,
    Document,
    Emergency,
    Evidence,
    Examples,
    Family,
    FiringExample,
    Learned,
    Rule,
    Section,
    SilentExample,
    Statement,
    TodoExample,
    Unless,
)
from bot.rulebook.overlay import AddedExamples, CaveatWording, Overlay, RuleChange, read_overlay
from bot.rulebook.pydantic_form import adapter_of
from bot.rulebook.schema import KINDS, schema_of
from tests.rulebook.readme_page import PAGE, block, blocks, chapters, rules_with_the_page

WALK = "kratom-sends-goblin-home"
"""The rule of the five-minute walk; tests/rulebook/test_readme_walk.py goes it."""
CHAPTERS: dict[type[Struct], str] = {
    Rule: "Rules",
    Unless: "Rules",
    Examples: "Examples",
    FiringExample: "Examples",
    SilentExample: "Examples",
    TodoExample: "Examples",
    Concept: "The lexicon",
    Cue: "Cues",
    CueFile: "Cues",
    Family: "Families",
    Caveat: "Caveats",
    Statement: "Caveats",
    Evidence: "Evidence",
    Document: "Documents",
    Section: "Documents",
    Emergency: "Emergencies",
    Language: "Languages",
    FamilyWording: "Languages",
    TranslatedCaveat: "Languages",
    Labels: "Languages",
    Learned: "Learned from examples",
    Overlay: "A server’s own changes",
    RuleChange: "A server’s own changes",
    AddedExamples: "A server’s own changes",
    CaveatWording: "A server’s own changes",
}


@pytest.mark.parametrize("model", CHAPTERS, ids=lambda model: model.__name__)
def test_every_field_is_explained_in_its_chapter(model: type[Struct]) -> None:
    chapter = chapters()[CHAPTERS[model]]
    assert [name for name in model.__struct_fields__ if f"`{name}`" not in chapter] == []


def choices(schema: Any) -> set[str]:
    """Give every word that can be chosen anywhere in a schema."""
    found: set[str] = set()
    if isinstance(schema, dict):
        found |= set(schema.get("enum", ()))
        for value in schema.values():
            found |= choices(value)
    elif isinstance(schema, list):
        for value in schema:
            found |= choices(value)
    return found


@pytest.mark.parametrize("model", [Rule, Concept, CueFile], ids=lambda model: model.__name__)
def test_every_choice_is_explained(model: type[Struct]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    words = choices(adapter_of(model).json_schema())
    assert len(words) > 3
    assert [word for word in words if f"`{word}`" not in page] == []


EXAMPLES: dict[str, Any] = {
    "Rules": tuple[Rule, ...],
    "Examples": Examples,
    "The lexicon": dict[str, Concept],
    "Cues": CueFile,
    "Families": tuple[Family, ...],
    "Caveats": tuple[Caveat, ...],
    "Evidence": tuple[Evidence, ...],
    "Documents": tuple[Document, ...],
    "Emergencies": Emergency,
    "Languages": Language,
    "Learned from examples": Learned,
    "A server’s own changes": Overlay,
}
"""What the first YAML example of each chapter is."""

OPTIONAL_AND_SELDOM = {(Learned, "note")}
"""Fields that are explained and stand in no example."""


def data_of_example(chapter: str) -> Any:
    """Give what is written in the first example of a chapter."""
    data = block(chapter)
    if isinstance(data, list):
        return [spread_shorthand(item) for item in data]
    spread: Any = spread_shorthand(data)
    return spread["examples"] if chapter == "Examples" else spread


def example_of(chapter: str) -> Any:
    """Read the first example of a chapter into its model."""
    if chapter == "A server’s own changes":
        return read_overlay(blocks(chapter)[0]).value
    return adapter_of(EXAMPLES[chapter]).validate_python(data_of_example(chapter))


def written(data: Any, annotation: object) -> Iterator[tuple[type[Struct], str]]:
    """Give every field that is written out in data, with its model."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name in fields_of(annotation):
                yield cast("type[Struct]", annotation), name
            yield from written(value, model_at(annotation, (name,)))
    elif isinstance(data, list):
        for value in data:
            yield from written(value, model_at(annotation, (0,)))


def test_every_chapter_with_fields_has_an_example() -> None:
    assert EXAMPLES.keys() == set(CHAPTERS.values())
    assert [chapter for chapter in EXAMPLES if not blocks(chapter)] == []


@pytest.mark.parametrize("model", CHAPTERS, ids=lambda model: model.__name__)
def test_every_field_stands_in_the_example_of_its_chapter(model: type[Struct]) -> None:
    chapter = CHAPTERS[model]
    assert example_of(chapter)
    shown = set(written(data_of_example(chapter), EXAMPLES[chapter]))
    missing = [name for name in model.__struct_fields__ if (model, name) not in shown | OPTIONAL_AND_SELDOM]
    assert missing == []


def test_all_examples_of_the_page_together_are_rules_that_hold(tmp_path: Path) -> None:
    proven = prove(rules_with_the_page(tmp_path / "rules"))
    there = {rule.id for rule in proven.loaded.rulebook.rules}
    assert {"kratom-mends-headache", "is-kratom-worth-it-for-headaches", WALK} <= there
    spanish = proven.loaded.rulebook.languages["es"]
    assert spanish.caveats["consult"] == example_of("Languages").caveats["consult"]
    todo = example_of("Examples").todo
    assert {one.text for one in todo} <= {failure.text for failure in proven.report.todo_open}


def test_the_example_of_a_servers_changes_fits_the_small_rules() -> None:
    proven = prove(Path(__file__).parents[1] / "small_rules")
    overlay = read_overlay(blocks("A server’s own changes")[0])
    fitted = fit(proven, overlay, Workshop()).require()
    rules = {rule.id: rule for rule in fitted.loaded.rulebook.rules}
    assert rules.keys() == {"garlic-cures-colds", "our-tonic", "garlic-is-harmless"}
    assert rules["garlic-is-harmless"].phrases == ("<garlic> is harmless|safe|gentle",)
    assert rules["garlic-cures-colds"].cutoff == 88
    assert {one.problem for one in fitted.failures} == set()


def test_every_kind_of_file_is_named() -> None:
    assert "`schema/`" in chapters()["What lies where"]
    for kind in KINDS:
        assert schema_of(kind)
        assert kind in chapters()["What lies where"]


FAULTS = re.findall(r"^\| (?!it says|-)(.+?) \|", chapters()["What each fault means"], re.MULTILINE)


def test_every_fault_on_the_page_is_one_that_the_program_tells() -> None:
    source = Path(__file__).parents[2] / "bot"
    program = "\n".join(path.read_text(encoding="utf-8") for path in sorted(source.rglob("*.py")))
    program = re.sub(r'"\s*\n\s*f?"', "", program).replace("`", "")
    program = re.sub(r"\{[^{}\n]*\}", "…", program)
    assert len(FAULTS) > 20
    missing = []
    for fault in FAULTS:
        first, _, _ = fault.replace("`", "").partition(" / ")
        if first not in program:
            missing.append(first)
    assert missing == []
