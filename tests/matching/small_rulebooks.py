"""Rulebooks of a few lines, made where a test needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.rulebook.check import check
from bot.rulebook.model import (
    Concept,
    Cue,
    Emergency,
    Examples,
    FiringExample,
    Role,
    Rule,
    Rulebook,
    SilentExample,
    Unless,
)

EXAMPLES = Examples(
    fires=(FiringExample(text="garlic cures colds"),),
    silent=(SilentExample(text="garlic is tasty", because="no claim"),),
)
GARLIC = Concept(words=("garlic",), role=Role.TOPIC)
COLD = Concept(words=("cold",), role=Role.THEME)
ZINC = Concept(words=("zinc",), role=Role.RIVAL)
CURES = Concept(verbs=("cure", "stop"))
CONCEPTS = {"garlic": GARLIC, "cold": COLD, "zinc": ZINC, "cures": CURES}


def rulebook_of(
    *rules: Rule,
    concepts: Mapping[str, Concept] = CONCEPTS,
    cues: Sequence[Cue] = (),
    pronouns: Sequence[str] = ("it",),
    openers: Sequence[str] = (),
    emergency: Emergency | None = None,
) -> Rulebook:
    """Make a rulebook that holds what matching reads and nothing else."""
    return Rulebook(
        concepts=dict(concepts),
        cues=tuple(cues),
        pronouns=tuple(pronouns),
        openers=tuple(openers),
        families=(),
        rules=rules,
        caveats=(),
        evidence=(),
        documents=(),
        emergency=emergency,
        digest="0" * 64,
    )


def rule_of(
    *phrases: str,
    id: str = "garlic-cures-colds",  # noqa: A002 - the model's own name for it
    family: str = "cold-relief",
    unless: Sequence[str] = (),
    examples: Examples = EXAMPLES,
    **rest: object,
) -> Rule:
    """Make a rule out of its phrases."""
    return check(
        Rule,
        {
            "id": id,
            "family": family,
            "phrases": phrases,
            "unless": tuple(Unless(phrase=phrase, because="another meaning") for phrase in unless),
            "examples": examples,
            **rest,
        },
    )
