"""A rulebook that is mostly the same as another one finds what it would by itself, and shares its memory."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.engine import find
from bot.matching.lexicon import Entry, Opening
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Concept, Cue, CueCategory, Rulebook
from bot.text.reader import read
from tests.matching.small_rulebooks import rule_of

RULES = Path(__file__).parent.parent.parent / "rules"
MESSAGES = (
    "kratom cured my migraines, no side effects!",
    "does ketum help with headaches?",
    "zorbleaf cured my migrain",
    "my friend swears zorbleafs fix everything, but kratom is addictive",
    "red bali is fluxenated again",
    "nobody claims that it heals",
    "kratm isnt adictive at all",
)


@pytest.fixture(scope="module")
def base() -> CompiledRulebook:
    return compile_rulebook(load_rulebook(RULES))


def with_word(rulebook: Rulebook) -> Rulebook:
    kratom = rulebook.concepts["kratom"]
    changed = replace(kratom, words=(*kratom.words, "zorbleaf"))
    return replace(rulebook, concepts={**rulebook.concepts, "kratom": changed})


def with_rule(rulebook: Rulebook) -> Rulebook:
    own = rule_of("<kratom> fluxenated", "<kratom> & fixes everything", id="own")
    own = replace(own, family=rulebook.rules[0].family)
    return replace(rulebook, rules=(*rulebook.rules, own))


def with_concept_and_cue(rulebook: Rulebook) -> Rulebook:
    own = Concept(words=("fluxenated",), phrases=("<kratom> again",), unless=("not fluxenated",))
    cue = Cue(id="own-cue", category=CueCategory.DENIES, words=("nobody claims", "<kratom> never"))
    return replace(rulebook, concepts={**rulebook.concepts, "own": own}, cues=(*rulebook.cues, cue))


def with_less(rulebook: Rulebook) -> Rulebook:
    kratom = rulebook.concepts["kratom"]
    changed = replace(kratom, words=kratom.words[:-2])
    return replace(
        rulebook,
        concepts={**rulebook.concepts, "kratom": changed},
        rules=rulebook.rules[3:],
        cues=rulebook.cues[:-2],
    )


CHANGES = (with_word, with_rule, with_concept_and_cue, with_less)


def entries_of(opening: Opening) -> list[list[Entry]]:
    rows = [opening.alone, opening.gapped, *(opening.by_second[word] for word in sorted(opening.by_second))]
    return [sorted(row, key=lambda entry: (entry.concept, entry.text, entry.exact)) for row in rows]


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_the_same_as_one_by_itself(base: CompiledRulebook, change: type) -> None:
    rulebook = change(base.source)
    alone, own = compile_rulebook(rulebook), compile_rulebook(rulebook, like=base)
    assert own.rules == alone.rules
    assert own.by_concept == alone.by_concept
    assert own.gate.pairs == alone.gate.pairs
    assert own.lexicon.vocabulary.words == alone.lexicon.vocabulary.words
    assert own.lexicon.vocabulary.fuzzy == alone.lexicon.vocabulary.fuzzy
    assert own.lexicon.derivations == alone.lexicon.derivations
    assert own.lexicon.woken_by == alone.lexicon.woken_by
    assert own.lexicon.roles == alone.lexicon.roles
    assert own.lexicon.entries.keys() == alone.lexicon.entries.keys()
    for word, opening in alone.lexicon.entries.items():
        assert entries_of(own.lexicon.entries[word]) == entries_of(opening)


@pytest.mark.parametrize("change", CHANGES)
def test_it_finds_the_same_as_one_by_itself(base: CompiledRulebook, change: type) -> None:
    rulebook = change(base.source)
    alone, own = compile_rulebook(rulebook), compile_rulebook(rulebook, like=base)
    examples = [example.text for rule in rulebook.rules for example in rule.examples.fires[:2]]
    for message in (*MESSAGES, *examples):
        assert find(read(message), own) == find(read(message), alone)


def test_an_own_word_is_found(base: CompiledRulebook) -> None:
    own = compile_rulebook(with_word(base.source), like=base)
    assert find(read("zorbleaf cured my migraines"), own).found
    assert not find(read("zorbleaf cured my migraines"), base).found


def test_what_both_have_is_the_same_object(base: CompiledRulebook) -> None:
    own = compile_rulebook(with_word(base.source), like=base)
    shared = [
        word for word, opening in own.lexicon.entries.items() if base.lexicon.entries.get(word) is opening
    ]
    assert len(own.lexicon.entries) - len(shared) <= 10  # the new word and its forms, words that stand twice
    assert all(one is other for one, other in zip(own.rules, base.rules, strict=True))
    assert own.lexicon.woken_by is base.lexicon.woken_by
    assert own.lexicon.roles is base.lexicon.roles
    assert all(
        one is other for one, other in zip(own.lexicon.derivations, base.lexicon.derivations, strict=True)
    )
    same = [name for name, listed in own.lexicon.listed.items() if base.lexicon.listed.get(name) is listed]
    assert own.lexicon.listed.keys() - same == {"kratom"}


def test_the_words_of_an_own_rule_are_all_that_is_held_twice(base: CompiledRulebook) -> None:
    own = compile_rulebook(with_rule(base.source), like=base)
    another = compile_rulebook(with_rule(base.source), like=base)
    slots = {slot for slot, _ in base.gate.needed} | {
        slot for _, listed in base.gate.needed for slots in listed for slot in slots
    }
    names = set().union(*slots)
    for slot in slots:
        assert own.gate.standing.keys_of(slot) is another.gate.standing.keys_of(slot)
    for name in names:
        assert own.gate.standing.keys(name) is base.gate.standing.keys(name)
    bits = own.gate.pairs.bits
    same = [word for word, one in base.gate.pairs.bits.items() if bits[word] == one]
    assert same
    assert all(bits[word] is base.gate.pairs.bits[word] for word in same)
    assert own.skim is not base.skim
    assert own.skim.cut is base.skim.cut
    listed = [name for name, one in base.by_concept.items() if own.by_concept[name] is not one]
    assert set(listed) <= {"kratom"}


def test_what_only_other_rulebooks_ask_for_goes_with_them(base: CompiledRulebook) -> None:
    names = frozenset(("kratom", "headache", "soothes", "addictive"))
    own = compile_rulebook(with_rule(base.source), like=base)
    lent = weakref.ref(own.gate.standing.keys_of(names))
    assert lent() is base.gate.standing.lend(names)
    del own
    assert lent() is None


def test_an_own_word_written_apart_is_found(base: CompiledRulebook) -> None:
    own = compile_rulebook(with_word(base.source), like=base)
    assert find(read("zorb leaf cured my migraines"), own).found
    assert find(read("kra tom cured my migraines"), own).found


def test_a_rule_without_new_words_shares_the_vocabulary_and_the_gate(base: CompiledRulebook) -> None:
    own = replace(rule_of("<kratom> <headache>", id="own"), family=base.source.rules[0].family)
    rulebook = replace(base.source, rules=(*base.source.rules, own))
    compiled = compile_rulebook(rulebook, like=base)
    assert compiled.lexicon.vocabulary is base.lexicon.vocabulary
    assert compiled.gate.pairs is base.gate.pairs
    assert compiled.skim is base.skim


def test_a_rulebook_that_nobody_uses_is_let_go_at_once(base: CompiledRulebook) -> None:
    own = compile_rulebook(with_word(base.source), like=base)
    find(read(MESSAGES[2]), own)
    gone = weakref.ref(own)
    gc.disable()
    try:
        del own
        assert gone() is None
    finally:
        gc.enable()
