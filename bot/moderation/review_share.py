"""How sure it is that a rule raises false alarms."""

from __future__ import annotations

from bot.replies.model import SpeakingSettings
from bot.statistics.wilson import Share
from bot.store.reviews import RuleFigures


def is_alarming(figures: RuleFigures, settings: SpeakingSettings) -> bool:
    """Tell whether a rule is to drop to shadow by itself.

    Args:
        figures: what members said of its replies.
        settings: from when on, on this server.
    """
    return (
        settings.alarm_shadow
        and figures.replies >= settings.alarm_replies
        and figures.voters >= settings.alarm_voters
        and 100 * Share(figures.misread, figures.replies).interval[0] > settings.alarm_percent
    )


def in_words(figures: RuleFigures, days: int) -> str:
    """Tell the figures in one sentence, with the lower end of the interval."""
    bound = 100 * Share(figures.misread, figures.replies).interval[0]
    return (
        f"{figures.misread} of its {figures.replies} replies in the last {days} days are called “not what I "
        f"said”, by {figures.voters} members: at least {bound:.0f} % of them, with 95 % confidence."
    )
