"""What came of the rules in the room, week by week, for the page and as a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from bot.replies.checker import Checker
from bot.rulebook.model import Rulebook
from bot.statistics.charts import MOST_FAMILIES, OTHERS, Bars, Series, Shares, charts_of
from bot.statistics.report import LEGEND, share_in_words, summary
from bot.statistics.table import (
    HELPFUL,
    MOST_WEEKS,
    NOT_HELPFUL,
    NOT_WHAT_I_SAID,
    Figures,
    Statistics,
    first_week,
    tabulate,
)
from bot.store.model import week_of
from bot.studio.figure_events import (
    BarsShown,
    FamilyNamed,
    FiguresRow,
    SeriesShown,
    ShareShown,
    SharesShown,
    StatisticsShown,
)
from bot.studio.health import SERVER
from bot.studio.requests import RequestError, ShowStatistics, parse_request

NUMBERS = "statistics.csv"
"""The path of the numbers below the page."""
ALL = "all"
"""The name of the row that sums up."""


class Bookkeeper:
    """Tells how the rules do in the room.

    Args:
        checker: knows what was counted, and which families there are.
        clock: the time now, with time zone.
    """

    def __init__(self, *, checker: Checker, clock: Callable[[], datetime]) -> None:
        self._checker = checker
        self._clock = clock

    async def look_up(self, request: ShowStatistics) -> Statistics:
        """Make the table that is asked for.

        Args:
            request: how many weeks, and which family.

        Raises:
            RequestError: there is no such family.
            StoreError: the store failed.
        """
        last = week_of(self._clock())
        counts = await self._checker.counts_of(SERVER, since=first_week(last, request.weeks))
        statistics = tabulate(counts, last=last, weeks=request.weeks, family=request.family)
        known = [family.id for family in self._rulebook.families]
        if request.family is not None and not statistics.families and request.family not in known:
            raise RequestError(
                f"There is no claim family “{request.family}” here. There are: {', '.join(known)}.",
                ticket=request.ticket,
            )
        return statistics

    async def show(self, request: ShowStatistics) -> StatisticsShown:
        """Tell the page what came of the rules; arguments and errors as for `look_up`."""
        return statistics_shown(await self.look_up(request), request, self._rulebook)

    @property
    def _rulebook(self) -> Rulebook:
        return self._checker.rulebook_of(SERVER).source


def asked_in(query: Mapping[str, str]) -> ShowStatistics:
    """Read what an address asks for.

    Args:
        query: its query: `weeks` and `family`, both optional.

    Raises:
        RequestError: it asks for something else; the sentence says what is wrong.
    """
    weeks = query.get("weeks", "")
    number = {"weeks": int(weeks)} if weeks.isascii() and weeks.isdigit() and len(weeks) < 10 else {}
    request = parse_request(json.dumps({**query, **number, "type": "statistics", "ticket": 0}))
    return cast("ShowStatistics", request)


def statistics_shown(statistics: Statistics, request: ShowStatistics, rulebook: Rulebook) -> StatisticsShown:
    """Prepare a table for the page. Pure.

    Args:
        statistics: the table.
        request: what was asked.
        rulebook: knows the families.
    """
    charts = charts_of(statistics)
    named = {"weeks": str(request.weeks)} | ({"family": request.family} if request.family is not None else {})
    return StatisticsShown(
        ticket=request.ticket,
        weeks=statistics.weeks,
        family=request.family,
        families=tuple(_families(statistics, rulebook)),
        most_weeks=MOST_WEEKS,
        summary=summary(statistics),
        legend=LEGEND,
        by_family=tuple(_row(name, statistics.of(family=name)) for name in statistics.families),
        by_week=tuple(_row(str(week), statistics.of(week=week)) for week in reversed(statistics.weeks)),
        total=_row(ALL, statistics.total),
        bars=tuple(map(_bars, (charts.replies, charts.held, charts.votes))),
        false_alarms=_shares(charts.false_alarms),
        numbers=f"{NUMBERS}?{urlencode(named)}",
    )


def _families(statistics: Statistics, rulebook: Rulebook) -> Iterator[FamilyNamed]:
    """Every family that there is, and those of which figures are left."""
    for family in rulebook.families:
        yield FamilyNamed(id=family.id, title=family.title)
    known = {family.id for family in rulebook.families}
    for name in sorted({*statistics.families} - known):
        yield FamilyNamed(id=name, title=name)


def _row(name: str, figures: Figures) -> FiguresRow:
    share = figures.false_alarm_share
    return FiguresRow(
        name=name,
        replies=figures.replies,
        held=figures.held,
        shadow=figures.shadow,
        helpful=figures.votes.get(HELPFUL, 0),
        not_helpful=figures.votes.get(NOT_HELPFUL, 0),
        not_what_i_said=figures.votes.get(NOT_WHAT_I_SAID, 0),
        false_alarms=share_in_words(share) if share.whole else "",
    )


def _bars(bars: Bars) -> BarsShown:
    return BarsShown(
        title=bars.title,
        unit=bars.unit,
        told=str(bars),
        most=bars.most,
        stacked=tuple(_series(series, place) for place, series in enumerate(bars.stacked)),
        line=_series(bars.line, MOST_FAMILIES) if bars.line is not None else None,
    )


def _series(series: Series, place: int) -> SeriesShown:
    look = MOST_FAMILIES if series.name == OTHERS else place
    return SeriesShown(name=series.name, look=look, heights=series.heights)


def _shares(shares: Shares) -> SharesShown:
    shown = (
        ShareShown(
            name=name,
            part=share.part,
            whole=share.whole,
            value=share.part / share.whole,
            low=share.interval[0],
            high=share.interval[1],
        )
        for name, share in shares.families
    )
    return SharesShown(title=shares.title, told=str(shares), shares=tuple(shown))
