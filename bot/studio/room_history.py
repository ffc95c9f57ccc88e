"""The room's messages, as what a change of rules is tried on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from bot.replies.model import Incoming
from bot.studio.health import SERVER


class RoomHistory(Struct, frozen=True):
    """A `bot.moderation.model.History` of the room, whose page also looks on when files of rules change.

    Args:
        messages: gives them, oldest first.
    """

    messages: Callable[[], Sequence[Incoming]]

    async def servers(self) -> Sequence[str]:
        """See `bot.moderation.base_preview.Onlookers`."""
        return (SERVER,)

    async def recent(self, server: str, limit: int) -> Sequence[Incoming]:
        """See `bot.moderation.model.History`; other servers have no messages here."""
        return self.messages()[-limit:] if server == SERVER else ()
