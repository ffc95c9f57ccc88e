"""Replies in Spanish as Discord shows them: within its limits, nothing lost, with Spanish buttons."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.gateway.rendering import CARD_LIMIT, FOOTER_LIMIT, MESSAGE_LIMIT, length, render
from bot.gateway.views import reply_view
from bot.replies.compose import compose
from bot.replies.model import Composed, Form
from bot.replies.text_form import LONGEST, render_text
from tests.replies.test_language import FAMILIES, VARIANTS, reply, rulebook


def said(content: Composed) -> list[str]:
    lines = [line.says for line in content.caveats]
    return [content.opening, *lines, *([content.evidence.says] if content.evidence else []), content.closing]


def test_every_caveat_and_every_line_from_elsewhere_fits_on_a_card_and_in_plain_text() -> None:
    """With the longest of all openings, caveats and lines from elsewhere, more than any reply can hold."""
    spanish = rulebook().languages["es"]
    longest = max((text for family in spanish.families.values() for text in family.opening), key=len)
    for name, caveat in spanish.caveats.items():
        own = replace(rulebook().families[0], caveats=(name,), evidence=("e-alkaloids",))
        others = replace(rulebook(), families=(own,))
        language = replace(
            spanish,
            families={own.id: replace(spanish.families[own.id], opening=(longest,))},
            caveats={
                **spanish.caveats,
                name: replace(caveat, says=(max(caveat.says, key=len),)),
            },
        )
        content = compose(reply(own.id), others, variant=0, language=language)
        card, plain = render(content, with_card=True), render(content, with_card=False)
        assert card.embed is not None
        assert plain.content is not None
        text = card.embed.description or ""
        assert length(text) <= CARD_LIMIT
        assert length(card.embed.footer.text or "") <= FOOTER_LIMIT
        assert length(plain.content) <= MESSAGE_LIMIT
        assert len(render_text(content)) <= LONGEST
        for one in (longest, *(line.says for line in content.caveats), spanish.evidence["e-alkaloids"]):
            assert one in text
            assert one in plain.content


@pytest.mark.parametrize("family", FAMILIES)
def test_no_reply_loses_a_line_on_a_card_or_in_plain_text(family: str) -> None:
    for variant in VARIANTS:
        content = compose(reply(family), rulebook(), variant=variant, language=rulebook().languages["es"])
        card, plain = render(content, with_card=True).embed, render(content, with_card=False).content
        assert card is not None
        assert plain is not None
        shown = f"{card.description}\n{card.footer.text}"
        assert [text for text in said(content) if text not in shown or text not in plain] == []


@pytest.mark.parametrize("form", list(Form))
async def test_the_buttons_bear_spanish_labels_and_the_same_ids(form: Form) -> None:
    spanish, english = _buttons(form, in_spanish=True), _buttons(form, in_spanish=False)
    assert spanish.keys() == english.keys()
    assert spanish["caveat:why"] == "¿Por qué?"
    assert spanish["caveat:vote:not-what-i-said"] == "No es lo que dije"
    assert english["caveat:vote:not-what-i-said"] == "Not what I said"
    assert all(spanish[one] != english[one] for one in spanish)


def _buttons(form: Form, *, in_spanish: bool) -> dict[str, str]:
    view = reply_view(form, rulebook().languages["es"].labels if in_spanish else None)
    return {
        button["custom_id"]: button["label"] for row in view.to_components() for button in row["components"]
    }
