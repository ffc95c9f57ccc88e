"""What a moderator would otherwise have: fuzzy comparison with a list of sentences, or exact search for them.

Each is told the same sentences. Packages that are not installed are reported as such; those of the dependency
group `bench` are what may be there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

EDITS = 1
"""How many typos hyperscan may forgive in a sentence. With two it compiles three times as long."""
_RE2_MEMORY = 1 << 31
PARTIAL_RATIO, TOKEN_SET_RATIO, CDIST = (
    "rapidfuzz partial_ratio",
    "rapidfuzz token_set_ratio",
    "rapidfuzz cdist",
)


@dataclass(frozen=True, slots=True)
class Ready:
    """A contender that has taken in the sentences.

    Args:
        look: looks at a message, or at a list of them.
        score: how like the nearest sentence a message is, 0–100; None where it answers yes or no with `look`.
        is_batched: `look` takes a list.
    """

    look: Callable[[Any], object]
    score: Callable[[str], float] | None = None
    is_batched: bool = False


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that finds sentences in messages.

    Args:
        name: what it is called.
        package: the module it needs.
        prepare: takes in the sentences.
        seconds: how long it may be measured for at each number of sentences.
    """

    name: str
    package: str
    prepare: Callable[[Sequence[str]], Ready]
    seconds: float = 2.0

    @property
    def is_installed(self) -> bool:
        """Whether its package is there."""
        return find_spec(self.package) is not None


def _best_of(scorer: Callable[..., float]) -> Callable[[Sequence[str]], Ready]:
    def prepare(sentences: Sequence[str]) -> Ready:
        listed = list(sentences)

        def score(text: str) -> float:
            found = process.extractOne(text.lower(), listed, scorer=scorer)
            return float(found[1]) if found is not None else 0.0

        return Ready(score, score)

    return prepare


def _cdist(sentences: Sequence[str]) -> Ready:
    listed = list(sentences)

    def look(texts: Sequence[str]) -> object:
        lowered = [text.lower() for text in texts]
        return process.cdist(lowered, listed, scorer=fuzz.partial_ratio, dtype=np.uint8, workers=1).max(
            axis=1
        )

    return Ready(look, is_batched=True)


def _ahocorasick(sentences: Sequence[str]) -> Ready:
    automaton = import_module("ahocorasick_rs").AhoCorasick(list(sentences))
    return Ready(lambda text: automaton.find_matches_as_indexes(text.lower()))


def _flashtext(sentences: Sequence[str]) -> Ready:
    keywords = import_module("flashtext2").KeywordProcessor(case_sensitive=False)
    keywords.add_keywords_from_iter(list(sentences))
    return Ready(keywords.extract_keywords)


def _alternation(sentences: Sequence[str]) -> Ready:
    pattern = re.compile("|".join(map(re.escape, sentences)))
    return Ready(lambda text: pattern.search(text.lower()))


def _re2(sentences: Sequence[str]) -> Ready:
    re2 = import_module("re2")
    options = re2.Options()
    options.max_mem = _RE2_MEMORY
    options.log_errors = False
    patterns = re2.Set.SearchSet(options)
    for sentence in sentences:
        patterns.Add(re2.escape(sentence))
    patterns.Compile()
    return Ready(lambda text: patterns.Match(text.lower()))


def _hyperscan(edits: int) -> Callable[[Sequence[str]], Ready]:
    def prepare(sentences: Sequence[str]) -> Ready:
        hyperscan = import_module("hyperscan")
        more = {}
        if edits:
            flag = hyperscan.HS_EXT_FLAG_EDIT_DISTANCE
            more["ext"] = [hyperscan.ExpressionExt(flags=flag, edit_distance=edits)] * len(sentences)
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=[re.escape(sentence).encode() for sentence in sentences],
            ids=list(range(len(sentences))),
            elements=len(sentences),
            flags=[hyperscan.HS_FLAG_SINGLEMATCH] * len(sentences),
            **more,
        )

        def look(text: str) -> list[int]:
            found: list[int] = []
            database.scan(text.lower().encode(), match_event_handler=lambda which, *_: found.append(which))
            return found

        return Ready(look)

    return prepare


CONTENDERS = (
    Contender(PARTIAL_RATIO, "rapidfuzz", _best_of(fuzz.partial_ratio)),
    Contender(TOKEN_SET_RATIO, "rapidfuzz", _best_of(fuzz.token_set_ratio)),
    Contender(CDIST, "rapidfuzz", _cdist),
    Contender("ahocorasick_rs", "ahocorasick_rs", _ahocorasick),
    Contender("flashtext2", "flashtext2", _flashtext),
    Contender("re alternation", "re", _alternation),
    Contender("google-re2", "re2", _re2),
    Contender("hyperscan, exact", "hyperscan", _hyperscan(0)),
    Contender(f"hyperscan, {EDITS} edit", "hyperscan", _hyperscan(EDITS)),
)
"""All of them, in the order of the table."""


def prepare_named(name: str, sentences: Sequence[str]) -> Ready:
    """Let a contender take in the sentences, by its name, for another process to do so."""
    return next(one for one in CONTENDERS if one.name == name).prepare(sentences)
