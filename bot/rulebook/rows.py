"""Rows of numbers by name, in a quarter of the memory that tuples of them take."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Meta

Finite = Annotated[float, Meta(ge=-10_000, le=10_000)]


class Rows(Mapping[str, tuple[float, ...]]):
    """Rows of numbers by their names, one behind another; each is made a tuple when it is asked for.

    Args:
        names: the names, each once.
        ends: where each row ends, counted in numbers, as an array of unsigned integers in bytes.
        numbers: all rows as an array of doubles in bytes.
    """

    __slots__ = ("_ends", "_numbers", "_places")

    def __init__(self, names: tuple[str, ...], ends: bytes, numbers: bytes) -> None:
        self._places = dict(zip(names, range(len(names)), strict=True))
        self._ends, self._numbers = array("I", ends), array("d", numbers)

    @classmethod
    def of(cls, rows: Mapping[str, tuple[float, ...]]) -> Rows:
        """Pack rows."""
        ends, numbers = array("I"), array("d")
        for row in rows.values():
            numbers.extend(row)
            ends.append(len(numbers))
        return cls(tuple(rows), ends.tobytes(), numbers.tobytes())

    @property
    def packed(self) -> tuple[tuple[str, ...], bytes, bytes]:
        """What another one can be made of."""
        return tuple(self._places), self._ends.tobytes(), self._numbers.tobytes()

    def __getitem__(self, name: str) -> tuple[float, ...]:
        """Give a row."""
        place = self._places[name]
        return tuple(self._numbers[self._ends[place - 1] if place else 0 : self._ends[place]].tolist())

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a row of this name."""
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        """Give the names."""
        return iter(self._places)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._places)
