"""Words cut into the pieces that an encoder knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

UNKNOWN, BEGINNING, END = "[UNK]", "[CLS]", "[SEP]"
"""Stand in every vocabulary: for what cannot be put together, and for where a text begins and ends."""
_WITHIN = "##"
_LONGEST_WORD = 40
_RUNS = re.compile(r"\w+|[^\w\s]")


class Wordpieces:
    """Cuts words into the longest pieces that are known, from left to right.

    That is WordPiece as BERT uses it (Devlin et al. 2019, doi 10.18653/v1/N19-1423).

    Args:
        vocabulary: the pieces; each stands at its number. Those within a word begin with `##`.
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers: Mapping[str, int] = {piece: number for number, piece in enumerate(vocabulary)}
        self._unknown = self._numbers[UNKNOWN]

    def of(self, words: Iterable[str], *, most: int) -> list[int]:
        """Give the numbers of the pieces of a text, between those of its beginning and its end.

        Args:
            words: its words and marks, in lower case.
            most: how many numbers at most; what is too much at the end is left out.

        Returns:
            the numbers, at least two.
        """
        numbers = [self._numbers[BEGINNING]]
        for word in words:
            # Most words are known whole; one of letters and digits alone is one run.
            whole = self._numbers.get(word) if word.isalnum() else None
            if whole is not None:
                numbers.append(whole)
            else:
                for run in _RUNS.findall(word):
                    numbers.extend(self._pieces(run))
            if len(numbers) >= most - 1:
                break
        return [*numbers[: most - 1], self._numbers[END]]

    def _pieces(self, run: str) -> list[int]:
        if len(run) > _LONGEST_WORD:
            return [self._unknown]
        found: list[int] = []
        first = 0
        while first < len(run):
            number, last = None, len(run)
            while last > first and number is None:
                number = self._numbers.get(_WITHIN * (first > 0) + run[first:last])
                last -= number is None
            if number is None:
                return [self._unknown]
            found.append(number)
            first = last
        return found
