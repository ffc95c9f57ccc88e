"""A server's own changes to the rules, as moderators write them: one YAML text laid over the base.

```yaml
families: {mood: off}                     # off, in shadow, or live
rules:                                    # changes to rules of the base
  kratom-is-not-addictive: {cutoff: 92}
own_rules:                                # written like those in claims/
  - id: our-tea-claim
    …
replaces: [kratom-is-harmless]            # own rules that stand in place of those of the base
lexicon:                                  # words added to concepts of the base, and own concepts
  kratom: {words: [our nickname for it]}
caveats:                                  # own wording; the sources stay
  consult: {short: "…"}
```
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct, field

from bot.errors import Fault, RulebookError
from bot.rulebook.check import CheckError, check_json
from bot.rulebook.entries import Entry, entry_of, spread_shorthand
from bot.rulebook.faults import choice_keys, fault_of, fields_of
from bot.rulebook.model import (
    Concept,
    FiringExample,
    Rule,
    SilentExample,
    Status,
    TodoExample,
    Unless,
)
from bot.rulebook.part import Identifier, RulebookPart, Text
from bot.rulebook.place import Place
from bot.rulebook.yaml_source import Data, ListNode, MappingNode, Node, ScalarNode, data_of, parse_yaml

OVERLAY_FILE = Path("overlay.yaml")
"""Stands for the file in the faults of a server's changes."""
LONGEST_OVERLAY = 100_000
"""Characters that a server's changes may have in all."""
MOST_OVERLAY_ITEMS = 3_000
"""List items that they may have in all."""
LIKENESS_RULE = "like-examples"
"""Stands under `rules` for likeness to known examples, which is no rule of a file; its cut-off is `due`."""


class AddedExamples(RulebookPart, frozen=True):
    """Examples that are added to those of a rule of the base."""

    fires: tuple[FiringExample, ...] = ()
    """Messages on which the rule must fire as well."""
    silent: tuple[SilentExample, ...] = ()
    """Messages on which it must not speak either."""
    todo: tuple[TodoExample, ...] = ()
    """Known misses."""


class RuleChange(RulebookPart, frozen=True):
    """What a server changes of a rule of the base. The rest goes on following the base."""

    status: Status | None = None
    """`live`, `shadow` (recorded, never sent) or `off`; it goes before the family's."""
    cutoff: Annotated[int, Meta(ge=60, le=100)] | None = None
    """The score, 0–100, from which the rule fires here."""
    unless: tuple[Unless, ...] = ()
    """Other meanings, added to those of the rule."""
    examples: AddedExamples = AddedExamples()
    """Examples, added to those of the rule."""


class CaveatWording(RulebookPart, frozen=True):
    """A caveat of the base in a server's own words. What it rests on stays as it is in the base."""

    says: Annotated[tuple[Text, ...], Meta(min_length=2)] | None = None
    """The caveat in one sentence; several wordings, of which one is chosen."""
    short: Text | None = None
    """The same in a few words, for the answer to a question."""


class Overlay(RulebookPart, frozen=True):
    """A server's own changes to the rules."""

    families: Annotated[dict[Identifier, Status], Meta(max_length=200)] = field(default_factory=dict)
    """Whole families `off`, in `shadow` or `live`. `off` and `shadow` hold for own rules too; `live` lets
    rules speak that are in shadow, not those that are off."""
    rules: Annotated[dict[Identifier, RuleChange], Meta(max_length=500)] = field(default_factory=dict)
    """Changes to rules of the base, by their id."""
    own_rules: Annotated[tuple[Rule, ...], Meta(max_length=100)] = ()
    """Own rules, written like those of the base."""
    replaces: Annotated[tuple[Identifier, ...], Meta(max_length=100)] = ()
    """Ids of own rules that stand in place of the base's rules of the same id."""
    lexicon: Annotated[dict[Identifier, Concept], Meta(max_length=200)] = field(default_factory=dict)
    """Words added to concepts of the base (`words`, `verbs`, `exactly`, `unless`), and own concepts."""
    caveats: Annotated[dict[Identifier, CaveatWording], Meta(max_length=200)] = field(default_factory=dict)
    """Own wording of caveats of the base."""

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return self == Overlay()


class WrittenOverlay(Struct, frozen=True):
    """An overlay, and where everything in it was written.

    Args:
        value: the overlay.
        own_rules: its own rules with their places.
        rules: its changes to rules, by the rule's id.
        lexicon: its additions to the lexicon, by the concept's id.
        places: for each section, the place of each key in it; for `replaces` that of each id.
        text: what was typed; empty where it was put together by the program.
    """

    value: Overlay
    own_rules: tuple[Entry[Rule], ...] = ()
    rules: dict[str, Entry[RuleChange]] = field(default_factory=dict)
    lexicon: dict[str, Entry[Concept]] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    text: str = ""

    def place_of(self, section: str, name: str) -> Place:
        """Tell where an id stands in a section; the beginning where it was not typed."""
        return self.places.get((section, name), Place(OVERLAY_FILE, 1, 1))


NO_CHANGES = WrittenOverlay(Overlay())
"""The overlay of a server that takes the base as it is."""


def read_overlay(text: str, path: Path = OVERLAY_FILE) -> WrittenOverlay:
    """Read a server's changes.

    Args:
        text: as a moderator wrote them. An empty text, or one of comments only, changes nothing.
        path: what stands for the file in faults.

    Returns:
        the changes. Whether they fit a base is told by `apply`.

    Raises:
        RulebookError: they hold faults; all are told, with line and column.
    """
    faults: list[Fault] = []
    node = _parsed(text, path, faults)
    if node is None and not faults:
        return WrittenOverlay(Overlay(), text=text)
    value = _checked(node, path, faults) if isinstance(node, MappingNode) else None
    if node is not None and not isinstance(node, MappingNode):
        sections = ", ".join(f"`{name}:`" for name in fields_of(Overlay))
        faults.append(
            node.place.fault(f"the changes must stand under {sections}.", "Begin with one of these.")
        )
    if value is None or faults or not isinstance(node, MappingNode):
        raise RulebookError(list(dict.fromkeys(faults)))
    return _with_places(value, node, text)


def read_rule(text: str, path: Path = Path("rule.yaml")) -> Entry[Rule]:
    """Read the YAML of one rule, as it stands in claims/ (with or without the `- ` before it).

    Args:
        text: as a moderator wrote it.
        path: what stands for the file in faults.

    Returns:
        the rule, with where everything in it stands.

    Raises:
        RulebookError: it holds faults; all are told, with line and column.
    """
    faults: list[Fault] = []
    node = _parsed(text, path, faults)
    if node is None and not faults:
        faults.append(Fault(path, 1, 1, "there is no rule here.", "Write it as in claims/: `- id: …`."))
    if isinstance(node, ListNode) and len(node.items) != 1:
        problem = f"one rule is wanted here, not {len(node.items)}."
        faults.append(node.place.fault(problem, "Write each of them by itself, or import all at once."))
    only = node.items[0] if isinstance(node, ListNode) and node.items else node
    entry = None
    if only is not None and not faults:
        entry = entry_of(only, Rule, faults)
    if entry is None or faults:
        raise RulebookError(list(dict.fromkeys(faults)))
    return entry


def _parsed(text: str, path: Path, faults: list[Fault]) -> Node | None:
    if len(text) > LONGEST_OVERLAY:
        problem = f"the text has {len(text):,} characters; at most {LONGEST_OVERLAY:,} are read."
        faults.append(Fault(path, 1, 1, problem, "Keep the examples that matter, and take the rest away."))
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if not any(line.strip() and not line.lstrip().startswith("#") for line in lines.split("\n")):
        return None
    return parse_yaml(lines, path, faults, most_items=MOST_OVERLAY_ITEMS)


def _checked(node: MappingNode, path: Path, faults: list[Fault]) -> Overlay | None:
    data = {key.text: _data_of_section(key.text, value) for key, value in node.entries}
    try:
        return check_json(Overlay, json.dumps(data))
    except CheckError as error:
        found = [fault_of(detail, node, Overlay) for detail in error.details]
    faults.extend(
        fault if fault.line else Place(path, 1, 1).fault(fault.problem, fault.instead) for fault in found
    )
    return None


def _data_of_section(section: str, node: Node) -> Data:
    """Give a section as data; in `families` each value is one of a few words, so `off` is no switch there."""
    if section == "families" and isinstance(node, MappingNode):
        return data_of(node, frozenset(key.text for key, _ in node.entries))
    data = data_of(node, choice_keys(Overlay))
    if isinstance(data, list):
        return [spread_shorthand(item) for item in data]
    if isinstance(data, dict) and section == "rules":
        return {name: spread_shorthand(item) for name, item in data.items()}
    return data


def _with_places(value: Overlay, node: MappingNode, text: str) -> WrittenOverlay:
    sections = {key.text: section for key, section in node.entries}
    own = sections.get("own_rules")
    nodes = own.items if isinstance(own, ListNode) else ()
    return WrittenOverlay(
        value=value,
        own_rules=tuple(
            Entry(rule.id, item, rule, _id_place(item))
            for rule, item in zip(value.own_rules, nodes, strict=True)
        ),
        rules={
            key.text: Entry(key.text, item, value.rules[key.text], key.place)
            for key, item in _keys(sections, "rules")
        },
        lexicon={
            key.text: Entry(key.text, item, value.lexicon[key.text], key.place)
            for key, item in _keys(sections, "lexicon")
        },
        places=dict(_all_places(sections)),
        text=text,
    )


def _id_place(node: Node) -> Place:
    written = node.get("id") if isinstance(node, MappingNode) else None
    return written.place if written is not None else node.place


def _keys(sections: dict[str, Node], name: str) -> tuple[tuple[ScalarNode, Node], ...]:
    section = sections.get(name)
    return section.entries if isinstance(section, MappingNode) else ()


def _all_places(sections: dict[str, Node]) -> Iterator[tuple[tuple[str, str], Place]]:
    for name, section in sections.items():
        if isinstance(section, MappingNode):
            for key, _ in section.entries:
                yield (name, key.text), key.place
        elif isinstance(section, ListNode):
            for item in section.items:
                if isinstance(item, ScalarNode):
                    yield (name, item.text), item.place
