"""The file of a small language model, beside the rules: named, measured, and opened elsewhere."""

from __future__ import annotations

import hashlib
from pathlib import Path

from msgspec import Struct

from bot.errors import Fault

ENCODER = "encoder.onnx"
_LARGEST = 64_000_000
_INSTEAD = "Take the file of the version you have, or take it away: then the words alone are weighed."


class EncoderFile(Struct, frozen=True):
    """Where the model lies, and which one it is.

    Args:
        path: the file.
        digest: SHA-256 of it.
    """

    path: Path
    digest: str


def read_encoder(folder: Path, faults: list[Fault]) -> EncoderFile | None:
    """Find the model.

    Args:
        folder: the folder of rules.
        faults: takes every fault found.

    Returns:
        the file; None where there is none.
    """
    path = folder / ENCODER
    if not path.exists():
        return None
    try:
        if path.stat().st_size > _LARGEST:
            faults.append(Fault(path, 1, 1, "the file is larger than 64 MB.", _INSTEAD))
            return None
        with path.open("rb") as file:
            return EncoderFile(path, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        faults.append(Fault(path, 1, 1, f"the file cannot be read: {reason}.", "Check who may read it."))
        return None
