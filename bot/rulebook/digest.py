"""The digest of a rulebook's content, so that equal rulebooks are compiled once."""

from __future__ import annotations

import hashlib
import json

from bot.rulebook.model import Rulebook


def digest_of_rulebook(rulebook: Rulebook) -> str:
    """Give the SHA-256 of a rulebook as canonical JSON: sorted keys, no spaces, its own digest left out."""
    content = rulebook.model_dump(mode="json", exclude={"digest"})
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
