"""Replies as Discord shows them: within its limits, with sources, as a card or as plain text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.gateway.rendering import CARD_LIMIT, MESSAGE_LIMIT, render, render_explanation, shortened
from bot.replies.model import CaveatLine, Citation, Composed, Explanation, Form

RELIEF = Citation("Kratom for headache relief, What is known")
NEXT_DAY = Citation("Kratom and the next-day headache, Safety")
TRIALS = Citation("A review [of trials], A journal, 2021", "https://example.org/review_(2021)")

FULL = Composed(
    form=Form.FULL,
    opening="A small note on that:",
    caveats=(
        CaveatLine("individual-response", "It differs from person to person.", (RELIEF, NEXT_DAY)),
        CaveatLine("more-research", "It is still being studied.", (NEXT_DAY,)),
    ),
    evidence=CaveatLine("e-trials", "From another source: no trials on headache so far.", (TRIALS,)),
    closing="General information, not medical advice.",
    families=("headache-relief",),
)
SHORT = replace(
    FULL,
    form=Form.SHORT,
    opening="Short answer:",
    caveats=(
        CaveatLine("individual-response", "differs from person to person", (RELIEF,)),
        CaveatLine("more-research", "still being studied", (NEXT_DAY,)),
    ),
    evidence=None,
)
EMERGENCY = Composed(
    form=Form.EMERGENCY,
    opening="",
    caveats=(CaveatLine("emergency", "Please call your local emergency number now.", ()),),
    evidence=None,
    closing="",
    families=(),
)


def test_a_full_reply_is_a_card_with_each_caveat_above_its_sources() -> None:
    rendered = render(FULL, with_card=True)
    assert rendered.content is None
    assert rendered.embed is not None
    assert rendered.embed.description == (
        "A small note on that:\n"
        "- It differs from person to person.\n"
        "-# Kratom for headache relief, What is known · Kratom and the next-day headache, Safety\n"
        "- It is still being studied.\n"
        "-# Kratom and the next-day headache, Safety\n"
        "- From another source: no trials on headache so far.\n"
        "-# [A review (of trials), A journal, 2021](<https://example.org/review_(2021)>)"
    )
    assert rendered.embed.footer.text == "General information, not medical advice."


def test_a_short_reply_names_its_sources_once_at_the_end() -> None:
    rendered = render(SHORT, with_card=True)
    assert rendered.embed is not None
    assert rendered.embed.description == (
        "Short answer:\n"
        "- differs from person to person\n"
        "- still being studied\n"
        "-# Kratom for headache relief, What is known · Kratom and the next-day headache, Safety"
    )


@pytest.mark.parametrize("composed", [FULL, SHORT], ids=["full", "short"])
def test_plain_text_says_all_that_the_card_says(composed: Composed) -> None:
    card, text = render(composed, with_card=True), render(composed, with_card=False)
    assert text.embed is None
    assert card.embed is not None
    assert text.content == f"{card.embed.description}\n-# {composed.closing}"


@pytest.mark.parametrize("with_card", [True, False])
def test_an_emergency_is_always_plain_text(with_card: bool) -> None:
    rendered = render(EMERGENCY, with_card=with_card)
    assert rendered.embed is None
    assert rendered.content == "Please call your local emergency number now."


def test_what_is_too_long_loses_the_line_from_elsewhere_first_and_no_caveat_loses_its_source() -> None:
    long = replace(FULL, caveats=tuple(replace(line, says="x" * 800) for line in FULL.caveats))
    long = replace(long, evidence=CaveatLine("e", "y" * 380, (TRIALS,)))
    content = render(long, with_card=False).content
    assert content is not None
    assert len(content) <= MESSAGE_LIMIT
    assert "y" not in content.replace("day", "").replace("Safety", "")
    assert content.count("- " + "x" * 800) == 2
    assert content.endswith("-# General information, not medical advice.")


def test_one_caveat_is_left_out_where_two_do_not_fit() -> None:
    long = replace(FULL, caveats=tuple(replace(line, says="x" * 1500) for line in FULL.caveats))
    content = render(long, with_card=False).content
    assert content is not None
    assert content.count("x" * 1500) == 1
    assert content.count("Kratom for headache relief") == 1


TEXTS = st.text(max_size=3000)
LINES = st.builds(
    CaveatLine,
    caveat=st.just("c"),
    says=TEXTS,
    citations=st.lists(st.builds(Citation, label=TEXTS), max_size=4).map(tuple),
)
COMPOSED = st.builds(
    Composed,
    form=st.sampled_from(Form),
    opening=TEXTS,
    caveats=st.lists(LINES, min_size=1, max_size=3).map(tuple),
    evidence=st.none() | LINES,
    closing=TEXTS,
    families=st.just(()),
)


def units(text: str | None) -> int:
    """Count characters as Discord does."""
    return len((text or "").encode("utf-16-le", "surrogatepass")) // 2


@settings(max_examples=60, deadline=None)
@given(composed=COMPOSED, with_card=st.booleans())
def test_nothing_passes_discords_limits(composed: Composed, with_card: bool) -> None:
    rendered = render(composed, with_card=with_card)
    assert units(rendered.content) <= MESSAGE_LIMIT
    if rendered.embed is not None:
        assert units(rendered.embed.description) <= CARD_LIMIT
        assert units(rendered.embed.footer.text) <= 2048


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, limit=st.integers(min_value=1, max_value=200))
def test_shortened_text_fits_and_begins_as_it_began(text: str, limit: int) -> None:
    short = shortened(text, limit=limit)
    assert units(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_an_explanation_lists_reasons_then_every_source_once() -> None:
    explanation = Explanation(lines=("One.", "Two."), sources=(RELIEF, TRIALS, RELIEF))
    assert render_explanation(explanation) == (
        "- One.\n- Two.\n-# Sources:\n-# - Kratom for headache relief, What is known\n"
        "-# - [A review (of trials), A journal, 2021](<https://example.org/review_(2021)>)"
    )


def test_words_in_an_explanation_are_not_read_as_markdown() -> None:
    explanation = Explanation(lines=("“**kratom**\n# cures” was read as a claim.",), sources=())
    assert render_explanation(explanation) == r"- “\*\*kratom\*\* # cures” was read as a claim."


@settings(max_examples=40, deadline=None)
@given(lines=st.lists(TEXTS, max_size=4), labels=st.lists(TEXTS, max_size=6))
def test_an_explanation_fits_into_a_message(lines: list[str], labels: list[str]) -> None:
    explanation = Explanation(lines=tuple(lines), sources=tuple(Citation(label) for label in labels))
    assert units(render_explanation(explanation)) <= MESSAGE_LIMIT
