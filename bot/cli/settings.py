"""`caveat-bot settings`: what can be set, what it is for, and to what it is set, in the form of `.env`."""

from __future__ import annotations

import click
from msgspec.structs import fields
from rich.console import Console
from rich.text import Text

from bot.described import meaning_of
from bot.settings import Secret, Settings, load_settings


@click.command("settings")
def command() -> None:
    """Show every setting: what it is for, and to what it is set.

    What stands at its default has a # in front. The output is a file that can be used as it is:
    caveat-bot settings > .env

    Settings come from the environment or from the file .env in the current folder; the environment wins. The
    token is not shown.
    """
    settings = load_settings()
    console = Console(highlight=False, soft_wrap=True)
    for field in fields(Settings):
        name, value = field.name, getattr(settings, field.name)
        console.print(Text(f"# {meaning_of(Settings, name)}", style="dim"))
        if isinstance(value, Secret):
            console.print(Text(f"# {name.upper()} is set", style="bold"))
        elif value == field.default:
            console.print(f"#{name.upper()}={'' if value is None else value}", markup=False)
        else:
            console.print(Text(f"{name.upper()}={value}", style="bold"))
        console.print()
