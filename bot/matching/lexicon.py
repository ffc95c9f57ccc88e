"""The lexicon made ready: every way in which a concept is written, by its first word.

Cues and the plain words of phrases are compiled the same way as concepts, so that misspellings and
inflections are seen everywhere by one mechanism.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.matching.inflection import noun_forms, verb_forms
from bot.matching.phrases import CompiledPhrase, PhraseSet, compile_phrase
from bot.matching.vocabulary import Vocabulary
from bot.rulebook.model import Concept, Cue, Position, Role
from bot.text.reader import read

CUE = "cue:"
WORD = "="
PRONOUN = "pronoun:"
OPENER = "opener:"
EXCLUSION = "unless:"
_COMPOSITION_GAP = 2
_CUE_GAP = 1

Items = tuple[frozenset[str] | None, ...]
"""The words of an entry in order, each with its forms; None is a gap of up to four words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to write a concept.

    Args:
        concept: the concept's id ("cue:…" for a cue, "=…" for a plain word of a phrase).
        items: its words.
        text: the entry as the moderator wrote it.
        exact: whether it must stand letter by letter.
    """

    concept: str
    items: Items
    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """The entries that begin with one word.

    Args:
        alone: those of one word.
        by_second: the others by each form of their second word.
        gapped: those with a gap behind the first word.
    """

    alone: tuple[Entry, ...]
    by_second: Mapping[str, tuple[Entry, ...]]
    gapped: tuple[Entry, ...]

    def all(self) -> Iterator[Entry]:
        """Give every entry, some more than once."""
        yield from self.alone
        yield from self.gapped
        for entries in self.by_second.values():
            yield from entries


@dataclass(frozen=True, slots=True)
class Derivation:
    """What other concepts make of one.

    Args:
        concept: its id.
        built_by: the phrases that build it from others.
        taken_by: the phrases that are another meaning of its words.
    """

    concept: str
    built_by: PhraseSet
    taken_by: PhraseSet

    @property
    def parts(self) -> frozenset[str]:
        """The concepts it is built from."""
        return _concepts_of(self.built_by)

    @property
    def needs(self) -> frozenset[str]:
        """The concepts that must be seen to the end before it."""
        return (self.parts | _concepts_of(self.taken_by)) - {self.concept}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries of a rulebook, ready for finding.

    Args:
        entries: entries by each form of their first word.
        derivations: what concepts make of one another, each after those that it needs.
        woken_by: for a concept, the places of the derivations that can come to something once it is seen.
        kinds: concepts that stand for a whole kind of token, by the kind.
        roles: each concept's role.
        vocabulary: all words, with the index for misspellings.
        placed: cues that count only at the start or end of a clause; they hide no shorter cue inside of them.
    """

    entries: Mapping[str, Opening]
    derivations: tuple[Derivation, ...]
    woken_by: Mapping[str, tuple[int, ...]]
    kinds: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, Role]
    vocabulary: Vocabulary
    placed: frozenset[str] = frozenset()

    def all_entries(self) -> Iterator[Entry]:
        """Give every entry once."""
        entries = {id(entry): entry for opening in self.entries.values() for entry in opening.all()}
        yield from entries.values()


class LexiconBuilder:
    """Collects entries while a rulebook is compiled."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._built_by: dict[str, list[CompiledPhrase]] = defaultdict(list)
        self._taken_by: dict[str, list[CompiledPhrase]] = defaultdict(list)
        self._kinds: dict[str, list[str]] = defaultdict(list)
        self._roles: dict[str, Role] = {}
        self._plain: set[str] = set()
        self._placed: set[str] = set()

    def add_concept(self, name: str, concept: Concept) -> None:
        """Take in a concept with all its entries."""
        self._roles[name] = concept.role
        for text in concept.words:
            self._add_entry(name, text, _noun_items(text))
        for text in concept.verbs:
            self._add_entry(name, text, _verb_items(text))
        for text in concept.exactly:
            self._add_entry(name, text, _items(text), exact=True)
        for kind in concept.kinds:
            self._kinds[kind].append(name)
        for text in concept.phrases:
            self._built_by[name].append(self.phrase(text, gap=_COMPOSITION_GAP))
        for text in concept.unless:
            self._taken_by[name].append(self.exclusion(text))

    def add_cue(self, cue: Cue) -> None:
        """Take in a cue; the marks "?" and "!" are not words and are left to the clause."""
        name = CUE + cue.id
        self._roles[name] = Role.PLAIN
        if cue.at is not Position.ANYWHERE:
            self._placed.add(name)
        for text in cue.words:
            if text in {"?", "!"}:
                continue
            if _is_composed(text):
                self._built_by[name].append(self.phrase(text, gap=_CUE_GAP))
            else:
                self._add_entry(name, text, _items(text))
        for text in cue.unless:
            self._taken_by[name].append(self.exclusion(text))

    def phrase(self, text: str, *, gap: int | None = None, within: int = 60) -> CompiledPhrase:
        """Compile a phrase and take in its plain words.

        Args:
            text: the phrase as the moderator wrote it.
            gap: how many tokens may lie between neighbouring items; None: as many as `within` allows.
            within: tokens from its first to its last.
        """
        compiled = compile_phrase(text, gap=gap, within=within)
        for slot in compiled.slots:
            for name in slot.concepts:
                if name.startswith(WORD) and name not in self._plain:
                    self._plain.add(name)
                    self._add_entry(name, name[1:], _items(name[1:]))
        return compiled

    def exclusion(self, text: str) -> CompiledPhrase:
        """Compile another meaning: its plain words stand side by side, concepts may have room between them.

        Args:
            text: the phrase as the moderator wrote it.
        """
        if _is_composed(text):
            return self.phrase(text, gap=_COMPOSITION_GAP)
        name = EXCLUSION + text
        if name not in self._plain:
            self._plain.add(name)
            self._add_entry(name, text, _items(text))
        return CompiledPhrase.single(text, name)

    def build(self) -> Lexicon:
        """Give the finished lexicon."""
        entries: dict[str, list[Entry]] = defaultdict(list)
        fuzzy: set[str] = set()
        exact: set[str] = set()
        for entry in self._entries:
            words = {word for item in entry.items if item for word in item}
            (exact if entry.exact else fuzzy).update(words)
            for word in entry.items[0] or ():
                entries[word].append(entry)
        derivations = _in_order(
            Derivation(name, PhraseSet(self._built_by.get(name, ())), PhraseSet(self._taken_by.get(name, ())))
            for name in {**self._built_by, **self._taken_by}
        )
        return Lexicon(
            entries={word: _opening(listed) for word, listed in entries.items()},
            derivations=derivations,
            woken_by=_woken_by(derivations),
            kinds={kind: tuple(names) for kind, names in self._kinds.items()},
            roles=self._roles,
            vocabulary=Vocabulary(words=fuzzy, exact=exact),
            placed=frozenset(self._placed),
        )

    def _add_entry(self, name: str, text: str, items: Items, *, exact: bool = False) -> None:
        if items and items[0] is not None:
            self._entries.append(Entry(name, items, text, exact))


def _opening(entries: Iterable[Entry]) -> Opening:
    alone: list[Entry] = []
    gapped: list[Entry] = []
    by_second: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if len(entry.items) == 1:
            alone.append(entry)
        elif entry.items[1] is None:
            gapped.append(entry)
        else:
            for word in entry.items[1]:
                by_second[word].append(entry)
    seconds = {word: tuple(listed) for word, listed in by_second.items()}
    return Opening(tuple(alone), seconds, tuple(gapped))


def _is_composed(text: str) -> bool:
    """Tell whether a text needs a phrase's syntax; anything else is words that stand side by side."""
    return any(mark in text for mark in "<&|")


def _items(text: str) -> Items:
    items: list[frozenset[str] | None] = []
    for index, part in enumerate(text.split("...")):
        if index:
            items.append(None)
        items.extend(frozenset((token.text,)) for token in read(part).tokens)
    return tuple(items)


def _noun_items(text: str) -> Items:
    return _bent(_items(text), -1, noun_forms)


def _verb_items(text: str) -> Items:
    return _bent(_items(text), 0, verb_forms)


def _bent(items: Items, at: int, forms: Callable[[str], frozenset[str]]) -> Items:
    """Put a word's forms in its place; English bends a noun's last word and a verb's first."""
    if not items:
        return items
    bent = list(items)
    bent[at] = frozenset(form for word in items[at] or () for form in forms(word))
    return tuple(bent)


def _concepts_of(phrases: Iterable[CompiledPhrase]) -> frozenset[str]:
    return frozenset(name for phrase in phrases for name in phrase.concepts)


def _woken_by(derivations: Sequence[Derivation]) -> dict[str, tuple[int, ...]]:
    """List each derivation under the item that fewest phrases share, of each of its phrases."""
    phrases = [(*derivation.built_by, *derivation.taken_by) for derivation in derivations]
    shared = Counter(name for listed in phrases for phrase in listed for name in phrase.concepts)
    woken: dict[str, dict[int, None]] = defaultdict(dict)
    for place, listed in enumerate(phrases):
        for phrase in listed:
            rarest = min(phrase.slots, key=lambda slot: sum(shared[name] for name in slot.concepts))
            for name in rarest.concepts:
                woken[name][place] = None
    return {name: tuple(places) for name, places in woken.items()}


def _in_order(derivations: Iterable[Derivation]) -> tuple[Derivation, ...]:
    """Put each behind those it needs; where other meanings form a circle, what it is built from decides."""
    waiting = {derivation.concept: derivation for derivation in derivations}
    ordered: list[Derivation] = []
    while waiting:
        ready = [one for one in waiting.values() if not one.needs & waiting.keys()]
        if not ready:
            built = (one for one in waiting.values() if not (one.parts - {one.concept}) & waiting.keys())
            ready = [next(built, next(iter(waiting.values())))]
        ordered.extend(ready)
        for one in ready:
            del waiting[one.concept]
    return tuple(ordered)
