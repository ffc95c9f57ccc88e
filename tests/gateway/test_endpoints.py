"""discord.py is pointed elsewhere only as long as the context lasts."""

from __future__ import annotations

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.gateway.endpoints import discord_endpoints, is_proxied


def addresses() -> tuple[str, str]:
    return Route("GET", "/users/@me").url, str(DiscordWebSocket.DEFAULT_GATEWAY)


def fail_inside() -> None:
    with discord_endpoints(api_url="http://proxy.test:1/api/v10/", gateway_url="ws://proxy.test:2/"):
        assert addresses() == ("http://proxy.test:1/api/v10/users/@me", "ws://proxy.test:2/")
        raise LookupError


def test_both_addresses_hold_inside_and_come_back_even_after_an_error() -> None:
    before = addresses()
    with pytest.raises(LookupError):
        fail_inside()
    assert addresses() == before == ("https://discord.com/api/v10/users/@me", "wss://gateway.discord.gg/")


@pytest.mark.parametrize(
    ("gateway_url", "is_proxy"),
    [
        ("wss://gateway.discord.gg/", False),
        ("wss://gateway-us-east1-b.discord.gg", False),
        ("ws://127.0.0.1:3000/", True),
        ("wss://discord.gg.example.org/", True),
    ],
)
def test_a_proxy_is_told_from_discord(gateway_url: str, is_proxy: bool) -> None:
    assert is_proxied(gateway_url) is is_proxy
