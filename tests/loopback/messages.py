"""A message as it stands in a channel, and whom its text mentions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Any

from tests.loopback.places import Channel, Role, User
from tests.loopback.problems import Json

if TYPE_CHECKING:
    from tests.loopback.guilds import Guild


class MessageKind(IntEnum):
    """Discord's message types that this server makes."""

    DEFAULT = 0
    MEMBER_JOIN = 7
    REPLY = 19
    SLASH_COMMAND = 20
    CONTEXT_MENU_COMMAND = 23


class MessageFlag(IntFlag):
    """Discord's message flags that this server knows."""

    NOTHING = 0
    CROSSPOSTED = 1 << 0
    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    HAS_SNAPSHOT = 1 << 14
    IS_COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True, slots=True)
class Reference:
    """What a message answers or forwards."""

    channel_id: int
    message_id: int
    guild_id: int | None
    is_forward: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """A message.

    Args:
        mentions: the users it pings; a mention that allowed_mentions takes away is not among them.
        referenced: the message it answers, as long as that stands.
        snapshots: for a forwarded message, what was forwarded.
        shown_to: for an ephemeral message, the only user who sees it.
        interaction_token: for an answer to an interaction, the token that may change it.
    """

    id: int
    channel: Channel
    author: User
    content: str
    created_at: datetime
    kind: MessageKind = MessageKind.DEFAULT
    edited_at: datetime | None = None
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: MessageFlag = MessageFlag.NOTHING
    nonce: str | int | None = None
    tts: bool = False
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[Role] = field(default_factory=list)
    mention_everyone: bool = False
    reference: Reference | None = None
    referenced: Message | None = None
    snapshots: list[Json] = field(default_factory=list)
    webhook_id: int | None = None
    application_id: int | None = None
    interaction_metadata: Json | None = None
    reactions: dict[str, set[int]] = field(default_factory=dict)
    deleted: bool = False
    shown_to: User | None = None
    interaction_token: str | None = None

    @property
    def text(self) -> str:
        """Everything one can read in the message: content, embeds and text components, a line each."""
        lines = [self.content] if self.content else []
        lines.extend(_words_of(self.embeds, ("title", "description", "name", "value", "text")))
        lines.extend(_words_of(self.components, ("content",)))
        return "\n".join(lines)

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one user sees it."""
        return MessageFlag.EPHEMERAL in self.flags

    @property
    def is_bot(self) -> bool:
        """Whether a bot or webhook wrote it."""
        return self.author.is_bot

    @property
    def pings_nobody(self) -> bool:
        """Whether it alerts neither a user nor a role nor everyone."""
        return not (self.mentions or self.mention_roles or self.mention_everyone)

    @property
    def buttons(self) -> list[Json]:
        """Its buttons, in the order in which they stand, also those inside sections and containers."""
        return [component for component in walk_components(self.components) if component.get("type") == 2]

    def button(self, label: str) -> Json:
        """Return the button with a label.

        Raises:
            LookupError: there is none; the message names those there are.
        """
        labels = [str(button.get("label")) for button in self.buttons]
        if label not in labels:
            raise LookupError(f"no button {label!r}; there are {labels}")
        return self.buttons[labels.index(label)]


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a text pings."""

    users: list[User]
    roles: list[Role]
    everyone: bool


_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")


def mentions_in(text: str, users: dict[int, User], guild: Guild | None) -> Mentions:
    """Return everybody whom a text names, before allowed_mentions and permissions."""
    named = dict.fromkeys(int(found) for found in _USER.findall(text))
    roles = {role.id: role for role in guild.roles.values()} if guild is not None else {}
    named_roles = dict.fromkeys(int(found) for found in _ROLE.findall(text))
    return Mentions(
        users=[users[user] for user in named if user in users],
        roles=[roles[role] for role in named_roles if role in roles],
        everyone=guild is not None and _EVERYONE.search(text) is not None,
    )


def allowed_in(found: Mentions, allowed: Json | None) -> Mentions:
    """Return who is left of those whom a text names.

    Args:
        found: whom the text names.
        allowed: the body's `allowed_mentions`; none allows all.

    Returns:
        those that are pinged.
    """
    if allowed is None:
        return found
    parse = set(allowed.get("parse") or ())
    users = {int(user) for user in allowed.get("users") or ()}
    roles = {int(role) for role in allowed.get("roles") or ()}
    return Mentions(
        users=[user for user in found.users if "users" in parse or user.id in users],
        roles=[role for role in found.roles if "roles" in parse or role.id in roles],
        everyone=found.everyone and "everyone" in parse,
    )


def walk_components(components: list[Json]) -> list[Json]:
    """Return components and all that lies inside them, outermost first."""
    found: list[Json] = []
    for component in components:
        found.append(component)
        listed = component.get("components")
        inside = list(listed) if isinstance(listed, list) else []
        inside += [component.get("accessory"), component.get("component")]
        found.extend(walk_components([one for one in inside if isinstance(one, dict)]))
    return found


def _words_of(value: Any, keys: tuple[str, ...]) -> list[str]:
    if isinstance(value, list):
        return [word for item in value for word in _words_of(item, keys)]
    if not isinstance(value, dict):
        return []
    words = [str(value[key]) for key in keys if isinstance(value.get(key), str) and value[key]]
    nested = [_words_of(item, keys) for item in value.values() if isinstance(item, dict | list)]
    return words + [word for group in nested for word in group]
