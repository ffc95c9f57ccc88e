"""The one way through, for every surface: from a message to what is said, and to what is remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from bot.errors import StoreError
from bot.matching.compile import CompiledRulebook
from bot.matching.engine import find
from bot.matching.model import Findings
from bot.replies.context import Conversations, Texts
from bot.replies.counting import count_hold, weightiest
from bot.replies.counts import Counts, Tally
from bot.replies.decide import EMERGENCY_PAUSE, is_exempt
from bot.replies.explain import explain
from bot.replies.in_flight import Flights, Turns
from bot.replies.judge import Seen, judge, outcome_of
from bot.replies.kept import kept_findings, kept_reply, spoken_from
from bot.replies.model import (
    Action,
    Decision,
    Explanation,
    Hold,
    Incoming,
    Outcome,
    Reply,
    Silent,
    SpeakingSettings,
    Spoken,
    Vote,
)
from bot.replies.rulebooks import RulebookSource
from bot.replies.settings_form import settings_from, values_of
from bot.replies.single import check_text
from bot.store.interface import Store
from bot.store.model import KeptCount, KeptReply
from bot.text.model import Reading
from bot.text.unread import Unread


class Checker:
    """Reads messages, decides, composes, and remembers what a surface then reports as sent.

    A surface calls `message`, `edited` and `deleted` for what happens in its rooms, does what the outcome
    asks for, and reports back with `sent`, `unsent` or `withdrawn`. Calls may overlap: a message is answered
    once. A message's id must be its own for good, after a restart too.

    Args:
        rulebooks: the rules in force on each server.
        store: the memory that outlives a restart.
        clock: gives the time now, with time zone.
        defaults: when to speak on servers that have saved no settings.
        patience: for how many seconds an edit or a deletion waits for a reply that is still being sent.
    """

    def __init__(
        self,
        *,
        rulebooks: RulebookSource,
        store: Store,
        clock: Callable[[], datetime],
        defaults: SpeakingSettings,
        patience: float = 10.0,
    ) -> None:
        self._rulebooks = rulebooks
        self._store = store
        self._clock = clock
        self._defaults = defaults
        self._patience = patience
        self._conversations = Conversations()
        self._texts = Texts()
        self._flights = Flights()
        self._turns = Turns()
        self._tally = Tally()
        self._voted: Callable[[str], None] | None = None

    @property
    def rulebook(self) -> CompiledRulebook:
        """The rules that every server starts from."""
        return self._rulebooks.base

    def rulebook_of(self, server: str) -> CompiledRulebook:
        """The rules in force on a server."""
        return self._rulebooks.of(server)

    @property
    def counts(self) -> Counts:
        """How often what happened since the start."""
        return self._tally.counts

    async def message(self, incoming: Incoming) -> Outcome:
        """Check a new message and remember it, in memory only, as context for the next ones.

        Returns:
            an outcome with `send` or `nothing`. After `send`, call `sent` or `unsent`.

        Raises:
            StoreError: the store failed; nothing is to be sent.
        """
        with self._tally.failures():
            async with self._turns.of("message", incoming.server, incoming.id):
                outcome = self._tally.note(await self._answer(incoming, None))
                try:
                    await count_hold(incoming, outcome, self.rulebook_of(incoming.server).source, self._store)
                except StoreError:
                    # A figure that is missing is no reason to do anything else than was decided.
                    self._tally.note_error()
                return outcome

    async def edited(self, incoming: Incoming) -> Outcome:
        """Check a message that was edited.

        The same text again does nothing. A claim that was added is answered, another claim changes the
        reply, a claim that was taken out takes the reply with it. Emergency lines stay in any case.

        Args:
            incoming: the message as it stands now; `sent_at` is when it was first sent.

        Returns:
            an outcome with `send`, `edit`, `withdraw` or `nothing`.
            After `send` and `edit` call `sent` or `unsent`, after `withdraw` call `withdrawn`.

        Raises:
            StoreError: the store failed; nothing is to be done.
        """
        with self._tally.failures():
            async with self._turns.of("message", incoming.server, incoming.id):
                if self._texts.holds(incoming):
                    reading = Reading(raw=incoming.text)
                    return Outcome(Action.NOTHING, Silent("same text"), None, None, reading, Findings())
                await self._flights.wait_for(incoming.id, patience=self._patience)
                standing = await self._store.reply_to(server=incoming.server, message=incoming.id)
                return self._tally.note(await self._answer(incoming, standing))

    async def deleted(self, *, server: str, room: str, message: str) -> str | None:
        """Forget a message that was deleted.

        Returns:
            the id of the reply to take along, or None; after taking it along, call `withdrawn`.

        Raises:
            StoreError: the store failed.
        """
        with self._tally.failures():
            async with self._turns.of("message", server, message):
                self._conversations.forget_message(server=server, room=room, message=message)
                self._texts.forget(server=server, message=message)
                await self._flights.wait_for(message, patience=self._patience)
                standing = await self._store.reply_to(server=server, message=message)
                return standing.reply if standing else None

    async def sent(self, incoming: Incoming, outcome: Outcome, *, reply: str) -> None:
        """Record that a surface has sent or edited a reply.

        Args:
            incoming: the message.
            outcome: what `message` or `edited` gave, with `send` or `edit`.
            reply: the reply's id.

        Raises:
            StoreError: the store failed; the reply stands, but cannot be explained or withdrawn later.
            ValueError: the outcome asked for no reply.
        """
        if not isinstance(outcome.decision, Reply) or outcome.composed is None:
            raise ValueError("this outcome asked for no reply")
        flight = self._flights.under_way(incoming.id)
        kept = kept_reply(
            incoming,
            outcome.decision,
            outcome.composed,
            reply=reply,
            digest=flight.digest if flight else self._rulebooks.of(incoming.server).source.digest,
            now=self._clock(),
        )
        with self._tally.failures():
            try:
                await self._store.keep_reply(kept)
            finally:
                self._flights.land(incoming.id)

    async def unsent(self, incoming: Incoming, outcome: Outcome) -> None:
        """Report that a reply could not be sent or edited: its families may be answered elsewhere at once.

        Raises:
            StoreError: the store failed.
        """
        with self._tally.failures():
            self._flights.land(incoming.id)
            if outcome.action is Action.SEND:
                await self._store.release(message=incoming.id)

    async def withdrawn(self, *, reply: str) -> None:
        """Record that a reply was deleted, by the bot or by anybody else.

        After a withdrawal that `edited` asked for, the message may be answered again when the claim comes
        back. A reply that a moderator took away does not come back with the next edit.

        Raises:
            StoreError: the store failed.
        """
        with self._tally.failures():
            flight = self._flights.land_withdrawal(reply)
            await self._store.withdraw(reply=reply, at=self._clock())
            if flight is not None:
                await self._store.release(message=flight.incoming.id)

    async def vote(self, *, reply: str, member: str, vote: Vote) -> Vote | None:
        """Take a member's vote on a reply; another one replaces it, the same one takes it back.

        Returns:
            the vote that now stands; None if it was taken back.

        Raises:
            StoreError: no such reply is kept (the database may have been replaced), or the store failed.
        """
        with self._tally.failures():
            stands = await self._store.vote(reply=reply, member=member, vote=vote.value, at=self._clock())
        if self._voted is not None:
            self._voted(reply)
        return Vote(stands) if stands is not None else None

    def when_voted(self, listener: Callable[[str], None]) -> None:
        """Tell a listener, which returns at once, the id of each reply that is voted on."""
        self._voted = listener

    async def counts_of(self, server: str, *, since: date) -> tuple[KeptCount, ...]:
        """How often what happened on a server, week by week, from the Monday `since` on.

        Raises:
            StoreError: the store failed.
        """
        with self._tally.failures():
            return await self._store.counts(server=server, since=since)

    async def explain(self, *, reply: str) -> Explanation | None:
        """Why a reply was sent, from what the store kept, so after a restart too.

        Returns:
            the explanation, or None if no such reply is kept.

        Raises:
            StoreError: the store failed.
        """
        with self._tally.failures():
            kept = await self._store.reply(reply=reply)
            return explain(kept, self._rulebooks.of(kept.server).source) if kept else None

    async def reply_to(self, *, server: str, message: str) -> str | None:
        """The id of the reply that stands to a message, or None.

        Raises:
            StoreError: the store failed.
        """
        with self._tally.failures():
            standing = await self._store.reply_to(server=server, message=message)
            return standing.reply if standing else None

    async def settings_of(self, server: str) -> SpeakingSettings:
        """When the bot speaks on a server: what was saved there, or the defaults.

        Raises:
            StoreError: the store failed, or what it holds is not a setting.
        """
        values = await self._store.settings_of(server=server)
        return self._defaults if values is None else settings_from(values)

    async def save_settings(self, server: str, settings: SpeakingSettings) -> None:
        """Save when the bot speaks on a server.

        Raises:
            SettingsError: a value is out of its range; the message names it.
            StoreError: the store failed.
        """
        with self._tally.failures():
            await self._store.save_settings(server=server, values=values_of(settings), at=self._clock())

    async def privacy_of(self, member: str) -> dict[str, int]:
        """How much is kept about a member, by kind: "replies", "matched words" and "votes".

        Raises:
            StoreError: the store failed.
        """
        with self._tally.failures():
            return await self._store.privacy_of(member=member)

    async def forget(self, member: str) -> int:
        """Erase what is kept about a member, in memory and in the store.

        Returns:
            how many rows of the store were changed or removed.

        Raises:
            StoreError: the store failed.
        """
        with self._tally.failures():
            self._conversations.forget_author(member)
            return await self._store.forget(member=member)

    async def expire(self, *, keep: timedelta) -> int:
        """Clear matched words that are older than `keep`; call this about once an hour.

        Returns:
            how many rows were cleared or removed.

        Raises:
            StoreError: the store failed.
        """
        with self._tally.failures():
            return await self._store.expire(now=self._clock(), keep=keep)

    def check(self, text: str, context: Sequence[str] = (), *, server: str | None = None) -> Outcome:
        """Check a text by itself: no store, no cool-down, nothing remembered; near misses are told, too.

        Args:
            text: the message.
            context: what was said just before, oldest first.
            server: the server whose rules are asked; without it the rules that every server starts from.
        """
        rulebook = self._rulebooks.base if server is None else self._rulebooks.of(server)
        return check_text(text, context, rulebook=rulebook, settings=self._defaults, explained=True)

    async def _answer(self, incoming: Incoming, standing: KeptReply | None) -> Outcome:
        """What is to be done about a message, given the reply to it that stands."""
        seen = self._look(incoming)
        if not seen.matters and standing is None:
            decision = judge(seen, self._defaults, Spoken(), now=incoming.sent_at)
            return outcome_of(seen, decision, self._defaults, standing=None)
        async with self._turns.of("server", incoming.server):
            try:
                settings, decision = await self._decide(seen, standing)
            except StoreError:
                if seen.findings.emergency is None or standing is not None:
                    raise
                # Somebody may need help now: a broken database must not keep the lines back.
                settings, decision = self._defaults, self._decide_without_store(seen)
            outcome = outcome_of(seen, decision, settings, standing=standing)
            if outcome.action is not Action.NOTHING:
                self._flights.depart(
                    incoming,
                    decision if isinstance(decision, Reply) else None,
                    now=self._clock(),
                    digest=seen.rulebook.digest,
                    reply=outcome.reply,
                )
            return outcome

    def _look(self, incoming: Incoming) -> Seen:
        """Look for the claims of a message, with what was said before; remember it for the next ones."""
        rulebook = self._rulebooks.of(incoming.server)
        if incoming.is_bot:
            return Seen(incoming, Reading(raw=incoming.text), Findings(), rulebook.source)
        reading = Unread(incoming.text)
        answered = Unread(incoming.answers) if incoming.answers else None
        context = self._conversations.before(incoming, answered=answered)
        self._conversations.remember(incoming, reading)
        self._texts.remember(incoming)
        findings = find(reading, rulebook, context, explained=incoming.explained)
        return Seen(incoming, reading, findings, rulebook.source)

    async def _decide(self, seen: Seen, standing: KeptReply | None) -> tuple[SpeakingSettings, Decision]:
        """Decide with what the store knows, and claim the message where it is answered for the first time."""
        incoming, now = seen.incoming, self._clock()
        settings = await self.settings_of(incoming.server)
        longest = max(settings.room_cooldown, settings.member_cooldown, int(EMERGENCY_PAUSE.total_seconds()))
        kept = await self._store.spoken(
            server=incoming.server,
            room=incoming.room,
            member=incoming.author,
            since=now - timedelta(seconds=longest),
            besides=incoming.id,
        )
        spoken = self._flights.added_to(spoken_from(kept), incoming, now=now)
        decision = judge(seen, settings, spoken, now=now)
        if seen.shadow and not is_exempt(incoming, settings):
            await self._store.keep_shadow(
                kept_findings(seen.shadow),
                message=incoming.id,
                server=incoming.server,
                room=incoming.room,
                author=incoming.author,
                at=now,
                family=weightiest(seen.shadow, seen.rulebook),
            )
        is_new = isinstance(decision, Reply) and standing is None
        if is_new and not await self._store.claim(message=incoming.id, at=now):
            return settings, Hold("already answered")
        return settings, decision

    def _decide_without_store(self, seen: Seen) -> Decision:
        """Decide with the defaults and with what is under way in this process."""
        self._tally.note_error()
        now = self._clock()
        if self._flights.under_way(seen.incoming.id):
            return Hold("already answered")
        return judge(seen, self._defaults, self._flights.added_to(Spoken(), seen.incoming, now=now), now=now)
