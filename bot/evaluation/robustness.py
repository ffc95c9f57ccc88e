"""Whether a claim is still seen when its wording is disturbed, and no longer when its meaning is turned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from bot.evaluation.looking import Looked, Progress, look
from bot.evaluation.perturb import KEEPING, TURNING, Change, Expected
from bot.evaluation.scoring import DISGUISED
from bot.matching.compile import CompiledRulebook
from bot.matching.model import Stance
from bot.text.reader import read

FRAMED = frozenset(("plain", "comparison", "non-native"))
"""The kinds whose messages make a statement that "it is not true that …" can stand before."""
LONGEST_FRAMED = 25
"""Tokens; whoever rejects something longer does so in a sentence of its own."""


class Held(Struct, frozen=True):
    """How often what should come of a change comes of it.

    Args:
        change: the change.
        messages: on how many messages it was tried.
        held: how many are kept, become a question or fall silent, as they should.
        replied: how many still get a reply.
    """

    change: Change
    messages: int
    held: int
    replied: int


def disturb(
    looked: Sequence[Looked], rulebook: CompiledRulebook, *, seed: int = 0, progress: Progress | None = None
) -> tuple[Held, ...]:
    """Change asserted messages in every way and look at them again.

    A message counts for a change if some family that it is due is answered before it: what is not recognised
    to begin with tells nothing about the change. Messages that are obfuscated or misspelled get no second
    disguise; only statements of one clause are denied, asked and quoted.

    Args:
        looked: messages with what was found in them.
        rulebook: the rules, made ready.
        seed: of the random numbers; each message and change has its own, so the order plays no part.
        progress: called with how many changed messages are done and how many there are.

    Returns:
        the shares, one for each change.
    """
    chosen = [(change, [one for one in looked if _suits(one, change)]) for change in (*KEEPING, *TURNING)]
    of = sum(len(messages) for _, messages in chosen)
    done, held = 0, []
    for change, messages in chosen:
        results = []
        for one in messages:
            results.append(_after(one, change, rulebook, seed))
            done += 1
            if progress is not None:
                progress(done, of)
        held.append(
            Held(
                change,
                len(messages),
                sum(holds(change.expected, one, after) for one, after in zip(messages, results, strict=True)),
                sum(bool(after.answered) for after in results),
            )
        )
    return tuple(held)


def holds(expected: Expected, before: Looked, after: Looked) -> bool:
    """Tell whether what should come of a change has come of it.

    Args:
        expected: what should.
        before: the message before the change.
        after: and after it.

    Returns:
        for `kept`, whether every family that was rightly answered still is; for `asked`, whether all that is
        answered is a question, and something is; for `silent`, whether nothing is answered.
    """
    if expected is Expected.KEPT:
        return before.families & before.message.due <= after.families
    if expected is Expected.ASKED:
        return {finding.stance for finding in after.answered} == {Stance.ASKS}
    return not after.answered


def _after(one: Looked, change: Change, rulebook: CompiledRulebook, seed: int) -> Looked:
    chance = Random(f"{seed} {change.name} {one.message.id}")  # noqa: S311  # a disturbance is no secret
    return look(replace(one.message, text=change.apply(one.message.text, chance)), rulebook)


def _suits(one: Looked, change: Change) -> bool:
    message = one.message
    if message.stance != Stance.ASSERTS or not message.due & one.families:
        return False
    if change.expected is Expected.KEPT:
        return not (change.disguises and message.kind in DISGUISED)
    return message.kind in FRAMED and is_one_statement(message.text)


def is_one_statement(text: str) -> bool:
    """Tell whether a text is one clause, not too long, with nothing in quotation marks."""
    reading = read(text)
    return len(reading.clauses) == 1 and not reading.quotations and len(reading.tokens) <= LONGEST_FRAMED


def together(held: Iterable[Held]) -> tuple[int, int]:
    """Add shares up: how many held, of how many messages."""
    listed = list(held)
    return sum(one.held for one in listed), sum(one.messages for one in listed)
