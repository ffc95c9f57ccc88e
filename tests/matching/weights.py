"""Weights about garlic and colds, few enough to be reckoned by hand."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.likeness import fingerprint
from bot.rulebook.check import check
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Learned, Rulebook, Status, Weights
from bot.rulebook.word_classes import WordClasses
from tests.matching.conftest import SMALL_RULES

HEADS = ("due", "asks", "reports", "cold-relief", "garlic-safe", "gone-since")
FEATURES: dict[str, tuple[float, ...]] = {
    "w=sneezes": (1.0, 0, 6.0, 3, 6.0),
    "w=vanished": (1.0, 0, 6.0, 3, 6.0),
    "f=cold-relief": (1.0, 0, 6.0, 3, 6.0),
    "w=bread": (3.0, 0, -30.0),
    "w=stomach": (3.0, 0, 30.0, 3, -60.0, 4, 60.0),
    "w=both": (1.0, 4, 12.0),
    "q": (1.0, 1, 12.0),
    "w=rumour": (1.0, 2, 14.0),
    "n=ache": (1.0, 0, 12.0, 3, 12.0),
}
"""`bread` speaks against any claim, `stomach` for another family, `both` for two of them."""


def weights_for(source: Rulebook, **changes: Any) -> Weights:
    """Give weights that were learned with the rules as they stand."""
    content: dict[str, Any] = {
        "corpus": "0" * 64,
        "messages": 9,
        "rules": {rule.id: fingerprint(rule) for rule in source.rules},
        "heads": HEADS,
        "biases": (-2.0, -3.0, -3.0, -3.0, -3.0, -9.0),
        "features": FEATURES,
    }
    return check(Weights, {**content, **changes})


def source_with(weights: dict[str, Any] | None = None, **learned: Any) -> Rulebook:
    """Give the small rulebook with these weights and with likeness live, unless it is said otherwise."""
    source = load_rulebook(SMALL_RULES)
    used = check(Learned, {"status": Status.LIVE, "due": 70, "family": 30, **learned})
    classes = WordClasses({"throbs": ("ache", "body"), "ache": ("ache", "body")}, "1" * 64)
    return replace(source, learned=used, weights=weights_for(source, **(weights or {})), classes=classes)


def rulebook_with(weights: dict[str, Any] | None = None, **learned: Any) -> CompiledRulebook:
    """Make that rulebook ready."""
    return compile_rulebook(source_with(weights, **learned))
