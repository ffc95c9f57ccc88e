"""A message as a stream of canonical characters, each of which knows where it was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from bot.text.confusables import lookalike
from bot.text.letters import ASIDE, EMOJI, JOINER, emoji_name, fold_letter, is_mark, is_regional
from bot.text.markdown import Mark

_RUN = re.compile(r"[^\s!-&(-/:-@\[-`{-~]++")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Stream(Struct, frozen=True):
    """Canonical characters with their places in the raw message.

    Args:
        text: the characters.
        starts: for each, where what it stands for begins in the raw message.
        ends: for each, where that ends, exclusive.
        names: for each `EMOJI` in the text, by index, its name.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    names: Mapping[int, str]


def make_stream(raw: str, marks: Sequence[Mark]) -> Stream:
    """Fold a message into a stream.

    Args:
        raw: the message as it was typed.
        marks: what `find_marks` found in it.

    Returns:
        the stream; its length is at most some twenty times that of the message (NFKC's longest form).
    """
    if not marks and raw.isascii() and not _CONTROL.search(raw):
        return Stream(raw.lower(), range(len(raw)), range(1, len(raw) + 1), {})
    folding = _Folding(raw)
    position = 0
    for mark in marks:
        folding.fold(position, mark.start)
        folding.skip(mark)
        position = mark.end
    folding.fold(position, len(raw))
    return Stream("".join(folding.text), folding.starts, folding.ends, folding.names)


class _Folding(Struct):
    """The stream while it is made."""

    raw: str
    text: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)

    def put(self, folded: str, start: int, end: int) -> None:
        for character in folded:
            self.text.append(character)
            self.starts.append(start)
            self.ends.append(end)

    def put_emoji(self, name: str, start: int, end: int) -> None:
        self.names[len(self.text)] = name
        self.put(EMOJI, start, end)

    def skip(self, mark: Mark) -> None:
        """Leave a mark out: an aside parts the words around it, a mark between letters does not."""
        if mark.aside is not None:
            self.put(ASIDE, mark.start, mark.end)
        for word, start, end in mark.words:
            self.put_emoji(word.casefold(), start, end)
        shapes = mark.aside is None and not mark.words
        if (
            shapes
            and self.raw[mark.start - 1 : mark.start].isdigit()
            and self.raw[mark.end : mark.end + 1].isdigit()
        ):
            self.put(" ", mark.start, mark.end)

    def fold(self, start: int, end: int) -> None:
        """Fold the raw message from `start` to `end`, one run of letters after the other."""
        position = start
        for run in _RUN.finditer(self.raw, start, end):
            self.fold_loose(position, run.start())
            self.fold_run(run.start(), run.end())
            position = run.end()
        self.fold_loose(position, end)

    def fold_loose(self, start: int, end: int) -> None:
        for index in range(start, end):
            self.put(fold_letter(self.raw[index]), index, index + 1)

    def fold_run(self, start: int, end: int) -> None:
        run = self.raw[start:end]
        if run.isascii() and run.isprintable():
            self.text.extend(run.lower())
            self.starts.extend(range(start, end))
            self.ends.extend(range(start + 1, end + 1))
            return
        if run in {"µ", "μ"}:
            self.put("mu", start, end)
            return
        folded = [fold_letter(character) for character in run]
        _read_lookalikes(run, folded)
        index = 0
        while index < len(run):
            index = self.fold_character(run, index, folded[index], start)

    def fold_character(self, run: str, index: int, folded: str, offset: int) -> int:
        """Put one character of a run; return the index of the next one."""
        character, place = run[index], offset + index
        if is_regional(character) and _is_flag(run, index):
            letters = folded + fold_letter(run[index + 1])
            self.put_emoji("flag_" + letters, place, place + 2)
            return index + 2
        if is_mark(character):
            # A mark belongs to what it stands on, also when the member's own words are shown.
            if self.ends and self.ends[-1] == place:
                self.ends[-1] = place + 1
        elif folded == EMOJI:
            if index and run[index - 1] == JOINER and self.text and self.text[-1] == EMOJI:
                self.ends[-1] = place + 1
            else:
                self.put_emoji(emoji_name(character), place, place + 1)
        else:
            self.put(folded, place, place + 1)
        return index + 1


def _is_flag(run: str, index: int) -> bool:
    """Whether exactly two regional indicators stand here; more of them spell a word."""
    before = index > 0 and is_regional(run[index - 1])
    after = [is_regional(character) for character in run[index + 1 : index + 3]]
    return not before and after[:1] == [True] and after[1:] != [True]


def _read_lookalikes(run: str, folded: list[str]) -> None:
    """Read letters of other scripts as the Latin ones they look like.

    Only where that turns the whole run into Latin, or where the run mixes them with Latin letters: a word
    that is plainly of another script stays what it is.
    """
    foreign = [index for index, form in enumerate(folded) if form.isalpha() and not form.isascii()]
    if not foreign:
        return
    alike = {index: lookalike(run[index]) for index in foreign}
    mixed = any(form.isascii() and form.isalpha() for form in folded)
    if mixed or all(alike.values()):
        for index, latin in alike.items():
            folded[index] = latin or folded[index]
