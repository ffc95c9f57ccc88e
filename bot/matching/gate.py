"""The gate: whether the words of a message could fill a phrase at all. Most messages of a chat end at it.

It asks only whether something could stand in every slot of a phrase, and knows nothing of order, distance or
stance. What it lets through may come to nothing; what it stops could not have come to anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from bot.matching.lexicon import Lexicon
from bot.matching.pairs import Pairs
from bot.matching.phrases import CompiledPhrase
from bot.matching.standing import Sight, Slots, Standing, slots_of
from bot.matching.telling import telling_words
from bot.rulebook.model import Role


class Gate:
    """Tells from the words of a message whether anything could be found in it.

    Args:
        phrases: every phrase of every rule.
        emergency: the signs of an emergency, which count only beside a topic or theme.
        asked_about: ids of the topics for which likeness is asked where no phrase matches.
        lexicon: the lexicon they are laid over.
    """

    def __init__(
        self,
        *,
        phrases: Iterable[CompiledPhrase],
        emergency: Iterable[CompiledPhrase],
        asked_about: Collection[str],
        lexicon: Lexicon,
    ) -> None:
        carried = frozenset(name for name, role in lexicon.roles.items() if role in {Role.TOPIC, Role.THEME})
        claims = [slots_of(phrase) for phrase in phrases]
        signs = [slots_of(phrase) for phrase in emergency]
        needed = [(frozenset(asked_about),), *claims, *((*slots, carried) for slots in signs)]
        self._standing = standing = Standing(lexicon)
        self._beside: dict[frozenset[str], list[tuple[Slots, tuple[frozenset[str], ...]]]] = defaultdict(list)
        for rarest, *others in dict.fromkeys(map(standing.in_order, needed)):
            self._beside[rarest].append((tuple(others), tuple(map(standing.keys, others))))
        self._partners = {rarest: _partners(listed) for rarest, listed in self._beside.items()}
        self._by_word: dict[str, list[frozenset[str]]] = defaultdict(list)
        self._by_carried: dict[str, list[frozenset[str]]] = defaultdict(list)
        for rarest in self._beside:
            for word in standing.keys(rarest):
                self._by_word[word].append(rarest)
            for name in rarest & carried:
                self._by_carried[name].append(rarest)
        self._asked_about = frozenset(asked_about)
        self._telling = telling_words((*claims, *signs), lexicon)
        self._supplying = standing.keys(carried)
        self.pairs = Pairs((standing.keys(rarest), words) for rarest, words in self._partners.items())

    def lets_through(self, words: frozenset[str], carried: Collection[str] = ()) -> bool:
        """Tell whether anything could be found in a message.

        Args:
            words: the lexicon's words that may stand in it, with `ANY_KIND` for what is no word.
            carried: ids of the topics and themes named in the conversation before.
        """
        if not self._asked_about.isdisjoint(carried) and not self._telling.isdisjoint(words):
            return True
        meant = {slot for name in carried for slot in self._by_carried.get(name, ())}
        named = {slot for word in words & self.pairs.watched for slot in self._by_word[word]}
        sight = Sight(self._standing, words, carried)
        return any(
            sight.fills_one(slot) and any(sight.may_fill(*others) for others in self._beside[slot])
            for slot in named | meant
            if carried or self._has_partner(slot, words)
        )

    def _has_partner(self, slot: frozenset[str], words: frozenset[str]) -> bool:
        partners = self._partners[slot]
        return partners is None or not partners.isdisjoint(words)

    def may_supply(self, words: frozenset[str]) -> bool:
        """Tell whether a message could name a topic or theme; its words are those of `lets_through`."""
        return not self._supplying.isdisjoint(words)


def _partners(beside: Iterable[tuple[Slots, tuple[frozenset[str], ...]]]) -> frozenset[str] | None:
    """Give the words of which one stands beside those of the rarest slot; None if that is enough alone."""
    keys = [keys for _, keys in beside]
    return frozenset().union(*(one[0] for one in keys)) if all(keys) else None
