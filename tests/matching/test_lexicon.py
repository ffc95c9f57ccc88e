"""The lexicon: how entries are bent and indexed, and in which order concepts make one another."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.matching.items import Items
from bot.matching.lexicon import CUE, EXCLUSION, WORD, Entry, Lexicon, LexiconBuilder
from bot.rulebook.model import Concept, Cue, CueCategory, Role


def built(concepts: Mapping[str, Concept], *cues: Cue) -> Lexicon:
    builder = LexiconBuilder()
    for name, concept in concepts.items():
        builder.add_concept(name, concept)
    for cue in cues:
        builder.add_cue(cue)
    return builder.build()


def entries_of(lexicon: Lexicon, concept: str) -> set[Entry]:
    return {
        entry for opening in lexicon.entries.values() for entry in opening.all() if entry.concept == concept
    }


def only_entry(concept: Concept) -> Entry:
    (entry,) = entries_of(built({"garlic": concept}), "garlic")
    return entry


def plain(*words: str) -> Items:
    return tuple(frozenset((word,)) for word in words)


def denial(*words: str, unless: tuple[str, ...] = ()) -> Cue:
    return Cue(id="no", category=CueCategory.DENIES, words=words, unless=unless)


@pytest.mark.parametrize(
    ("concept", "items"),
    [
        (Concept(words=("garlic clove",)), [{"garlic"}, {"clove", "cloves"}]),
        (Concept(words=("my ... said",)), [{"my"}, None, {"said", "saids"}]),
        (Concept(exactly=("h",)), [{"h"}]),
        (Concept(words=("Runny  NOSE",)), [{"runny"}, {"nose", "noses"}]),
        (Concept(words=("don't",)), [{"dont", "donts"}]),
    ],
)
def test_a_noun_is_bent_at_its_end(concept: Concept, items: list[set[str] | None]) -> None:
    assert list(only_entry(concept).items) == items


def test_a_verb_is_bent_at_its_beginning() -> None:
    entry = only_entry(Concept(verbs=("knock ... out",)))
    first, *rest = entry.items
    assert first is not None
    assert {"knock", "knocks", "knocked", "knocking"} <= first
    assert rest == [None, {"out"}]


def test_only_what_is_written_under_exactly_must_stand_letter_by_letter() -> None:
    lexicon = built({"garlic": Concept(words=("garlic",), exactly=("gg",))})
    assert {(entry.text, entry.exact) for entry in entries_of(lexicon, "garlic")} == {
        ("garlic", False),
        ("gg", True),
    }
    assert lexicon.vocabulary.candidates("garlci")
    assert lexicon.vocabulary.candidates("gg")
    assert not lexicon.vocabulary.candidates("ggg")


@pytest.mark.parametrize("word", ["cure", "cures", "cured", "curing"])
def test_an_entry_is_found_by_every_form_of_its_first_word(word: str) -> None:
    lexicon = built({"cures": Concept(verbs=("cure",))})
    assert [entry.concept for entry in lexicon.entries[word].alone] == ["cures"]


def test_entries_of_one_first_word_are_kept_by_their_second() -> None:
    texts = ("knock", "knock out", "knock ... out")
    opening = built({"cures": Concept(words=texts)}).entries["knock"]
    assert [entry.text for entry in opening.alone] == ["knock"]
    assert {word: [entry.text for entry in entries] for word, entries in opening.by_second.items()} == {
        "out": ["knock out"],
        "outs": ["knock out"],
    }
    assert [entry.text for entry in opening.gapped] == ["knock ... out"]
    assert {entry.text for entry in opening.all()} == set(texts)


def test_kinds_and_roles_are_kept() -> None:
    lexicon = built({"handful": Concept(kinds=("amount", "number"), role=Role.THEME)})
    assert lexicon.kinds == {"amount": ("handful",), "number": ("handful",)}
    assert lexicon.roles == {"handful": Role.THEME}


def test_the_plain_words_of_a_phrase_are_entries_of_their_own() -> None:
    lexicon = built(
        {"tames": Concept(phrases=("<cures> right|straight away",)), "cures": Concept(verbs=("cure",))}
    )
    for word in ("right", "straight", "away"):
        (entry,) = entries_of(lexicon, WORD + word)
        assert entry.items == plain(word)


def test_marks_are_no_entries() -> None:
    lexicon = built({}, denial("?", "!", "never"))
    assert {entry.text for entry in entries_of(lexicon, CUE + "no")} == {"never"}


@pytest.mark.parametrize("text", ["<garlic> never", "never & once", "if it was|were"])
def test_a_cue_with_the_marks_of_a_phrase_is_built_from_others(text: str) -> None:
    (derivation,) = built({}, denial(text)).derivations
    assert derivation.concept == CUE + "no"
    assert [phrase.text for phrase in derivation.built_by] == [text]


def test_another_meaning_in_plain_words_stands_side_by_side() -> None:
    lexicon = built({}, denial("no", unless=("no doubt",)))
    (derivation,) = lexicon.derivations
    (entry,) = entries_of(lexicon, EXCLUSION + "no doubt")
    assert entry.items == plain("no", "doubt")
    assert derivation.parts == set()
    assert derivation.needs == {EXCLUSION + "no doubt"}


@pytest.mark.parametrize(
    "concepts",
    [
        {
            "beats": Concept(phrases=("<tames> well",)),
            "tames": Concept(phrases=("<cures> now",)),
            "cures": Concept(phrases=("stop it",)),
        },
        {
            "beats": Concept(words=("beat",), unless=("<tames> egg",)),
            "tames": Concept(phrases=("<cures> now",), words=("tame",)),
            "cures": Concept(words=("cure",), unless=("cure ham",)),
        },
    ],
)
def test_what_a_concept_needs_is_made_before_it(concepts: dict[str, Concept]) -> None:
    order = [derivation.concept for derivation in built(concepts).derivations]
    assert order == ["cures", "tames", "beats"]


def test_where_other_meanings_form_a_circle_the_parts_still_come_first() -> None:
    lexicon = built(
        {
            "tames": Concept(phrases=("<cures> now",)),
            "cures": Concept(words=("cure",), unless=("<tames> ham",)),
            "garlic": Concept(phrases=("stinking rose",)),
        }
    )
    assert [derivation.concept for derivation in lexicon.derivations] == ["garlic", "cures", "tames"]
