"""The buttons and the form of `/rules review`. What they need stands in their ids: they outlive a restart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from zlib import crc32

import discord
from msgspec import Struct

if TYPE_CHECKING:
    from bot.gateway.serving import Serving
    from bot.moderation.review import Draft

Asking = discord.Interaction[Any]

FORM_LIMIT = 4000
"""Characters that a field of a form takes."""


class Place(Struct, frozen=True):
    """What a button is about, as it stands in its id.

    Args:
        entry: the number of the entry.
        finding: which of the reply's findings, from 0.
        stamp: of the draft that was shown; empty where it does not matter.
    """

    entry: int
    finding: int = 0
    stamp: str = ""


class ReviewButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"caveat:review:(?P<verb>[a-z]+):(?P<entry>\d{1,15}):(?P<finding>\d{1,4}):(?P<stamp>[0-9a-f]{0,8})",
):
    """A button of the review. Whoever presses it is asked for their right first.

    Args:
        label: what stands on it.
        verb: what it does; `Reviewing` has the list.
        place: what it is about.
        style: its colour.
        disabled: whether it cannot be pressed.
    """

    def __init__(
        self,
        label: str,
        verb: str,
        place: Place,
        *,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        custom_id = f"caveat:review:{verb}:{place.entry}:{place.finding}:{place.stamp}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, style=style, disabled=disabled))
        self.verb = verb
        self.place = place

    @classmethod
    async def from_custom_id(
        cls, interaction: Asking, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> ReviewButton:
        """Make the button that was pressed from its id."""
        place = Place(int(match["entry"]), int(match["finding"]), match["stamp"])
        return cls("–", match["verb"], place)

    async def callback(self, interaction: Asking) -> None:
        """Do what it is for. The client is a `CaveatClient`, also for a button of an earlier run."""
        serving: Serving | None = await interaction.client.serving()
        if serving is not None and serving.reviewing is not None:
            await serving.reviewing.press(interaction, self.verb, self.place)


FORM_ID = re.compile(r"caveat:review:form:(?P<entry>\d{1,15}):(?P<finding>\d{1,4})")
"""The id of a form, which tells what it is about."""


def review_view(draft: Draft) -> discord.ui.View:
    """Make the buttons under a draft.

    Args:
        draft: the draft; one that was refused cannot be approved.
    """
    place = Place(draft.entry.entry, draft.place, stamp_of(draft))
    can_approve = draft.outcome is None or draft.proposal is not None
    buttons = [
        ReviewButton(
            "Approve", "approve", place, style=discord.ButtonStyle.success, disabled=not can_approve
        ),
        ReviewButton("Edit", "edit", place),
        ReviewButton("Dismiss", "dismiss", place),
        next_button(place),
        ReviewButton("Matched words", "look", place)
        if draft.is_whole
        else ReviewButton("Whole message", "whole", place),
    ]
    others = len(draft.entry.reply.findings)
    if others > 1:
        following = Place(place.entry, (place.finding + 1) % others)
        buttons.append(ReviewButton("Other claim", "look", following))
    return view_of(*buttons)


def next_button(place: Place) -> ReviewButton:
    """Make the button that goes on to the entry behind this one."""
    return ReviewButton("Next", "next", Place(place.entry))


def view_of(*buttons: ReviewButton) -> discord.ui.View:
    """Put buttons together."""
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view


def stamp_of(draft: Draft) -> str:
    """Tell one draft of an entry from another, so that nobody approves what they have not seen."""
    seen = draft.proposal.seen if draft.proposal is not None else -1
    shown = json.dumps([draft.place, draft.text, draft.amendment, seen])
    return f"{crc32(shown.encode('utf-8', 'replace')):08x}"


def form_for(draft: Draft, place: Place) -> discord.ui.Modal:
    """Make the form with the YAML of a draft.

    Args:
        draft: the draft; what was typed and refused is a draft too.
        place: what it is about.
    """
    form = discord.ui.Modal(
        title=f"Review {place.entry}"[:45], custom_id=f"caveat:review:form:{place.entry}:{place.finding}"
    )
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="yaml",
        style=discord.TextStyle.paragraph,
        default=draft.amendment[:FORM_LIMIT] or _EMPTY.format(rule=draft.finding.rule),
        max_length=FORM_LIMIT,
    )
    return form.add_item(discord.ui.Label(text="What is added to the rule, as YAML", component=field))


_EMPTY = 'rules:\n  {rule}:\n    examples:\n      silent:\n        - {{text: "", because: ""}}\n'


def typed_into(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give what was typed into each field of a form, however its parts are nested."""
    if isinstance(data.get("value"), str) and "custom_id" in data:
        yield str(data["custom_id"]), data["value"]
    inside = data.get("components") or []
    for part in [*inside, data.get("component")]:
        if isinstance(part, Mapping):
            yield from typed_into(part)
