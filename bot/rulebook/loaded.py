"""A rulebook that was loaded, with where everything in it was written."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.rulebook.model import Rulebook
from bot.rulebook.place import Place

if TYPE_CHECKING:
    from bot.rulebook.crosscheck import Sources


class LoadedRulebook(Struct, frozen=True, dict=True):
    """A rulebook, and where everything in it was written.

    Args:
        rulebook: the rulebook.
        folder: where it was read from.
        written: its entries with their places, or what gives them: only faults and changes ask for these.
    """

    rulebook: Rulebook
    folder: Path
    written: Sources | Callable[[], Sources]

    @cached_property
    def sources(self) -> Sources:
        """Its entries with their places."""
        return self.written() if callable(self.written) else self.written

    def place_of_rule(self, rule: str, *where: int | str) -> Place:
        """Tell where something of a rule is written.

        Args:
            rule: the rule's id; "emergency" for the signs of an emergency.
            where: keys and list positions: "examples", "fires", 0.

        Returns:
            its place; that of the rule where there is nothing such, the folder's where there is no such rule.
        """
        for entry in self.sources.rules:
            if entry.id == rule:
                return entry.place_of(*where)
        if rule == "emergency" and self.sources.emergency is not None:
            return self.sources.emergency.place_of(*where)
        return Place(self.folder, 1, 1)
