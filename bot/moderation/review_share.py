"""How sure it is that a rule raises false alarms."""

from __future__ import annotations

from math import sqrt

from bot.replies.model import SpeakingSettings
from bot.store.reviews import RuleFigures

CONFIDENCE = 1.959963984540054
"""The standard normal deviate of 97.5 %: with it the interval holds in 95 of 100 cases."""


def wilson_lower(hits: int, of: int, *, deviate: float = CONFIDENCE) -> float:
    """Give the lower end of Wilson's score interval for a share.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the
    American Statistical Association 22 (1927), 209–212, doi 10.1080/01621459.1927.10502953.

    Args:
        hits: how many.
        of: of how many.
        deviate: the standard normal deviate of the confidence that is wanted.

    Returns:
        the share, 0–1, above which the true one lies with that confidence; 0 of nothing.

    Raises:
        ValueError: there are more hits than there can be.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no share")
    if of == 0 or hits == 0:
        return 0.0
    share, squared = hits / of, deviate * deviate
    centre = share + squared / (2 * of)
    spread = deviate * sqrt(share * (1 - share) / of + squared / (4 * of * of))
    return (centre - spread) / (1 + squared / of)


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
        and 100 * wilson_lower(figures.misread, figures.replies) > settings.alarm_percent
    )


def in_words(figures: RuleFigures, days: int) -> str:
    """Tell the figures in one sentence, with the lower end of the interval."""
    bound = 100 * wilson_lower(figures.misread, figures.replies)
    return (
        f"{figures.misread} of its {figures.replies} replies in the last {days} days are called “not what I "
        f"said”, by {figures.voters} members: at least {bound:.0f} % of them, with 95 % confidence."
    )
