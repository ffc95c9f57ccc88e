"""A reply's content in the form that Discord shows: a card, or plain text where cards are not allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import discord
from msgspec import Struct
from msgspec.structs import replace

from bot.replies.model import CaveatLine, Citation, Composed, Explanation, Form

MESSAGE_LIMIT = 2000
"""Characters that Discord takes in a message's content."""
CARD_LIMIT = 4096
"""Characters that Discord takes in an embed's description."""
FOOTER_LIMIT = 2048
"""Characters that Discord takes in an embed's footer."""

CALM = discord.Colour(0x5B8E7D)
"""A card's edge: a leaf's green, far from the red and amber of an alarm."""

SOURCES_PER_LINE = 3
"""How many sources stand under one caveat; "Why?" shows all of them."""


class Rendered(Struct, frozen=True):
    """A message's text and card; one of the two may be missing.

    An edit writes both, so that what stood there before goes.
    """

    content: str | None
    embed: discord.Embed | None


def render(composed: Composed, *, with_card: bool) -> Rendered:
    """Give a reply the form in which it is sent.

    An emergency is always plain text: it must be read in a notification and where cards are turned off.

    Args:
        composed: what to say.
        with_card: whether the bot may show cards in this room.

    Returns:
        the text or the card, within Discord's limits.
    """
    if composed.form is Form.EMERGENCY or not with_card:
        return Rendered(content=_fitted(composed, limit=MESSAGE_LIMIT), embed=None)
    card = discord.Embed(colour=CALM, description=_fitted(replace(composed, closing=""), limit=CARD_LIMIT))
    if composed.closing:
        card.set_footer(text=shortened(composed.closing, limit=FOOTER_LIMIT))
    return Rendered(content=None, embed=card)


def render_explanation(explanation: Explanation) -> str:
    """Write down why something was said, or why nothing was.

    Args:
        explanation: the reasons and the sources.

    Returns:
        a text within Discord's limit.
    """
    reasons = [f"- {_as_plain(line)}" for line in explanation.lines]
    sources = [f"-# - {_cite(citation)}" for citation in dict.fromkeys(explanation.sources)]
    heading = ["-# Sources:"] if sources else []
    while sources and length("\n".join([*reasons, *heading, *sources])) > MESSAGE_LIMIT:
        sources.pop()
    return shortened("\n".join([*reasons, *heading, *sources]), limit=MESSAGE_LIMIT)


def shortened(text: str, *, limit: int) -> str:
    """Cut a text that is too long for Discord, at a space where there is one.

    Args:
        text: the text.
        limit: how many characters Discord takes, counted as Discord does (UTF-16).

    Returns:
        the text, or its beginning with an ellipsis.
    """
    if length(text) <= limit:
        return text
    cut = text[: limit - 1]
    while length(cut) > limit - 1:
        cut = cut[:-1]
    at_space = re.sub(r"\s+\S*$", "", cut)
    return (at_space if len(at_space) > limit // 2 else cut) + "…"


def _fitted(composed: Composed, *, limit: int) -> str:
    """Take away what matters least until the rest fits: the line from elsewhere, then the last caveats."""
    text = ""
    for smaller in _ever_smaller(composed):
        text = "\n".join(_lines(smaller))
        if length(text) <= limit:
            return text
    return shortened(text, limit=limit)


def _ever_smaller(composed: Composed) -> Iterator[Composed]:
    yield composed
    composed = replace(composed, evidence=None)
    for count in range(len(composed.caveats), 0, -1):
        yield replace(composed, caveats=composed.caveats[:count])
    yield replace(composed, caveats=composed.caveats[:1], closing="")


def _lines(composed: Composed) -> Iterator[str]:
    if composed.opening:
        yield composed.opening
    caveats = (*composed.caveats, *((composed.evidence,) if composed.evidence else ()))
    if composed.form is Form.EMERGENCY:
        yield from (caveat.says for caveat in caveats)
    elif composed.form is Form.FULL:
        for caveat in caveats:
            yield f"- {caveat.says}"
            yield from _sources_of([caveat])
    else:
        yield from (f"- {caveat.says}" for caveat in caveats)
        yield from _sources_of(caveats)
    if composed.closing:
        yield f"-# {composed.closing}"


def _sources_of(caveats: Sequence[CaveatLine]) -> Iterator[str]:
    citations = list(dict.fromkeys(citation for caveat in caveats for citation in caveat.citations))
    if citations:
        yield "-# " + " · ".join(_cite(citation) for citation in citations[:SOURCES_PER_LINE])


def _cite(citation: Citation) -> str:
    if citation.link is None:
        return citation.label
    # The angle brackets keep a parenthesis from ending the address, and Discord from unfurling it.
    label = citation.label.replace("[", "(").replace("]", ")")
    return f"[{label}](<{citation.link}>)"


def _as_plain(line: str) -> str:
    """Keep a member's own words, which an explanation may hold, from being read as markdown."""
    return discord.utils.escape_markdown(" ".join(line.split()))


def length(text: str) -> int:
    """Count the characters of a text as Discord does: in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
