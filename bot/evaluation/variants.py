"""Variants: labelled messages in other company and under another turn, to learn from beside the messages.

Without them a sentence about dinner behind a claim weighs as if it belonged to the claim, and "I doubt that"
before one weighs too little. The sentences are members' own, from messages that claim nothing; the words of
the turns are not those by which robustness is measured. Typos, emoji, marks and bare quotation marks are made
as they are there, so that robustness against these is learned and no proof of anything unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

from msgspec.structs import replace

from bot.evaluation.corpus import NO_STANCE, Labelled
from bot.evaluation.perturb import add_emoji, add_punctuation, misspell, quote
from bot.evaluation.robustness import FRAMED, is_one_statement
from bot.evaluation.scoring import DISGUISED, ORDINARY
from bot.matching.model import Stance

_LONGEST_REMARK = 60
"""Characters; a longer remark would be another message."""
_OF_SILENT_ONES = 0.6
"""How many of the messages without a claim get a variant."""
_TALKS = 3
"""Behind how many talks of the subject a message of ordinary chat is put."""
_DENYING = (
    "I doubt that {}",
    "don't let anybody tell you that {}",
    "nobody has shown that {}",
    "I really don't think {}",
    "it's a myth that {}",
    "no, it isn't so that {}",
)
_ASKING = (
    "does anybody know if {}?",
    "wondering whether {}",
    "is it so that {}?",
    "would you say {}?",
    "any idea if {}",
)
_REJECTING = (
    "“{}”, sure, and pigs can fly",
    "somebody wrote “{}” and it is just wrong",
    "they told me “{}”. a lie",
    "{}? not in my experience, not at all",
)
_MARKS = ".!?…"


def remarks_of(messages: Iterable[Labelled]) -> list[str]:
    """Give what people say beside a claim: short messages of ordinary chat that ask nothing.

    Args:
        messages: labelled messages.

    Returns:
        their texts, in the order of the messages.
    """
    return [
        message.text
        for message in messages
        if message.kind in ORDINARY and len(message.text) <= _LONGEST_REMARK and "?" not in message.text
    ]


def talks_of(messages: Iterable[Labelled]) -> list[str]:
    """Give what people answer to with a claim: the last message before each.

    Args:
        messages: labelled messages.

    Returns:
        their texts, in the order of the messages.
    """
    return [message.context[-1] for message in messages if message.due and message.context]


def variants_of(message: Labelled, remarks: Sequence[str], talks: Sequence[str]) -> list[Labelled]:
    """Give a message in other company and, where it makes one statement, under another turn.

    Ordinary chat is put behind talk of the subject as well: most of what is said there goes on about other
    things.

    Args:
        message: a labelled message.
        remarks: what may be said before it or behind it.
        talks: what claims answer to.

    Returns:
        the variants; their ids begin with the message's and a space. Equal arguments give equal variants.
    """
    chance = Random(f"variants of {message.id}")  # noqa: S311  # which variant is no secret
    variants = []
    if message.due or chance.random() < _OF_SILENT_ONES:
        variants.append(_beside(message, remarks, chance))
    if message.stance == Stance.ASSERTS and message.kind in FRAMED and is_one_statement(message.text):
        variants.append(_turned(message, chance))
    if message.kind in ORDINARY and talks:
        variants.extend(
            replace(message, id=f"{message.id} after {number}", context=(chance.choice(talks),))
            for number in range(_TALKS)
        )
    return variants


def _beside(message: Labelled, remarks: Sequence[str], chance: Random) -> Labelled:
    ways: list[Callable[[str, Random], str]] = [add_punctuation]
    if remarks:
        ways += [_before(remarks), _after(remarks), _after(remarks)]
    if message.kind not in DISGUISED:
        ways += [misspell, add_emoji]
    return replace(
        message, id=f"{message.id} beside", text=chance.choice(ways)(message.text, chance) or message.text
    )


def _turned(message: Labelled, chance: Random) -> Labelled:
    turn = chance.choice(("denied", "asked", "rejected", "quoted"))
    text = message.text.rstrip(" .!?…")
    changed = replace(message, id=f"{message.id} {turn}", claims=frozenset(), stance=NO_STANCE)
    if turn == "denied":
        return replace(changed, text=chance.choice(_DENYING).format(text))
    if turn == "asked":
        asked = chance.choice(_ASKING).format(text)
        return replace(changed, text=asked, claims=message.claims, stance=Stance.ASKS.value)
    if turn == "rejected":
        return replace(changed, text=chance.choice(_REJECTING).format(text))
    return replace(changed, text=quote(message.text, chance))


def _before(remarks: Sequence[str]) -> Callable[[str, Random], str]:
    return lambda text, chance: _joined(chance.choice(remarks), text, chance)


def _after(remarks: Sequence[str]) -> Callable[[str, Random], str]:
    return lambda text, chance: _joined(text, chance.choice(remarks), chance)


def _joined(first: str, second: str, chance: Random) -> str:
    mark = "" if first[-1:] in _MARKS else chance.choice((".", ".", "!", "\n"))
    return f"{first}{mark}{'' if mark == chr(10) else ' '}{second}"
