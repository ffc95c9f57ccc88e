"""What single tokens come to: canonical form, the member's own words, kind, other readings."""

from __future__ import annotations

import pytest

from bot.text.model import TokenKind
from bot.text.reader import read
from bot.text.words import MOST_READINGS, amount_form, word_forms

WORD, NUMBER, AMOUNT, EMOJI = TokenKind.WORD, TokenKind.NUMBER, TokenKind.AMOUNT, TokenKind.EMOJI


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", []),
        ("   \n ", []),
        ("Kratom CURED it", [("kratom", "Kratom"), ("cured", "CURED"), ("it", "it")]),
        ("don't", [("dont", "don't")]),
        ("don’t", [("dont", "don’t")]),
        ("don`t", [("dont", "don`t")]),
        ("Kratom's", [("kratoms", "Kratom's")]),
        ("lab-tested", [("lab", "lab"), ("tested", "tested")]),
        ("kratom/kava", [("kratom", "kratom"), ("kava", "kava")]),
        ("7-OH 7oh", [("7oh", "7-OH"), ("7oh", "7oh")]),
        ("7-hydroxymitragynine", [("7hydroxymitragynine", "7-hydroxymitragynine")]),
        ("5-HTP b12 h2o", [("5htp", "5-HTP"), ("b12", "b12"), ("h2o", "h2o")]),
        ("e.g. the U.S. law", [("eg", "e.g"), ("the", "the"), ("us", "U.S"), ("law", "law")]),
        ("cool /s", [("cool", "cool"), ("/s", "/s")]),
        ("lol :) jk </3 xD", [("lol", "lol"), ("jk", "jk"), ("xd", "xD")]),
        ("k r a t o m", [("kratom", "k r a t o m")]),
        ("try k  r a t o m ok", [("try", "try"), ("kratom", "k  r a t o m"), ("ok", "ok")]),
        ("c u r e s  m y  p a i n", [("cures", "c u r e s"), ("my", "m y"), ("pain", "p a i n")]),
        ("d.o.t.t.e.d", [("dotted", "d.o.t.t.e.d")]),
        ("k-r-a-t-o-m", [("kratom", "k-r-a-t-o-m")]),
        ("k_r_a_t_o_m", [("kratom", "k_r_a_t_o_m")]),
        ("k*r*a*t*o*m", [("kratom", "k*r*a*t*o*m")]),
        ("k r 4 t 0 m", [("kr4t0m", "k r 4 t 0 m")]),
        ("x 1 2 3 4", [("x", "x"), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")]),
        ("a b c", [("a", "a"), ("b", "b"), ("c", "c")]),
        ("kr*tom kra***tom", [("krtom", "kr*tom"), ("kratom", "kra***tom")]),
        ("kratom_leaf", [("kratom", "kratom"), ("leaf", "leaf")]),
        ("wow!kratom", [("wow", "wow"), ("kratom", "kratom")]),
    ],
)
def test_canonical_form_and_span(raw: str, expected: list[tuple[str, str]]) -> None:
    assert [(token.text, raw[token.start : token.end]) for token in read(raw).tokens] == expected


@pytest.mark.parametrize(
    ("raw", "kind", "text"),
    [
        ("5g", AMOUNT, "5g"),
        ("2tbsp", AMOUNT, "2tbsp"),
        ("2 tbsp", AMOUNT, "2tbsp"),
        ("4-5g", AMOUNT, "4-5g"),
        ("5 – 10 grams", AMOUNT, "5-10grams"),
        ("3grams", AMOUNT, "3grams"),
        ("500 mg", AMOUNT, "500mg"),
        ("1oz", AMOUNT, "1oz"),
        ("3.5g", AMOUNT, "3.5g"),
        (".5g", AMOUNT, ".5g"),
        ("2,5g", AMOUNT, "2.5g"),
        ("1,000mg", AMOUNT, "1000mg"),
        ("1/2 tsp", AMOUNT, "1/2tsp"),
        ("½ tsp", AMOUNT, "1/2tsp"),
        ("2½ tsp", AMOUNT, "2 1/2tsp"),
        ("10-gram", AMOUNT, "10gram"),
        ("5µg", AMOUNT, "5ug"),
        ("５ｇ", AMOUNT, "5g"),
        ("42", NUMBER, "42"),
        ("24/7", NUMBER, "24/7"),
        ("100%", NUMBER, "100%"),
        ("2x", NUMBER, "2x"),
        ("4am", NUMBER, "4am"),
        ("10:30am", NUMBER, "10:30am"),
        ("3rd", NUMBER, "3rd"),
        ("2-3x", NUMBER, "2-3x"),
        ("5️⃣", NUMBER, "5"),
        ("7oh", WORD, "7oh"),
        ("🍃", EMOJI, "leaf_fluttering_in_wind"),
        ("🤷🏽‍♀️", EMOJI, "shrug"),
        ("👍🏿", EMOJI, "thumbs_up_sign"),
        ("🇺🇸", EMOJI, "flag_us"),
        ("🇰🇷🇦🇹🇴🇲", WORD, "kratom"),
        ("🅺🅰", WORD, "ka"),
    ],
)
def test_one_token_of_its_kind_covers_the_message(raw: str, kind: TokenKind, text: str) -> None:
    (token,) = read(raw).tokens
    assert (token.kind, token.text, token.start, token.end, token.readings) == (kind, text, 0, len(raw), ())


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        ("30mins", ["30", "mins"]),
        ("5-day", ["5", "day"]),
        ("$50", ["50"]),
        ("5g/day", ["5g", "day"]),
        ("5*3", ["5", "3"]),
        ("3 days", ["3", "days"]),
    ],
)
def test_numbers_that_stay_apart(raw: str, texts: list[str]) -> None:
    assert [token.text for token in read(raw).tokens] == texts


@pytest.mark.parametrize(
    ("typed", "text", "reading"),
    [
        ("kr4tom", "kr4tom", "kratom"),
        ("m1graine", "m1graine", "migraine"),
        ("c0ffee", "c0ffee", "coffee"),
        ("@ddictive", "@ddictive", "addictive"),
        ("$afe", "$afe", "safe"),
        ("cure$", "cure$", "cures"),
        ("kr@tom", "kr@tom", "kratom"),
        ("kr470m", "kr470m", "kratom"),
        ("m!graine", "m!graine", "migraine"),
        ("0pioid", "0pioid", "opioid"),
        ("he1ps", "he1ps", "helps"),
        ("kr44atom", "kr44atom", "kratom"),
        ("2day", "2day", "today"),
        ("gr8", "gr8", "great"),
        ("w/o", "w/o", "without"),
        ("w/", "w/", "with"),
        ("b/c", "b/c", "because"),
        ("soooo", "soo", "so"),
        ("curessss", "curess", "cures"),
        ("kraaatom", "kraatom", "kratom"),
        ("cuures", "cuures", "cures"),
        ("kkratom", "kkratom", "kratom"),
        ("reallllyyyy", "reallyy", "really"),
        ("addddictiiive", "addictiive", "addictive"),
    ],
)
def test_other_readings(typed: str, text: str, reading: str) -> None:
    (token,) = read(typed).tokens
    assert token.text == text
    assert reading in token.readings
    assert len(token.readings) <= MOST_READINGS
    assert text not in token.readings


@pytest.mark.parametrize(
    "typed", ["off", "feel", "really", "addictive", "b12", "5htp", "7ohmz", "p450", "llama"]
)
def test_ordinary_words_have_one_reading(typed: str) -> None:
    assert word_forms(typed) == (typed, ())


@pytest.mark.parametrize(
    "raw",
    [
        "ｋｒａｔｏｍ",
        "𝓴𝓻𝓪𝓽𝓸𝓶",
        "ⓚⓡⓐⓣⓞⓜ",
        "🅺🆁🅰🆃🅾🅼",
        "ᴋʀᴀᴛᴏᴍ",
        "kraтом",
        "κratom",
        "kra\u200btom",
        "kra\u00adtom",
        "kra\x00tom",
        "k̷̢r̶a̴t̵o̷m̶",
        "krātøm",
        "k\u202eratom",
        "🇰 🇷 🇦 🇹 🇴 🇲",
    ],
)
def test_disguised_letters(raw: str) -> None:
    (token,) = read(raw).tokens
    assert (token.text, token.start, token.end) == ("kratom", 0, len(raw))


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        ("привет", ["привет"]),
        ("мigraine", ["migraine"]),
        ("МІGRАІNЕ", ["migraine"]),
        ("naïve café", ["naive", "cafe"]),
        ("Kratom™ works", ["kratom", "works"]),
        ("μ-opioid", ["mu", "opioid"]),
        ("\ud800 kratom", ["kratom"]),
        ("\ue000\ue001", []),
    ],
)
def test_other_scripts(raw: str, texts: list[str]) -> None:
    assert [token.text for token in read(raw).tokens] == texts


def test_amounts_keep_a_whole_number_and_its_fraction_apart() -> None:
    assert amount_form("2 1/2 tsp") == "2 1/2tsp"
