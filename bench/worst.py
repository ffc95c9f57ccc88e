"""Messages that are made to be slow, against ordinary ones of the same length."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from statistics import fmean, median
from time import perf_counter

from bench.measure import micros_of
from bench.ours import caches, forget_with, look_with
from bench.traffic import Chatter
from bot.matching.compile import CompiledRulebook
from bot.rulebook.model import Rulebook

LENGTHS = (125, 250, 500, 1000, 2000, 4000)
BARRED = (2000, 4000)
"""The lengths for which a bar is set: what Discord takes without and with Nitro."""
ORDINARY = "ordinary"
SEARCHED = "found by search"
_TWO_DOUBLINGS = 4
_MARKS = "".join(map(chr, range(0x300, 0x330)))
_LETTERS = "etaoinshrdlucmfwypvbgkjqxz"
_ODD = (
    "||", "**", "__", "~~", "`", "```", ">", "\n", "\n> ", "…", "?!", "(", "“", "»", "🌿", "💀", "<:leaf:1>",
    "<@1>", "https://", "5g", "7-OH", "2 tbsp", "k r a t o m", "k.r.a.t.o.m", "kr4t0m", "soooo", "кrаtом",
    "ᴋʀᴀᴛᴏᴍ", "𝓀𝓇𝒶𝓉𝑜𝓂", "\u200b", "\u202e", "1️⃣", "l337", "$$$", "@@", "---", "no", "not", "but", "if", "it",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured.

    Args:
        variants: how many messages of each kind and length.
        lengths: in characters.
        searching: seconds of search at each barred length.
    """

    variants: int = 60
    lengths: tuple[int, ...] = LENGTHS
    searching: float = 10.0


QUICK = Effort(variants=2, lengths=(125, 500, 2000), searching=0.5)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message at every length.

    Args:
        name: what it is.
        micros: by length, the mean over its variants in µs, each looked at once with caches in service. Some
            of a kind get a full look and some none, so that the median would jump from one to the other.
    """

    name: str
    micros: dict[int, float]

    @property
    def growth(self) -> float:
        """The steepest growth between lengths from 500 characters on: 1 is in proportion, 2 is quadratic.

        Where more of the longer messages get a full look, that counts as growth too.
        """
        long = sorted(length for length in self.micros if length >= 500)
        return max((self._growth(before, after) for before, after in pairwise(long)), default=0.0)

    @property
    def late_growth(self) -> float:
        """The growth over the last two doublings, where nearly all get a full look: a square shows there."""
        last = max(self.micros)
        return self._growth(min(length for length in self.micros if _TWO_DOUBLINGS * length >= last), last)

    def _growth(self, before: int, after: int) -> float:
        return math.log(self.micros[after] / self.micros[before]) / math.log(after / before)


@dataclass(frozen=True, slots=True)
class Found:
    """The slowest message that the search found at a length, in µs, with caches emptied before it."""

    length: int
    micros: float
    tried: int
    message: str


@dataclass(frozen=True, slots=True)
class WorstFigures:
    """What slow messages cost, and what ordinary ones of the same length cost on average, in µs."""

    ordinary: dict[int, float]
    kinds: tuple[Kind, ...]
    found: tuple[Found, ...]

    def worst(self, length: int) -> tuple[str, float]:
        """Give the slowest kind at a length and how many times as long it takes as an ordinary message."""
        named = [(kind.micros[length], kind.name) for kind in self.kinds if length in kind.micros]
        named += [(one.micros, SEARCHED) for one in self.found if one.length == length]
        micros, name = max(named)
        return name, micros / self.ordinary[length]


class Nasty:
    """Writes messages that could be slow.

    Args:
        rulebook: whose words they are made of.
        chance: decides.
    """

    def __init__(self, rulebook: Rulebook, chance: Random) -> None:
        self._chance = chance
        concepts = rulebook.concepts.values()
        self.topical = tuple({text for one in concepts for text in (*one.words, *one.verbs, *one.exactly)})
        self.topical = tuple(sorted(text for text in self.topical if "..." not in text))
        self._cues = tuple(text for cue in rulebook.cues for text in cue.words if not set("<.") & set(text))
        topics = [one for one in concepts if one.role.value == "topic"]
        self._aliases = tuple(text for one in topics for text in one.words)
        self.kinds: dict[str, Callable[[], str]] = {
            "zalgo": self._zalgo,
            "all words unseen": self.unseen,
            "topical soup": lambda: f"{chance.choice(self.topical)} {chance.choice(self._cues)}",
            "topical soup, misspelt": lambda: self._misspelt(chance.choice(self.topical)),
            "repeated aliases": lambda: chance.choice(self._aliases),
            "one alias again and again": lambda: "kratom",
            "spaced letters": lambda: " ".join(chance.choice(self._aliases)),
            "odd marks": lambda: chance.choice(_ODD),
        }

    def message(self, kind: str, length: int) -> str:
        """Write a message of a kind; `one endless word` has no space in it."""
        if kind == ENDLESS:
            return "".join(self._chance.choices(_LETTERS, k=length))
        parts, size = [], 0
        while size <= length:
            parts.append(self.kinds[kind]())
            size += len(parts[-1]) + 1
        return " ".join(parts)[:length]

    def unseen(self) -> str:
        """Write a word that is in no list."""
        return "".join(self._chance.choices(_LETTERS, k=self._chance.randrange(5, 10)))

    def fragment(self) -> str:
        """Write something of any kind, for the search."""
        return self.kinds[self._chance.choice(tuple(self.kinds))]()

    def _zalgo(self) -> str:
        word = self._chance.choice(self.topical)
        return "".join(letter + "".join(self._chance.choices(_MARKS, k=3)) for letter in word)

    def _misspelt(self, text: str) -> str:
        at = self._chance.randrange(len(text))
        return text[:at] + self._chance.choice(_LETTERS) + text[at + 1 :]


ENDLESS = "one endless word"


def measure_worst(
    compiled: CompiledRulebook, *, own: Sequence[str], seed: int, effort: Effort
) -> WorstFigures:
    """Measure slow and ordinary messages at every length.

    Args:
        compiled: the rulebook.
        own: lines of ordinary chat for the ordinary messages.
        seed: the same seed makes the same messages; what the search finds also depends on the machine.
        effort: how much is measured.
    """
    chance = Random(seed)
    look, nasty, chatter = (
        look_with(compiled),
        Nasty(compiled.source, chance),
        Chatter(chance=chance, own=own),
    )
    names = (*nasty.kinds, ENDLESS)
    texts: dict[tuple[str, int], list[str]] = {}
    for length in effort.lengths:
        texts[ORDINARY, length] = [chatter.line(length) for _ in range(3 * effort.variants)]
        for name in names:
            texts[name, length] = [nasty.message(name, length) for _ in range(effort.variants)]
    # First of all what is never measured: caches and code are then as they are in service.
    for listed in texts.values():
        look(listed.pop())
    micros = _in_turns(look, texts)
    found = [
        _search(look, nasty, chance, length=length, seconds=effort.searching)
        for length in effort.lengths
        if length in BARRED
    ]
    return WorstFigures(
        ordinary={length: fmean(micros[ORDINARY, length]) for length in effort.lengths},
        kinds=tuple(
            Kind(name, {length: fmean(micros[name, length]) for length in effort.lengths})
            for name in (ORDINARY, *names)
        ),
        found=tuple(found),
    )


def _in_turns(
    look: Callable[[str], object], texts: dict[tuple[str, int], list[str]]
) -> dict[tuple[str, int], list[float]]:
    taken: dict[tuple[str, int], list[float]] = {key: [] for key in texts}
    gc.collect()
    for at in range(max(map(len, texts.values()))):
        for key, listed in texts.items():
            if at < len(listed):
                taken[key].append(micros_of(look, listed[at]))
    return taken


def _search(
    look: Callable[[str], object], nasty: Nasty, chance: Random, *, length: int, seconds: float
) -> Found:
    """Change the slowest message so far a little, and keep the change where it makes it slower still."""
    forget = forget_with(caches())

    def cost(text: str, times: int) -> float:
        taken = []
        for _ in range(times):
            forget()
            taken.append(micros_of(look, text))
        return median(taken) if times > 2 else min(taken)

    starts = [nasty.message(kind, length) for kind in (*nasty.kinds, ENDLESS)]
    slowest = max(starts, key=lambda text: cost(text, 2))
    highest, tried, until = cost(slowest, 2), len(starts), perf_counter() + seconds
    while perf_counter() < until:
        changed = slowest
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(changed))
            piece = " ".join(nasty.fragment() for _ in range(chance.randrange(1, 5)))
            changed = f"{changed[:at]}{chance.choice(('', ' '))}{piece} {changed[at + len(piece) :]}"
        changed = changed[:length].ljust(length, "x")
        taken, tried = cost(changed, 2), tried + 1
        if taken > highest:
            slowest, highest = changed, taken
    return Found(length, cost(slowest, 5), tried, slowest)
