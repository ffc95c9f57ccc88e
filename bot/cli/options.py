"""What several commands take or do alike."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.settings import load_settings
from bot.shipped import rules_folder

if TYPE_CHECKING:
    from bot.keeping.folder import KeptRulebooks
    from bot.matching.compile import CompiledRulebook

rules_option = click.option(
    "--rules",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder of rules; without it RULES_DIR, else the rules that came with the program.",
)


def chosen_rules(rules: Path | None) -> Path:
    """Find the folder of rules for a command.

    Args:
        rules: what `--rules` said.

    Returns:
        the folder.

    Raises:
        SettingsError: there is no such folder, or a setting is wrong.
    """
    return rules_folder(rules if rules is not None else load_settings().rules_dir)


def kept_rulebooks() -> KeptRulebooks:
    """Give what commands keep of proved rules: in the user's folder for such files."""
    from bot.keeping.folder import KeptRulebooks  # noqa: PLC0415  # 100 ms; not every command needs rules

    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = Path(home) if home else Path.home() / ".cache"
    except RuntimeError:  # whoever runs this has no home
        return KeptRulebooks(None)
    return KeptRulebooks(folder / "caveat-bot")


def ready_rules(folder: Path) -> CompiledRulebook:
    """Make a folder of rules ready; in a moment where `rules check` proved the same before.

    Args:
        folder: the folder.

    Returns:
        the rulebook, made ready.

    Raises:
        RulebookError: the rules hold faults.
    """
    found = kept_rulebooks().find(folder)
    if found is not None:
        return found.rulebook
    from bot.matching.compile import compile_rulebook  # noqa: PLC0415  # what is kept needs neither of them
    from bot.rulebook.load import load_rulebook  # noqa: PLC0415  # 40 ms

    return compile_rulebook(load_rulebook(folder))
