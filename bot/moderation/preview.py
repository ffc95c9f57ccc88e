"""What a change would have done to the recent history. Pure; the messages are let go of afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.matching.compile import CompiledRulebook
from bot.matching.engine import find
from bot.matching.model import Findings
from bot.moderation.model import ChangedMessage, Effect, Preview
from bot.replies.context import Conversations
from bot.replies.judge import Seen, judge
from bot.replies.model import Incoming, Reply, SpeakingSettings, Spoken
from bot.text.model import Reading
from bot.text.unread import Unread


def preview(
    messages: Sequence[Incoming],
    *,
    before: CompiledRulebook,
    after: CompiledRulebook,
    settings: SpeakingSettings,
) -> Preview:
    """Compare what two rulebooks make of the same messages. Cool-downs are left out.

    Args:
        messages: the messages, oldest first; earlier ones may supply the topic of later ones.
        before: the rules as they are.
        after: the rules as they would be.
        settings: where and to whom the bot speaks on the server.

    Returns:
        which messages would be dealt with in another way.
    """
    looked_at = [message for message in messages if not message.is_bot]
    return Preview(len(looked_at), tuple(_changes(looked_at, before, after, settings)))


def _changes(
    messages: Sequence[Incoming],
    before: CompiledRulebook,
    after: CompiledRulebook,
    settings: SpeakingSettings,
) -> Iterator[ChangedMessage]:
    conversations = Conversations()
    for message in messages:
        reading = Unread(message.text)
        answered = Unread(message.answers) if message.answers else None
        context = conversations.before(message, answered=answered)
        conversations.remember(message, reading)
        was = _answer(message, reading, find(reading, before, context), before, settings)
        would = _answer(message, reading, find(reading, after, context), after, settings)
        old, new = _families(was), _families(would)
        if old != new:
            counting = would or was
            spans = (
                tuple(sorted({(found.start, found.end) for found in counting.findings})) if counting else ()
            )
            yield ChangedMessage(message, _effect(old, new), old, new, spans)


def _answer(
    message: Incoming,
    reading: Reading,
    findings: Findings,
    rulebook: CompiledRulebook,
    settings: SpeakingSettings,
) -> Reply | None:
    seen = Seen(message, reading, findings, rulebook.source)
    decision = judge(seen, settings, Spoken(), now=message.sent_at)
    return decision if isinstance(decision, Reply) else None


def _families(reply: Reply | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.family for finding in reply.findings)) if reply else ()


def _effect(old: tuple[str, ...], new: tuple[str, ...]) -> Effect:
    if not old:
        return Effect.ADDED
    return Effect.MOVED if new else Effect.REMOVED
