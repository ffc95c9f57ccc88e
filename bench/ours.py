"""Our own look: reading a message and finding its claims, as the bot calls it; and its caches."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from typing import Any

from bench.measure import Way
from bot.matching.compile import CompiledRulebook
from bot.matching.engine import find
from bot.matching.model import SPEAKING, Findings
from bot.text.unread import Unread

WARM, COLD = "our look", "our look, caches off"
CHATTER, CLAIMS = "our look, ordinary lines", "our look, claims"
"""The two parts of what was measured as `WARM`."""
_WRAPPER = type(functools.lru_cache(maxsize=1)(len))


def look_with(rulebook: CompiledRulebook) -> Callable[[str], Findings]:
    """Give the look at a message with a rulebook, without anything said before."""

    def look(text: str) -> Findings:
        return find(Unread(text), rulebook)

    return look


def answers(rulebook: CompiledRulebook, text: str) -> bool:
    """Tell whether a message would be answered: a live rule finds a claim that somebody stands behind."""
    findings = find(Unread(text), rulebook)
    found = any(one.stance in SPEAKING and one.status == "live" for one in findings.found)
    return found or findings.emergency is not None


def caches() -> list[Any]:
    """Find the bot's caches that fill up with what is read, wherever they hang.

    Tables that are read once (`cache`, or a size of one) are none: a bot cannot run without them. What is no
    `lru_cache` counts if its class is the bot's own and has a `cache_clear`.
    """
    found = []
    for thing in gc.get_objects():
        if isinstance(thing, _WRAPPER):
            size = thing.cache_parameters()["maxsize"]
            if str(thing.__module__).startswith("bot.") and size is not None and size > 1:
                found.append(thing)
        elif str(type(thing).__module__).startswith("bot.") and hasattr(type(thing), "cache_clear"):
            found.append(thing)
    return found


def forget_with(found: list[Any]) -> Callable[[], None]:
    """Give what empties caches."""

    def forget() -> None:
        for one in found:
            one.cache_clear()

    return forget


def warm(rulebook: CompiledRulebook, *, seconds: float) -> Way:
    """Give our look with its caches as they are in service."""
    return Way(WARM, look_with(rulebook), seconds=seconds)


def cold(rulebook: CompiledRulebook, *, seconds: float) -> Way:
    """Give our look with every cache emptied before each message."""
    return Way(COLD, look_with(rulebook), before=forget_with(caches()), seconds=seconds)
