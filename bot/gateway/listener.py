"""What happens in a server's channels, put in order and carried through: checked, sent, recorded."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

import discord

from bot.errors import CaveatBotError
from bot.gateway.incoming import incoming_from, was_edited
from bot.gateway.order import InOrder, Work
from bot.gateway.outbox import Delivery, Outbox
from bot.gateway.recent import Recent, TroubleLog
from bot.replies.checker import Checker
from bot.replies.model import Action, Incoming, Outcome

log = logging.getLogger(__name__)

DELETIONS_REMEMBERED = 2000
"""So many deletions are remembered, so that a deleted message whose turn comes later is not answered."""


class Listener:
    """Takes events as Discord sends them and does what the checker decides.

    Its methods return at once: the work itself is done room by room, in the order of the events.

    Args:
        checker: decides.
        outbox: sends, edits and takes back.
        work: keeps the order.
        language_missing: is told of a server whose replies are in English because the rules do not have the
            language that is set there, and that language's code.
    """

    def __init__(
        self,
        *,
        checker: Checker,
        outbox: Outbox,
        work: InOrder,
        language_missing: Callable[[str, str], Awaitable[None]] | None = None,
    ) -> None:
        self._checker = checker
        self._outbox = outbox
        self._work = work
        self._deleted: Recent[int] = Recent(limit=DELETIONS_REMEMBERED)
        self._troubles = TroubleLog(log=log)
        self._language_missing = language_missing
        self._languages_told: dict[str, str] = {}

    def posted(self, message: discord.Message) -> None:
        """Take a new message."""
        incoming = incoming_from(message)
        if incoming is not None and incoming.text:
            self._put(message.channel.id, partial(self._check, incoming, look=self._checker.message))

    def edited(self, event: discord.RawMessageUpdateEvent) -> None:
        """Take an edit; link previews, pins and the like are none."""
        incoming = incoming_from(event.message) if was_edited(event.data) else None
        if incoming is not None:
            self._put(event.channel_id, partial(self._check, incoming, look=self._checker.edited))

    def deleted(self, *, server: int | None, room: int, messages: Iterable[int]) -> None:
        """Take the deletion of one message or many."""
        if server is None:
            return
        for message in sorted(messages):
            self._deleted.add(message)
            work = partial(self._follow_deletion, server=str(server), room=str(room), message=str(message))
            self._work.put(room, work, must=True)

    def room_gone(self, room: int) -> None:
        """Forget a channel or thread that was deleted or can no longer be reached."""
        self._outbox.forget(room)
        self._troubles.forget(room)

    def _put(self, room: int, work: Work) -> None:
        if not self._work.put(room, work):
            self._troubles.tell(room, "too much is said at once; some messages are not checked")

    async def _check(self, incoming: Incoming, *, look: Callable[[Incoming], Awaitable[Outcome]]) -> None:
        if int(incoming.id) in self._deleted:
            return
        try:
            await self._carry_out(incoming, await look(incoming))
        except CaveatBotError as error:
            self._troubles.tell(int(incoming.room), f"messages are not checked: {error}")
        else:
            self._troubles.works(int(incoming.room))

    async def _follow_deletion(self, *, server: str, room: str, message: str) -> None:
        try:
            reply = await self._checker.deleted(server=server, room=room, message=message)
            if reply is None:
                # It may have been one of our own replies that a moderator deleted.
                await self._checker.withdrawn(reply=message)
            else:
                await self._withdraw(room=room, reply=reply)
        except CaveatBotError as error:
            self._troubles.tell(int(room), f"replies to deleted messages stay: {error}")

    async def _carry_out(self, incoming: Incoming, outcome: Outcome) -> None:
        stands = False
        if outcome.action is Action.SEND:
            stands = await self._send(incoming, outcome)
        elif outcome.action is Action.EDIT:
            stands = await self._edit(incoming, outcome)
        elif outcome.action is Action.WITHDRAW and outcome.reply is not None:
            stands = not await self._withdraw(room=incoming.room, reply=outcome.reply)
            if stands:
                await self._checker.unsent(incoming, outcome)
        if outcome.tell_moderators:
            settings = await self._checker.settings_of(incoming.server)
            await self._outbox.tell_moderators(
                incoming, moderators_room=settings.moderators_room, is_answered=stands
            )
        if outcome.composed is not None:
            await self._note_language(incoming.server, outcome.missing_language)

    async def _note_language(self, server: str, missing: str | None) -> None:
        """Tell once that a server's language is not there, and again only after it was back."""
        if missing is None:
            self._languages_told.pop(server, None)
        elif self._languages_told.get(server) != missing:
            self._languages_told[server] = missing
            if self._language_missing is not None:
                await self._language_missing(server, missing)

    async def _withdraw(self, *, room: str, reply: str) -> bool:
        if await self._outbox.withdraw(room=room, reply=reply) is Delivery.REFUSED:
            return False
        await self._checker.withdrawn(reply=reply)
        return True

    async def _send(self, incoming: Incoming, outcome: Outcome) -> bool:
        sent = None
        if outcome.composed is not None:
            sent = await self._outbox.send(incoming, outcome.composed)
        if sent is None:
            await self._checker.unsent(incoming, outcome)
        else:
            await self._checker.sent(incoming, outcome, reply=str(sent))
        return sent is not None

    async def _edit(self, incoming: Incoming, outcome: Outcome) -> bool:
        if outcome.composed is None or outcome.reply is None:
            return False
        delivery = await self._outbox.edit(room=incoming.room, reply=outcome.reply, composed=outcome.composed)
        if delivery is Delivery.DONE:
            await self._checker.sent(incoming, outcome, reply=outcome.reply)
        else:
            await self._checker.unsent(incoming, outcome)
        if delivery is Delivery.GONE:
            # Somebody deleted the reply; it is not forced on them again.
            await self._checker.withdrawn(reply=outcome.reply)
        return delivery is Delivery.DONE
