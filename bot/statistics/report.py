"""The table in words, as text with columns, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from bot.statistics.table import HELPFUL, NOT_HELPFUL, NOT_WHAT_I_SAID, VOTES, Figures, Statistics
from bot.statistics.wilson import Share

HEADINGS = ("family", "sent", "held", "shadow", "votes", "false alarms")
LEGEND = (
    "held: not answered (cool-down, exempt, …) · shadow: only rules in shadow would have answered · "
    "votes: helpful/not helpful/not what I said · false alarms: replies voted “not what I said” of those "
    "voted on, and where the true share lies with 95 % confidence (Wilson); that a rule drops to shadow by "
    "itself depends on the share of all its replies, which is never higher"
)
"""What the columns of the table mean."""

_NAMED = 3
"""How many families the summary names."""


def summary(statistics: Statistics) -> str:
    """Tell in words what the figures say; this also stands for the picture where nobody can see it.

    Args:
        statistics: the table.

    Returns:
        a few sentences, below 900 characters.
    """
    total, weeks = statistics.total, statistics.weeks
    until = weeks[-1] + timedelta(days=6)
    span = "This week" if len(weeks) == 1 else f"{len(weeks)} weeks"
    replies = _many(total.replies, "reply", "replies")
    said = [f"{span} ({weeks[0]} to {until}): {replies}{_change(statistics)}."]
    if total.held:
        reasons = sorted(total.holds.items(), key=lambda item: (-item[1], item[0]))
        said.append(f"{total.held} held back ({_listed(reasons)}).")
    if total.shadow:
        said.append(f"{_many(total.shadow, 'message', 'messages')} only for rules in shadow.")
    if len(statistics.families) > 1:
        busy = [(name, statistics.of(family=name).replies) for name in statistics.families]
        busy = sorted((pair for pair in busy if pair[1]), key=lambda pair: (-pair[1], pair[0]))
        said += [f"Most replies: {_listed(busy)}."] if busy else []
    said += _on_votes(statistics) if total.all_votes else ["No votes."]
    return " ".join(said)


def text_table(statistics: Statistics, *, limit: int) -> str:
    """Write the figures by family in columns, for a type in which all letters are equally wide.

    Args:
        statistics: the table.
        limit: how many characters it may have; families that do not fit in are only counted.

    Returns:
        the lines; the last one is the sum of all families.
    """
    names = statistics.families
    for shown in range(len(names), -1, -1):
        rows = [HEADINGS, *(_row(name, statistics.of(family=name)) for name in names[:shown])]
        if shown < len(names):
            rest = sum((statistics.of(family=name) for name in names[shown:]), Figures())
            rows.append(_row(f"{len(names) - shown} more", rest))
        rows.append(_row("all", statistics.total))
        written = _aligned(rows)
        if len(written) <= limit:
            return written
    return ""


def as_csv(statistics: Statistics) -> str:
    """Write the figures of every week and family as CSV (RFC 4180), weeks in which nothing happened too."""
    reasons = statistics.reasons()
    out = io.StringIO()
    writer = csv.writer(out)
    held = ["held", *(f"held: {reason}" for reason in reasons)]
    votes = [*VOTES.values(), "voted", "false alarms"]
    writer.writerow(["week", "monday", "family", "replies", *held, "shadow", *votes])
    for week in statistics.weeks:
        happened = [name for name in statistics.families if (week, name) in statistics.cells]
        for name in happened or [""]:
            figures = statistics.cells.get((week, name), Figures())
            writer.writerow(
                [
                    iso_week(week),
                    week,
                    name,
                    figures.replies,
                    figures.held,
                    *(figures.holds.get(reason, 0) for reason in reasons),
                    figures.shadow,
                    *(figures.votes.get(vote, 0) for vote in VOTES),
                    figures.voted,
                    figures.false_alarms,
                ]
            )
    return out.getvalue()


def as_json(statistics: Statistics, *, server: str | None) -> dict[str, object]:
    """Give everything as data for other programs.

    Args:
        statistics: the table.
        server: the server it is about; None: all of them together.
    """
    return {
        "server": server,
        "weeks": [week.isoformat() for week in statistics.weeks],
        "total": _data(statistics.total),
        "families": {name: _data(statistics.of(family=name)) for name in statistics.families},
        "by_week": {week.isoformat(): _data(statistics.of(week=week)) for week in statistics.weeks},
        "cells": [
            {"week": week.isoformat(), "family": name} | _data(figures)
            for (week, name), figures in statistics.cells.items()
        ],
    }


def iso_week(monday: date) -> str:
    """Name a week as ISO 8601 does, for example "2026-W47"."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def share_in_words(share: Share) -> str:
    """Tell a share and where the true one may lie, for example "1 of 3, 6 % to 79 %".

    Args:
        share: a share of something.
    """
    low, high = share.interval
    return f"{share.part} of {share.whole}, {low:.0%} to {high:.0%}".replace("%", " %")


def _data(figures: Figures) -> dict[str, object]:
    return {
        "replies": figures.replies,
        "holds": dict(sorted(figures.holds.items())),
        "shadow": figures.shadow,
        "votes": {vote: figures.votes.get(vote, 0) for vote in VOTES},
        "voted": figures.voted,
        "false_alarms": figures.false_alarms,
        "false_alarm_share": _share_data(figures.false_alarm_share),
        "helpful_share": _share_data(figures.helpful_share),
    }


def _share_data(share: Share) -> dict[str, float] | None:
    if share.value is None:
        return None
    low, high = share.interval
    return {"value": round(share.value, 4), "low": round(low, 4), "high": round(high, 4)}


def _change(statistics: Statistics) -> str:
    if len(statistics.weeks) < 2:
        return ""
    before, now = (statistics.of(week=week).replies for week in statistics.weeks[-2:])
    return f", {now} in the week that began last and {before} in the one before"


def _on_votes(statistics: Statistics) -> list[str]:
    total = statistics.total
    votes = ", ".join(f"{total.votes.get(vote, 0)} {name}" for vote, name in VOTES.items())
    share = total.false_alarm_share
    said = [f"Members voted on {_many(total.voted, 'reply', 'replies')}: {votes}."]
    said.append(f"False alarms: {share_in_words(share)} of the replies voted on.")
    worst = [name for name in statistics.families if statistics.of(family=name).false_alarms]
    worst.sort(key=lambda name: (-statistics.of(family=name).false_alarm_share.interval[0], name))
    if worst and len(statistics.families) > 1:
        said.append(f"Worst: {worst[0]}, {share_in_words(statistics.of(family=worst[0]).false_alarm_share)}.")
    return said


def _listed(pairs: Sequence[tuple[str, int]]) -> str:
    named = [f"{name} {count}" for name, count in pairs[:_NAMED]]
    rest = sum(count for _, count in pairs[_NAMED:])
    return ", ".join([*named, f"others {rest}"] if rest else named)


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _row(name: str, figures: Figures) -> tuple[str, ...]:
    share = figures.false_alarm_share
    low, high = share.interval
    votes = "/".join(str(figures.votes.get(vote, 0)) for vote in (HELPFUL, NOT_HELPFUL, NOT_WHAT_I_SAID))
    alarms = f"{share.part}/{share.whole} {low:.0%}–{high:.0%}" if share.whole else "–"
    return (
        name,
        str(figures.replies),
        str(figures.held),
        str(figures.shadow),
        votes if figures.all_votes else "–",
        alarms,
    )


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
