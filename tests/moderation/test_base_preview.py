"""Other files of rules are tried on recent messages before they go in force."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.moderation.base_preview import BasePreviews
from bot.moderation.changes import NewRule, SetFamilyStatus
from bot.moderation.notices import BaseChanged, sentence
from bot.proof import Proven, prove
from bot.replies.model import Incoming, SpeakingSettings
from bot.rulebook.model import Status
from tests.moderation.desk import TONIC, Desk, Past

HARMLESS = "garlic is harmless"


@dataclass
class Lookers(Past):
    """Servers that look on; one of them may take for ever or fail."""

    ids: Sequence[str] = ("s1",)
    stuck: str = ""
    broken: str = ""

    async def servers(self) -> Sequence[str]:
        return self.ids

    async def recent(self, server: str, limit: int) -> Sequence[Incoming]:
        if server == self.stuck:
            await asyncio.sleep(3600)
        if server == self.broken:
            raise StoreError("the disk is gone")
        return await super().recent(server, limit)


@pytest.fixture
def louder(rules: Path) -> Proven:
    """The small rules with one more rule that speaks."""
    claims = rules / "claims" / "garlic-safe.yaml"
    claims.write_text(
        claims.read_text(encoding="utf-8").replace("status: shadow", "status: live"), encoding="utf-8"
    )
    return prove(rules)


def previews(desk: Desk, lookers: Lookers, seconds: float = 60.0) -> BasePreviews:
    async def settings_of(_: str) -> SpeakingSettings:
        return SpeakingSettings()

    trying = BasePreviews(rulebooks=desk.rulebooks, settings_of=settings_of, seconds=seconds)
    trying.show_to(lookers)
    return trying


async def test_what_other_files_do_is_found_out_and_told_with_them(desk: Desk, louder: Proven) -> None:
    found = await previews(desk, Lookers(["garlic cured my cold", HARMLESS])).of(louder)
    assert str(found["s1"]) == "+1 message, −0, of the last 2 here"
    assert [one.message.text for one in found["s1"].changed] == [HARMLESS]
    assert desk.kinds() == []
    await desk.rulebooks.use_base(louder, found)
    notice = desk.heard[0]
    assert isinstance(notice, BaseChanged)
    assert notice.changed == ("garlic-is-harmless",)
    assert not notice.words
    assert "New, changed or gone: `garlic-is-harmless`." in sentence(notice)
    assert notice.previews == found


async def test_a_servers_own_changes_lie_over_the_files_in_the_preview_too(
    desk: Desk, louder: Proven
) -> None:
    await desk.confirmed(SetFamilyStatus("garlic-safe", Status.OFF))
    found = await previews(desk, Lookers([HARMLESS], ids=("s1", "s2"))).of(louder)
    assert not found["s1"].changed
    assert len(found["s2"].changed) == 1


async def test_changes_that_would_be_set_aside_leave_the_files_alone(desk: Desk, rules: Path) -> None:
    await desk.confirmed(
        NewRule(
            TONIC.replace("<garlic> tonic", "<handful> <garlic> tonic").replace(
                "garlic tonic for", "handful of garlic tonic for"
            )
        )
    )
    lexicon = rules / "lexicon.yaml"
    lexicon.write_text(lexicon.read_text(encoding="utf-8").replace("handful", "bunch"), encoding="utf-8")
    narrower = prove(rules)
    assert await desk.rulebooks.would_be("s1", narrower) is narrower.rulebook
    found = await previews(desk, Lookers(["a handful of garlic tonic for the win"])).of(narrower)
    assert str(found["s1"]).startswith("+0 messages, −1")
    await desk.rulebooks.use_base(narrower, found)
    notice = next(notice for notice in desk.heard if isinstance(notice, BaseChanged))
    assert "Words of the lexicon are others." in sentence(notice)


async def test_a_server_that_takes_too_long_keeps_no_rules_back(
    desk: Desk, louder: Proven, caplog: pytest.LogCaptureFixture
) -> None:
    lookers = Lookers([HARMLESS], ids=("s1", "s2"), stuck="s1")
    with caplog.at_level(logging.INFO):
        found = await previews(desk, lookers, seconds=1.0).of(louder)
    assert list(found) == ["s2"]
    assert "no time" in caplog.text


async def test_a_server_that_cannot_be_looked_at_keeps_no_other_back(
    desk: Desk, louder: Proven, caplog: pytest.LogCaptureFixture
) -> None:
    found = await previews(desk, Lookers([HARMLESS], ids=("s1", "s2"), broken="s1")).of(louder)
    assert list(found) == ["s2"]
    assert "server s1: other rules could not be tried: the disk is gone" in caplog.text


async def test_with_nobody_to_look_on_nothing_is_looked_up(desk: Desk, louder: Proven) -> None:
    async def settings_of(_: str) -> SpeakingSettings:
        raise AssertionError

    assert await BasePreviews(rulebooks=desk.rulebooks, settings_of=settings_of).of(louder) == {}
