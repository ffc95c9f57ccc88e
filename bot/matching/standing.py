"""Whether a concept could stand in a message that holds certain words, wherever these stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from weakref import WeakValueDictionary

from msgspec import Struct

from bot.matching.lexicon import Entry, Lexicon
from bot.matching.pairs import Pair
from bot.matching.phrases import CompiledPhrase
from bot.matching.sharing import same_object

ANY_KIND = "\0"
"""Stands among the words of a message for any token that is no word: an amount, a number, an emoji."""

Slots = tuple[frozenset[str], ...]
"""What must be seen together: of each set one concept."""

Count = Callable[[Iterable[str]], int]
"""Tells how often any of some words is used."""


def slots_of(phrase: CompiledPhrase) -> Slots:
    """Give the slots of a phrase without their order."""
    return tuple(dict.fromkeys(slot.concepts for slot in phrase.slots))


def rarest_item(entry: Entry, count: Count) -> frozenset[str]:
    """Give the words of an entry's rarest place; without one of them the entry is not seen."""
    items = [item for item in entry.items if item is not None]
    return items[0] if len(items) == 1 else min(items, key=count)


class _Ways(Struct, frozen=True):
    """The ways in which a concept is written.

    Args:
        alone: words that are enough by themselves.
        beside: for each other word the entries of whose places it is the rarest.
    """

    alone: frozenset[str]
    beside: Mapping[str, tuple[Entry, ...]]


class Rest(Struct, frozen=True):
    """What must stand beside a word for one of the entries of which it is the rarest.

    Args:
        enough: words of which one is enough.
        second: words of which one must stand for any of the longer entries.
        longer: the items of these, each without those of the word.
    """

    enough: frozenset[str]
    second: frozenset[str]
    longer: tuple[tuple[frozenset[str], ...], ...]

    def stands_in(self, words: frozenset[str]) -> bool:
        """Tell whether one of the entries could stand in a message with the word and these."""
        if not self.enough.isdisjoint(words):
            return True
        if self.second.isdisjoint(words):
            return False
        return any(not any(map(words.isdisjoint, items)) for items in self.longer)


class Filled(Struct, frozen=True):
    """The ways to fill a slot, those of all its concepts put together.

    Args:
        alone: words that are enough by themselves.
        beside: for each other word what must stand beside it.
        built_by: the slots of phrases that build one of the concepts.
    """

    alone: frozenset[str]
    beside: Mapping[str, Rest]
    built_by: tuple[Slots, ...]


class Standing:
    """Knows for each concept the words with which it could stand in a message, from when it is first asked.

    Args:
        lexicon: the lexicon.
        built_by: for a concept, the slots of the phrases that build it, those that are seen least first.
        like: what knows that of a rulebook that is mostly the same; what is equal is shared.
    """

    def __init__(
        self, lexicon: Lexicon, built_by: Mapping[str, tuple[Slots, ...]], like: Standing | None = None
    ) -> None:
        self.lexicon = lexicon
        self.built_by = built_by
        # Only one step back, or one rulebook would keep alive all that came before it.
        self.like: Standing | None = like if like is not None and like.like is None else None
        self._ways: dict[str, _Ways] = {}
        self._keys: dict[str, frozenset[str]] = {}
        self._keys_of_slots: dict[frozenset[str], frozenset[str]] = {}
        self._filled: dict[frozenset[str], Filled] = {}
        # What was made for rulebooks that are mostly the same lasts as long as one of them does.
        self._lent: WeakValueDictionary[frozenset[str], frozenset[str]] = WeakValueDictionary()

    def ways(self, name: str) -> _Ways:
        """Give the ways in which a concept is written."""
        ways = self._ways.get(name)
        if ways is None:
            ways = self._ways[name] = self._shared(name) or self._made(name)
        return ways

    def keys(self, name: str) -> frozenset[str]:
        """Give the words without one of which a concept is neither seen nor built."""
        keys = self._keys.get(name)
        if keys is None:
            made = frozenset().union(*map(self._own_keys, self.first_needed((name,))))
            like = self.like
            known = like.keys(name) if like is not None and like.knows(name) else None
            keys = self._keys[name] = same_object(made, known)
        return keys

    def keys_of(self, slot: frozenset[str]) -> frozenset[str]:
        """Give the words without one of which nothing is seen in a slot."""
        keys = self._keys_of_slots.get(slot)
        if keys is None:
            made = frozenset().union(*map(self.keys, slot))
            known = self.like.lend(slot) if self.like is not None else None
            keys = self._keys_of_slots[slot] = same_object(made, known)
        return keys

    def filled(self, slot: frozenset[str]) -> Filled:
        """Give the ways to fill a slot."""
        filled = self._filled.get(slot)
        if filled is None:
            ways = [self.ways(name) for name in sorted(slot)]
            entries: dict[str, list[Entry]] = defaultdict(list)
            for way in ways:
                for word, listed in way.beside.items():
                    entries[word].extend(listed)
            # The forms of one word have the same entries, and share what is made of them.
            made: dict[tuple[int, ...], Rest] = {}
            beside: dict[str, Rest] = {}
            for word, its_own in entries.items():
                same = tuple(map(id, its_own))
                beside[word] = made[same] = made.get(same) or self._rest(its_own)
            filled = self._filled[slot] = Filled(
                alone=frozenset().union(*(way.alone for way in ways)),
                beside=beside,
                built_by=tuple(one for name in sorted(slot) for one in self.built_by.get(name, ())),
            )
        return filled

    def _rest(self, entries: Sequence[Entry]) -> Rest:
        count = self.lexicon.vocabulary.counts.of_any
        enough: set[frozenset[str]] = set()
        longer: dict[tuple[frozenset[str], ...], None] = {}
        for entry in entries:
            rarest = rarest_item(entry, count)
            others = {item: None for item in entry.items if item is not None and item is not rarest}
            if len(others) > 1:
                longer[tuple(sorted(others, key=count))] = None
            else:
                enough.update(others or (rarest,))
        return Rest(_all_of(enough), _all_of({items[0] for items in longer}), tuple(longer))

    def knows(self, name: str) -> bool:
        """Tell whether a concept is written or built in any way here."""
        return name in self.lexicon.listed or name in self.built_by

    def lend(self, slot: frozenset[str]) -> frozenset[str] | None:
        """Give what `keys_of` gives to a rulebook that is mostly the same, kept as long as one uses it.

        Args:
            slot: ids of the concepts that fill it.

        Returns:
            the words; None where one of the concepts is not known here.
        """
        keys = self._keys_of_slots.get(slot) or self._lent.get(slot)
        if keys is None and all(map(self.knows, slot)):
            keys = self._lent[slot] = frozenset().union(*map(self.keys, slot))
        return keys

    def pairs_of(self, slot: frozenset[str], seen: frozenset[str] = frozenset()) -> Iterator[Pair]:
        """Give pairs of words of which one must stand whole in a message that shows something in a slot.

        Args:
            slot: ids of the concepts that fill it.
            seen: ids of those whose building was followed already.
        """
        for name in sorted(slot - seen):
            ways = self.ways(name)
            if ways.alone:
                yield ways.alone, None
            for word, entries in sorted(ways.beside.items()):
                yield frozenset((word,)), frozenset().union(*(self._second(entry) for entry in entries))
            for first, *others in self.built_by.get(name, ()):
                if others:
                    yield self.keys_of(first), self.keys_of(others[0])
                else:
                    yield from self.pairs_of(first, seen | {name})

    def _second(self, entry: Entry) -> frozenset[str]:
        """Give the words of an entry's rarest place but one."""
        count = self.lexicon.vocabulary.counts.of_any
        rarest = rarest_item(entry, count)
        return min((item for item in entry.items if item is not None and item is not rarest), key=count)

    def first_needed(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give concepts and those from which their building begins."""
        reached = set(names)
        waiting = [*reached]
        while waiting:
            for slots in self.built_by.get(waiting.pop(), ()):
                waiting.extend(slots[0] - reached)
                reached |= slots[0]
        return tuple(reached)

    def _own_keys(self, name: str) -> frozenset[str]:
        ways = self.ways(name)
        return ways.alone.union(ways.beside)

    def _shared(self, name: str) -> _Ways | None:
        like = self.like
        if like is None or like.lexicon.kinds != self.lexicon.kinds:
            return None
        entries = self.lexicon.listed.get(name)
        return like.ways(name) if entries is not None and like.lexicon.listed.get(name) == entries else None

    def _made(self, name: str) -> _Ways:
        count = self.lexicon.vocabulary.counts.of_any
        alone = {ANY_KIND} if any(name in names for names in self.lexicon.kinds.values()) else set()
        beside: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.lexicon.listed.get(name, ()):
            rarest = rarest_item(entry, count)
            if len(entry.items) == 1:
                alone |= rarest
                continue
            for word in rarest:
                beside[word].append(entry)
        return _Ways(frozenset(alone), {word: tuple(entries) for word, entries in beside.items()})


class Sight:
    """What could be seen in one message.

    Args:
        standing: the concepts' words.
        words: the lexicon's words that may stand in the message, with `ANY_KIND` for what is no word.
        carried: ids of the concepts that may be meant without being named.
    """

    __slots__ = ("_carried", "_named", "_standing", "_words")

    def __init__(self, standing: Standing, words: frozenset[str], carried: Collection[str] = ()) -> None:
        self._standing = standing
        self._words = words
        self._carried = carried
        self._named: dict[frozenset[str], bool] = {}

    def fills(self, slots: Slots) -> bool:
        """Tell whether each slot could be filled, with what is named or carried over."""
        if not self._carried:
            return self._builds(slots)
        return all(not slot.isdisjoint(self._carried) or self._is_named(slot) for slot in slots)

    def _builds(self, slots: Slots) -> bool:
        """Tell whether each slot could be filled with what is named; what is carried over builds nothing."""
        keys_of, words = self._standing.keys_of, self._words
        for slot in slots:
            if keys_of(slot).isdisjoint(words):
                return False
        return all(map(self._is_named, slots))

    def _is_named(self, slot: frozenset[str]) -> bool:
        named = self._named.get(slot)
        if named is None:
            # While it is being found out it counts as named, so that a circle of concepts comes to an end.
            self._named[slot] = True
            named = self._named[slot] = self._could_stand(slot)
        return named

    def _could_stand(self, slot: frozenset[str]) -> bool:
        words, filled = self._words, self._standing.filled(slot)
        if not filled.alone.isdisjoint(words):
            return True
        beside = filled.beside
        for word in words & beside.keys():
            if beside[word].stands_in(words):
                return True
        return any(map(self._builds, filled.built_by))


def _all_of(sets: Collection[frozenset[str]]) -> frozenset[str]:
    """Put sets together; one alone is given as it is, so that memory holds it once."""
    return next(iter(sets)) if len(sets) == 1 else frozenset().union(*sets)
