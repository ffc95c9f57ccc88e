"""A Discord on this machine for tests; `README.md` beside this file tells how to use it."""

from tests.loopback.faults import RateLimit
from tests.loopback.guilds import Guild
from tests.loopback.interactions import Interaction, InteractionFailedError
from tests.loopback.invocations import Upload
from tests.loopback.members import Member
from tests.loopback.messages import Message
from tests.loopback.permissions import Permission
from tests.loopback.places import Channel, ChannelKind, Role
from tests.loopback.server import LoopbackDiscord
from tests.loopback.sessions import Intent

__all__ = [
    "Channel",
    "ChannelKind",
    "Guild",
    "Intent",
    "Interaction",
    "InteractionFailedError",
    "LoopbackDiscord",
    "Member",
    "Message",
    "Permission",
    "RateLimit",
    "Role",
    "Upload",
]
