"""Rules as files: given to the bot, and given by it."""

from __future__ import annotations

import pytest

from bot.gateway.rules.changing import NOT_UTF8
from tests.gateway.office import BROKEN, ON_BUTTON, Office
from tests.loopback import LoopbackDiscord, Upload
from tests.loopback.members import Member
from tests.loopback.places import Channel
from tests.moderation.desk import TONIC


async def test_a_file_is_imported_and_exported(
    office: Office, discord: LoopbackDiscord, general: Channel, mia: Member
) -> None:
    assert "no changes of its own" in (await mia.slash(general, "/rules export")).text
    overlay = "own_rules:" + TONIC.rstrip().replace("\n", "\n  ") + "\n"
    file = Upload("own.yaml", overlay.encode())
    proposal = await mia.slash(general, "/rules import", {"file": file, "why": "from next door"})
    await office.press(mia, proposal.message, "Go live")
    exported = await mia.slash(general, "/rules export")
    assert exported.is_ephemeral
    assert exported.message is not None
    text = discord.file_of(exported.message, "overlay.yaml")
    assert text == await office.moderation.export(office.server)
    rule = await mia.slash(general, "/rules export", {"rule": "our-tonic"})
    assert rule.message is not None
    assert discord.file_of(rule.message, "our-tonic.yaml").startswith("- id: our-tonic")
    assert "no rule `x`" in (await mia.slash(general, "/rules export", {"rule": "x"})).text
    again = await mia.slash(
        general, "/rules import", {"file": Upload("overlay.yaml", text.encode("utf-8-sig"))}
    )
    assert "Nothing would change" in again.text


async def test_a_file_with_one_rule_makes_or_changes_it(
    office: Office, general: Channel, mia: Member
) -> None:
    proposal = await mia.slash(
        general, "/rules import", {"file": Upload("tonic.yaml", b"# ours\n" + TONIC.encode())}
    )
    assert "+  - id: our-tonic" in proposal.text
    await office.press(mia, proposal.message, "Go live")
    changed = TONIC.replace("family: cold-relief", "family: cold-relief\n  cutoff: 90")
    proposal = await mia.slash(general, "/rules import", {"file": Upload("tonic.yaml", changed.encode())})
    assert "+    cutoff: 90" in proposal.text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfe\x00", NOT_UTF8),
        (b"x: " * 200_000, "too big"),
        (b"own_rules:\n  - id: [cut", "column"),
        (BROKEN.encode(), "phrazes"),
        ("- id: 🌿\n".encode(), "column"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "column"),
        (b"", "Nothing would change"),
    ],
)
async def test_a_file_that_cannot_be_read_is_told(
    office: Office, general: Channel, mia: Member, content: bytes, expected: str
) -> None:
    refused = await mia.slash(general, "/rules import", {"file": Upload("own.yaml", content)})
    assert expected in refused.text
    assert await office.newest() is None


async def test_a_rule_that_is_too_long_for_a_form_comes_as_a_file(
    office: Office, discord: LoopbackDiscord, general: Channel, mia: Member
) -> None:
    examples = "\n".join(f"      - garlic tonic for the win, number {number}" for number in range(120))
    text = TONIC.replace('    fires: ["garlic tonic for the win"]', f"    fires:\n{examples}")
    await office.changed("own_rules:" + text.replace("\n", "\n  "), by=mia)
    opened = await mia.slash(general, "/rules edit", {"rule": "our-tonic"})
    assert opened.modal is None
    assert opened.is_ephemeral
    assert "`/rules import`" in opened.text
    assert opened.message is not None
    file = discord.file_of(opened.message, "our-tonic.yaml")
    typed = file.replace("phrases:", "phrazes:")
    refused = await mia.slash(general, "/rules import", {"file": Upload("our-tonic.yaml", typed.encode())})
    assert "phrazes" in refused.text
    assert refused.message is not None
    again = await mia.press(refused.message, refused.message.button(ON_BUTTON)["custom_id"])
    assert again.message is not None
    assert discord.file_of(again.message, "rule.yaml") == typed
