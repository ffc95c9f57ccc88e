"""The yardstick: what discord.py itself spends on a message before any of the bot's own code sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

import discord
from discord import utils

from bench.measure import Way
from bot.gateway.client import needed_intents
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.messages import Message
from tests.loopback.payloads import guild_payload, message_payload, user_payload
from tests.loopback.places import Channel
from tests.loopback.world import World

DISCORD = "discord.py"
_CONNECTION = "_connection"
_FROM_JSON = "_from_json"


def decoder_name() -> str:
    """Tell what discord.py decodes JSON with: orjson where it is there, which the bot does not ask for."""
    return "orjson" if find_spec("orjson") else "json"


class Yardstick:
    """A client of discord.py on one server, without a connection, set as the bot sets it."""

    def __init__(self) -> None:
        self._world = World(
            clock=lambda: datetime.now(UTC),
            announcer=lambda _event, _payload, _guild: None,
            bot_name="Caveat",
        )
        self._guild: Guild = self._world.create_guild("Leaf Lounge")
        self._room: Channel = self._guild.create_channel("general")
        self._members: list[Member] = [self._guild.create_member(f"member{number}") for number in range(50)]
        self._said = 0
        self.client = discord.Client(
            intents=needed_intents(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        state: Any = getattr(self.client, _CONNECTION)
        bot: Any = user_payload(self._world.bot)
        state.user = discord.ClientUser(state=state, data=bot)
        payload = guild_payload(self._guild, now=self._world.now())
        getattr(state, "_add_guild_from_data")(payload)  # noqa: B009
        self._decode: Callable[[str], Any] = getattr(utils, _FROM_JSON)
        self._parse: Callable[[Any], None] = state.parsers["MESSAGE_CREATE"]

    def frame(self, text: str) -> str:
        """Write a MESSAGE_CREATE as it comes from the gateway, decompressed."""
        self._said += 1
        author = self._members[self._said % len(self._members)].user
        message = Message(self._world.make_id(), self._room, author, text, self._world.now())
        payload = message_payload(message, for_gateway=True)
        return json.dumps({"t": "MESSAGE_CREATE", "s": self._said, "op": 0, "d": payload})

    def take(self, frame: str) -> None:
        """Decode a frame and build the message, as the client does with each."""
        self._parse(self._decode(frame)["d"])

    def way(self, *, seconds: float) -> Way:
        """Give this as a way to be measured."""
        return Way(DISCORD, self.take, prepare=self.frame, seconds=seconds)
