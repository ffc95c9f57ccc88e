"""Pydantic's complaints as faults for a moderator: where, what is wrong, what to write instead."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from enum import EnumType, StrEnum
from functools import lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Literal, Union, get_args, get_origin

from msgspec import Struct
from msgspec.structs import FieldInfo, fields
from rapidfuzz import fuzz, process

from bot.described import meaning_of
from bot.errors import Fault
from bot.rulebook.place import Place
from bot.rulebook.yaml_source import ListNode, MappingNode, Node, ScalarNode, is_nothing

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_CLOSE_ENOUGH = 70
_KEY = "[key]"
_LONGEST_LISTED = 12

Sentence = tuple[str, str]


def suggest(word: str, known: Sequence[str]) -> str:
    """Say which of the known words was probably meant.

    Args:
        word: what was written.
        known: what could have been written.

    Returns:
        a sentence: "Did you mean `kratom`?", or the list of the known words where it is short, or nothing.
    """
    close = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    if close:
        return f"Did you mean `{close[0]}`?"
    return f"Write one of: {', '.join(known)}." if 0 < len(known) <= _LONGEST_LISTED else ""


def node_at(node: Node, where: Sequence[int | str]) -> tuple[Node, ScalarNode | None]:
    """Go down into a node.

    Args:
        node: where to begin.
        where: keys and list positions, as in a pydantic error; what is not there ends the way.

    Returns:
        the last node that is there, and the key whose value it is, where it is one.
    """
    key: ScalarNode | None = None
    for step in where:
        if isinstance(node, MappingNode) and isinstance(step, str) and node.get(step) is not None:
            key, node = next(entry for entry in node.entries if entry[0].text == step)
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            key, node = None, node.items[step]
        else:
            break
    return node, key


def place_at(node: Node, where: Sequence[int | str]) -> Place:
    """Give the place of what `where` leads to; for a key with nothing behind it, the key's."""
    found, key = node_at(node, where)
    return key.place if key is not None and is_nothing(found) else found.place


def fault_of(error: ErrorDetails, node: Node, model: type[Struct]) -> Fault:
    """Turn one of pydantic's errors into a fault.

    Args:
        error: the error, from validating the data of `node` with `model`.
        node: the node.
        model: the model.

    Returns:
        the fault.
    """
    where = error["loc"]
    found, key = node_at(node, where)
    if where[-1:] == (_KEY,) and key is not None:
        problem, instead = _SHAPES["id"]
        return key.place.fault(f"`{key.text}` {problem}.", instead)
    if error["type"] == "extra_forbidden" and key is not None:
        problem, instead = _unknown_key(str(where[-1]), found, model_at(model, where[:-1]))
        return key.place.fault(problem, instead)
    if error["type"] == "missing":
        problem, instead = _missing_key(str(where[-1]), model_at(model, where[:-1]))
        return found.place.fault(problem, instead)
    if error["type"] in _WANTS_VALUE and is_nothing(found):
        name = f"`{key.text}:`" if key else "`-`"
        problem, instead = f"there is nothing behind {name}.", "Write a value, or take the line away."
        return place_at(node, where).fault(problem, instead)
    sentence = SENTENCES.get(error["type"], _anything_else)
    problem, instead = sentence(error, found, model_at(model, where))
    return found.place.fault(problem, instead)


def model_at(model: object, where: Sequence[int | str]) -> object:
    """Follow keys and list positions through a model's annotations.

    Args:
        model: a model or another annotation.
        where: keys and list positions.

    Returns:
        the annotation that stands there, or None.
    """
    found = _bare(model)
    for step in where:
        if isinstance(step, int) and get_origin(found) is tuple:
            found = _bare(get_args(found)[0])
        elif isinstance(step, str) and step in fields_of(found):
            found = _bare(fields_of(found)[step].type)
        elif isinstance(step, str) and get_origin(found) is dict:
            found = _bare(get_args(found)[1])
        else:
            return None
    return found


def fields_of(annotation: object) -> Mapping[str, FieldInfo]:
    """Give the keys of a model, derived from the model, so that they cannot part from it."""
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return _fields_of(annotation)
    return {}


@lru_cache
def _fields_of(kind: type[Struct]) -> Mapping[str, FieldInfo]:
    return {one.name: one for one in fields(kind)}


@lru_cache
def choice_keys(model: type[Struct]) -> frozenset[str]:
    """Give the keys of a model, and of the models inside of it, whose value is one of a few words."""
    found: set[str] = set()
    for name, field in fields_of(model).items():
        inner = _bare(field.type)
        if get_origin(inner) in (tuple, dict):
            inner = _bare(get_args(inner)[-1 if get_origin(inner) is dict else 0])
        if get_origin(inner) is Literal or (isinstance(inner, type) and issubclass(inner, StrEnum)):
            found.add(name)
        elif isinstance(inner, type) and issubclass(inner, Struct):
            found |= choice_keys(inner)
    return frozenset(found)


def _bare(annotation: object) -> object:
    """Take off `Annotated` and `| None`."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _unknown_key(name: str, found: Node, model: object) -> Sentence:
    known = list(fields_of(model))
    if isinstance(found, ScalarNode) and is_nothing(found) and isinstance(model, type):
        instead = "If it belongs to the text before it, put the whole text in quotes."
        return f"`{name}` is read as a key, but no such key is known here.", instead
    instead = suggest(name, known) or f"Known are: {', '.join(known)}."
    return f"`{name}` is not a key that is known here.", instead


def _missing_key(name: str, model: object) -> Sentence:
    meaning = ""
    if isinstance(model, type) and issubclass(model, Struct) and name in fields_of(model):
        meaning = meaning_of(model, name).split(". ")[0].rstrip(".")
    hint = f" ({meaning[:1].lower()}{meaning[1:]})" if meaning else ""
    special = {
        "examples": "Add examples: messages on which it fires, and messages on which it stays silent.",
        "fires": "Add a message on which it must fire.",
        "silent": "Add a message on which it must stay silent, and why.",
        "because": "Say why, for the moderator who comes after: `because: another meaning`.",
    }
    return f"`{name}` is missing{hint}.", special.get(name, f"Add `{name}: …`.")


def _text_wanted(error: ErrorDetails, found: Node, model: object) -> Sentence:
    if isinstance(found, ScalarNode):
        kind = "a number" if found.text.strip("+-.0123456789") == "" else "a switch, not a word"
        return f"`{found.text}` without quotes is {kind}.", f'Put it in quotes: "{found.text}".'
    kind = "a list" if isinstance(found, ListNode) else "keys with values"
    instead = "Write one text in one line; text that begins with `[` or `{` needs quotes around it."
    return f"a single text is wanted here, not {kind}.", instead


def _list_wanted(error: ErrorDetails, found: Node, model: object) -> Sentence:
    return "a list is wanted here.", "Write each entry on a line of its own that begins with `- `."


def _keys_wanted(error: ErrorDetails, found: Node, model: object) -> Sentence:
    required = [name for name, field in fields_of(model).items() if field.required]
    names = required or list(fields_of(model))
    shape = "{" + ", ".join(f"{name}: …" for name in names) + "}"
    return f"keys are wanted here: {', '.join(names)}.", f"Write {shape}."


def _names_wanted(error: ErrorDetails, found: Node, model: object) -> Sentence:
    return (
        "names with what is said of them are wanted here.",
        "Write `name: …` on a line of its own, moved in.",
    )


def _number_wanted(error: ErrorDetails, found: Node, model: object) -> Sentence:
    return "a whole number is wanted here.", "Write it in digits and without quotes: 12."


def _choice_wanted(error: ErrorDetails, found: Node, model: object) -> Sentence:
    choices = list(model) if isinstance(model, EnumType) else get_args(model)
    known = [str(choice) for choice in choices]
    if not isinstance(found, ScalarNode):
        return "one word is wanted here.", f"Write one of: {', '.join(known)}."
    problem = f"`{found.text}` is not one of the words that are known here."
    close = suggest(found.text, known)
    return problem, close if close.startswith("Write") else f"{close} Known are: {', '.join(known)}.".strip()


def _too_short(error: ErrorDetails, found: Node, model: object) -> Sentence:
    least = error["ctx"]["min_length"]
    entries = "entry" if least == 1 else "entries"
    return f"the list is too short: at least {least} {entries} must stand here.", "Add what is missing."


def _too_long(error: ErrorDetails, found: Node, model: object) -> Sentence:
    most = error["ctx"]["max_length"]
    return f"the list is too long: at most {most} entries may stand here.", "Make a second rule of the rest."


def _text_empty(error: ErrorDetails, found: Node, model: object) -> Sentence:
    return "the text is empty.", "Write something between the quotes, or take the line away."


def _text_long(error: ErrorDetails, found: Node, model: object) -> Sentence:
    most = error["ctx"]["max_length"]
    return f"the text is too long: at most {most} characters are allowed.", "Shorten it."


def _too_small(error: ErrorDetails, found: Node, model: object) -> Sentence:
    least = error["ctx"]["ge"]
    return f"the number is too small: {least} is the least.", f"Write {least} or more."


def _too_large(error: ErrorDetails, found: Node, model: object) -> Sentence:
    most = error["ctx"]["le"]
    return f"the number is too large: {most} is the most.", f"Write {most} or less."


_SHAPES: Mapping[str, Sentence] = {
    "id": (
        "is not a good id",
        "Use small letters, digits and hyphens: `relief-of-headache`; a document's is one capital.",
    ),
    "at": ("is not a place in a document", "Write document, line and sentence: A:7:4."),
    "sha256": (
        "is not a SHA-256",
        "`caveat-bot rules verify-sources` tells the right one: 64 digits and letters a-f.",
    ),
    "corpus": ("is not a SHA-256", "`caveat-bot learn` writes the right one."),
    "link": ("is not an address", "Begin it with https:// and leave no spaces in it."),
}


def _bad_shape(error: ErrorDetails, found: Node, model: object) -> Sentence:
    name = next((step for step in reversed(error["loc"]) if isinstance(step, str)), "id")
    problem, instead = _SHAPES.get(name, _SHAPES["id"])
    written = found.text if isinstance(found, ScalarNode) else json.dumps(error["input"])
    return f"`{written}` {problem}.", instead


def _anything_else(error: ErrorDetails, found: Node, model: object) -> Sentence:
    return f"this cannot stand here ({error['msg'].lower()}).", "Compare it with an entry that works."


# One wording for every type of error that the model can give; a test goes through them.
SENTENCES: Mapping[str, Callable[[ErrorDetails, Node, object], Sentence]] = {
    "string_type": _text_wanted,
    "tuple_type": _list_wanted,
    "model_type": _keys_wanted,
    "dict_type": _names_wanted,
    "int_type": _number_wanted,
    "int_from_float": _number_wanted,
    "enum": _choice_wanted,
    "literal_error": _choice_wanted,
    "too_short": _too_short,
    "too_long": _too_long,
    "string_too_short": _text_empty,
    "string_too_long": _text_long,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_large,
    "string_pattern_mismatch": _bad_shape,
}
_WANTS_VALUE = frozenset(SENTENCES) - {"too_short", "string_too_short"}
