"""The schemas that editors use: current, in agreement with the loader, and offering the ids there are."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.rulebook.entries import CueFile
from bot.rulebook.faults import choice_keys
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Rule, Rulebook
from bot.rulebook.schema import KINDS, schema_of, text_of, write_schemas
from bot.rulebook.yaml_source import data_of, read_yaml

SHIPPED = Path(__file__).parents[2] / "rules"
SMALL = Path(__file__).parents[1] / "small_rules"

FOLDERS = ("claims", "lexicon", "languages")


@cache
def rulebook_of(folder: Path) -> Rulebook:
    return load_rulebook(folder)


def kind_of(path: Path) -> str:
    return path.parent.name if path.parent.name in FOLDERS else path.stem


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.yaml"))


def data_in(path: Path) -> Any:
    node = read_yaml(path, [])
    assert node is not None
    return data_of(node, choice_keys(Rule) | choice_keys(CueFile))


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_a_schema(kind: str) -> None:
    schema = schema_of(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["description"]
    assert "\\n" not in json.dumps(schema)


@pytest.mark.parametrize(
    "path", files_of(SHIPPED) + files_of(SMALL), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_all_rules_agree_with_their_schema(path: Path) -> None:
    folder = path.parent.parent if path.parent.name in FOLDERS else path.parent
    validator = Draft202012Validator(schema_of(kind_of(path), rulebook_of(folder)))
    assert [error.message for error in validator.iter_errors(data_in(path))] == []


@pytest.mark.parametrize("path", files_of(SHIPPED), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_shipped_file_names_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    named = (path.parent / first.partition("=")[2]).resolve()
    assert named == SHIPPED / "schema" / f"{kind_of(path)}.json"


def test_shipped_schemas_are_current() -> None:
    """`caveat-bot rules schema` writes them anew."""
    rulebook = rulebook_of(SHIPPED)
    for kind in KINDS:
        shipped = (SHIPPED / "schema" / f"{kind}.json").read_text(encoding="utf-8")
        assert shipped == text_of(schema_of(kind, rulebook)), kind


def test_ids_are_offered() -> None:
    schema = schema_of("claims", rulebook_of(SMALL))
    properties = schema["$defs"]["Rule"]["properties"]
    assert properties["family"]["enum"] == ["cold-relief", "garlic-safe"]
    assert properties["caveats"]["items"]["enum"] == ["little-known", "stomach"]
    assert properties["evidence"]["items"]["enum"] == ["e-one-trial"]
    assert "enum" not in properties["id"]


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"examples": {"fires": ["text"], "silent": [{"text": "a", "because": "b"}]}}, True),
        (
            {
                "examples": {
                    "fires": [{"text": "a", "stance": "asks"}],
                    "silent": [{"text": "a", "because": "b"}],
                }
            },
            True,
        ),
        ({"examples": {"fires": ["text"], "silent": ["text"]}}, False),
        ({"examples": {"fires": [], "silent": [{"text": "a", "because": "b"}]}}, False),
        ({"family": "unknown"}, False),
        ({"caveats": ["unknown"]}, False),
        ({"cutof": 80}, False),
        ({"cutoff": "80"}, False),
        ({"status": "quiet"}, False),
    ],
)
def test_what_a_schema_lets_through(change: dict[str, Any], holds: bool) -> None:
    rule = {
        "id": "a",
        "family": "cold-relief",
        "phrases": ["<a> b"],
        "examples": {"fires": ["x"], "silent": [{"text": "a", "because": "b"}]},
    }
    validator = Draft202012Validator(schema_of("claims", rulebook_of(SMALL)))
    assert validator.is_valid([{**rule, **change}]) is holds


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    first = write_schemas(tmp_path)
    assert [path.name for path in first] == [f"{kind}.json" for kind in KINDS]
    assert write_schemas(tmp_path) == ()
    first[0].write_text("{}", encoding="utf-8")
    assert write_schemas(tmp_path) == (first[0],)
