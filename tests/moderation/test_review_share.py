"""When a rule is said to raise false alarms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.moderation.review_share import in_words, is_alarming, wilson_lower
from bot.replies.model import SpeakingSettings
from bot.store.reviews import RuleFigures


@pytest.mark.parametrize(
    ("hits", "of", "bound"),
    [
        (0, 0, 0.0),
        (0, 10, 0.0),
        (1, 10, 0.0179),
        (5, 10, 0.2366),
        (10, 10, 0.7225),
        (20, 100, 0.1334),
        (500, 1000, 0.4691),
    ],
)
def test_the_bound_is_wilsons(hits: int, of: int, bound: float) -> None:
    assert wilson_lower(hits, of) == pytest.approx(bound, abs=5e-5)


@pytest.mark.parametrize(("hits", "of"), [(-1, 3), (4, 3), (0, -1)])
def test_what_is_no_share_is_refused(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson_lower(hits, of)


@given(of=st.integers(1, 10_000), share=st.floats(0, 1))
def test_the_bound_lies_below_the_share_and_grows_with_what_is_known(of: int, share: float) -> None:
    hits = round(share * of)
    bound = wilson_lower(hits, of)
    assert 0 <= bound <= hits / of
    assert bound <= wilson_lower(2 * hits, 2 * of)
    assert hits == of or bound <= wilson_lower(hits + 1, of)


@pytest.mark.parametrize(
    ("figures", "settings", "alarming"),
    [
        (RuleFigures(10, 5, 3), SpeakingSettings(), True),
        (RuleFigures(10, 4, 3), SpeakingSettings(), False),
        (RuleFigures(9, 9, 9), SpeakingSettings(), False),
        (RuleFigures(10, 9, 1), SpeakingSettings(), False),
        (RuleFigures(10, 9, 9), SpeakingSettings(alarm_shadow=False), False),
        (RuleFigures(10, 9, 9), SpeakingSettings(alarm_percent=70), False),
        (RuleFigures(3, 3, 1), SpeakingSettings(alarm_replies=3, alarm_voters=1), True),
    ],
)
def test_when_a_rule_drops_to_shadow(
    figures: RuleFigures, settings: SpeakingSettings, alarming: bool
) -> None:
    assert is_alarming(figures, settings) is alarming


def test_the_figures_are_told() -> None:
    told = in_words(RuleFigures(10, 5, 3), 30)
    assert "5 of its 10 replies in the last 30 days" in told
    assert "at least 24 % of them" in told
