"""What a moderator is told about a server's figures, before Discord comes in."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

import pytest

from bot.gateway.rendering import MESSAGE_LIMIT
from bot.gateway.statistics import DESCRIPTION_LIMIT, NO_PLOT, Statistician
from bot.replies.checker import Checker
from bot.statistics.table import MOST_WEEKS
from bot.store.model import KeptFinding, KeptReply
from bot.store.sqlite import SQLiteStore

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def statistician(checker: Checker) -> Statistician:
    return Statistician(checker=checker, drawing=asyncio.Lock(), clock=lambda: NOW)


async def keep(store: SQLiteStore, *families: str) -> None:
    """Keep a reply for each family, and a vote and a hold with each."""
    for family in families:
        finding = KeptFinding("rule", family, "asserts", 90, "<garlic>", "some words")
        reply = KeptReply(family, family, "s1", "room", "ann", "full", (finding,), (), (), "d" * 64, NOW)
        await store.keep_reply(reply)
        await store.vote(reply=family, member="bob", vote="not-what-i-said", at=NOW)
        await store.count_hold(server="s1", family=family, reason="cool-down", at=NOW)


async def test_text_table_picture_and_numbers_say_the_same(
    statistician: Statistician, store: SQLiteStore
) -> None:
    await keep(store, "cold-relief", "garlic-safe")
    told = await statistician.tell("s1", weeks=2, family=None)
    assert told.text.startswith("2 weeks (2026-11-16 to 2026-11-29): 2 replies")
    assert "\n```\nfamily " in told.text
    assert NO_PLOT not in told.text
    for which in ("of those voted on", "drops to shadow by itself depends on the share of all its replies"):
        assert which in told.text
    assert told.described.startswith("Four charts. 2 weeks (2026-11-16 to 2026-11-29): 2 replies")
    assert told.picture is not None
    assert told.picture.startswith(b"\x89PNG\r\n")
    assert told.numbers is not None
    assert len(told.numbers.splitlines()) == 1 + 1 + 2


async def test_one_family_and_another_server(statistician: Statistician, store: SQLiteStore) -> None:
    await keep(store, "cold-relief", "garlic-safe")
    told = await statistician.tell("s1", weeks=1, family="garlic-safe")
    assert "This week (2026-11-23 to 2026-11-29): 1 reply." in told.text
    assert "cold-relief" not in told.text
    assert (await statistician.tell("s2", weeks=1, family=None)).text == (
        "This week (2026-11-23 to 2026-11-29): 0 replies. No votes. Nothing to draw yet."
    )


@pytest.mark.parametrize("family", ["garlic-saef", "`@everyone`", "x" * 3000])
async def test_a_family_that_is_not_there_is_told_with_those_that_are(
    statistician: Statistician, family: str
) -> None:
    told = await statistician.tell("s1", weeks=1, family=family)
    assert told.text.startswith("There is no claim family `")
    assert told.text.endswith("There are: `cold-relief`, `garlic-safe`.")
    assert len(told.text) <= MESSAGE_LIMIT
    assert (told.picture, told.numbers) == (None, None)


async def test_a_family_in_which_nothing_happened_is_known(statistician: Statistician) -> None:
    assert "0 replies" in (await statistician.tell("s1", weeks=1, family="cold-relief")).text


async def test_many_families_stay_within_discords_limits(
    statistician: Statistician, store: SQLiteStore
) -> None:
    await keep(store, *(f"a-family-with-a-rather-long-name-{number}" for number in range(60)))
    told = await statistician.tell("s1", weeks=MOST_WEEKS, family=None)
    assert len(told.text) <= MESSAGE_LIMIT
    assert len(told.described) <= DESCRIPTION_LIMIT
    assert " more " in told.text
    assert told.text.count("```") == 2


async def test_without_matplotlib_it_says_so_and_gives_the_table(
    statistician: Statistician, store: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    await keep(store, "cold-relief")
    told = await statistician.tell("s1", weeks=2, family=None)
    assert told.picture is None
    assert told.text.endswith(NO_PLOT)
    assert "cold-relief" in told.text
