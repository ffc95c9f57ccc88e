"""Holding once what several rulebooks have alike."""

from __future__ import annotations

from typing import TypeVar

SharedT = TypeVar("SharedT")


def same_object(made: SharedT, known: SharedT | None) -> SharedT:
    """Give what is known already where it is equal.

    Args:
        made: what was just made.
        known: what another rulebook has in its place; None where it has nothing.
    """
    return known if known is not None and known == made else made
