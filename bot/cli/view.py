"""An outcome for people: the message with what was found in it marked, the decision, and the reply."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

from bot.cli.lines import decision_name
from bot.matching.model import Finding, NearMiss
from bot.replies.model import CaveatLine, Composed, Outcome
from bot.text.model import Reading

COLOUR = {"reply": "green", "hold": "yellow", "silent": "cyan"}
ENDLESS = 1_000_000
"""Columns of what is no terminal."""
NEAR_MISSES = 5
"""How many near misses are shown; the closest come first."""


def console(*, stderr: bool = False) -> Console:
    """Make a console that takes a member's words as they are: no markup, no emoji codes, no guessed colours.

    On a terminal long lines are wrapped; in a pipe or a file they stay whole, for grep and its kind.
    """
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made.width = ENDLESS
    return made


def show(outcome: Outcome, *, to: Console, verbose: bool = False) -> None:
    """Show what came of a message.

    Args:
        outcome: what came of it.
        to: where it is shown.
        verbose: whether to show also how the message was read and which concepts were seen.
    """
    for part in _parts(outcome, verbose=verbose):
        to.print(part)


def marked(raw: str, spans: Iterable[tuple[int, int]]) -> Text:
    """Mark stretches of a message with «» and colour.

    Args:
        raw: the message as it was typed.
        spans: the stretches, in characters; where they overlap they are marked as one.

    Returns:
        the message, safe to show on a terminal.
    """
    text, place = Text(), 0
    for start, end in _united(spans):
        text.append(visible(raw[place:start]))
        text.append(f"«{visible(raw[start:end])}»", style="bold magenta")
        place = end
    text.append(visible(raw[place:]))
    return text


def visible(raw: str) -> str:
    """Make a member's words safe to show: a terminal would obey what is in them.

    Control characters become their pictures ("␛"), marks that turn the writing direction and lone halves of
    characters become "�". Line breaks and tabs stay.
    """
    return "".join(_visible(letter) for letter in raw)


def _visible(letter: str) -> str:
    if letter in "\n\t" or letter.isprintable():
        return letter
    code = ord(letter)
    if code < 0x20:
        return chr(0x2400 + code)
    if unicodedata.category(letter) in ("Zs", "Co", "Cn") or letter in "\u200d\ufe0f":
        return letter
    return "␡" if code == 0x7F else "�"


def _united(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if current is not None and start < current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current


class Indented:
    """Something moved in by two columns, without filling its lines up to the edge with spaces."""

    def __init__(self, part: RenderableType) -> None:
        self._part = part

    def __rich_console__(self, to: Console, options: ConsoleOptions) -> RenderResult:
        """Give the part's lines, each behind two spaces."""
        for line in to.render_lines(self._part, options.update_width(options.max_width - 2), pad=False):
            yield Segment("  ")
            yield from line
            yield Segment.line()


def _parts(outcome: Outcome, *, verbose: bool) -> Iterator[RenderableType]:
    findings = outcome.findings
    found = [*findings.found, *([findings.emergency] if findings.emergency else [])]
    yield marked(outcome.reading.raw, ((finding.start, finding.end) for finding in found))
    yield ""
    name = decision_name(outcome)
    yield Text.assemble((name, f"bold {COLOUR[name]}"), f": {outcome.decision.reason}")
    for finding in found:
        yield Indented(_finding(finding, emergency=finding is findings.emergency))
    if outcome.composed is None and findings.near:
        yield Text("\nnearly", style="bold")
        for near in sorted(findings.near, key=lambda near: -near.score)[:NEAR_MISSES]:
            yield Indented(_near(near))
    if verbose:
        yield from _reading(outcome)
    if outcome.composed is not None:
        yield Text("\nthe reply", style="bold")
        yield Indented(_reply(outcome.composed))


def _finding(finding: Finding, *, emergency: bool) -> Group:
    head = Text.assemble(
        ("emergency" if emergency else finding.family, "bold"),
        f"  {finding.stance}  score {finding.score:.0f}  rule {finding.rule}",
        f"  ({finding.status})" if finding.status != "live" else "",
    )
    return Group(head, *(Indented(line) for line in _reasons(finding)))


def _reasons(finding: Finding) -> Iterator[Text]:
    yield Text.assemble((f"«{visible(finding.matched)}»", "magenta"), f" is like {finding.phrase}")
    for reason in finding.because:
        yield Text(visible(reason), style="dim")


def _near(near: NearMiss) -> Group:
    return Group(
        Text.assemble((near.family, "bold"), f"  score {near.score:.0f}  rule {near.rule}"),
        Indented(Text.assemble((f"«{visible(near.matched)}»", "magenta"), f" against {near.phrase}")),
        Indented(Text(visible(near.why_not), style="dim")),
    )


def _reading(outcome: Outcome) -> Iterator[RenderableType]:
    yield Text("\nread as", style="bold")
    for clause in _clauses(outcome.reading):
        yield Indented(Text(visible(clause)))
    if outcome.findings.concepts:
        yield Text("\nconcepts", style="bold")
    tokens = outcome.reading.tokens
    for hit in outcome.findings.concepts:
        words = " ".join(token.text for token in tokens[hit.first : hit.last])
        yield Indented(Text(visible(f"<{hit.concept}>  {words}  score {hit.score:.0f}  entry {hit.entry}")))


def _clauses(reading: Reading) -> Iterator[str]:
    for clause in reading.clauses:
        tokens = reading.tokens[clause.first : clause.last]
        words = (
            f"{token.text} ({'/'.join(token.readings)})" if token.readings else token.text for token in tokens
        )
        yield f"{' '.join(words)} {clause.ending!r}" if clause.ending else " ".join(words)


def _reply(composed: Composed) -> Group:
    lines = [Text(composed.opening)]
    lines += [_caveat("•", line) for line in composed.caveats]
    if composed.evidence is not None:
        lines.append(_caveat("◦", composed.evidence))
    if composed.closing:
        lines.append(Text(composed.closing, style="dim"))
    return Group(*lines)


def _caveat(bullet: str, line: CaveatLine) -> Text:
    sources = "; ".join(
        f"{citation.label}, {citation.link}" if citation.link else citation.label
        for citation in line.citations
    )
    return Text.assemble(f"{bullet} {line.says} ", (f"({sources})", "dim") if sources else "")
