"""JSON Schema for the files of `rules/`, so that an editor completes and checks while a moderator types."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.rulebook.entries import CueFile
from bot.rulebook.language import Language
from bot.rulebook.model import (
    Caveat,
    Concept,
    Document,
    Emergency,
    Evidence,
    Family,
    Learned,
    Rule,
    Rulebook,
)
from bot.rulebook.part import Identifier
from bot.rulebook.pydantic_form import adapter_of

SCHEMA_FOLDER = "schema"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"

# What the schema of each kind is made from, and what its file holds.
_KINDS: Mapping[str, tuple[Any, str]] = {
    "lexicon": (
        dict[Identifier, Concept],
        "The lexicon: concepts, each with the ways in which people write it.",
    ),
    "cues": (CueFile, "Cues: words that tell who stands behind a claim."),
    "families": (tuple[Family, ...], "Claim families: what members say, and what it is answered with."),
    "claims": (tuple[Rule, ...], "Rules of one claim family; the file bears the family's name."),
    "caveats": (tuple[Caveat, ...], "Caveats in our own words, with what they rest on."),
    "evidence": (tuple[Evidence, ...], "Lines from other sources."),
    "documents": (tuple[Document, ...], "The documents that the caveats are drawn from."),
    "emergency": (Emergency, "Signs that somebody needs help now."),
    "languages": (Language, "What members see in a reply, in another language than English."),
    "learned": (
        Learned,
        "How far the second opinion of labelled examples is trusted.",
    ),
}
KINDS = tuple(_KINDS)

Schema = dict[str, Any]


def schema_of(kind: str, rulebook: Rulebook | None = None) -> Schema:
    """Give the JSON Schema of one kind of file.

    Args:
        kind: one of `KINDS`.
        rulebook: where one is given, ids of families, caveats, evidence and documents are held to those in
        it, so
            that an editor offers them. Concepts are not: a moderator writes them as they come to mind.

    Returns:
        the schema, in draft 2020-12.

    Raises:
        KeyError: there is no such kind.
    """
    annotation, describes = _KINDS[kind]
    schema: Schema = adapter_of(annotation, described=True).json_schema()
    _tidy(schema)
    _allow_shorthand(schema)
    if rulebook is not None:
        _offer_ids(schema, kind, rulebook)
    schema.pop("description", None)
    return {"$schema": _DIALECT, "title": kind, "description": describes, **schema}


def write_schemas(folder: Path, rulebook: Rulebook | None = None) -> tuple[Path, ...]:
    """Write the schemas of all kinds into `schema` below the folder of rules.

    Args:
        folder: the folder of rules.
        rulebook: as for `schema_of`.

    Returns:
        the files that were written because they were not yet the same.

    Raises:
        OSError: the folder cannot be written.
    """
    target = folder / SCHEMA_FOLDER
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in KINDS:
        path = target / f"{kind}.json"
        text = text_of(schema_of(kind, rulebook))
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return tuple(written)


def text_of(schema: Schema) -> str:
    """Give a schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _walk(schema: object, visit: Callable[[Schema], None]) -> None:
    if isinstance(schema, dict):
        visit(schema)
        for value in schema.values():
            _walk(value, visit)
    elif isinstance(schema, list):
        for value in schema:
            _walk(value, visit)


def _tidy(schema: Schema) -> None:
    """Join the lines of docstrings, and leave out titles: an editor would show them before descriptions."""

    def visit(part: Schema) -> None:
        if isinstance(part.get("title"), str):
            del part["title"]
        if isinstance(part.get("description"), str):
            part["description"] = " ".join(part["description"].split())

    _walk(schema, visit)


def _allow_shorthand(schema: Schema) -> None:
    """Let a firing example be only a text."""
    examples = schema.get("$defs", {}).get("Examples")
    if examples:
        fires = examples["properties"]["fires"]
        text = schema["$defs"]["FiringExample"]["properties"]["text"]
        fires["items"] = {"anyOf": [dict(text), fires["items"]]}


def _offer_ids(schema: Schema, kind: str, rulebook: Rulebook) -> None:
    """Hold ids to those of the rulebook wherever they point at something; where they are made, any will
    do."""
    offered = {
        "family": [family.id for family in rulebook.families],
        "gives_way_to": [family.id for family in rulebook.families],
        "caveats": [caveat.id for caveat in rulebook.caveats],
        "evidence": [line.id for line in rulebook.evidence],
    }
    owner = {"claims": "Rule", "families": "Family"}.get(kind)
    properties = schema["$defs"][owner]["properties"] if owner else {}
    for name, ids in offered.items():
        if name in properties:
            target = properties[name].get("items", properties[name])
            for keyword in ("pattern", "maxLength"):
                target.pop(keyword, None)
            target["enum"] = ids
    if kind == "languages":
        for name, known in (("families", "family"), ("caveats", "caveats"), ("evidence", "evidence")):
            schema["properties"][name]["propertyNames"] = {"enum": offered[known]}
            schema["properties"][name]["required"] = offered[known]
    if kind == "caveats":
        letters = "".join(document.id for document in rulebook.documents)
        place = schema["$defs"]["Statement"]["properties"]["at"]
        place["pattern"] = rf"^[{letters}]:[1-9][0-9]*:[1-9][0-9]*$"
