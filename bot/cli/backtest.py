"""`caveat-bot backtest`: what the rules would have found, and said, in exported messages."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import click

from bot import __version__
from bot.backtest.exports import Exports
from bot.backtest.ledger import Ledger
from bot.backtest.model import Books, Plan
from bot.backtest.plot import draw
from bot.backtest.pool import cores, pooled
from bot.backtest.report import COLUMNS, Reading, as_json, rows_of
from bot.backtest.running import ChangedInputError, backtest
from bot.backtest.tally import Report
from bot.cli.backtest_view import show
from bot.cli.bars import bytes_watched
from bot.cli.options import chosen_rules, rules_option
from bot.cli.view import console
from bot.errors import ExportError, Fault, ResumeError, SettingsError
from bot.plotting import require_plotting
from bot.replies.model import SpeakingSettings
from bot.rulebook.load import load_rulebook
from bot.settings import load_settings
from bot.shipped import rules_folder

_FILE = click.Path(dir_okay=False, path_type=Path)
_OUTPUT = Path("-")


@click.command("backtest")
@click.argument(
    "exports", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="EXPORT..."
)
@rules_option
@click.option(
    "--against",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Compare with the rules of another folder: what is newly caught, no longer caught, changes owner.",
)
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1, 256), help="Look with N processes; without it one a core."
)
@click.option(
    "--samples",
    metavar="N",
    type=click.IntRange(0, 100),
    default=3,
    show_default=True,
    help="Show N messages for each rule and each kind of difference.",
)
@click.option(
    "--resume",
    metavar="FILE",
    type=_FILE,
    help="Keep the state in FILE, and go on with it after an interruption; it is removed at the end.",
)
@click.option(
    "--json", "json_file", metavar="FILE", type=_FILE, help="Write all of it as JSON; - for output."
)
@click.option("--csv", "csv_file", metavar="FILE", type=_FILE, help="Write the figures as CSV; - for output.")
@click.option(
    "--plot", metavar="FILE", type=_FILE, help="Draw findings by week and family as a PNG; needs matplotlib."
)
def command(
    exports: tuple[Path, ...],
    rules: Path | None,
    against: Path | None,
    jobs: int | None,
    samples: int,
    resume: Path | None,
    json_file: Path | None,
    csv_file: Path | None,
    plot: Path | None,
) -> None:
    """Tell what the rules would have found, and said, in exported messages.

    EXPORT is one or more files, folders or zip files; what each file is, its content tells. Every message is
    looked at with what was said before it, and decided about at the time when it was sent, so that cool-downs
    count as they would have. Bots, Discord's own announcements and empty messages are passed over. The
    same messages and rules always give the same, however many processes look.

    \b
    read   DiscordChatExporter: JSON, CSV
           Discord's data package: the folder or the zip file
           one JSON object a line: {"text": "..."}, and where known "id", "author", "channel",
           "time" (ISO 8601, or seconds since 1970); without time neither context nor cool-down
           single files may be packed with gzip
    found  messages in which a rule finds something, whoever stands behind it
    due    messages that would be answered, were it not for cool-downs
    """
    if plot is not None:
        require_plotting()
    if json_file == csv_file == _OUTPUT:
        raise click.UsageError("--json - and --csv - cannot both go to the output")
    plan = _plan(rules, against, samples)
    report, reading = _run(exports, plan, jobs or cores(), resume)
    if plot is not None:
        draw(report, plot)
    if json_file is not None:
        _write(json.dumps(as_json(report, reading), indent=2) + "\n", json_file)
    if csv_file is not None:
        _write(_table(report), csv_file)
    if _OUTPUT not in (json_file, csv_file):
        show(report, reading, to=console())
    if reading.faults:
        raise ExportError(reading.faults, untold=reading.faults_untold)


def _plan(rules: Path | None, against: Path | None, samples: int) -> Plan:
    settings = load_settings()
    tested = load_rulebook(chosen_rules(rules))
    other = load_rulebook(rules_folder(against)) if against is not None else None
    speaking = SpeakingSettings(
        room_cooldown=settings.room_cooldown_seconds, member_cooldown=settings.member_cooldown_seconds
    )
    return Plan(Books(tested, other), speaking, samples)


def _run(paths: tuple[Path, ...], plan: Plan, jobs: int, resume: Path | None) -> tuple[Report, Reading]:
    with bytes_watched("looking") as watch:
        exports = Exports(paths, watch=watch)
        with Ledger(resume, run=_identity(exports, plan)) as ledger:
            look = pooled(plan.books, samples=plan.samples, jobs=jobs)
            try:
                report = backtest(exports.messages(), plan, look_at=look, record=ledger)
            except ChangedInputError as error:
                raise ResumeError(
                    f"{resume} belongs to other messages: an export has changed since then. "
                    "Delete it to begin anew, or name another file"
                ) from error
            except KeyboardInterrupt:
                if resume is not None:
                    click.echo(f"interrupted; the same command goes on where it was ({resume})", err=True)
                raise
            _require_messages(report, exports, paths)
            ledger.discard()
    return report, Reading(
        files=exports.files,
        passed_over=exports.passed_over,
        passed_over_count=exports.passed_over_count,
        faults=exports.faults,
        faults_untold=exports.faults_untold,
    )


def _identity(exports: Exports, plan: Plan) -> dict[str, str]:
    """What makes up a run: with anything else than this, its state is worth nothing."""
    against = plan.books.against
    return {
        "the exports": json.dumps(exports.identity),
        "the rules": plan.books.tested.digest,
        "the rules compared with": against.digest if against is not None else "",
        "--samples": str(plan.samples),
        "the program's version": __version__,
    }


def _require_messages(report: Report, exports: Exports, paths: tuple[Path, ...]) -> None:
    if report.census.messages:
        return
    if exports.faults:
        raise ExportError(exports.faults, untold=exports.faults_untold)
    skipped = sum(report.census.skipped.values())
    problem = "there is no message to look at"
    raise ExportError(
        [
            Fault(
                paths[0],
                1,
                1,
                f"{problem}, only {skipped} that are passed over." if skipped else f"{problem}.",
            )
        ]
    )


def _table(report: Report) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows_of(report))
    return text.getvalue()


def _write(text: str, file: Path) -> None:
    if file == _OUTPUT:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror or error}") from error
