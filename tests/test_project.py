"""The project's own files: locks, the image, the make targets, and what must stand in no file."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock", "requirements-bench.lock")


def tracked_files() -> list[Path]:
    """Give every file of the project: what git knows, or in a copy without git all but the caches."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        files = [path for path in ROOT.rglob("*") if not {".venv", "__pycache__", "data"} & set(path.parts)]
    return [path for path in files if path.is_file()]


def locked(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Read a lock file: for each package its requirement and its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    entries: dict[str, tuple[Requirement, list[str]]] = {}
    for line in lines:
        requirement = Requirement(line.split(" --hash")[0].strip())
        entries[canonicalize_name(requirement.name)] = (requirement, re.findall(r"--hash=(\S+)", line))
    return entries


def group(name: str) -> list[Requirement]:
    """Give what a dependency group asks for, with the groups it includes."""
    asked: list[Requirement] = []
    for entry in PROJECT["dependency-groups"][name]:
        asked += group(entry["include-group"]) if isinstance(entry, dict) else [Requirement(entry)]
    return asked


RUNNING = [Requirement(entry) for entry in PROJECT["project"]["dependencies"]]
ASKED = {
    "requirements.lock": RUNNING,
    "requirements-dev.lock": [*RUNNING, *group("dev")],
    "requirements-build.lock": group("build"),
    "requirements-bench.lock": group("bench"),
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_by_hash(name: str) -> None:
    entries = locked(name)
    assert entries
    for requirement, hashes in entries.values():
        assert re.fullmatch(r"==\S+", str(requirement.specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), requirement


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_the_project_asks_for(name: str) -> None:
    entries = locked(name)
    for asked in ASKED[name]:
        assert canonicalize_name(asked.name) in entries
        pinned = str(entries[canonicalize_name(asked.name)][0].specifier).removeprefix("==")
        assert asked.specifier.contains(pinned), f"{asked} is pinned to {pinned}; run make lock"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.search(r"://|--index|--find-links|--trusted-host|^-i ", text, re.M) is None


def test_the_locks_agree() -> None:
    pinned: dict[str, str] = {}
    for entries in map(locked, LOCKS):
        for name, (requirement, _) in entries.items():
            assert pinned.setdefault(name, str(requirement.specifier)) == str(requirement.specifier), name


REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "dev" + "pi",
    "arti" + "factory",
    "nexus/" + "repository",
)
MACHINE_PATHS = re.compile("/(?:ro" + "ot|ho" + "me|work|opt/(?:wheels|py" + r"pi))/[\w.]")


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path}: {host}" for host in REGISTRIES if host in text]
        found += [f"{path}: {place}" for place in MACHINE_PATHS.findall(text)]
    assert found == []


def instructions(stage: int) -> list[tuple[str, str]]:
    """Read one stage of the Dockerfile: each instruction with its arguments, on one line."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    stages: list[list[tuple[str, str]]] = [[]]
    for word, rest in lines:
        if word == "FROM":
            stages.append([])
        stages[-1].append((word, rest))
    return stages[stage]


def test_the_image_starts_from_a_pinned_slim_python() -> None:
    (argument,) = instructions(0)
    assert re.fullmatch(r"PYTHON=python:3\.\d+\.\d+-slim-\w+", argument[1])
    assert [instructions(stage)[0][1] for stage in (1, 2)] == ["${PYTHON} AS build", "${PYTHON}"]


def test_the_image_runs_as_nobody_and_writes_to_one_volume() -> None:
    final = dict(instructions(2))
    assert final["USER"] == "10001:10001"
    assert final["VOLUME"] == "/data"
    assert final["STOPSIGNAL"] == "SIGTERM"
    environment = dict(re.findall(r"(\w+)=(\S+)", final["ENV"]))
    assert environment["DATA_DIR"] == "/data"
    assert environment["PYTHONDONTWRITEBYTECODE"] == "1"


def test_the_image_starts_and_asks_for_its_health_with_commands_that_exist() -> None:
    final = dict(instructions(2))
    assert (final["ENTRYPOINT"], final["CMD"]) == ('["caveat-bot"]', '["run"]')
    assert final["HEALTHCHECK"].endswith('CMD ["caveat-bot", "health"]')
    assert PROJECT["project"]["scripts"] == {"caveat-bot": "bot.__main__:main"}


def test_what_the_image_copies_reaches_it() -> None:
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line[0] == "!"
    }
    copied = {name for word, rest in instructions(1) if word == "COPY" for name in rest.split()[:-1]}
    assert copied == allowed
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_image_installs_by_hash_alone() -> None:
    installs = [
        part
        for word, rest in instructions(1)
        if word == "RUN"
        for part in rest.split("&&")
        if " install " in part
    ]
    assert installs
    assert [part for part in installs if "--require-hashes" not in part and "--no-index" not in part] == []


@pytest.mark.parametrize("target", ["run", "test", "check", "format", "bench", "lock", "clean", "help"])
def test_make_knows_its_targets(target: str) -> None:
    asked = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr


def test_make_says_so_where_python_is_too_old(tmp_path: Path) -> None:
    old = tmp_path / "python-old"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    (tmp_path / "requirements.lock").touch()
    made = subprocess.run(
        ["make", "--file", str(ROOT / "Makefile"), "run", f"PYTHON={old}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode != 0
    assert "Python 3.11 or newer is needed" in made.stderr
    assert "make run PYTHON=" in made.stderr
    assert not (tmp_path / ".venv").exists()


def test_what_runs_in_ci_is_a_program() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)
    text = script.read_text(encoding="utf-8")
    assert text.index("make test") < text.index("make check")
    assert "CAVEAT_REQUIRE_BROWSER=1" in text
