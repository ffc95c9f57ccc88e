"""Writing rules and changes as YAML, in the form in which the files of `rules/` are written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.rulebook.model import Rule
from bot.rulebook.overlay import Overlay
from bot.rulebook.part import RulebookPart, plain

_WIDEST = 100
_PLAIN = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_MEANS_SOMETHING = frozenset(("yes", "no", "on", "off", "true", "false", "null", "y", "n"))
_STATUS_KEY = "status"
# JSON leaves these as they are, and the reader refuses them raw.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")

Value = Any


def write_rule(rule: Rule) -> str:
    """Write a rule as it stands in claims/: what is at its default is left out.

    Args:
        rule: the rule.

    Returns:
        YAML that reads as the same rule.
    """
    return "\n".join(_list_item(_content(rule))) + "\n"


def write_overlay(overlay: Overlay) -> str:
    """Write a server's changes; arguments and result are like those of `write_rule`.

    Returns:
        YAML that reads as the same changes; empty where nothing is changed.
    """
    content = _content(overlay)
    if "families" in content:
        content["families"] = {name: _Word(status) for name, status in content["families"].items()}
    lines: list[str] = []
    for section, value in content.items():
        lines += ([""] if lines else []) + list(_entry(section, value, "", sections=True))
    return "\n".join(lines) + "\n" if lines else ""


class _Word(str):
    """A word that is written without quotes whatever it is."""

    __slots__ = ()


def _content(part: RulebookPart) -> dict[str, Value]:
    return {key: _marked(key, value) for key, value in plain(part).items()}


def _marked(key: str, value: Value) -> Value:
    """Mark the words that the reader takes as they are written (`status: off`)."""
    if isinstance(value, Mapping):
        return {name: _marked(name, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_marked("", item) for item in value]
    return _Word(value) if key == _STATUS_KEY else value


def _entry(key: str, value: Value, indent: str, *, sections: bool = False) -> Iterator[str]:
    """Write a key with its value."""
    head = f"{indent}{_scalar(key)}:"
    if isinstance(value, Mapping):
        flow = _flow(value)
        if not sections and _is_leaf(value) and len(head) + len(flow) < _WIDEST:
            yield f"{head} {flow}"
            return
        yield head
        for name, inner in value.items():
            yield from _entry(name, inner, indent + "  ")
    elif isinstance(value, list):
        yield from _list(head, value, indent)
    else:
        yield f"{head} {_scalar(value)}"


def _list(head: str, value: list[Value], indent: str) -> Iterator[str]:
    flow = _flow(value)
    if not value or (all(_is_plain(item) for item in value) and len(head) + len(flow) < _WIDEST):
        yield f"{head} {flow}"
        return
    yield head
    for item in value:
        if isinstance(item, Mapping) and not _is_leaf(item):
            yield from (indent + "  " + line for line in _list_item(item))
        else:
            yield f"{indent}  - {_flow(item)}"


def _list_item(value: Mapping[str, Value]) -> Iterator[str]:
    mark = "- "
    for key, inner in value.items():
        for line in _entry(key, inner, ""):
            yield mark + line
            mark = "  "


def _is_leaf(value: Mapping[str, Value]) -> bool:
    """Whether it is small enough in kind to stand on one line: `{text: …, because: …}`."""
    return all(
        not isinstance(inner, Mapping)
        and not (isinstance(inner, list) and any(isinstance(item, Mapping) for item in inner))
        for inner in value.values()
    )


def _flow(value: Value) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value)


def _is_plain(value: Value) -> bool:
    return isinstance(value, str) and (isinstance(value, _Word) or _plain(value))


def _plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and text not in _MEANS_SOMETHING


def _scalar(value: Value) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, _Word) or _plain(value):
        return str(value)
    written = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", written)
