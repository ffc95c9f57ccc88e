"""The gate: which words make a message worth a closer look. Almost every message of a chat ends at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.matching.lexicon import WORD, Lexicon
from bot.matching.phrases import CompiledPhrase, Slot
from bot.matching.vocabulary import word_counts
from bot.rulebook.model import Role

NAMED = 1
"""A topic cannot be named without one of these words, nor can a phrase without a topic match."""
SAID = 2
"""Nothing can be said of a topic that the conversation named before without one of these words."""
CARRIED = 4
"""No topic or theme that a later message may mean can be named without one of these words."""
_REMEMBERED_WORDS = 50_000


class Gate:
    """Tells for each word whether a phrase could match because of it.

    Args:
        phrases: every phrase of every rule.
        lexicon: the lexicon they are laid over.
    """

    def __init__(self, *, phrases: Iterable[CompiledPhrase], lexicon: Lexicon) -> None:
        self._vocabulary = lexicon.vocabulary
        keys = _Keys(lexicon)
        named: set[str] = set()
        said: set[str] = set()
        for phrase in phrases:
            topics = [slot for slot in phrase.slots if _has_role(slot, Role.TOPIC, lexicon.roles)]
            themes = [slot for slot in phrase.slots if _has_role(slot, Role.THEME, lexicon.roles)]
            rest = [slot for slot in phrase.slots if slot not in topics and slot not in themes]
            named |= min((keys.of(slot) for slot in topics or themes or rest), key=_commonness)
            if (topics or themes) and rest:
                said |= min((keys.of(slot) for slot in rest), key=_commonness)
        slot = Slot(
            frozenset(name for name, role in lexicon.roles.items() if role in {Role.TOPIC, Role.THEME}), 0
        )
        self._carried = frozenset(keys.of(slot))
        self._named = frozenset(named)
        self._said = frozenset(said)
        self.kinds = bool(lexicon.kinds)
        self.relevance = lru_cache(maxsize=_REMEMBERED_WORDS)(self._relevance)

    def _relevance(self, text: str, readings: tuple[str, ...]) -> int:
        """Give the bits NAMED, SAID and CARRIED for a word and its other readings."""
        bits = 0
        for candidate in self._vocabulary.candidates(text, readings):
            bits |= NAMED * (candidate.word in self._named) | SAID * (candidate.word in self._said)
            bits |= CARRIED * (candidate.word in self._carried)
        if not text.isalpha():
            bits |= SAID * self.kinds
        return bits


def _has_role(slot: Slot, role: Role, roles: Mapping[str, Role]) -> bool:
    return any(roles.get(name) is role for name in slot.concepts)


def _commonness(words: Iterable[str]) -> int:
    counts = word_counts()
    return sum(counts.get(word, 0) for word in words)


class _Keys:
    """For each concept, the words without which it cannot be seen: of each entry those of its rarest item."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words: dict[str, set[str]] = {}
        for entry in {
            id(entry): entry for opening in lexicon.entries.values() for entry in opening.all()
        }.values():
            rarest = min((item for item in entry.items if item is not None), key=_commonness)
            self._words.setdefault(entry.concept, set()).update(rarest)
        for derivation in lexicon.derivations:
            for phrase in derivation.built_by:
                slots = (self.of(slot) for slot in phrase.slots)
                self._words.setdefault(derivation.concept, set()).update(min(slots, key=_commonness))

    def of(self, slot: Slot) -> set[str]:
        """Give the words without which nothing is seen in a slot; a phrase's plain words are entries, too."""
        words: set[str] = set()
        for name in slot.concepts:
            words |= self._words.get(name, {name.removeprefix(WORD)})
        return words
