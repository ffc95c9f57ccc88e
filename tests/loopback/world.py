"""All that exists, and what happens in it: the one place where state changes and is announced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tests.loopback.guilds import Guild, new_guild
from tests.loopback.messages import Mentions, Message, MessageFlag, MessageKind, Reference, mentions_in
from tests.loopback.payloads import channel_payload, guild_payload, message_payload
from tests.loopback.permissions import IN_PRIVATE, NOTHING, Permission, in_channel
from tests.loopback.places import Channel, ChannelKind, User
from tests.loopback.problems import Json
from tests.loopback.snowflakes import Clock, SnowflakeMaker, iso

if TYPE_CHECKING:
    from tests.loopback.interactions import Interactions

Announcer = Callable[[str, Json, Guild | None], None]
"""Hands an event to the sessions: its name, its payload and the guild it happened in."""


class World:
    """The state, with the verbs that change it.

    Args:
        clock: tells the time, with time zone.
        announcer: hands events to the connected bots.
        bot_name: the name of the bot under test.
    """

    interactions: Interactions

    def __init__(self, *, clock: Clock, announcer: Announcer, bot_name: str) -> None:
        self.now = clock
        self._announcer = announcer
        self._snowflakes = SnowflakeMaker(clock)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.files: dict[int, bytes] = {}
        self.cdn = "https://cdn.discordapp.com"
        self.bot = self.create_user(bot_name, is_bot=True)

    def make_id(self) -> int:
        """Return a new id."""
        return self._snowflakes.make()

    def create_user(self, name: str, *, is_bot: bool = False) -> User:
        """Make an account."""
        user = User(self.make_id(), name, is_bot)
        self.users[user.id] = user
        return user

    def create_guild(self, name: str) -> Guild:
        """Make a guild with an owner and the bot in it; to a connected bot it is a guild just joined."""
        guild = new_guild(self, name, self.create_user("owner"))
        self.guilds[guild.id] = guild
        self._announcer("GUILD_CREATE", guild_payload(guild, now=self.now()), guild)
        return guild

    def remove_bot(self, guild: Guild) -> None:
        """Throw the bot out of a guild."""
        self._announcer("GUILD_DELETE", {"id": str(guild.id)}, guild)
        guild.has_bot = False
        guild.members.pop(self.bot.id, None)

    def set_available(self, guild: Guild, *, available: bool) -> None:
        """Let a guild go down or come back, as in an outage."""
        guild.available = available
        if available:
            payload = {**guild_payload(guild, now=self.now()), "unavailable": False}
            self._announcer("GUILD_CREATE", payload, guild)
        else:
            self._announcer("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild)

    def private_channel(self, user: User) -> Channel:
        """Return the direct messages between a user and the bot; made where there are none."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self.make_id(), ChannelKind.PRIVATE, "", recipient=user)
        self.channels[channel.id] = channel
        return channel

    def bot_permissions(self, channel: Channel) -> Permission:
        """Return what the bot may do in a channel; nothing where it is not in the guild."""
        guild = channel.guild
        if guild is None:
            return IN_PRIVATE
        member = guild.members.get(self.bot.id)
        return in_channel(channel, member, now=self.now()) if member is not None else NOTHING

    def announce(
        self, event: str, payload: Json, *, guild: Guild | None, channel: Channel | None = None
    ) -> None:
        """Hand an event to the sessions, unless the bot cannot see where it happened.

        Args:
            event: its name.
            payload: its JSON.
            guild: where it happened; none for direct messages.
            channel: where only those who see the channel get it.
        """
        if guild is not None and not guild.has_bot:
            return
        if channel is not None and Permission.VIEW_CHANNEL not in self.bot_permissions(channel):
            return
        self._announcer(event, payload, guild)

    def announce_channel(self, event: str, channel: Channel, **more: Any) -> None:
        """Announce that a channel or thread was made, changed or deleted."""
        payload = channel_payload(channel)
        if event == "THREAD_DELETE":
            payload = {key: payload[key] for key in ("id", "guild_id", "parent_id", "type")}
        self.announce(
            event, payload | more, guild=channel.guild, channel=channel if channel.is_thread else None
        )

    def say(
        self,
        channel: Channel,
        author: User,
        text: str,
        *,
        reply_to: Message | None = None,
        forward_of: Message | None = None,
        attachments: Sequence[str] = (),
    ) -> Message:
        """Post a person's message; see `Member.say`."""
        message = Message(self.make_id(), channel, author, text, self.now())
        message.attachments = [self.attachment(channel, name) for name in attachments]
        named = mentions_in(text, self.users, channel.guild)
        set_mentions(message, named)
        if reply_to is not None:
            answer(message, reply_to)
            if reply_to.author not in (*message.mentions, author) and reply_to.webhook_id is None:
                message.mentions.append(reply_to.author)
        if forward_of is not None:
            _forward(message, forward_of)
        return self.post(message)

    def webhook_says(self, channel: Channel, text: str, *, name: str) -> Message:
        """Post a message through a webhook; its author is no member."""
        webhook = User(self.make_id(), name, is_bot=True)
        message = Message(self.make_id(), channel, webhook, text, self.now(), webhook_id=webhook.id)
        set_mentions(message, mentions_in(text, self.users, channel.guild))
        return self.post(message)

    def post(self, message: Message) -> Message:
        """Put a message into its channel and announce it; an ephemeral one is neither."""
        if message.is_ephemeral:
            return message
        channel = message.channel
        if channel.is_thread and channel.archived and not channel.locked:
            channel.archived, channel.archive_changed_at = False, self.now()
            self.announce_channel("THREAD_UPDATE", channel)
        channel.stored[message.id] = message
        self.announce_message("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, text: str) -> None:
        """Change a person's message and announce it."""
        message.content, message.edited_at = text, self.now()
        set_mentions(message, mentions_in(text, self.users, message.channel.guild))
        self.announce_message("MESSAGE_UPDATE", message)

    def resolve_link(self, message: Message, *, url: str, title: str) -> None:
        """Add the preview of a link, as Discord does by itself a moment after a message: no text changes."""
        message.embeds.append({"type": "link", "url": url, "title": title})
        self.announce_message("MESSAGE_UPDATE", message)

    def announce_message(self, event: str, message: Message) -> None:
        """Announce that a message was made or changed; of an ephemeral one no event tells."""
        if message.is_ephemeral:
            return
        channel = message.channel
        self.announce(event, message_payload(message, for_gateway=True), guild=channel.guild, channel=channel)

    def forget_messages(self, channel: Channel, messages: Sequence[Message]) -> None:
        """Delete messages and announce it, several at once as one event."""
        for message in messages:
            message.deleted = True
            channel.stored.pop(message.id, None)
        messages = [message for message in messages if not message.is_ephemeral]
        if not messages:
            return
        where: Json = {"channel_id": str(channel.id)}
        if channel.guild is not None:
            where["guild_id"] = str(channel.guild.id)
        ids = [str(message.id) for message in messages]
        single = len(ids) == 1
        event = "MESSAGE_DELETE" if single else "MESSAGE_DELETE_BULK"
        payload = {**where, "id": ids[0]} if single else {**where, "ids": ids}
        self.announce(event, payload, guild=channel.guild, channel=channel)

    def react(self, message: Message, user: User, emoji: str) -> None:
        """Add a reaction and announce it."""
        message.reactions.setdefault(emoji, set()).add(user.id)
        self._announce_reaction("MESSAGE_REACTION_ADD", message, user, emoji)

    def unreact(self, message: Message, user: User, emoji: str) -> None:
        """Remove a reaction and announce it."""
        message.reactions.get(emoji, set()).discard(user.id)
        self._announce_reaction("MESSAGE_REACTION_REMOVE", message, user, emoji)

    def attachment(self, channel: Channel, name: str, *, size: int = 1024, kind: str | None = None) -> Json:
        """Describe an uploaded file."""
        attachment_id = self.make_id()
        url = f"{self.cdn}/attachments/{channel.id}/{attachment_id}/{name}"
        media = url.replace("cdn.discordapp.com", "media.discordapp.net")
        described: Json = {
            "id": str(attachment_id),
            "filename": name,
            "size": size,
            "url": url,
            "proxy_url": media,
        }
        return described | ({"content_type": kind} if kind else {})

    def upload(
        self,
        channel: Channel,
        name: str,
        content: bytes,
        *,
        kind: str | None = None,
        description: str | None = None,
    ) -> Json:
        """Take a file, to be fetched at the address in its description."""
        attachment = self.attachment(channel, name, size=len(content), kind=kind)
        attachment |= {"description": description} if description is not None else {}
        self.files[int(attachment["id"])] = content
        return attachment

    def _announce_reaction(self, event: str, message: Message, user: User, emoji: str) -> None:
        channel = message.channel
        payload: Json = {
            "user_id": str(user.id),
            "channel_id": str(channel.id),
            "message_id": str(message.id),
            "message_author_id": str(message.author.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if channel.guild is not None:
            payload["guild_id"] = str(channel.guild.id)
        self.announce(event, payload, guild=channel.guild, channel=channel)


def set_mentions(message: Message, found: Mentions) -> None:
    """Write into a message whom it pings."""
    message.mentions = list(found.users)
    message.mention_roles = list(found.roles)
    message.mention_everyone = found.everyone


def answer(message: Message, answered: Message) -> None:
    """Make a message the reply to another."""
    guild = answered.channel.guild
    message.kind = MessageKind.REPLY
    message.reference = Reference(answered.channel.id, answered.id, guild.id if guild is not None else None)
    message.referenced = answered


def _forward(message: Message, forwarded: Message) -> None:
    guild = forwarded.channel.guild
    message.flags |= MessageFlag.HAS_SNAPSHOT
    message.reference = Reference(
        forwarded.channel.id, forwarded.id, guild.id if guild is not None else None, is_forward=True
    )
    message.snapshots = [
        {
            "message": {
                "type": int(forwarded.kind),
                "content": forwarded.content,
                "embeds": forwarded.embeds,
                "attachments": forwarded.attachments,
                "timestamp": iso(forwarded.created_at),
                "edited_timestamp": iso(forwarded.edited_at) if forwarded.edited_at is not None else None,
                "flags": int(forwarded.flags),
                "components": forwarded.components,
                "mentions": [],
                "mention_roles": [],
            }
        }
    ]
