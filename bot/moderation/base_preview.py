"""What other files of rules would do to the recent messages of servers, found out before they go in force."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from bot.errors import CaveatBotError
from bot.moderation.rulebooks import Rulebooks
from bot.proof import Proven
from bot.replies.model import SpeakingSettings

if TYPE_CHECKING:
    from bot.moderation.model import Preview
    from bot.replies.model import Incoming

SECONDS = 60.0
"""Seconds that good rules wait for previews at most; they go in force with those there are by then."""
AT_ONCE = 4
"""Servers that are looked at beside each other: looking is mostly waiting for Discord."""

_logger = logging.getLogger(__name__)


class Onlookers(Protocol):
    """The servers whose moderators are told of other files, with what was said there lately."""

    async def servers(self) -> Sequence[str]:
        """Give the ids of these servers."""
        ...

    async def recent(self, server: str, limit: int) -> Sequence[Incoming]:
        """See `bot.moderation.model.History`."""
        ...


class BasePreviews:
    """Tries other files of rules on the recent messages of the servers that look on.

    Args:
        rulebooks: the rules in force.
        settings_of: where and to whom the bot speaks on a server.
        seconds: how long to look at most, in seconds.
    """

    def __init__(
        self,
        *,
        rulebooks: Rulebooks,
        settings_of: Callable[[str], Awaitable[SpeakingSettings]],
        seconds: float = SECONDS,
    ) -> None:
        self._rulebooks = rulebooks
        self._settings_of = settings_of
        self._seconds = seconds
        self._onlookers: Onlookers | None = None

    def show_to(self, onlookers: Onlookers) -> None:
        """Look at the messages of these servers from now on."""
        self._onlookers = onlookers

    async def of(self, base: Proven) -> Mapping[str, Preview]:
        """Find out what a base would do in place of the one in force.

        Args:
            base: the base, proved.

        Returns:
            for each server that could be looked at in time what would have been dealt with in another way.
        """
        found: dict[str, Preview] = {}
        if self._onlookers is None:
            return found
        try:
            async with asyncio.timeout(self._seconds):
                servers = iter(await self._onlookers.servers())
                looks = (self._look(servers, self._onlookers, base, found) for _ in range(AT_ONCE))
                await asyncio.gather(*looks)
        except TimeoutError:
            _logger.info("there was no time to try other rules on the messages of every server")
        except CaveatBotError as error:
            _logger.warning("other rules could not be tried on recent messages: %s", error)
        return found

    async def _look(
        self, servers: Iterable[str], onlookers: Onlookers, base: Proven, found: dict[str, Preview]
    ) -> None:
        """Look at one server after the other, each taken from what is left."""
        for server in servers:
            try:
                found[server] = await self._preview(server, onlookers, base)
            except CaveatBotError as error:
                _logger.warning("server %s: other rules could not be tried: %s", server, error)

    async def _preview(self, server: str, onlookers: Onlookers, base: Proven) -> Preview:
        from bot.moderation.moderation import LOOKED_AT  # noqa: PLC0415  # 60 ms, for changes only
        from bot.moderation.preview import preview  # noqa: PLC0415  # the same

        messages = await onlookers.recent(server, LOOKED_AT)
        return await asyncio.to_thread(
            preview,
            messages,
            before=self._rulebooks.of(server),
            after=await self._rulebooks.would_be(server, base),
            settings=await self._settings_of(server),
        )
