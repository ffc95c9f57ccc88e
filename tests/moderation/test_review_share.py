"""When a rule is said to raise false alarms."""

from __future__ import annotations

import pytest

from bot.moderation.review_share import in_words, is_alarming
from bot.replies.model import SpeakingSettings
from bot.store.reviews import RuleFigures


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
