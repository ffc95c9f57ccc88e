"""The shipped rules, compiled once, and the command line as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bot.cli.lines import Check
from bot.matching.compile import compile_rulebook
from bot.replies.model import SpeakingSettings
from bot.replies.single import check_text
from bot.rulebook.load import load_rulebook
from bot.settings import Settings
from bot.shipped import rules_folder

ROOT = Path(__file__).resolve().parents[2]

Program = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def check() -> Check:
    """What `caveat-bot check` checks with: the shipped rules."""
    rulebook = compile_rulebook(load_rulebook(rules_folder(None)))
    return partial(check_text, rulebook=rulebook, settings=SpeakingSettings(), explained=True)


@pytest.fixture
def clean_environment(tmp_path: Path) -> dict[str, str]:
    """An environment without any setting of the bot, in which the package is found from any folder."""
    settings = {name.upper() for name in Settings.__struct_fields__}
    kept = {name: value for name, value in os.environ.items() if name not in settings}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "HOME": str(tmp_path)}


@pytest.fixture
def small_rules() -> str:
    """A small sound rulebook, for what does not depend on the shipped one."""
    return str(ROOT / "tests" / "small_rules")


@pytest.fixture
def program(tmp_path: Path, clean_environment: dict[str, str]) -> Program:
    """Run `python -m bot` in an empty folder, as somebody at a shell would."""

    def run(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env={**clean_environment, **environment},
            input=given,
            capture_output=True,
            check=False,
            timeout=100,
        )

    return run
