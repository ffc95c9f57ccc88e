"""From a folder of rules to a rulebook, or to every fault in it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bot.errors import Fault, RulebookError
from bot.rulebook.crosscheck import Sources, crosscheck
from bot.rulebook.digest import digest_of_rulebook
from bot.rulebook.encoder_file import EncoderFile, read_encoder
from bot.rulebook.entries import CueFile, Entries, Entry, read_list, read_mapping, read_one, yaml_files
from bot.rulebook.language_files import read_languages
from bot.rulebook.learned import read_learned, read_weights
from bot.rulebook.loaded import LoadedRulebook
from bot.rulebook.model import (
    Caveat,
    Concept,
    Document,
    Emergency,
    Evidence,
    Family,
    Rule,
    Rulebook,
    Weights,
)
from bot.rulebook.word_classes import WordClasses, read_classes

CLAIMS_FOLDER = "claims"
LEXICON_FOLDER = "lexicon"


def load_rulebook(folder: Path) -> Rulebook:
    """Load a folder of rules.

    Args:
        folder: holds lexicon.yaml or a folder lexicon, cues.yaml, families.yaml, caveats.yaml, evidence.yaml,
            documents.yaml, the folder claims and, where there are signs of an emergency, emergency.yaml; in
            the folder languages the languages to answer in beside English; where something was learned from
            examples, learned.yaml, learned.json and word-classes.txt.

    Returns:
        the rulebook, checked as a whole; its examples are not run here.

    Raises:
        RulebookError: it holds faults; all of all files are told.
    """
    return load_with_places(folder).rulebook


def load_with_places(folder: Path) -> LoadedRulebook:
    """Load a folder of rules and keep where everything stands; otherwise as `load_rulebook`."""
    if not folder.is_dir():
        problem = "the folder of rules is missing."
        raise RulebookError(
            [Fault(folder, 1, 1, problem, "Name an existing folder in RULES_DIR, or unset it.")]
        )
    faults: list[Fault] = []
    sources = _read(folder, faults)
    weights = read_weights(folder, sources.learned, faults)
    classes = read_classes(folder, faults) if weights is not None else None
    encoder = read_encoder(folder, faults) if weights is not None else None
    faults.extend(crosscheck(sources))
    if faults:
        raise RulebookError(list(dict.fromkeys(faults)))
    return LoadedRulebook(assemble(sources, weights, classes, encoder), folder, sources)


def _read(folder: Path, faults: list[Fault]) -> Sources:
    emergency = folder / "emergency.yaml"
    return Sources(
        concepts=_read_lexicon(folder, faults),
        cues=read_one(folder / "cues.yaml", CueFile, faults),
        families=read_list(folder / "families.yaml", Family, faults),
        rules=_read_claims(folder / CLAIMS_FOLDER, faults),
        caveats=read_list(folder / "caveats.yaml", Caveat, faults),
        evidence=read_list(folder / "evidence.yaml", Evidence, faults),
        documents=read_list(folder / "documents.yaml", Document, faults),
        emergency=read_one(emergency, Emergency, faults) if emergency.exists() else None,
        learned=read_learned(folder, faults),
        languages=read_languages(folder, faults),
    )


def _read_lexicon(folder: Path, faults: list[Fault]) -> Entries[Concept]:
    """Read lexicon.yaml or, where the lexicon has grown, the files of the folder lexicon; both may be
    there."""
    parts = folder / LEXICON_FOLDER
    if not parts.is_dir():
        return read_mapping(folder / "lexicon.yaml", Concept, faults)
    concepts: Entries[Concept] = Entries()
    if (folder / "lexicon.yaml").exists():
        concepts += read_mapping(folder / "lexicon.yaml", Concept, faults)
    for path in yaml_files(parts, faults):
        concepts += read_mapping(path, Concept, faults)
    return concepts


def _read_claims(folder: Path, faults: list[Fault]) -> Entries[Rule]:
    if not folder.is_dir():
        faults.append(
            Fault(folder, 1, 1, "the folder of claims is missing.", "Make it, with a file for each family.")
        )
        return Entries(whole=False)
    rules: Entries[Rule] = Entries()
    for path in yaml_files(folder, faults):
        rules += read_list(path, Rule, faults)
    return rules


def assemble(
    sources: Sources, weights: Weights | None, classes: WordClasses | None, encoder: EncoderFile | None
) -> Rulebook:
    """Put checked entries together.

    Args:
        sources: the entries. Only where no fault was found in them is every value there.
        weights: what was learned from examples.
        classes: which words are alike.
        encoder: the small language model of likeness.

    Returns:
        the rulebook.
    """
    cues: Entry[CueFile] | None = sources.cues
    content: dict[str, Any] = {
        "concepts": {entry.id: entry.value for entry in sources.concepts},
        "cues": cues.value.cues if cues and cues.value else (),
        "pronouns": cues.value.pronouns if cues and cues.value else (),
        "openers": cues.value.openers if cues and cues.value else (),
        "families": sources.families.values,
        "rules": sources.rules.values,
        "caveats": sources.caveats.values,
        "evidence": sources.evidence.values,
        "documents": sources.documents.values,
        "emergency": sources.emergency.value if sources.emergency else None,
        "languages": {entry.id: entry.value for entry in sources.languages},
        "learned": sources.learned.value if sources.learned else None,
        "weights": weights,
        "classes": classes,
        "encoder": encoder,
    }
    rulebook = Rulebook(**content, digest="")
    return replace(rulebook, digest=digest_of_rulebook(rulebook))
