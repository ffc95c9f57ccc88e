"""The room: a chat in memory, in which the same bot answers through the same checker as on Discord."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.errors import Fault
from bot.replies.checker import Checker
from bot.replies.model import Action, Composed, Incoming, Outcome, SpeakingSettings
from bot.studio import requests
from bot.studio.events import (
    Broadcast,
    CooldownChanged,
    Done,
    Gone,
    Joined,
    Member,
    Posted,
    Repaired,
    RulesChanged,
    RulesShown,
    Welcome,
    Why,
)
from bot.studio.examples import EXAMPLES, FIRST_MEMBERS
from bot.studio.health import SERVER
from bot.studio.requests import NAME_LIMIT, TEXT_LIMIT, AnyRequest, AnyRuleRequest, RequestError, RuleRequest
from bot.studio.room_history import RoomHistory
from bot.studio.said import Said, Standing, excerpt_of, said_shown
from bot.studio.shown import Look, fault_shown, rulebook_shown, why_shown

if TYPE_CHECKING:
    from bot.moderation.moderation import Moderation
    from bot.moderation.notices import BaseChanged
    from bot.studio.figure_events import StatisticsShown
    from bot.studio.rule_desk import RuleDesk
    from bot.studio.rule_events import RuleAnswer

MESSAGES_KEPT = 200
"""How many messages the room keeps; the oldest goes first."""

MEMBERS_KEPT = 12
"""How many members the room has at most."""

TONES = 6
"""How many colours the page has for members."""


class Room:
    """One chat for everybody who has the page open. Nothing of it outlives the program.

    Args:
        checker: the one way through.
        clock: the time now, with time zone.
        new_id: gives an id that was never given before: 1–40 lower-case letters, digits or hyphens.
        publish: tells everybody in the room.
        defaults: the cool-downs that apply where they are switched on.
        moderation: gives every way to change the rules, when one is first asked for; None: there is none.
    """

    def __init__(
        self,
        *,
        checker: Checker,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        publish: Callable[[Broadcast], None],
        defaults: SpeakingSettings,
        moderation: Callable[[], Moderation] | None = None,
    ) -> None:
        self._checker = checker
        self._clock = clock
        self._new_id = new_id
        self._publish = publish
        self._defaults = defaults
        self._moderation = moderation
        self._rule_desk: RuleDesk | None = None
        self.turn = asyncio.Lock()
        """Held while something is done with the messages."""
        self._faults: tuple[Fault, ...] = ()
        self._messages: OrderedDict[str, Said] = OrderedDict()
        self._members: dict[str, Member] = {}
        self._id = ""
        self._begin()

    def _begin(self) -> None:
        """An empty room under a new id with new members: no cool-down reaches into it from before."""
        self._id = self._new_id()
        self._messages.clear()
        self._members.clear()
        for name in FIRST_MEMBERS:
            self._add_member(name)

    def _add_member(self, name: str) -> Member:
        member = Member(id=self._new_id(), name=name, tone=len(self._members) % TONES)
        self._members[member.id] = member
        return member

    async def open(self) -> None:
        """Begin with the cool-downs that are set for this program: the switch does not outlive a run.

        Raises:
            StoreError: the store cannot be used.
        """
        await self._cool(on=True)

    async def welcome(self) -> Welcome:
        """Everything that somebody needs who has just opened the page."""
        settings = await self._checker.settings_of(SERVER)
        return Welcome(
            members=tuple(self._members.values()),
            messages=tuple(said_shown(message) for message in self._messages.values()),
            rules=self._rules(),
            examples=EXAMPLES,
            cooldown=settings.room_cooldown > 0 or settings.member_cooldown > 0,
            text_limit=TEXT_LIMIT,
            name_limit=NAME_LIMIT,
        )

    @property
    def history(self) -> RoomHistory:
        """The room's messages, as what a change of rules is tried on."""
        return RoomHistory(lambda: [message.incoming for message in self._messages.values()])

    def _names(self) -> dict[str, str]:
        return {member.id: member.name for member in self._members.values()}

    def report_rulebook(self, notice: BaseChanged | None = None) -> None:
        """Tell the page that another rulebook is in force and the folder is sound.

        Args:
            notice: what is new about it; None: nothing is.
        """
        self._faults = ()
        news = None
        if notice is not None:
            from bot.studio.rule_shown import files_shown  # noqa: PLC0415  # 0.1 s, on demand

            news = files_shown(notice, self._names())
        self._publish(RulesChanged(rules=self._rules(), news=news))

    def report_changes(self) -> None:
        """Tell the page that the room's own changes to the rules are other ones."""
        self._publish(RulesChanged(rules=self._rules()))

    def report_faults(self, faults: Sequence[Fault]) -> None:
        """Tell the page what is wrong in the rules folder; the last good rulebook stays in force."""
        self._faults = tuple(faults)
        self._publish(RulesChanged(rules=self._rules()))

    def report_repair(self, says: str) -> None:
        """Tell the page what became of replies that were looked at again; code spans are Discord's."""
        self._publish(Repaired(says=says.replace("`", "")))

    def incoming(self, message: str) -> Incoming | None:
        """A message as it stands now; None where it is no longer there."""
        return self._messages[message].incoming if message in self._messages else None

    def take_back(self, reply: str) -> bool:
        """Take a reply away whose rule was wrong, and show what is found in its message now.

        Returns:
            whether it was still there.
        """
        said = self._answered(reply)
        if said is None:
            return False
        said.reply, said.withdrawn = None, "rules"
        self._look_again(said)
        return True

    def correct(self, reply: str, composed: Composed) -> bool:
        """Let a reply say something else; as `take_back`."""
        said = self._answered(reply)
        if said is None or said.reply is None:
            return False
        said.reply.composed, said.reply.changed = composed, "rules"
        self._look_again(said)
        return True

    def _answered(self, reply: str) -> Said | None:
        return next((said for said in self._messages.values() if said.has(reply)), None)

    def _look_again(self, said: Said) -> None:
        before = [said.incoming.answers] if said.incoming.answers else []
        said.look = self._look(self._checker.check(said.incoming.text, before, server=SERVER))
        self._publish(Posted(message=said_shown(said)))

    async def handle(self, request: AnyRequest) -> Done | Why | StatisticsShown | RuleAnswer:
        """Carry out a request, one at a time; the chat does not wait for what moderators try or look up.

        Args:
            request: what the page asks.

        Returns:
            the answer for the one who asked; everybody else hears of it through `publish`.

        Raises:
            RequestError: it names what is not there, or is not possible now.
            StoreError: the store cannot be used.
        """
        if isinstance(request, RuleRequest):
            return await self._moderate(request)
        if isinstance(request, requests.ShowStatistics):
            from bot.studio.figures import Bookkeeper  # noqa: PLC0415  # on demand, as the rules are

            return await Bookkeeper(checker=self._checker, clock=self._clock).show(request)
        async with self.turn:
            answer: Done | Why
            match request:
                case requests.Say():
                    answer = await self._say(request)
                case requests.Edit():
                    answer = await self._edit(request)
                case requests.Delete():
                    answer = await self._delete(request)
                case requests.Cast():
                    answer = await self._cast(request)
                case requests.Explain():
                    answer = await self._explain(request)
                case requests.Join():
                    answer = self._join(request)
                case requests.Clear():
                    answer = await self._clear(request)
                case requests.Cooldown():
                    answer = await self._cooldown(request)
            return answer

    async def _moderate(self, request: AnyRuleRequest) -> RuleAnswer:
        by = self._member(request.member, request.ticket).name
        if self._moderation is None:
            raise RequestError("The rules cannot be changed here.", ticket=request.ticket)
        if self._rule_desk is None:
            from bot.studio.rule_desk import RuleDesk  # noqa: PLC0415  # 0.1 s, on demand

            self._rule_desk = RuleDesk(
                moderation=self._moderation(),
                checker=self._checker,
                history=self.history,
                members=self._names,
                new_id=self._new_id,
            )
        return await self._rule_desk.handle(request, by=by)

    async def _say(self, request: requests.Say) -> Done:
        self._member(request.member, request.ticket)
        answered = None if request.answers is None else self._message(request.answers, request.ticket)
        incoming = Incoming(
            id=self._new_id(),
            server=SERVER,
            room=self._id,
            author=request.member,
            text=request.text,
            sent_at=self._clock(),
            answers=None if answered is None else answered.incoming.text,
            explained=True,
        )
        outcome = await self._checker.message(incoming)
        message = Said(
            incoming=incoming,
            look=self._look(outcome),
            answers=None if answered is None else excerpt_of(answered.incoming),
        )
        await self._follow(message, outcome)
        self._messages[incoming.id] = message
        self._publish(Posted(message=said_shown(message)))
        while len(self._messages) > MESSAGES_KEPT:
            oldest, _ = self._messages.popitem(last=False)
            self._publish(Gone(message=oldest))
        return Done(ticket=request.ticket, made=incoming.id)

    async def _edit(self, request: requests.Edit) -> Done:
        message = self._message(request.message, request.ticket)
        if request.text == message.incoming.text:
            return Done(ticket=request.ticket)
        incoming = replace(message.incoming, text=request.text)
        outcome = await self._checker.edited(incoming)
        message.incoming, message.edited, message.look = incoming, True, self._look(outcome)
        await self._follow(message, outcome)
        self._publish(Posted(message=said_shown(message)))
        return Done(ticket=request.ticket)

    async def _delete(self, request: requests.Delete) -> Done:
        message = self._message(request.message, request.ticket)
        reply = await self._checker.deleted(server=SERVER, room=self._id, message=message.incoming.id)
        if reply is not None:
            await self._checker.withdrawn(reply=reply)
        del self._messages[message.incoming.id]
        self._publish(Gone(message=message.incoming.id))
        return Done(ticket=request.ticket)

    async def _cast(self, request: requests.Cast) -> Done:
        self._member(request.member, request.ticket)
        message = self._answered(request.reply)
        if message is None or message.reply is None:
            raise RequestError("This reply is no longer there.", ticket=request.ticket)
        standing = await self._checker.vote(reply=request.reply, member=request.member, vote=request.vote)
        if standing is None:
            message.reply.votes.pop(request.member, None)
        else:
            message.reply.votes[request.member] = standing
        self._publish(Posted(message=said_shown(message)))
        return Done(ticket=request.ticket)

    async def _explain(self, request: requests.Explain) -> Why:
        message = self._message(request.message, request.ticket)
        explanation = None
        if message.reply is not None:
            explanation = await self._checker.explain(reply=message.reply.id)
        return why_shown(
            message.look, message=request.message, ticket=request.ticket, explanation=explanation
        )

    def _join(self, request: requests.Join) -> Done:
        if any(member.name == request.name for member in self._members.values()):
            raise RequestError("There is already a member of this name.", ticket=request.ticket)
        if len(self._members) >= MEMBERS_KEPT:
            raise RequestError(f"The room holds at most {MEMBERS_KEPT} members.", ticket=request.ticket)
        member = self._add_member(request.name)
        self._publish(Joined(member=member))
        return Done(ticket=request.ticket, made=member.id)

    async def _clear(self, request: requests.Clear) -> Done:
        self._begin()
        self._publish(await self.welcome())
        return Done(ticket=request.ticket)

    async def _cooldown(self, request: requests.Cooldown) -> Done:
        await self._cool(on=request.on)
        room, member = self._defaults.room_cooldown, self._defaults.member_cooldown
        self._publish(CooldownChanged(on=request.on and (room > 0 or member > 0)))
        return Done(ticket=request.ticket)

    async def _cool(self, *, on: bool) -> None:
        settings = await self._checker.settings_of(SERVER)
        wanted = replace(
            settings,
            room_cooldown=self._defaults.room_cooldown if on else 0,
            member_cooldown=self._defaults.member_cooldown if on else 0,
        )
        if wanted != settings:
            await self._checker.save_settings(SERVER, wanted)

    async def _follow(self, message: Said, outcome: Outcome) -> None:
        """Do with the reply what was decided, and let the checker record that it was done."""
        message.withdrawn = ""
        match outcome.action:
            case Action.SEND if outcome.composed is not None:
                reply = self._new_id()
                await self._checker.sent(message.incoming, outcome, reply=reply)
                message.reply = Standing(id=reply, composed=outcome.composed)
            case Action.EDIT if outcome.composed is not None and message.reply is not None:
                await self._checker.sent(message.incoming, outcome, reply=message.reply.id)
                message.reply.composed = outcome.composed
                message.reply.changed = "edit"
            case Action.WITHDRAW if message.reply is not None:
                await self._checker.withdrawn(reply=message.reply.id)
                message.reply = None
                message.withdrawn = "edit"
            case _:
                pass

    def _look(self, outcome: Outcome) -> Look:
        return Look(outcome=outcome, rulebook=self._checker.rulebook_of(SERVER).source)

    def _message(self, message: str, ticket: int) -> Said:
        if message not in self._messages:
            raise RequestError("This message is no longer there.", ticket=ticket)
        return self._messages[message]

    def _member(self, member: str, ticket: int) -> Member:
        if member not in self._members:
            raise RequestError("This member is no longer in the room.", ticket=ticket)
        return self._members[member]

    def _rules(self) -> RulesShown:
        return RulesShown(
            in_force=rulebook_shown(self._checker.rulebook_of(SERVER).source),
            faults=tuple(map(fault_shown, self._faults)),
        )
