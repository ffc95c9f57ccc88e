"""What is wrong in the content of a file, told where it is, in words for a moderator."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic_core import ErrorDetails

from bot.errors import Fault
from bot.rulebook.entries import CueFile
from bot.rulebook.faults import SENTENCES, choice_keys, fault_of, model_at, suggest
from bot.rulebook.model import (
    Caveat,
    Concept,
    Document,
    Emergency,
    Evidence,
    Family,
    FiringExample,
    Rule,
    Status,
)
from bot.rulebook.overlay import Overlay
from bot.rulebook.pydantic_form import adapter_of
from bot.rulebook.yaml_source import parse_yaml

Faults = Callable[[], list[Fault]]

RULE = "claims/cold-relief.yaml"
OTHER = "claims/garlic-safe.yaml"

# file, what stands there, what is put in its place, line, column, part of the sentence
BROKEN = [
    (
        RULE,
        "family: cold-relief",
        "famly: cold-relief",
        2,
        3,
        "`famly` is not a key that is known here. Did you mean `family`?",
    ),
    (
        RULE,
        "family: cold-relief",
        "famly: cold-relief",
        1,
        3,
        "`family` is missing (the claim family it belongs to",
    ),
    (
        RULE,
        "    - {phrase: <garlic> in hot cold brew, because: a drink}",
        "    - <garlic> brew",
        9,
        7,
        "Write {phrase: …, because: …}.",
    ),
    (RULE, "because: a drink", "reason: a drink", 9, 7, "`because` is missing"),
    (RULE, "because: a drink", "because: a, drink}  # {", 9, 55, "put the whole text in quotes"),
    (RULE, "within: 14", "within: long", 6, 11, "a whole number is wanted"),
    (RULE, "within: 14", 'within: "14"', 6, 11, "in digits and without quotes"),
    (RULE, "within: 14", "within: 14.5", 6, 11, "a whole number is wanted"),
    (RULE, "within: 14", "within: yes", 6, 11, "a whole number is wanted"),
    (RULE, "within: 14", "within: 1", 6, 11, "2 is the least"),
    (RULE, "cutoff: 84", "cutoff: 101", 7, 11, "100 is the most"),
    (RULE, "cutoff: 84", "cutoff:", 7, 3, "there is nothing behind `cutoff:`"),
    (RULE, "      - «garlic cured my cold» overnight", "      -", 12, 8, "there is nothing behind `-`"),
    (RULE, "      - «garlic cured my cold» overnight", "      - no", 12, 9, 'Put it in quotes: "no".'),
    (
        RULE,
        "      - «garlic cured my cold» overnight",
        "      - 988",
        12,
        9,
        "`988` without quotes is a number",
    ),
    (
        RULE,
        "      - «garlic cured my cold» overnight",
        "      - [garlic, cured]",
        12,
        9,
        "keys are wanted here: text",
    ),
    (
        RULE,
        "- <garlic> <tames> <common-cold>",
        "- [garlic, cured]",
        4,
        7,
        "a single text is wanted here, not a list",
    ),
    (RULE, "- <garlic> <tames> <common-cold>", "- {a: b}", 4, 7, "not keys with values"),
    (RULE, "- <garlic> <tames> <common-cold>", '- ""', 4, 7, "the text is empty"),
    (RULE, "- <garlic> <tames> <common-cold>", "- " + "a" * 401, 4, 7, "at most 400 characters"),
    (
        RULE,
        "- <garlic> <tames> <common-cold>",
        "- <garlic> <tame> <common-cold>",
        4,
        7,
        "Did you mean `tames`?",
    ),
    (RULE, "- <garlic> <tames> <common-cold>", "- <garlic", 4, 7, "this `<` is never closed"),
    (RULE, "- <garlic> <tames> <common-cold>", "- <garlic>", 4, 7, "would fire on every message"),
    (
        RULE,
        "- <garlic> <tames> <common-cold>",
        "- <common-cold> & <cures> & <garlic>",
        5,
        7,
        "the same phrase stands on line 4",
    ),
    (
        RULE,
        "- <garlic> <tames> <common-cold>",
        "\n".join(["- x"] + [f"    - w{n}" for n in range(200)]),
        4,
        5,
        "at most 200 entries",
    ),
    (RULE, "want: fires", "want: fire", 19, 65, "Did you mean `fires`? Known are: fires, silent."),
    (RULE, "stance: asks", "stance: [asks]", 13, 52, "one word is wanted here"),
    (RULE, "context: [what about garlic]", "context: what about garlic", 14, 55, "a list is wanted here"),
    (
        RULE,
        "«garlic cured my cold» overnight",
        "«garlic cured my cold overnight",
        12,
        9,
        "« and » do not belong together",
    ),
    (
        RULE,
        "«garlic cured my cold» overnight",
        "»garlic« cured my cold",
        12,
        9,
        "« and » do not belong together",
    ),
    (RULE, "id: garlic-cures-colds", "id: Garlic cures", 1, 7, "`Garlic cures` is not a good id"),
    (
        OTHER,
        "id: garlic-is-harmless",
        "id: garlic-cures-colds",
        1,
        7,
        "the rule `garlic-cures-colds` is already there: cold-relief.yaml, line 1",
    ),
    (RULE, "family: cold-relief", "family: garlic-safe", 2, 11, "Move the rule to claims/garlic-safe.yaml"),
    (OTHER, "status: shadow", "status: quiet", 3, 11, "Write one of: live, shadow, off."),
    (
        OTHER,
        "caveats: [stomach]",
        "caveats: [stomac]",
        6,
        13,
        "the caveat `stomac` is not in caveats.yaml. Did you mean `stomach`?",
    ),
    (OTHER, "caveats: [stomach]", "caveats: [stomach, stomach]", 6, 12, "stands 2 times"),
    (OTHER, "asks: silent", "gives_way_to: [cold-relef]", 8, 18, "Did you mean `cold-relief`?"),
    (OTHER, "evidence: [e-one-trial]", "evidence: [zzz]", 7, 14, "Write one of: e-one-trial."),
    (OTHER, "  examples:", "  eggsamples:", 1, 3, "`examples` is missing"),
    (OTHER, "    fires:\n      - garlic is harmless\n", "", 11, 5, "Add a message on which it must fire."),
    (OTHER, "    fires:\n      - garlic is harmless\n", "    fires: []\n", 11, 12, "at least 1 entry"),
    (OTHER, "    silent:", "    # silent:", 11, 5, "`silent` is missing"),
    ("lexicon.yaml", "role: topic", "role: topical", 3, 9, "Did you mean `topic`?"),
    ("lexicon.yaml", "zinc:", "Zinc Oxide:", 11, 1, "`Zinc Oxide` is not a good name for a concept"),
    ("lexicon.yaml", "verbs: [prevent, ward off]", "note: nothing", 16, 1, "nothing by which it can be seen"),
    (
        "lexicon.yaml",
        "verbs: [prevent, ward off]",
        "phrases: [<tames>]",
        16,
        1,
        "in a circle: prevents → tames → prevents",
    ),
    ("lexicon.yaml", "[zinc, zinc lozenge]", "[<garlic> drink]", 12, 11, "Write it under `phrases`."),
    ("lexicon.yaml", "[zinc, zinc lozenge]", "[zinc|iron]", 12, 11, "Write each word as an entry of its own"),
    ("lexicon.yaml", "[zinc, zinc lozenge]", "[zinc ...]", 12, 11, "stands alone between two words"),
    ("lexicon.yaml", "exactly: [flu]", "exactly: [the ... flu]", 8, 13, "means nothing in `exactly`"),
    ("lexicon.yaml", "words: [zinc, zinc lozenge]", "words: zinc", 12, 10, "a list is wanted here"),
    (
        "lexicon.yaml",
        "words: [zinc, zinc lozenge]\n  role: rival",
        "zinc",
        12,
        3,
        "keys are wanted here: words, verbs",
    ),
    ("lexicon.yaml", "kinds: [amount]", "kinds: [amounts]", 21, 11, "Did you mean `amount`?"),
    ("cues.yaml", "category: denies", "category: denys", 3, 34, "Did you mean `denies`?"),
    ("cues.yaml", "id: but", "id: they-say", 6, 10, "the cue `they-say` is already there: line 5"),
    ("cues.yaml", "[but, although]", "[but, <dout>]", 5, 45, "the concept `dout` is not in the lexicon"),
    ("cues.yaml", "cues:", "cue:", 2, 1, "Did you mean `cues`?"),
    ("families.yaml", "id: garlic-safe", "id: garlic-fine", 12, 7, "the family `garlic-fine` has no rule"),
    ("families.yaml", "    - A small note on garlic and safety.\n", "", 15, 5, "at least 2 entries"),
    ("caveats.yaml", "at: G:1:3", "at: G1:3", 7, 12, "Write document, line and sentence: A:7:4."),
    ("caveats.yaml", "at: G:1:3", "at: H:1:3", 7, 12, "the document `H` is not in documents.yaml"),
    ("caveats.yaml", "sha256: ", "sha256: x", 7, 27, "is not a SHA-256"),
    (
        "caveats.yaml",
        "  statements:\n    - {at: G:1:3",
        "  statemnts:\n    - {at: G:1:3",
        1,
        3,
        "`statements` is missing (what it rests on)",
    ),
    ("documents.yaml", "line: 2", "line: 1", 6, 14, "the one before at 1"),
    ("documents.yaml", "line: 1", "line: 2", 6, 14, "Put the sections in the order"),
    ("documents.yaml", "id: G", "id: garlic", 1, 7, "a document's is one capital"),
    (
        "evidence.yaml",
        "link: https://example.org/garlic",
        "link: example.org",
        6,
        9,
        "Begin it with https://",
    ),
    ("evidence.yaml", "year: 2014", "year: 1914", 5, 9, "1990 is the least"),
    ("emergency.yaml", "cannot|cant breathe", "cannot| breathe", 2, 5, "nothing on one side"),
    (
        "emergency.yaml",
        "cant breathe laughing, because",
        "<laughs>, because",
        5,
        14,
        "the concept `laughs` is not",
    ),
]

WHOLE_FILES = [
    ("lexicon.yaml", "- garlic", "made of names with what they mean"),
    (
        "families.yaml",
        "id: a",
        "must be a list of entries. Begin each entry with `- ` at the beginning of a line: `- id: …`.",
    ),
    ("cues.yaml", "- it", "keys are wanted here: cues"),
    (RULE, "just words", "must be a list of entries"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "column", "words"), BROKEN)
def test_a_fault_is_told_where_it_is(
    rules: Path, faults_of: Faults, file: str, old: str, new: str, line: int, column: int, words: str
) -> None:
    path = rules / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    told = [fault for fault in faults_of() if words in f"{fault.problem} {fault.instead}"]
    assert told, [str(fault) for fault in faults_of()]
    assert {(fault.path, fault.line, fault.column) for fault in told} == {(path, line, column)}


@pytest.mark.parametrize(("file", "content", "words"), WHOLE_FILES)
def test_a_file_of_the_wrong_kind(
    rules: Path, faults_of: Faults, file: str, content: str, words: str
) -> None:
    (rules / file).write_text(content, encoding="utf-8")
    assert any(words in str(fault) and fault.path == rules / file for fault in faults_of())


def test_a_statement_before_the_first_section(rules: Path, faults_of: Faults) -> None:
    path = rules / "documents.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("    - {line: 1, title: In short}\n", ""), encoding="utf-8"
    )
    (fault,) = faults_of()
    assert "line 1 of document G lies before its first section" in fault.problem


def test_one_slip_makes_one_fault(rules: Path, faults_of: Faults) -> None:
    path = rules / "claims" / "garlic-safe.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("status: shadow", "status: sahdow"), encoding="utf-8"
    )
    assert len(faults_of()) == 1


def error_types(schema: object) -> set[str]:
    """Give the types of error that a model can give, from the keywords of its JSON Schema."""
    by_keyword = {
        "minLength": "string_too_short",
        "maxLength": "string_too_long",
        "pattern": "string_pattern_mismatch",
        "minItems": "too_short",
        "maxItems": "too_long",
        "maxProperties": "too_long",
        "minimum": "greater_than_equal",
        "maximum": "less_than_equal",
    }
    by_type = {"string": "string_type", "array": "tuple_type", "object": "model_type", "integer": "int_type"}
    found: set[str] = set()
    if isinstance(schema, dict):
        found |= {by_keyword[key] for key in schema if key in by_keyword}
        kind = schema.get("type")
        if isinstance(kind, str) and kind in by_type and "enum" not in schema:
            is_map = kind == "object" and "properties" not in schema
            found.add("dict_type" if is_map else by_type[kind])
        if "enum" in schema:
            found |= {"enum", "literal_error"}
        for value in schema.values():
            found |= error_types(value)
    elif isinstance(schema, list):
        for value in schema:
            found |= error_types(value)
    return found


def test_every_type_of_error_has_words_of_its_own() -> None:
    models = (Concept, CueFile, Family, Rule, Caveat, Evidence, Document, Emergency, Overlay)
    possible: set[str] = set()
    for model in models:
        possible |= error_types(adapter_of(model).json_schema())
    assert possible <= set(SENTENCES)
    assert set(SENTENCES) - possible == {"int_from_float"}


def test_no_sentence_speaks_of_programs(rules: Path, faults_of: Faults) -> None:
    """A moderator knows nothing of strings, mappings and nulls."""
    foreign = re.compile(
        r"\b(string|integer|boolean|null|none|tuple|dict|mapping|sequence|scalar|token|parse|schema)\b", re.I
    )
    for file, old, new, *_ in BROKEN:
        path = rules / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        for fault in faults_of():
            assert not foreign.search(fault.problem + fault.instead), str(fault)
        path.write_text(text, encoding="utf-8")


def test_keys_whose_values_are_choices() -> None:
    assert choice_keys(Rule) == {"status", "asks", "only", "stance", "want"}
    assert choice_keys(Concept) == {"role", "kinds"}
    assert choice_keys(CueFile) == {"category", "direction", "at"}


def test_an_error_nobody_knows_still_gets_words() -> None:
    node = parse_yaml("id: a\n", Path("a.yaml"), [])
    assert node is not None
    error = ErrorDetails(type="brand_new", loc=("id",), msg="Odd value", input="a")
    fault = fault_of(error, node, Rule)
    assert (fault.line, fault.column) == (1, 5)
    assert fault.problem == "this cannot stand here (odd value)."


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ((), Rule),
        (("status",), Status),
        (("examples", "fires", 3), FiringExample),
        (("examples", "fires", 3, "nowhere"), None),
        (("id", "nowhere"), None),
    ],
)
def test_what_stands_at_a_place_of_a_model(where: tuple[str | int, ...], found: object) -> None:
    assert model_at(Rule, where) is found


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("kratm", ("kratom", "headache"), "Did you mean `kratom`?"),
        ("xyz", ("kratom", "headache"), "Write one of: kratom, headache."),
        ("xyz", tuple(f"concept-{n}" for n in range(30)), ""),
        ("xyz", (), ""),
    ],
)
def test_what_was_probably_meant(word: str, known: tuple[str, ...], said: str) -> None:
    assert suggest(word, known) == said
