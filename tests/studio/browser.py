"""A headless Chromium with the page open, which notices whatever the page should not do."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Where Chromium is. Where there is none the test is skipped, or fails if CAVEAT_REQUIRE_BROWSER is 1."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        words = "no Chromium on this machine, so the page is not tested (Debian: apt install chromium)"
        if os.environ.get("CAVEAT_REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
    return found


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser, closed at the end."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


class Window:
    """One open page and what was noticed about it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self.asked: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("log").get_by_role("article")

    @property
    def replies(self) -> Locator:
        return self.page.get_by_role("region", name="Reply of Caveat")

    @property
    def panel(self) -> Locator:
        return self.page.locator("dialog#why")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def live(self) -> None:
        await expect(self.page.locator("#line")).to_have_text("Live")

    async def say(self, text: str, *, member: str | None = None) -> Locator:
        """Write a message and send it with Enter; gives the message."""
        if member is not None:
            await self.page.get_by_role("radio", name=member).check(force=True)
        before = await self.messages.count()
        await self.box.fill(text)
        await self.box.press("Enter")
        await expect(self.messages).to_have_count(before + 1)
        await expect(self.box).to_have_value("")
        return self.messages.nth(before)

    async def sideways(self) -> int:
        """How many pixels the page is wider than its window."""
        width: int = await self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return width

    async def colour(self, selector: str, property_: str) -> tuple[int, ...]:
        """A computed colour as red, green, blue."""
        value: str = await self.page.locator(selector).first.evaluate(
            "(element, name) => getComputedStyle(element).getPropertyValue(name)", property_
        )
        return tuple(int(part) for part in value.removeprefix("rgb(").removesuffix(")").split(","))

    def check(self) -> None:
        """Nothing was complained of, and nothing asked for elsewhere."""
        assert self.complaints == []
        home = urlsplit(self.url).netloc
        assert {urlsplit(url).netloc for url in self.asked} == {home}


@asynccontextmanager
async def window(
    browser: Browser, url: str, *, width: int = 1280, height: int = 900, dark: bool = False
) -> AsyncIterator[Window]:
    """Open the page in a window of its own; at the end it must have been quiet."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
    )
    try:
        opened = Window(await context.new_page(), url)
        await opened.page.goto(url)
        await opened.live()
        yield opened
        opened.check()
    finally:
        await context.close()
