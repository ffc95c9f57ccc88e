"""What moderators are told of rules in their channel."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import run
from bot.errors import Fault
from bot.moderation.notices import (
    BaseChanged,
    BaseMended,
    BaseRefused,
    Notice,
    OverlayChanged,
    OverlayFitsAgain,
    OverlaySetAside,
    TrialEnded,
)
from bot.proof import Proven
from bot.replies.model import SpeakingSettings
from bot.settings import Secret, Settings
from bot.store.model import KeptVersion, NewVersion
from bot.store.sqlite import SQLiteStore
from tests.gateway.conftest import SMALL_RULES
from tests.gateway.office import Office, opened
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.places import Channel
from tests.rulebook.small_language import SPANISH, add_spanish

BROKEN = BaseRefused(
    (Fault(Path("/srv/rules/claims/colds.yaml"), 3, 11, "`loud` is no status.", "Write `live`. @everyone"),)
)


@pytest.fixture
def office_room(guild: Guild) -> Channel:
    return guild.create_channel("office")


@pytest.fixture
async def office(
    discord: LoopbackDiscord, guild: Guild, store: SQLiteStore, base: Proven, office_room: Channel
) -> AsyncIterator[Office]:
    async with opened(discord, guild, store, base) as office:
        settings = SpeakingSettings(moderators_room=str(office_room.id))
        await office.checker.save_settings(office.server, settings)
        yield office


def version(server: str) -> KeptVersion:
    return KeptVersion(server, None, datetime.now(UTC), "x", "x", "d" * 64, number=7)


async def test_broken_files_are_told_with_their_place_and_that_they_are_mended(
    office: Office, discord: LoopbackDiscord, office_room: Channel
) -> None:
    await office.bot.start()
    await office.notices.tell(BROKEN)
    told = await discord.wait_for_message(office_room)
    assert "the last good ones stay in force" in told.text
    assert "`claims/colds.yaml:3:11` `loud` is no status" in told.text.replace("\\", "")
    assert "/srv" not in told.text
    assert told.pings_nobody
    await office.notices.tell(BaseMended())
    assert "no faults any more" in (await discord.wait_for_message(office_room, count=2)).text


@pytest.mark.parametrize("mended", [BaseMended(), BaseChanged("d" * 64, 3)])
async def test_only_what_was_told_to_be_broken_is_told_to_be_mended(
    office: Office, discord: LoopbackDiscord, office_room: Channel, mended: Notice
) -> None:
    await office.notices.tell(BROKEN)
    await office.notices.tell(mended)
    await office.bot.start()
    await discord.quiet()
    assert office_room.messages == []


async def test_what_happened_before_discord_was_joined_is_told_then(
    office: Office, discord: LoopbackDiscord, office_room: Channel
) -> None:
    fault = Fault(Path("overlay.yaml"), 2, 5, "there is no rule `x`.")
    await office.notices.tell(OverlaySetAside(office.server, version(office.server), (fault,)))
    await office.bot.start()
    told = await discord.wait_for_message(office_room)
    assert "Version 7" in told.text
    assert "`overlay.yaml:2:5`" in told.text


async def test_what_happens_to_a_servers_own_rules_is_told_there_only(
    office: Office, discord: LoopbackDiscord, office_room: Channel
) -> None:
    await office.bot.start()
    await office.notices.tell(OverlaySetAside("12345", version("12345"), ()))
    await office.notices.tell(OverlayChanged(office.server, version(office.server)))
    await office.notices.tell(OverlayFitsAgain(office.server, version(office.server)))
    await office.notices.tell(TrialEnded(office.server, ("our-tonic",)))
    told = await discord.wait_for_message(office_room, count=2)
    assert "our-tonic" in told.text
    await discord.quiet()
    assert len(office_room.messages) == 2


async def test_without_a_channel_or_a_right_nobody_is_told_and_the_next_is(
    office: Office, discord: LoopbackDiscord, guild: Guild, office_room: Channel
) -> None:
    await office.bot.start()
    discord.fail_next("POST /channels/{channel_id}/messages", status=403, code=50013)
    await office.notices.tell(BROKEN)
    await discord.wait_until(lambda: bool(discord.requests_to("POST /channels/{channel_id}/messages")))
    await office.notices.tell(BROKEN)
    await discord.wait_for_message(office_room)
    await office.checker.save_settings(office.server, SpeakingSettings())
    await office.notices.tell(BROKEN)
    await discord.quiet()
    assert len(office_room.messages) == 1


async def test_faults_beyond_the_first_few_are_counted(
    office: Office, discord: LoopbackDiscord, office_room: Channel
) -> None:
    await office.bot.start()
    many = tuple(Fault(Path("cues.yaml"), line, 1, "x" * 600) for line in range(1, 40))
    await office.notices.tell(BaseRefused(many))
    assert (await discord.wait_for_message(office_room)).text.startswith("**The rules were changed")


@asynccontextmanager
async def whole_bot(discord: LoopbackDiscord, rules: Path, data: Path) -> AsyncIterator[None]:
    """The whole program, as an operator runs it."""
    settings = Settings(
        discord_token=Secret(discord.token),
        discord_api_url=discord.api_url,
        discord_gateway_url=discord.gateway_url,
        rules_dir=rules,
        data_dir=data,
        port=0,
    )
    stop = asyncio.Event()
    running = asyncio.create_task(run(settings, announce=lambda line: None, stop=stop))
    await discord.wait_for_bot(within=30)
    # With the last of it, messages can be looked back at.
    await discord.wait_for(lambda one: one.route.endswith("/commands"), within=30)
    try:
        yield
    finally:
        stop.set()
        await running


async def test_a_file_that_is_broken_while_the_bot_runs_is_told_and_so_is_what_was_set_aside(
    discord: LoopbackDiscord, guild: Guild, office_room: Channel, tmp_path: Path
) -> None:
    rules = Path(shutil.copytree(SMALL_RULES, tmp_path / "rules"))
    data = tmp_path / "data"
    data.mkdir()
    server = str(guild.id)
    gone = NewVersion(server, None, datetime.now(UTC), "x", "rules: {no-such-rule: {cutoff: 90}}\n", "d" * 64)
    async with SQLiteStore.open(data / "caveat.sqlite3") as store:
        await store.save_version(gone, seen=0)
        values: dict[str, object] = {"moderators_room": str(office_room.id)}
        await store.save_settings(server=server, values=values, at=datetime.now(UTC))
    claims = rules / "claims" / "garlic-safe.yaml"
    sound = claims.read_text(encoding="utf-8")
    async with whole_bot(discord, rules, data):
        assert "Version 1" in (await discord.wait_for_message(office_room, within=30)).text
        claims.write_text(sound.replace("status: shadow", "status: loud"), encoding="utf-8")
        told = await discord.wait_for_message(office_room, within=30, count=2)
        assert "`claims/garlic-safe.yaml:3:11`" in told.text
        claims.write_text(sound.replace("status: shadow", "status: live"), encoding="utf-8")
        told = await discord.wait_for_message(office_room, within=30, count=3)
        assert "no faults any more" in told.text


async def test_a_file_that_goes_live_is_told_with_the_messages_it_would_have_answered(
    discord: LoopbackDiscord,
    guild: Guild,
    ana: Member,
    general: Channel,
    office_room: Channel,
    tmp_path: Path,
) -> None:
    rules = Path(shutil.copytree(SMALL_RULES, tmp_path / "rules"))
    data = tmp_path / "data"
    data.mkdir()
    async with SQLiteStore.open(data / "caveat.sqlite3") as store:
        values: dict[str, object] = {"moderators_room": str(office_room.id)}
        await store.save_settings(server=str(guild.id), values=values, at=datetime.now(UTC))
    claims = rules / "claims" / "garlic-safe.yaml"
    text = claims.read_text(encoding="utf-8")
    async with whole_bot(discord, rules, data):
        said = ana.say(general, "garlic is harmless")
        claims.write_text(text.replace("status: shadow", "status: live"), encoding="utf-8")
        told = (await discord.wait_for_message(office_room, within=30)).text
    assert "`garlic-is-harmless`" in told
    assert "+1 message, −0, of the last 1 here" in told
    assert f"[answered now](https://discord.com/channels/{guild.id}/{general.id}/{said.id})" in told
    assert "harmless" not in told.replace("garlic-is-harmless", "")


async def test_a_language_is_taken_from_files_as_they_are_and_its_loss_is_told_and_logged_once(
    discord: LoopbackDiscord,
    guild: Guild,
    general: Channel,
    office_room: Channel,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rules = Path(shutil.copytree(SMALL_RULES, tmp_path / "rules"))
    spanish = add_spanish(rules)
    data = tmp_path / "data"
    data.mkdir()
    async with SQLiteStore.open(data / "caveat.sqlite3") as store:
        values: dict[str, object] = {
            "moderators_room": str(office_room.id),
            "language": "es",
            "room_cooldown": 0,
            "member_cooldown": 0,
        }
        await store.save_settings(server=str(guild.id), values=values, at=datetime.now(UTC))

    async def answers(number: int, wanted: str) -> None:
        """Claim and look until the files are in force; each time somebody else claims."""
        async with asyncio.timeout(30):
            for attempt in range(1000):
                member = guild.create_member(f"ben-{number}-{attempt}")
                reply = await discord.wait_for_reply(member.say(general, "garlic cured my cold"))
                if wanted in reply.text:
                    return

    async with whole_bot(discord, rules, data):
        await answers(1, "Información general.")
        add_spanish(rules, SPANISH.replace("Información general.", "Solo información."))
        await answers(2, "Solo información.")
        add_spanish(rules, SPANISH.replace("  why:", "  wy:"))
        assert "`languages/es.yaml:24:3`" in (await discord.wait_for_message(office_room, within=30)).text
        spanish.unlink()
        await answers(3, "Only a couple of small studies")
        await discord.wait_for_message(office_room, within=30, count=3)  # broken, mended, gone
        await answers(4, "Whether it helps with colds")
        await discord.quiet()
    told = [message.text for message in office_room.messages if "no language `es`" in message.text]
    logged = [record for record in caplog.records if "no language `es`" in record.getMessage()]
    assert len(told) == len(logged) == 1
    assert logged[0].levelname == "WARNING"
    assert f"server {guild.id}" in logged[0].getMessage()
