"""A small rulebook and small values, built by hand, so that these tests depend on no file of rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from bot.matching.model import Finding, Stance
from bot.replies.model import Incoming
from bot.rulebook.check import check
from bot.rulebook.model import (
    Caveat,
    Concept,
    Cue,
    CueCategory,
    Direction,
    Document,
    Emergency,
    Evidence,
    Examples,
    Family,
    FiringExample,
    Role,
    Rule,
    Rulebook,
    Section,
    SilentExample,
    Statement,
    Status,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

_EXAMPLES = Examples(
    fires=(FiringExample(text="kratom cured my migraine"),),
    silent=(SilentExample(text="nice weather today", because="about the weather"),),
)


def rule(
    name: str,
    family: str,
    phrase: str,
    *,
    caveats: tuple[str, ...] = (),
    evidence: tuple[str, ...] = (),
    status: Status = Status.LIVE,
    asks: str = "short",
) -> Rule:
    return check(
        Rule,
        {
            "id": name,
            "family": family,
            "phrases": (phrase,),
            "caveats": caveats,
            "evidence": evidence,
            "status": status,
            "asks": asks,
            "examples": _EXAMPLES,
        },
    )


def family(name: str, *caveats: str, evidence: tuple[str, ...] = ()) -> Family:
    return Family(
        id=name,
        title=f"what is said of {name}",
        opening=(
            f"About {name}, a first way.",
            f"About {name}, a second way.",
            f"About {name}, a third way.",
        ),
        asked=(f"Asked about {name}, one way.", f"Asked about {name}, another way."),
        caveats=caveats,
        evidence=evidence,
    )


def caveat(name: str, *places: str) -> Caveat:
    return Caveat(
        id=name,
        says=(f"The caveat {name} in one wording.", f"The caveat {name} in another wording."),
        short=f"The caveat {name} in short.",
        statements=tuple(Statement(at=place, sha256=sha256(place.encode()).hexdigest()) for place in places),
    )


def small_rulebook(*, rules: Sequence[Rule] = (), emergency: bool = True, digest: str = "first") -> Rulebook:
    return Rulebook(
        concepts={
            "kratom": Concept(words=("kratom",), role=Role.TOPIC),
            "headache": Concept(words=("headache", "migraine"), role=Role.THEME),
            "cures": Concept(verbs=("cure", "fix", "help")),
            "harmless": Concept(words=("harmless", "safe")),
            "no-breath": Concept(words=("cannot breathe", "cant breathe")),
        },
        cues=(
            Cue(id="question-mark", category=CueCategory.ASKS, words=("?",), direction=Direction.CLAUSE),
            Cue(
                id="never", category=CueCategory.DENIES, words=("never", "didnt"), direction=Direction.FORWARD
            ),
        ),
        pronouns=("it", "this"),
        families=(
            family("natural-safe", "side-effects", "dependence"),
            family(
                "headache-relief",
                "individual-response",
                "more-research",
                "consult",
                "dependence",
                evidence=("e-one",),
            ),
            family("quality-uniform", "quality"),
        ),
        rules=tuple(rules)
        or (
            rule("cures-headache", "headache-relief", "<kratom> <cures> <headache>"),
            rule("is-harmless", "natural-safe", "<kratom> <harmless>"),
        ),
        caveats=(
            caveat("side-effects", "B:14:2"),
            caveat("dependence", "A:1:3", "A:7:4", "B:1:3", "C:2:1"),
            caveat("individual-response", "A:7:5", "B:8:2"),
            caveat("more-research", "A:1:4"),
            caveat("consult", "B:1:5"),
            caveat("quality", "A:12:3"),
        ),
        evidence=(
            Evidence(
                id="e-one",
                says="One study looked at something else.",
                title="A study",
                publisher="A publisher",
                year=2020,
                link="https://example.org/study",
            ),
            Evidence(
                id="e-two",
                says="Another study looked elsewhere.",
                title="Another study",
                publisher="Another publisher",
                link="https://example.org/other",
            ),
        ),
        documents=(
            Document(
                id="A",
                title="First document",
                file="a.txt",
                sections=(
                    Section(line=1, title="Beginning"),
                    Section(line=6, title="Middle"),
                    Section(line=10, title="End"),
                ),
            ),
            Document(
                id="B",
                title="Second document",
                file="b.txt",
                sections=(Section(line=1, title="Start"), Section(line=12, title="Care")),
            ),
            Document(id="C", title="Third document", file="c.txt", sections=(Section(line=5, title="Late"),)),
        ),
        emergency=Emergency(phrases=("<no-breath>",), lines=("Call now.", "Stay there."), examples=_EXAMPLES)
        if emergency
        else None,
        digest=digest,
    )


def finding(
    family: str = "headache-relief",
    *,
    rule: str = "",
    stance: Stance = Stance.ASSERTS,
    score: float = 95.0,
    start: int = 0,
    matched: str = "kratom cured my migraine",
    status: str = "live",
) -> Finding:
    return Finding(
        rule=rule or f"rule-of-{family}",
        family=family,
        stance=stance,
        score=score,
        start=start,
        end=start + len(matched),
        matched=matched,
        phrase="<kratom> <cures> <headache>",
        status=status,
        because=("a reason",),
    )


def incoming(
    text: str = "kratom cured my migraine",
    *,
    message: str = "m1",
    server: str = "s1",
    room: str = "r1",
    author: str = "a1",
    sent_at: datetime = NOW,
    parents: tuple[str, ...] = (),
    roles: frozenset[str] = frozenset(),
    answers: str | None = None,
    is_bot: bool = False,
) -> Incoming:
    return Incoming(
        id=message,
        server=server,
        room=room,
        author=author,
        text=text,
        sent_at=sent_at,
        parents=parents,
        roles=roles,
        answers=answers,
        is_bot=is_bot,
    )
