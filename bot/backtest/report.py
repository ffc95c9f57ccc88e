"""A report as plain values: for JSON, and as rows for a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.backtest.chunks import Census
from bot.backtest.model import Change
from bot.backtest.tally import Difference, Figures, Report, Shown, Side
from bot.errors import Fault
from bot.matching.model import Finding

FORM = 1
"""The version of this form; it grows when a key goes or changes its meaning."""
COLUMNS = ("rules", "by", "name", "within", "messages", "found", "due", "replied")
"""The columns of the table. `within` is a rule's family, a room's server, a week's family or a change."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Reading(Struct, frozen=True):
    """What became of the files.

    Args:
        files: how many were read.
        passed_over: names of files that are no exports, the first ones.
        passed_over_count: how many these are.
        faults: what is wrong in the files, of each file the first faults.
        faults_untold: how many more faults there are.
    """

    files: int = 0
    passed_over: Sequence[str] = ()
    passed_over_count: int = 0
    faults: Sequence[Fault] = ()
    faults_untold: int = 0


def as_json(report: Report, reading: Reading) -> dict[str, object]:
    """Put all of a back-test in a form that JSON can hold.

    Args:
        report: the back-test.
        reading: what became of the files.

    Returns:
        an object: `read`, `tested`, `samples` and, where rules were compared, `against` and `difference`.
        Figures are numbers of messages. A sample's `start` and `end` count characters of its text, from 0.
    """
    given: dict[str, object] = {
        "form": FORM,
        "read": _read(report.census, reading),
        "tested": _side(report.tested, report.census),
    }
    if report.against is not None and report.difference is not None:
        given["against"] = _side(report.against, report.census)
        given["difference"] = _difference(report.difference)
    given["samples"] = [_shown(shown) for shown in report.samples]
    return given


def rows_of(report: Report) -> Iterator[Sequence[str | int]]:
    """Give the figures of a back-test as rows of a table; `COLUMNS` names what stands in them.

    A name that a spreadsheet would take for a formula begins with an apostrophe.
    """
    sides = [("tested", report.tested), ("against", report.against)]
    for rules, side in sides:
        if side is not None:
            for by, name, within, messages, figures in _rows(side, report.census):
                counts = (figures.found, figures.due, figures.replied)
                yield (rules, by, _harmless(name), _harmless(within), messages, *counts)
    if report.difference is not None:
        for key, count in sorted(
            report.difference.by_rule.items(), key=lambda pair: (str(pair[0].change), pair[0].rule)
        ):
            yield ("difference", "rule", _harmless(key.rule), str(key.change), count, "", "", "")


def _rows(side: Side, census: Census) -> Iterator[tuple[str, str, str, int | str, Figures]]:
    yield "all", "", "", census.messages, side.total
    for name, figures in sorted(side.families.items()):
        yield "family", name, "", "", figures
    for name, figures in sorted(side.rules.items()):
        yield "rule", name, side.family_of[name], "", figures
    for room, messages in sorted(census.rooms.items()):
        figures = side.rooms.get(room, Figures())
        yield "room", census.names.get(room) or room[1], room[0], messages, figures
    for week, messages in sorted(census.weeks.items()):
        yield "week", week, "", messages, side.weeks.get(week, Figures())
    for (week, family), figures in sorted(side.weeks_of_families.items()):
        yield "week", week, family, "", figures


def _harmless(name: str) -> str:
    return f"'{name}" if name.startswith(_FORMULA) else name


def _read(census: Census, reading: Reading) -> dict[str, object]:
    return {
        "files": reading.files,
        "messages": census.messages,
        "skipped": {reason.value: count for reason, count in sorted(census.skipped.items())},
        "answered_message_unknown": census.answered_unknown,
        "first": census.first.isoformat() if census.first else None,
        "last": census.last.isoformat() if census.last else None,
        "passed_over": list(reading.passed_over),
        "passed_over_count": reading.passed_over_count,
        "faults": [
            {
                "path": str(fault.path),
                "line": fault.line,
                "column": fault.column,
                "problem": fault.problem,
                "instead": fault.instead,
            }
            for fault in reading.faults
        ],
        "faults_untold": reading.faults_untold,
    }


def _side(side: Side, census: Census) -> dict[str, object]:
    return {
        "digest": side.digest,
        **_figures(side.total),
        "decisions": dict(sorted(side.decisions.items())),
        "families": {
            family: {**_figures(figures), "stances": _stances(side, family)}
            for family, figures in sorted(side.families.items())
        },
        "rules": {
            rule: {"family": side.family_of[rule], **_figures(figures)}
            for rule, figures in sorted(side.rules.items())
        },
        "rooms": [
            {
                "server": room[0],
                "room": room[1],
                "name": census.names.get(room, ""),
                "messages": messages,
                **_figures(side.rooms.get(room, Figures())),
            }
            for room, messages in sorted(census.rooms.items())
        ],
        "weeks": {
            week: {
                "messages": messages,
                **_figures(side.weeks.get(week, Figures())),
                "families": _families_of(side, week),
            }
            for week, messages in sorted(census.weeks.items())
        },
    }


def _figures(figures: Figures) -> Mapping[str, int]:
    return {"found": figures.found, "due": figures.due, "replied": figures.replied}


def _stances(side: Side, family: str) -> dict[str, int]:
    return {stance: count for (of, stance), count in sorted(side.stances.items()) if of == family}


def _families_of(side: Side, week: str) -> dict[str, Mapping[str, int]]:
    return {
        family: _figures(figures)
        for (of, family), figures in sorted(side.weeks_of_families.items())
        if of == week
    }


def _difference(difference: Difference) -> dict[str, object]:
    return {
        **{change.name.lower(): difference.changes[change] for change in Change},
        "by_rule": [
            {"change": key.change.value, "rule": key.rule, "messages": count}
            for key, count in sorted(
                difference.by_rule.items(), key=lambda pair: (str(pair[0].change), pair[0].rule)
            )
            if key.change is not None
        ],
        "replies_more": difference.replies_more,
        "replies_fewer": difference.replies_fewer,
    }


def _shown(shown: Shown) -> dict[str, object]:
    sample = shown.sample
    return {
        "change": sample.key.change.value if sample.key.change else None,
        "rule": sample.key.rule,
        "id": sample.id,
        "room": sample.room_name,
        "sent_at": sample.sent_at.isoformat() if sample.sent_at else None,
        "text": sample.text,
        "cut": sample.cut,
        "decision": shown.decision,
        "findings": [_finding(finding) for finding in sample.findings],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "family": finding.family,
        "stance": finding.stance.value,
        "score": finding.score,
        "status": finding.status,
        "start": finding.start,
        "end": finding.end,
        "phrase": finding.phrase,
        "because": list(finding.because),
    }
