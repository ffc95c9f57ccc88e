"""A member of a guild, and what one does on Discord: speak, edit, delete, react, press, use commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.loopback.payloads import member_payload
from tests.loopback.permissions import Permission, in_channel
from tests.loopback.places import Channel, Role, User

if TYPE_CHECKING:
    from tests.loopback.guilds import Guild
    from tests.loopback.interactions import Interaction
    from tests.loopback.messages import Message
    from tests.loopback.world import World

ANSWER_WITHIN = 10.0
"""How long a test waits for the bot's answer before it fails, in seconds."""


@dataclass(slots=True, eq=False)
class Member:
    """Somebody in a guild."""

    user: User
    guild: Guild
    joined_at: datetime
    roles: list[Role] = field(default_factory=list)
    nick: str | None = None
    timed_out_until: datetime | None = None
    locale: str = "en-US"

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def world(self) -> World:
        """The world the guild is in."""
        return self.guild.world

    @property
    def mention(self) -> str:
        """How the member is mentioned in a text."""
        return f"<@{self.id}>"

    @property
    def private_channel(self) -> Channel:
        """The direct messages between this user and the bot."""
        return self.world.private_channel(self.user)

    def permissions_in(self, channel: Channel) -> Permission:
        """Return what this member may do in a channel."""
        return in_channel(channel, self, now=self.world.now())

    def say(
        self,
        channel: Channel,
        text: str,
        *,
        reply_to: Message | None = None,
        forward_of: Message | None = None,
        attachments: Sequence[str] = (),
    ) -> Message:
        """Post a message, whether or not the bot can see it.

        Args:
            channel: a channel or thread of this guild, or the private channel.
            text: what is said; empty for a forward.
            reply_to: the message answered.
            forward_of: the message forwarded.
            attachments: names of files that come with it.

        Returns:
            the message.
        """
        return self.world.say(
            channel, self.user, text, reply_to=reply_to, forward_of=forward_of, attachments=attachments
        )

    def edit(self, message: Message, text: str) -> None:
        """Change one's own message."""
        self.world.edit(message, text)

    def delete(self, message: Message) -> None:
        """Delete a message, one's own or as a moderator."""
        self.world.forget_messages(message.channel, [message])

    def react(self, message: Message, emoji: str) -> None:
        """React to a message."""
        self.world.react(message, self.user, emoji)

    def unreact(self, message: Message, emoji: str) -> None:
        """Take a reaction back."""
        self.world.unreact(message, self.user, emoji)

    def give(self, role: Role) -> None:
        """Give this member a role and announce it."""
        self.roles.append(role)
        self._announce()

    def take(self, role: Role) -> None:
        """Take a role from this member and announce it."""
        self.roles.remove(role)
        self._announce()

    def time_out(self, until: datetime | None) -> None:
        """Time this member out, or end it with none; announce it."""
        self.timed_out_until = until
        self._announce()

    async def press(self, message: Message, custom_id: str, *, within: float = ANSWER_WITHIN) -> Interaction:
        """Press a button and wait until the bot's answer can be seen.

        Args:
            message: the message with the button; its own ephemeral ones too.
            custom_id: the button's id; `message.button("Helpful")["custom_id"]` finds it by label.
            within: how long to wait, in seconds.

        Returns:
            the interaction with the bot's answer.

        Raises:
            LookupError: there is no such button, or it is disabled or not visible to this member.
            InteractionFailedError: the bot did not answer in Discord's time.
        """
        return await self.world.interactions.press(self, message, custom_id, within=within)

    async def choose(
        self,
        message: Message,
        custom_id: str,
        values: Sequence[str],
        *,
        within: float = ANSWER_WITHIN,
    ) -> Interaction:
        """Choose from a select menu; otherwise like `press`."""
        return await self.world.interactions.press(self, message, custom_id, values=values, within=within)

    async def slash(
        self,
        channel: Channel,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        within: float = ANSWER_WITHIN,
    ) -> Interaction:
        """Use a slash command and wait until the bot's answer can be seen.

        Args:
            channel: where.
            command: the whole name, for example "/caveat why".
            options: by name; a member, role or channel may be given as such.
            within: how long to wait, in seconds.

        Returns:
            the interaction with the bot's answer.

        Raises:
            LookupError: the bot registered no such command, or this member does not see it.
            ValueError: the options do not fit the command as registered.
            InteractionFailedError: the bot did not answer in Discord's time.
        """
        return await self.world.interactions.slash(self, channel, command, options or {}, within=within)

    async def autocomplete(
        self,
        channel: Channel,
        command: str,
        option: str,
        typed: str,
        options: Mapping[str, Any] | None = None,
        *,
        within: float = ANSWER_WITHIN,
    ) -> list[dict[str, Any]]:
        """Type into an option of a slash command and return the choices that the bot offers."""
        interaction = await self.world.interactions.slash(
            self, channel, command, {**(options or {}), option: typed}, focused=option, within=within
        )
        return interaction.choices

    async def use_on_message(
        self,
        message: Message,
        command: str,
        *,
        within: float = ANSWER_WITHIN,
    ) -> Interaction:
        """Use a message's context-menu command; otherwise like `slash`."""
        return await self.world.interactions.context_menu(self, message, command, within=within)

    async def use_on_member(
        self,
        channel: Channel,
        target: Member,
        command: str,
        *,
        within: float = ANSWER_WITHIN,
    ) -> Interaction:
        """Use a user's context-menu command; otherwise like `slash`."""
        return await self.world.interactions.context_menu(
            self, target, command, channel=channel, within=within
        )

    async def submit(
        self,
        interaction: Interaction,
        values: Mapping[str, str],
        *,
        within: float = ANSWER_WITHIN,
    ) -> Interaction:
        """Fill in the modal with which the bot answered an interaction, and send it.

        Args:
            interaction: the one that the bot answered with a modal.
            values: what is written, by the custom id of each input.
            within: how long to wait, in seconds.

        Returns:
            the new interaction with the bot's answer.

        Raises:
            LookupError: the interaction was not answered with a modal, or an input is unknown.
            ValueError: a value is too short, too long or missing, so that Discord would not send it.
        """
        return await self.world.interactions.submit(self, interaction, values, within=within)

    def _announce(self) -> None:
        payload = {**member_payload(self), "guild_id": str(self.guild.id)}
        self.world.announce("GUILD_MEMBER_UPDATE", payload, guild=self.guild)
