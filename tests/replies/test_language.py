"""Replies in Spanish: every family and caveat, composed from the rules that come with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.matching.model import Stance
from bot.replies.compose import CLOSINGS, ELSEWHERE, compose
from bot.replies.judge import composed_for
from bot.replies.language import language_of, missing_language, worded
from bot.replies.model import Form, Reply, SpeakingSettings
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Rulebook
from tests.replies.samples import finding

SHIPPED = Path(__file__).parents[2] / "rules"
VARIANTS = range(24)
"""Enough that each wording of each place is chosen at least once."""


@cache
def rulebook() -> Rulebook:
    return load_rulebook(SHIPPED)


FAMILIES = tuple(family.id for family in rulebook().families)


def reply(*families: str, form: Form = Form.FULL) -> Reply:
    stance = Stance.ASKS if form is Form.SHORT else Stance.ASSERTS
    return Reply(tuple(finding(family, stance=stance) for family in families), form, "claim")


@pytest.mark.parametrize("form", [Form.FULL, Form.SHORT])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_answered_wholly_in_spanish_with_the_same_sources(family: str, form: Form) -> None:
    spanish = rulebook().languages["es"]
    worded_here = {text for caveat in spanish.caveats.values() for text in (*caveat.says, caveat.short)}
    elsewhere = {f"{spanish.labels.elsewhere} {text}" for text in spanish.evidence.values()}
    begins = spanish.families[family]
    for variant in VARIANTS:
        content = compose(reply(family, form=form), rulebook(), variant=variant, language=spanish)
        english = compose(reply(family, form=form), rulebook(), variant=variant)
        assert content.opening in (begins.opening if form is Form.FULL else begins.asked)
        assert {line.says for line in content.caveats} <= worded_here
        assert content.evidence is None or content.evidence.says in elsewhere
        assert content.closing in spanish.closings
        assert content.labels == spanish.labels
        assert [line.citations for line in content.caveats] == [line.citations for line in english.caveats]
        assert [line.caveat for line in content.caveats] == [line.caveat for line in english.caveats]
        assert content.families == english.families


@pytest.mark.parametrize(
    ("own_lines", "has_lines", "expected"),
    [
        (("Ring the night desk.",), True, ("Ring the night desk.",)),
        ((), True, None),
        (
            (),
            False,
            ("Si alguien está en peligro ahora mismo, llama por favor al número de emergencias de tu zona.",),
        ),
    ],
)
def test_a_servers_own_emergency_lines_are_said_as_they_were_written(
    own_lines: tuple[str, ...], has_lines: bool, expected: tuple[str, ...] | None
) -> None:
    rules = rulebook() if has_lines else replace(rulebook(), emergency=None)
    settings = SpeakingSettings(language="es", emergency_lines=own_lines)
    content = composed_for(reply("emergency", form=Form.EMERGENCY), rules, settings, message="m")
    assert tuple(line.says for line in content.caveats) == (expected or rulebook().languages["es"].emergency)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_english_is_said_where_it_is_set_and_where_the_language_is_not_there(language: str) -> None:
    settings = SpeakingSettings(language=language)
    content = composed_for(reply("mood"), rulebook(), settings, message="m")
    assert content == composed_for(reply("mood"), rulebook(), SpeakingSettings(), message="m")
    assert content.labels is None
    assert content.closing in CLOSINGS
    assert content.evidence is not None
    assert content.evidence.says.startswith(ELSEWHERE)
    assert language_of(rulebook(), settings) is None
    assert missing_language(rulebook(), settings) == (None if language == "en" else "fr")


def test_a_language_changes_nothing_that_is_matched() -> None:
    spanish = worded(rulebook(), rulebook().languages["es"])
    assert worded(rulebook(), None) is rulebook()
    for name in ("rules", "concepts", "cues", "documents", "digest"):
        assert getattr(spanish, name) == getattr(rulebook(), name)
