"""YAML as moderators write it: read into nodes that know their line and column, with faults in plain words.

Only the plain part of YAML is taken: text, lists and keys. Anchors, aliases, tags and merge keys are
refused, so nothing can grow while it is read, and no word turns into something else behind a moderator's
back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml

from bot.errors import Fault
from bot.rulebook.place import Place
from bot.rulebook.yaml_words import explain_yaml_error

LARGEST_FILE = 1_000_000
MOST_ITEMS = 50_000
_DEEPEST = 20

_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
# What YAML forbids, and the line ends that only YAML knows: they would let the lines be counted in two ways.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_CUT_BY_COMMENT = re.compile(r"[ \t]+#(?=[^\s#!])")
_NOTHING = re.compile(r"~|null|Null|NULL|")
_SWITCH = re.compile(r"yes|no|on|off|true|false", re.IGNORECASE)
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_FRACTION = re.compile(r"[-+]?[0-9]{0,15}\.[0-9]{1,15}|[-+]?[0-9]{1,15}\.")

Data = None | bool | int | float | str | list["Data"] | dict[str, "Data"]


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value, as text; `plain` when it stands without quotes."""

    place: Place
    text: str
    plain: bool = False


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MappingNode:
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
    builder = _Builder(path, text, faults)
    try:
        node = builder.document()
    except yaml.YAMLError as error:
        faults.append(_translate(error, path, text))
        return None
    except _StoppedError:
        return None
    if node is None:
        faults.append(start.fault("the file is empty.", "Write at least one entry, or take the file away."))
    elif builder.items > most_items:
        problem = f"the file has {builder.items:,} list items; at most {most_items:,} are read."
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


def _translate(error: yaml.YAMLError, path: Path, text: str) -> Fault:
    marked = error if isinstance(error, yaml.MarkedYAMLError) else yaml.MarkedYAMLError()
    told = explain_yaml_error(marked.problem or "", marked.context or "")
    mark = marked.problem_mark or marked.context_mark
    if told.at_beginning and marked.context_mark:
        mark = marked.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    line = min(line, len(lines) - 1)
    place = Place(path, line + 1, min(column, len(lines[line])) + 1)
    return place.fault(told.problem, told.instead)


class _StoppedError(Exception):
    """The rest of the file cannot be understood; the reason is already among the faults."""


class _Builder:
    """Builds nodes from the events of a YAML parser.

    Args:
        path: the file, for places.
        text: its content.
        faults: takes every fault found.
    """

    def __init__(self, path: Path, text: str, faults: list[Fault]) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=loader)
        self._path = path
        self._lines = text.split("\n")
        self._faults = faults
        self.items = 0

    def document(self) -> Node | None:
        """Give the file's one document, or None where there is nothing in it."""
        found: Node | None = None
        count = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                count += 1
                if count > 1:
                    self._stop(event, "a second document begins here with `---`.", "Take this line away.")
            elif isinstance(event, yaml.NodeEvent):
                found = self._node(event, depth=0)
        if isinstance(found, ScalarNode) and found.plain and not found.text:
            return None
        return found

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if depth > _DEEPEST:
            self._stop(event, "the file is nested too deeply.", "Write fewer lists inside of lists.")
        self._refuse_specials(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        return self._mapping(event, depth)

    def _list(self, start: yaml.Event, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            self.items += 1
            items.append(self._node(event, depth + 1))
        return ListNode(self._place(start), tuple(items))

    def _mapping(self, start: yaml.Event, depth: int) -> MappingNode:
        entries: list[tuple[ScalarNode, Node]] = []
        first: dict[str, ScalarNode] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, depth)
            value = self._node(next(self._events), depth + 1)
            if key.text in first:
                before = first[key.text].place
                problem = f"the key `{key.text}` stands here again; the first is on line {before.line}."
                self._faults.append(key.place.fault(problem, "Join the two, or remove one."))
                continue
            first[key.text] = key
            entries.append((key, value))
        return MappingNode(self._place(start), tuple(entries))

    def _key(self, event: yaml.Event, depth: int) -> ScalarNode:
        key = self._node(event, depth + 1)
        if not isinstance(key, ScalarNode) or not key.text:
            problem = "a key is missing here; `?` and `{` have a meaning of their own at the beginning."
            self._stop(event, problem, 'Put the text in quotes: "?".')
        return key

    def _scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        plain = bool(event.implicit[0]) and event.style in (None, "")
        end = event.end_mark
        if plain and event.value and end:
            rest = self._lines[end.line][end.column :] if end.line < len(self._lines) else ""
            cut = _CUT_BY_COMMENT.match(rest)
            if cut:
                place = Place(self._path, end.line + 1, end.column + cut.end())
                problem = "`#` begins a comment here, so the rest of the line is not read."
                self._faults.append(place.fault(problem, "Put the whole text in quotes."))
        return ScalarNode(self._place(event), str(event.value), plain)

    def _refuse_specials(self, event: yaml.Event) -> None:
        anchor = getattr(event, "anchor", None)
        if anchor:
            sign, name = ("*", "alias") if isinstance(event, yaml.AliasEvent) else ("&", "anchor")
            problem = f"`{sign}{anchor}` is an {name}: `{sign}` has a meaning of its own at the beginning."
            self._stop(event, problem, "Put the text in quotes, or write the value out in full.")
        if getattr(event, "tag", None):
            problem = "`!` has a meaning of its own at the beginning of a value."
            self._faults.append(self._place(event).fault(problem, "Put the text in quotes."))

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._path, mark.line + 1, mark.column + 1) if mark else Place(self._path, 1, 1)

    def _stop(self, event: yaml.Event, problem: str, instead: str) -> NoReturn:
        self._faults.append(self._place(event).fault(problem, instead))
        raise _StoppedError


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
