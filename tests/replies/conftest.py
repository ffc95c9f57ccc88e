from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.replies.checker import Checker
from bot.store.sqlite import SQLiteStore
from tests.replies.conversing import Clock, checker_with


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SQLiteStore]:
    async with SQLiteStore.open(tmp_path / "caveat.db") as opened:
        yield opened


@pytest.fixture
def checker(store: SQLiteStore, clock: Clock) -> Checker:
    return checker_with(store, clock)
