"""The wheel: it carries the rules, and what is installed from it runs from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot import __version__
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
MESSAGE = b'{"id":"1","text":"kratom totally cured my migraines, no side effects"}\n'


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program installed from the wheel, in an environment that leans on this one's packages."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    subprocess.run(
        [
            *[sys.executable, "-m", "pip", "--quiet", "--python", str(folder / "bin" / "python")],
            *["install", "--no-deps", "--no-index", str(wheel)],
        ],
        check=True,
    )
    (packages,) = folder.glob("lib/python3*/site-packages")
    ours = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    # The packages themselves, not what is said in .pth files there: those would lead back to this checkout.
    for package in ours.iterdir():
        if (
            not (packages / package.name).exists()
            and package.suffix != ".pth"
            and "caveat" not in package.name
        ):
            (packages / package.name).symlink_to(package)
    return folder / "bin"


def run(
    program: Path, *arguments: str, folder: Path, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    settings = {name.upper() for name in Settings.__struct_fields__}
    kept = {name: value for name, value in os.environ.items() if name not in settings | {"PYTHONPATH"}}
    return subprocess.run(
        [str(program), *arguments], cwd=folder, env=kept, input=given, capture_output=True, check=False
    )


def test_the_wheel_carries_every_rule(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = {
            name.removeprefix("bot/shipped_rules/") for name in archive.namelist() if "shipped_rules/" in name
        }
    rules = {str(path.relative_to(ROOT / "rules")) for path in (ROOT / "rules").rglob("*") if path.is_file()}
    assert carried == rules


def test_the_wheel_carries_the_program_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    first = {name.split("/")[0] for name in names}
    assert first == {"bot", f"caveat_bot-{__version__}.dist-info"}
    product = {str(path.relative_to(ROOT)) for path in (ROOT / "bot").rglob("*.py")}
    assert product <= set(names)
    pages = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "bot" / "studio" / "page").rglob("*")
        if path.is_file()
    }
    assert pages <= set(names)


def test_the_installed_program_knows_itself(installed: Path, tmp_path: Path) -> None:
    shown = run(installed / "caveat-bot", "--version", folder=tmp_path)
    assert shown.stdout.decode().strip() == f"caveat-bot {__version__}"


def test_the_installed_program_answers_from_any_folder(installed: Path, tmp_path: Path) -> None:
    shown = run(installed / "caveat-bot", "check", "--jsonl", folder=tmp_path, given=MESSAGE)
    assert shown.returncode == 0, shown.stderr.decode()
    assert b'"decision": "reply"' in shown.stdout
    assert str(ROOT).encode() not in shown.stderr


def test_the_installed_rules_hold(installed: Path, tmp_path: Path) -> None:
    shown = run(installed / "caveat-bot", "rules", "check", folder=tmp_path)
    assert shown.returncode == 0, shown.stderr.decode()


def test_it_runs_as_a_module_too(installed: Path, tmp_path: Path) -> None:
    shown = run(installed / "python", "-m", "bot", "rules", "copy", "mine", folder=tmp_path)
    assert shown.returncode == 0, shown.stderr.decode()
    assert (tmp_path / "mine" / "claims").is_dir()
