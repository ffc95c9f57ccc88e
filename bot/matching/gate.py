"""The gate: which words make a message worth a closer look. Almost every message of a chat ends at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.matching.lexicon import WORD, Lexicon
from bot.matching.phrases import CompiledPhrase, Slot
from bot.matching.vocabulary import word_counts
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


class Gate:
    """Tells whether a message holds the words without which no phrase could match.

    Args:
        phrases: every phrase of every rule.
        lexicon: the lexicon they are laid over.
    """

    def __init__(self, *, phrases: Iterable[CompiledPhrase], lexicon: Lexicon) -> None:
        keys = _Keys(lexicon)
        self._vocabulary = lexicon.vocabulary
        self._named: set[str] = set()
        self._said: set[str] = set()
        for phrase in phrases:
            topics = [slot for slot in phrase.slots if _has_role(slot, Role.TOPIC, lexicon.roles)]
            themes = [slot for slot in phrase.slots if _has_role(slot, Role.THEME, lexicon.roles)]
            rest = [slot for slot in phrase.slots if slot not in topics and slot not in themes]
            self._named |= keys.of_rarest(topics or themes or rest)
            if rest:
                self._said |= keys.of_rarest(rest)
            else:
                # Any of them may be carried over, but never all: one stands in the message.
                self._said.update(*(keys.of(slot) for slot in phrase.slots))
        carried = (name for name, role in lexicon.roles.items() if role in {Role.TOPIC, Role.THEME})
        self._carried = keys.of(Slot(frozenset(carried), 0))
        self._of_other_kinds = self._bits(_ANY_KIND)
        # Two neighbours may be one word written apart; most pairs are none, so each costs one look-up.
        self._of_joined = {word: self._bits(word) for word in self._named | self._said | self._carried}
        self._of_word = lru_cache(maxsize=_REMEMBERED_WORDS)(self._look_up)

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
            bits |= self._of_word(token.text, token.readings) | self._of_joined.get(before + token.text, 0)
            if token.kind is not TokenKind.WORD:
                bits |= self._of_other_kinds
            before = token.text
        return bits

    def _look_up(self, text: str, readings: tuple[str, ...]) -> int:
        bits = 0
        for candidate in self._vocabulary.candidates(text, readings):
            bits |= self._bits(candidate.word)
        return bits

    def _bits(self, word: str) -> int:
        return NAMED * (word in self._named) | SAID * (word in self._said) | CARRIED * (word in self._carried)


def _has_role(slot: Slot, role: Role, roles: Mapping[str, Role]) -> bool:
    return any(roles.get(name) is role for name in slot.concepts)


def _commonness(words: Iterable[str]) -> int:
    counts = word_counts()
    return sum(_COMMONER_THAN_ANY_WORD if word == _ANY_KIND else counts.get(word, 0) for word in words)


class _Keys:
    """For each concept, the words without which it cannot be seen: of each entry those of its rarest item."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words: dict[str, set[str]] = {}
        entries = {id(entry): entry for opening in lexicon.entries.values() for entry in opening.all()}
        for entry in entries.values():
            rarest = min((item for item in entry.items if item is not None), key=_commonness)
            self._words.setdefault(entry.concept, set()).update(rarest)
        for names in lexicon.kinds.values():
            for name in names:
                self._words.setdefault(name, set()).add(_ANY_KIND)
        for derivation in lexicon.derivations:
            for phrase in derivation.built_by:
                self._words.setdefault(derivation.concept, set()).update(self.of_rarest(phrase.slots))

    def of(self, slot: Slot) -> set[str]:
        """Give the words without which nothing is seen in a slot; a phrase's plain words are entries, too."""
        words: set[str] = set()
        for name in slot.concepts:
            words |= self._words.get(name, {name.removeprefix(WORD)})
        return words

    def of_rarest(self, slots: Iterable[Slot]) -> set[str]:
        """Give the words of that slot whose words are seen least."""
        return min((self.of(slot) for slot in slots), key=_commonness)
