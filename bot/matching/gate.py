"""The gate: whether the words of a message could fill a phrase at all. Most messages of a chat end at it.

It asks only whether something could stand in every slot of a phrase, and knows nothing of order, distance or
stance. What it lets through may come to nothing; what it stops could not have come to anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from bot.matching.beside import Beside
from bot.matching.lexicon import Lexicon
from bot.matching.pairs import Pairs
from bot.matching.phrases import CompiledPhrase
from bot.matching.rare_slots import Needed
from bot.matching.sharing import same_object
from bot.matching.standing import Sight, Slots, Standing, slots_of
from bot.matching.weights import Weight, Weights, telling_words
from bot.rulebook.model import Role


class Gate(Struct, frozen=True, eq=False):
    """Tells from the words of a message whether anything could be found in it.

    Args:
        standing: the words with which concepts could stand in a message.
        needed: the slots that are filled least often, each with those beside it.
        pairs: pairs of words without which none of them is filled.
        asked_about: ids of the topics for which likeness is asked where no phrase matches.
        telling: words without which likeness is not asked about a topic that was named before.
        supplying: words without which no topic or theme is named that a later message may mean.
        carriable: ids of these topics, and of these themes.
        beside: what is to be looked at closer, by what is carried over.
        weights: how rare concepts are, so that a rulebook that is mostly the same need not find it again.
    """

    standing: Standing
    needed: tuple[Needed, ...]
    pairs: Pairs
    asked_about: frozenset[str]
    telling: frozenset[str]
    supplying: frozenset[str]
    carriable: tuple[frozenset[str], frozenset[str]]
    beside: Beside
    weights: Mapping[str, Weight]

    def lets_through(self, words: frozenset[str], carried: Collection[str] = ()) -> bool:
        """Tell whether anything could be found in a message.

        Args:
            words: the lexicon's words that may stand in it, with `ANY_KIND` for what is no word.
            carried: ids of the topics and themes named in the conversation before.
        """
        if not carried:
            return self.beside.rare.are_filled(words)
        if not self.asked_about.isdisjoint(carried) and not self.telling.isdisjoint(words):
            return True
        sight = Sight(self.standing, words, carried)
        due = self.beside.of(carried).due(words)
        return any(sight.fills((slot,)) and any(map(sight.fills, beside)) for slot, beside in due)

    def perhaps_named(self, words: frozenset[str]) -> tuple[str, ...]:
        """Give the topics and themes that a message could name; its words are those of `lets_through`."""
        if self.supplying.isdisjoint(words):
            return ()
        sight = Sight(self.standing, words)
        names = sorted(frozenset().union(*self.carriable))
        return tuple(name for name in names if sight.fills((frozenset((name,)),)))


def gate_of(
    *,
    phrases: Iterable[CompiledPhrase],
    emergency: Iterable[CompiledPhrase],
    asked_about: Collection[str],
    lexicon: Lexicon,
    like: Gate | None = None,
) -> Gate:
    """Make the gate of a rulebook.

    Args:
        phrases: every phrase of every rule.
        emergency: the signs of an emergency, which count only beside a topic or theme.
        asked_about: ids of the topics for which likeness is asked where no phrase matches.
        lexicon: the lexicon they are laid over.
        like: the gate of a rulebook that is mostly the same; what is equal is shared.

    Returns:
        the gate.
    """
    weights = Weights(lexicon, like.weights if like is not None else {})
    topics, themes = (
        frozenset(name for name, role in lexicon.roles.items() if role is wanted)
        for wanted in (Role.TOPIC, Role.THEME)
    )
    carried = topics | themes
    claims = [slots_of(phrase) for phrase in phrases]
    signs = [slots_of(phrase) for phrase in emergency]
    named: list[Slots] = [(frozenset(asked_about),)] if asked_about else []
    by_rarest: dict[frozenset[str], list[Slots]] = defaultdict(list)
    for slots in (*named, *claims, *((*slots, carried) for slots in signs)):
        rarest, *others = weights.in_order(slots)
        by_rarest[rarest].append(tuple(others))
    needed = tuple((rarest, tuple(dict.fromkeys(listed))) for rarest, listed in by_rarest.items())
    built_by = same_object(weights.built_by, like.standing.built_by if like is not None else None)
    standing = Standing(lexicon, built_by, like.standing if like is not None else None)
    known = like.pairs if like is not None else None
    beside = Beside(needed=needed, standing=standing, carriable=(topics, themes), like=known)
    telling = telling_words((*claims, *signs), lexicon, weights)
    return Gate(
        standing=standing,
        needed=same_object(needed, like.needed if like is not None else None),
        pairs=same_object(beside.of(()).pairs, known),
        asked_about=frozenset(asked_about),
        telling=same_object(telling, like.telling if like is not None else None),
        supplying=same_object(standing.keys_of(carried), like.supplying if like is not None else None),
        carriable=(topics, themes),
        beside=beside,
        weights=like.weights if like is not None and like.weights else weights.of_entries,
    )
