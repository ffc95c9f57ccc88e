"""Sessions of connected bots: what each may see, what was sent to it, what has to be sent again."""

from __future__ import annotations

import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Protocol

from tests.loopback.payloads import hide_content
from tests.loopback.problems import Json

REMEMBERED = 1000
"""How many events a session keeps for a resume."""


class Intent(IntFlag):
    """The intents that decide which events a session gets."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
KNOWN_INTENTS = (1 << 17) - 1 | 0b11 << 20 | 0b11 << 24
"""Every bit that Discord has given a meaning: 0 to 16, 20, 21, 24 and 25."""

_MESSAGES = (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
_REACTIONS = (Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS)
_TYPING = (Intent.GUILD_MESSAGE_TYPING, Intent.DIRECT_MESSAGE_TYPING)
_ALWAYS = Intent(0)


def needed_for(event: str, *, in_guild: bool) -> Intent:
    """Return the intent without which an event is not sent; none for those that everybody gets."""
    prefixes: tuple[tuple[str, tuple[Intent, Intent]], ...] = (
        ("MESSAGE_REACTION_", _REACTIONS),
        ("MESSAGE_", _MESSAGES),
        ("TYPING_", _TYPING),
        ("GUILD_MEMBER_", (Intent.GUILD_MEMBERS, _ALWAYS)),
        ("GUILD_", (Intent.GUILDS, _ALWAYS)),
        ("CHANNEL_", (Intent.GUILDS, _ALWAYS)),
        ("THREAD_", (Intent.GUILDS, _ALWAYS)),
    )
    for prefix, (guild_intent, private_intent) in prefixes:
        if event.startswith(prefix):
            return guild_intent if in_guild else private_intent
    return _ALWAYS


class Wire(Protocol):
    """A connection to which frames are handed."""

    def send(self, frame: Json) -> None:
        """Send a frame after those handed over before."""

    def close(self, code: int) -> None:
        """Close the connection with a code after what was handed over before."""


@dataclass(slots=True, eq=False)
class Session:
    """One session, which outlives its connections.

    Args:
        bot_id: whose it is.
        intents: what it asked for.
        shard: its number and how many there are.
        wire: its connection; none while it is disconnected.
    """

    bot_id: int
    intents: Intent
    shard: tuple[int, int] = (0, 1)
    wire: Wire | None = None
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def dispatch(self, event: str, payload: Json) -> None:
        """Send an event, or keep it for a resume."""
        self.sequence += 1
        frame: Json = {"op": 0, "t": event, "s": self.sequence, "d": json.loads(json.dumps(payload))}
        self.sent.append(frame)
        if self.wire is not None:
            self.wire.send(frame)

    def offer(self, event: str, payload: Json, guild_id: int | None) -> None:
        """Dispatch an event if this session's shard and intents let it have it."""
        own_shard = (guild_id >> 22) % self.shard[1] if guild_id is not None else 0
        if own_shard != self.shard[0]:
            return
        needed = needed_for(event, in_guild=guild_id is not None)
        about_itself = event == "GUILD_MEMBER_UPDATE" and payload["user"]["id"] == str(self.bot_id)
        if needed not in self.intents and not about_itself:
            return
        if event in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} and Intent.MESSAGE_CONTENT not in self.intents:
            payload = hide_content(payload, viewer=self.bot_id)
        self.dispatch(event, payload)

    def missed_since(self, sequence: int) -> list[Json] | None:
        """Return the frames after a sequence number; none if they are no longer all remembered."""
        if not 0 <= sequence <= self.sequence:
            return None
        missed = [frame for frame in self.sent if frame["s"] > sequence]
        return missed if len(missed) == self.sequence - sequence else None


class SessionRegister:
    """The sessions that can be used or resumed."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def add(self, session: Session) -> None:
        """Register a session."""
        self._sessions[session.id] = session

    def find(self, session_id: object) -> Session | None:
        """Return a session by its id."""
        return self._sessions.get(session_id) if isinstance(session_id, str) else None

    def forget(self, session: Session) -> None:
        """Make a session unusable."""
        self._sessions.pop(session.id, None)

    @property
    def all(self) -> list[Session]:
        """Every session, connected or not, oldest first."""
        return list(self._sessions.values())

    @property
    def connected(self) -> list[Session]:
        """The sessions with a connection."""
        return [session for session in self._sessions.values() if session.wire is not None]

    def offer(self, event: str, payload: Json, guild_id: int | None) -> None:
        """Offer an event to every session."""
        for session in self.all:
            session.offer(event, payload, guild_id)
