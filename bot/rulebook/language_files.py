"""The files of `rules/languages/`: read, and held against the English wording of the other files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bot.errors import Fault
from bot.rulebook.check import fits
from bot.rulebook.entries import Entries, Entry, read_one, unknown_id, yaml_files
from bot.rulebook.faults import node_at
from bot.rulebook.language import ENGLISH, Labels, Language, LanguageCode
from bot.rulebook.model import Caveat, Emergency, Evidence, Family
from bot.rulebook.place import Place

LANGUAGES_FOLDER = "languages"

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_LINK = re.compile(r"://|\bwww\.|\bdiscord\.gg\b|\]\(", re.IGNORECASE)
_PING = re.compile(r"[@＠]|<#")

Where = tuple[int | str, ...]


def read_languages(folder: Path, faults: list[Fault]) -> Entries[Language]:
    """Read every language that the bot can answer in beside English.

    Args:
        folder: the folder of rules; where it has no folder `languages`, there are none.
        faults: takes every fault found.

    Returns:
        the languages; an entry's id is the language's code, after which its file is named.
    """
    languages = folder / LANGUAGES_FOLDER
    if not languages.is_dir():
        return Entries()
    found: list[Entry[Language]] = []
    for path in yaml_files(languages, faults):
        code = path.stem
        if code == ENGLISH:
            problem = "English needs no file: it is the wording of the other files."
            faults.append(Fault(path, 1, 1, problem, "Write it there, and take this file away."))
        elif not fits(LanguageCode, code):
            problem = f"`{code}` is not the code of a language."
            faults.append(Fault(path, 1, 1, problem, "Name the file in small letters: es.yaml, pt-br.yaml."))
        elif (entry := read_one(path, Language, faults)) is not None:
            found.append(replace(entry, id=code))
    return Entries(tuple(found))


def check_languages(
    languages: Entries[Language],
    *,
    families: Entries[Family],
    caveats: Entries[Caveat],
    evidence: Entries[Evidence],
    emergency: Entry[Emergency] | None,
) -> Iterator[Fault]:
    """Check that each language words everything that is worded in English, and nothing else.

    Args:
        languages: the languages.
        families: the claim families.
        caveats: the caveats.
        evidence: the lines from elsewhere.
        emergency: the signs of an emergency, or None where there are none.

    Yields:
        every fault, at its place in the language's file.
    """
    lines = emergency.value if emergency is not None else None
    english = _english(families, caveats, evidence, lines)
    for entry in languages:
        if entry.value is None:
            continue
        yield from _check_ids(entry, "families", "family", families, "{opening: […], asked: […]}")
        yield from _check_ids(entry, "caveats", "caveat", caveats, "{says: […], short: …}")
        yield from _check_ids(entry, "evidence", "line of evidence", evidence, "…")
        if lines is not None and not entry.value.emergency:
            problem = "the lines of emergency.yaml are not worded in this language."
            yield entry.place.fault(problem, "Add `emergency: […]`.")
        yield from _check_texts(entry, entry.value, english)


def _check_ids(
    entry: Entry[Language],
    section: str,
    what: str,
    known: Entries[Any],
    shape: str,
) -> Iterator[Fault]:
    """Find ids that are not there, and those that are not worded."""
    worded: Mapping[str, object] = getattr(entry.value, section)
    for name in worded:
        yield from unknown_id(_key_place(entry, section, name), name, what, known, f"{section}.yaml")
    for name in known.ids:
        if name not in worded:
            place = entry.place_of(section) if worded else entry.place
            problem = f"the {what} `{name}` is not worded in this language."
            yield place.fault(problem, f"Add it under `{section}`: `{name}: {shape}`.")


def _key_place(entry: Entry[Language], section: str, name: str) -> Place:
    _, key = node_at(entry.node, (section, name))
    return key.place if key is not None else entry.place_of(section)


def _english(
    families: Entries[Family],
    caveats: Entries[Caveat],
    evidence: Entries[Evidence],
    emergency: Emergency | None,
) -> dict[Where, tuple[str, ...]]:
    """Give the English texts by where their translations stand."""
    english: dict[Where, tuple[str, ...]] = {}
    for family in families.values:
        english["families", family.id, "opening"] = family.opening
        english["families", family.id, "asked"] = family.asked
    for caveat in caveats.values:
        english["caveats", caveat.id, "says"] = caveat.says
        english["caveats", caveat.id, "short"] = (caveat.short,)
    for line in evidence.values:
        english["evidence", line.id] = (line.says,)
    english["emergency",] = emergency.lines if emergency is not None else ()
    return english


def _check_texts(
    entry: Entry[Language], language: Language, english: Mapping[Where, tuple[str, ...]]
) -> Iterator[Fault]:
    for where, text in _texts(language):
        place = entry.place_of(*where)
        if link := _LINK.search(text):
            problem = f"`{link[0]}` would be a link."
            yield place.fault(problem, "Take it out; the sources are added by themselves, with their links.")
        if ping := _PING.search(text):
            yield place.fault(f"`{ping[0]}` would name somebody or a channel.", "Write it in words.")
        group = where[:-1] if isinstance(where[-1], int) else where
        yield from _check_placeholders(place, text, english.get(group, ()))


def _texts(language: Language) -> Iterator[tuple[Where, str]]:
    """Give every text with where it stands."""
    yield ("name",), language.name
    for family, wording in language.families.items():
        for key, texts in (("opening", wording.opening), ("asked", wording.asked)):
            yield from ((("families", family, key, number), text) for number, text in enumerate(texts))
    for name, caveat in language.caveats.items():
        yield from ((("caveats", name, "says", number), text) for number, text in enumerate(caveat.says))
        yield ("caveats", name, "short"), caveat.short
    for name, text in language.evidence.items():
        yield ("evidence", name), text
    for section in ("emergency", "closings"):
        yield from (((section, number), text) for number, text in enumerate(getattr(language, section)))
    for key in Labels.__struct_fields__:
        yield ("labels", key), getattr(language.labels, key)


def _check_placeholders(place: Place, text: str, english: tuple[str, ...]) -> Iterator[Fault]:
    """Hold what stands in braces against the English wordings, none of which says it in another way."""
    wanted = {one for other in english for one in _PLACEHOLDER.findall(other)}
    written = set(_PLACEHOLDER.findall(text))
    for one in sorted(written - wanted):
        yield place.fault(f"`{one}` does not stand in the English wording.", "Take it out.")
    for one in sorted(wanted - written):
        yield place.fault(f"`{one}` stands in the English wording and not here.", f"Write `{one}` here too.")
