"""A back-test for people: tables, and messages in the members' own words with the matched ones marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.backtest.chunks import Census, Room
from bot.backtest.model import Change
from bot.backtest.report import Reading
from bot.backtest.tally import Difference, Figures, Report, Shown, Side
from bot.cli.view import Indented, marked, visible

ROWS = 20
"""How many rooms and changes are shown, those with most messages; `--json` has all."""
WEEKS = 60
"""How many weeks are shown, the last ones; `--json` has all."""
_FIGURES = ("found", "due", "replies")
_SIGNS = {Change.NEWLY_CAUGHT: "+", Change.NO_LONGER_CAUGHT: "−", Change.CHANGED_OWNER: "±"}
_STYLES = {Change.NEWLY_CAUGHT: "green", Change.NO_LONGER_CAUGHT: "red", Change.CHANGED_OWNER: "yellow"}


def show(report: Report, reading: Reading, *, to: Console) -> None:
    """Show a back-test.

    Args:
        report: the back-test.
        reading: what became of the files.
        to: where it is shown.
    """
    for part in _parts(report, reading):
        to.print(part)


def _parts(report: Report, reading: Reading) -> Iterator[RenderableType]:
    census, side = report.census, report.tested
    yield from _read(census, reading)
    yield _total(side.total, census.messages)
    if report.difference is not None and report.against is not None:
        yield _title("against the other rules")
        yield from _difference(report.difference, report.tested, report.against)
    if side.total.found:
        yield _title("families")
        yield _families(side)
        yield _title("rules")
        yield _rules(side)
        yield _title("what was decided")
        yield _decisions(side.decisions)
    yield _title("rooms")
    yield from _rooms(side, census)
    yield _title("weeks")
    yield from _weeks(side, census)
    yield from _samples(report.samples)


def _title(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _table(*headings: str, left: int = 1) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < left else "right", overflow="fold")
    return table


def _read(census: Census, reading: Reading) -> Iterator[Text]:
    files = f"{reading.files:,} {'file' if reading.files == 1 else 'files'}"
    told = Text.assemble((f"{census.messages:,} messages", "bold"), f" in {files}")
    if census.first is not None and census.last is not None:
        told.append(f", {census.first:%Y-%m-%d} to {census.last:%Y-%m-%d}")
    yield told
    if census.skipped:
        skipped = ", ".join(f"{count:,} {reason.value}" for reason, count in sorted(census.skipped.items()))
        yield Text(f"passed over: {skipped}", style="dim")
    if census.answered_unknown:
        yield Text(
            f"{census.answered_unknown:,} messages answer one that the exports do not hold shortly before",
            style="dim",
        )
    if reading.passed_over_count:
        names = ", ".join(visible(name) for name in reading.passed_over)
        more = reading.passed_over_count - len(reading.passed_over)
        yield Text(f"no exports, passed over: {names}{f' and {more} more' if more else ''}", style="dim")
    faults = len(reading.faults) + reading.faults_untold
    if faults:
        yield Text(f"{faults:,} {'fault' if faults == 1 else 'faults'}, told at the end", style="yellow")


def _total(total: Figures, messages: int) -> Text:
    return Text(
        f"found in {total.found:,}, due an answer {total.due:,}, replies {total.replied:,} "
        f"({1000 * total.replied / messages if messages else 0:.1f} per 1,000 messages)"
    )


def _difference(difference: Difference, tested: Side, against: Side) -> Iterator[RenderableType]:
    new, lost, moved = (difference.changes[change] for change in Change)
    yield Text.assemble(
        (f"+{new:,} messages", "bold green"),
        ", ",
        (f"−{lost:,}", "bold red"),
        ", ",
        (f"{moved:,} changed owner", "bold yellow"),
    )
    yield Text(
        f"replies: {tested.total.replied:,}, with the other rules {against.total.replied:,} "
        f"(+{difference.replies_more:,}, −{difference.replies_fewer:,})"
    )
    if difference.by_rule:
        table = _table("", "rule", "messages", left=2)
        ordered = sorted(
            difference.by_rule.items(),
            key=lambda pair: (
                list(Change).index(pair[0].change or Change.CHANGED_OWNER),
                -pair[1],
                pair[0].rule,
            ),
        )
        for key, count in ordered[:ROWS]:
            change = key.change or Change.CHANGED_OWNER
            table.add_row(Text(change.value, style=_STYLES[change]), key.rule, f"{_SIGNS[change]}{count:,}")
        yield table
        yield from _more(len(ordered) - ROWS, "rules")


def _numbers(figures: Figures) -> tuple[str, ...]:
    return tuple(f"{count:,}" for count in (figures.found, figures.due, figures.replied))


def _families(side: Side) -> Table:
    stances = sorted({stance for _, stance in side.stances})
    table = _table("", *_FIGURES, *stances)
    for family, figures in _by_found(side.families.items()):
        counts = (side.stances[family, stance] for stance in stances)
        table.add_row(family, *_numbers(figures), *(f"{count:,}" if count else "" for count in counts))
    return table


def _rules(side: Side) -> Table:
    table = _table("", "family", *_FIGURES, left=2)
    for rule, figures in _by_found(side.rules.items()):
        table.add_row(rule, side.family_of[rule], *_numbers(figures))
    return table


def _by_found(figures: Iterable[tuple[str, Figures]]) -> list[tuple[str, Figures]]:
    return sorted(figures, key=lambda pair: (-pair[1].found, pair[0]))


def _decisions(decisions: Counter[str]) -> Table:
    table = _table("", "messages")
    for name, count in sorted(decisions.items(), key=lambda pair: (-pair[1], pair[0])):
        table.add_row(name, f"{count:,}")
    return table


def _rooms(side: Side, census: Census) -> Iterator[RenderableType]:
    def weight(room: Room) -> tuple[int, int, Room]:
        return (-side.rooms[room].found if room in side.rooms else 0, -census.rooms[room], room)

    table = _table("", "messages", *_FIGURES)
    ordered = sorted(census.rooms, key=weight)
    for room in ordered[:ROWS]:
        name = visible(census.names.get(room) or room[1] or "unknown")
        table.add_row(Text(name), f"{census.rooms[room]:,}", *_numbers(side.rooms.get(room, Figures())))
    yield table
    yield from _more(len(ordered) - ROWS, "rooms")


def _weeks(side: Side, census: Census) -> Iterator[RenderableType]:
    table = _table("week of", "messages", *_FIGURES)
    ordered = sorted(census.weeks)
    for week in ordered[-WEEKS:]:
        table.add_row(week, f"{census.weeks[week]:,}", *_numbers(side.weeks.get(week, Figures())))
    yield table
    yield from _more(len(ordered) - WEEKS, "earlier weeks")


def _more(count: int, what: str) -> Iterator[Text]:
    if count > 0:
        yield Text(f"and {count:,} more {what}; --json has all", style="dim")


def _samples(samples: tuple[Shown, ...]) -> Iterator[RenderableType]:
    plain = [shown for shown in samples if shown.sample.key.change is None]
    for change in Change:
        changed = [shown for shown in samples if shown.sample.key.change is change]
        if changed:
            yield _title(change.value)
            yield from _by_rule(changed)
    if plain:
        yield _title("samples")
        yield from _by_rule(plain)


def _by_rule(samples: list[Shown]) -> Iterator[RenderableType]:
    for rule, shown in groupby(samples, key=lambda one: one.sample.key.rule):
        yield Text(rule, style="bold")
        for one in shown:
            yield Indented(_sample(one))


def _sample(shown: Shown) -> Group:
    sample = shown.sample
    where = " ".join(
        part
        for part in (
            f"{sample.sent_at:%Y-%m-%d %H:%M}" if sample.sent_at else "",
            visible(sample.room_name),
            visible(sample.id or ""),
        )
        if part
    )
    text = marked(sample.text, ((finding.start, finding.end) for finding in sample.findings))
    if sample.cut:
        text.append(" …", style="dim")
    stances = ", ".join(
        dict.fromkeys(f"{finding.family} {finding.stance} {finding.score:.0f}" for finding in sample.findings)
    )
    return Group(text, Indented(Text(f"{where}  {stances}  → {shown.decision}", style="dim")))
