"""A kept rulebook is the one that was proved; whatever is wrong with the file, the rules are read instead."""

from __future__ import annotations

import os
import pickle
import shutil
import stat
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.keeping import folder as keeping
from bot.keeping.folder import KeptRulebooks
from bot.matching.compile import compile_rulebook
from bot.matching.engine import find
from bot.moderation.files import FileGate
from bot.proof import Proven, prove
from bot.text.reader import read
from tests.moderation.desk import CHAT
from tests.rulebook.small_language import add_spanish

ROOT = Path(__file__).resolve().parent.parent
SMALL = ROOT / "small_rules"
SHIPPED = ROOT.parent / "rules"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "rules"))


@pytest.fixture
def kept(tmp_path: Path) -> KeptRulebooks:
    return KeptRulebooks(tmp_path / "cache")


def keep(kept: KeptRulebooks, rules: Path) -> Proven:
    proven = prove(rules)
    kept.keep(rules, proven, kept.name_of(rules))
    return proven


def the_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "cache").iterdir()
    return path


def test_what_was_kept_is_what_was_proved(kept: KeptRulebooks, rules: Path) -> None:
    proven = keep(kept, rules)
    found = kept.find(rules)
    assert found is not None
    assert found.rulebook.source == proven.rulebook.source
    assert found.rulebook.rules == proven.rulebook.rules
    assert found.report == proven.report
    assert found.loaded.sources == proven.loaded.sources
    assert found.loaded.rulebook is found.rulebook.source
    assert dict(found.rulebook.lexicon.listed) == proven.rulebook.lexicon.listed
    assert found.rulebook.lexicon.entries.keys() == proven.rulebook.lexicon.entries.keys()


def test_the_languages_of_a_kept_rulebook_are_kept_and_gone_with_their_file(
    kept: KeptRulebooks, rules: Path
) -> None:
    spanish = add_spanish(rules)
    proven = keep(kept, rules)
    found = kept.find(rules)
    assert found is not None
    assert found.rulebook.source.languages == proven.rulebook.source.languages
    assert found.rulebook.source.languages.keys() == {"es"}
    assert found.loaded.sources.languages == proven.loaded.sources.languages
    spanish.unlink()
    assert kept.find(rules) is None


def test_a_kept_shipped_rulebook_finds_the_same(tmp_path: Path) -> None:
    kept = KeptRulebooks(tmp_path / "cache")
    proven = keep(kept, SHIPPED)
    found = kept.find(SHIPPED)
    assert found is not None
    for rule in proven.rulebook.source.rules:
        for text in [one.text for one in rule.examples.fires] + [one.text for one in rule.examples.silent]:
            assert find(read(text), found.rulebook) == find(read(text), proven.rulebook)


def test_a_rulebook_like_a_kept_one_is_the_same_as_by_itself(kept: KeptRulebooks, rules: Path) -> None:
    keep(kept, rules)
    found = kept.find(rules)
    assert found is not None
    first, *others = found.rulebook.source.rules
    first = replace(first, phrases=(*first.phrases, "<garlic> fluxenates"))
    changed = replace(found.rulebook.source, rules=(first, *others))
    own, alone = compile_rulebook(changed, like=found.rulebook), compile_rulebook(changed)
    assert own.gate.pairs == alone.gate.pairs
    assert own.lexicon.entries.keys() == alone.lexicon.entries.keys()
    assert find(read("garlic fluxenates"), own) == find(read("garlic fluxenates"), alone)
    assert own.lexicon.listed["garlic"] is found.rulebook.lexicon.listed["garlic"]


def test_nothing_is_found_before_anything_is_kept(kept: KeptRulebooks, rules: Path) -> None:
    assert kept.find(rules) is None
    assert KeptRulebooks(None).find(rules) is None


@pytest.mark.parametrize(
    "file",
    ["families.yaml", "claims/cold-relief.yaml", "claims/other.yml", "learned.json", "languages/es.yaml"],
)
def test_other_rules_are_not_those_that_were_kept(kept: KeptRulebooks, rules: Path, file: str) -> None:
    add_spanish(rules)
    keep(kept, rules)
    with (rules / file).open("a", encoding="utf-8") as changed:
        changed.write("\n")
    assert kept.find(rules) is None


def test_another_version_reads_the_rules_anew(
    kept: KeptRulebooks, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(kept, rules)
    monkeypatch.setattr(keeping, "__version__", "0.0.0")
    assert kept.find(rules) is None


def test_another_interpreter_reads_the_rules_anew(
    kept: KeptRulebooks, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(kept, rules)
    monkeypatch.setattr(sys, "version", "4.0")
    assert kept.find(rules) is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there are no such modes here")
@pytest.mark.parametrize("spoil", [lambda path: path, lambda path: path.parent], ids=["file", "folder"])
@pytest.mark.parametrize("mode", [stat.S_IWGRP, stat.S_IWOTH])
def test_what_others_may_write_is_not_read(
    kept: KeptRulebooks, rules: Path, tmp_path: Path, spoil: Callable[[Path], Path], mode: int
) -> None:
    keep(kept, rules)
    path = spoil(the_file(tmp_path))
    path.chmod(path.stat().st_mode | mode)
    assert kept.find(rules) is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there are no owners here")
def test_what_belongs_to_another_is_not_read(
    kept: KeptRulebooks, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(kept, rules)
    somebody = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: somebody)
    assert kept.find(rules) is None


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links are followed here")
def test_a_link_is_not_followed(kept: KeptRulebooks, rules: Path, tmp_path: Path) -> None:
    keep(kept, rules)
    path = the_file(tmp_path)
    elsewhere = path.rename(tmp_path / "elsewhere")
    path.symlink_to(elsewhere)
    assert kept.find(rules) is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there are no such modes here")
def test_only_its_owner_may_read_and_write_it(kept: KeptRulebooks, rules: Path, tmp_path: Path) -> None:
    keep(kept, rules)
    path = the_file(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


class Hostile:
    """Runs a command when a common reader of pickles reads it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self._path),)


def test_a_file_cannot_run_anything(kept: KeptRulebooks, rules: Path, tmp_path: Path) -> None:
    keep(kept, rules)
    content = pickle.dumps((Hostile(tmp_path / "harm"), 1, b""))
    the_file(tmp_path).write_bytes(zlib.crc32(content).to_bytes(4, "big") + content)
    assert kept.find(rules) is None
    assert not (tmp_path / "harm").exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, data: st.DataObject) -> None:
    kept = KeptRulebooks(tmp_path / "cache")
    if not (tmp_path / "cache").exists():
        keep(kept, SMALL)
        (tmp_path / "whole").write_bytes(the_file(tmp_path).read_bytes())
    whole = bytearray((tmp_path / "whole").read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        whole[at] ^= data.draw(st.integers(1, 255))
    else:
        del whole[at:]
    path = the_file(tmp_path)
    path.write_bytes(whole)
    assert kept.find(SMALL) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_whatever_stands_in_a_whole_file_nothing_is_raised(tmp_path: Path, content: bytes) -> None:
    kept = KeptRulebooks(tmp_path / "cache")
    (tmp_path / "cache").mkdir(mode=0o700, exist_ok=True)
    path = tmp_path / "cache" / kept.name_of(SMALL)
    path.write_bytes(zlib.crc32(content).to_bytes(4, "big") + content)
    path.chmod(0o600)
    assert kept.find(SMALL) is None


def test_rules_that_changed_while_they_were_read_are_not_kept(
    kept: KeptRulebooks, rules: Path, tmp_path: Path
) -> None:
    name = kept.name_of(rules)
    proven = prove(rules)
    with (rules / "families.yaml").open("a", encoding="utf-8") as file:
        file.write("\n")
    kept.keep(rules, proven, name)
    assert not (tmp_path / "cache").exists()


def test_only_the_last_few_are_kept(kept: KeptRulebooks, rules: Path, tmp_path: Path) -> None:
    for _ in range(5):
        with (rules / "families.yaml").open("a", encoding="utf-8") as file:
            file.write("\n")
        keep(kept, rules)
    assert len(list((tmp_path / "cache").iterdir())) == 3
    assert kept.find(rules) is not None


def test_where_nothing_can_be_written_nothing_is_kept(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    kept = KeptRulebooks(tmp_path / "file" / "cache")
    keep(kept, rules)
    assert kept.find(rules) is None


def test_the_gate_lets_what_was_kept_through_as_it_is(kept: KeptRulebooks, rules: Path) -> None:
    first = FileGate(CHAT, kept)
    proven = first(first.load(rules))
    first.keep()
    second = FileGate(CHAT, kept)
    loaded = second.load(rules)
    again = second(loaded)
    assert again.loaded is loaded
    assert again.rulebook.source is loaded.rulebook
    assert again.report == proven.report


def test_the_gate_examines_a_change_against_what_was_kept(kept: KeptRulebooks, rules: Path) -> None:
    first = FileGate(CHAT, kept)
    first(first.load(rules))
    first.keep()
    gate = FileGate(CHAT, kept)
    before = gate(gate.load(rules))
    with (rules / "families.yaml").open("a", encoding="utf-8") as file:
        file.write("\n")
    after = gate(gate.load(rules))
    assert after is not before
    assert after.rulebook.source.digest == before.rulebook.source.digest
