"""Values as bytes and back. Reading them makes values and nothing else, whatever stands in the bytes.

The bytes are pickles, because the interpreter reads these in compiled code. A pickle can call whatever it
names, so names are looked up here by hand: only the frozen values of `bot.matching` and `bot.rulebook`, a few
functions that put such values together, and paths are to be had. None of them does anything but hold what it
is given.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from inspect import Parameter, signature
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from bot.keeping.entries import kept_lexicon, packed_entries
from bot.matching.beside import Beside
from bot.matching.encoder import Encoder
from bot.matching.gate import Gate
from bot.matching.lexicon import Lexicon
from bot.matching.pairs import Pairs
from bot.matching.phrases import CompiledPhrase, PhraseSet
from bot.matching.skim import Skim, SkimTables
from bot.matching.standing import Slots, Standing
from bot.matching.vocabulary import Vocabulary
from bot.matching.word_counts import WordCounts
from bot.rulebook.encoder_file import EncoderFile
from bot.rulebook.place import Place
from bot.rulebook.rows import Rows

_Made = tuple[Callable[..., object], tuple[object, ...]]
_OURS = ("bot.matching.", "bot.rulebook.")
_PATHS = frozenset(("PosixPath", "WindowsPath"))


class NotKeptError(Exception):
    """These bytes are no values that this program can have written."""


def to_bytes(value: object) -> bytes:
    """Write values down.

    Args:
        value: frozen values of `bot.matching` and `bot.rulebook`, tuples, mappings, text, numbers.

    Returns:
        bytes from which `from_bytes` makes the same again.
    """
    file = io.BytesIO()
    _Writer(file, protocol=5).dump(value)
    return file.getvalue()


def from_bytes(content: bytes | memoryview) -> Any:  # noqa: ANN401  # whatever was written
    """Read values that `to_bytes` wrote.

    Args:
        content: the bytes.

    Raises:
        NotKeptError: they are something else.
    """
    try:
        return _Reader(io.BytesIO(content)).load()
    except Exception as error:
        # What damaged bytes lead to is not to be foreseen; whatever it is, the values are not to be had.
        raise NotKeptError(str(error)) from error


def _vocabulary(
    fuzzy: frozenset[str], exact: frozenset[str], packed: bytes, counts: tuple[bytes, bytes]
) -> Vocabulary:
    return Vocabulary(words=fuzzy, exact=exact, packed=packed, counts=WordCounts(*counts))


def _gate(parts: dict[str, Any]) -> Gate:
    shared = {name: parts[name] for name in ("needed", "standing", "carriable")}
    return Gate(**parts, beside=Beside(**shared), weights={})


def _standing(lexicon: Lexicon, built_by: dict[str, tuple[Slots, ...]]) -> Standing:
    return Standing(lexicon, built_by)


def _skim(vocabulary: Vocabulary, pairs: Pairs, tables: SkimTables) -> Skim:
    return Skim(vocabulary=vocabulary, pairs=pairs, tables=tables)


def _encoder(file: EncoderFile) -> Encoder:
    return Encoder(file)


def _rows(names: tuple[str, ...], ends: bytes, numbers: bytes) -> Rows:
    return Rows(names, ends, numbers)


def _phrase_set(*phrases: CompiledPhrase) -> PhraseSet:
    return PhraseSet(phrases)


def _parts_of_vocabulary(value: Vocabulary) -> _Made:
    if value.packed is None:
        raise pickle.PicklingError("this vocabulary is partly another one's")
    return _vocabulary, (value.fuzzy, value.words - value.fuzzy, value.packed, value.counts.packed)


def _parts_of_gate(value: Gate) -> _Made:
    made_anew = frozenset(("beside", "weights"))
    return _gate, ({name: part for name, part in _parts(value).items() if name not in made_anew},)


def _parts_of_lexicon(value: Lexicon) -> _Made:
    kept = frozenset(("entries", "listed"))
    others = {name: part for name, part in _parts(value).items() if name not in kept}
    return kept_lexicon, (*packed_entries(value), others)


_TAKEN_APART: dict[type, Callable[[Any], _Made]] = {
    Vocabulary: _parts_of_vocabulary,
    Gate: _parts_of_gate,
    Lexicon: _parts_of_lexicon,
    Standing: lambda value: (_standing, (value.lexicon, value.built_by)),
    Skim: lambda value: (_skim, (value.vocabulary, value.pairs, value.tables)),
    PhraseSet: lambda value: (_phrase_set, tuple(value)),
    Encoder: lambda value: (_encoder, (value.file,)),
    Rows: lambda value: (_rows, value.packed),
    MappingProxyType: lambda value: (dict, (dict(value),)),
}
"""What makes a value again, and what it is given, where that is not all of the value's fields."""


class _Writer(pickle.Pickler):
    """Writes values as their class and what it is made with."""

    def reducer_override(self, value: Any) -> Any:  # noqa: ANN401  # pickle's own signature
        taken_apart = _TAKEN_APART.get(type(value))
        if taken_apart is not None:
            return taken_apart(value)
        if isinstance(value, Struct):
            parts = tuple(_parts(value).values())
            return (_filled, (type(value), *parts)) if _is_named(type(value)) else (type(value), parts)
        return NotImplemented


@lru_cache
def _is_named(kind: type[Struct]) -> bool:
    """Tell whether a struct has fields that must be named when it is made."""
    parameters = signature(kind).parameters.values()
    return any(one.kind is Parameter.KEYWORD_ONLY for one in parameters)


def _filled(kind: type[Struct], *values: object) -> Struct:
    """Make a struct whose fields are to be named."""
    return kind(**dict(zip(kind.__struct_fields__, values, strict=True)))


def _parts(value: Struct) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


class _Reader(pickle.Unpickler):
    """Makes only values."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401  # pickle's own signature
        if (found := _CALLABLE.get(name)) is not None and found.__module__ == module:
            return found
        if module == "pathlib" and name in _PATHS:
            return Path
        if module.startswith(_OURS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module and _is_value(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value")


def _is_value(kind: type) -> bool:
    return issubclass(kind, Struct | Enum | Place)


_CALLABLE: dict[str, Callable[..., object]] = {
    one.__name__: one
    for one in (
        _filled,
        _vocabulary,
        _gate,
        _standing,
        _skim,
        _phrase_set,
        _encoder,
        _rows,
        kept_lexicon,
        dict,
    )
}
