"""How many of a number of messages a rule fires on."""

from __future__ import annotations

from msgspec import Struct


class Share(Struct, frozen=True):
    """How many of a number of messages.

    Args:
        hits: how many.
        of: of how many.
        samples: the first few of them.
    """

    hits: int
    of: int
    samples: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """The share, 0–1."""
        return self.hits / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.hits} of {self.of} ({100 * self.value:.1f} %)"
