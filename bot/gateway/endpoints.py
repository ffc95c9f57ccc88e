"""Where discord.py connects to: Discord itself, or the proxies an operator put in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


@contextmanager
def discord_endpoints(*, api_url: str, gateway_url: str) -> Iterator[None]:
    """Point discord.py at an API and a gateway for as long as the context lasts.

    discord.py 2.7 keeps both as class attributes (`Route.BASE`, `DiscordWebSocket.DEFAULT_GATEWAY`), so they
    hold for the whole process; what stood there before comes back when the context ends.

    Args:
        api_url: where REST requests go, with its version: "https://discord.com/api/v10".
        gateway_url: where the WebSocket goes: "wss://gateway.discord.gg/". discord.py writes its query.
    """
    api_before, gateway_before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    try:
        yield
    finally:
        Route.BASE = api_before
        DiscordWebSocket.DEFAULT_GATEWAY = gateway_before


def is_proxied(gateway_url: str) -> bool:
    """Tell whether the gateway is a proxy and not Discord's own.

    READY names an address at Discord for resuming. Behind a proxy it must not be followed.

    Args:
        gateway_url: the gateway's address.

    Returns:
        whether its host lies outside of discord.gg.
    """
    host = yarl.URL(gateway_url).host or ""
    return host != "discord.gg" and not host.endswith(".discord.gg")
