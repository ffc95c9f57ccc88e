"""A guild and what can be made in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.loopback.members import Member
from tests.loopback.payloads import member_payload, role_payload
from tests.loopback.permissions import EVERYONE_DEFAULT, NOTHING, Permission
from tests.loopback.places import Channel, ChannelKind, Role, User

if TYPE_CHECKING:
    from tests.loopback.world import World


@dataclass(slots=True, eq=False)
class Guild:
    """A guild ("server" to those who use it)."""

    id: int
    name: str
    world: World
    owner_id: int
    joined_at: datetime
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    has_bot: bool = True
    available: bool = True

    @property
    def everyone(self) -> Role:
        """The role that all members have."""
        return self.roles[self.id]

    @property
    def bot(self) -> Member:
        """The bot under test, as a member of this guild."""
        return self.members[self.world.bot.id]

    @property
    def threads(self) -> list[Channel]:
        """The threads that are not archived."""
        return [channel for channel in self.channels.values() if channel.is_thread and not channel.archived]

    def create_role(self, name: str, *, permissions: Permission = NOTHING, mentionable: bool = False) -> Role:
        """Create a role above the others and announce it."""
        role = Role(self.world.make_id(), name, permissions, len(self.roles), mentionable)
        self.roles[role.id] = role
        self._announce_role("GUILD_ROLE_CREATE", role)
        return role

    def set_permissions(self, role: Role, permissions: Permission) -> None:
        """Change what a role may do and announce it."""
        role.permissions = permissions
        self._announce_role("GUILD_ROLE_UPDATE", role)

    def create_member(
        self, name: str, *, roles: list[Role] | None = None, is_bot: bool = False, user: User | None = None
    ) -> Member:
        """Let a person (or another bot) join.

        Args:
            name: the user's name.
            roles: the roles given at once.
            is_bot: whether it is a bot.
            user: an account that exists already; without it a new one is made.

        Returns:
            the member, whose methods speak and press.
        """
        account = user or self.world.create_user(name, is_bot=is_bot)
        member = Member(account, self, self.world.now(), list(roles or []))
        self.members[account.id] = member
        payload = {**member_payload(member), "guild_id": str(self.id)}
        self.world.announce("GUILD_MEMBER_ADD", payload, guild=self)
        return member

    def remove_member(self, member: Member) -> None:
        """Let a member leave and announce it."""
        del self.members[member.id]
        user = member_payload(member)["user"]
        payload = {"guild_id": str(self.id), "user": user}
        self.world.announce("GUILD_MEMBER_REMOVE", payload, guild=self)

    def create_category(self, name: str) -> Channel:
        """Create a category and announce it."""
        return self.create_channel(name, kind=ChannelKind.CATEGORY)

    def create_channel(
        self,
        name: str,
        *,
        kind: ChannelKind = ChannelKind.TEXT,
        category: Channel | None = None,
        topic: str | None = None,
    ) -> Channel:
        """Create a channel, with its category's overwrites, and announce it."""
        overwrites = dict(category.overwrites) if category is not None else {}
        position = sum(1 for other in self.channels.values() if not other.is_thread)
        channel = Channel(
            self.world.make_id(), kind, name, self, category, position, topic, overwrites=overwrites
        )
        self._add(channel)
        self.world.announce_channel("CHANNEL_CREATE", channel)
        return channel

    def create_thread(
        self, parent: Channel, name: str, *, owner: Member | User | None = None, is_private: bool = False
    ) -> Channel:
        """Create a thread in a channel and announce it to those who see it."""
        kind = ChannelKind.PRIVATE_THREAD if is_private else ChannelKind.PUBLIC_THREAD
        if parent.kind is ChannelKind.ANNOUNCEMENT:
            kind = ChannelKind.ANNOUNCEMENT_THREAD
        owner_id = owner.id if owner is not None else self.owner_id
        thread = Channel(self.world.make_id(), kind, name, self, parent, owner_id=owner_id)
        thread.thread_members.add(owner_id)
        thread.archive_changed_at = self.world.now()
        self._add(thread)
        self.world.announce_channel("THREAD_CREATE", thread, newly_created=True)
        return thread

    def _add(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        self.world.channels[channel.id] = channel

    def _announce_role(self, event: str, role: Role) -> None:
        payload = {"guild_id": str(self.id), "role": role_payload(role)}
        self.world.announce(event, payload, guild=self)


def new_guild(world: World, name: str, owner: User) -> Guild:
    """Make a guild with @everyone, its owner and the bot, without announcing it."""
    guild = Guild(world.make_id(), name, world, owner.id, world.now())
    guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE_DEFAULT)
    for user in (owner, world.bot):
        guild.members[user.id] = Member(user, guild, world.now(), [])
    return guild
