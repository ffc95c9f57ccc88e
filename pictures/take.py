"""Take the picture of the room anew: `.venv/bin/python pictures/take.py`. Needs a Chromium on the machine."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from bot.matching.compile import compile_rulebook
from bot.replies.model import SpeakingSettings
from bot.rulebook.load import load_rulebook
from bot.settings import Settings
from bot.shipped import rules_folder
from bot.store.sqlite import SQLiteStore
from bot.studio.metrics import MeasuredChecker, Metrics
from bot.studio.server import Studio

PICTURE = Path(__file__).with_name("room.png")
CHAT = (("Sade", "kratom totally cured my migraines, no side effects"),)


async def take(chromium: str) -> None:
    """Serve the room with the shipped rules, let a member write, and ask why."""
    metrics = Metrics()
    rulebook = compile_rulebook(load_rulebook(rules_folder(None)))
    settings = Settings(host="127.0.0.1", port=0)
    with tempfile.TemporaryDirectory() as folder:
        async with SQLiteStore.open(Path(folder) / "room.sqlite3") as store:
            checker = MeasuredChecker(
                metrics=metrics,
                rulebook=rulebook,
                store=store,
                clock=lambda: datetime.now(UTC),
                defaults=SpeakingSettings(),
            )
            async with Studio(checker=checker, settings=settings, with_room=True, metrics=metrics) as studio:
                await photograph(chromium, studio.url)


async def photograph(chromium: str, url: str) -> None:
    """Open the page as a person would, and keep what is seen."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1100, "height": 900}, reduced_motion="reduce")
        await page.goto(url)
        await expect(page.locator("#line")).to_have_text("Live")
        for member, text in CHAT:
            await say(page, member, text)
        await page.get_by_role("button", name="Why this reply?").click()
        await page.mouse.move(0, 400)
        await page.evaluate("window.scrollTo(0, 0)")
        await page.screenshot(path=PICTURE)
        await browser.close()


async def say(page: Page, member: str, text: str) -> None:
    """Write as a member."""
    await page.get_by_role("radio", name=member).check(force=True)
    box = page.get_by_role("textbox", name="Message", exact=True)
    await box.fill(text)
    await box.press("Enter")
    await expect(box).to_have_value("")


if __name__ == "__main__":
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        sys.exit("no Chromium on this machine (Debian: apt install chromium)")
    asyncio.run(take(found))
