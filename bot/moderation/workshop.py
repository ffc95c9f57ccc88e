"""Where rulebooks are made ready, each distinct content once."""

from __future__ import annotations

from weakref import WeakValueDictionary

from bot.collector import resting
from bot.matching.compile import CompiledRulebook, compile_rulebook, restated
from bot.rulebook.model import Rulebook


class Workshop:
    """Makes rulebooks ready, each distinct content once. What nobody uses any more is let go."""

    def __init__(self) -> None:
        self._ready: WeakValueDictionary[str, CompiledRulebook] = WeakValueDictionary()

    def ready(self, rulebook: Rulebook, like: CompiledRulebook) -> CompiledRulebook:
        """Make a rulebook ready.

        Args:
            rulebook: the rulebook.
            like: one that is ready and may have the same words; then both share their memory.

        Returns:
            the rulebook, made ready; the same object for the same content.
        """
        if rulebook.digest == like.source.digest:
            return like
        known = self._ready.get(rulebook.digest)
        if known is None:
            with resting():
                known = restated(like, rulebook) or compile_rulebook(rulebook, like=like)
            self._ready[rulebook.digest] = known
        return known

    def __len__(self) -> int:
        return len(self._ready)
