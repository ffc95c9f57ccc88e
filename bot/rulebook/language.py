"""What members see in a reply, in another language than English. Recognition stays English."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from bot.rulebook.part import STRIPPED, Identifier, RulebookPart, Text

ENGLISH = "en"
"""Stands for the wording of the other files, which needs no file of its own."""
LONGEST_LABEL = 80
"""Characters that Discord takes on a button."""

LanguageCode = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", max_length=20)]
Label = Annotated[str, Meta(min_length=1, max_length=LONGEST_LABEL, extra={STRIPPED: True})]


class FamilyWording(RulebookPart, frozen=True):
    """How a reply to a claim family begins."""

    opening: Annotated[tuple[Text, ...], Meta(min_length=2)]
    """First lines of a reply, of which one is chosen."""
    asked: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """First lines of the short reply to a question."""


class TranslatedCaveat(RulebookPart, frozen=True):
    """A caveat in this language. What it rests on stands in caveats.yaml."""

    says: Annotated[tuple[Text, ...], Meta(min_length=2)]
    """The caveat in one sentence; several wordings, of which one is chosen."""
    short: Text
    """The same in a few words, for the answer to a question."""


class Labels(RulebookPart, frozen=True):
    """What stands around the caveats: on buttons, and in the answer to whoever presses one."""

    helpful: Label
    """The button "Helpful"."""
    not_helpful: Label
    """The button "Not helpful"."""
    not_what_i_said: Label
    """The button "Not what I said"."""
    why: Label
    """The button "Why?". The explanation that it gives is in English."""
    voted_helpful: Text
    """The answer to whoever pressed "Helpful"."""
    voted_not_helpful: Text
    """The answer to whoever pressed "Not helpful"."""
    voted_not_what_i_said: Text
    """The answer to whoever pressed "Not what I said"."""
    vote_again: Text
    """Below these: that the same button takes the vote back, and another one changes it."""
    vote_taken_back: Text
    """The answer to whoever took a vote back."""
    reply_unknown: Text
    """The answer where nothing is kept of the reply any more."""
    elsewhere: Text
    """Before a line from evidence.yaml: "From another source:"."""
    in_danger: Text
    """What is said in an emergency where neither the server nor emergency.yaml has lines."""


class Language(RulebookPart, frozen=True, kw_only=True):
    """Everything that members see in a reply, in one language."""

    name: Label
    """The language's own name: español."""
    families: dict[Identifier, FamilyWording]
    """For each family how a reply begins."""
    caveats: dict[Identifier, TranslatedCaveat]
    """For each caveat what it says. Facts and hedges are those of caveats.yaml."""
    evidence: dict[Identifier, Text] = field(default_factory=dict)
    """For each line of evidence.yaml what it says. Titles of sources stay as they are."""
    emergency: tuple[Text, ...] = ()
    """The `lines` of emergency.yaml. A server's own lines are said as they were written."""
    closings: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """Last lines of a reply, of which one is chosen: "General information, not medical advice."."""
    labels: Labels
    """What stands around the caveats."""
