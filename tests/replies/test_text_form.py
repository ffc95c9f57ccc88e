from __future__ import annotations

from bot.matching.model import Stance
from bot.replies.compose import compose
from bot.replies.model import CaveatLine, Citation, Composed, Form, Reply
from bot.replies.text_form import LONGEST, render_text
from tests.replies.samples import finding, small_rulebook


def long_reply(length: int, *, evidence: bool = True) -> Composed:
    says = "word " * (length // 5)
    cited = (Citation("First document, Middle"), Citation("Second document, Care"))
    return Composed(
        form=Form.FULL,
        opening="An opening.",
        caveats=tuple(CaveatLine(name, says, cited) for name in ("one", "two", "three")),
        evidence=CaveatLine("e", says, (Citation("A study", "https://example.org"),)) if evidence else None,
        closing="A closing.",
        families=("headache-relief",),
    )


def test_a_full_reply_reads_from_top_to_bottom() -> None:
    reply = Reply((finding("quality-uniform"), finding("headache-relief")), Form.FULL, "claim")
    assert render_text(compose(reply, small_rulebook(), variant=0)).splitlines() == [
        "About quality-uniform, a first way.",
        "• The caveat quality in one wording. (First document, End)",
        "• The caveat individual-response in one wording. (First document, Middle; Second document, Start)",
        "• The caveat more-research in one wording. (First document, Beginning)",
        "• From another source: One study looked at something else. "
        "(A study, A publisher, 2020: <https://example.org/study>)",
        "General information, not medical advice.",
    ]


def test_a_short_reply_stays_short() -> None:
    reply = Reply((finding("quality-uniform", stance=Stance.ASKS),), Form.SHORT, "question")
    assert render_text(compose(reply, small_rulebook(), variant=0)).splitlines() == [
        "Asked about quality-uniform, one way.",
        "• The caveat quality in short. (First document, End)",
        "General information, not medical advice.",
    ]


def test_a_long_reply_loses_first_what_matters_least() -> None:
    without_evidence = render_text(long_reply(560))
    assert "https://" not in without_evidence
    assert without_evidence.count("Second document") == 3
    cited_once = render_text(long_reply(590))
    assert (cited_once.count("First document"), cited_once.count("Second document")) == (3, 0)
    assert render_text(long_reply(920)).count("First document") == 1
    assert cited_once.endswith("A closing.")


def test_what_is_still_too_long_is_cut_at_a_word() -> None:
    text = render_text(long_reply(4000))
    assert len(text) <= LONGEST
    assert text.endswith("word…")
