"""The gate: which words make a message worth a closer look. Almost every message of a chat ends at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial

from bot.matching.lexicon import WORD, Entry, Lexicon
from bot.matching.phrases import CompiledPhrase
from bot.matching.vocabulary import Vocabulary
from bot.rulebook.model import Role
from bot.text.model import Reading, TokenKind

NAMED = 1
"""Without one of these words in the message no phrase can match all by itself."""
SAID = 2
"""Without one of these words no phrase can match with a topic or theme from the conversation before."""
CARRIED = 4
"""Without one of these words no topic or theme that a later message may mean is named."""

_ANY_KIND = "\0"
"""Stands for any token that is no word: an amount, a number, an emoji."""
_COMMONER_THAN_ANY_WORD = 1 << 50
_REMEMBERED_WORDS = 50_000

EntryKeys = Mapping[str, tuple[tuple[Entry, ...], frozenset[str]]]
"""For each concept its entries, and of each of them the words of its rarest item."""


class Gate:
    """Tells whether a message holds the words without which no phrase could match.

    Args:
        bits: for each word what it makes a message worth looking at for.
        vocabulary: the words of the rulebook.
        keys: the words without which each concept cannot be seen, so that a rulebook that is mostly the same
            need not find them again.
    """

    def __init__(self, *, bits: Mapping[str, int], vocabulary: Vocabulary, keys: EntryKeys) -> None:
        self.bits = bits
        self.keys = keys
        self.vocabulary = vocabulary
        self._of_other_kinds = bits.get(_ANY_KIND, 0)
        # What remembers must not hold this object: a circle would keep a rulebook that nobody uses any more.
        self._of_word = lru_cache(maxsize=_REMEMBERED_WORDS)(partial(_look_up, bits, vocabulary))

    def relevance(self, reading: Reading) -> int:
        """Tell what a message may be worth looking at for.

        Args:
            reading: the message.

        Returns:
            the bits NAMED, SAID and CARRIED that its words give.
        """
        bits = 0
        before = ""
        for token in reading.tokens:
            bits |= self._of_word(token.text, token.readings) | self.bits.get(before + token.text, 0)
            if token.kind is not TokenKind.WORD:
                bits |= self._of_other_kinds
            before = token.text
        return bits


def _look_up(bits: Mapping[str, int], vocabulary: Vocabulary, text: str, readings: tuple[str, ...]) -> int:
    found = 0
    for candidate in vocabulary.candidates(text, readings):
        found |= bits.get(candidate.word, 0)
    return found


def gate_of(*, phrases: Iterable[CompiledPhrase], lexicon: Lexicon, like: Gate | None = None) -> Gate:
    """Make the gate of a rulebook.

    Args:
        phrases: every phrase of every rule.
        lexicon: the lexicon they are laid over.
        like: the gate of a rulebook that is mostly the same; what is equal is shared.

    Returns:
        the gate.
    """
    keys = _Keys(lexicon, like.keys if like is not None else {})
    named: set[frozenset[str]] = set()
    said: set[frozenset[str]] = set()
    for phrase in phrases:
        slots = [slot.concepts for slot in phrase.slots]
        topics = [names for names in slots if _has_role(names, Role.TOPIC, lexicon.roles)]
        themes = [names for names in slots if _has_role(names, Role.THEME, lexicon.roles)]
        rest = [names for names in slots if names not in topics and names not in themes]
        named.add(keys.rarest(topics or themes or rest))
        # Where all of it may be carried over, it never is at once: one of them stands in the message.
        said.update([keys.rarest(rest)] if rest else slots)
    carried = frozenset(name for name, role in lexicon.roles.items() if role in {Role.TOPIC, Role.THEME})
    bits: dict[str, int] = defaultdict(int)
    for bit, needed in ((NAMED, named), (SAID, said), (CARRIED, {carried})):
        for word in set().union(*(keys.of(names) for names in needed)):
            bits[word] |= bit
    is_same = like is not None and like.bits == bits
    return Gate(
        bits=like.bits if like is not None and is_same else dict(bits),
        vocabulary=lexicon.vocabulary,
        keys=like.keys if like is not None and like.keys else keys.of_entries,
    )


def _has_role(names: Iterable[str], role: Role, roles: Mapping[str, Role]) -> bool:
    return any(roles.get(name) is role for name in names)


class _Keys:
    """For each concept, the words without which it cannot be seen: of each entry those of its rarest item."""

    def __init__(self, lexicon: Lexicon, known: EntryKeys) -> None:
        self._counts = lexicon.vocabulary.counts
        self._count_of = {_ANY_KIND: _COMMONER_THAN_ANY_WORD}
        self._of: dict[frozenset[str], frozenset[str]] = {}
        self._commonness_of: dict[frozenset[str], int] = {}
        self.of_entries: EntryKeys = {}
        for name, entries in lexicon.listed.items():
            before = known.get(name)
            is_same = before is not None and before[0] is entries
            self.of_entries[name] = (
                before if before is not None and is_same else (entries, self._rarest(entries))
            )
        self._words = {name: words for name, (_, words) in self.of_entries.items()}
        for names in lexicon.kinds.values():
            for name in names:
                self._add(name, {_ANY_KIND})
        for derivation in lexicon.derivations:
            for phrase in derivation.built_by:
                self._add(derivation.concept, self._of_rarest(phrase))

    def of(self, names: frozenset[str]) -> frozenset[str]:
        """Give the words without which none of these is seen; a phrase's plain words are entries, too."""
        known = self._of.get(names)
        if known is None:
            known = frozenset().union(*(self._words.get(name, (name.removeprefix(WORD),)) for name in names))
            self._of[names] = known
        return known

    def rarest(self, slots: Iterable[frozenset[str]]) -> frozenset[str]:
        """Give of several slots that whose words are seen least."""
        return min(slots, key=self._commonness)

    def _commonness(self, names: frozenset[str]) -> int:
        known = self._commonness_of.get(names)
        if known is None:
            known = self._commonness_of[names] = self._count(self.of(names))
        return known

    def _count(self, words: Iterable[str]) -> int:
        return sum(map(self._count_one, words))

    def _count_one(self, word: str) -> int:
        count = self._count_of.get(word)
        if count is None:
            count = self._count_of[word] = self._counts[word]
        return count

    def _rarest(self, entries: Sequence[Entry]) -> frozenset[str]:
        rarest = (
            min((item for item in entry.items if item is not None), key=self._count)
            if len(entry.items) > 1
            else entry.items[0] or ()
            for entry in entries
        )
        return frozenset(word for item in rarest for word in item)

    def _of_rarest(self, phrase: CompiledPhrase) -> frozenset[str]:
        return self.of(self.rarest([slot.concepts for slot in phrase.slots]))

    def _add(self, name: str, words: Iterable[str]) -> None:
        self._words[name] = self._words.get(name, frozenset()).union(words)
        self._of.clear()
        self._commonness_of.clear()
