from __future__ import annotations

import pytest

from bot.studio.guard import Pace, host_is_ours, origin_is_ours


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8080", True),
        ("localhost:8080", True),
        ("LOCALHOST", True),
        ("room.localhost:1", True),
        ("[::1]:8080", True),
        ("192.168.1.20:8080", True),
        ("bot.internal:8080", True),
        ("BOT.internal", True),
        ("rebound.example:8080", False),
        ("localhost.rebound.example", False),
        ("127.0.0.1.rebound.example", False),
        ("evillocalhost", False),
        ("[::1", False),
        ("", False),
        (None, False),
    ],
)
def test_only_names_that_cannot_be_rebound_are_served(host: str | None, ours: bool) -> None:
    assert host_is_ours(host, served="bot.internal") is ours


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("http://localhost:8080", True),
        ("https://localhost:8080", True),
        ("http://LOCALHOST:8080", True),
        ("http://localhost:8081", False),
        ("http://localhost", False),
        ("http://elsewhere.example", False),
        ("ftp://localhost:8080", False),
        ("null", False),
        ("", False),
        (None, False),
    ],
)
def test_only_the_page_itself_may_join(origin: str | None, ours: bool) -> None:
    assert origin_is_ours(origin, host="localhost:8080") is ours


def test_no_host_no_origin() -> None:
    assert not origin_is_ours("http://localhost", host=None)


def test_pace_lets_a_burst_through_and_then_so_many_a_second() -> None:
    moment = 0.0
    pace = Pace(burst=3, each_second=2, now=lambda: moment)
    assert [pace.allows() for _ in range(4)] == [True, True, True, False]
    moment = 0.5
    assert [pace.allows() for _ in range(2)] == [True, False]
    moment = 100.0
    assert [pace.allows() for _ in range(4)] == [True, True, True, False]
