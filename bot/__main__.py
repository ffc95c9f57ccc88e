"""`caveat-bot` and `python -m bot`: run a command and end with one readable line instead of a traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

from bot.cli import READER_GONE, cli
from bot.errors import CaveatBotError

INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: what stands behind `caveat-bot`.

    Returns:
        the exit code: 0, 2 for wrong usage, the error's own code (see `bot.errors`), 130 when interrupted,
        and 141 when whoever read the output stopped reading.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A member's words may hold half a character; showing it escaped is better than stopping.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(args=list(arguments), prog_name="caveat-bot", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CaveatBotError as error:
        print(f"caveat-bot: {error}", file=sys.stderr)  # noqa: T201  # the one line
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    if code == READER_GONE:
        # What is still buffered has no reader: without this the interpreter complains while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
