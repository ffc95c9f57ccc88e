"""`/rules settings language`: what is offered, what is refused, and in which words members are answered."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.proof import Proven, prove
from tests.gateway.conftest import SMALL_RULES
from tests.gateway.harness import CLAIM, EMERGENCY, QUESTION
from tests.gateway.office import Office
from tests.loopback import LoopbackDiscord
from tests.loopback.guilds import Guild
from tests.loopback.members import Member
from tests.loopback.messages import Message
from tests.loopback.places import Channel
from tests.rulebook.small_language import add_spanish

STRINGS = ("Útil", "No es útil", "No es lo que dije", "¿Por qué?")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Proven:
    """The small rules, with Spanish beside English."""
    rules = Path(shutil.copytree(SMALL_RULES, tmp_path_factory.mktemp("bilingual") / "rules"))
    add_spanish(rules)
    return prove(rules)


@pytest.fixture(scope="module")
def english() -> Proven:
    """The small rules without any other language."""
    return prove(SMALL_RULES)


def labels_on(message: Message) -> tuple[str, ...]:
    return tuple(button["label"] for row in message.components for button in row["components"])


def card_of(message: Message) -> str:
    (card,) = message.embeds
    return f"{card['description']}\n{card['footer']['text']}"


async def language_set(office: Office) -> str:
    return (await office.checker.settings_of(office.server)).language


@pytest.mark.parametrize("typed", ["es", "ES ", "Español"])
async def test_a_claim_gets_a_spanish_card_with_spanish_buttons(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member, mia: Member, typed: str
) -> None:
    before = await discord.wait_for_reply(ana.say(general, CLAIM))
    assert "Helpful" in labels_on(before)
    told = await mia.slash(general, "/rules settings language", {"language": typed})
    assert "Replies are written in es · español now; what members write I read in English only." in told.text
    assert "Language of replies: es · español" in told.text
    assert await language_set(office) == "es"
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))
    card = card_of(reply)
    assert "resfriado" in card
    assert "De otra fuente: Un pequeño ensayo" in card
    assert "Garlic and colds" in card  # a source keeps its name
    assert card.endswith("Información general.")
    assert labels_on(reply) == STRINGS


async def test_questions_edits_and_emergencies_are_in_spanish_too(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member, mia: Member
) -> None:
    await mia.slash(general, "/rules settings language", {"language": "es"})
    asked = ana.say(general, QUESTION)
    reply = await discord.wait_for_reply(asked)
    assert "Poco estudiado." in card_of(reply)
    ana.edit(asked, CLAIM)
    await discord.wait_until(lambda: "De otra fuente" in card_of(reply), what="the corrected reply")
    assert labels_on(reply) == STRINGS
    emergency = await discord.wait_for_reply(ana.say(general, EMERGENCY))
    assert emergency.text == "Llama ya al número de emergencias."
    assert labels_on(emergency) == ("No es lo que dije", "¿Por qué?")


async def test_whoever_presses_a_button_is_answered_in_spanish_and_why_explains_in_english(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member, mia: Member
) -> None:
    await mia.slash(general, "/rules settings language", {"language": "es"})
    reply = await discord.wait_for_reply(ana.say(general, CLAIM))

    async def pressed(label: str, on: Message = reply) -> str:
        return (await ana.press(on, on.button(label)["custom_id"])).text

    assert await pressed("Útil") == "Anotado, útil.\n-# Pulsa otra vez para retirarlo."
    assert (await pressed("No es útil")).startswith("Anotado, no útil.")
    assert (await pressed("No es lo que dije")).startswith("Anotado, no es lo que se dijo.")
    assert await pressed("No es lo que dije") == "Voto retirado."
    assert "was read as" in await pressed("¿Por qué?")


async def test_a_servers_own_wording_of_a_caveat_is_said_in_its_own_words(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member, mia: Member
) -> None:
    await mia.slash(general, "/rules settings language", {"language": "es"})
    own = "caveats:\n  stomach: {says: [Mind your stomach., Mind your stomach!]}\n"
    await office.changed(own, by=mia)
    card = card_of(await discord.wait_for_reply(ana.say(general, CLAIM)))
    assert "Mind your stomach" in card
    assert "estómago" not in card
    assert "resfriado" in card


@pytest.mark.parametrize("typed", ["fr", "Klingon *x*", "e"])
async def test_an_unknown_language_is_refused_with_those_that_are_known(
    office: Office, general: Channel, mia: Member, typed: str
) -> None:
    await mia.slash(general, "/rules settings language", {"language": "es"})
    told = await mia.slash(general, "/rules settings language", {"language": typed})
    assert "There is no wording for" in told.text
    assert "Known are: en · English, es · español. Nothing was changed." in told.text
    assert await language_set(office) == "es"


@pytest.mark.parametrize(
    ("typed", "offered"), [("", ["en", "es"]), ("esp", ["es"]), ("engl", ["en"]), ("klingon", [])]
)
async def test_languages_are_completed_by_code_and_name(
    office: Office, general: Channel, mia: Member, typed: str, offered: list[str]
) -> None:
    choices = await mia.autocomplete(general, "/rules settings language", "language", typed)
    assert [choice["value"] for choice in choices] == offered


async def test_english_can_be_set_again(
    office: Office, discord: LoopbackDiscord, general: Channel, ana: Member, mia: Member
) -> None:
    await mia.slash(general, "/rules settings language", {"language": "es"})
    await mia.slash(general, "/rules settings language", {"language": "english"})
    assert await language_set(office) == "en"
    assert "Helpful" in labels_on(await discord.wait_for_reply(ana.say(general, CLAIM)))


async def test_a_language_that_is_gone_falls_back_to_english_and_is_told_once(
    office: Office,
    discord: LoopbackDiscord,
    guild: Guild,
    general: Channel,
    ana: Member,
    mia: Member,
    base: Proven,
    english: Proven,
) -> None:
    office_room = guild.create_channel("office")
    await mia.slash(general, "/rules settings moderators", {"room": office_room})
    await mia.slash(general, "/rules settings language", {"language": "es"})
    await office.rulebooks.use_base(english)
    for _ in range(2):
        assert "Helpful" in labels_on(await discord.wait_for_reply(ana.say(general, CLAIM)))
    told = await discord.wait_for_message(office_room)
    assert "The rules have no language `es` any more, so replies are in English." in told.text
    shown = await mia.slash(general, "/rules settings show")
    assert "Language of replies: English, as the rules have no language `es` any more" in shown.text
    await discord.quiet()
    assert len(office_room.messages) == 1
    await office.rulebooks.use_base(base)
    assert "Útil" in labels_on(await discord.wait_for_reply(ana.say(general, CLAIM)))
    await office.rulebooks.use_base(english)
    ana.say(general, CLAIM)
    await discord.wait_for_message(office_room, count=2)
