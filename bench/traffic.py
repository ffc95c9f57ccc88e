"""Chat-like traffic, the same for the same seed: 99 % ordinary lines, 1 % claims, half of those misspelt."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median, quantiles

from bench import material
from bot.evaluation.corpus import Labelled, Part, load_corpus, only
from bot.evaluation.perturb import misspell
from bot.evaluation.scoring import DISGUISED, ORDINARY
from bot.rulebook.model import Rulebook

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "corpus"
CLAIMS = 0.01
"""The share of claims."""
MIDDLE = 36.5
"""The median length of a line before it is dressed, in characters; dressing brings it to about 44."""
LATE = 270.0
"""The 99th percentile of that length; with dressing about 275."""
LONGEST = 2000
"""Discord takes no longer message from most members."""

_SPREAD = math.log(LATE / MIDDLE) / 2.326
"""The standard deviation of the logarithm; 2.326 is the normal distribution's 99th percentile."""
_NEAR, _OWN_CHAT, _TYPOS, _LOWER, _EXTRA, _DRESSED, _NAME = 0.35, 0.12, 0.05, 0.6, 0.12, 0.25, 0.05
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the traffic.

    Args:
        text: what is typed.
        is_due: whether it is a claim that should be answered.
        is_misspelt: whether it is a claim with typos.
    """

    text: str
    is_due: bool = False
    is_misspelt: bool = False


@dataclass(frozen=True, slots=True)
class TrafficFigures:
    """What the traffic is like. Lengths are in characters, shares from 0 to 1."""

    lines: int
    distinct: int
    median_length: float
    p99_length: float
    claims: float
    misspelt_claims: float
    distinct_words: int


def labelled(rulebook: Rulebook) -> list[Labelled]:
    """Give the labelled messages that rules may be tuned on; those held back stay held back."""
    return only(load_corpus([CORPUS], families=[family.id for family in rulebook.families]), Part.TUNE)


def make_traffic(count: int, *, messages: Sequence[Labelled], seed: int) -> list[Line]:
    """Make traffic.

    Args:
        count: how many lines.
        messages: labelled messages; their claims and their ordinary chat are mixed in.
        seed: the same seed makes the same lines.

    Returns:
        the lines in random order, so that the first so many of them are a fair sample.
    """
    chance = Random(seed)
    due = round(count * CLAIMS)
    lines = [*make_claims(due, messages=messages, chance=chance)]
    chatter = Chatter(
        chance=chance, own=[one.text for one in messages if one.kind in ORDINARY and not one.context]
    )
    lines += [Line(chatter.line()) for _ in range(count - due)]
    chance.shuffle(lines)
    return lines


def make_claims(count: int, *, messages: Sequence[Labelled], chance: Random) -> list[Line]:
    """Give claims that should be answered by themselves, half of them with a typo in each content word."""
    plain = [one.text for one in messages if one.due and not one.context and one.kind not in DISGUISED]
    chosen = [text for _ in range(-(-count // len(plain))) for text in chance.sample(plain, len(plain))]
    return [
        Line(misspell(text, chance) if number % 2 else text, is_due=True, is_misspelt=bool(number % 2))
        for number, text in enumerate(chosen[:count])
    ]


def figures_of(lines: Sequence[Line]) -> TrafficFigures:
    """Measure the traffic."""
    lengths = [len(line.text) for line in lines]
    due = [line for line in lines if line.is_due]
    return TrafficFigures(
        lines=len(lines),
        distinct=len({line.text for line in lines}),
        median_length=median(lengths),
        p99_length=round(quantiles(lengths, n=100)[98], 1),
        claims=len(due) / len(lines),
        misspelt_claims=sum(line.is_misspelt for line in due) / max(1, len(due)),
        distinct_words=len({word for line in lines for word in line.text.lower().split()}),
    )


class Chatter:
    """Writes ordinary lines.

    Args:
        chance: decides.
        own: whole lines of ordinary chat to mix in.
    """

    def __init__(self, *, chance: Random, own: Sequence[str]) -> None:
        self._chance = chance
        self._own = own

    def line(self, length: int | None = None) -> str:
        """Write one line.

        Args:
            length: about how long, in characters; as long as chat lines are where it is left out.
        """
        chance = self._chance
        wanted = length or min(round(chance.lognormvariate(math.log(MIDDLE), _SPREAD)), LONGEST)
        text = self._nearest(self._short if wanted < 16 else self._sentence, wanted)
        while len(text) < wanted - 14:
            rest = wanted - len(text)
            linker = f" {chance.choice(material.LINKERS)} " if chance.random() < 0.5 else ". "
            text += linker + self._nearest(self._sentence, max(1, rest - len(linker)))
        return self._dressed(text)[:LONGEST] if length is None else text[:length]

    def word(self) -> str:
        """Make up a word, as names and nonsense are."""
        return "".join(self._chance.choices(material.SYLLABLES, k=self._chance.randrange(2, 5)))

    def _short(self) -> str:
        return self._chance.choice(material.SHORT)

    def _sentence(self) -> str:
        chance = self._chance
        kind = chance.random()
        if kind < _OWN_CHAT and self._own:
            return chance.choice(self._own)
        return _SLOT.sub(self._filled, chance.choice(material.NEAR if kind < _NEAR else material.PLAIN))

    def _filled(self, slot: re.Match[str]) -> str:
        if self._chance.random() < _NAME:
            return self.word()
        return self._chance.choice(material.SLOTS[slot[1]])

    def _nearest(self, make: Callable[[], str], wanted: int) -> str:
        """Of a few, take the one that is nearest to the wanted length, or the beginning of one."""
        nearest = min((make() for _ in range(4)), key=lambda text: abs(len(text) - wanted))
        if len(nearest) > wanted + 12:
            cut = nearest.rfind(" ", 0, wanted + 6)
            nearest = nearest[:cut] if cut > 3 else nearest
        return nearest

    def _dressed(self, text: str) -> str:
        """Write it as people type: in lower case, with typos, with what Discord adds."""
        chance = self._chance
        if chance.random() < _DRESSED:
            text = f"{chance.choice(material.OPENERS)} {text}"
        if chance.random() < _DRESSED:
            text = f"{text} {chance.choice(material.CLOSERS)}"
        if chance.random() < _LOWER:
            text = text.lower()
        if chance.random() < _TYPOS:
            text = misspell(text, chance)
        if chance.random() < _EXTRA:
            values = {"id": str(chance.randrange(10**17, 10**18)), "word": self.word(), "word2": self.word()}
            text = f"{text} {chance.choice(material.EXTRAS).format_map(values)}"
        return text
