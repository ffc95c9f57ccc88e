"""Rulebooks of any number of phrases, in the format of `rules/` and loaded the way the bot loads them.

A small one takes phrases of the shipped rules, a few of each family, and only the concepts that these, cues
and signs of an emergency need. A large one holds all shipped rules and others made from them: in a phrase
each concept is replaced by a part of it, a concept of its own, so the meaning stays and the number grows.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import yaml
from msgspec.structs import replace

from bot.evaluation.brute import phrases_of
from bot.matching.inflection import verb_forms
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Concept, Rule, Rulebook
from bot.rulebook.part import plain
from bot.rulebook.phrase import Item, parse_phrase

PART = 12
"""How many ways to write a concept a part of it has."""
_SMALLEST = 2 * PART
_MOST_IN_A_RULE = 150
_CONCEPTS_IN_A_FILE = 300
_FIELDS = ("words", "verbs", "exactly", "phrases")
_NAME = re.compile(r"<([a-z0-9-]+)>")
_DEEPEST = 4
_UNCHANGED = ("caveats.yaml", "evidence.yaml", "documents.yaml", "learned.json", "encoder.onnx")


@dataclass(frozen=True, slots=True)
class MadeRulebook:
    """A rulebook of a certain size.

    Args:
        phrases: how many phrases its rules hold.
        rulebook: the rulebook as the bot's own loader gave it.
        literals: as many sentences, one for each phrase: what would be listed where no concepts are known.
        loading: seconds that loading took.
    """

    phrases: int
    rulebook: Rulebook
    literals: tuple[str, ...]
    loading: float

    @property
    def ways(self) -> int:
        """In how many ways its concepts can be written, cues not counted."""
        return sum(len(getattr(one, name)) for one in self.rulebook.concepts.values() for name in _FIELDS)


def make_rulebook(shipped: Path, folder: Path, *, phrases: int, seed: int) -> MadeRulebook:
    """Write a rulebook and load it.

    Args:
        shipped: the folder of the shipped rules.
        folder: where to write the new one; made.
        phrases: how many phrases the rules are to hold.
        seed: the same seed makes the same rulebook.

    Returns:
        the rulebook, loaded and valid.

    Raises:
        ValueError: so many phrases cannot be made of the shipped ones.
    """
    chance = Random(seed)
    source = load_rulebook(shipped)
    maker = _Maker(source, chance)
    rules = maker.fewer(phrases) if phrases < _phrases_in(source) else maker.more(phrases)
    _write(source, shipped, folder, rules=rules, concepts=maker.concepts_for(rules))
    started = perf_counter()
    rulebook = load_rulebook(folder)
    loading = perf_counter() - started
    return MadeRulebook(phrases, rulebook, tuple(_literals(rulebook, phrases, chance)), loading)


def _phrases_in(rulebook: Rulebook) -> int:
    return sum(len(rule.phrases) for rule in rulebook.rules)


class _Maker:
    """Takes phrases away from the shipped rules, or adds to them."""

    def __init__(self, source: Rulebook, chance: Random) -> None:
        self._source = source
        self._chance = chance
        self._concepts = dict(source.concepts)
        self._parts: dict[str, list[str]] = {}
        for name, concept in source.concepts.items():
            self._part(name, concept)

    def fewer(self, phrases: int) -> list[Rule]:
        """Take phrases in turns from the families, so that each has its share."""
        by_family: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for at, rule in enumerate(self._source.rules):
            by_family[rule.family] += [(at, text) for text in rule.phrases]
        taken: dict[int, list[str]] = defaultdict(list)
        for at, text in [one for turn in zip_longest(*by_family.values()) for one in turn if one][:phrases]:
            taken[at].append(text)
        kept = {self._source.rules[at].family for at in taken}
        return [
            replace(
                rule,
                phrases=tuple(taken[at]),
                gives_way_to=tuple(name for name in rule.gives_way_to if name in kept),
            )
            for at, rule in enumerate(self._source.rules)
            if at in taken
        ]

    def more(self, phrases: int) -> list[Rule]:
        """Keep every phrase, and add variants of them in turns until there are enough."""
        rules = list(self._source.rules)
        made: dict[int, dict[str, None]] = defaultdict(dict)
        missing, idle = phrases - _phrases_in(self._source), 0
        templates = [(at, text) for at, rule in enumerate(rules) for text in rule.phrases]
        while missing and idle < 20:
            before = missing
            for at, template in templates:
                text = _NAME.sub(self._narrowed, template)
                if missing and text != template and text not in made[at]:
                    made[at][text] = None
                    missing -= 1
            idle = idle + 1 if missing == before else 0
        if missing:
            raise ValueError(f"only {phrases - missing} different phrases can be made of the shipped rules")
        for at, texts in made.items():
            listed = list(texts)
            for number, first in enumerate(range(0, len(listed), _MOST_IN_A_RULE)):
                update = {
                    "id": f"more-{at}-{number}",
                    "phrases": tuple(listed[first : first + _MOST_IN_A_RULE]),
                }
                rules.append(replace(self._source.rules[at], **update))
        return rules

    def concepts_for(self, rules: Sequence[Rule]) -> dict[str, Concept]:
        """Give the concepts that rules, cues and signs of an emergency are built from."""
        texts = [text for rule in rules for text in (*rule.phrases, *(one.phrase for one in rule.unless))]
        texts += [text for cue in self._source.cues for text in (*cue.words, *cue.unless)]
        if self._source.emergency is not None:
            emergency = self._source.emergency
            texts += [*emergency.phrases, *(one.phrase for one in emergency.unless)]
        named = list(self._source.learned.topics if self._source.learned else ())
        named += _names_in(texts)
        wanted: dict[str, Concept] = {}
        while named:
            name = named.pop()
            if name not in wanted:
                concept = wanted[name] = self._concepts[name]
                named += _names_in((*concept.phrases, *concept.unless))
        return {name: concept for name, concept in self._concepts.items() if name in wanted}

    def _narrowed(self, found: re.Match[str]) -> str:
        parts = self._parts.get(found[1])
        return f"<{self._chance.choice(parts)}>" if parts and self._chance.random() < 0.85 else found[0]

    def _part(self, name: str, concept: Concept) -> None:
        """Cut a concept into concepts of their own, of every sort of entry that it has."""
        entries = [(field, text) for field in _FIELDS for text in getattr(concept, field)]
        if len(entries) < _SMALLEST:
            return
        self._chance.shuffle(entries)
        parts = self._parts[name] = []
        for first in range(0, len(entries), PART):
            update: dict[str, tuple[str, ...]] = dict.fromkeys(_FIELDS, ())
            for field, text in entries[first : first + PART]:
                update[field] = (*update[field], text)
            parts.append(f"{name}-p{first // PART}")
            self._concepts[parts[-1]] = replace(concept, **update)


def _names_in(texts: Iterable[str]) -> list[str]:
    return [name for text in texts for name in _NAME.findall(text)]


def _write(
    source: Rulebook, shipped: Path, folder: Path, *, rules: Sequence[Rule], concepts: dict[str, Concept]
) -> None:
    (folder / "claims").mkdir(parents=True)
    by_family: dict[str, list[Any]] = defaultdict(list)
    for rule in rules:
        by_family[rule.family].append(plain(rule))
    for family, listed in by_family.items():
        _dump(listed, folder / "claims" / f"{family}.yaml")
    (folder / "lexicon").mkdir()
    names = list(concepts)
    for first in range(0, len(names), _CONCEPTS_IN_A_FILE):
        part = {name: plain(concepts[name]) for name in names[first : first + _CONCEPTS_IN_A_FILE]}
        _dump(part, folder / "lexicon" / f"{first:05}.yaml")
    cues = {"pronouns": [*source.pronouns], "openers": [*source.openers]}
    _dump({**cues, "cues": [plain(cue) for cue in source.cues]}, folder / "cues.yaml")
    _dump([plain(one) for one in source.families if one.id in by_family], folder / "families.yaml")
    for name, single in (("emergency", source.emergency), ("learned", source.learned)):
        if single is not None:
            _dump(plain(single), folder / f"{name}.yaml")
    for name in _UNCHANGED:
        if (shipped / name).exists():
            shutil.copyfile(shipped / name, folder / name)


def _dump(value: object, path: Path) -> None:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = yaml.dump(value, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000)
    path.write_text(text, encoding="utf-8")


def _literals(rulebook: Rulebook, count: int, chance: Random) -> Iterator[str]:
    """Give the firing examples, then sentences in which each concept of a phrase is one of its words."""
    listed = dict.fromkeys(one.text for one in phrases_of(rulebook))
    texts = [text for rule in rulebook.rules for text in rule.phrases]
    while len(listed) < count:
        for text in texts:
            items = parse_phrase(text).items
            words = " ".join(filter(None, (_spoken(item, rulebook, chance) for item in items)))
            listed.setdefault(words.lower())
    yield from list(listed)[:count]


def _spoken(item: Item, rulebook: Rulebook, chance: Random, depth: int = 0) -> str:
    choice = chance.choice((*item.concepts, *item.words))
    concept = rulebook.concepts.get(choice) if choice in item.concepts else None
    if concept is None:
        return choice
    composed = concept.phrases if depth < _DEEPEST else ()
    entries = [("words", text) for text in (*concept.words, *concept.exactly)]
    entries += [("verbs", text) for text in concept.verbs] + [("phrases", text) for text in composed]
    if not entries:
        return "5g" if concept.kinds else ""
    sort, text = chance.choice(entries)
    if sort == "phrases":
        inner = (_spoken(one, rulebook, chance, depth + 1) for one in parse_phrase(text).items)
        return " ".join(filter(None, inner))
    text = text.replace("...", "it")
    if sort == "verbs":
        verb, space, rest = text.partition(" ")
        return chance.choice(sorted(verb_forms(verb.lower()))) + space + rest
    return text
