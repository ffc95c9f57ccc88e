"""The events of a YAML parser made into nodes. Only this module needs the parser, and only to read a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import yaml

from bot.errors import Fault
from bot.rulebook.place import Place
from bot.rulebook.yaml_source import ListNode, MappingNode, Node, ScalarNode
from bot.rulebook.yaml_words import explain_yaml_error

_DEEPEST = 20
_CUT_BY_COMMENT = re.compile(r"[ \t]+#(?=[^\s#!])")


class NotReadError(Exception):
    """The rest of the file cannot be understood; the reason is already among the faults."""


def nodes_of(text: str, path: Path, faults: list[Fault]) -> tuple[Node | None, int]:
    """Make nodes of the text of a file.

    Args:
        text: the text, without characters that YAML forbids.
        path: the file, for places.
        faults: takes every fault found.

    Returns:
        the file's content, None where it is empty, and how many list items it has in all.

    Raises:
        NotReadError: the text is no plain YAML; what is wrong is among the faults.
    """
    builder = _Builder(path, text, faults)
    try:
        return builder.document(), builder.items
    except yaml.YAMLError as error:
        faults.append(_translate(error, path, text))
        raise NotReadError from error


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
        raise NotReadError
