"""The command line. A command's module is imported when it is asked for, so that each starts fast."""

from __future__ import annotations

from importlib import import_module

import click

from bot import __version__
from bot.collector import resting

COMMANDS = ("run", "check", "rules", "backtest", "evaluate", "learn", "stats", "settings", "health")

READER_GONE = 141
"""The exit code where whoever reads the output stopped reading, as a shell tells it of SIGPIPE."""

EXIT_CODES = """\b
Exit codes:
    0  done (check: whatever was decided)
    2  wrong usage
   65  the rules, the documents, a corpus or an export hold faults
   69  something is not reachable: Discord, the port, the data folder, a process
   74  the database cannot be read or written
   78  a setting is missing or wrong: the token, an intent, a folder
  130  interrupted
"""


class CommandsByName(click.Group):
    """A group whose commands live in modules of the same name, each as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of the commands, in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        with resting():  # imports make values that stay
            command = import_module(f"bot.cli.{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"bot.cli.{cmd_name}.command is no command")
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; where whoever reads its output has left, that is no failure worth a message."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise click.exceptions.Exit(READER_GONE) from error


@click.group(
    cls=CommandsByName,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s", help="Show the version.")
def cli() -> None:
    """Answer claims about kratom and headaches with short, friendly, sourced caveats.

    \b
    Try it on one message:  caveat-bot check "kratom cured my migraines"
    Talk with it:           caveat-bot run, then open the address that it prints
    Bring it to Discord:    set DISCORD_TOKEN, then caveat-bot run
    """
