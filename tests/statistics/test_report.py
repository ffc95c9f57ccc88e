"""The figures in words, in columns, as CSV and as JSON."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.statistics.report import as_csv, as_json, iso_week, summary, text_table
from bot.statistics.table import tabulate
from bot.store.model import KeptCount
from tests.statistics.samples import LAST, statistics

Kind = Literal["reply", "hold", "shadow", "vote", "voted"]

TABLE = """\
family   sent  held  shadow  votes  false alarms
legal       1     5       0      –             –
mood        5     0       0  3/0/2   1/3 6%–79%
quality     0     0       5      –             –
all         6     5       5  3/0/2   1/3 6%–79%"""


def test_the_summary_tells_what_one_would_see() -> None:
    assert summary(statistics()) == (
        "3 weeks (2026-11-09 to 2026-11-29): 6 replies, "
        "3 in the week that began last and 3 in the one before. "
        "5 held back (cool-down 4, exempt room 1). 5 messages only for rules in shadow. "
        "Most replies: mood 5, legal 1. Members voted on 3 replies: 3 helpful, 0 not helpful, "
        "2 not what I said. False alarms: 1 of 3, 6 % to 79 % of the replies voted on. "
        "Worst: mood, 1 of 3, 6 % to 79 %."
    )


def test_the_summary_of_nothing() -> None:
    assert summary(tabulate((), last=LAST, weeks=1)) == (
        "This week (2026-11-23 to 2026-11-29): 0 replies. No votes."
    )


def test_the_table_stands_in_columns() -> None:
    told = [line.split() for line in text_table(statistics(), limit=2000).splitlines()]
    assert told == [line.split() for line in TABLE.splitlines()]
    widths = {len(line) for line in text_table(statistics(), limit=2000).splitlines()}
    assert len(widths) == 1


names = st.from_regex(r"[a-z][a-z0-9-]{0,40}", fullmatch=True)


@given(st.lists(names, unique=True, max_size=40), st.integers(0, 2000))
def test_the_table_stays_within_its_limit_and_its_sum_whole(families: list[str], limit: int) -> None:
    counts = [KeptCount(LAST, name, "reply", "", 7) for name in families]
    table = text_table(tabulate(counts, last=LAST, weeks=1), limit=limit)
    assert len(table) <= limit
    if table:
        assert table.splitlines()[-1].split()[:2] == ["all", str(7 * len(families))]
        shown = sum(int(line.split()[-5]) for line in table.splitlines()[1:-1])
        assert shown == 7 * len(families)


EVERYTHING: tuple[tuple[Kind, str], ...] = (
    ("reply", ""),
    ("hold", "emergency answered"),
    ("hold", "questions off"),
    ("hold", "exempt room"),
    ("hold", "exempt role"),
    ("shadow", ""),
    ("vote", "not-what-i-said"),
    ("voted", ""),
    ("voted", "not-what-i-said"),
)


@given(st.lists(names, unique=True, max_size=50), st.integers(1, 104))
def test_the_summary_is_short_enough_to_stand_for_a_picture(families: list[str], weeks: int) -> None:
    counts = [KeptCount(LAST, name, kind, reason, 10**9) for name in families for kind, reason in EVERYTHING]
    assert len(summary(tabulate(counts, last=LAST, weeks=weeks))) <= 900


def test_csv_has_a_row_for_each_week_and_family() -> None:
    rows = list(csv.DictReader(as_csv(statistics()).splitlines()))
    assert [(row["week"], row["monday"], row["family"]) for row in rows] == [
        ("2026-W46", "2026-11-09", ""),
        ("2026-W47", "2026-11-16", "mood"),
        ("2026-W48", "2026-11-23", "legal"),
        ("2026-W48", "2026-11-23", "mood"),
        ("2026-W48", "2026-11-23", "quality"),
    ]
    assert rows[2]["held: cool-down"] == "4"
    assert rows[1]["not what I said"] == "2"
    assert sum(int(row["replies"]) for row in rows) == 6


def test_json_holds_everything() -> None:
    given_ = json.loads(json.dumps(as_json(statistics(), server="7")))
    assert given_["server"] == "7"
    assert given_["weeks"] == ["2026-11-09", "2026-11-16", "2026-11-23"]
    assert given_["total"]["holds"] == {"cool-down": 4, "exempt room": 1}
    assert given_["total"]["false_alarm_share"] == {"value": 0.3333, "low": 0.0615, "high": 0.7923}
    assert given_["families"]["legal"]["helpful_share"] is None
    assert given_["by_week"]["2026-11-16"]["replies"] == 3
    assert [cell["family"] for cell in given_["cells"]] == ["mood", "legal", "mood", "quality"]


@pytest.mark.parametrize("week", statistics(60).weeks)
def test_weeks_have_the_names_of_iso_8601(week: date) -> None:
    assert iso_week(week) == f"{week:%G-W%V}"
