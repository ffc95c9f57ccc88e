"""Small memories stay small, and a trouble is told once."""

from __future__ import annotations

import logging

import pytest

from bot.gateway.recent import Recent, TroubleLog


def test_the_oldest_is_forgotten_first_and_seeing_again_makes_young() -> None:
    recent: Recent[int] = Recent(limit=2)
    assert recent.add(1)
    assert recent.add(2)
    assert not recent.add(1)
    assert recent.add(3)
    assert [number in recent for number in (1, 2, 3)] == [True, False, True]
    assert len(recent) == 2


@pytest.fixture
def troubles(caplog: pytest.LogCaptureFixture) -> TroubleLog:
    caplog.set_level(logging.INFO)
    return TroubleLog(log=logging.getLogger("tests.troubles"), limit=2)


def test_a_reason_is_logged_once_a_room_until_the_room_works(
    troubles: TroubleLog, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        troubles.tell(1, "no")
    troubles.tell(1, "never")
    troubles.works(1)
    troubles.works(1)
    troubles.tell(1, "no")
    assert [record.getMessage() for record in caplog.records] == [
        "channel 1: no",
        "channel 1: never",
        "channel 1: works again",
        "channel 1: no",
    ]


@pytest.mark.parametrize("forgotten", ["by hand", "by age"])
def test_a_forgotten_room_is_told_of_again(
    troubles: TroubleLog, caplog: pytest.LogCaptureFixture, forgotten: str
) -> None:
    troubles.tell(1, "no")
    if forgotten == "by hand":
        troubles.forget(1)
    else:
        troubles.tell(2, "no")
        troubles.tell(3, "no")
    troubles.tell(1, "no")
    assert [record.getMessage() for record in caplog.records].count("channel 1: no") == 2
