"""The state of the loopback Discord: users, roles, channels, threads.

Whatever is changed here through its methods is announced to the connected bots as Discord would announce it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from tests.loopback.permissions import EVERYONE_DEFAULT, NOTHING, Permission

if TYPE_CHECKING:
    from tests.loopback.guilds import Guild
    from tests.loopback.members import Member
    from tests.loopback.messages import Message


class ChannelKind(IntEnum):
    """Discord's channel types that this server knows."""

    TEXT = 0
    PRIVATE = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


THREADS = (ChannelKind.ANNOUNCEMENT_THREAD, ChannelKind.PUBLIC_THREAD, ChannelKind.PRIVATE_THREAD)
SPEAKABLE = (ChannelKind.TEXT, ChannelKind.PRIVATE, ChannelKind.VOICE, ChannelKind.ANNOUNCEMENT, *THREADS)


@dataclass(slots=True, eq=False)
class User:
    """An account, of a person or a bot."""

    id: int
    name: str
    is_bot: bool = False
    display_name: str | None = None
    takes_private_messages: bool = True


@dataclass(slots=True, eq=False)
class Role:
    """A role of a guild; the role with the guild's own id is @everyone."""

    id: int
    name: str
    permissions: Permission = EVERYONE_DEFAULT
    position: int = 0
    mentionable: bool = False


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows and denies a role or a member."""

    target: int
    is_member: bool
    allow: Permission = NOTHING
    deny: Permission = NOTHING


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, category, thread or direct message.

    Args:
        id: its id.
        kind: its type.
        name: its name; a direct message has none.
        guild: the guild it is in; none for a direct message.
        parent: a channel's category or a thread's channel.
        overwrites: by the id of the role or member.
        recipient: the person at the other end of a direct message.
        thread_members: ids of those who joined the thread.
    """

    id: int
    kind: ChannelKind
    name: str
    guild: Guild | None = None
    parent: Channel | None = None
    position: int = 0
    topic: str | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipient: User | None = None
    owner_id: int = 0
    archived: bool = False
    locked: bool = False
    archive_changed_at: datetime | None = None
    thread_members: set[int] = field(default_factory=set)
    stored: dict[int, Message] = field(default_factory=dict)

    @property
    def messages(self) -> list[Message]:
        """The messages that stand in the channel, oldest first."""
        return list(self.stored.values())

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread."""
        return self.kind in THREADS

    @property
    def is_private_thread(self) -> bool:
        """Whether only its members see this thread."""
        return self.kind is ChannelKind.PRIVATE_THREAD

    @property
    def mention(self) -> str:
        """How the channel is mentioned in a text."""
        return f"<#{self.id}>"

    def said_by(self, author: User | Member) -> list[Message]:
        """Return the standing messages of one author, oldest first."""
        return [message for message in self.stored.values() if message.author.id == author.id]

    def set_overwrite(
        self,
        target: Role | Member,
        *,
        allow: Permission = NOTHING,
        deny: Permission = NOTHING,
    ) -> None:
        """Allow and deny a role or a member something here, and announce it."""
        guild = self._guild()
        overwrite = Overwrite(target.id, not isinstance(target, Role), allow, deny)
        self.overwrites[target.id] = overwrite
        guild.world.announce_channel("CHANNEL_UPDATE", self)

    def delete(self) -> None:
        """Delete the channel and announce it."""
        guild = self._guild()
        guild.world.announce_channel("THREAD_DELETE" if self.is_thread else "CHANNEL_DELETE", self)
        guild.channels.pop(self.id, None)
        guild.world.channels.pop(self.id, None)

    def archive(self, *, locked: bool = False) -> None:
        """Archive a thread, and lock it if asked; announce it."""
        guild = self._guild()
        self.archived, self.locked = True, locked
        self.archive_changed_at = guild.world.now()
        guild.world.announce_channel("THREAD_UPDATE", self)

    def webhook_says(self, text: str, *, name: str = "Announcer") -> Message:
        """Post a message through a webhook of this channel."""
        return self._guild().world.webhook_says(self, text, name=name)

    def bulk_delete(self, messages: list[Message]) -> None:
        """Delete several messages at once, as a moderator's bot does."""
        self._guild().world.forget_messages(self, messages)

    def _guild(self) -> Guild:
        if self.guild is None:
            raise ValueError("a direct message has no guild")
        return self.guild
