"""Where the rules lie: where the operator says, or those that came with the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import bot
from bot.errors import SettingsError


def rules_folder(chosen: Path | None) -> Path:
    """Find the folder of rules.

    Args:
        chosen: the folder that was asked for by `--rules` or `RULES_DIR`; None for the shipped ones.

    Returns:
        the folder; of those that came with the program, in an installed package `bot/shipped_rules`, in a
        checkout `rules`. Where it lies below the current folder it is told from there, as one would type it.

    Raises:
        SettingsError: there is no such folder.
    """
    if chosen is not None:
        folder = chosen.expanduser()
        if not folder.is_dir():
            raise SettingsError(
                f"there is no folder of rules at {folder}; `caveat-bot rules copy {folder}` makes one"
            )
        return folder
    package, here = Path(bot.__file__).resolve().parent, Path.cwd()
    for folder in (package / "shipped_rules", package.parent / "rules"):
        if folder.is_dir():
            return folder.relative_to(here) if folder.is_relative_to(here) else folder
    raise SettingsError("no rules came with this installation; name a folder with RULES_DIR or --rules")


def rules_file(chosen: Path | None, name: str) -> Path:
    """Find a file beside the rules.

    Args:
        chosen: as for `rules_folder`.
        name: its name.

    Returns:
        the file in the chosen folder, else the one that came with the program.

    Raises:
        SettingsError: as for `rules_folder`.
    """
    own = rules_folder(chosen) / name
    return own if own.is_file() else rules_folder(None) / name


def copy_rules(target: Path) -> list[Path]:
    """Copy the shipped rules into a folder of one's own, to edit them there.

    Args:
        target: the folder; made where it is missing. It must be empty, so that nobody's work is overwritten.

    Returns:
        the files that were written, in order.

    Raises:
        SettingsError: the folder holds something already, or cannot be written.
    """
    source = rules_folder(None)
    try:
        if target.is_dir() and any(target.iterdir()):
            raise SettingsError(f"{target} holds something already; name a folder that is new or empty")
        shutil.copytree(source, target, dirs_exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{target} cannot be written: {error.strerror or error}") from error
    return sorted(path for path in target.rglob("*") if path.is_file())
