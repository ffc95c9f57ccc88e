"""The walk from "members keep saying X" to a live rule does, step by step, what the moderators' page says."""

from __future__ import annotations

import re
import textwrap

import pytest

from bot.matching.compile import CompiledRulebook
from bot.matching.engine import find
from bot.moderation.fitting import Fitted, fit
from bot.moderation.gate import examine
from bot.moderation.ordinary import OrdinaryChat, load_ordinary_chat
from bot.moderation.workshop import Workshop
from bot.proof import Proven, prove
from bot.replies.model import Form, Reply, SpeakingSettings
from bot.replies.single import check_text
from bot.rulebook.overlay import read_overlay
from bot.text.reader import read
from tests.rulebook.readme_page import ROOT, blocks, chapters, data_in

CHAPTER = "From “members keep saying X” to a live rule"
RULE = blocks(CHAPTER)[0]
PHRASE = "<kratom> send|sends|sent the goblin home"
GAME = "we sent the goblin home and won the round"
STOLEN = "somebody yoinked my kratom and now I have a headache"


@pytest.fixture(scope="module")
def base() -> Proven:
    """The shipped rules."""
    return prove(ROOT / "rules")


@pytest.fixture(scope="module")
def chat() -> OrdinaryChat:
    return load_ordinary_chat(ROOT / "rules" / "ordinary-chat.txt")


def with_rule(base: Proven, rule: str) -> Fitted:
    """Lay a rule over the base, as `/rules new` does."""
    return fit(base, read_overlay("own_rules:\n" + textwrap.indent(rule, "  ")), Workshop())


@pytest.fixture(scope="module")
def before(base: Proven) -> Fitted:
    """A server without changes of its own."""
    return fit(base, read_overlay(""), Workshop())


@pytest.fixture(scope="module")
def walked(base: Proven) -> Fitted:
    """A server on which the walk was gone to its end."""
    return with_rule(base, RULE)


def rules_for(compiled: CompiledRulebook, text: str) -> set[str]:
    """Name the rules that find a claim somebody stands behind."""
    told = check_text(text, (), rulebook=compiled, settings=SpeakingSettings()).decision
    return {finding.rule for finding in told.findings} if isinstance(told, Reply) else set()


def test_at_first_no_rule_knows_the_word(base: Proven) -> None:
    assert rules_for(base.rulebook, "kratom sent the goblin home again") == set()


def test_the_rule_passes_the_gate(before: Fitted, walked: Fitted, chat: OrdinaryChat) -> None:
    assert walked.failures == ()
    examination = examine(before, walked, chat)
    assert (examination.faults, examination.rules) == ((), ("kratom-sends-goblin-home",))


def test_the_rule_answers_what_the_page_says_and_nothing_else(walked: Fitted) -> None:
    compiled = walked.compiled
    said = re.search(r"so “(.+?)” and “(.+?)”\s+are found", re.sub(r"\s+", " ", chapters()[CHAPTER]))
    assert said is not None
    for text in (*said.groups(), "kratom sent the goblin home in an hour"):
        assert rules_for(compiled, text) == {"kratom-sends-goblin-home"}, text
    for text in ("kratom never sent the goblin home", GAME):
        assert rules_for(compiled, text) == set(), text
    question = "does kratom send the goblin home?"
    asked = check_text(question, (), rulebook=compiled, settings=SpeakingSettings())
    assert isinstance(asked.decision, Reply)
    assert asked.decision.form is Form.SHORT


@pytest.mark.parametrize(
    ("phrase", "problems"),
    [
        ("send|sends|sent the goblin home", [f"should stay silent on “{GAME}”"]),
        (
            "<kratom> & my",
            ["would fire on messages that claim nothing", "such as “my kratom order says out for delivery”"],
        ),
    ],
)
def test_what_reaches_too_far_is_refused_with_the_words_of_the_page(
    base: Proven, before: Fitted, chat: OrdinaryChat, phrase: str, problems: list[str]
) -> None:
    assert PHRASE in RULE
    after = with_rule(base, RULE.replace(PHRASE, f'"{phrase}"'))
    told = "\n".join(map(str, examine(before, after, chat).faults))
    page = re.sub(r"\s+", " ", chapters()[CHAPTER])
    assert f"`{phrase}`" in page
    assert [problem for problem in problems if problem not in told or problem not in page] == []


def test_adding_the_word_alone_works_and_has_the_catch_that_the_page_tells(base: Proven) -> None:
    with_word = fit(base, read_overlay(blocks(CHAPTER)[1]), Workshop()).require().compiled
    for form in ("yoinks", "yoinked", "is yoinking"):
        assert rules_for(with_word, f"kratom {form} my migraine") == {"kratom-relieves-headache"}, form
    assert rules_for(with_word, STOLEN) == {"kratom-relieves-headache"}
    [verbs] = data_in(blocks(CHAPTER)[1])["lexicon"]["soothes"].values()
    assert not set(verbs) & set(base.loaded.rulebook.concepts["soothes"].verbs)


ROWS = re.findall(r"^\| (`.+?`) \| (.+) \|$", chapters()["Phrases"], re.MULTILINE)
PHRASES = [
    (phrase.replace("\\|", "|"), text)
    for first, second in ROWS
    for phrase in re.findall(r"`([^`]+)`", first)
    for text in re.findall(r"“([^”]+)”", second)
    if "…" not in text
]


def test_the_table_of_phrases_has_examples() -> None:
    assert len(PHRASES) >= 4


def test_each_phrase_of_the_table_finds_what_stands_beside_it(base: Proven) -> None:
    # Each in a family of its own, as of each family one finding is told.
    families = [family.id for family in base.loaded.rulebook.families[-len(PHRASES) :]]
    rules = "".join(
        f"""\
- id: row-{place}
  family: {family}
  phrases: ['{phrase}']
  examples: {{fires: ['{text}'], silent: [{{text: good morning, because: a greeting}}]}}
"""
        for place, (family, (phrase, text)) in enumerate(zip(families, PHRASES, strict=True))
    )
    compiled = with_rule(base, rules).compiled
    missed = [
        (phrase, text)
        for place, (phrase, text) in enumerate(PHRASES)
        if f"row-{place}" not in {finding.rule for finding in find(read(text), compiled).found}
    ]
    assert missed == []
