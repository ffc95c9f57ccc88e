"""YAML as moderators write it: read into nodes that know their line and column, with faults in plain words.

Only the plain part of YAML is taken: text, lists and keys. Anchors, aliases, tags and merge keys are
refused, so nothing can grow while it is read, and no word turns into something else behind a moderator's
back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from bot.errors import Fault
from bot.rulebook.place import Place

LARGEST_FILE = 1_000_000
MOST_ITEMS = 50_000

_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
# What YAML forbids, and the line ends that only YAML knows: they would let the lines be counted in two ways.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_NOTHING = re.compile(r"~|null|Null|NULL|")
_SWITCH = re.compile(r"yes|no|on|off|true|false", re.IGNORECASE)
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_FRACTION = re.compile(r"[-+]?[0-9]{0,15}\.[0-9]{1,15}|[-+]?[0-9]{1,15}\.")

Data = None | bool | int | float | str | list["Data"] | dict[str, "Data"]


class ScalarNode(Struct, frozen=True):
    """A single value, as text; `plain` when it stands without quotes."""

    place: Place
    text: str
    plain: bool = False


class ListNode(Struct, frozen=True):
    """A list."""

    place: Place
    items: tuple[Node, ...]


class MappingNode(Struct, frozen=True):
    """Keys with their values, in the order of the file."""

    place: Place
    entries: tuple[tuple[ScalarNode, Node], ...]

    def get(self, name: str) -> Node | None:
        """Give the value of a key, or None."""
        return next((value for key, value in self.entries if key.text == name), None)

    def key(self, name: str) -> ScalarNode | None:
        """Give the key itself, or None."""
        return next((key for key, _ in self.entries if key.text == name), None)


Node = ScalarNode | ListNode | MappingNode


def read_yaml(path: Path, faults: list[Fault]) -> Node | None:
    """Read one file.

    Args:
        path: the file.
        faults: takes every fault found.

    Returns:
        the file's content, or None where it cannot be used at all.
    """
    text = _read_text(path, faults)
    return None if text is None else parse_yaml(text, path, faults)


def parse_yaml(text: str, path: Path, faults: list[Fault], *, most_items: int = MOST_ITEMS) -> Node | None:
    """Read the text of a file; arguments and result are those of `read_yaml`.

    Args:
        text: the text.
        path: the file, for places.
        faults: takes every fault found.
        most_items: how many list items it may have in all.
    """
    start = Place(path, 1, 1)
    unreadable = [*_bad_characters(text, path), *_tabs(text, path)]
    if unreadable:
        faults.extend(unreadable)
        return None
    from bot.rulebook.yaml_events import NotReadError, nodes_of  # noqa: PLC0415  # 20 ms, and a start reads none

    try:
        node, items = nodes_of(text, path, faults)
    except NotReadError:
        return None
    if node is None:
        faults.append(start.fault("the file is empty.", "Write at least one entry, or take the file away."))
    elif items > most_items:
        problem = f"the file has {items:,} list items; at most {most_items:,} are read."
        faults.append(start.fault(problem, "Spread them over several files or remove what is not needed."))
        return None
    return node


def _read_text(path: Path, faults: list[Fault]) -> str | None:
    start = Place(path, 1, 1)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        faults.append(start.fault("the file is missing.", "Put it back, or copy it from the shipped rules."))
        return None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        faults.append(start.fault(f"the file cannot be read: {reason}.", "Check who may read it."))
        return None
    if len(raw) > LARGEST_FILE:
        faults.append(start.fault("the file is larger than 1 MB.", "Spread its content over several files."))
        return None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", errors="replace")
        place = _place_at(path, before, len(before))
        faults.append(place.fault("this character is not UTF-8 text.", "Save the file with encoding UTF-8."))
        return None


def _place_at(path: Path, text: str, offset: int) -> Place:
    before = text[:offset]
    return Place(path, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def _bad_characters(text: str, path: Path) -> Iterator[Fault]:
    for found in _CONTROL.finditer(text):
        code = f"U+{ord(found.group()):04X}"
        problem = f"an invisible control character ({code}) stands here."
        yield _place_at(path, text, found.start()).fault(problem, "Delete it and type the words again.")


def _tabs(text: str, path: Path) -> Iterator[Fault]:
    for found in _TAB_INDENT.finditer(text):
        place = _place_at(path, text, found.end() - 1)
        yield place.fault("the line is indented with a tab.", "Use spaces: two for each step.")


def is_nothing(node: Node) -> bool:
    """Tell whether nothing was written where a value was expected (`words:` and then nothing)."""
    return isinstance(node, ScalarNode) and node.plain and _NOTHING.fullmatch(node.text) is not None


def data_of(node: Node, choices: frozenset[str] = frozenset(), key: str = "") -> Data:
    """Turn a node into plain data.

    Args:
        node: the node.
        choices: keys whose value is one of a few words and so is taken as it is written (`status: off`).
        key: the key whose value the node is.

    Returns:
        text, numbers, truth values, None, lists and dictionaries. Other YAML readers take an unquoted `no`
        or `12` for a truth value or a number, so these come as such and the model can refuse them where text
        is wanted.
    """
    if isinstance(node, ListNode):
        return [data_of(item, choices) for item in node.items]
    if isinstance(node, MappingNode):
        return {name.text: data_of(value, choices, name.text) for name, value in node.entries}
    if not node.plain or (key in choices and node.text):
        return node.text
    return _resolve(node)


def _resolve(node: ScalarNode) -> bool | int | float | str | None:
    if is_nothing(node):
        return None
    if _SWITCH.fullmatch(node.text):
        return node.text.lower() in ("yes", "on", "true")
    if _WHOLE.fullmatch(node.text):
        return int(node.text)
    return float(node.text) if _FRACTION.fullmatch(node.text) else node.text
