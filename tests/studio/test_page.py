"""The page in a real browser. What is tested here is what a person at the page sees and can do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.errors import Fault

from .browser import Window, launched, window
from .conftest import CLAIM, DENIED, EMERGENCY, QUESTION, SHADOW, Place, Serve

pytestmark = pytest.mark.browser

ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script><b>bold</b> {{7*7}} javascript:alert(3)"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest.fixture
async def page(browser: Browser, place: Place) -> AsyncIterator[Window]:
    async with window(browser, place.url) as opened:
        yield opened


async def test_a_claim_gets_its_reply_and_its_words_are_marked(page: Window) -> None:
    message = await page.say(f"honestly {CLAIM} overnight")
    await expect(message.locator("mark.answered")).to_have_text(CLAIM)
    await expect(message.locator(".text")).to_have_text(f"honestly {CLAIM} overnight")
    reply = message.get_by_role("region", name="Reply of Caveat")
    await expect(reply.locator(".opening")).to_contain_text("arlic")
    await expect(reply.locator(".caveats > li")).to_have_count(2)
    await expect(reply.locator(".caveats cite").first).to_have_text("Garlic and colds, In short")
    link = reply.get_by_role("link")
    await expect(link).to_have_attribute("href", "https://example.org/garlic")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(reply.locator(".closing")).not_to_be_empty()
    await expect(page.page.locator("#empty")).to_be_hidden()


async def test_an_example_can_be_clicked(page: Window) -> None:
    await page.page.locator("#examples button").first.click()
    await expect(page.messages).to_have_count(1)
    await expect(page.box).to_be_focused()
    await page.button("Examples").click()
    await page.page.locator("#strip button").last.click()
    await expect(page.messages).to_have_count(2)
    await expect(page.page.locator("#strip")).to_be_hidden()


async def test_the_buttons_count_change_and_are_taken_back(page: Window) -> None:
    await page.say(CLAIM)
    helpful, wrong = page.button("Helpful"), page.replies.locator("[data-vote=not-what-i-said]")
    await helpful.click()
    counted = page.replies.locator("[data-vote=helpful]")
    await expect(counted).to_have_attribute("aria-pressed", "true")
    await expect(counted.locator(".votes")).to_have_text("1")
    await expect(counted).to_be_focused()
    await wrong.click()
    await expect(wrong).to_have_attribute("aria-pressed", "true")
    await expect(counted).to_have_attribute("aria-pressed", "false")
    await page.page.get_by_role("radio", name="Jonas").check(force=True)
    await expect(wrong).to_have_attribute("aria-pressed", "false")
    await wrong.click()
    await expect(wrong.locator(".votes")).to_have_text("2")
    await wrong.click()
    await expect(wrong.locator(".votes")).to_have_text("1")
    await expect(wrong).to_have_attribute("aria-pressed", "false")


async def test_why_shows_each_step_and_gives_the_focus_back(page: Window) -> None:
    await page.say("My friend: g4rlic cuured my cold!")
    opener = page.replies.get_by_role("button", name="Why this reply?")
    await opener.click()
    panel = page.panel
    await expect(panel.get_by_role("heading", name="Why this reply")).to_be_focused()
    steps = ["How it was read", "What was recognised", "Claims found", "Decision"]
    await expect(panel.locator(".step > h3")).to_have_text(steps)
    await expect(panel.locator(".token", has_text="g4rlic").locator("small")).to_have_text("or garlic")
    await expect(panel.locator(".lexicon")).to_contain_text("g4rlic<garlic>")
    card = panel.locator(".card")
    await expect(card).to_contain_text("garlic-cures-colds")
    await expect(card).to_contain_text("<garlic>")
    await expect(card.locator(".score")).to_contain_text("cut-off 84")
    await expect(card.locator(".stance")).to_have_text("asserts · the member says so")
    await expect(panel.locator(".decision")).to_have_text(
        "Reply in the full form: somebody claims something that the rules know."
    )
    await expect(panel.locator(".sources li").first).to_have_text("Garlic and colds, In short")
    await page.page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()
    await expect(opener).to_be_focused()


async def test_why_nothing_names_the_cue_and_the_near_misses(page: Window) -> None:
    await page.say(DENIED)
    await page.page.get_by_role("button", name=re.compile("Why nothing")).click()
    await expect(page.panel.locator(".stance")).to_contain_text("denies")
    await expect(page.panel.locator(".because").first).to_contain_text("never")
    await expect(page.panel.locator(".decision")).to_have_text("No reply: the claim is denied, not made.")
    await page.say("zinc cured my cold, garlic is for pasta")
    await page.page.get_by_role("button", name=re.compile("Why nothing")).last.click()
    await expect(page.panel.locator(".near").first).to_be_visible()
    await page.button("Close the explanation").click()
    await expect(page.panel).to_be_hidden()


@pytest.mark.parametrize(
    ("text", "words", "form"),
    [
        (SHADOW, "Held back: only rules on trial found something", None),
        ("good morning", "No reply: there is no claim in it", None),
        (QUESTION, None, "short"),
        (EMERGENCY, None, "emergency"),
    ],
)
async def test_what_came_of_a_message_is_seen(
    page: Window, text: str, words: str | None, form: str | None
) -> None:
    message = await page.say(text)
    if words is not None:
        await expect(message.locator(".verdict")).to_contain_text(words)
        await expect(page.replies).to_have_count(0)
    else:
        await expect(page.replies).to_have_attribute("data-form", str(form))
        await expect(message.locator(".verdict")).to_be_hidden()


async def test_an_emergency_looks_like_nothing_else(page: Window) -> None:
    await page.say(CLAIM)
    calm = await page.colour(".reply", "border-left-color")
    message = await page.say(EMERGENCY)
    await expect(message.locator("mark.emergency")).to_have_text("cant breathe")
    await expect(message.locator(".told")).to_have_text("On a server the moderators would be told now.")
    assert await page.colour(".reply[data-form=emergency]", "border-left-color") != calm


async def test_an_edit_brings_a_reply_and_takes_it_back(page: Window) -> None:
    message = await page.say("garlic is nice")

    async def edit(text: str, key: str) -> None:
        await message.hover()
        await message.get_by_role("button", name="Edit Mira’s message").click()
        box = message.get_by_role("textbox", name="New text of the message")
        await expect(box).to_be_focused()
        await box.fill(text)
        await box.press(key)
        await expect(box).to_have_count(0)

    await edit(CLAIM, "Escape")
    await expect(message.locator(".text")).to_have_text("garlic is nice")
    await edit(CLAIM, "Enter")
    await expect(message.locator(".text")).to_have_text(CLAIM)
    await expect(message.locator(".edited")).to_be_visible()
    await expect(page.replies).to_have_count(1)
    await page.button("Why this reply?").click()
    await edit("never mind", "Enter")
    await expect(page.replies).to_have_count(0)
    await expect(message.locator(".verdict")).to_contain_text("Reply withdrawn after the edit")
    await expect(page.panel.get_by_role("heading", name="Why nothing was said")).to_be_visible()


async def test_a_deleted_message_takes_its_reply_and_its_panel_with_it(page: Window) -> None:
    message = await page.say(CLAIM)
    await page.button("Why this reply?").click()
    await expect(page.panel).to_be_visible()
    await message.hover()
    await message.get_by_role("button", name="Delete Mira’s message").click()
    await expect(page.messages).to_have_count(0)
    await expect(page.panel).to_be_hidden()
    await expect(page.page.locator("#empty")).to_be_visible()
    await expect(page.box).to_be_focused()


async def test_a_message_can_answer_another(page: Window) -> None:
    first = await page.say("what about garlic", member="Sade")
    await first.hover()
    await first.get_by_role("button", name="Answer Sade’s message").click()
    await expect(page.page.locator("#answering")).to_contain_text("Answering Sade: what about garlic")
    second = await page.say("it knocked my cold right out", member="Jonas")
    await expect(second.get_by_role("link", name="Answers Sade: what about garlic")).to_be_visible()
    await expect(page.replies).to_have_count(1)
    await expect(page.page.locator("#answering")).to_be_hidden()


async def test_whatever_people_write_stays_text(page: Window) -> None:
    await page.button("New member").click()
    await page.page.get_by_role("textbox", name="Name of the new member").fill("<i>Eve</i>")
    await page.button("Add").click()
    await expect(page.page.get_by_role("radio", name="<i>Eve</i>")).to_be_checked()
    message = await page.say(f"{ATTACK} {CLAIM} {ATTACK}")
    await expect(message.locator(".text")).to_have_text(f"{ATTACK} {CLAIM} {ATTACK}")
    await expect(message.locator(".body > header b")).to_have_text("<i>Eve</i>")
    await message.hover()
    await message.get_by_role("button", name=re.compile("^Answer")).click()
    await page.say(ATTACK)
    await page.button("Why this reply?").click()
    await expect(page.panel.locator(".message")).to_have_text(f"{ATTACK} {CLAIM} {ATTACK}")
    for tag in ("img[src=x]", "script:not([src])", "b:text-is('bold')", "i:text-is('Eve')"):
        await expect(page.page.locator(tag)).to_have_count(0)


async def test_two_windows_show_the_same_room(browser: Browser, place: Place, page: Window) -> None:
    async with window(browser, place.url) as other:
        await page.say(CLAIM)
        await expect(other.replies).to_have_count(1)
        await other.button("Helpful").click()
        await expect(page.replies.locator("[data-vote=helpful] .votes")).to_have_text("1")
        await other.button("Start afresh").click()
        await expect(page.messages).to_have_count(0)
        await expect(page.page.locator("#empty")).to_be_visible()


async def test_the_page_comes_back_after_a_restart(browser: Browser, serve: Serve) -> None:
    async with serve() as place:
        url = place.url
        context = await browser.new_context()
        page = Window(await context.new_page(), url)
        await page.page.goto(url)
        await page.say(CLAIM, member="Sade")
        await page.box.fill("a thought not sent")
    await expect(page.page.locator("#line")).to_have_text("Connecting again")
    await expect(page.box).to_be_disabled()
    async with serve(port=int(url.rstrip("/").rsplit(":", 1)[1])):
        await page.live()
        await expect(page.messages).to_have_count(0)
        await expect(page.box).to_have_value("a thought not sent")
        await expect(page.page.get_by_role("radio", name="Sade")).to_be_checked()
        await page.say(CLAIM)
        await expect(page.replies).to_have_count(1)
        await context.close()
    assert all("WebSocket connection" in complaint for complaint in page.complaints)


async def test_faults_in_the_rules_are_told_while_the_page_is_open(place: Place, page: Window) -> None:
    faults = [
        Fault(Path("rules/claims/colds.yaml"), line, 5, f"`cutof` in line {line}.", "Did you mean `cutoff`?")
        for line in range(1, 7)
    ]
    notice = page.page.get_by_role("alert")
    await expect(notice).to_be_hidden()
    place.studio.report_faults(faults)
    await expect(notice.get_by_role("heading")).to_have_text("6 faults in the rules folder")
    await expect(notice).to_contain_text("The last good rulebook stays in force")
    await expect(notice.locator("li").first).to_contain_text("rules/claims/colds.yaml:1:5")
    await expect(notice.locator("li").last).to_be_hidden()
    await expect(page.page.get_by_role("link", name="6 faults in the folder")).to_be_visible()
    await notice.get_by_text("2 more").click()
    await expect(notice.locator("li").last).to_contain_text("`cutof` in line 6.")
    await page.say(CLAIM)
    await expect(page.replies).to_have_count(1)
    place.studio.report_rulebook(place.checker.rulebook.source)
    await expect(notice).to_be_hidden()
    digest = place.checker.rulebook.source.digest[:12]
    await expect(page.page.locator("#toast")).to_have_text(f"Rulebook {digest} is in force.")


async def test_the_cooldown_can_be_switched_off(page: Window) -> None:
    await page.say(CLAIM)
    second = await page.say(CLAIM, member="Jonas")
    await expect(second.locator(".verdict")).to_contain_text("Held back: this was answered here")
    await page.page.get_by_role("switch", name="Cool-down").uncheck()
    await expect(page.page.locator("#toast")).to_contain_text("Every claim is answered")
    await page.say(CLAIM, member="Jonas")
    await expect(page.replies).to_have_count(2)
    await page.page.reload()
    await page.live()
    await expect(page.page.get_by_role("switch", name="Cool-down")).not_to_be_checked()
    await expect(page.replies).to_have_count(2)


async def test_everything_can_be_done_with_the_keyboard(page: Window) -> None:
    keys = page.page.keyboard
    await keys.press("Tab")
    await expect(page.page.get_by_role("link", name="Skip to writing")).to_be_focused()
    await keys.press("Enter")
    await expect(page.box).to_be_focused()
    await keys.type("garlic cured")
    await keys.press("Shift+Enter")
    await keys.type("my cold")
    await expect(page.messages).to_have_count(0)
    await keys.press("Enter")
    await expect(page.replies).to_have_count(1)
    await page.page.get_by_role("radio", name="Mira").focus()
    await keys.press("ArrowRight")
    await expect(page.page.get_by_role("radio", name="Jonas")).to_be_checked()
    await page.messages.get_by_role("button", name="Answer Mira’s message").focus()
    await expect(page.messages.locator(".doings")).to_have_css("opacity", "1")
    await keys.press("Enter")
    await expect(page.box).to_be_focused()
    await keys.press("Escape")
    await expect(page.page.locator("#answering")).to_be_hidden()


async def test_every_control_has_a_name(page: Window) -> None:
    await page.say(CLAIM)
    await page.say("good morning")
    await page.button("Why this reply?").click()
    tree = await page.page.locator("body").aria_snapshot()
    controls = re.findall(r"- (button|radio|textbox|switch|link|article|dialog)(.*)", tree)
    assert len(controls) > 20
    assert [control for control in controls if not control[1].startswith(' "')] == []
    assert "- log " in tree


async def test_a_message_that_is_too_long_is_neither_sent_nor_cut(page: Window) -> None:
    await page.box.fill("a" * 4100)
    assert len(await page.box.input_value()) == 4100
    await page.box.press("Enter")
    await expect(page.page.locator("#toast")).to_have_text("A message may hold at most 4,000 characters.")
    await expect(page.page.locator("#count")).to_contain_text("4,100 of 4,000")
    await expect(page.messages).to_have_count(0)
    assert len(await page.box.input_value()) == 4100


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
async def test_nothing_stands_out_sideways(browser: Browser, place: Place, width: int, dark: bool) -> None:
    async with window(browser, place.url, width=width, height=740, dark=dark) as page:
        assert await page.sideways() == 0
        await page.say(f"{'w' * 300} {CLAIM} {'=' * 200}")
        await page.say(EMERGENCY)
        assert await page.sideways() == 0
        await page.button("Why this reply?").first.click()
        await expect(page.panel).to_be_visible()
        assert await page.sideways() == 0
        inside = await page.panel.evaluate("panel => panel.scrollWidth - panel.clientWidth")
        assert inside == 0
        background = await page.colour("body", "background-color")
        ink = await page.colour("body", "color")
        assert (sum(background) < sum(ink)) is dark


async def test_the_explanation_lies_over_a_narrow_page_and_beside_a_wide_one(
    browser: Browser, place: Place
) -> None:
    async with window(browser, place.url, width=360, height=740) as page:
        await page.say(CLAIM)
        await page.button("Why this reply?").click()
        assert await page.panel.evaluate("panel => panel.matches(':modal')")
        await page.page.set_viewport_size({"width": 1280, "height": 900})
        await expect(page.panel).to_be_visible()
        await expect(page.page.locator("body")).to_have_class("explaining")
        assert not await page.panel.evaluate("panel => panel.matches(':modal')")
        await page.page.keyboard.press("Escape")
        await expect(page.panel).to_be_hidden()


async def test_nothing_moves_for_whoever_wants_it_still(page: Window) -> None:
    await page.say(CLAIM)
    await expect(page.messages.first).to_have_css("animation-name", "none")
    await page.page.emulate_media(reduced_motion="no-preference")
    await expect(page.messages.first).to_have_css("animation-name", "arrive")
