"""Classes of words of like meaning: what likeness learned of "hurts" helps it with "aches"."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from bot.errors import Fault

CLASSES = "word-classes.txt"
_LARGEST = 4_000_000
_INSTEAD = "Take the file of the version you have, or take it away: then likeness goes by the words alone."


class WordClasses(Struct, frozen=True):
    """Words of like meaning, in fine and in coarse classes.

    Args:
        of_word: for each word the names of its fine and of its coarse class; a class bears the name of one of
            its words.
        digest: SHA-256 of the file they came from.
    """

    of_word: Mapping[str, tuple[str, str]]
    digest: str


def read_classes(folder: Path, faults: list[Fault]) -> WordClasses | None:
    """Read the classes of words.

    A line is a fine class: the name of its coarse class, a colon, and its words, by the first of which it is
    called. Lines that begin with `#` are remarks.

    Args:
        folder: the folder of rules.
        faults: takes every fault found.

    Returns:
        the classes; None where there is no such file.
    """
    path = folder / CLASSES
    if not path.exists():
        return None
    try:
        if path.stat().st_size > _LARGEST:
            faults.append(Fault(path, 1, 1, "the file is larger than 4 MB.", _INSTEAD))
            return None
        content = path.read_bytes()
        lines = content.decode("utf-8").splitlines()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        faults.append(Fault(path, 1, 1, f"the file cannot be read: {reason}.", "Check who may read it."))
        return None
    except UnicodeDecodeError:
        faults.append(Fault(path, 1, 1, "this is not UTF-8.", _INSTEAD))
        return None
    of_word: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(lines, 1):
        coarse, colon, words = line.partition(": ")
        if line.startswith("#") or not line.strip():
            continue
        if not coarse or not colon or not words.split():
            faults.append(Fault(path, number, 1, "this line is no class of words.", _INSTEAD))
            return None
        fine = words.split(maxsplit=1)[0]
        of_word.update((word, (fine, coarse)) for word in words.split())
    return WordClasses(of_word, hashlib.sha256(content).hexdigest())
