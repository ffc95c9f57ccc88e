"""Times and memory are taken as they say."""

from __future__ import annotations

import time

import pytest

from bench.bars import Bar
from bench.install import entries_of
from bench.measure import Times, Way, build_aside, ratio, take_turns


def test_the_mean_is_hardly_moved_by_one_slow_moment() -> None:
    assert Times((10.0,) * 950 + (100_000.0,) + (10.0,) * 49).mean == 10.0


@pytest.mark.parametrize(("share", "expected"), [(50, 51.0), (99, 100.0)])
def test_percentiles_are_those_of_single_messages(share: int, expected: float) -> None:
    assert Times(tuple(float(number) for number in range(1, 101))).percentile(share) == expected


def test_a_batch_has_no_percentiles() -> None:
    assert Times((1.0, 1.0), is_batched=True).percentile(50) is None


def test_a_ratio_is_taken_on_the_messages_that_both_got_through() -> None:
    assert ratio(Times((4.0,) * 50), Times((2.0,) * 50 + (900.0,) * 500)) == 2.0


def test_each_way_gets_the_same_messages_prepared_and_in_order() -> None:
    texts = [f"message {number}" for number in range(120)]
    plain: list[str] = []
    prepared: list[str] = []
    batched: list[str] = []
    times = take_turns(
        [
            Way("plain", plain.append, seconds=60),
            Way("prepared", prepared.append, prepare=str.upper, seconds=60),
            Way("batched", batched.extend, seconds=60, is_batched=True),
        ],
        texts,
    )
    assert plain == batched == texts
    assert prepared == [text.upper() for text in texts]
    assert {name: len(each.micros) for name, each in times.items()} == dict.fromkeys(times, 120)


def test_what_is_slow_gets_one_block_and_holds_up_nobody() -> None:
    quick: list[str] = []

    def slow(_: str) -> None:
        for _number in range(20_000):
            pass

    times = take_turns(
        [Way("slow", slow, seconds=0.001), Way("quick", quick.append, seconds=60)], ["a"] * 500
    )
    assert (len(times["slow"].micros), len(quick)) == (50, 500)


def test_what_is_built_aside_tells_its_memory() -> None:
    built = build_aside(bytearray, 64 << 20, within=30)
    assert built.problem == ""
    assert built.memory is None or built.memory > 48 << 20


def test_what_cannot_be_built_says_why() -> None:
    assert build_aside(int, "no number", within=30).problem.startswith("ValueError: invalid literal")


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.measure._STARTING", 0.1)
    assert build_aside(time.sleep, 600, within=0.1).problem == "not ready within 0 s"


@pytest.mark.parametrize(
    ("value", "at_least", "met"),
    [(0.9, False, True), (1.1, False, False), (0.9, True, False), (1.0, True, True)],
)
def test_a_bar_is_met_or_not(value: float, at_least: bool, met: bool) -> None:
    assert Bar("a ratio", value, 1.0, at_least=at_least).is_met is met


def test_a_lock_file_is_taken_apart_package_by_package() -> None:
    one = "one==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb"
    two = "two-b==2 ; x < '3' \\\n    --hash=sha256:cc"
    assert entries_of(f"{one}\n    # via two\n{two}\n") == {"one": one, "two-b": two}
