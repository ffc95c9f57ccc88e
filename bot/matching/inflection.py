"""The forms of English words, so that moderators write a word once.

Regular endings follow the spelling rules of any school grammar (Quirk et al., A Comprehensive Grammar of the
English Language, 1985, 3.5-3.10 and 5.80); irregular verbs are listed. A form that no one uses does no harm:
it never occurs.
"""

from __future__ import annotations

_VOWELS = frozenset("aeiou")

_IRREGULAR_VERBS = {
    "be": ("is", "are", "was", "were", "been", "being", "am"),
    "beat": ("beats", "beating", "beaten"),
    "become": ("becomes", "became", "becoming"),
    "begin": ("begins", "began", "begun", "beginning"),
    "bind": ("binds", "bound", "binding"),
    "break": ("breaks", "broke", "broken", "breaking"),
    "bring": ("brings", "brought", "bringing"),
    "buy": ("buys", "bought", "buying"),
    "can": ("could",),
    "catch": ("catches", "caught", "catching"),
    "chew": ("chews", "chewed", "chewing"),
    "come": ("comes", "came", "coming"),
    "cut": ("cuts", "cutting"),
    "do": ("does", "did", "done", "doing"),
    "drink": ("drinks", "drank", "drunk", "drinking"),
    "eat": ("eats", "ate", "eaten", "eating"),
    "fall": ("falls", "fell", "fallen", "falling"),
    "feel": ("feels", "felt", "feeling"),
    "find": ("finds", "found", "finding"),
    "fly": ("flies", "flew", "flown", "flying"),
    "forget": ("forgets", "forgot", "forgotten", "forgetting"),
    "get": ("gets", "got", "gotten", "getting"),
    "give": ("gives", "gave", "given", "giving"),
    "go": ("goes", "went", "gone", "going"),
    "grow": ("grows", "grew", "grown", "growing"),
    "have": ("has", "had", "having"),
    "hear": ("hears", "heard", "hearing"),
    "hit": ("hits", "hitting"),
    "hold": ("holds", "held", "holding"),
    "hurt": ("hurts", "hurting"),
    "keep": ("keeps", "kept", "keeping"),
    "kick": ("kicks", "kicked", "kicking"),
    "know": ("knows", "knew", "known", "knowing"),
    "leave": ("leaves", "left", "leaving"),
    "let": ("lets", "letting"),
    "lose": ("loses", "lost", "losing"),
    "make": ("makes", "made", "making"),
    "mean": ("means", "meant", "meaning"),
    "meet": ("meets", "met", "meeting"),
    "pay": ("pays", "paid", "paying"),
    "put": ("puts", "putting"),
    "quit": ("quits", "quitting", "quitted"),
    "read": ("reads", "reading"),
    "rid": ("rids", "ridding"),
    "rise": ("rises", "rose", "risen", "rising"),
    "run": ("runs", "ran", "running"),
    "say": ("says", "said", "saying", "sayin"),
    "see": ("sees", "saw", "seen", "seeing"),
    "sell": ("sells", "sold", "selling"),
    "send": ("sends", "sent", "sending"),
    "set": ("sets", "setting"),
    "shoot": ("shoots", "shot", "shooting"),
    "show": ("shows", "showed", "shown", "showing"),
    "shut": ("shuts", "shutting"),
    "sleep": ("sleeps", "slept", "sleeping"),
    "speak": ("speaks", "spoke", "spoken", "speaking"),
    "stick": ("sticks", "stuck", "sticking"),
    "strike": ("strikes", "struck", "striking"),
    "swear": ("swears", "swore", "sworn", "swearing"),
    "take": ("takes", "took", "taken", "taking", "takin", "taked"),
    "tell": ("tells", "told", "telling"),
    "think": ("thinks", "thought", "thinking"),
    "throw": ("throws", "threw", "thrown", "throwing"),
    "understand": ("understands", "understood", "understanding"),
    "wake": ("wakes", "woke", "woken", "waking"),
    "wear": ("wears", "wore", "worn", "wearing"),
    "win": ("wins", "won", "winning"),
}

_DOUBLING = frozenset(
    "ban blot bop cap chop clip cop cram crap cut dip dim drag drip drop drug fit flip grab grip hop hug jab jam kid knit knot mop "
    "nag nap nip pat pin pop prep rip rob rub scrub ship shop shred skip slap slip snap stab step stir stop strip swap tag "
    "tap thin tip top trap trim trip up wean whip wipe zap beg plan plug quit rid scan sip sob spot tan chug prefer refer".split()
)


def verb_forms(word: str) -> frozenset[str]:
    """Give every form of a verb.

    Args:
        word: its plain form, in lower case.

    Returns:
        the plain form, third person, past, participles, and the spoken "-in" for "-ing".
    """
    if word in _IRREGULAR_VERBS:
        return frozenset((word, *_IRREGULAR_VERBS[word]))
    stem = word
    if word.endswith("e") and not word.endswith(("ee", "oe")):
        stem = word[:-1]
    elif word in _DOUBLING and word[-1] not in _VOWELS:
        stem = word + word[-1]
    past = word[:-1] + "ied" if _ends_in_consonant_y(word) else stem + "ed"
    return frozenset((word, _with_s(word), past, stem + "ing", stem + "in"))


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
    return frozenset((word, _with_s(word), word + "s"))


def _with_s(word: str) -> str:
    if _ends_in_consonant_y(word):
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


def _ends_in_consonant_y(word: str) -> bool:
    return len(word) > 1 and word[-1] == "y" and word[-2] not in _VOWELS
