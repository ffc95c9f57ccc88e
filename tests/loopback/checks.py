"""What is wrong with a request body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Path = tuple[str | int, ...]
Faults = dict[Path, list[tuple[str, str]]]
"""For each place in a body, the codes and sentences of what is wrong there."""
Check = Callable[[Any, Any], Faults]
