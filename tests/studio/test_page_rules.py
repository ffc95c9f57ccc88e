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
    settings = Settings(rules_dir=rules, data_dir=tmp_path / "data", port=0)
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


async def test_a_whole_family_is_switched_off_and_back_with_the_keyboard(
    browser: Browser, moderated: Place, tmp_path: Path
) -> None:
    async with window(browser, moderated.url) as page:
        await page.say("garlic cured my cold")
        await page.button("Rules").click()
        desk = page.page.get_by_role("dialog")
        title = "Garlic cures or prevents colds"
        opener = desk.get_by_role("button", name=f"Switch the whole family: {title}")
        await opener.press("Enter")
        await expect(desk.get_by_role("heading", name=title)).to_be_focused()
        trial, why = (
            desk.get_by_role("region", name="What it would do"),
            desk.get_by_label("Why, for the history"),
        )
        statuses = desk.get_by_role("group", name="Status of the family")
        await expect(statuses.get_by_role("button", name="live")).to_have_attribute("aria-pressed", "true")
        await statuses.get_by_role("button", name="live").press("Enter")
        await expect(trial).to_contain_text("Nothing would change.")
        await why.fill("a quiet week")
        await statuses.get_by_role("button", name="off").press("Enter")
        await expect(trial.locator(".summary")).to_have_text("+0 messages, −1, of the last 1 here.")
        await expect(trial.locator(".changed mark")).to_have_text("garlic cured my cold")
        await expect(trial).not_to_contain_text("would answer")
        await page.page.screenshot(path=tmp_path / "family.png")
        await trial.get_by_role("button", name="Switch to off").press("Enter")
        await expect(trial).to_contain_text("Version 1 is in force.")
        await expect(statuses.get_by_role("button", name="off")).to_have_attribute("aria-pressed", "true")
        await expect(why).to_have_value("")
        silent = await page.say("garlic cured my cold", member="Jonas")
        await expect(silent.locator(".verdict")).to_contain_text("No reply")
        await desk.get_by_role("button", name="← All rules").click()
        await expect(opener).to_be_focused()
        family = desk.get_by_role("region", name=title)
        await expect(family.locator(".head .status")).to_have_text("all off")
        await opener.click()
        await why.fill("they asked for it")
        await statuses.get_by_role("button", name="live").click()
        await trial.get_by_role("button", name="Go live").click()
        await expect(trial).to_contain_text("Version 2 is in force.")
        answered = await page.say("garlic cured my cold", member="Sade")
        await expect(answered.locator(".verdict")).not_to_contain_text("there is no claim")
        await desk.get_by_role("button", name="← All rules").click()
        await desk.get_by_role("button", name="History").click()
        await expect(desk.locator(".versions .said")).to_have_text(["they asked for it", "a quiet week"])


async def test_what_was_typed_for_a_family_outlives_what_others_change(
    browser: Browser, moderated: Place
) -> None:
    async with window(browser, moderated.url) as page:
        await page.button("Rules").click()
        desk = page.page.get_by_role("dialog")
        await desk.get_by_role("button", name="Switch the whole family: Garlic is harmless").click()
        await expect(desk).to_contain_text("some rules in shadow, as in the base")
        await desk.get_by_label("Why, for the history").fill("half typed")
        async with moderated.page() as other:
            asked = {"member": other.me, "family": "garlic-safe", "status": "off"}
            proposed = await other.ask(type="try-family", **asked)
            await other.ask(type="confirm", member=other.me, key=proposed["key"])
        await expect(desk).to_contain_text("off as a whole")
        await expect(desk.get_by_label("Why, for the history")).to_have_value("half typed")
        await (
            desk.get_by_role("group", name="Status of the family")
            .get_by_role("button", name="shadow")
            .click()
        )
        trial = desk.get_by_role("region", name="What it would do")
        await expect(trial).to_contain_text("Somebody else was faster.")
        await trial.get_by_role("button", name="Try mine on top of it").click()
        await trial.get_by_role("button", name="Switch to shadow").click()
        await expect(trial).to_contain_text("Version 2 is in force.")


async def test_an_undone_version_takes_its_replies_along(
    browser: Browser, moderated: Place, tmp_path: Path
) -> None:
    async with window(browser, moderated.url) as page:
        await page.button("Rules").click()
        desk = page.page.get_by_role("dialog")
        await desk.get_by_role("button", name="Switch the whole family: Garlic is harmless").click()
        await desk.get_by_role("button", name="live", exact=True).click()
        await desk.get_by_role("button", name="Go live").click()
        trial = desk.get_by_role("region", name="What it would do")
        await expect(trial).to_contain_text("replies that stand stay.")
        said = await page.say("garlic is harmless")
        await expect(page.replies).to_have_count(1)
        await trial.get_by_role("button", name="Undo").click()
        await trial.get_by_role("button", name="Undo it").click()
        await expect(trial).to_contain_text("replies that rest on what was rolled back are looked at again.")
        await expect(page.replies).to_have_count(0)
        await expect(said.locator(".verdict")).to_contain_text(
            "Reply withdrawn, since its rules were rolled back"
        )
        for place in (trial, page.page.locator("#toast")):
            await expect(place).to_contain_text("were looked at again: 1 withdrawn, 0 corrected")
        await page.page.screenshot(path=tmp_path / "repaired.png")
        await said.get_by_role("button", name=re.compile("Why nothing")).click()
        await expect(page.panel.locator(".decision")).to_contain_text("Held back")
