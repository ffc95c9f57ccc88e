"""What to say. Pure: one decision, rulebook and variant give the same words, and none of the member's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.replies.language import worded
from bot.replies.model import CaveatLine, Citation, Composed, Form, Reply
from bot.rulebook.language import Language
from bot.rulebook.model import Caveat, Document, Evidence, Family, Rulebook

MOST_CAVEATS = 3
MOST_SHORT_CAVEATS = 2
MOST_CITATIONS = 2
ELSEWHERE = "From another source:"
"""Marks the one line that does not come from the documents."""
CLOSINGS = (
    "General information, not medical advice.",
    "This is general information and no substitute for medical advice.",
    "Just general information; a doctor or pharmacist knows your case.",
)
HELP = "If somebody is in danger right now, please call your local emergency number."
"""Said where neither the server nor the rulebook has emergency lines."""


def compose(
    reply: Reply,
    rulebook: Rulebook,
    *,
    variant: int,
    emergency_lines: Sequence[str] = (),
    language: Language | None = None,
) -> Composed:
    """Compose the one message that answers all families of a reply.

    Args:
        reply: what was decided. Of its findings only rule and family are used, never the member's words.
        rulebook: the rules that hold families, caveats and documents.
        variant: a number from 0 that picks the wording; equal numbers, equal words.
        emergency_lines: a server's own lines for an emergency; without them the rulebook's.
        language: in which language it is said; None for English.

    Returns:
        the content: at most three caveats (two in the short form), each with where it comes from, and in the
        full form at most one line from elsewhere. In an emergency: its lines and nothing else.
    """
    rulebook = worded(rulebook, language)
    if reply.form is Form.EMERGENCY:
        return _in_emergency(reply, rulebook, emergency_lines, language)
    families = _families_of(reply, rulebook)
    is_short = reply.form is Form.SHORT
    wording = _Wording(variant)
    openings = families[0].asked if is_short else families[0].opening
    opening = wording.pick(openings)
    wanted = _merged(
        [_caveats_of(family, reply, rulebook) for family in families],
        most=MOST_SHORT_CAVEATS if is_short else MOST_CAVEATS,
    )
    known = {caveat.id: caveat for caveat in rulebook.caveats}
    chosen = [known[caveat] for caveat in wanted]
    evidence = None if is_short else _evidence_for(families, reply, rulebook)
    return Composed(
        form=reply.form,
        opening=harmless(opening),
        caveats=_short_lines(chosen, rulebook) if is_short else _full_lines(chosen, rulebook, wording),
        evidence=_evidence_line(evidence, language) if evidence else None,
        closing=harmless(wording.pick(language.closings if language else CLOSINGS)),
        families=tuple(family.id for family in families),
        labels=language.labels if language else None,
    )


def harmless(text: str) -> str:
    """The text with every "@" in its full-width form, so that no surface can make a mention of it."""
    return text.replace("@", "＠")


class _Wording:
    """Picks wordings by the digits of a number in mixed radix, so that every combination has its number."""

    def __init__(self, variant: int) -> None:
        self._rest = variant

    def pick(self, wordings: Sequence[str]) -> str:
        """The wording for the next digit."""
        self._rest, place = divmod(self._rest, len(wordings))
        return wordings[place]


def _families_of(reply: Reply, rulebook: Rulebook) -> list[Family]:
    known = {family.id: family for family in rulebook.families}
    return [known[family] for family in dict.fromkeys(finding.family for finding in reply.findings)]


def _caveats_of(family: Family, reply: Reply, rulebook: Rulebook) -> tuple[str, ...]:
    """The caveats of the rules that fired in a family, else the family's own."""
    fired = {finding.rule for finding in reply.findings if finding.family == family.id}
    own = dict.fromkeys(caveat for rule in rulebook.rules if rule.id in fired for caveat in rule.caveats)
    return tuple(own) or family.caveats


def _merged(lists: Sequence[Sequence[str]], *, most: int) -> list[str]:
    """Take the first of each list in turn, then the second of each, none twice, up to `most`."""
    merged: dict[str, None] = {}
    for place in range(max(len(caveats) for caveats in lists)):
        merged.update(dict.fromkeys(caveats[place] for caveats in lists if place < len(caveats)))
    return list(merged)[:most]


def _full_lines(caveats: Iterable[Caveat], rulebook: Rulebook, wording: _Wording) -> tuple[CaveatLine, ...]:
    return tuple(
        CaveatLine(
            caveat.id,
            harmless(wording.pick(caveat.says)),
            tuple(_citations(caveat, rulebook).values())[:MOST_CITATIONS],
        )
        for caveat in caveats
    )


def _short_lines(caveats: Iterable[Caveat], rulebook: Rulebook) -> tuple[CaveatLine, ...]:
    """One citation a line, from a document that the lines before did not cite, where there is one."""
    lines: list[CaveatLine] = []
    cited: set[str] = set()
    for caveat in caveats:
        citations = _citations(caveat, rulebook)
        document = next((letter for letter in citations if letter not in cited), next(iter(citations)))
        cited.add(document)
        lines.append(CaveatLine(caveat.id, harmless(caveat.short), (citations[document],)))
    return tuple(lines)


def _citations(caveat: Caveat, rulebook: Rulebook) -> dict[str, Citation]:
    """For each document the caveat rests on, by its letter, the first place in it."""
    documents = {document.id: document for document in rulebook.documents}
    citations: dict[str, Citation] = {}
    for statement in caveat.statements:
        letter, line, _ = statement.at.split(":")
        citations.setdefault(letter, Citation(harmless(_place(documents[letter], int(line)))))
    return citations


def _place(document: Document, line: int) -> str:
    """Title and section: the section is the last one that begins at or before the line."""
    begun = [section for section in document.sections if section.line <= line]
    if not begun:
        return document.title
    return f"{document.title}, {max(begun, key=lambda section: section.line).title}"


def _evidence_for(families: Iterable[Family], reply: Reply, rulebook: Rulebook) -> Evidence | None:
    """The first line from elsewhere that a fired rule names, else a family, in their order of importance."""
    known = {evidence.id: evidence for evidence in rulebook.evidence}
    rules = {rule.id: rule for rule in rulebook.rules}
    for family in families:
        fired = [rules[f.rule] for f in reply.findings if f.family == family.id and f.rule in rules]
        named = [evidence for rule in fired for evidence in rule.evidence] or family.evidence
        if named:
            return known[named[0]]
    return None


def _evidence_line(evidence: Evidence, language: Language | None) -> CaveatLine:
    elsewhere = language.labels.elsewhere if language else ELSEWHERE
    year = f", {evidence.year}" if evidence.year else ""
    citation = Citation(harmless(f"{evidence.title}, {evidence.publisher}{year}"), evidence.link)
    return CaveatLine(evidence.id, harmless(f"{elsewhere} {evidence.says}"), (citation,))


def _in_emergency(
    reply: Reply, rulebook: Rulebook, own_lines: Sequence[str], language: Language | None
) -> Composed:
    """The lines of the server, else of the rulebook; what is beyond three is put into the third."""
    shipped = rulebook.emergency.lines if rulebook.emergency else ()
    lines = tuple(own_lines) or shipped or (language.labels.in_danger if language else HELP,)
    last = MOST_CAVEATS - 1
    said = (*lines[:last], " ".join(lines[last:])) if len(lines) > last else lines
    return Composed(
        form=Form.EMERGENCY,
        opening="",
        caveats=tuple(CaveatLine("emergency", harmless(line), ()) for line in said),
        evidence=None,
        closing="",
        families=tuple(dict.fromkeys(finding.family for finding in reply.findings)),
        labels=language.labels if language else None,
    )
