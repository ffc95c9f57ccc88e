"""From the values of the pipeline to what the page shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from bot.errors import Fault
from bot.matching.lexicon import CUE
from bot.matching.model import Finding, Findings
from bot.replies.model import CaveatLine, Citation, Composed, Decision, Explanation, Hold, Outcome, Reply
from bot.rulebook.model import Rulebook
from bot.studio.events import (
    AsideShown,
    Cause,
    CitationShown,
    ClaimShown,
    ClauseShown,
    ConceptShown,
    FaultShown,
    LineShown,
    NearShown,
    Piece,
    ReplyShown,
    RulebookShown,
    TokenShown,
    Why,
    WordsShown,
)
from bot.text.model import Reading

DecisionName = Literal["reply", "hold", "silent"]
Mark = Literal["", "answered", "seen", "emergency"]

_WEIGHT: dict[Mark, int] = {"": 0, "seen": 1, "answered": 2, "emergency": 3}


class Look(Struct, frozen=True):
    """What came of looking at a message, and the rulebook it was looked at with.

    Args:
        outcome: reading, findings and decision.
        rulebook: the rulebook in force at that moment.
    """

    outcome: Outcome
    rulebook: Rulebook


def decision_name(decision: Decision) -> DecisionName:
    """What a decision is called towards the page: reply, hold or silent."""
    if isinstance(decision, Reply):
        return "reply"
    return "hold" if isinstance(decision, Hold) else "silent"


def pieces_of(outcome: Outcome) -> tuple[Piece, ...]:
    """Cut a message into pieces, each with its mark. Together they are the whole message.

    Args:
        outcome: what came of the message.

    Returns:
        the pieces in order; where claims overlap the weightier mark wins.
    """
    raw = outcome.reading.raw
    answered = outcome.decision.findings if isinstance(outcome.decision, Reply) else ()
    marks: list[Mark] = [""] * len(raw)
    for finding, mark in _marked(outcome.findings, answered):
        for place in range(finding.start, min(finding.end, len(raw))):
            if _WEIGHT[mark] > _WEIGHT[marks[place]]:
                marks[place] = mark
    return tuple(_runs(raw, marks))


def _marked(findings: Findings, answered: Iterable[Finding]) -> Iterator[tuple[Finding, Mark]]:
    for finding in findings.found:
        yield finding, "seen"
    for finding in answered:
        yield finding, "answered"
    if findings.emergency is not None:
        yield findings.emergency, "emergency"


def _runs(raw: str, marks: list[Mark]) -> Iterator[Piece]:
    begin = 0
    for place in range(1, len(raw) + 1):
        if place == len(raw) or marks[place] != marks[begin]:
            yield Piece(text=raw[begin:place], mark=marks[begin])
            begin = place


def reply_shown(
    composed: Composed, *, reply: str, changed: Cause, votes: dict[str, tuple[str, ...]]
) -> ReplyShown:
    """A composed reply for the page.

    Args:
        composed: its content.
        reply: its id.
        changed: after what it was changed last; empty where it never was.
        votes: for each button, the ids of the members who pressed it.
    """
    return ReplyShown(
        id=reply,
        form=composed.form.value,
        opening=composed.opening,
        caveats=tuple(_line(line) for line in composed.caveats),
        evidence=None if composed.evidence is None else _line(composed.evidence),
        closing=composed.closing,
        changed=changed,
        votes=votes,
    )


def _line(line: CaveatLine) -> LineShown:
    return LineShown(says=line.says, citations=tuple(_citation(citation) for citation in line.citations))


def _citation(citation: Citation) -> CitationShown:
    return CitationShown(label=citation.label, link=citation.link)


def _title(rulebook: Rulebook, family: str) -> str:
    return next((known.title for known in rulebook.families if known.id == family), family)


def rulebook_shown(rulebook: Rulebook) -> RulebookShown:
    """Which rulebook is in force: the start of its digest and its size."""
    return RulebookShown(
        digest=rulebook.digest[:12], rules=len(rulebook.rules), families=len(rulebook.families)
    )


def fault_shown(fault: Fault) -> FaultShown:
    """A fault of the rules folder for the page."""
    return FaultShown(
        path=str(fault.path),
        line=fault.line,
        column=fault.column,
        problem=fault.problem,
        instead=fault.instead,
    )


def why_shown(look: Look, *, message: str, ticket: int, explanation: Explanation | None) -> Why:
    """Every step from a message to its decision.

    Args:
        look: what came of the message.
        message: its id.
        ticket: of the request that asked.
        explanation: what the store kept for the reply, where there is one.
    """
    outcome, rulebook = look.outcome, look.rulebook
    decision = outcome.decision
    return Why(
        ticket=ticket,
        message=message,
        pieces=pieces_of(outcome),
        clauses=tuple(_clauses(outcome.reading)),
        asides=tuple(
            AsideShown(kind=aside.kind.value, raw=outcome.reading.raw[aside.start : aside.end])
            for aside in outcome.reading.asides
        ),
        concepts=tuple(_concepts(outcome)),
        claims=tuple(_claims(outcome, rulebook)),
        near=tuple(_near(outcome.findings, rulebook)),
        decision=decision_name(decision),
        reason=decision.reason,
        form=decision.form.value if isinstance(decision, Reply) else None,
        lines=() if explanation is None else explanation.lines,
        sources=() if explanation is None else tuple(map(_citation, explanation.sources)),
        rulebook=rulebook.digest[:12],
    )


def _clauses(reading: Reading) -> Iterator[ClauseShown]:
    for clause in reading.clauses:
        tokens = tuple(
            TokenShown(
                raw=reading.raw[token.start : token.end],
                text=token.text,
                kind=token.kind.value,
                readings=token.readings,
            )
            for token in reading.tokens[clause.first : clause.last]
        )
        yield ClauseShown(tokens=tokens, ending=clause.ending)


def _concepts(outcome: Outcome) -> Iterator[WordsShown]:
    """What was seen, by the words it was seen in, in the order of the message."""
    reading = outcome.reading
    by_words: dict[tuple[int, int], list[ConceptShown]] = defaultdict(list)
    for hit in outcome.findings.concepts:
        by_words[hit.first, hit.last].append(
            ConceptShown(
                name=hit.concept.removeprefix(CUE),
                is_cue=hit.concept.startswith(CUE),
                entry=hit.entry,
                score=round(hit.score, 1),
            )
        )
    for (first, last), seen in sorted(by_words.items()):
        covered = reading.tokens[first:last]
        if covered:
            yield WordsShown(words=reading.raw[covered[0].start : covered[-1].end], seen=tuple(seen))


def _claims(outcome: Outcome, rulebook: Rulebook) -> Iterator[ClaimShown]:
    answered = outcome.decision.findings if isinstance(outcome.decision, Reply) else ()
    emergency = outcome.findings.emergency
    found = outcome.findings.found if emergency is None else (emergency, *outcome.findings.found)
    for finding in found:
        yield ClaimShown(
            rule=finding.rule,
            family=finding.family,
            title=_title(rulebook, finding.family),
            status=finding.status,
            stance=finding.stance.value,
            score=round(finding.score, 1),
            cutoff=_cutoff(rulebook, finding.rule),
            phrase=finding.phrase,
            matched=finding.matched,
            because=finding.because,
            answered=finding in answered,
            emergency=finding is emergency,
        )


def _near(findings: Findings, rulebook: Rulebook) -> Iterator[NearShown]:
    for miss in findings.near:
        yield NearShown(
            rule=miss.rule,
            family=miss.family,
            score=round(miss.score, 1),
            cutoff=_cutoff(rulebook, miss.rule),
            phrase=miss.phrase,
            matched=miss.matched,
            why_not=miss.why_not,
        )


def _cutoff(rulebook: Rulebook, rule: str) -> int | None:
    return next((known.cutoff for known in rulebook.rules if known.id == rule), None)
