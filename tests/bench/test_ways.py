"""Each way of looking does what its name says, so that what is timed is the real thing."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import discord
import numpy as np
import pytest

from bench.contenders import CONTENDERS, Contender
from bench.look import Quality, Sample
from bench.ours import answers, caches, forget_with
from bench.worst import ENDLESS, Kind, Nasty
from bench.yardstick import Yardstick
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.skim import Skim
from bot.rulebook.load import load_rulebook

SENTENCES = ["garlic cured my cold", "garlic is better than any pill", "never had a cold since garlic"]


@pytest.fixture(scope="module")
def rules() -> CompiledRulebook:
    return compile_rulebook(load_rulebook(Path(__file__).parents[1] / "small_rules"))


@pytest.mark.parametrize("contender", CONTENDERS, ids=lambda contender: contender.name)
def test_a_contender_finds_its_sentences_and_no_other(contender: Contender) -> None:
    if not contender.is_installed:
        pytest.skip(f"{contender.package} is not installed")
    ready = contender.prepare(SENTENCES)
    near, far = "I say Garlic cured my cold really", "the bus was late again"
    if ready.score is not None:
        assert ready.score(near) > 90
        assert ready.score(far) < 60
    elif ready.is_batched:
        found = np.asarray(ready.look([near, far]))
        assert (found > 90).tolist() == [True, False]
    else:
        assert bool(ready.look(near)) is True
        assert bool(ready.look(far)) is False


def test_the_yardstick_builds_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    yardstick = Yardstick()
    got: list[tuple[str, discord.Message]] = []
    state = yardstick.client._connection
    monkeypatch.setattr(state, "dispatch", lambda name, message: got.append((name, message)))
    yardstick.take(yardstick.frame("soup for dinner again"))
    ((name, message),) = got
    assert (name, message.content) == ("message", "soup for dinner again")
    assert message.guild is not None
    assert isinstance(message.author, discord.Member)


def test_all_caches_are_found_and_emptied(rules: CompiledRulebook) -> None:
    answers(rules, "garlic cured my coldd, so I belive")
    found = caches()
    assert {type(one) for one in found} >= {Skim}
    assert any(map(_size_of, found))
    forget_with(found)()
    assert [one for one in found if _size_of(one)] == []


def _size_of(cache: Any) -> int:
    return len(cache) if isinstance(cache, Skim) else cache.cache_info().currsize


def test_what_is_answered_is_found(rules: CompiledRulebook) -> None:
    assert answers(rules, "garlic cured my cold")
    assert not answers(rules, "garlic never cured my cold")


def test_chatter_weighs_as_much_as_there_is_of_it() -> None:
    sample = Sample(claims=("a", "b"), chatter=("c", "d"), weight=4.0)
    assert sample.quality({"a", "c"}.__contains__) == Quality(0.5, 1 / 5)
    assert sample.quality(lambda _: False) == Quality(0.0, None)


def test_a_fuzzy_way_gets_the_cutoff_that_suits_it_best() -> None:
    scores = {"a": 90.0, "b": 70.0, "c": 60.0}
    best = Sample(claims=("a", "b"), chatter=("c",), weight=1.0).best_quality(scores.__getitem__)
    assert (best.recall, best.precision) == (1.0, 1.0)
    assert best.cutoff is not None
    assert 60 < best.cutoff <= 70


@pytest.mark.parametrize("length", [125, 2000, 4000])
def test_messages_made_to_be_slow_have_their_length(rules: CompiledRulebook, length: int) -> None:
    nasty = Nasty(rules.source, Random(1))
    assert {len(nasty.message(kind, length)) for kind in (*nasty.kinds, ENDLESS)} == {length}
    assert " " not in nasty.message(ENDLESS, length)


@pytest.mark.parametrize(("power", "growth"), [(1, 1.0), (2, 2.0)])
def test_growth_tells_proportion_from_square(power: int, growth: float) -> None:
    kind = Kind("any", {length: float(length**power) for length in (125, 500, 1000, 2000, 4000)})
    assert kind.growth == pytest.approx(growth)
