"""`caveat-bot stats`: what came of the rules, week by week, from the database."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from pathlib import Path

import click
from rich.text import Text

from bot.cli.view import ENDLESS, console, visible
from bot.errors import SettingsError, StoreUnavailableError
from bot.plotting import PlotError, require_plotting
from bot.settings import load_settings
from bot.statistics.plot import draw
from bot.statistics.report import LEGEND, as_csv, as_json, summary, text_table
from bot.statistics.table import MOST_WEEKS, USUAL_WEEKS, Statistics, first_week, tabulate
from bot.store.model import KeptCount, week_of
from bot.store.sqlite import SQLiteStore

_FILE = click.Path(dir_okay=False, path_type=Path)
_OUTPUT = Path("-")


@click.command("stats")
@click.option("--server", metavar="ID", help="Only this server; without it all of them together.")
@click.option(
    "--weeks",
    metavar="N",
    type=click.IntRange(1, MOST_WEEKS),
    default=USUAL_WEEKS,
    show_default=True,
    help="Look at N weeks, from Monday to Sunday in UTC, the current one included.",
)
@click.option("--family", metavar="ID", help="Only this claim family.")
@click.option(
    "--json", "json_file", metavar="FILE", type=_FILE, help="Write all of it as JSON; - for the output."
)
@click.option(
    "--csv",
    "csv_file",
    metavar="FILE",
    type=_FILE,
    help="Write the figures by week and family as CSV; - too.",
)
@click.option("--plot", metavar="FILE", type=_FILE, help="Draw them as a PNG; needs matplotlib.")
def command(
    server: str | None,
    weeks: int,
    family: str | None,
    json_file: Path | None,
    csv_file: Path | None,
    plot: Path | None,
) -> None:
    """Show replies, holds, votes and false alarms by week and claim family.

    A server's ID is that in Discord, or "studio" for the room in the browser. A bot that runs on the same
    database need not be stopped. A false alarm is a reply that somebody voted "not what I said"; their share
    is of the replies voted on, with the 95 % interval of Wilson (1927).
    """
    if plot is not None:
        require_plotting()
    if json_file == csv_file == _OUTPUT:
        raise click.UsageError("--json - and --csv - cannot both go to the output")
    database, this_week = load_settings().database, week_of(datetime.now(UTC))
    if not database.exists():
        raise StoreUnavailableError(
            f"there is no database at {database} yet; the bot makes it when it runs (DATA_DIR says where)"
        )
    counts = asyncio.run(_counts(database, server, since=first_week(this_week, weeks)))
    statistics = tabulate(counts, last=this_week, weeks=weeks, family=family)
    if plot is not None:
        _draw(statistics, plot, server=server)
    if json_file is not None:
        _write(json.dumps(as_json(statistics, server=server), indent=2) + "\n", json_file)
    if csv_file is not None:
        _write(as_csv(statistics), csv_file)
    if _OUTPUT not in (json_file, csv_file):
        _show(statistics)


async def _counts(database: Path, server: str | None, *, since: date) -> tuple[KeptCount, ...]:
    async with SQLiteStore.open(database) as store:
        return await store.counts(server=server, since=since)


def _draw(statistics: Statistics, path: Path, *, server: str | None) -> None:
    about = "all servers" if server is None else f"server {server}"
    picture = draw(statistics, title=f"Caveat bot, {about}")
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise PlotError(f"{path} cannot be written: {error.strerror or error}") from error


def _write(text: str, path: Path) -> None:
    if path == _OUTPUT:
        click.echo(text, nl=False)
        return
    try:
        # What is written has its line ends already: those of CSV are its own.
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror or error}") from error


def _show(statistics: Statistics) -> None:
    to = console()
    to.print(Text(visible(summary(statistics))))
    if statistics.families:
        to.print()
        to.print(Text(visible(text_table(statistics, limit=ENDLESS))))
        to.print()
        to.print(Text(LEGEND, style="dim"))
