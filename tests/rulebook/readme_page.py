"""The moderators' page, taken apart: its chapters, the YAML in them, and the rules with all of it put in."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

import yaml

from bot.rulebook.entries import CueFile
from bot.rulebook.faults import choice_keys
from bot.rulebook.model import Rule
from bot.rulebook.yaml_source import data_of, parse_yaml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "rules" / "README.md"


def chapters() -> dict[str, str]:
    """Give the text of each chapter by its heading."""
    parts = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def blocks(chapter: str) -> list[str]:
    """Give the YAML examples of a chapter, each without the indent that it has on the page."""
    found = re.findall(r"^ *```yaml\n(.*?)^ *```$", chapters()[chapter], re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for block in found]


def data_in(text: str) -> Any:
    """Read YAML as the product reads it; it must hold no fault."""
    faults: list[Any] = []
    node = parse_yaml(text, PAGE, faults)
    assert faults == []
    assert node is not None
    return data_of(node, choice_keys(Rule) | choice_keys(CueFile))


def block(chapter: str) -> Any:
    """Give the first YAML example of a chapter as data."""
    return data_in(blocks(chapter)[0])


def _there(path: Path) -> Any:
    return data_in(path.read_text(encoding="utf-8"))


def rules_with_the_page(folder: Path) -> Path:
    """Copy the shipped rules and put every example of the page into its file.

    Rules stand in place of the others of their family, entries in place of those of the same id, and words
    beside those that are there.
    """
    made = shutil.copytree(ROOT / "rules", folder)
    _write(made / "claims" / "headache-relief.yaml", _rules())
    for chapter, name in (("Families", "families"), ("Caveats", "caveats"), ("Evidence", "evidence")):
        path = made / f"{name}.yaml"
        given = {entry["id"]: entry for entry in block(chapter)}
        there = {entry["id"]: entry for entry in _there(path)}
        assert given.keys() <= there.keys()
        _write(path, list((there | given).values()))
    _write(made / "documents.yaml", _documents(made))
    _write(made / "emergency.yaml", block("Emergencies"))
    _write(made / "languages" / "es.yaml", _language(made))
    _write(made / "cues.yaml", _cues(made))
    _write_lexicon(made)
    return made


def _rules() -> list[Any]:
    """The rules of their chapter, the first with the examples of that chapter, and the rule of the walk."""
    first, *others = block("Rules")
    more = block("Examples")["examples"]
    examples = {key: [*first["examples"].get(key, []), *more[key]] for key in more}
    walk = data_in(blocks("From “members keep saying X” to a live rule")[0])
    return [{**first, "examples": examples}, *others, *walk]


def _documents(made: Path) -> list[Any]:
    given = {entry["id"]: entry for entry in block("Documents")}
    there = {entry["id"]: entry for entry in _there(made / "documents.yaml")}
    for letter, entry in given.items():
        known = [section for section in there[letter]["sections"] if section not in entry["sections"]]
        sections = sorted([*entry["sections"], *known], key=lambda section: int(section["line"]))
        there[letter] = {**entry, "sections": sections}
    return list(there.values())


def _language(made: Path) -> Any:
    """The example's texts in place of the shipped ones; what it leaves out stays, as all must be worded."""
    there, given = _there(made / "languages" / "es.yaml"), block("Languages")
    merged = {key: there[key] | given[key] for key in ("families", "caveats", "evidence")}
    return there | given | merged


def _cues(made: Path) -> Any:
    there, given = _there(made / "cues.yaml"), block("Cues")
    return {key: _united(there[key], given[key]) for key in there}


def _write_lexicon(made: Path) -> None:
    given = block("The lexicon")
    for path in sorted((made / "lexicon").glob("*.yaml")):
        there = _there(path)
        for name in given.keys() & there.keys():
            for key, value in given.pop(name).items():
                there[name][key] = _united(there[name].get(key, []), value) if key != "role" else value
            there[name].pop("note", None)
        _write(path, there)
    _write(made / "lexicon" / "of-the-page.yaml", given)


def _united(there: Any, given: Any) -> Any:
    if not isinstance(given, list):
        return given
    return [*there, *(item for item in given if item not in there)]


def _write(path: Path, data: Any) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10**6), encoding="utf-8")
