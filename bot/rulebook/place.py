"""Where something is written."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from bot.errors import Fault


class Place(NamedTuple):
    """A place in a file: its line and column, both from 1, the column in characters."""

    path: Path
    line: int
    column: int

    def fault(self, problem: str, instead: str = "") -> Fault:
        """Say what is wrong at this place."""
        return Fault(self.path, self.line, self.column, problem, instead)
