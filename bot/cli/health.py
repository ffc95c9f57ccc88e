"""`caveat-bot health`: ask a running bot on this machine whether it is well."""

from __future__ import annotations

import json
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import click

from bot.errors import CaveatBotError, SettingsError
from bot.settings import Settings, load_settings

PATIENCE = 4.0
"""Seconds to wait for an answer; a container's health check gives up after five."""
LONGEST_ANSWER = 64 * 1024
"""Bytes that are read of an answer."""


class UnwellError(CaveatBotError):
    """The bot does not answer, or says that it is not well."""

    exit_code = 69


@click.command("health")
def command() -> None:
    """Ask the bot that runs on this machine whether it is well.

    Asks /healthz at HOST and PORT. Ends with 0 when it is well and with 69 when it is not, so that Docker,
    systemd or a script can act on it.
    """
    click.echo(ask(health_address(load_settings())))


def health_address(settings: Settings) -> str:
    """Give the address at which this machine's bot tells its health.

    Args:
        settings: with the host and port that the bot was started with.

    Returns:
        the address; where the bot listens everywhere, by way of this machine itself.

    Raises:
        SettingsError: the port is 0, so the bot chose one that nobody else knows.
    """
    if settings.port == 0:
        raise SettingsError("PORT is 0, so the bot chose a port by itself; set PORT to ask for its health")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/healthz"


def ask(address: str) -> str:
    """Ask for the health.

    Args:
        address: of `/healthz`.

    Returns:
        what the bot says, in one line.

    Raises:
        UnwellError: it does not answer in time, it says that it is not well, or something else answers there.
    """
    opener = build_opener(ProxyHandler({}))  # a proxy for Discord has nothing to do with this machine
    try:
        with opener.open(address, timeout=PATIENCE) as response:
            return f"well: {_in_words(response.read(LONGEST_ANSWER), address)}"
    except HTTPError as error:
        raise UnwellError(f"not well: {_in_words(error.read(LONGEST_ANSWER), address)}") from error
    except (OSError, HTTPException) as error:
        raise UnwellError(f"no bot answers at {address}") from error


def _in_words(answer: bytes, address: str) -> str:
    try:
        health = json.loads(answer)
        rules, faults = health["rulebook"]["rules"], health["rulebook"]["faults"]
        in_folder = f" ({faults} faults in their folder, so these are the last good ones)" if faults else ""
        return f"{rules} rules{in_folder}, store {health['store']}, Discord {health['discord']['state']}"
    except (ValueError, LookupError, TypeError) as error:
        raise UnwellError(f"what answers at {address} is not this bot; is PORT right?") from error
