"""A start with kept rules waits for nothing that it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "module",
    [
        "yaml",
        "rich",
        "symspellpy",
        "matplotlib",
        "bot.rulebook.entries",
        "bot.rulebook.overlay",
        "bot.moderation.editing",
        "bot.studio.room",
        "bot.studio.events",
        "bot.evaluation",
    ],
)
def test_the_bot_is_imported_without(module: str) -> None:
    code = f"import sys, bot.__main__, bot.cli.run, bot.app; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("module", ["yaml", "bot.backtest"])
def test_discord_is_joined_without(module: str) -> None:
    parts = "bot.gateway.run, bot.gateway.review, bot.gateway.rules.group, bot.moderation.review_watch"
    code = f"import sys, bot.app, {parts}; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
