"""The forms of English words, so that moderators write a word once.

Regular endings follow the spelling rules of any school grammar (Quirk et al., A Comprehensive Grammar of the
English Language, 1985, 3.5-3.10 and 5.80); what is irregular is listed. A form that no one uses does no harm:
it never occurs.
"""

from __future__ import annotations

import re

_VOWELS = frozenset("aeiou")
_CLOSED_SYLLABLE = re.compile(r"[^aeiou]*(?:qu)?[aeiou][^aeiouwxy]")
"""One short vowel with one consonant behind it: the consonant is doubled, "stopped"."""
_CLOSED_AND_STRESSED = frozenset(
    (
        *("admit", "begin", "commit", "compel", "control", "deter", "dispel", "expel", "forget", "incur"),
        *("occur", "omit", "patrol", "permit", "prefer", "propel", "rebel", "recur", "refer", "regret"),
        *("remit", "submit", "transfer", "transmit", "unplug", "unwrap", "upset"),
    )
)
"""Longer words that double their consonant because the stress lies on the last syllable."""
_DOUBLED_BY_SOME = re.compile(r".*[aeiou].*[^aeiou](?:[ae]l|fit)|fuel|program|worship")
"""Words spelt both ways: "canceled" in America, "cancelled" elsewhere."""

_ALL_FORMS = {
    "be": "am is are was were been being",
    "can": "could",
    "have": "has had having havin",
}
_PASTS = {
    "arise": "arose arisen",
    "beat": "beat beaten",
    "become": "became",
    "begin": "began begun",
    "bind": "bound",
    "bite": "bit bitten",
    "bleed": "bled",
    "blow": "blew blown",
    "break": "broke broken",
    "bring": "brought",
    "build": "built",
    "burn": "burned burnt",
    "burst": "burst bursted",
    "buy": "bought",
    "catch": "caught",
    "choose": "chose chosen",
    "come": "came",
    "cost": "cost costed",
    "creep": "crept creeped",
    "cut": "cut",
    "deal": "dealt",
    "dig": "dug",
    "do": "did done",
    "dream": "dreamed dreamt",
    "drink": "drank drunk",
    "drive": "drove driven",
    "eat": "ate eaten",
    "fall": "fell fallen",
    "feed": "fed",
    "feel": "felt",
    "fight": "fought",
    "find": "found",
    "flee": "fled",
    "fly": "flew flown",
    "forget": "forgot forgotten",
    "freeze": "froze frozen",
    "get": "got gotten",
    "give": "gave given",
    "go": "went gone",
    "grind": "ground",
    "grow": "grew grown",
    "hang": "hung hanged",
    "hear": "heard",
    "hide": "hid hidden",
    "hit": "hit",
    "hold": "held",
    "hurt": "hurt",
    "keep": "kept",
    "know": "knew known",
    "lay": "laid",
    "lead": "led",
    "leave": "left",
    "lend": "lent",
    "let": "let",
    "lose": "lost",
    "make": "made",
    "mean": "meant",
    "meet": "met",
    "outdo": "outdid outdone",
    "outshine": "outshone outshined",
    "overcome": "overcame",
    "overdo": "overdid overdone",
    "pay": "paid",
    "put": "put",
    "quit": "quit quitted",
    "read": "read",
    "rid": "rid",
    "ride": "rode ridden",
    "rise": "rose risen",
    "run": "ran",
    "say": "said",
    "see": "saw seen",
    "seek": "sought",
    "sell": "sold",
    "send": "sent",
    "set": "set",
    "shake": "shook shaken",
    "shine": "shone shined",
    "shit": "shit shat",
    "shoot": "shot",
    "show": "showed shown",
    "shrink": "shrank shrunk",
    "shut": "shut",
    "sink": "sank sunk",
    "sit": "sat",
    "slay": "slew slain slayed",
    "sleep": "slept",
    "slide": "slid",
    "speak": "spoke spoken",
    "spend": "spent",
    "spin": "spun",
    "split": "split",
    "spread": "spread",
    "stand": "stood",
    "steal": "stole stolen",
    "stick": "stuck",
    "sting": "stung",
    "strike": "struck stricken",
    "swear": "swore sworn",
    "sweep": "swept",
    "swell": "swelled swollen",
    "swing": "swung",
    "take": "took taken taked",
    "teach": "taught",
    "tear": "tore torn",
    "tell": "told",
    "think": "thought",
    "throw": "threw thrown",
    "understand": "understood",
    "undo": "undid undone",
    "unwind": "unwound",
    "upset": "upset",
    "wake": "woke woken",
    "wear": "wore worn",
    "win": "won",
    "wind": "wound",
    "withdraw": "withdrew withdrawn",
    "withhold": "withheld",
    "write": "wrote written",
}
_PLURALS = {
    "child": "children",
    "foot": "feet",
    "half": "halves",
    "knife": "knives",
    "man": "men",
    "person": "people",
    "tooth": "teeth",
    "wife": "wives",
    "woman": "women",
}
"""Without "leaves" and "lives", which are verbs more often: a moderator writes them where they are meant."""


def verb_forms(word: str) -> frozenset[str]:
    """Give every form of a verb.

    Args:
        word: its plain form, in lower case.

    Returns:
        the plain form, third person, past, participles, and the spoken "-in" for "-ing".
    """
    if word in _ALL_FORMS:
        return frozenset((word, *_ALL_FORMS[word].split()))
    pasts = _PASTS[word].split() if word in _PASTS else _regular_pasts(word)
    going_on = (stem + ending for stem in _stems_before_ing(word) for ending in ("ing", "in"))
    third_person = word + "es" if word.endswith(("do", "go")) else _with_s(word)
    return frozenset((word, third_person, *pasts, *going_on))


def noun_forms(word: str) -> frozenset[str]:
    """Give a noun's singular, plural and possessive.

    Args:
        word: its singular, in lower case.

    Returns:
        the word itself and with its ending; a possessive's apostrophe is dropped in reading, so it looks like
        a plural.
    """
    if word.endswith("s"):
        return frozenset((word, word + "es")) if word.endswith("ss") else frozenset((word,))
    return frozenset((word, _PLURALS.get(word, word), _with_s(word), word + "s"))


def _with_s(word: str) -> str:
    if _ends_in_consonant_y(word):
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


def _regular_pasts(word: str) -> tuple[str, ...]:
    if word.endswith("e"):
        return (word + "d",)
    if _ends_in_consonant_y(word):
        return (word[:-1] + "ied",)
    return tuple(stem + "ed" for stem in _stems_after_a_consonant(word))


def _stems_before_ing(word: str) -> tuple[str, ...]:
    if word.endswith("ie"):
        return (word[:-2] + "y",)
    if word.endswith("e"):
        return (word if word.endswith(("ee", "oe", "ye")) else word[:-1],)
    return _stems_after_a_consonant(word)


def _stems_after_a_consonant(word: str) -> tuple[str, ...]:
    if word.endswith("ic"):
        return (word + "k",)
    if _CLOSED_SYLLABLE.fullmatch(word) or word in _CLOSED_AND_STRESSED:
        return (word + word[-1],)
    if _DOUBLED_BY_SOME.fullmatch(word):
        return (word, word + word[-1])
    return (word,)


def _ends_in_consonant_y(word: str) -> bool:
    return len(word) > 1 and word[-1] == "y" and word[-2] not in _VOWELS
