"""What was measured, for people: tables, and the worst misses in the member's own words."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.cli.view import Indented, marked, visible
from bot.evaluation.bootstrap import Measured
from bot.evaluation.evaluation import Column, Evaluation
from bot.evaluation.misses import TOLD, Miss
from bot.evaluation.robustness import Held, together
from bot.evaluation.scoring import ALARMS, DISGUISE, MACRO, MICRO, NOTHING, REPLY, STANCE, Key, bound_of_none

PAIRS = 12
"""How many confusions are shown; the most frequent come first."""
MEASURES = ("precision", "recall", "f1")

HEADLINES: tuple[tuple[str, Key], ...] = (
    *((f"reply when due: {measure}", (*REPLY, measure)) for measure in MEASURES),
    *((f"families, micro: {measure}", (*MICRO, measure)) for measure in MEASURES),
    *((f"families, macro: {measure}", (*MACRO, measure)) for measure in MEASURES),
    ("stance: accuracy", STANCE),
    ("false alarms per 1,000 chat messages", ALARMS),
    ("recall of plain messages", ("plain", "recall")),
    ("recall of obfuscated and misspelled ones", ("disguised", "recall")),
    ("the difference", DISGUISE),
)


def show(evaluation: Evaluation, *, to: Console, misses: int) -> None:
    """Show what was measured.

    Args:
        evaluation: what was measured.
        to: where it is shown.
        misses: how many of the misses are shown.
    """
    for part in _parts(evaluation, misses):
        to.print(part)


def _parts(evaluation: Evaluation, misses: int) -> Iterator[RenderableType]:
    main = evaluation.main
    columns = [main, *evaluation.parts]
    if evaluation.baseline_column is not None:
        columns.append(evaluation.baseline_column)
    yield _headlines(columns)
    yield from _notes(evaluation)
    yield _title("claim families")
    yield _families(main)
    yield _title("kinds of message")
    yield _kinds(main)
    if evaluation.confusion:
        yield _title("given in place of what is due")
        yield _confusion(evaluation)
    if evaluation.robustness is not None:
        yield _title("changed messages")
        yield _robustness(evaluation.robustness)
    if misses and (evaluation.misses or evaluation.hidden):
        yield _title("the worst misses")
        for miss in evaluation.misses[:misses]:
            yield _miss(miss)
        yield from _untold(evaluation, misses)


def _title(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", overflow="fold")
    return table


def _headlines(columns: list[Column]) -> Table:
    table = _table("", *(f"{column.name} (n={column.messages})" for column in columns))
    for title, key in HEADLINES:
        table.add_row(title, *(_figure(column.figures[key], signed=key == DISGUISE) for column in columns))
    return table


def _figure(measured: Measured, *, signed: bool = False) -> Text:
    if measured.value is None:
        return Text("–", style="dim")
    form = "+.3f" if signed else ".3f"
    text = Text(f"{measured.value:{form}}")
    if measured.interval is not None:
        text.append(f" ({measured.interval.low:{form}} to {measured.interval.high:{form}})", style="dim")
    return text


def _notes(evaluation: Evaluation) -> Iterator[Text]:
    yield Text(
        "In brackets: where the figure lies with 95 % confidence (bootstrap over messages).", style="dim"
    )
    counts = evaluation.main.counts
    bound = bound_of_none(counts["chat", "messages"])
    if bound is not None and not counts["chat", "alarms"]:
        yield Text(
            f"No false alarm in {counts['chat', 'messages']} chat messages: with 95 % confidence at most "
            f"{bound:.1f} per 1,000.",
            style="dim",
        )
    baseline = evaluation.baseline
    if baseline is not None and baseline.best is not None:
        yield Text(
            f"Brute force: {baseline.phrases} whole phrases, rapidfuzz {baseline.scorer}, cut-off "
            f"{baseline.best.cutoff:.1f}, chosen as the best on these very messages.",
            style="dim",
        )


def _families(column: Column) -> Table:
    table = _table("", "due", *MEASURES)
    for family in sorted({key[1] for key in column.counts if key[0] == "family"}):
        due = column.counts["family", family, "right"] + column.counts["family", family, "missed"]
        table.add_row(
            family, str(due), *(_figure(column.figures["family", family, measure]) for measure in MEASURES)
        )
    return table


def _kinds(column: Column) -> Table:
    table = _table("", "messages", "reply right", "families exact")
    for kind in sorted({key[1] for key in column.counts if key[0] == "kind"}):
        shares = (column.figures["kind", kind, measure].value for measure in ("right", "exact"))
        table.add_row(
            kind, str(column.counts["kind", kind, "messages"]), *(_percent(share) for share in shares)
        )
    return table


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _confusion(evaluation: Evaluation) -> Table:
    table = _table("due", "given", "messages")
    table.columns[1].justify = "left"
    for (due, given), count in evaluation.confusion.most_common(PAIRS):
        names = (Text(name, style="dim" if name == NOTHING else "") for name in (due, given))
        table.add_row(*names, str(count))
    if len(evaluation.confusion) > PAIRS:
        table.add_row(
            Text(f"and {len(evaluation.confusion) - PAIRS} other pairs; --json has all", style="dim")
        )
    return table


def _robustness(held: tuple[Held, ...]) -> Table:
    table = _table("", "should be", "messages", "as it should", "still a reply")
    table.columns[1].justify = "left"
    for one in held:
        table.add_row(
            one.change.name,
            one.change.expected.value,
            str(one.messages),
            _percent(one.held / one.messages if one.messages else None),
            _percent(one.replied / one.messages if one.messages else None),
        )
    some, of = together(held)
    table.add_row("together", "", str(of), _percent(some / of if of else None), "", style="bold")
    return table


def _miss(miss: Miss) -> Group:
    message = miss.looked.message
    spans = [(finding.start, finding.end) for finding in miss.looked.answered]
    lines: list[RenderableType] = [
        Text.assemble((message.id, "bold"), f"  {message.kind}  ", (TOLD[miss.harm], "yellow")),
        *(Indented(Text(f"before: {visible(earlier)}", style="dim")) for earlier in message.context),
        Indented(marked(message.text, spans)),
        *(Indented(Text(visible(reason), style="dim")) for reason in miss.why),
    ]
    return Group(*lines)


def _untold(evaluation: Evaluation, misses: int) -> Iterator[Text]:
    more = len(evaluation.misses) - misses
    if more > 0:
        yield Text(f"and {more} more: --misses {len(evaluation.misses)}", style="dim")
    if evaluation.hidden:
        yield Text(
            f"{evaluation.hidden} misses of the part hold are not shown, so that nobody tunes on them: "
            "--show-hold",
            style="dim",
        )
