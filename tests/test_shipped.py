"""Where the rules lie, and copies of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.shipped import copy_rules, rules_folder

ROOT = Path(__file__).resolve().parent.parent


def test_a_checkout_uses_its_own_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert rules_folder(None) == ROOT / "rules"


def test_below_the_current_folder_the_path_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert rules_folder(None) == Path("rules")


def test_a_chosen_folder_wins(tmp_path: Path) -> None:
    assert rules_folder(tmp_path) == tmp_path


def test_a_home_folder_may_be_written_short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine").mkdir()
    assert rules_folder(Path("~/mine")) == tmp_path / "mine"


def test_a_missing_folder_is_told_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="caveat-bot rules copy"):
        rules_folder(tmp_path / "nowhere")


@pytest.mark.parametrize("is_there", [True, False])
def test_a_copy_holds_every_file(tmp_path: Path, is_there: bool) -> None:
    target = tmp_path / "mine"
    if is_there:
        target.mkdir()
    written = {path.relative_to(target): path.read_bytes() for path in copy_rules(target)}
    shipped = (path for path in (ROOT / "rules").rglob("*") if path.is_file())
    assert written == {path.relative_to(ROOT / "rules"): path.read_bytes() for path in shipped}


def test_nobodys_work_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "lexicon.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError, match="holds something already"):
        copy_rules(tmp_path)
    assert (tmp_path / "lexicon.yaml").read_text(encoding="utf-8") == "mine"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be written"):
        copy_rules(tmp_path / "file" / "mine")
