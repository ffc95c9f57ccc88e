"""`caveat-bot rules export|import|history|rollback`: a server's own changes to the rules, in the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click
from rich.table import Table
from rich.text import Text

from bot.cli.options import chosen_rules, rules_option
from bot.cli.view import console, visible
from bot.errors import RulebookError, SettingsError, StoreUnavailableError
from bot.moderation.changes import Change, RollBack, WholeOverlay
from bot.moderation.model import Conflict, Proposal, Refusal
from bot.moderation.moderation import Moderation
from bot.moderation.notices import Notices
from bot.moderation.ordinary import BANK_FILE, load_ordinary_chat
from bot.moderation.repair import Repairs
from bot.moderation.rulebooks import Rulebooks
from bot.proof import prove
from bot.rulebook.overlay import LONGEST_OVERLAY, OVERLAY_FILE
from bot.settings import load_settings
from bot.shipped import rules_file
from bot.store.sqlite import SQLiteStore

ResultT = TypeVar("ResultT")

_MOST_BYTES = 4 * LONGEST_OVERLAY

why_option = click.option(
    "--why",
    required=True,
    metavar="TEXT",
    help="Why, for the moderator who comes after; kept in the history.",
)


@click.command("export")
@click.argument("server")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--rule", metavar="ID", help="Only this rule, in the form of the files in claims/.")
@rules_option
def export(server: str, file: Path | None, rule: str | None, rules: Path | None) -> None:
    """Write a server's own changes as YAML.

    SERVER is the server's id in Discord, or "studio" for the room in the browser. Without FILE they are
    printed. A rule exported with --rule can be put into claims/ as it is, to offer it to everybody.
    """
    text = _run(rules, lambda moderation: _exported(moderation, server, rule))
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror or error}") from error
    click.echo(f"written: {file}")


@click.command("import")
@click.argument("server")
@click.argument("file", type=click.Path(path_type=Path))
@why_option
@rules_option
def import_(server: str, file: Path, why: str, rules: Path | None) -> None:
    """Put a server's own changes in force.

    FILE holds all changes of the server, as `rules export` writes them. They pass the same gate as
    everywhere: every example of every rule holds, none changes its owner, and no rule reaches into ordinary
    chat. A bot that runs on the same database takes them within seconds.
    """
    text = _text_of(file)
    _run(rules, lambda moderation: _changed(moderation, server, WholeOverlay(text), why, file=file))


@click.command("history")
@click.argument("server")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="How many at most.")
@rules_option
def history(server: str, limit: int, rules: Path | None) -> None:
    """List the versions of a server's own changes, newest first."""
    versions = _run(rules, lambda moderation: moderation.history(server, limit=limit))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("version", "saved", "by", "state", "why"):
        table.add_column(heading, overflow="fold")
    for place, version in enumerate(versions):
        state = ("set aside" if version.set_aside is not None else "in force") if place == 0 else ""
        saved = f"{version.saved.astimezone(UTC):%Y-%m-%d %H:%M}"
        row = (str(version.number), saved, version.author or "–", state, version.why)
        table.add_row(*(Text(visible(cell)) for cell in row))
    console().print(table if versions else "This server has no changes of its own.")


@click.command("rollback")
@click.argument("server")
@click.argument("number", type=click.IntRange(0))
@why_option
@rules_option
def rollback(server: str, number: int, why: str, rules: Path | None) -> None:
    """Put an earlier version in force, as a new one.

    NUMBER is the version's; 0 is the rules without any change. A version that does not pass the gate any more
    is refused, and stays in the history.
    """
    _run(rules, lambda moderation: _changed(moderation, server, RollBack(number), why))


COMMANDS = (export, import_, history, rollback)


def _run(rules: Path | None, work: Callable[[Moderation], Coroutine[object, object, ResultT]]) -> ResultT:
    async def running() -> ResultT:
        async with _opened(rules) as moderation:
            return await work(moderation)

    return asyncio.run(running())


@asynccontextmanager
async def _opened(rules: Path | None) -> AsyncIterator[Moderation]:
    settings = load_settings()
    base = await asyncio.to_thread(prove, chosen_rules(rules))
    chat = load_ordinary_chat(rules_file(rules if rules is not None else settings.rules_dir, BANK_FILE))
    async with (
        SQLiteStore.open(settings.database) as store,
        Rulebooks(base=base, store=store, clock=_now, notices=Notices()) as rulebooks,
    ):
        # What this notes is done by the bot that runs.
        repairs = Repairs(rulebooks=rulebooks, store=store, notices=Notices(), clock=_now)
        yield Moderation(rulebooks=rulebooks, store=store, chat=chat, clock=_now, repairs=repairs)


def _now() -> datetime:
    return datetime.now(UTC)


async def _exported(moderation: Moderation, server: str, rule: str | None) -> str:
    if rule is None:
        return await moderation.export(server)
    shown = await moderation.show(server, rule)
    if shown is None:
        raise click.BadParameter(f"this server has no rule {rule!r}.", param_hint="--rule")
    return shown.text


async def _changed(
    moderation: Moderation, server: str, change: Change, why: str, *, file: Path | None = None
) -> None:
    proposal = await moderation.propose(server, change, by=None, why=why)
    outcome = await moderation.confirm(proposal) if isinstance(proposal, Proposal) else proposal
    if isinstance(outcome, Refusal):
        faults = outcome.faults
        if file is not None:
            faults = tuple(one.in_file(file) if one.path == OVERLAY_FILE else one for one in faults)
        raise RulebookError(faults)
    if isinstance(outcome, Conflict):
        raise StoreUnavailableError(
            f"version {outcome.newer.number} was saved meanwhile; look at it and try again"
        )
    to = console()
    to.print(Text(f"Version {outcome.number} is in force on {server}.", style="bold green"))
    to.print(Text(visible(outcome.difference)))
    for remark in proposal.remarks if isinstance(proposal, Proposal) else ():
        to.print(Text(visible(remark), style="yellow"))


def _text_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            raw = opened.read(_MOST_BYTES + 1)
        # What is longer is refused anyway, and may end in the middle of a character.
        return raw.decode("utf-8-sig", errors="replace" if len(raw) > _MOST_BYTES else "strict")
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} is not UTF-8 text; save it as UTF-8") from error
