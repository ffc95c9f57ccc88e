"""For each server one rulebook: shared where it is the same, freed when dropped, laid anew on a new base."""

from __future__ import annotations

import asyncio
import gc
import logging
from pathlib import Path
from weakref import ref

import pytest
from msgspec.structs import replace

from bot.matching.compile import CompiledRulebook
from bot.moderation.changes import NewRule, SetFamilyStatus
from bot.moderation.notices import (
    BaseRefused,
    Notice,
    Notices,
    OverlayFitsAgain,
    OverlaySetAside,
    TrialEnded,
    sentence,
)
from bot.proof import Proven, prove
from bot.rulebook.model import Status
from bot.store.model import NewVersion
from tests.moderation.desk import NOW, TONIC, Desk, opened

OFF = SetFamilyStatus("cold-relief", Status.OFF)


@pytest.fixture
def other_base(rules: Path) -> Proven:
    """The small rules with another caveat wording: every overlay still fits."""
    path = rules / "caveats.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("garlic", "garlic, say,", 1), encoding="utf-8")
    return prove(rules)


@pytest.fixture
def narrower_base(rules: Path) -> Proven:
    """The small rules without the concept that some overlays name."""
    lexicon = rules / "lexicon.yaml"
    lexicon.write_text(lexicon.read_text(encoding="utf-8").replace("handful", "bunch"), encoding="utf-8")
    return prove(rules)


HANDFUL = TONIC.replace("<garlic> tonic", "<handful> <garlic> tonic").replace(
    "garlic tonic for", "handful of garlic tonic for"
)


async def test_servers_without_changes_share_the_base(desk: Desk) -> None:
    assert desk.rulebooks.of("s1") is desk.rulebooks.of("s2") is desk.rulebooks.base
    await desk.confirmed(OFF)
    await desk.confirmed("")
    assert desk.rulebooks.of("s1") is desk.rulebooks.base


async def test_the_same_changes_are_compiled_once(desk: Desk) -> None:
    await desk.confirmed(NewRule(TONIC), server="s1")
    await desk.confirmed(NewRule(TONIC), server="s2")
    assert desk.rulebooks.of("s1") is desk.rulebooks.of("s2")
    assert desk.rulebooks.of("s1") is not desk.rulebooks.base


async def test_switching_off_compiles_no_words_again(desk: Desk) -> None:
    await desk.confirmed(OFF)
    assert desk.rulebooks.of("s1").lexicon is desk.rulebooks.base.lexicon
    assert [rule.id for rule in desk.rulebooks.of("s1").rules] == ["garlic-is-harmless"]


async def test_what_nobody_uses_any_more_is_let_go(desk: Desk) -> None:
    await desk.confirmed(NewRule(TONIC))
    dropped: ref[CompiledRulebook] = ref(desk.rulebooks.of("s1"))
    assert dropped() is not None
    await desk.confirmed("")
    await asyncio.sleep(0.05)  # the thread that compared both may still be on its way out
    gc.collect()
    assert dropped() is None
    assert len(desk.rulebooks.workshop) == 0


async def test_a_new_base_is_under_every_servers_changes(desk: Desk, other_base: Proven) -> None:
    await desk.confirmed(NewRule(TONIC))
    await desk.rulebooks.use_base(other_base)
    assert desk.rulebooks.base is other_base.rulebook
    assert desk.rulebooks.of("s2") is other_base.rulebook
    rulebook = desk.rulebooks.of("s1").source
    assert rulebook.caveats == other_base.rulebook.source.caveats
    assert "our-tonic" in [rule.id for rule in rulebook.rules]
    assert desk.kinds() == ["OverlayChanged", "BaseChanged"]


async def test_changes_that_no_longer_fit_are_kept_set_aside_and_told(
    desk: Desk, narrower_base: Proven, base: Proven, tmp_path: Path
) -> None:
    version = await desk.confirmed(NewRule(HANDFUL))
    await desk.rulebooks.use_base(narrower_base)
    notice = desk.heard[-1]
    assert isinstance(notice, OverlaySetAside)
    assert [(fault.path.name, fault.line, fault.column) for fault in notice.faults] == [
        ("overlay.yaml", 5, 9)
    ]
    assert "the concept `handful`" in sentence(notice)
    assert desk.rulebooks.of("s1") is narrower_base.rulebook
    kept = await desk.moderation.newest("s1")
    assert kept is not None
    assert (kept.text, kept.number) == (version.text, 1)
    assert "overlay.yaml:5:9" in (kept.set_aside or "")
    async with opened(tmp_path / "caveat.db", narrower_base) as restarted:
        assert restarted.rulebooks.of("s1") is narrower_base.rulebook
        assert restarted.heard == []
    await desk.rulebooks.use_base(base)
    assert isinstance(desk.heard[-1], OverlayFitsAgain)
    again = await desk.moderation.newest("s1")
    assert again is not None
    assert again.set_aside is None
    assert "our-tonic" in [rule.id for rule in desk.rulebooks.of("s1").source.rules]


async def test_changes_whose_examples_fail_on_a_new_base_are_set_aside(desk: Desk, rules: Path) -> None:
    await desk.confirmed(NewRule(TONIC))
    path = rules / "lexicon.yaml"
    text = path.read_text(encoding="utf-8").replace("[garlic bread]", "[garlic bread, garlic tonic]")
    path.write_text(text, encoding="utf-8")
    await desk.rulebooks.use_base(prove(rules))
    notice = desk.heard[-1]
    assert isinstance(notice, OverlaySetAside)
    assert "should fire on “garlic tonic for the win”" in notice.faults[0].problem


async def test_a_version_set_aside_can_be_mended(desk: Desk, narrower_base: Proven) -> None:
    await desk.confirmed(NewRule(HANDFUL))
    await desk.rulebooks.use_base(narrower_base)
    text = await desk.moderation.export("s1")
    await desk.confirmed(text.replace("handful", "bunch"))
    assert "our-tonic" in [rule.id for rule in desk.rulebooks.of("s1").source.rules]


async def test_what_another_program_saved_is_taken_over(desk: Desk, base: Proven, tmp_path: Path) -> None:
    async with opened(tmp_path / "caveat.db", base) as other:
        await other.confirmed(OFF)
    assert desk.rulebooks.of("s1") is desk.rulebooks.base
    await desk.rulebooks.look()
    assert [rule.id for rule in desk.rulebooks.of("s1").rules] == ["garlic-is-harmless"]


async def test_what_cannot_be_read_in_the_database_is_set_aside(desk: Desk) -> None:
    broken = NewVersion("s1", None, NOW, "by hand", "families: [", "d" * 64)
    await desk.store.save_version(broken, seen=0)
    await desk.rulebooks.look()
    assert desk.rulebooks.of("s1") is desk.rulebooks.base
    assert isinstance(desk.heard[-1], OverlaySetAside)


async def test_the_rules_before_stay_in_force_until_the_new_ones_are_ready(desk: Desk) -> None:
    before = desk.rulebooks.of("s1")
    changing = asyncio.create_task(desk.confirmed(NewRule(TONIC)))
    seen: list[CompiledRulebook] = []
    while not changing.done():
        seen.append(desk.rulebooks.of("s1"))
        await asyncio.sleep(0)
    assert set(seen) <= {before, desk.rulebooks.of("s1")}
    # The event loop went on turning while the rules were made ready in a thread.
    assert seen.count(before) > 20


async def test_faults_in_files_are_told_and_mended(desk: Desk, base: Proven) -> None:
    fault = base.loaded.place_of_rule("garlic-cures-colds").fault("it is wrong.", "Mend it.")
    await desk.rulebooks.refuse_base((fault,))
    await desk.rulebooks.refuse_base(())
    assert desk.heard[0] == BaseRefused((fault,))
    assert sentence(desk.heard[0]).splitlines()[1] == str(fault)
    assert desk.kinds() == ["BaseRefused", "BaseMended"]


async def test_one_listener_that_fails_keeps_no_other_from_hearing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    notices, heard = Notices(), []

    async def fail(notice: Notice) -> None:
        raise RuntimeError("no")

    async def hear(notice: Notice) -> None:
        heard.append(notice)

    notices.subscribe(fail)
    leave = notices.subscribe(hear)
    with caplog.at_level(logging.ERROR, logger="bot.moderation.notices"):
        await notices.tell(TrialEnded("s1", ("a",)))
    assert heard == [TrialEnded("s1", ("a",))]
    assert "could not be passed on" in caplog.text
    leave()
    leave()
    await notices.tell(TrialEnded("s1", ("b",)))
    assert len(heard) == 1


async def test_adopting_an_older_version_changes_nothing(desk: Desk) -> None:
    version = await desk.confirmed(OFF)
    fitted = await desk.rulebooks.fit("")
    await desk.rulebooks.adopt(replace(version, text=""), fitted)
    assert [rule.id for rule in desk.rulebooks.of("s1").rules] == ["garlic-is-harmless"]
