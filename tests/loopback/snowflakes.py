"""Ids as Discord makes them: 64 bits whose upper 42 hold the milliseconds since 2015."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
Clock = Callable[[], datetime]


class SnowflakeMaker:
    """Makes ids that rise strictly, whatever the clock does.

    Args:
        clock: tells the time, with time zone.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def make(self) -> int:
        """Return the next id."""
        elapsed = (self._clock() - DISCORD_EPOCH) // timedelta(milliseconds=1)
        self._last = max(self._last + 1, elapsed << 22)
        return self._last


def made_at(snowflake: int) -> datetime:
    """Return when an id was made, in UTC."""
    return DISCORD_EPOCH + timedelta(milliseconds=snowflake >> 22)


def iso(moment: datetime) -> str:
    """Write a moment as Discord does: microseconds and `+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
