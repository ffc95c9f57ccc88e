"""`/rules backtest`: what the rules here would have found and said in a room over some days."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.gateway.incoming import incoming_from
from bot.gateway.outbox import REFUSALS
from bot.gateway.rendering import CALM, shortened
from bot.gateway.rules.changing import Command
from bot.gateway.rules.desk import RulesDesk
from bot.gateway.rules.past import Readable, Teller, may_read, page_of
from bot.gateway.rules.said import Said
from bot.gateway.rules.words import named, plain, snippet
from bot.matching.compile import CompiledRulebook
from bot.replies.model import SpeakingSettings

if TYPE_CHECKING:
    from bot.backtest.model import Message
    from bot.backtest.tally import Figures, Report, Shown

Asking = discord.Interaction[Any]

MOST_DAYS = 90
MOST_MESSAGES = 10_000
"""So many messages of a room are looked at, at most; the newest ones."""
SAMPLES = 2
"""Messages that are shown for each rule."""
RULES_SHOWN = 15
SAMPLES_SHOWN = 10
CARD_LIMIT = 2800
"""Characters of a card; two of them stay below Discord's 6,000."""
NOT_READABLE = "I may not read what was said there: give me View Channels and Read Message History."


def backtest_commands(desk: RulesDesk) -> Sequence[Command]:
    """Make the command."""

    @app_commands.command(name="backtest", description="What the rules here would have done in a room lately")
    @app_commands.describe(room="The channel or thread", days="Over how many days, up to 90")
    async def command(
        interaction: Asking,
        room: app_commands.AppCommandThread | discord.TextChannel | discord.VoiceChannel,
        days: app_commands.Range[int, 1, MOST_DAYS],
    ) -> None:
        await desk.answer(interaction, partial(backtest_said, desk, interaction, room.id, days))

    return (command,)


async def backtest_said(desk: RulesDesk, interaction: Asking, room: int, days: int) -> Said:
    """Run the rules of a server over what was said in a room. Nothing of it is stored.

    Args:
        desk: knows rules and settings.
        interaction: who asks; they are told how far it is.
        room: the id of the channel or thread.
        days: over how many days.

    Returns:
        what would have been found and said.
    """
    server = str(interaction.guild_id)
    channel = interaction.guild.get_channel_or_thread(room) if interaction.guild is not None else None
    if not isinstance(channel, Readable) or not may_read(channel):
        return Said(NOT_READABLE)

    async def tell(done: int, wanted: int) -> None:
        await desk.told(interaction, f"Reading back: {done:,} messages so far, at most {wanted:,} …")

    since = interaction.created_at - timedelta(days=days)
    teller = Teller(tell, patience=desk.patience)
    messages, is_cut = await _read_back(channel, since=since, teller=teller, pause=desk.pause)
    settings = await desk.checker.settings_of(server)
    rulebook = desk.checker.rulebook_of(server)
    report = await asyncio.to_thread(_report, messages, rulebook, settings)
    return _said(report, room=channel, server=server, days=days, is_cut=is_cut)


async def _read_back(
    channel: Readable, *, since: datetime, teller: Teller, pause: float
) -> tuple[list[Message], bool]:
    """Read a room back to a time; oldest first, and whether there was more than is looked at."""
    messages: list[Message] = []
    before: int | None = None
    while len(messages) < MOST_MESSAGES:
        try:
            page = await page_of(channel, before=before)
        except REFUSALS:
            break
        messages += [_message(one) for one in page if one.created_at >= since]
        if not page or page[-1].created_at < since:
            return messages[::-1], False
        before = page[-1].id
        await teller.tell(len(messages), MOST_MESSAGES)
        await asyncio.sleep(pause)
    return messages[::-1], True


def _message(message: discord.Message) -> Message:
    from bot.backtest.model import Message, Skip  # noqa: PLC0415  # as in `_report`

    incoming = incoming_from(message)
    if incoming is None:
        skip = Skip.BOT if message.author.bot or message.webhook_id is not None else Skip.SYSTEM
        return Message("", id=str(message.id), sent_at=message.created_at, skip=skip)
    reference = message.reference
    return Message(
        text=incoming.text,
        id=incoming.id,
        server=incoming.server,
        room=incoming.room,
        author=incoming.author,
        sent_at=incoming.sent_at,
        parents=incoming.parents,
        roles=tuple(sorted(incoming.roles)),
        answers=str(reference.message_id) if reference is not None and reference.message_id else None,
        forwarded=incoming.forwarded,
        skip=None if incoming.text else Skip.EMPTY,
    )


def _report(messages: list[Message], rulebook: CompiledRulebook, settings: SpeakingSettings) -> Report:
    # A start is 20 ms shorter without them; they are needed when somebody asks.
    from bot.backtest.model import Books, Plan  # noqa: PLC0415
    from bot.backtest.running import backtest, here  # noqa: PLC0415

    plan = Plan(Books(rulebook.source), settings, SAMPLES)
    return backtest(messages, plan, look_at=here((rulebook,), samples=SAMPLES))


def _said(report: Report, *, room: Readable, server: str, days: int, is_cut: bool) -> Said:
    total, looked_at = report.tested.total, report.census.messages
    noun = "day" if days == 1 else "days"
    head = [
        f"**<#{room.id}>, the last {days} {noun}: {looked_at:,} messages of members.**",
        f"{total.found:,} with a finding, {total.due:,} to be answered, {total.replied:,} answered once "
        "cool-downs are counted.",
    ]
    if is_cut:
        head.append("-# Further back I did not look: there is more, or Discord did not give it.")
    if not total.found:
        return Said("\n".join(head))
    cards = [_card("By rule: found, to be answered, answered", _figures(report))]
    shown = [_sample(one, room, server) for one in report.samples[:SAMPLES_SHOWN]]
    if shown:
        cards.append(_card("Samples", "\n".join(shown)))
    return Said("\n".join(head), tuple(cards))


def _card(title: str, text: str) -> discord.Embed:
    return discord.Embed(title=title, description=shortened(text, limit=CARD_LIMIT), colour=CALM)


def _figures(report: Report) -> str:
    ranked = sorted(report.tested.rules.items(), key=lambda pair: (-pair[1].found, pair[0]))
    return "\n".join(_lines(ranked))


def _lines(ranked: Sequence[tuple[str, Figures]]) -> Iterator[str]:
    for rule, figures in ranked[:RULES_SHOWN]:
        yield f"- {named(rule)}: {figures.found:,}, {figures.due:,}, {figures.replied:,}"
    if len(ranked) > RULES_SHOWN:
        yield f"-# … and {len(ranked) - RULES_SHOWN} more rules"


def _sample(shown: Shown, room: Readable, server: str) -> str:
    sample = shown.sample
    spans = [(finding.start, finding.end) for finding in sample.findings]
    link = f"https://discord.com/channels/{server}/{room.id}/{sample.id}"
    text = snippet(sample.text, spans)
    return f"- {named(sample.key.rule)}, [{plain(shown.decision)}]({link}): {text}"
