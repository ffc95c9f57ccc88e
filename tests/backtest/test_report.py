"""Reports as rows and as a picture."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.backtest import plot
from bot.backtest.model import Plan
from bot.backtest.plot import draw
from bot.backtest.report import COLUMNS, rows_of
from bot.backtest.running import backtest
from bot.plotting import PlotError
from tests.backtest.samples import NOON, conversation

PNG = b"\x89PNG\r\n\x1a\n"


def test_rows_hold_every_figure(comparing: Plan) -> None:
    messages = conversation(100, rooms=("=1+1", "b\nc"))
    report = backtest(messages, comparing)
    text = io.StringIO()
    csv.writer(text).writerows(rows_of(report))
    rows = [
        dict(zip(COLUMNS, row, strict=True)) for row in csv.reader(io.StringIO(text.getvalue(), newline=""))
    ]
    whole = {row["rules"]: row for row in rows if row["by"] == "all"}
    assert whole["tested"]["found"] == str(report.tested.total.found)
    assert report.against is not None
    assert whole["against"]["replied"] == str(report.against.total.replied)
    for by in ("room", "week"):
        counted = [row for row in rows if (row["rules"], row["by"], row["messages"]) > ("tested", by, "")]
        counted = [row for row in counted if (row["rules"], row["by"]) == ("tested", by)]
        assert sum(int(row["found"]) for row in counted) == report.tested.total.found
        assert sum(int(row["messages"]) for row in counted) == report.census.messages
    assert {row["name"] for row in rows if row["by"] == "room"} == {"#=1+1", "#b\nc"}
    assert {row["within"] for row in rows if row["rules"] == "difference"} == {
        "newly caught",
        "changed owner",
        "no longer caught",
    }


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@a", "\ta"])
def test_no_name_becomes_a_formula(plan: Plan, name: str) -> None:
    messages = [replace(one, room_name=name) for one in conversation(3)]
    rows = [row for row in rows_of(backtest(messages, plan)) if row[1] == "room"]
    assert [row[2] for row in rows] == [f"'{name}"]


def test_a_picture_is_drawn_of_both_rulebooks(tmp_path: Path, comparing: Plan, plan: Plan) -> None:
    messages = conversation(300, pause=100_000)
    sizes = []
    for which in (plan, comparing):
        draw(backtest(messages, which), tmp_path / "a.png")
        data = (tmp_path / "a.png").read_bytes()
        assert data.startswith(PNG)
        sizes.append((int.from_bytes(data[16:20]), int.from_bytes(data[20:24])))
    assert sizes[0][0] == sizes[1][0]
    assert sizes[1][1] == 2 * sizes[0][1]


@pytest.mark.parametrize("years", [None, 0, 3000])
def test_a_picture_is_drawn_of_any_time(tmp_path: Path, plan: Plan, years: int | None) -> None:
    last = None if years is None else NOON + timedelta(days=365 * years)
    messages = [replace(one, sent_at=last) for one in conversation(5)] + conversation(bool(years) * 5)
    draw(backtest(messages, plan), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(PNG)


def test_weeks_without_a_message_are_gaps(plan: Plan) -> None:
    first, *_, last = conversation(5)
    assert first.sent_at is not None
    messages = [first, replace(last, sent_at=first.sent_at + timedelta(weeks=3)), replace(last, sent_at=None)]
    assert plot._weeks(backtest(messages, plan)) == [
        "2024-04-29",
        "2024-05-06",
        "2024-05-13",
        "2024-05-20",
        "unknown",
    ]


def test_a_picture_that_cannot_be_written_is_told(tmp_path: Path, plan: Plan) -> None:
    with pytest.raises(PlotError, match="cannot be written"):
        draw(backtest(conversation(5), plan), tmp_path / "no" / "a.png")
