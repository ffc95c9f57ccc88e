"""Reading the times that exports hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple


class _Form(NamedTuple):
    shape: re.Pattern[str]
    directive: str


_FORMS = (
    _Form(re.compile(r"\d{1,2}/\d{1,2}/\d{4},? \d{1,2}:\d{2} [AaPp][Mm]"), "%m/%d/%Y %I:%M %p"),
    _Form(re.compile(r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}"), "%d/%m/%Y %H:%M"),
    _Form(re.compile(r"\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}"), "%d.%m.%Y %H:%M"),
    _Form(re.compile(r"\d{1,2}-[A-Za-z]{3}-\d{2} \d{1,2}:\d{2} [AaPp][Mm]"), "%d-%b-%y %I:%M %p"),
)
"""What DiscordChatExporter writes into CSV files beside ISO 8601, by its version and by the language set."""
_SPACES = re.compile(r"\s+")
_LATEST = datetime(9999, 12, 1, tzinfo=UTC)
_EARLIEST = datetime(1, 2, 1, tzinfo=UTC)
"""Between these two, a time can be moved into another zone, and a week be reckoned from it."""


def time_from(text: str) -> datetime:
    """Understand a time.

    Args:
        text: ISO 8601 ("2024-05-01T12:30:00+00:00", "2024-05-01 12:30:00"), or one of the forms that
            DiscordChatExporter writes: "05/31/2024 1:30 PM", "31/05/2024 13:30", "31.05.2024 13:30",
            "31-May-24 01:30 PM". Where no zone is named, it is UTC.

    Returns:
        the time, in UTC.

    Raises:
        ValueError: it is none of these.
    """
    given = _SPACES.sub(" ", text.strip())
    for form in _FORMS:
        if form.shape.fullmatch(given):
            return _in_utc(datetime.strptime(given.replace(",", ""), form.directive))  # noqa: DTZ007
    return _in_utc(datetime.fromisoformat(given))


def time_from_seconds(seconds: float) -> datetime:
    """Understand seconds since 1970.

    Raises:
        ValueError: it is too far from now to be one.
    """
    try:
        return _in_utc(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, OSError) as error:
        raise ValueError("out of range") from error


def _in_utc(time: datetime) -> datetime:
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    try:
        moved = aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("out of range") from error
    if not _EARLIEST <= moved <= _LATEST:
        raise ValueError("out of range")
    return moved
