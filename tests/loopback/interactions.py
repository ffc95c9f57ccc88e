"""Interactions: a member does something, the bot has a few seconds to answer."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from tests.loopback.commands import ON_MESSAGE, ON_USER, SLASH
from tests.loopback.interaction_payloads import interaction_payload
from tests.loopback.invocations import Resolved, invocation
from tests.loopback.members import Member
from tests.loopback.messages import Message, walk_components
from tests.loopback.modals import submission
from tests.loopback.payloads import message_payload
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel
from tests.loopback.problems import Json
from tests.loopback.recording import Violation

if TYPE_CHECKING:
    from tests.loopback.server import LoopbackDiscord

TOKEN_LIFETIME = 900.0
"""For how long an interaction's token can be used, in seconds."""
_BUTTON = 2
_SELECTS = (3, 5, 6, 7, 8)


class InteractionKind(IntEnum):
    """What a member did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class CallbackKind(IntEnum):
    """How a bot answers."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


class InteractionFailedError(AssertionError):
    """The bot did not answer in time; the member reads "This interaction failed"."""


@dataclass(slots=True, eq=False)
class Interaction:
    """What a member did, and what the bot answered.

    Args:
        kind: what was done.
        member: who did it.
        channel: where.
        data: the particulars as the bot gets them.
        began: when, in seconds of the event loop's clock.
        source: the message with the button, or from which the modal came.
        answered_with: how the bot answered first; none as long as it has not.
        message: the message with which the bot answered, or the one that it changed.
        modal: the modal with which it answered.
        choices: what it offers for autocomplete.
        followups: messages that it sent after its first answer.
        expired: whether the time for a first answer has passed.
    """

    id: int
    token: str
    kind: InteractionKind
    member: Member
    channel: Channel
    data: Json
    began: float
    source: Message | None = None
    answered_with: CallbackKind | None = None
    answered_after: float | None = None
    message: Message | None = None
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    followups: list[Message] = field(default_factory=list)
    expired: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_ephemeral(self) -> bool:
        """Whether only the member sees the answer."""
        return self.message is not None and self.message.is_ephemeral

    @property
    def text(self) -> str:
        """Everything one can read in the answer."""
        return self.message.text if self.message is not None else ""

    @property
    def command_name(self) -> str | None:
        """The whole name of the command, for example "caveat why"."""
        if self.kind not in {InteractionKind.COMMAND, InteractionKind.AUTOCOMPLETE}:
            return None
        names, options = [self.data["name"]], self.data.get("options") or []
        while options and options[0]["type"] in {1, 2}:
            names.append(options[0]["name"])
            options = options[0].get("options") or []
        return " ".join(names)


class Interactions:
    """Carries members' interactions to the bot and waits for the answers.

    Args:
        discord: the loopback Discord it belongs to.
    """

    def __init__(self, discord: LoopbackDiscord) -> None:
        self._discord = discord
        self.all: list[Interaction] = []

    def by_token(self, token: str) -> Interaction | None:
        """Return the interaction to which a token belongs, unless the token is too old."""
        now = asyncio.get_running_loop().time()
        for interaction in self.all:
            if interaction.token == token and now - interaction.began < TOKEN_LIFETIME:
                return interaction
        return None

    async def press(
        self,
        member: Member,
        message: Message,
        custom_id: str,
        *,
        within: float,
        values: Sequence[str] | None = None,
    ) -> Interaction:
        """Press a button or choose from a menu; see `Member.press`."""
        component = _usable(member, message, custom_id)
        data: Json = {
            "custom_id": custom_id,
            "component_type": component["type"],
            "id": component.get("id", 0),
        }
        if component["type"] != _BUTTON:
            data["values"] = list(values or [])
        return await self._carry(
            InteractionKind.COMPONENT, member, message.channel, data, within=within, source=message
        )

    async def slash(
        self,
        member: Member,
        channel: Channel,
        command: str,
        options: Mapping[str, Any],
        *,
        within: float,
        focused: str | None = None,
    ) -> Interaction:
        """Use a slash command or have an option completed; see `Member.slash`."""
        name, *path = command.removeprefix("/").split()
        registered = self._discord.commands.seen_by(member, channel, name, SLASH)
        data = invocation(
            registered,
            path,
            options,
            guild=channel.guild,
            focused=focused,
            attach=lambda upload: self._discord.world.upload(channel, upload.name, upload.content),
        )
        kind = InteractionKind.COMMAND if focused is None else InteractionKind.AUTOCOMPLETE
        return await self._carry(kind, member, channel, data, within=within)

    async def context_menu(
        self,
        member: Member,
        target: Message | Member,
        command: str,
        *,
        within: float,
        channel: Channel | None = None,
    ) -> Interaction:
        """Use a command of a context menu; see `Member.use_on_message`."""
        on_message = isinstance(target, Message)
        where = target.channel if isinstance(target, Message) else channel
        if where is None:
            raise ValueError("a command on a user needs a channel")
        kind = ON_MESSAGE if on_message else ON_USER
        registered = self._discord.commands.seen_by(member, where, command, kind)
        resolved = Resolved()
        if isinstance(target, Message):
            written = message_payload(target, for_gateway=True, with_referenced=False)
            resolved.groups["messages"] = {str(target.id): written}
        else:
            resolved.add(target, where.guild)
        data: Json = {
            "id": registered["id"],
            "name": command,
            "type": kind,
            "target_id": str(target.id),
            "resolved": resolved.groups,
        }
        return await self._carry(InteractionKind.COMMAND, member, where, data, within=within)

    async def submit(
        self, member: Member, interaction: Interaction, values: Mapping[str, str], *, within: float
    ) -> Interaction:
        """Send a modal; see `Member.submit`."""
        if interaction.modal is None:
            raise LookupError("the bot did not answer with a modal")
        data = submission(interaction.modal, values)
        return await self._carry(
            InteractionKind.MODAL_SUBMIT,
            member,
            interaction.channel,
            data,
            within=within,
            source=interaction.source,
        )

    async def _carry(
        self,
        kind: InteractionKind,
        member: Member,
        channel: Channel,
        data: Json,
        *,
        within: float,
        source: Message | None = None,
    ) -> Interaction:
        discord = self._discord
        now = asyncio.get_running_loop().time()
        made = Interaction(
            discord.world.make_id(), secrets.token_urlsafe(64), kind, member, channel, data, now, source
        )
        self.all.append(made)
        payload = interaction_payload(made, discord.world, application_id=discord.application_id)
        discord.world.announce("INTERACTION_CREATE", payload, guild=channel.guild)
        await self._answered(made)
        try:
            async with asyncio.timeout(within):
                await made.settled.wait()
        except TimeoutError:
            raise InteractionFailedError(f"the bot is still thinking after {within} s") from None
        return made

    async def _answered(self, interaction: Interaction) -> None:
        window = self._discord.interaction_window
        try:
            async with asyncio.timeout(window):
                await interaction.answered.wait()
        except TimeoutError:
            interaction.expired = True
            what = interaction.command_name or interaction.data.get("custom_id")
            problem = f"{what!r} was not answered within {window} s"
            self._discord.violations.append(Violation("INTERACTION_CREATE", "", problem, interaction.data))
            raise InteractionFailedError(problem) from None


def _usable(member: Member, message: Message, custom_id: str) -> Json:
    hidden = message.shown_to is not None and message.shown_to is not member.user
    channel = message.channel
    unseen = channel.guild is not None and Permission.VIEW_CHANNEL not in member.permissions_in(channel)
    if message.deleted or hidden or unseen:
        raise LookupError(f"{member.user.name} does not see the message")
    usable = [one for one in walk_components(message.components) if one.get("custom_id") == custom_id]
    if not usable:
        known = [one["custom_id"] for one in walk_components(message.components) if one.get("custom_id")]
        raise LookupError(f"the message has no component {custom_id!r}; there are {known}")
    if usable[0].get("disabled") or usable[0]["type"] not in (_BUTTON, *_SELECTS):
        raise LookupError(f"the component {custom_id!r} cannot be used")
    return usable[0]
