"""How the connection to Discord is doing, for whoever serves a health page."""

from __future__ import annotations

import math

import discord


class ClientHealth:
    """The health of one client. Before there is a client it is not ready."""

    def __init__(self) -> None:
        self._client: discord.Client | None = None

    def watch(self, client: discord.Client | None) -> None:
        """Speak for this client from now on.

        Args:
            client: the client, or None when there is none any more.
        """
        self._client = client

    @property
    def client(self) -> discord.Client | None:
        """The client that is watched."""
        return self._client

    @property
    def is_ready(self) -> bool:
        """Whether the bot is logged in and has received its servers."""
        return self._client is not None and self._client.is_ready() and not self._client.is_closed()

    @property
    def latency(self) -> float | None:
        """Seconds between the last heartbeat and its acknowledgement; None before the first."""
        if self._client is None or not math.isfinite(self._client.latency):
            return None
        return self._client.latency

    @property
    def shard_count(self) -> int:
        """How many shards the bot has; 1 where it is not sharded."""
        return (self._client.shard_count if self._client else None) or 1
