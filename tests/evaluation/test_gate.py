"""The gate on the corpus: with the shipped rules it stops no message in which something would be found."""

from __future__ import annotations

from random import Random

import pytest

from bot.evaluation.corpus import Labelled, load_corpus
from bot.evaluation.perturb import KEEPING, TURNING
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import _Look, find, is_worth_a_look
from bot.rulebook.load import load_rulebook
from bot.shipped import rules_folder
from bot.text.reader import read
from bot.text.unread import Unread
from tests.evaluation.samples import CORPUS

CHANGES = (*KEEPING, *TURNING)


@pytest.fixture(scope="module")
def shipped() -> CompiledRulebook:
    return compile_rulebook(load_rulebook(rules_folder(None)))


@pytest.fixture(scope="module")
def messages(shipped: CompiledRulebook) -> list[Labelled]:
    return load_corpus([CORPUS], families=[family.id for family in shipped.source.families])


def is_stopped_rightly(rulebook: CompiledRulebook, message: str, said: tuple[str, ...]) -> bool:
    """Tell whether nothing would be found in a message, if it is stopped; likeness asks the gate itself."""
    context = tuple(map(Unread, said))
    if is_worth_a_look(Unread(message), rulebook, context):
        return True
    found = _Look(read(message), rulebook, context, explained=True).findings()
    return not found.found and found.emergency is None


def test_it_stops_no_claim(shipped: CompiledRulebook, messages: list[Labelled]) -> None:
    wrong = [one.id for one in messages if not is_stopped_rightly(shipped, one.text, one.context)]
    assert wrong == []


def test_it_stops_no_claim_without_its_context(shipped: CompiledRulebook, messages: list[Labelled]) -> None:
    by_itself = [one for one in messages if one.context]
    assert [one.id for one in by_itself if not is_stopped_rightly(shipped, one.text, ())] == []


def test_it_stops_no_claim_that_is_written_otherwise(
    shipped: CompiledRulebook, messages: list[Labelled]
) -> None:
    chance = Random(3)
    wrong = []
    for number, one in enumerate(messages):
        change = CHANGES[number % len(CHANGES)]
        text = change.apply(one.text, chance)
        if not is_stopped_rightly(shipped, text, one.context):
            wrong.append((change.name, text))
    assert wrong == []


def test_it_stops_most_ordinary_chat(shipped: CompiledRulebook, messages: list[Labelled]) -> None:
    chat = [one for one in messages if one.kind == "chat" and not one.context]
    passed = sum(is_worth_a_look(Unread(one.text), shipped) for one in chat)
    assert passed < len(chat) / 20


def test_what_is_stopped_is_explained_on_request(shipped: CompiledRulebook) -> None:
    message = Unread("a nap cured my headache")
    assert not is_worth_a_look(message, shipped)
    explained = find(message, shipped, explained=True)
    assert {hit.concept for hit in explained.concepts} >= {"headache"}
    assert explained.found == ()
    assert find(message, shipped).concepts == ()
