"""Imports point one way, and no file or function grows past what one can read at a sitting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ROOT / "bot"

BASE = {"errors", "described"}
LOOKS = BASE | {"text", "rulebook", "matching"}
SPEAKS = LOOKS | {"store", "replies", "settings"}
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "settings": BASE,
    "logs": set(),
    "described": set(),
    "collector": set(),
    "shipped": BASE,
    "text": BASE,
    "rulebook": BASE | {"text"},
    "matching": BASE | {"text", "rulebook"},
    "store": BASE,
    "plotting": BASE,
    "statistics": BASE | {"store", "plotting"},
    "replies": LOOKS | {"store"},
    "keeping": LOOKS | {"proof", "collector"},
    "moderation": LOOKS | {"collector", "store", "statistics", "replies", "proof", "keeping"},
    "gateway": SPEAKS | {"moderation", "backtest", "statistics", "plotting"},
    "studio": SPEAKS | {"moderation", "statistics"},
    "proof": LOOKS | {"collector"},
    "evaluation": LOOKS | {"plotting"},
    "backtest": LOOKS | {"replies", "evaluation", "plotting"},
    "app": SPEAKS | {"collector", "gateway", "studio", "moderation", "shipped", "proof", "keeping"},
    "cli": SPEAKS
    | {"app", "backtest", "collector", "evaluation", "keeping", "logs", "moderation", "plotting", "proof"}
    | {"shipped", "statistics"},
    "__main__": BASE | {"cli"},
}
"""For each part of `bot`, the parts it may import besides itself."""

OUTSIDE: dict[str, set[str]] = {
    "discord": {"gateway"},
    "aiohttp": {"gateway", "studio"},
    "aiosqlite": {"store"},
    "click": {"cli", "__main__"},
    "rich": {"cli"},
    "prometheus_client": {"studio"},
    "rapidfuzz": {"matching", "rulebook", "evaluation"},
    "matplotlib": {"evaluation", "backtest", "statistics"},
    "ijson": {"backtest"},
    "numpy": {"evaluation"},
    "onnxruntime": {"matching"},
    "scipy": {"evaluation"},
    "sklearn": {"evaluation"},
    "symspellpy": {"matching"},
    "yaml": {"rulebook"},
    "watchfiles": {"rulebook"},
    "confusable_homoglyphs": {"text"},
    "pydantic": {"rulebook"},
    "dotenv": {"settings"},
}
"""For each foreign package that belongs in one place, the parts that may import it."""

LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def modules() -> list[Path]:
    return sorted(PRODUCT.rglob("*.py"))


def part_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "bot"


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> Iterator[str]:
    """Give every module that a file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: say where it is imported from, in full"
            assert node.module is not None
            yield node.module
            if node.module == "bot":
                yield from (f"bot.{alias.name}" for alias in node.names if alias.name in ALLOWED)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    part = part_of(name_of(path))
    ours = {part_of(name) for name in imports_of(path) if name.split(".")[0] == "bot"}
    assert ours - ALLOWED.get(part, set()) - {part, "bot"} == set()


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_foreign_packages_stay_in_their_place(path: Path) -> None:
    part = part_of(name_of(path))
    foreign = {name.split(".")[0] for name in imports_of(path)}
    assert [name for name in foreign & OUTSIDE.keys() if part not in OUTSIDE[name]] == []


def test_every_part_has_its_row() -> None:
    parts = {part_of(name_of(path)) for path in modules()} - {"bot"}
    assert parts == ALLOWED.keys()


def test_the_table_itself_goes_round_in_no_circle() -> None:
    placed: set[str] = set()
    while remaining := ALLOWED.keys() - placed:
        free = {part for part in remaining if ALLOWED[part] <= placed}
        assert free, f"these import one another: {sorted(remaining)}"
        placed |= free


def test_the_product_never_imports_its_tests_or_its_bench() -> None:
    outer = {"tests", "bench"}
    assert [path for path in modules() if outer & {name.split(".")[0] for name in imports_of(path)}] == []


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_file_can_be_read_at_a_sitting(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < LONGEST_FILE
    functions = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = {node.name for node in functions if (node.end_lineno or 0) - node.lineno > LONGEST_FUNCTION}
    assert long == set()
