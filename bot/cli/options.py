"""What several commands take or do alike."""

from __future__ import annotations

from pathlib import Path

import click

from bot.settings import load_settings
from bot.shipped import rules_folder

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
