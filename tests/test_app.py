"""The parts put together: rules that change while it runs, the page, Discord, and a clean end."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace

from bot.app import _moderators, _put_together, run
from bot.errors import RulebookError, SettingsError, StudioError, TokenError
from bot.moderation.changes import RollBack
from bot.moderation.model import Proposal
from bot.settings import DATABASE, Secret, Settings
from bot.store.model import NewVersion
from bot.store.sqlite import SQLiteStore
from bot.studio.health import SERVER
from tests.loopback import LoopbackDiscord

SMALL_RULES = Path(__file__).resolve().parent / "small_rules"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder of rules that a test may change."""
    return Path(shutil.copytree(SMALL_RULES, tmp_path / "rules"))


@pytest.fixture
def settings(tmp_path: Path, rules: Path) -> Settings:
    return Settings(discord_token=None, rules_dir=rules, data_dir=tmp_path / "data", host="127.0.0.1", port=0)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[str]:
    """Run the bot until the context ends; gives where its page is."""
    announced: asyncio.Queue[str] = asyncio.Queue()
    stop = asyncio.Event()
    task = asyncio.create_task(run(settings, announce=announced.put_nowait, stop=stop))
    line = asyncio.create_task(announced.get())
    await asyncio.wait({task, line}, return_when=asyncio.FIRST_COMPLETED)
    if not line.done():
        line.cancel()
        await task
    address = re.search(r"http://\S+/", line.result())
    assert address is not None
    try:
        yield address[0]
    finally:
        stop.set()
        await task


async def health(address: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"{address}healthz") as response:
        told: dict[str, Any] = json.loads(await response.text())
        return told


async def until(address: str, condition: Callable[[dict[str, Any]], bool]) -> None:
    """Wait until the health is so; pytest's own time limit ends a wait in vain."""
    while not condition(await health(address)):  # noqa: ASYNC110  # what is waited for is behind a web server
        await asyncio.sleep(0.05)


async def test_without_a_token_it_serves_the_room(settings: Settings, tmp_path: Path) -> None:
    async with running(settings) as address, aiohttp.ClientSession() as session:
        async with session.get(address) as response:
            assert response.status == 200
            assert "text/html" in response.headers["Content-Type"]
        assert (await health(address))["discord"]["state"] == "not used"
    assert (tmp_path / "data" / DATABASE).is_file()


async def test_changed_rules_come_into_force_while_it_runs(settings: Settings, rules: Path) -> None:
    claims = rules / "claims" / "garlic-safe.yaml"
    async with running(settings) as address:
        digest = (await health(address))["rulebook"]["digest"]
        text = claims.read_text(encoding="utf-8")
        claims.write_text(text.replace("status: shadow", "status: live"), encoding="utf-8")
        await until(address, lambda told: told["rulebook"]["digest"] != digest)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("status: shadow", "status: loud", "garlic-safe.yaml:3:"),
        ("- garlic is harmless", "- garlic is purple", "should fire on “garlic is purple”"),
    ],
)
async def test_broken_rules_are_told_and_kept_out(
    settings: Settings, rules: Path, caplog: pytest.LogCaptureFixture, before: str, after: str, told: str
) -> None:
    claims = rules / "claims" / "garlic-safe.yaml"
    sound = claims.read_text(encoding="utf-8")
    with caplog.at_level(logging.INFO, logger="bot.app"):
        async with running(settings) as address:
            digest = (await health(address))["rulebook"]["digest"]
            claims.write_text(sound.replace(before, after), encoding="utf-8")
            await until(address, lambda told: told["rulebook"]["faults"] == 1)
            assert (await health(address))["rulebook"]["digest"] == digest
            assert (await health(address))["ok"] is True
            claims.write_text(sound, encoding="utf-8")
            await until(address, lambda told: told["rulebook"]["faults"] == 0)
    assert told in caplog.text
    assert "hold no faults any more" in caplog.text


async def test_it_does_not_start_on_rules_that_do_not_hold(settings: Settings, rules: Path) -> None:
    claims = rules / "claims" / "garlic-safe.yaml"
    text = claims.read_text(encoding="utf-8")
    claims.write_text(text.replace("- garlic is harmless", "- garlic is purple"), encoding="utf-8")
    with pytest.raises(
        RulebookError, match=r"garlic-safe\.yaml:12:9: the rule garlic-is-harmless should fire"
    ):
        async with running(settings):
            pass


async def test_a_missing_folder_of_rules_is_told(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        async with running(replace(settings, rules_dir=tmp_path / "nowhere")):
            pass


async def test_a_taken_port_leaves_nothing_open(settings: Settings, tmp_path: Path) -> None:
    async with running(settings) as address:
        port = int(address.rstrip("/").rsplit(":", 1)[1])
        second = replace(settings, port=port, data_dir=tmp_path / "other")
        with pytest.raises(StudioError, match="set PORT"):
            async with running(second):
                pass
    assert not (tmp_path / "other" / f"{DATABASE}-wal").exists()


async def test_with_a_token_it_joins_discord_and_serves_no_room(settings: Settings) -> None:
    async with LoopbackDiscord() as discord:
        joining = replace(
            settings,
            discord_token=Secret(discord.token),
            discord_api_url=discord.api_url,
            discord_gateway_url=discord.gateway_url,
        )
        async with running(joining) as address:
            await until(address, lambda told: told["discord"]["state"] == "connected")
            async with aiohttp.ClientSession() as session, session.get(address) as response:
                assert response.status == 404


async def test_a_wrong_token_is_told(settings: Settings) -> None:
    async with LoopbackDiscord() as discord:
        wrong = replace(
            settings,
            discord_token=Secret("somebody.elses.token"),
            discord_api_url=discord.api_url,
            discord_gateway_url=discord.gateway_url,
        )
        with pytest.raises(TokenError):
            await run(wrong, announce=lambda _: None)


async def test_a_servers_own_rules_are_in_force_from_the_start(settings: Settings) -> None:
    overlay = NewVersion(SERVER, None, datetime.now(UTC), "x", "families: {cold-relief: off}\n", "d" * 64)
    async with SQLiteStore.open(settings.database) as store:
        await store.save_version(overlay, seen=0)
    async with AsyncExitStack() as stack:
        parts = await _put_together(settings, None, stack)
        claim = "garlic cured my cold"
        assert parts.checker.check(claim).findings.found
        assert not parts.checker.check(claim, server=SERVER).findings.found
        moderation = (await _moderators(parts, stack)).moderation
        proposal = await moderation.propose(SERVER, RollBack(0), by=None, why="x")
        assert isinstance(proposal, Proposal)
        await moderation.confirm(proposal)
        assert parts.checker.check(claim, server=SERVER).findings.found


async def test_changes_that_do_not_fit_are_told_in_the_log_without_their_words(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    text = "rules:\n  garlic-cures-colds:\n    examples: {fires: [secret words of a member]}\n"
    async with SQLiteStore.open(settings.database) as store:
        await store.save_version(NewVersion("s1", None, datetime.now(UTC), "x", text, "d" * 64), seen=0)
    with caplog.at_level(logging.INFO, logger="bot.app"):
        async with running(settings) as address:
            assert (await health(address))["ok"]
    assert "server s1: Version 1 of this server's changes does not fit" in caplog.text
    assert "server s1: overlay.yaml:3:24" in caplog.text
    assert "secret" not in caplog.text
