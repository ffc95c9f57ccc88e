"""The lexicon made ready: every way in which a concept is written, by its first word.

Cues and the plain words of phrases are compiled the same way as concepts, so that misspellings and
inflections are seen everywhere by one mechanism.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import is_
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from bot.matching.derivations import Build, Derivation, builds, in_order, woken_by
from bot.matching.items import Items, is_composed, items_of, noun_items, verb_items
from bot.matching.phrases import CompiledPhrase, PhraseSet, Slot, compile_phrase
from bot.matching.sharing import same_object
from bot.matching.vocabulary import Vocabulary, vocabulary_of
from bot.rulebook.model import Concept, Cue, Position, Role

CUE = "cue:"
WORD = "="
PRONOUN = "pronoun:"
OPENER = "opener:"
EXCLUSION = "unless:"
_COMPOSITION_GAP = 2
_CUE_GAP = 1

_NONE: Mapping[str, tuple[Entry, ...]] = MappingProxyType({})


class Entry(Struct, frozen=True):
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


class Opening(Struct, frozen=True):
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


class Lexicon(Struct, frozen=True):
    """All entries of a rulebook, ready for finding.

    Args:
        entries: entries by each form of their first word.
        derivations: what concepts make of one another, each after those that it needs.
        woken_by: for a concept, the places of the derivations that can come to something once it is seen.
        builds: for a concept, what it may build: the phrases of which it fills the item that fewest share.
        kinds: concepts that stand for a whole kind of token, by the kind.
        roles: each concept's role.
        vocabulary: all words, with the index for misspellings.
        placed: cues that count only at the start or end of a clause; they hide no shorter cue inside of them.
        listed: the entries by the concept that they are a way to write.
    """

    entries: Mapping[str, Opening]
    derivations: tuple[Derivation, ...]
    woken_by: Mapping[str, tuple[int, ...]]
    builds: Mapping[str, tuple[Build, ...]]
    kinds: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, Role]
    vocabulary: Vocabulary
    placed: frozenset[str] = frozenset()
    listed: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)


class _Known(Struct, frozen=True):
    """What another lexicon made of a concept or cue that is the same here, in the order of its texts."""

    entries: Iterator[Entry]
    built_by: Iterator[CompiledPhrase]
    taken_by: Iterator[CompiledPhrase]


class LexiconBuilder:
    """Collects entries while a rulebook is compiled.

    Args:
        like: the lexicon of a rulebook that is mostly the same. What both have is not made twice: they share
            it in memory.
    """

    def __init__(self, like: Lexicon | None = None) -> None:
        self._like = like
        self._known_derivations = {one.concept: one for one in like.derivations} if like is not None else {}
        self._entries: dict[str, list[Entry]] = {}
        self._built_by: dict[str, list[CompiledPhrase]] = defaultdict(list)
        self._taken_by: dict[str, list[CompiledPhrase]] = defaultdict(list)
        self._kinds: dict[str, list[str]] = defaultdict(list)
        self._roles: dict[str, Role] = {}
        self._plain: set[str] = set()
        self._slots: dict[Slot, Slot] = {}
        self._placed: set[str] = set()

    def add_concept(self, name: str, concept: Concept, *, is_known: bool = False) -> None:
        """Take in a concept with all its entries.

        Args:
            name: its id.
            concept: the concept.
            is_known: whether the rulebook that this one is like has the very same.
        """
        known = self._known(name) if is_known else None
        self._roles[name] = concept.role
        for text in concept.words:
            self._add_entry(name, text, noun_items, known)
        for text in concept.verbs:
            self._add_entry(name, text, verb_items, known)
        for text in concept.exactly:
            self._add_entry(name, text, items_of, known, exact=True)
        for kind in concept.kinds:
            self._kinds[kind].append(name)
        for text in concept.phrases:
            self._built_by[name].append(self._built(text, _COMPOSITION_GAP, known))
        for text in concept.unless:
            self._taken_by[name].append(self._taken(text, known))

    def add_cue(self, cue: Cue, *, is_known: bool = False) -> None:
        """Take in a cue; the marks "?" and "!" are not words and are left to the clause.

        Args:
            cue: the cue.
            is_known: whether the rulebook that this one is like has the very same.
        """
        name = CUE + cue.id
        known = self._known(name) if is_known else None
        self._roles[name] = Role.PLAIN
        if cue.at is not Position.ANYWHERE:
            self._placed.add(name)
        for text in cue.words:
            if text in {"?", "!"}:
                continue
            if is_composed(text):
                self._built_by[name].append(self._built(text, _CUE_GAP, known))
            else:
                self._add_entry(name, text, items_of, known)
        for text in cue.unless:
            self._taken_by[name].append(self._taken(text, known))

    def phrase(self, text: str, *, gap: int | None = None, within: int = 60) -> CompiledPhrase:
        """Compile a phrase and take in its plain words.

        Args:
            text: the phrase as the moderator wrote it.
            gap: how many tokens may lie between neighbouring items; None: as many as `within` allows.
            within: tokens from its first to its last.
        """
        compiled = compile_phrase(text, gap=gap, within=within)
        # Thousands of phrases have the same few items; held once, they take a third of the memory.
        slots = tuple(self._slots.setdefault(slot, slot) for slot in compiled.slots)
        return self.adopt(replace(compiled, slots=slots))

    def exclusion(self, text: str) -> CompiledPhrase:
        """Compile another meaning: its plain words stand side by side, concepts may have room between them.

        Args:
            text: the phrase as the moderator wrote it.
        """
        if is_composed(text):
            return self.phrase(text, gap=_COMPOSITION_GAP)
        return self.adopt(CompiledPhrase.single(text, EXCLUSION + text))

    def adopt(self, phrase: CompiledPhrase) -> CompiledPhrase:
        """Take in the plain words of a phrase that is ready.

        Args:
            phrase: the phrase, of this lexicon or of the one that it is like.

        Returns:
            the same phrase.
        """
        for slot in phrase.slots:
            for name in slot.concepts:
                if name in self._plain or not name.startswith((WORD, EXCLUSION)):
                    continue
                self._plain.add(name)
                if self._like is not None and name in self._like.listed:
                    self._entries[name] = list(self._like.listed[name])
                else:
                    text = name.removeprefix(EXCLUSION) if name.startswith(EXCLUSION) else name[len(WORD) :]
                    self._add_entry(name, text, items_of, None)
        return phrase

    def build(self) -> Lexicon:
        """Give the finished lexicon."""
        derivations = in_order(
            Derivation(name, PhraseSet(self._built_by.get(name, ())), PhraseSet(self._taken_by.get(name, ())))
            for name in {**self._built_by, **self._taken_by}
        )
        like = self._like
        known = like.listed if like is not None else {}
        listed = {name: _shared(entries, known.get(name, ())) for name, entries in self._entries.items()}
        fuzzy, exact = _words_of(listed, like)
        return Lexicon(
            entries=_openings(listed, like),
            derivations=tuple(
                same_object(one, self._known_derivations.get(one.concept)) for one in derivations
            ),
            woken_by=same_object(woken_by(derivations), like.woken_by if like is not None else None),
            builds=same_object(builds(derivations), like.builds if like is not None else None),
            kinds={kind: tuple(names) for kind, names in self._kinds.items()},
            roles=same_object(self._roles, like.roles if like is not None else None),
            vocabulary=vocabulary_of(fuzzy, exact, like.vocabulary if like is not None else None),
            placed=frozenset(self._placed),
            listed=listed,
        )

    def _known(self, name: str) -> _Known | None:
        if self._like is None:
            return None
        derivation = self._known_derivations.get(name)
        built: Iterable[CompiledPhrase] = derivation.built_by if derivation is not None else ()
        taken: Iterable[CompiledPhrase] = derivation.taken_by if derivation is not None else ()
        return _Known(iter(self._like.listed.get(name, ())), iter(built), iter(taken))

    def _built(self, text: str, gap: int, known: _Known | None) -> CompiledPhrase:
        return self.phrase(text, gap=gap) if known is None else self.adopt(next(known.built_by))

    def _taken(self, text: str, known: _Known | None) -> CompiledPhrase:
        return self.exclusion(text) if known is None else self.adopt(next(known.taken_by))

    def _add_entry(
        self,
        name: str,
        text: str,
        make: Callable[[str], Items],
        known: _Known | None,
        *,
        exact: bool = False,
    ) -> None:
        if known is not None:
            # All of a concept's entries are taken over with its first text: none of them is different.
            self._entries.setdefault(name, []).extend(known.entries)
            return
        items = make(text)
        if items and items[0] is not None:
            self._entries.setdefault(name, []).append(Entry(name, items, text, exact))


def _shared(entries: Sequence[Entry], known: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Give the entries of a concept, those that another lexicon has of it as the same objects."""
    if len(entries) == len(known) and all(map(is_, entries, known)):
        return known
    there = {entry: entry for entry in known}
    return same_object(tuple(there.get(entry, entry) for entry in entries), known)


def _words_of(listed: Mapping[str, Sequence[Entry]], like: Lexicon | None) -> tuple[set[str], set[str]]:
    """Give the words that may be misspelt, and those that must stand letter by letter."""
    fuzzy: set[str] = set()
    exact: set[str] = set()
    known: Mapping[str, Sequence[Entry]] = {}
    if like is not None and all(listed.get(name) is entries for name, entries in like.listed.items()):
        known = like.listed
        fuzzy |= like.vocabulary.fuzzy
        exact |= like.vocabulary.words - like.vocabulary.fuzzy
    for name, entries in listed.items():
        if name not in known:
            for entry in entries:
                (exact if entry.exact else fuzzy).update(*(item for item in entry.items if item))
    return fuzzy, exact


def _openings(listed: Mapping[str, tuple[Entry, ...]], like: Lexicon | None) -> dict[str, Opening]:
    """Sort the entries by each form of their first word; what another lexicon has alike is shared."""
    known = like.listed if like is not None else {}
    changed = [*_only_in(listed, known), *_only_in(known, listed)]
    touched = {word for entry in changed for word in entry.items[0] or ()}
    by_word: dict[str, list[Entry]] = defaultdict(list)
    for entries in listed.values():
        for entry in entries:
            for word in entry.items[0] or ():
                if word in touched:
                    by_word[word].append(entry)
    openings = dict(like.entries) if like is not None else {}
    for word in touched:
        if word in by_word:
            openings[word] = opening_of(by_word[word])
        else:
            del openings[word]
    return openings


def _only_in(one: Mapping[str, tuple[Entry, ...]], other: Mapping[str, tuple[Entry, ...]]) -> Iterator[Entry]:
    for name, entries in one.items():
        there = other.get(name, ())
        if there is not entries:
            same = set(map(id, there))
            yield from (entry for entry in entries if id(entry) not in same)


def opening_of(entries: Sequence[Entry]) -> Opening:
    """Sort entries that begin with the same word."""
    alone = tuple(entry for entry in entries if len(entry.items) == 1)
    if len(alone) == len(entries):
        return Opening(alone, _NONE, ())
    gapped: list[Entry] = []
    by_second: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if len(entry.items) > 1:
            second = entry.items[1]
            if second is None:
                gapped.append(entry)
            else:
                for word in second:
                    by_second[word].append(entry)
    return Opening(alone, {word: tuple(listed) for word, listed in by_second.items()}, tuple(gapped))
