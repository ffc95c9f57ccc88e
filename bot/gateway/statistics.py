"""The figures of a server as a moderator reads them: a few sentences, a table, a picture, and a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

from bot.gateway.rendering import MESSAGE_LIMIT, shortened
from bot.plotting import PlotError, can_plot
from bot.replies.checker import Checker
from bot.statistics.plot import draw
from bot.statistics.report import LEGEND, as_csv, summary, text_table
from bot.statistics.table import Statistics, first_week, tabulate
from bot.store.model import week_of

PICTURE_FILE, NUMBERS_FILE = "statistics.png", "statistics.csv"
DESCRIPTION_LIMIT = 1024
"""Characters that Discord takes in the description of a file."""
NO_PLOT = "-# The plot needs matplotlib, which is not installed where I run."


class StatisticsTold(Struct, frozen=True):
    """What is answered.

    Args:
        text: what is said, within Discord's limit; it holds the table.
        numbers: all numbers by week and family, as CSV.
        picture: the plot as a PNG; None where none can be drawn, or nothing happened.
        described: what the picture shows, in words, for those who cannot see it.
    """

    text: str
    numbers: str | None = None
    picture: bytes | None = None
    described: str = ""


def _now() -> datetime:
    return datetime.now(UTC)


class Statistician:
    """Answers how the rules of a server do.

    Args:
        checker: knows what was counted, and which families there are.
        drawing: held while a picture is drawn, so that one is drawn at a time.
        clock: the time now, with time zone.
    """

    def __init__(
        self, *, checker: Checker, drawing: asyncio.Lock, clock: Callable[[], datetime] = _now
    ) -> None:
        self._checker = checker
        self._drawing = drawing
        self._clock = clock

    async def tell(self, server: str, *, weeks: int, family: str | None) -> StatisticsTold:
        """Tell what happened on a server.

        Args:
            server: the server's id.
            weeks: how many weeks to look at, the current one included.
            family: the only family to look at; None: all.

        Returns:
            the answer.

        Raises:
            StoreError: the store failed.
        """
        last = week_of(self._clock())
        counts = await self._checker.counts_of(server, since=first_week(last, weeks))
        statistics = tabulate(counts, last=last, weeks=weeks, family=family)
        if not statistics.families:
            return StatisticsTold(self._nothing(server, statistics, family))
        picture = await self._picture(statistics, family)
        return StatisticsTold(
            text=_text(statistics, notes=() if picture is not None else (NO_PLOT,)),
            numbers=as_csv(statistics),
            picture=picture,
            described=shortened(f"Four charts. {summary(statistics)}", limit=DESCRIPTION_LIMIT),
        )

    def _nothing(self, server: str, statistics: Statistics, family: str | None) -> str:
        known = [one.id for one in self._checker.rulebook_of(server).source.families]
        if family is not None and family not in known:
            typed = shortened(family.replace("`", "'"), limit=100)
            names = ", ".join(f"`{name}`" for name in known)
            return shortened(
                f"There is no claim family `{typed}` here. There are: {names}.", limit=MESSAGE_LIMIT
            )
        return f"{summary(statistics)} Nothing to draw yet."

    async def _picture(self, statistics: Statistics, family: str | None) -> bytes | None:
        if not can_plot():
            return None
        title = "Caveat bot on this server" + (f": {family}" if family is not None else "")
        async with self._drawing:
            try:
                return await asyncio.to_thread(draw, statistics, title=title)
            except PlotError:
                return None


def _text(statistics: Statistics, *, notes: tuple[str, ...]) -> str:
    head, foot = summary(statistics), "\n".join([f"-# {LEGEND}", *notes])
    room = MESSAGE_LIMIT - len(head) - len(foot) - len("\n```\n\n```\n")
    return f"{head}\n```\n{text_table(statistics, limit=room)}\n```\n{foot}"
