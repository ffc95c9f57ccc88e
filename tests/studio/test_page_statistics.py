"""The statistics in a real browser: tables and charts that hold the figures, also for those who see none."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from .browser import Window, launched, window
from .conftest import CLAIM, SHADOW, Place

pytestmark = pytest.mark.browser

LOOKS = 7


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


async def opened(page: Window) -> Locator:
    await page.button("Rules").click()
    desk = page.page.get_by_role("dialog")
    await desk.get_by_role("button", name="Statistics").click()
    await expect(desk.get_by_role("heading", name="Statistics")).to_be_focused()
    return desk


async def busy(page: Window) -> None:
    await page.say(CLAIM)
    await page.replies.locator("[data-vote=not-what-i-said]").click()
    await page.say(CLAIM, member="Jonas")
    await page.say(SHADOW)


def luminance(colour: tuple[int, ...]) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


async def test_tables_and_charts_hold_the_figures(browser: Browser, moderated: Place, tmp_path: Path) -> None:
    async with window(browser, moderated.url) as page:
        await busy(page)
        desk = await opened(page)
        await expect(desk.get_by_role("status")).to_contain_text("1 reply, 1 in the week that began last")
        families = desk.get_by_role("table", name="By claim family")
        row = families.get_by_role("row", name="cold-relief")
        await expect(row.get_by_role("rowheader")).to_have_text("cold-relief")
        cells = ["1", "1", "0", "0", "0", "1", "1 of 1 21 % to 100 %"]
        await expect(row.get_by_role("cell")).to_have_text(cells)
        await expect(families.locator("tfoot td")).to_have_text(["1", "1", "1", *cells[3:]])
        heads = ["family", "sent", "held", "shadow", "votes", "false alarms"]
        assert await families.locator("thead tr:first-child th[scope]").all_inner_texts() == heads
        await expect(desk.get_by_role("table", name="By week").locator("tbody tr")).to_have_count(12)
        await expect(
            desk.get_by_role("img", name=re.compile("^Replies sent, by week: 1 in all"))
        ).to_be_visible()
        held = desk.get_by_role("img", name=re.compile("Line: rules in shadow only, 1 in all"))
        await expect(held.locator(".part title")).to_have_text("2026-02-23: cold-relief 1")
        await expect(held.locator(".mark")).to_have_count(12)
        await expect(desk.get_by_role("img", name=re.compile("^False alarms.*1 of 1"))).to_be_visible()
        async with page.page.expect_download() as download:
            await desk.get_by_role("link", name="All numbers as CSV").click()
        text = (await (await download.value).path()).read_text(encoding="utf-8")
        assert "2026-W09,2026-02-23,cold-relief,1,1" in text
        await page.page.screenshot(path=tmp_path / "statistics.png", full_page=True)


async def test_weeks_and_family_are_chosen_and_what_is_wrong_is_said_and_kept(
    browser: Browser, moderated: Place
) -> None:
    async with window(browser, moderated.url) as page:
        await busy(page)
        desk = await opened(page)
        weeks, wrong = desk.get_by_label("Weeks", exact=True), desk.get_by_role("alert")
        await desk.get_by_label("Family", exact=True).select_option("garlic-safe")
        for typed in ("twelve", "0", "105", ""):
            await weeks.fill(typed)
            await weeks.press("Enter")
            await expect(wrong).to_have_text("Weeks are a whole number from 1 to 104, for example 12.")
            await expect(weeks).to_be_focused()
            await expect(weeks).to_have_value(typed)
            await expect(weeks).to_have_attribute("aria-invalid", "true")
        # What was shown before stays.
        await expect(desk.get_by_role("row", name="cold-relief")).to_be_visible()
        await weeks.fill("2")
        await weeks.press("Enter")
        await expect(wrong).to_be_hidden()
        await expect(desk.get_by_role("status")).to_contain_text("2 weeks (2026-02-16 to 2026-03-01)")
        await expect(desk.get_by_role("row", name="garlic-safe")).to_be_visible()
        await expect(desk.get_by_role("row", name="cold-relief")).to_have_count(0)
        await desk.get_by_role("button", name="← All rules").press("Enter")
        await expect(desk.get_by_role("heading", name="Rules", exact=True)).to_be_visible()


async def test_where_nothing_happened_nothing_is_drawn(browser: Browser, moderated: Place) -> None:
    async with window(browser, moderated.url) as page:
        desk = await opened(page)
        await expect(desk).to_contain_text("Nothing to draw yet.")
        await expect(desk.get_by_role("img")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True])
async def test_what_is_drawn_stands_out_by_day_and_by_night(
    browser: Browser, moderated: Place, dark: bool
) -> None:
    async with window(browser, moderated.url, dark=dark) as page:
        await busy(page)
        await opened(page)
        sheet = await page.colour("#desk", "background-color")
        looks = [await page.colour(f"#look-{look} .ground", "fill") for look in range(LOOKS)]
        assert [look for look in looks if contrast(look, sheet) < 3] == []
        assert all(one != other for one, other in combinations(looks, 2))
        for selector in (".chart .label", ".chart .tick"):
            assert contrast(await page.colour(selector, "fill"), sheet) >= 4.5


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_statistics_do_not_stand_out_sideways(
    browser: Browser, moderated: Place, width: int
) -> None:
    async with window(browser, moderated.url, width=width, height=740) as page:
        await busy(page)
        desk = await opened(page)
        assert await page.sideways() == 0
        assert await desk.evaluate("panel => panel.scrollWidth - panel.clientWidth") == 0
        sheet = desk.get_by_role("group", name="By claim family")
        await sheet.focus()
        await expect(sheet).to_be_focused()


@pytest.mark.parametrize("weeks", ["1", "12", "52", "53", "104"])
async def test_the_names_of_weeks_do_not_lie_on_one_another(
    browser: Browser, moderated: Place, weeks: str
) -> None:
    async with window(browser, moderated.url) as page:
        await page.say(CLAIM)
        desk = await opened(page)
        await desk.get_by_label("Weeks", exact=True).fill(weeks)
        await desk.get_by_role("button", name="Show").click()
        await expect(desk.get_by_role("table", name="By week").locator("tbody tr")).to_have_count(int(weeks))
        names = desk.locator(".chart").first.locator(".tick[text-anchor=middle]")
        boxes = [await name.bounding_box() for name in await names.all()]
        edges = [(box["x"], box["x"] + box["width"]) for box in boxes if box is not None]
        assert edges
        assert all(before < after for (_, before), (after, _) in pairwise(edges))
