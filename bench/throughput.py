"""The whole bot, from a MESSAGE_CREATE on the WebSocket to the reply's request, by share of claims.

The bot is a process of its own, put together as `caveat-bot run` does it, and joins the loopback Discord of
the tests, which runs here. Its clock and ours are the same (CLOCK_MONOTONIC), so it can be told how late its
event loop was in each part of the run.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter

from tests.loopback import Guild, LoopbackDiscord, Message
from tests.loopback.faults import Fault, FaultScript

ROOT = Path(__file__).resolve().parents[1]
ROOMS = 20
_SEND = ("POST", "/channels/{channel_id}/messages")
_SURE_CLAIM = "kratom totally cured my migraines, no side effects"
"""Behind the others in each room; its reply shows that all before it were looked at."""
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is sent.

    Args:
        flood: so many messages at once, to see how many a second are looked at.
        paced: seconds of messages at an even pace, to see how long a reply takes.
        rate: how many a second then.
        shares: the shares of claims.
    """

    flood: int = 2000
    paced: float = 8.0
    rate: float = 100.0
    shares: tuple[float, ...] = (0.0, 0.01, 0.1)


QUICK = Effort(flood=60, paced=0.8, rate=50.0, shares=(0.1,))


@dataclass(frozen=True, slots=True)
class Load:
    """What came of one share of claims.

    Args:
        share: the share of claims.
        messages: how many were sent at once.
        rate: messages looked at and answered a second then.
        replies: how many replies the even pace was answered with.
        p50: from message to the reply's request at that pace, the median in ms; None without replies.
        p99: the 99th percentile.
        lag_p99: the 99th percentile of how late the bot's event loop was at that pace, in milliseconds.
        lag_most: the most it was late at that pace.
        lag_most_flooded: the most it was late while all came at once.
    """

    share: float
    messages: int
    rate: float
    replies: int
    p50: float | None
    p99: float | None
    lag_p99: float
    lag_most: float
    lag_most_flooded: float


class _Arrivals(FaultScript):
    """Notes when a request to send a message arrives, before it is checked or answered."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[tuple[str, float]] = []

    def next_for(self, method: str, route: str, path: str) -> Fault | None:
        if (method, route) == _SEND:
            self.times.append((path.split("/")[2], perf_counter()))
        return super().next_for(method, route, path)


@dataclass(frozen=True, slots=True)
class _Stretch:
    began: float
    ended: float

    def late(self, told: Sequence[tuple[float, float]]) -> list[float]:
        return sorted(ms for at, ms in told if self.began <= at <= self.ended) or [0.0]


async def measure_throughput(
    *, chatter: Sequence[str], claims: Sequence[str], folder: Path, seed: int, effort: Effort
) -> list[Load]:
    """Measure the whole bot.

    Args:
        chatter: ordinary lines.
        claims: lines that are answered.
        folder: a folder for the bot's databases.
        seed: decides which line is a claim.
        effort: how much is sent.
    """
    return [
        await _measure(
            share, chatter=chatter, claims=claims, folder=folder / str(share), seed=seed, effort=effort
        )
        for share in effort.shares
    ]


async def _measure(
    share: float, *, chatter: Sequence[str], claims: Sequence[str], folder: Path, seed: int, effort: Effort
) -> Load:
    async with LoopbackDiscord() as discord:
        discord.schema = None  # what is checked here is time, not bodies
        arrivals = discord.faults = _Arrivals()
        guild = discord.create_guild()
        # Each stage has rooms of its own: what was said in one must not be the context of the next.
        warming, flooding, pacing = (
            _Saying(guild, share, chatter, claims, Random(seed + stage), discord, arrivals)
            for stage in range(3)
        )
        async with _bot(discord, folder) as told:
            await warming.flood(5 * ROOMS)
            rate, flooded = await flooding.flood(effort.flood)
            latencies, paced = await pacing.pace(effort.paced, effort.rate)
        late, late_flooded = paced.late(told), flooded.late(told)
    return Load(
        share=share,
        messages=effort.flood,
        rate=rate,
        replies=len(latencies),
        p50=_percentile(latencies, 50),
        p99=_percentile(latencies, 99),
        lag_p99=late[len(late) * 99 // 100],
        lag_most=late[-1],
        lag_most_flooded=late_flooded[-1],
    )


def _percentile(values: Sequence[float], share: int) -> float | None:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] if ordered else None


class _Saying:
    """What members say, and when the bot's requests come in.

    Each member speaks in one room only: whoever makes a claim in two rooms at once is answered in one.
    """

    def __init__(
        self,
        guild: Guild,
        share: float,
        chatter: Sequence[str],
        claims: Sequence[str],
        chance: Random,
        discord: LoopbackDiscord,
        arrivals: _Arrivals,
    ) -> None:
        self.rooms = [guild.create_channel(f"room-{number}") for number in range(ROOMS)]
        self.members = [
            [guild.create_member(f"member-{room.id}-{one}") for one in "abc"] for room in self.rooms
        ]
        self.share, self.chatter, self.claims = share, chatter, claims
        self.chance, self.discord, self.arrivals = chance, discord, arrivals

    def _line(self) -> str:
        return self.chance.choice(self.claims if self.chance.random() < self.share else self.chatter)

    def _say(self, number: int, text: str) -> Message:
        place = number % ROOMS
        return self.chance.choice(self.members[place]).say(self.rooms[place], text)

    async def flood(self, messages: int) -> tuple[float, _Stretch]:
        """Send messages as fast as the bot takes them, and wait until all were looked at."""
        began = perf_counter()
        for number in range(messages):
            self._say(number, self._line())
            # The connection's buffers are bounded; the loop must get round to filling them.
            await asyncio.sleep(0)
        last = [self._say(number, _SURE_CLAIM) for number in range(ROOMS)]
        for message in last:
            await self.discord.wait_for_reply(message, within=_PATIENCE)
        ended = perf_counter()
        return (messages + len(last)) / (ended - began), _Stretch(began, ended)

    async def pace(self, seconds: float, rate: float) -> tuple[list[float], _Stretch]:
        """Send messages at an even pace; give for each reply how long it took, in milliseconds."""
        began, sent = perf_counter(), []
        first = len(self.arrivals.times)
        for number in range(round(seconds * rate)):
            await asyncio.sleep(max(0.0, began + number / rate - perf_counter()))
            text, at = self._line(), perf_counter()
            sent.append((at, self._say(number, text)))
        await self.discord.quiet(0.3)
        ended = perf_counter()
        replies = {
            one.referenced.id: one
            for room in self.rooms
            for one in room.said_by(self.discord.world.bot)
            if one.referenced
        }
        answered = [(at, str(message.channel.id)) for at, message in sent if message.id in replies]
        return _latencies(answered, self.arrivals.times[first:]), _Stretch(began, ended)


def _latencies(answered: Sequence[tuple[float, str]], arrivals: Sequence[tuple[str, float]]) -> list[float]:
    """Put messages and requests together: in a room, replies come in the order of the messages."""
    by_room: dict[str, list[float]] = {}
    for room, at in arrivals:
        by_room.setdefault(room, []).append(at)
    return [(by_room[room].pop(0) - at) * 1e3 for at, room in answered if by_room.get(room)]


def environment(discord: LoopbackDiscord, folder: Path) -> dict[str, str]:
    """Give the environment in which the bot joins a loopback Discord and answers every claim."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "DATA_DIR": str(folder),
        "PORT": "0",
        "ROOM_COOLDOWN_SECONDS": "0",
        "MEMBER_COOLDOWN_SECONDS": "0",
        "LOG_LEVEL": "warning",
        "RULES_DIR": str(ROOT / "rules"),
    }


@asynccontextmanager
async def _bot(discord: LoopbackDiscord, folder: Path) -> AsyncIterator[list[tuple[float, float]]]:
    """Run the bot; what its event loop tells is in the list once the context has ended."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # nothing else is to be done meanwhile
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.bot_process",
        env=environment(discord, folder),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
    )
    late: list[tuple[float, float]] = []
    try:
        await discord.wait_for_bot(within=60.0)
        yield late
    finally:
        process.send_signal(signal.SIGTERM)
        told, _ = await process.communicate()
    late += [(at, ms) for at, ms in json.loads(told)["late"]]
