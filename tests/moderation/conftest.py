from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.proof import Proven, prove
from tests.moderation.desk import Desk, opened

SMALL_RULES = Path(__file__).parents[1] / "small_rules"


@pytest.fixture(scope="session")
def base() -> Proven:
    return prove(SMALL_RULES)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the small rules that a test may change."""
    return Path(shutil.copytree(SMALL_RULES, tmp_path / "rules"))


@pytest.fixture
async def desk(tmp_path: Path, base: Proven) -> AsyncIterator[Desk]:
    async with opened(tmp_path / "caveat.db", base) as desk:
        yield desk
