"""The room's statistics over the real server: as tables, as charts and as a file."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StoreError
from bot.statistics.report import as_csv
from bot.statistics.table import tabulate
from bot.store.model import week_of
from bot.studio.figures import asked_in
from bot.studio.health import SERVER
from bot.studio.requests import RequestError

from .conftest import CLAIM, SHADOW, Page, Place

WEEK = "2026-02-23"


async def told_by(page: Page, **asked: object) -> dict[str, Any]:
    return await page.ask(type="statistics", **asked)


async def busy(page: Page) -> None:
    """A reply that two members call a false alarm, one that is held back, and a message for shadow."""
    message = await page.say(CLAIM)
    await page.say(CLAIM, member=page.welcome["members"][1]["id"])
    await page.say(SHADOW)
    for member in page.welcome["members"][:2]:
        await page.ask(type="vote", reply=message["reply"]["id"], member=member["id"], vote="not-what-i-said")


async def test_the_page_is_told_what_came_of_the_rules(place: Place) -> None:
    async with place.page() as page:
        await busy(page)
        told = await told_by(page, weeks=2)
    assert (told["weeks"], told["family"]) == (["2026-02-16", WEEK], None)
    colds = {
        "name": "cold-relief",
        "replies": 1,
        "held": 1,
        "shadow": 0,
        "helpful": 0,
        "not_helpful": 0,
        "not_what_i_said": 2,
        "false_alarms": "1 of 1, 21 % to 100 %",
    }
    assert told["by_family"][0] == colds
    assert told["total"] == {**colds, "name": "all", "shadow": 1}
    assert [row["name"] for row in told["by_week"]] == [WEEK, "2026-02-16"]
    assert told["by_week"][0]["replies"] == 1
    replies, held, votes = told["bars"]
    assert replies["stacked"][0] == {"name": "cold-relief", "look": 0, "heights": [0, 1]}
    assert held["line"] == {"name": "rules in shadow only", "look": 6, "heights": [0, 1]}
    assert [series["heights"] for series in votes["stacked"]] == [[0, 0], [0, 0], [0, 2]]
    assert [one["name"] for one in told["false_alarms"]["shares"]] == ["cold-relief"]
    assert "1 of 1" in told["false_alarms"]["told"]
    assert told["summary"].startswith("2 weeks (2026-02-16 to 2026-03-01): 1 reply")
    assert told["families"] == [
        {"id": "cold-relief", "title": "Garlic cures or prevents colds"},
        {"id": "garlic-safe", "title": "Garlic is harmless"},
    ]


async def test_one_family_is_told_alone(place: Place) -> None:
    async with place.page() as page:
        await busy(page)
        told = await told_by(page, family="cold-relief")
        other = await told_by(page, family=told["families"][-1]["id"], weeks=1)
    assert [row["name"] for row in told["by_family"]] == ["cold-relief"]
    assert told["total"]["shadow"] == 0
    assert len(told["weeks"]) == 12
    assert other["total"]["replies"] == 0


async def test_where_nothing_happened_that_is_told(place: Place) -> None:
    async with place.page() as page:
        told = await told_by(page)
    assert told["by_family"] == []
    assert "0 replies" in told["summary"]
    assert told["false_alarms"]["told"] == "False alarms: no reply was voted on."


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"weeks": 0}, "Weeks are a whole number from 1 to 104, for example 12."),
        ({"weeks": 105}, "Weeks are a whole number from 1 to 104, for example 12."),
        ({"weeks": "many"}, "Weeks are a whole number from 1 to 104, for example 12."),
        ({"weeks": 1.5}, "Weeks are a whole number from 1 to 104, for example 12."),
        ({"family": "moods"}, "There is no claim family “moods” here. There are: cold-relief"),
        ({"family": "m" * 61}, "family is wrong"),
        ({"server": "1"}, "a key that the room does not know: server"),
    ],
)
async def test_what_cannot_be_told_is_refused(place: Place, asked: dict[str, object], says: str) -> None:
    async with place.page() as page:
        refused = await told_by(page, **asked)
    assert refused["type"] == "refused"
    assert says in refused["says"]


async def test_the_file_holds_what_the_command_line_writes(place: Place) -> None:
    async with place.page() as page:
        await busy(page)
        told = await told_by(page, weeks=3)
    async with place.http.get(place.url + told["numbers"]) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert response.headers["Content-Disposition"] == 'attachment; filename="statistics.csv"'
        assert "Content-Security-Policy" in response.headers
        text = await response.text()
    last = week_of(place.clock())
    counts = await place.checker.counts_of(SERVER, since=last)
    assert text == as_csv(tabulate(counts, last=last, weeks=3))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["monday"], row["replies"]) for row in rows if row["family"] == "cold-relief"] == [
        (WEEK, "1")
    ]


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("", 200, "week,monday,family"),
        ("weeks=104&family=cold-relief", 200, "week,monday,family"),
        ("weeks=", 400, "Weeks are a whole number from 1 to 104"),
        ("weeks=-1", 400, "Weeks are a whole number from 1 to 104"),
        ("weeks=99999999999999999999", 400, "Weeks are a whole number from 1 to 104"),
        ("family=moods", 400, "There is no claim family “moods” here."),
        ("room=1", 400, "a key that the room does not know: room"),
    ],
)
async def test_an_address_that_asks_wrongly_is_told_what_to_ask(
    place: Place, query: str, status: int, says: str
) -> None:
    async with place.http.get(f"{place.url}statistics.csv?{query}") as response:
        assert response.status == status
        assert says in await response.text()


async def test_a_store_that_fails_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(*_: object, **__: object) -> NoReturn:
        raise StoreError("the database cannot be read")

    monkeypatch.setattr(place.checker, "counts_of", failing)
    async with place.page() as page:
        assert (await told_by(page))["says"] == "the database cannot be read"
    async with place.http.get(f"{place.url}statistics.csv") as response:
        assert (response.status, await response.text()) == (503, "the database cannot be read\n")


async def test_a_rebound_name_gets_no_numbers(place: Place) -> None:
    async with place.http.get(
        place.url + "statistics.csv", headers={"Host": "rebound.example:8080"}
    ) as response:
        assert response.status == 421


@given(st.dictionaries(st.text(), st.text()) | st.fixed_dictionaries({"weeks": st.text()}))
def test_no_query_makes_the_reader_fall_over(query: dict[str, str]) -> None:
    weeks = 12
    with suppress(RequestError):
        weeks = asked_in(query).weeks
    assert 1 <= weeks <= 104
