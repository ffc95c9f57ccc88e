"""The times that exports hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backtest.times import time_from, time_from_seconds


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024-05-31T13:30:00+00:00", (2024, 5, 31, 13, 30)),
        ("2024-05-31T13:30:00.1234567+02:00", (2024, 5, 31, 11, 30, 0, 123456)),
        ("2024-05-31 13:30:00", (2024, 5, 31, 13, 30)),
        ("2024-05-31 13:30:00.500000+00:00", (2024, 5, 31, 13, 30, 0, 500000)),
        ("2024-05-31T13:30:00Z", (2024, 5, 31, 13, 30)),
        ("05/31/2024 1:30 PM", (2024, 5, 31, 13, 30)),
        ("5/1/2024\u202f1:30 am", (2024, 5, 1, 1, 30)),
        ("31/05/2024 13:30", (2024, 5, 31, 13, 30)),
        ("31.05.2024 13:30", (2024, 5, 31, 13, 30)),
        ("31-May-24 01:30 PM", (2024, 5, 31, 13, 30)),
    ],
)
def test_a_time_is_understood(text: str, time: tuple[int, ...]) -> None:
    assert time_from(text) == datetime(*time, tzinfo=UTC)  # type: ignore[misc,arg-type]
    assert time_from(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "noon",
        "31/31/2024 13:30",
        "31/05/2024 1:30 PM",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        time_from(text)


@given(st.text(max_size=30) | st.from_regex(r"[0-9/:.\- TZ+APM]{0,30}", fullmatch=True))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        time = time_from(text)
    except ValueError:
        return
    assert time.tzinfo is UTC


@given(st.floats() | st.integers())
def test_any_number_is_a_time_or_refused(number: float) -> None:
    try:
        time = time_from_seconds(number)
    except ValueError:
        return
    assert time.timestamp() == pytest.approx(number, abs=1e-3)
