"""`caveat-bot run`: start the bot and keep it going until it is told to stop."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
from msgspec.structs import replace

from bot.cli.options import rules_option
from bot.collector import resting
from bot.logs import start_logging
from bot.settings import load_settings


@click.command("run")
@rules_option
def command(rules: Path | None) -> None:
    """Start the bot. Stop it with Ctrl-C.

    With DISCORD_TOKEN set it joins Discord. Without it, it opens a room in the browser in which you write as
    a member and the same bot answers. Rules may be edited while it runs.
    """
    with resting():  # importing discord.py and the rest makes 100,000 values that stay
        from bot.app import run  # noqa: PLC0415  # only this command should wait for discord.py
    settings = load_settings()
    if rules is not None:
        settings = replace(settings, rules_dir=rules)
    start_logging(level=settings.log_level, form=settings.log_format)
    asyncio.run(run(settings, announce=click.echo))
