"""What was learned from examples, as part of the rules: read, switched off, broken, changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Fault
from bot.rulebook.learned import LEARNED
from bot.rulebook.live import LiveRulebook
from bot.rulebook.load import load_rulebook, load_with_places
from bot.rulebook.model import WEIGHTS, Status

Faults = Callable[[], list[Fault]]

HEAD = {"bias": -1.5, "weights": {"w=tea": 0.5}}
GOOD: dict[str, Any] = {"corpus": "0" * 64, "messages": 3, "due": HEAD, "families": {"cold-relief": HEAD}}
TEXT = json.dumps(GOOD, indent=0)


def write(rules: Path, *, learned: str = "status: live\n", weights: str | bytes = TEXT) -> None:
    (rules / LEARNED).write_text(learned, encoding="utf-8")
    (rules / WEIGHTS).write_bytes(weights if isinstance(weights, bytes) else weights.encode())


def test_both_files_are_read_and_change_the_digest(rules: Path) -> None:
    without = load_rulebook(rules)
    write(rules, learned="status: live\ndue: 93\nfamily: 40\ntopics: [garlic]\nnote: tried out in May\n")
    rulebook = load_rulebook(rules)
    assert rulebook.learned is not None
    assert (rulebook.learned.status, rulebook.learned.due, rulebook.learned.family) == (Status.LIVE, 93, 40)
    assert rulebook.weights is not None
    assert rulebook.weights.families["cold-relief"].weights == {"w=tea": 0.5}
    write(rules, weights=TEXT.replace("0.5", "0.6"))
    assert len({without.digest, rulebook.digest, load_rulebook(rules).digest}) == 3


def test_a_folder_without_them_works_as_ever(rules: Path) -> None:
    rulebook = load_rulebook(rules)
    assert (rulebook.learned, rulebook.weights) == (None, None)


@pytest.mark.parametrize("weights", [TEXT, "broken"])
def test_weights_that_are_not_used_are_not_read(rules: Path, weights: str) -> None:
    write(rules, learned="status: off\n", weights=weights)
    assert load_rulebook(rules).weights is None
    (rules / LEARNED).unlink()
    assert load_rulebook(rules).weights is None


def test_before_anything_was_learned_there_are_no_weights(rules: Path) -> None:
    (rules / LEARNED).write_text("status: live\n", encoding="utf-8")
    assert load_rulebook(rules).weights is None


@pytest.mark.parametrize(
    ("learned", "line", "column", "problem"),
    [
        ("status: loud\n", 1, 9, "`loud` is not one of the words that are known here."),
        ("status: live\ndue: 20\n", 2, 6, "the number is too small: 50 is the least."),
        ("status: live\nfamily: 101\n", 2, 9, "the number is too large: 100 is the most."),
        ("status: live\ndew: 90\n", 2, 1, "`dew` is not a key that is known here."),
        ("status: live\ntopics: [garlik]\n", 2, 10, "the concept `garlik` is not in the lexicon."),
    ],
)
def test_faults_in_the_settings(
    rules: Path, faults_of: Faults, learned: str, line: int, column: int, problem: str
) -> None:
    write(rules, learned=learned)
    (fault,) = faults_of()
    assert (fault.path.name, fault.line, fault.column) == (LEARNED, line, column)
    assert fault.problem == problem


def without(key: str) -> str:
    return json.dumps({name: value for name, value in GOOD.items() if name != key}, indent=0)


@pytest.mark.parametrize(
    ("weights", "line", "problem"),
    [
        ("", 1, "this is not JSON"),
        (TEXT[:-5], 16, "this is not JSON"),
        ("[" * 200_000, 1, "this is not JSON"),
        (b"\xff", 1, "this is not JSON"),
        ("[]", 1, "keys are wanted here"),
        (TEXT.replace("3,", '"3",'), 3, "a whole number is wanted here."),
        (TEXT.replace('"w=tea": 0.5', '"w=tea": "much"', 1), 7, "this cannot stand here"),
        (TEXT.replace('"w=tea": 0.5', '"w=tea": 1e9', 1), 7, "the number is too large"),
        (TEXT.replace('"w=tea": 0.5', '"w=tea": NaN', 1), 7, "this cannot stand here"),
        (TEXT.replace("000", "xyz", 1), 2, "is not a SHA-256"),
        (TEXT.replace('"messages"', '"massages"'), 3, "`massages` is not a key that is known here."),
        (without("due"), 1, "`due` is missing"),
    ],
)
def test_broken_weights_are_told_with_their_place(
    rules: Path, faults_of: Faults, weights: str | bytes, line: int, problem: str
) -> None:
    write(rules, weights=weights)
    fault = next(fault for fault in faults_of() if problem in fault.problem)
    assert (fault.path.name, fault.line) == (WEIGHTS, line)
    assert fault.column >= 1
    assert "caveat-bot learn" in fault.instead


def test_weights_beyond_all_measure_are_not_read(rules: Path, faults_of: Faults) -> None:
    write(rules, weights=" " * 4_000_001)
    assert [fault.problem for fault in faults_of()] == ["the file is larger than 4 MB."]


def test_weights_that_cannot_be_read_are_told(rules: Path, faults_of: Faults) -> None:
    write(rules)
    (rules / WEIGHTS).unlink()
    (rules / WEIGHTS).mkdir()
    assert faults_of()[0].problem.startswith("the file cannot be read: ")


async def test_new_weights_come_into_force_while_the_bot_runs(rules: Path) -> None:
    write(rules)
    digests: list[str] = []

    async def changed(digest: str) -> None:
        digests.append(digest)

    async def broken(faults: tuple[Fault, ...]) -> None:
        pytest.fail(str(faults))

    live = LiveRulebook(
        load=load_with_places,
        folder=rules,
        prepare=lambda loaded: loaded.rulebook.digest,
        changed=changed,
        broken=broken,
        settle=10,
        poll=60_000,
    )
    async with live:
        before = live.current
        write(rules, weights=TEXT.replace("0.5", "0.75"))
        await live.look()
        assert live.current != before
