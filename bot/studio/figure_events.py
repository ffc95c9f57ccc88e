"""What the statistics panel is told."""

from __future__ import annotations

from datetime import date
from typing import Literal

from bot.studio.events import Part


class FamilyNamed(Part, frozen=True, kw_only=True):
    """A claim family that can be chosen."""

    id: str
    title: str


class FiguresRow(Part, frozen=True, kw_only=True):
    """The figures of one family, one week or all; `false_alarms` is empty where no reply was voted on."""

    name: str
    replies: int
    held: int
    shadow: int
    helpful: int
    not_helpful: int
    not_what_i_said: int
    false_alarms: str


class SeriesShown(Part, frozen=True, kw_only=True):
    """A number for each week; `look` is its colour and pattern, 0–6; 6 is for what is put together."""

    name: str
    look: int
    heights: tuple[int, ...]


class BarsShown(Part, frozen=True, kw_only=True):
    """A chart of bars by week, with its alternative text."""

    title: str
    unit: str
    told: str
    most: int
    stacked: tuple[SeriesShown, ...]
    line: SeriesShown | None


class ShareShown(Part, frozen=True, kw_only=True):
    """The share of false alarms of a family, 0 to 1, and where the true one may lie."""

    name: str
    part: int
    whole: int
    value: float
    low: float
    high: float


class SharesShown(Part, frozen=True, kw_only=True):
    """A chart of shares, with its alternative text; the worst one is the last."""

    title: str
    told: str
    shares: tuple[ShareShown, ...]


class StatisticsShown(Part, frozen=True, kw_only=True):
    """What came of the rules in the room, as tables and as what is drawn.

    `weeks` are the Mondays, oldest first; `legend` says what the columns mean; `numbers` is where the same is
    as CSV.
    """

    type: Literal["statistics"] = "statistics"
    ticket: int
    weeks: tuple[date, ...]
    family: str | None
    families: tuple[FamilyNamed, ...]
    most_weeks: int
    summary: str
    legend: str
    by_family: tuple[FiguresRow, ...]
    by_week: tuple[FiguresRow, ...]
    total: FiguresRow
    bars: tuple[BarsShown, ...]
    false_alarms: SharesShown
    numbers: str
