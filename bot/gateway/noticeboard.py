"""The moderators' channel: told of broken rules files, of those mended, and of changes that do not fit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import discord
from msgspec import Struct, field

from bot.errors import CaveatBotError, Fault
from bot.gateway.outbox import REFUSALS, in_numbers
from bot.gateway.recent import TroubleLog
from bot.gateway.rendering import MESSAGE_LIMIT, shortened
from bot.gateway.rules.words import message_line, plain
from bot.moderation.notices import (
    BaseChanged,
    BaseMended,
    BaseRefused,
    LanguageMissing,
    Notice,
    OverlayFitsAgain,
    OverlaySetAside,
    RepairDone,
    RuleQuieted,
    TrialEnded,
    sentence,
)
from bot.replies.checker import Checker

if TYPE_CHECKING:
    from bot.moderation.model import Preview

FAULTS_TOLD = 5
"""So many faults are told; whoever mends those sees the rest."""
MESSAGES_TOLD = 10
"""So many messages that would be dealt with otherwise are told."""
PAUSE = 1.0
"""Seconds between two messages, so that a change that concerns many servers is no burst."""
MOST_WAITING = 1000
"""So many servers' notices wait while Discord cannot be reached."""

log = logging.getLogger(__name__)

_FOLDERS = ("claims", "languages")


class _Waiting(Struct):
    """What is to be told: the newest state of the files, and what happened to each server's changes."""

    base: BaseRefused | BaseMended | None = None
    own: dict[str, list[Notice]] = field(default_factory=dict)


class Noticeboard:
    """Collects what moderators are to be told, and tells it in their servers' moderators' channels.

    It hears from the start of the program and tells once Discord is joined. Where files are broken and mended
    several times before that is told, only how it stands is told.

    Args:
        pause: seconds between two messages.
    """

    def __init__(self, *, pause: float = PAUSE) -> None:
        self._pause = pause
        self._waiting = _Waiting()
        self._stirred = asyncio.Event()
        self._broken: set[str] = set()
        self._troubles = TroubleLog(log=log)

    async def hear(self, notice: Notice) -> None:
        """Take a notice; it is told later. What needs nobody is let go."""
        if isinstance(notice, BaseRefused | BaseMended):
            self._waiting.base = notice
        elif isinstance(notice, BaseChanged):
            # Nobody needs to know of each change: only where recent messages would be dealt with otherwise,
            # and where files were broken that now hold.
            self._waiting.base = BaseMended()
            for server, preview in notice.previews.items():
                if preview.changed:
                    self._put(server, notice)
        elif isinstance(
            notice,
            OverlaySetAside | OverlayFitsAgain | TrialEnded | RuleQuieted | RepairDone | LanguageMissing,
        ):
            self._put(notice.server, notice)
        else:
            return
        self._stirred.set()

    def _put(self, server: str, notice: Notice) -> None:
        if len(self._waiting.own) < MOST_WAITING:
            self._waiting.own.setdefault(server, []).append(notice)

    async def serve(self, client: discord.Client, checker: Checker) -> None:
        """Tell what comes, one message at a time, until cancelled.

        Args:
            client: sends.
            checker: knows each server's moderators' channel.
        """
        await client.wait_until_ready()
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            waiting, self._waiting = self._waiting, _Waiting()
            try:
                await self._tell_all(client, checker, waiting)
            except Exception:
                # Whatever goes wrong with one notice, the next must still be told.
                log.exception("a notice could not be told to moderators")

    async def _tell_all(self, client: discord.Client, checker: Checker, waiting: _Waiting) -> None:
        for server, notices in waiting.own.items():
            guild = client.get_guild(int(server)) if server.isdigit() else None
            for notice in _latest(notices) if guild is not None else ():
                await self._tell(guild, checker, _text(notice, server))
        for guild in tuple(client.guilds) if waiting.base is not None else ():
            await self._tell_base(guild, checker, waiting.base)

    async def _tell_base(
        self, guild: discord.Guild, checker: Checker, notice: BaseRefused | BaseMended | None
    ) -> None:
        server = str(guild.id)
        if isinstance(notice, BaseRefused):
            if await self._tell(guild, checker, _text(notice, server)):
                self._broken.add(server)
        elif notice is not None and server in self._broken:
            self._broken.discard(server)
            await self._tell(guild, checker, _text(notice, server))

    async def _tell(self, guild: discord.Guild | None, checker: Checker, text: str) -> bool:
        """Tell one server; False where it has no moderators' channel or Discord refuses."""
        if guild is None:
            return False
        try:
            room = (await checker.settings_of(str(guild.id))).moderators_room
        except CaveatBotError as error:
            log.warning("server %s: moderators were not told: %s", guild.id, error)
            return False
        channel = guild.get_channel_or_thread(int(room)) if room and room.isdigit() else None
        if not isinstance(channel, discord.TextChannel | discord.Thread):
            return False
        try:
            await channel.send(
                text, suppress_embeds=True, allowed_mentions=discord.AllowedMentions.none(), silent=True
            )
        except REFUSALS as error:
            self._troubles.tell(channel.id, f"moderators were not told of rules ({in_numbers(error)})")
            return False
        self._troubles.works(channel.id)
        await asyncio.sleep(self._pause)
        return True


def _latest(notices: Sequence[Notice]) -> Iterable[Notice]:
    """Leave out that changes were set aside or fit again where a later notice says otherwise."""
    fitting = [one for one in notices if isinstance(one, OverlaySetAside | OverlayFitsAgain)]
    return [one for one in notices if one not in fitting or one is fitting[-1]]


def _text(notice: Notice, server: str) -> str:
    # The first line of a notice holds numbers and the ids of rules; what people wrote comes in the faults.
    lines = [f"**{sentence(notice).splitlines()[0]}**"]
    if isinstance(notice, BaseChanged):
        lines += _otherwise(notice.previews[server], server)
    faults = notice.faults if isinstance(notice, BaseRefused | OverlaySetAside) else ()
    lines += [f"- {_fault(fault)}" for fault in faults[:FAULTS_TOLD]]
    if len(faults) > FAULTS_TOLD:
        lines.append(f"-# … and {len(faults) - FAULTS_TOLD} more")
    if isinstance(notice, OverlaySetAside):
        lines.append(
            "-# They are kept. The server has the base's rules meanwhile; `/rules export` gives the changes, "
            "`/rules history` the versions."
        )
    return shortened("\n".join(lines), limit=MESSAGE_LIMIT)


def _otherwise(preview: Preview, server: str) -> Iterator[str]:
    """Tell which messages would be dealt with otherwise, by links: what was written stays where it is."""
    yield f"What they do: {preview}."
    for one in preview.changed[:MESSAGES_TOLD]:
        yield f"- {message_line(one, server)}"
    if len(preview.changed) > MESSAGES_TOLD:
        yield f"-# … and {len(preview.changed) - MESSAGES_TOLD} more"
    yield "-# Replies that stand stay. `/rules off` or `/rules shadow` quiets a rule here."


def _fault(fault: Fault) -> str:
    said = " ".join(part for part in (fault.problem, fault.instead) if part)
    return f"`{_place(fault.path)}:{fault.line}:{fault.column}` {plain(said)}"


def _place(path: Path) -> str:
    """Name a file of rules as it is named there; where the folder lies is nobody's business."""
    parts = path.parts
    shown = parts[-2:] if path.parent.name in _FOLDERS else parts[-1:]
    return "/".join(shown).replace("`", "")
