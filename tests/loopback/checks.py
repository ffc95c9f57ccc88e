"""The tools with which a request body is looked through for what Discord would not take."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

Path = tuple[str | int, ...]
Faults = dict[Path, list[tuple[str, str]]]
"""For each place in a body, the codes and sentences of what is wrong there."""
Check = Callable[[Any], Faults]


class Inspection:
    """Collects faults while a body is looked through."""

    def __init__(self) -> None:
        self.faults: Faults = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """Add a fault."""
        self.faults.setdefault(path, []).append((code, message))

    def object(self, path: Path, value: Any, known: Collection[str]) -> bool:
        """Check that a value is an object with known keys only; tell whether it is an object."""
        if not isinstance(value, dict):
            self.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return False
        for key in value:
            if key not in known:
                self.add((*path, key), "UNKNOWN_KEY", f"{key!r} is not a key that Discord knows here.")
        return True

    def items(self, path: Path, value: Any, *, least: int = 0, most: int) -> list[Any]:
        """Check that a value is a list of an allowed size, or absent; return what is in it."""
        if value is None:
            if least:
                self.required(path)
            return []
        if not isinstance(value, list):
            self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not least <= len(value) <= most:
            bounds = (
                f"Must be between {least} and {most} in length." if least else f"Must be {most} or fewer."
            )
            self.add(path, "BASE_TYPE_BAD_LENGTH", bounds)
        return value

    def text(self, path: Path, value: Any, *, least: int = 0, most: int, required: bool = False) -> None:
        """Check a text and its length; as with Discord, spaces around it do not count."""
        if value is None:
            if required:
                self.required(path)
            return
        if not isinstance(value, str):
            self.add(path, "STRING_TYPE_CONVERT", f"Could not interpret {value!r} as string.")
            return
        length = len(value.strip())
        if required and not length and least:
            self.required(path)
        elif length < least:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        if length > most:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def number(self, path: Path, value: Any, *, least: int, most: int) -> None:
        """Check that a value is a whole number within bounds, or absent."""
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int):
            self.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif not least <= value <= most:
            self.add(path, "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")

    def unique(self, path: Path, values: list[Any], code: str, message: str) -> None:
        """Check that nothing stands twice."""
        if len({str(value) for value in values}) != len(values):
            self.add(path, code, message)

    def required(self, path: Path) -> None:
        """Say that a value is missing."""
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")
