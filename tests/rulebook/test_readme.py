"""The moderators' page names every field and every fault there is, and its examples are rules that load."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from bot.moderation.fitting import fit
from bot.moderation.workshop import Workshop
from bot.proof import prove
from bot.rulebook.entries import CueFile
from bot.rulebook.faults import choice_keys
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
from bot.rulebook.yaml_source import data_of, parse_yaml

PAGE = Path(__file__).parents[2] / "rules" / "README.md"
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
    Learned: "Learned from examples",
    Overlay: "A server’s own changes",
    RuleChange: "A server’s own changes",
    AddedExamples: "A server’s own changes",
    CaveatWording: "A server’s own changes",
}


def chapters() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


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


@pytest.mark.parametrize(
    ("chapter", "model"),
    [
        ("Rules", list[Rule]),
        ("The lexicon", dict[str, Concept]),
        ("Cues", CueFile),
        ("Families", list[Family]),
        ("Evidence", list[Evidence]),
        ("Documents", list[Document]),
        ("Emergencies", Emergency),
        ("Learned from examples", Learned),
    ],
)
def test_every_example_on_the_page_is_right(chapter: str, model: Any) -> None:
    found = re.search(r"```yaml\n(.*?)```", chapters()[chapter], re.DOTALL)
    assert found
    faults: list[Any] = []
    node = parse_yaml(found.group(1), PAGE, faults)
    assert faults == []
    assert node is not None
    data: Any = data_of(node, choice_keys(Rule) | choice_keys(CueFile))
    for rule in data if isinstance(data, list) else [data]:
        if "examples" in rule:
            rule["examples"]["fires"] = [{"text": text} for text in rule["examples"]["fires"]]
    TypeAdapter(model).validate_python(data)


def test_the_example_of_a_servers_changes_fits_the_small_rules() -> None:
    found = re.search(r"```yaml\n(.*?)```", chapters()["A server’s own changes"], re.DOTALL)
    assert found
    proven = prove(Path(__file__).parents[1] / "small_rules")
    fitted = fit(proven, read_overlay(found.group(1)), Workshop()).require()
    assert {rule.id for rule in fitted.compiled.rules} == {"garlic-cures-colds", "our-tonic"}


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
