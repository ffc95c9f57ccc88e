"""The messages of the room, with the replies that stand below them, and how the page shows them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.replies.model import Composed, Incoming, Reply, Vote
from bot.studio.events import AnsweredShown, MessageShown, ReplyShown
from bot.studio.shown import Look, decision_name, pieces_of, reply_shown

EXCERPT = 90
"""How many characters of an answered message are shown, at most."""


@dataclass(slots=True)
class Standing:
    """A reply that stands below a message."""

    id: str
    composed: Composed
    changed: bool = False
    votes: dict[str, Vote] = field(default_factory=dict)


@dataclass(slots=True)
class RoomMessage:
    """A message of the room with what came of it."""

    incoming: Incoming
    look: Look
    answers: AnsweredShown | None
    edited: bool = False
    withdrawn: bool = False
    reply: Standing | None = None


def stands_below(message: RoomMessage, reply: str) -> bool:
    """Tell whether the reply with this id stands below a message."""
    return message.reply is not None and message.reply.id == reply


def message_shown(message: RoomMessage) -> MessageShown:
    """A message as the page shows it, with its reply."""
    outcome = message.look.outcome
    return MessageShown(
        id=message.incoming.id,
        member=message.incoming.author,
        sent_at=message.incoming.sent_at,
        edited=message.edited,
        answers=message.answers,
        pieces=pieces_of(outcome),
        decision=decision_name(outcome.decision),
        reason=outcome.decision.reason,
        reply=None if message.reply is None else _standing_shown(message.reply),
        withdrawn=message.withdrawn,
        moderators_told=isinstance(outcome.decision, Reply) and outcome.tell_moderators,
    )


def excerpt_shown(incoming: Incoming) -> AnsweredShown:
    """The beginning of a message that is answered by another one."""
    text = " ".join(incoming.text.split())
    short = text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"
    return AnsweredShown(id=incoming.id, member=incoming.author, excerpt=short)


def _standing_shown(standing: Standing) -> ReplyShown:
    votes = {
        vote.value: tuple(member for member, cast in standing.votes.items() if cast is vote) for vote in Vote
    }
    return reply_shown(standing.composed, reply=standing.id, changed=standing.changed, votes=votes)
