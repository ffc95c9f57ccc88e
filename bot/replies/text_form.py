"""A reply as plain text, for the command line and for where a surface can show nothing richer."""

from __future__ import annotations

from msgspec.structs import replace

from bot.replies.model import CaveatLine, Citation, Composed

LONGEST = 1900
"""Characters. Discord takes 2,000; the rest is left to a surface's own additions."""


def render_text(composed: Composed) -> str:
    """Write a reply as plain text.

    Args:
        composed: the reply's content.

    Returns:
        lines of at most 1,900 characters in all. Where the content is longer, it loses first the line from
        elsewhere, then second citations, then the last caveats; what is still too long is cut at a word.
    """
    for shorter in _ever_shorter(composed):
        text = _lines_of(shorter)
        if len(text) <= LONGEST:
            return text
    head = text[: LONGEST - 1]
    return (head.rsplit(maxsplit=1)[0] if " " in head else head) + "…"


def _ever_shorter(composed: Composed) -> tuple[Composed, ...]:
    without_evidence = replace(composed, evidence=None)
    once_cited = replace(
        without_evidence,
        caveats=tuple(replace(line, citations=line.citations[:1]) for line in composed.caveats),
    )
    fewer = (
        replace(once_cited, caveats=once_cited.caveats[:most])
        for most in range(len(composed.caveats) - 1, 0, -1)
    )
    return (composed, without_evidence, once_cited, *fewer)


def _lines_of(composed: Composed) -> str:
    lines = [composed.opening] if composed.opening else []
    mark = "• " if composed.opening else ""
    lines += [mark + _said(line) for line in composed.caveats]
    if composed.evidence:
        lines.append(mark + _said(composed.evidence))
    if composed.closing:
        lines.append(composed.closing)
    return "\n".join(lines)


def _said(line: CaveatLine) -> str:
    cited = "; ".join(_cited(citation) for citation in line.citations)
    return f"{line.says} ({cited})" if cited else line.says


def _cited(citation: Citation) -> str:
    # Angle brackets keep Discord from unfolding a preview of the page.
    return f"{citation.label}: <{citation.link}>" if citation.link else citation.label
