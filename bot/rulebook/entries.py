"""The files of `rules/` as entries: each a checked value with the node it came from, to place faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct

from bot.errors import Fault
from bot.rulebook.check import CheckError, check_json, fits
from bot.rulebook.faults import choice_keys, fault_of, fields_of, place_at, suggest
from bot.rulebook.model import Cue
from bot.rulebook.part import Identifier, RulebookPart, Text
from bot.rulebook.place import Place
from bot.rulebook.yaml_source import Data, ListNode, MappingNode, Node, ScalarNode, data_of, read_yaml

PartT = TypeVar("PartT", bound=RulebookPart)


class CueFile(RulebookPart, frozen=True, kw_only=True):
    """The content of cues.yaml."""

    pronouns: tuple[Text, ...] = ()
    """Words that may mean what was spoken of before: it, this, that stuff."""
    openers: tuple[Text, ...] = ()
    """Words that may stand before the first word that counts: so, hey, guys. "so does it help" still begins
    with "does"."""
    cues: Annotated[tuple[Cue, ...], Meta(min_length=1)]
    """The cues."""


class Entry(Struct, Generic[PartT], frozen=True):
    """One entry of a file.

    Args:
        id: its id; empty where it has none.
        node: what was written.
        value: the checked value; None where faults were found in it.
        place: where its id stands.
    """

    id: str
    node: Node
    value: PartT | None
    place: Place

    def place_of(self, *where: int | str) -> Place:
        """Give the place of a part of it: `entry.place_of("examples", "fires", 0)`."""
        return place_at(self.node, where)


class Entries(Struct, Generic[PartT], frozen=True, dict=True):
    """The entries of one kind.

    Args:
        entries: in the order of the files.
        whole: whether every file of this kind could be read, so that an id that is not here is unknown.
    """

    entries: tuple[Entry[PartT], ...] = ()
    whole: bool = True

    def __iter__(self) -> Iterator[Entry[PartT]]:
        return iter(self.entries)

    def __add__(self, other: Entries[PartT]) -> Entries[PartT]:
        return Entries(self.entries + other.entries, self.whole and other.whole)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Every id that is written, whether or not its entry is good."""
        return tuple(entry.id for entry in self.entries if entry.id)

    @cached_property
    def known(self) -> frozenset[str]:
        """The same as a set: whether an id is among them is asked for each concept of each phrase."""
        return frozenset(self.ids)

    @property
    def values(self) -> tuple[PartT, ...]:
        """The good entries."""
        return tuple(entry.value for entry in self.entries if entry.value is not None)


def read_list(path: Path, model: type[PartT], faults: list[Fault]) -> Entries[PartT]:
    """Read a file that is a list of entries with an `id`.

    Args:
        path: the file.
        model: what each entry is.
        faults: takes every fault found.

    Returns:
        the entries.
    """
    node = read_yaml(path, faults)
    if node is None:
        return Entries(whole=False)
    if not isinstance(node, ListNode):
        first = next(iter(fields_of(model)))
        instead = f"Begin each entry with `- ` at the beginning of a line: `- {first}: …`."
        faults.append(node.place.fault("this file must be a list of entries.", instead))
        return Entries(whole=False)
    return Entries(tuple(entry_of(item, model, faults) for item in node.items))


def read_mapping(path: Path, model: type[PartT], faults: list[Fault]) -> Entries[PartT]:
    """Read a file whose keys are ids; arguments and result are those of `read_list`."""
    node = read_yaml(path, faults)
    if node is None:
        return Entries(whole=False)
    if not isinstance(node, MappingNode):
        instead = "Write the name of a concept, a colon, and below it what it has: `kratom:`."
        faults.append(node.place.fault("this file must be made of names with what they mean.", instead))
        return Entries(whole=False)
    entries: list[Entry[PartT]] = []
    for key, value in node.entries:
        good = fits(Identifier, key.text)
        if not good:
            instead = "Use small letters, digits and hyphens: `side-effects`."
            faults.append(key.place.fault(f"`{key.text}` is not a good name for a concept.", instead))
        part = _value(value, key.place, model, faults)
        entries.append(Entry(key.text if good else "", value, part, key.place))
    return Entries(tuple(entries))


def read_one(path: Path, model: type[PartT], faults: list[Fault]) -> Entry[PartT] | None:
    """Read a file that is one entry; arguments are those of `read_list`.

    Returns:
        the entry, or None where the file cannot be read.
    """
    node = read_yaml(path, faults)
    if node is None:
        return None
    return Entry("", node, _value(node, node.place, model, faults), node.place)


def yaml_files(folder: Path, faults: list[Fault]) -> Iterator[Path]:
    """Find the files of rules in a folder.

    Args:
        folder: the folder.
        faults: takes every fault found.

    Yields:
        the files, by name. Hidden files and those of other kinds are passed over.
    """
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        faults.append(Fault(folder, 1, 1, f"the folder cannot be read: {reason}.", "Check who may read it."))
        return
    for path in paths:
        if path.name.startswith((".", "#")) or not path.is_file():
            continue
        if path.suffix == ".yaml":
            yield path
        elif path.suffix.lower() in (".yml", ".yaml"):
            problem = "this file is not read: its name does not end in .yaml."
            faults.append(Fault(path, 1, 1, problem, f"Rename it to {path.stem}.yaml."))


def entry_of(node: Node, model: type[PartT], faults: list[Fault]) -> Entry[PartT]:
    """Check one entry that has an `id`.

    Args:
        node: what was written.
        model: what it is.
        faults: takes every fault found.

    Returns:
        the entry.
    """
    written = node.get("id") if isinstance(node, MappingNode) else None
    name = written.text if isinstance(written, ScalarNode) else ""
    place = written.place if written is not None else node.place
    return Entry(name, node, _value(node, place, model, faults), place)


def _value(node: Node, place: Place, model: type[PartT], faults: list[Fault]) -> PartT | None:
    """Check a node's data."""
    data = spread_shorthand(data_of(node, choice_keys(model)))
    try:
        return check_json(model, json.dumps(data))
    except CheckError as error:
        found = [fault_of(detail, node, model) for detail in error.details]
    faults.extend(fault if fault.line else place.fault(fault.problem, fault.instead) for fault in found)
    return None


def spread_shorthand(data: Data) -> Data:
    """Write each firing example of a rule that is only a text as `{text: …}`."""
    if not isinstance(data, dict) or not isinstance(data.get("examples"), dict):
        return data
    examples = data["examples"]
    fires = examples.get("fires") if isinstance(examples, dict) else None
    if not isinstance(examples, dict) or not isinstance(fires, list):
        return data
    spread: list[Data] = [item if isinstance(item, (dict, list)) else {"text": item} for item in fires]
    return {**data, "examples": {**examples, "fires": spread}}


def find_duplicates(entries: Entries[PartT], what: str) -> Iterator[Fault]:
    """Find ids that stand twice.

    Args:
        entries: all entries of one kind.
        what: what an entry is called ("rule").

    Yields:
        a fault at each later one, naming the first place.
    """
    first: dict[str, Place] = {}
    for entry in entries:
        if not entry.id:
            continue
        if entry.id in first:
            before = first[entry.id]
            problem = f"the {what} `{entry.id}` is already there: {before.path.name}, line {before.line}."
            yield entry.place.fault(problem, "Give this one another id, or remove one of them.")
        else:
            first[entry.id] = entry.place


def unknown_id(place: Place, name: str, what: str, known: Entries[PartT], file: str) -> Iterator[Fault]:
    """Say that an id is not among the known ones, unless their files could not be read.

    Args:
        place: where it is named.
        name: the id.
        what: what it would be ("caveat").
        known: the known ones.
        file: where those are written.

    Yields:
        at most one fault.
    """
    if known.whole and name not in known.known:
        yield place.fault(f"the {what} `{name}` is not in {file}.", suggest(name, known.ids))
