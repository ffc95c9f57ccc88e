"""The rules panel in a real browser: what a moderator sees and can do."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from bot.settings import Settings
from tests.test_app import running

from .browser import Window, launched, window
from .conftest import SMALL_RULES, Place

pytestmark = pytest.mark.browser

TONIC = "garlic tonic for the win"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


async def opened(page: Window) -> Locator:
    await page.button("Rules").click()
    desk = page.page.get_by_role("dialog")
    await desk.get_by_role("button", name=re.compile("^garlic-cures-colds")).click()
    await expect(desk.get_by_role("heading", name="garlic-cures-colds")).to_be_focused()
    return desk


async def test_a_rule_is_mended_tried_made_live_and_undone(
    browser: Browser, moderated: Place, tmp_path: Path
) -> None:
    async with window(browser, moderated.url) as page:
        await page.say(TONIC)
        await expect(page.replies).to_have_count(0)
        desk = await opened(page)
        box, trial = (
            desk.get_by_label("The rule, in YAML"),
            desk.get_by_role("region", name="What it would do"),
        )
        good = (await box.input_value()).replace("  phrases:\n", "  phrases:\n    - <garlic> tonic\n")
        good = good.replace("    fires:\n", f"    fires:\n      - {TONIC}\n")
        wrong = good.replace("  cutoff:", "  cutof:")
        await box.fill(wrong)
        await desk.get_by_label("Why, for the history").fill("<b>often</b> said")
        await desk.get_by_role("button", name="Try", exact=True).click()
        await expect(trial).to_contain_text("Nothing was changed: one fault.")
        await expect(trial.locator("mark")).to_have_text("cutof")
        await trial.get_by_role("button", name=re.compile(r"^Line \d+, column 3$")).click()
        await expect(box).to_be_focused()
        assert await box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == "cutof"
        await page.page.screenshot(path=tmp_path / "fault.png")
        await page.page.reload()
        await page.live()
        desk = await opened(page)
        await expect(box).to_have_value(wrong)
        await expect(desk).to_contain_text("This is what you typed")
        await box.fill(good)
        await desk.get_by_label("Why, for the history").fill("<b>often</b> said")
        await desk.get_by_role("button", name="Try", exact=True).click()
        await expect(trial.locator(".summary")).to_have_text("+1 message, −0, of the last 1 here.")
        await expect(trial.locator(".changed mark")).to_have_text("garlic tonic")
        await page.page.screenshot(path=tmp_path / "preview.png")
        await trial.get_by_role("button", name="Go live").click()
        await expect(trial).to_contain_text("Version 1 is in force.")
        await expect(box).to_have_value(re.compile("tonic"))
        await page.say(TONIC, member="Jonas")
        await expect(page.replies).to_have_count(1)
        await desk.get_by_role("button", name="← All rules").click()
        await desk.get_by_role("button", name="History").click()
        await expect(desk.locator(".versions .said")).to_have_text("<b>often</b> said")
        await desk.get_by_role("button", name="Undo version 1").click()
        await trial.get_by_role("button", name="Undo it").click()
        await expect(desk.locator(".versions > li")).to_have_count(2)
        await page.page.screenshot(path=tmp_path / "history.png")
        silent = await page.say(TONIC, member="Sade")
        await expect(silent.locator(".verdict")).to_contain_text("No reply")
        await page.page.keyboard.press("Escape")


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_panel_does_not_stand_out_sideways(browser: Browser, moderated: Place, width: int) -> None:
    async with window(browser, moderated.url, width=width, height=740) as page:
        desk = await opened(page)
        assert await page.sideways() == 0
        assert await desk.evaluate("panel => panel.scrollWidth - panel.clientWidth") == 0
        await page.page.keyboard.press("Escape")
        await expect(page.button("Rules")).to_be_focused()


async def test_a_file_that_goes_live_is_shown_with_the_messages_it_would_have_answered(
    browser: Browser, tmp_path: Path
) -> None:
    rules = Path(shutil.copytree(SMALL_RULES, tmp_path / "rules"))
    claims = rules / "claims" / "garlic-safe.yaml"
    text = claims.read_text(encoding="utf-8")
    settings = Settings(_env_file=None, rules_dir=rules, data_dir=tmp_path / "data", port=0)
    async with running(settings) as url, window(browser, url) as page:
        await page.say("garlic is harmless")
        await expect(page.replies).to_have_count(0)
        claims.write_text(text.replace("status: shadow", "status: live"), encoding="utf-8")
        news = page.page.get_by_role("status", name="Other rules")
        await expect(news.locator("code")).to_have_text("garlic-is-harmless", timeout=20000)
        await expect(news.locator(".summary")).to_have_text("+1 message, −0, of the last 1 here.")
        await expect(news.locator(".changed mark")).to_have_text("garlic is harmless")
        await page.page.screenshot(path=tmp_path / "news.png")
        await page.say("garlic is harmless", member="Jonas")
        await expect(page.replies).to_have_count(1)
        await news.get_by_role("button", name="All right").click()
        await expect(news).to_be_hidden()
