"""Seeing concepts in a message."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.matching.compile import CompiledRulebook
from bot.matching.hits import see
from bot.matching.lexicon import CUE, WORD, Lexicon, LexiconBuilder
from bot.matching.phrases import Hit
from bot.matching.segments import clauses_of
from bot.rulebook.model import Concept, Cue, CueCategory, Position, Role
from bot.text.reader import read


def lexicon_of(concepts: dict[str, Concept], *cues: Cue) -> Lexicon:
    builder = LexiconBuilder()
    for name, concept in concepts.items():
        builder.add_concept(name, concept)
    for cue in cues:
        builder.add_cue(cue)
    return builder.build()


def seen(text: str, lexicon: Lexicon, concept: str) -> list[str]:
    """Give the words, with those in between, where a concept was seen."""
    reading = read(text)
    hits = see(reading, lexicon, clauses_of(reading)).get(concept, [])
    return [" ".join(token.text for token in reading.tokens[hit.first : hit.last]) for hit in hits]


def only(text: str, lexicon: Lexicon, concept: str) -> Hit:
    reading = read(text)
    (hit,) = see(reading, lexicon, clauses_of(reading))[concept]
    return hit


@pytest.mark.parametrize(
    ("text", "concept", "words"),
    [
        ("garlic cloves and garlic", "garlic", ["garlic cloves", "garlic"]),
        ("allium sativum", "garlic", ["allium sativum"]),
        ("alium sativm", "garlic", ["alium sativm"]),
        ("allium of the sativum sort", "garlic", []),
        ("GARLICS", "garlic", ["garlics"]),
        ("my garlic's gone", "garlic", ["garlics"]),
        ("he knocked it out", "cures", ["knocked it out"]),
        ("knock all of it right out", "cures", ["knock all of it right out"]),
        ("knock all of it right far out", "cures", []),
        ("knock out", "cures", ["knock out"]),
        ("warding off flu", "prevents", ["warding off"]),
        ("warding it off", "prevents", []),
        ("the flu and a fluu", "common-cold", ["flu"]),
        ("took 5g and a handful", "handful", ["5g", "handful"]),
        ("got rid of it", "tames", ["got rid of"]),
    ],
)
def test_entries_are_seen_where_their_words_stand(
    garlic: CompiledRulebook, text: str, concept: str, words: list[str]
) -> None:
    assert seen(text, garlic.lexicon, concept) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gar lic is in it", ["gar lic"]),
        ("gar-lic is in it", ["gar lic"]),
        ("gar, lic is in it", []),
        ("gar. lic is in it", []),
    ],
)
def test_neighbours_that_make_a_word_together_are_read_as_it(
    garlic: CompiledRulebook, text: str, words: list[str]
) -> None:
    assert seen(text, garlic.lexicon, "garlic") == words


def test_words_that_say_something_themselves_are_not_joined() -> None:
    lexicon = lexicon_of({"cures": Concept(words=("heal",)), "salve": Concept(words=("allheal", "all"))})
    assert seen("all heal", lexicon, "salve") == ["all"]
    assert seen("all heal", lexicon, "cures") == ["heal"]


def test_what_is_less_alike_scores_less(garlic: CompiledRulebook) -> None:
    texts = ("garlic clove", "gar lic", "garlci")
    scores = [only(text, garlic.lexicon, "garlic").score for text in texts]
    assert scores == [100.0, 95.0, 94.0]
    assert only("allium sativm", garlic.lexicon, "garlic").score == 97.0


def test_a_hit_covers_its_words_and_not_those_in_between(garlic: CompiledRulebook) -> None:
    hit = only("it knocked that cold out", garlic.lexicon, "cures")
    assert (hit.first, hit.last, hit.mask) == (1, 5, 0b10010)
    assert (hit.entry, hit.literal) == ("knock ... out", False)
    assert only("garlic clove", garlic.lexicon, "garlic").literal


@pytest.mark.parametrize(
    ("text", "pain", "headache"),
    [
        ("pain in my head", [], ["pain in my head"]),
        ("pain in my back", ["pain"], []),
        ("pain in my head and pain", ["pain"], ["pain in my head"]),
    ],
)
def test_what_stands_inside_a_longer_name_is_not_seen_apart(
    text: str, pain: list[str], headache: list[str]
) -> None:
    lexicon = lexicon_of(
        {
            "pain": Concept(words=("pain",), role=Role.THEME),
            "headache": Concept(words=("pain in my head",), role=Role.THEME),
        }
    )
    assert seen(text, lexicon, "pain") == pain
    assert seen(text, lexicon, "headache") == headache


def test_a_longer_word_without_a_role_swallows_nothing() -> None:
    lexicon = lexicon_of({"gone": Concept(words=("all gone",)), "no": Concept(words=("gone",))})
    assert seen("all gone", lexicon, "no") == ["gone"]


def test_a_longer_cue_swallows_cues_and_no_concept() -> None:
    denial = Cue(id="no", category=CueCategory.DENIES, words=("no",))
    strong = Cue(id="sure", category=CueCategory.ASSERTS, words=("no doubt",))
    lexicon = lexicon_of({"doubts": Concept(words=("doubt",))}, denial, strong)
    assert seen("no doubt", lexicon, CUE + "no") == []
    assert seen("no doubt", lexicon, CUE + "sure") == ["no doubt"]
    assert seen("no doubt", lexicon, "doubts") == ["doubt"]


def test_a_cue_that_may_not_count_where_it_stands_swallows_none_that_does() -> None:
    denial = Cue(id="no", category=CueCategory.DENIES, words=("no",))
    at_end = Cue(id="end", category=CueCategory.ASKS, words=("or no",), at=Position.END)
    with_gap = Cue(id="gap", category=CueCategory.REPORTS, words=("they ... say",))
    lexicon = lexicon_of({}, denial, at_end, with_gap)
    assert seen("or no tea", lexicon, CUE + "no") == ["no"]
    assert seen("or no tea", lexicon, CUE + "end") == ["or no"]
    assert seen("they no say", lexicon, CUE + "no") == ["no"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("if it was", ["if it was"]), ("if it ever was", ["if it ever was"]), ("if it never ever was", [])],
)
def test_a_cue_built_like_a_phrase_leaves_room_for_one_word(text: str, words: list[str]) -> None:
    lexicon = lexicon_of({}, Cue(id="if", category=CueCategory.SUPPOSES, words=("if it|this was|were",)))
    assert seen(text, lexicon, CUE + "if") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("garlic bread", []),
        ("garlic breads", ["garlic"]),
        ("garlic on bread", ["garlic"]),
        ("garlic bread with garlic", ["garlic"]),
    ],
)
def test_another_meaning_takes_its_own_words_away(
    garlic: CompiledRulebook, text: str, words: list[str]
) -> None:
    assert seen(text, garlic.lexicon, "garlic") == words


def test_another_meaning_may_be_told_in_concepts() -> None:
    lexicon = lexicon_of(
        {
            "stops": Concept(verbs=("stop",), unless=("<stops> <plant>",)),
            "plant": Concept(words=("garlic",), phrases=("stinking rose",)),
        }
    )
    assert seen("it stopped the pain", lexicon, "stops") == ["stopped"]
    assert seen("i stopped garlic", lexicon, "stops") == []
    assert seen("i stopped the stinking rose", lexicon, "stops") == []
    assert seen("i stopped. garlic is gone", lexicon, "stops") == ["stopped"]


def test_concepts_are_built_from_built_ones_in_whatever_order_they_are_written() -> None:
    lexicon = lexicon_of(
        {
            "tamed": Concept(phrases=("<goes> for good",)),
            "goes": Concept(phrases=("<goes-away>", "clears up"), unless=("sky clears up",)),
            "goes-away": Concept(words=("gone",)),
        }
    )
    assert seen("its gone for good", lexicon, "tamed") == ["gone for good"]
    assert seen("it clears right up, it clears up for good", lexicon, "tamed") == ["clears up for good"]
    assert seen("the sky clears up for good", lexicon, "tamed") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cures it", ["cures it"]),
        ("cures both of it", ["cures both of it"]),
        ("cures all three of it", []),
        ("cures. it", []),
    ],
)
def test_a_built_concept_leaves_room_for_two_words_and_crosses_no_clause(text: str, words: list[str]) -> None:
    lexicon = lexicon_of({"tamed": Concept(phrases=("<cures> it",)), "cures": Concept(verbs=("cure",))})
    assert seen(text, lexicon, "tamed") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("5g of it", ["5g"]), ("12 of it", ["12"]), ("🧄 of it", ["garlic"]), ("some of it", [])],
)
def test_a_whole_kind_of_token_is_seen(text: str, words: list[str]) -> None:
    lexicon = lexicon_of({"much": Concept(kinds=("amount", "number", "emoji"))})
    assert seen(text, lexicon, "much") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("garlic 🔥 clove", ["garlic fire clove"]),
        ("garlic 🔥🔥💯 clove", ["garlic fire fire hundred_points_symbol clove"]),
        ("🔥 garlic clove 🔥", ["garlic clove"]),
        ("garlic 🔥", ["garlic"]),
        ("garlic 🔥 5g clove", ["garlic"]),
        ("🧄 is tasty", []),
        ("<:garlic:123456789012345678> is tasty", ["garlic"]),
    ],
)
def test_emoji_part_no_words_and_only_those_that_are_spelt_out_are_words(
    garlic: CompiledRulebook, text: str, words: list[str]
) -> None:
    assert seen(text, garlic.lexicon, "garlic") == words


def test_the_plain_words_of_phrases_are_seen(garlic: CompiledRulebook) -> None:
    assert seen("garlic is harmles", garlic.lexicon, WORD + "harmless") == ["harmles"]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["garlic", "clove", "cold", "water", "knocked", "out", "gar", "lic", "flu", ".", "5g"]
        ),
        max_size=80,
    )
)
def test_every_hit_stands_in_the_message_and_covers_its_ends(
    garlic: CompiledRulebook, words: list[str]
) -> None:
    reading = read(" ".join(words))
    for name, hits in see(reading, garlic.lexicon, clauses_of(reading)).items():
        assert [hit.first for hit in hits] == sorted(hit.first for hit in hits)
        for hit in hits:
            assert hit.concept == name
            assert 0 <= hit.first < hit.last <= len(reading.tokens)
            assert hit.mask >> hit.first & 1
            assert hit.mask.bit_length() == hit.last
            assert 0 < hit.score <= 100


def test_what_is_looked_at_is_bounded(garlic: CompiledRulebook) -> None:
    reading = read("garlic " * 2000)
    hits = see(reading, garlic.lexicon, clauses_of(reading))["garlic"]
    assert len(hits) == 40


SOUP = "garlic stinking rose leaf tea green part bread loaf cures takes pain away au no it , ."
RICH = {
    "plant": Concept(words=("garlic",), phrases=("stinking rose", "<leaf> tea"), unless=("<plant> <bread>",)),
    "leaf": Concept(words=("leaf",), phrases=("green <plant-part>",)),
    "plant-part": Concept(words=("part",)),
    "bread": Concept(words=("bread",), phrases=("<leaf> loaf",)),
    "cures": Concept(verbs=("cure",), phrases=("takes <pain> away",), unless=("cures <bread>",)),
    "pain": Concept(words=("pain",), unless=("pain au",)),
    "tamed": Concept(phrases=("<cures> & <plant>",), unless=("no <plant>",)),
}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SOUP.split()), max_size=20).map(" ".join))
def test_deriving_only_what_can_come_to_something_loses_nothing(text: str) -> None:
    lexicon = lexicon_of(
        RICH, Cue(id="no", category=CueCategory.DENIES, words=("no",), unless=("no <pain>",))
    )
    every = tuple(range(len(lexicon.derivations)))
    names = (
        *lexicon.roles,
        *(entry.concept for opening in lexicon.entries.values() for entry in opening.all()),
    )
    thorough = replace(lexicon, woken_by=dict.fromkeys(names, every))
    reading = read(text)
    clauses = clauses_of(reading)
    seen_by_both = [
        {name: hits for name, hits in see(reading, laid, clauses).items() if hits}
        for laid in (lexicon, thorough)
    ]
    assert seen_by_both[0] == seen_by_both[1]
