"""What the bot would have said: deciding once more, with time running as the messages were sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.backtest.looking import BEGINNING
from bot.backtest.model import Hit
from bot.matching.model import Findings
from bot.replies.decide import EMERGENCY_PAUSE, decide
from bot.replies.model import Decision, Form, Incoming, Reply, SpeakingSettings, Spoken
from bot.rulebook.model import Rulebook

_TIDY_EVERY = 20_000
"""After so many decisions, what is too old to matter is forgotten."""


class Replay:
    """Decides about hits one after the other and remembers, as the bot does, what it has said where.

    Args:
        rulebook: the rules whose findings are decided about.
        settings: when the bot speaks.
    """

    def __init__(self, *, rulebook: Rulebook, settings: SpeakingSettings) -> None:
        self._settings = settings
        self._priority = tuple(family.id for family in rulebook.families)
        self._unasked = frozenset(rule.id for rule in rulebook.rules if rule.asks == "silent")
        self._in_room: dict[tuple[str, str, str], datetime] = {}
        self._to_member: dict[tuple[str, str, str], datetime] = {}
        self._emergencies: dict[tuple[str, str, str], datetime] = {}
        self._decided = 0

    def decide(self, hit: Hit, findings: Findings) -> Decision:
        """Decide about one message.

        Args:
            hit: the message. Messages come in the order in which they were sent.
            findings: what the rules found in it.

        Returns:
            what the bot would have decided at that time. A message of unknown time is decided by itself.
        """
        now = hit.sent_at or BEGINNING
        families = dict.fromkeys(finding.family for finding in findings.found)
        decision = decide(
            findings,
            _incoming(hit),
            settings=self._settings,
            spoken=self._spoken(hit, families) if hit.sent_at is not None else Spoken(),
            now=now,
            priority=self._priority,
            unasked=self._unasked,
        )
        if isinstance(decision, Reply) and hit.sent_at is not None:
            self._remember(hit, decision, hit.sent_at)
        return decision

    def _spoken(self, hit: Hit, families: dict[str, None]) -> Spoken:
        room = {
            family: self._in_room[hit.server, hit.room, family]
            for family in families
            if (hit.server, hit.room, family) in self._in_room
        }
        if hit.author is None:
            return Spoken(in_room=room)
        member = {
            family: self._to_member[hit.server, hit.author, family]
            for family in families
            if (hit.server, hit.author, family) in self._to_member
        }
        emergency = self._emergencies.get((hit.server, hit.room, hit.author))
        return Spoken(in_room=room, to_member=member, emergency=emergency)

    def _remember(self, hit: Hit, decision: Reply, now: datetime) -> None:
        for finding in decision.findings:
            self._in_room[hit.server, hit.room, finding.family] = now
            if hit.author is not None:
                self._to_member[hit.server, hit.author, finding.family] = now
        if decision.form is Form.EMERGENCY and hit.author is not None:
            self._emergencies[hit.server, hit.room, hit.author] = now
        self._decided += 1
        if self._decided % _TIDY_EVERY == 0:
            self._tidy(now)

    def _tidy(self, now: datetime) -> None:
        room, member = (
            timedelta(seconds=seconds)
            for seconds in (self._settings.room_cooldown, self._settings.member_cooldown)
        )
        for said, kept_for in (
            (self._in_room, room),
            (self._to_member, member),
            (self._emergencies, EMERGENCY_PAUSE),
        ):
            for key in [key for key, at in said.items() if now - at >= kept_for]:
                del said[key]


def _incoming(hit: Hit) -> Incoming:
    return Incoming(
        id=str(hit.number),
        server=hit.server,
        room=hit.room,
        author=hit.author or "",
        text="",
        sent_at=hit.sent_at or BEGINNING,
        parents=hit.parents,
        roles=frozenset(hit.roles),
    )
