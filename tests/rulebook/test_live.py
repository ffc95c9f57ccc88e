"""Rules that change while the bot runs, on a real folder with real file events."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.errors import Fault, RulebookError
from bot.rulebook.live import LiveRulebook
from bot.rulebook.load import load_with_places
from bot.rulebook.loaded import LoadedRulebook
from tests.rulebook.small_language import SPANISH, add_spanish

PATIENCE = 30.0


class Watcher:
    """Collects what a live rulebook tells."""

    def __init__(self) -> None:
        self.changes: asyncio.Queue[str] = asyncio.Queue()
        self.faults: asyncio.Queue[tuple[Fault, ...]] = asyncio.Queue()
        self.prepared = 0
        self.fail_next = False
        self.stumbled = asyncio.Event()

    def prepare(self, loaded: LoadedRulebook) -> str:
        self.prepared += 1
        if "forbidden" in loaded.rulebook.concepts:
            raise RulebookError(
                [loaded.place_of_rule("garlic-cures-colds").fault("an example does not hold.")]
            )
        return loaded.rulebook.concepts["zinc"].words[0]

    async def changed(self, prepared: str) -> None:
        if self.fail_next:
            self.fail_next = False
            self.stumbled.set()
            raise ValueError("the caller stumbles")
        await self.changes.put(prepared)

    async def broken(self, faults: tuple[Fault, ...]) -> None:
        await self.faults.put(faults)

    async def next_change(self) -> str:
        return await asyncio.wait_for(self.changes.get(), PATIENCE)

    async def next_faults(self) -> tuple[Fault, ...]:
        return await asyncio.wait_for(self.faults.get(), PATIENCE)


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@asynccontextmanager
async def watching(
    folder: Path, watcher: Watcher, poll: int = 200, idle: int = 0
) -> AsyncIterator[LiveRulebook[str]]:
    live = LiveRulebook(
        load=load_with_places,
        folder=folder,
        prepare=watcher.prepare,
        changed=watcher.changed,
        broken=watcher.broken,
        settle=20,
        poll=poll,
        idle=idle,
    )
    async with live:
        yield live


def rename_zinc(folder: Path, word: str) -> None:
    """Save the lexicon with another word for zinc."""
    path = folder / "lexicon.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    row = lines.index("zinc:\n") + 1
    lines[row] = f"  words: [{word}]\n"
    path.write_text("".join(lines), encoding="utf-8")


def add_concept(folder: Path, name: str) -> Path:
    """Save one more file of the lexicon."""
    path = folder / "lexicon" / f"{name}.yaml"
    path.parent.mkdir()
    path.write_text(f"{name}:\n  words: [x]\n", encoding="utf-8")
    return path


def move(old: Path, new: Path) -> None:
    """Rename a file or folder."""
    old.rename(new)


@pytest.mark.parametrize("idle", [0, 300], ids=["watched at once", "before the watching begins"])
async def test_a_change_comes_into_force(rules: Path, watcher: Watcher, idle: int) -> None:
    async with watching(rules, watcher, idle=idle) as live:
        assert live.current == "zinc"
        rename_zinc(rules, "iron")
        assert await watcher.next_change() == "iron"
        assert live.current == "iron"
        rename_zinc(rules, "copper")
        assert await watcher.next_change() == "copper"
    assert watcher.faults.empty()


async def test_a_language_that_is_changed_or_goes_is_a_change_and_a_broken_one_is_not(
    rules: Path, watcher: Watcher
) -> None:
    async with watching(rules, watcher) as live:
        spanish = add_spanish(rules)
        await watcher.next_change()
        add_spanish(rules, SPANISH.replace("  stomach:", "  stomac:"))
        assert {fault.path.name for fault in await watcher.next_faults()} == {"es.yaml"}
        add_spanish(rules, SPANISH.replace("Puede sentar mal.", "Puede sentar mal al estómago."))
        assert await watcher.next_faults() == ()
        await watcher.next_change()
        spanish.unlink()
        await watcher.next_change()
        assert live.faults == ()


async def test_file_events_are_enough(rules: Path, watcher: Watcher) -> None:
    """Without a look in between: the pause is longer than the test may take."""
    async with watching(rules, watcher, poll=600_000), asyncio.timeout(PATIENCE):
        tries = 0
        while watcher.changes.empty():  # the first tries may come before the system has set up its watch
            tries += 1
            rename_zinc(rules, f"iron {tries}")
            await asyncio.sleep(0.3)
        assert (await watcher.next_change()).startswith("iron ")


async def test_a_broken_change_leaves_the_last_good_rules_in_force(rules: Path, watcher: Watcher) -> None:
    async with watching(rules, watcher) as live:
        rename_zinc(rules, "12")
        (fault,) = await watcher.next_faults()
        assert (fault.path.name, fault.line, fault.problem) == (
            "lexicon.yaml",
            12,
            "`12` without quotes is a number.",
        )
        assert [str(told) for told in live.faults] == [str(fault)]
        assert live.current == "zinc"
        rename_zinc(rules, "iron")
        assert await watcher.next_faults() == ()
        assert await watcher.next_change() == "iron"
        assert live.faults == ()


async def test_a_gate_that_stays_shut_keeps_the_last_good_rules(rules: Path, watcher: Watcher) -> None:
    async with watching(rules, watcher) as live:
        extra = add_concept(rules, "forbidden")
        (fault,) = await watcher.next_faults()
        assert (fault.path.name, fault.line) == ("cold-relief.yaml", 1)
        assert live.current == "zinc"
        extra.unlink()
        assert await watcher.next_faults() == ()
    assert watcher.changes.empty()


async def test_the_same_content_again_changes_nothing(rules: Path, watcher: Watcher) -> None:
    async with watching(rules, watcher) as live:
        path = rules / "lexicon.yaml"
        path.write_text("# a comment\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
        await live.look()
        await live.look()
        rename_zinc(rules, "iron")
        assert await watcher.next_change() == "iron"
    assert watcher.prepared == 2
    assert watcher.changes.empty()


async def test_the_same_faults_are_told_once(rules: Path, watcher: Watcher) -> None:
    async with watching(rules, watcher) as live:
        rename_zinc(rules, "12")
        await watcher.next_faults()
        path = rules / "cues.yaml"
        path.write_text(path.read_text(encoding="utf-8") + "# a comment\n", encoding="utf-8")
        await live.look()
    assert watcher.faults.empty()


async def test_an_editor_that_writes_beside_and_renames(rules: Path, watcher: Watcher) -> None:
    async with watching(rules, watcher):
        beside = rules / ".lexicon.yaml.tmp"
        shutil.copy(rules / "lexicon.yaml", beside)
        text = beside.read_text(encoding="utf-8").replace("words: [zinc, zinc lozenge]", "words: [iron]")
        beside.write_text(text, encoding="utf-8")
        beside.rename(rules / "lexicon.yaml")
        assert await watcher.next_change() == "iron"


async def test_a_folder_that_goes_and_comes_back(rules: Path, watcher: Watcher, tmp_path: Path) -> None:
    async with watching(rules, watcher) as live:
        move(rules, tmp_path / "away")
        (fault,) = await watcher.next_faults()
        assert fault.problem == "the folder of rules is missing."
        assert live.current == "zinc"
        shutil.copytree(tmp_path / "away", tmp_path / "new")
        rename_zinc(tmp_path / "new", "iron")
        move(tmp_path / "new", rules)
        assert await watcher.next_faults() == ()
        assert await watcher.next_change() == "iron"
        rename_zinc(rules, "copper")
        assert await watcher.next_change() == "copper"


async def test_a_caller_that_stumbles_does_not_end_the_watching(
    rules: Path, watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching(rules, watcher):
        watcher.fail_next = True
        rename_zinc(rules, "iron")
        await asyncio.wait_for(watcher.stumbled.wait(), PATIENCE)
        rename_zinc(rules, "copper")
        assert await watcher.next_change() == "copper"
    assert "could not be taken into force" in caplog.text


async def test_faults_at_the_start_are_raised(rules: Path, watcher: Watcher) -> None:
    (rules / "cues.yaml").unlink()
    with pytest.raises(RulebookError, match=r"cues\.yaml:1:1: the file is missing"):
        async with watching(rules, watcher):
            pass
    assert watcher.faults.empty()


async def test_leaving_ends_the_watching(rules: Path, watcher: Watcher) -> None:
    async with watching(rules, watcher):
        pass
    assert [task for task in asyncio.all_tasks() if task.get_name() == "watch the rules"] == []
