"""One text by itself, without store, room or cool-down: for the command line, the rule editor and tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.matching.compile import CompiledRulebook
from bot.matching.engine import find
from bot.replies.judge import Seen, judge, outcome_of
from bot.replies.model import Incoming, Outcome, SpeakingSettings, Spoken
from bot.text.unread import Unread

BEGINNING = datetime.fromtimestamp(0, UTC)
"""Any fixed time will do: where nothing was said before, nothing depends on the time."""


def check_text(
    text: str,
    context: Sequence[str] = (),
    *,
    rulebook: CompiledRulebook,
    settings: SpeakingSettings,
    explained: bool = False,
) -> Outcome:
    """Check a text: the same text gives the same outcome, and nothing is remembered.

    Args:
        text: the message.
        context: what was said just before, oldest first.
        rulebook: the compiled rules.
        settings: when to speak.
        explained: whether near misses and concepts are wanted, also where nothing can be found.

    Returns:
        how it was read, what was found, what was decided, and the reply where there is one.
    """
    reading = Unread(text)
    findings = find(reading, rulebook, tuple(map(Unread, context)), explained=explained)
    incoming = Incoming(id=text, server="", room="", author="", text=text, sent_at=BEGINNING)
    seen = Seen(incoming, reading, findings, rulebook.source)
    return outcome_of(seen, judge(seen, settings, Spoken(), now=BEGINNING), settings, standing=None)
