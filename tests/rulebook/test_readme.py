"""The moderators' page names every field and every fault there is, and its examples are rules that load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from bot.moderation.fitting import fit
from bot.moderation.workshop import Workshop
from bot.proof import prove
from bot.rulebook.entries import CueFile, spread_shorthand
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
from bot.rulebook.schema import KINDS, schema_of
from tests.rulebook.readme_page import PAGE, block, blocks, chapters, rules_with_the_page

WALK = "kratom-sends-goblin-home"
"""The rule of the five-minute walk; tests/rulebook/test_readme_walk.py goes it."""
CHAPTERS: dict[type[BaseModel], str] = {
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
def test_every_field_is_explained_in_its_chapter(model: type[BaseModel]) -> None:
    chapter = chapters()[CHAPTERS[model]]
    assert [name for name in model.model_fields if f"`{name}`" not in chapter] == []


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
def test_every_choice_is_explained(model: type[BaseModel]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    words = choices(TypeAdapter(model).json_schema())
    assert len(words) > 3
    assert [word for word in words if f"`{word}`" not in page] == []


EXAMPLES: dict[str, Any] = {
    "Rules": list[Rule],
    "Examples": Examples,
    "The lexicon": dict[str, Concept],
    "Cues": CueFile,
    "Families": list[Family],
    "Caveats": list[Caveat],
    "Evidence": list[Evidence],
    "Documents": list[Document],
    "Emergencies": Emergency,
    "Languages": Language,
    "Learned from examples": Learned,
    "A server’s own changes": Overlay,
}
"""What the first YAML example of each chapter is."""

OPTIONAL_AND_SELDOM = {(Learned, "note")}
"""Fields that are explained and stand in no example."""


def example_of(chapter: str) -> Any:
    """Read the first example of a chapter into its model."""
    data = block(chapter)
    if chapter == "Examples":
        data = spread_shorthand(data)["examples"]  # type: ignore[index,call-overload]
    elif chapter == "A server’s own changes":
        return read_overlay(blocks(chapter)[0]).value
    elif isinstance(data, list):
        data = [spread_shorthand(item) for item in data]
    else:
        data = spread_shorthand(data)
    return TypeAdapter(EXAMPLES[chapter]).validate_python(data)


def written(value: Any) -> Iterator[tuple[type[BaseModel], str]]:
    """Give every field that is written out in a value, with its model."""
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield type(value), name
            yield from written(getattr(value, name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from written(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from written(one)


def test_every_chapter_with_fields_has_an_example() -> None:
    assert EXAMPLES.keys() == set(CHAPTERS.values())
    assert [chapter for chapter in EXAMPLES if not blocks(chapter)] == []


@pytest.mark.parametrize("model", CHAPTERS, ids=lambda model: model.__name__)
def test_every_field_stands_in_the_example_of_its_chapter(model: type[BaseModel]) -> None:
    shown = set(written(example_of(CHAPTERS[model])))
    missing = [name for name in model.model_fields if (model, name) not in shown | OPTIONAL_AND_SELDOM]
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
