"""A message of the room with what came of it, and how the page is told of it."""

from __future__ import annotations

from msgspec import Struct, field

from bot.replies.model import Composed, Incoming, Reply, Vote
from bot.studio.events import AnsweredShown, Cause, MessageShown, ReplyShown
from bot.studio.shown import Look, decision_name, pieces_of, reply_shown

EXCERPT = 90
"""How many characters of an answered message are shown, at most."""


class Standing(Struct):
    """A reply that stands below a message.

    Args:
        id: its id.
        composed: what it says.
        changed: after what it was changed last; empty where it never was.
        votes: who pressed which button.
    """

    id: str
    composed: Composed
    changed: Cause = ""
    votes: dict[str, Vote] = field(default_factory=dict)


class Said(Struct):
    """A message of the room with what came of it.

    Args:
        incoming: the message as it stands now.
        look: what came of looking at it last.
        answers: the message that it answers.
        edited: whether it was edited.
        withdrawn: after what its reply was withdrawn; empty where none was.
        reply: the reply that stands below it.
    """

    incoming: Incoming
    look: Look
    answers: AnsweredShown | None
    edited: bool = False
    withdrawn: Cause = ""
    reply: Standing | None = None

    def has(self, reply: str) -> bool:
        """Whether a reply is the one that stands below it."""
        return self.reply is not None and self.reply.id == reply


def said_shown(said: Said) -> MessageShown:
    """A message as everybody in the room sees it."""
    outcome = said.look.outcome
    return MessageShown(
        id=said.incoming.id,
        member=said.incoming.author,
        sent_at=said.incoming.sent_at,
        edited=said.edited,
        answers=said.answers,
        pieces=pieces_of(outcome),
        decision=decision_name(outcome.decision),
        reason=outcome.decision.reason,
        reply=None if said.reply is None else _standing_shown(said.reply),
        withdrawn=said.withdrawn,
        moderators_told=isinstance(outcome.decision, Reply) and outcome.tell_moderators,
    )


def excerpt_of(incoming: Incoming) -> AnsweredShown:
    """The beginning of a message, for what answers it."""
    text = " ".join(incoming.text.split())
    short = text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"
    return AnsweredShown(id=incoming.id, member=incoming.author, excerpt=short)


def _standing_shown(standing: Standing) -> ReplyShown:
    votes = {
        vote.value: tuple(member for member, cast in standing.votes.items() if cast is vote) for vote in Vote
    }
    return reply_shown(standing.composed, reply=standing.id, changed=standing.changed, votes=votes)
