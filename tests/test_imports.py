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
    assert not is_imported(module, by="bot.__main__, bot.cli.run, bot.app")


@pytest.mark.parametrize("module", ["pydantic", "watchfiles", "onnxruntime", "bot.moderation.moderation"])
def test_discord_is_joined_without(module: str) -> None:
    assert not is_imported(module, by="bot.__main__, bot.cli.run, bot.app, bot.gateway.run")


@pytest.mark.parametrize("module", ["yaml", "bot.backtest"])
def test_moderators_are_served_without(module: str) -> None:
    assert not is_imported(module, by="bot.app, bot.gateway.serving, bot.moderation.review_watch")


def is_imported(module: str, *, by: str) -> bool:
    """Tell whether a new interpreter has a module after it imported others."""
    code = f"import sys, {by}; sys.exit({module!r} in sys.modules)"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode != 0
