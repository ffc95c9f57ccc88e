"""Moderators' buttons. What they need stands in their ids; what is held by a key may be gone by then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord

from bot.gateway.rules.access import may_change_rules, turn_away

if TYPE_CHECKING:
    from bot.gateway.serving import Serving

Pressed = discord.Interaction[Any]
"""A press. Its client is always a `CaveatClient`; through it a button of an earlier run finds its work."""

SHADOW_HOURS = (24, 72)
"""The times in shadow that are offered, in hours."""

_PLAIN = discord.ButtonStyle.secondary
_GOOD = discord.ButtonStyle.success


class RulesButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"caveat:rules:(?P<verb>[a-z]+):(?P<rest>.*)"
):
    """A button of `/rules`. Whoever presses it is asked for their right first.

    Args:
        label: what stands on it.
        verb: what it does; `Presses` has the list.
        rest: what it does that with.
        style: its colour.
        disabled: whether it cannot be pressed.
    """

    def __init__(
        self,
        label: str,
        verb: str,
        *rest: object,
        style: discord.ButtonStyle = _PLAIN,
        disabled: bool = False,
    ) -> None:
        self.verb = verb
        self.rest = tuple(map(str, rest))
        custom_id = f"caveat:rules:{verb}:{':'.join(self.rest)}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, style=style, disabled=disabled))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> RulesButton:
        """Make the button that was pressed from its id."""
        label = item.label if isinstance(item, discord.ui.Button) and item.label else "–"
        return cls(label, match["verb"], *match["rest"].split(":"))

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let only those press who may change the rules."""
        if may_change_rules(interaction):
            return True
        await turn_away(interaction)
        return False

    async def callback(self, interaction: Pressed) -> None:
        """Do what it is for."""
        serving: Serving | None = await interaction.client.serving()
        if serving is not None:
            await serving.presses.press(interaction, self.verb, self.rest)


def change_view(key: str, *, with_shadow: bool, page: int, pages: int) -> discord.ui.View:
    """Make the buttons under a proposal.

    Args:
        key: by which the proposal is held.
        with_shadow: whether there are rules that could be in shadow first.
        page: which messages are shown, from 0.
        pages: how many pages there are.

    Returns:
        the buttons.
    """
    buttons = [RulesButton("Go live", "go", key, style=_GOOD)]
    if with_shadow:
        buttons += [
            RulesButton(f"Live after {hours} h in shadow", "shadow", hours, key) for hours in SHADOW_HOURS
        ]
    buttons.append(RulesButton("Cancel", "cancel", key))
    if pages > 1:
        following = (page + 1) % pages
        buttons.append(RulesButton(f"Messages: page {page + 1} of {pages} ▸", "page", following, key))
    return _view(*buttons)


def draft_view(draft: int, seen: int | None) -> discord.ui.View:
    """Make the button that opens a form with what was typed.

    Args:
        draft: the id of the draft.
        seen: the number of the version that the moderator saw; None: the newest.
    """
    return _view(RulesButton("Open what I typed", "draft", draft, "" if seen is None else seen, style=_GOOD))


def conflict_view(key: str, *, draft: int | None, seen: int) -> discord.ui.View:
    """Make the buttons under what somebody else changed meanwhile.

    Args:
        key: by which the moderator's own change is held.
        draft: the id of the draft with what they typed; None where they typed nothing.
        seen: the number of the version that they see now.
    """
    buttons = [RulesButton("Yes, show mine on top of it", "again", key, style=_GOOD)]
    if draft is not None:
        buttons.append(RulesButton("Open what I typed", "draft", draft, seen))
    return _view(*buttons, RulesButton("Leave it", "cancel", key))


def undo_view(number: int) -> discord.ui.View:
    """Make the button that goes back to an earlier version."""
    return _view(RulesButton("Undo", "undo", number))


def drafts_view(drafts: tuple[int, ...]) -> discord.ui.View:
    """Make a button for each draft, numbered from 1, at most 25 as Discord takes."""
    return _view(*(RulesButton(f"Open {place}", "draft", draft, "") for place, draft in enumerate(drafts, 1)))


def expired_view() -> discord.ui.View:
    """Make the button that lists what was typed."""
    return _view(RulesButton("What I typed", "drafts", ""))


def rule_view(rule: str) -> discord.ui.View:
    """Make the button under a rule that is shown."""
    return _view(RulesButton("Edit", "edit", rule))


def pages_view(verb: str, *rest: object, page: int, pages: int) -> discord.ui.View | None:
    """Make the buttons that turn the pages of a list; None where there is one page only.

    Args:
        verb: what shows a page.
        rest: what it is a list of.
        page: the page that is shown, from 0.
        pages: how many there are.
    """
    if pages < 2:
        return None
    return _view(
        RulesButton("◂", verb, max(page - 1, 0), *rest, disabled=page == 0),
        RulesButton(f"Page {page + 1} of {pages}", verb, -1, *rest, disabled=True),
        RulesButton("▸", verb, page + 1, *rest, disabled=page + 1 >= pages),
    )


def history_view(older: int | None, *, is_first: bool) -> discord.ui.View | None:
    """Make the buttons that turn the pages of the history; None where there is one page only.

    Args:
        older: the number before which the next page begins; None where there is none.
        is_first: whether the newest versions are shown.
    """
    if older is None and is_first:
        return None
    return _view(
        RulesButton("◂ Newest", "history", 0, disabled=is_first),
        RulesButton("Older ▸", "history", older or 1, disabled=older is None),
    )


def _view(*buttons: RulesButton) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view
