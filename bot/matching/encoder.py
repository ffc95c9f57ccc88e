"""The encoder: a small language model that reads a message as a whole and tells what it claims.

It is a transformer (Vaswani et al. 2017, arXiv 1706.03762) of the size of MiniLM (Wang et al. 2020, arXiv
2002.10957), taught with labelled messages and run by ONNX Runtime on this machine. A message is cut into word
pieces; out comes one number for each head, of which likeness takes account beside the weighed features.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from bot.errors import Fault, RulebookError
from bot.matching.wordpieces import Wordpieces
from bot.rulebook.encoder_file import EncoderFile

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

LONGEST = 128
"""Pieces of a message that are read, with those of what was said before."""
HEADS, VOCABULARY = "heads", "vocabulary"
"""Names under which the file tells what its numbers mean, as JSON lists."""
_MOST_KEPT = 8192
"""Messages of which it is remembered what came out: some megabytes."""
_INSTEAD = "Take the file of the version you have, or take it away: then the words alone are weighed."

_logger = logging.getLogger(__name__)


class _Opened(Struct, frozen=True):
    session: InferenceSession
    wordpieces: Wordpieces
    heads: tuple[str, ...]


class Encoder:
    """Tells what messages claim. The model is opened when it is first asked, in some tenths of a second.

    Args:
        file: the file of the model.
    """

    def __init__(self, file: EncoderFile) -> None:
        self.file = file
        self._opening = threading.Lock()
        self._opened: _Opened | None = None
        self._failed: RulebookError | None = None
        self._judged: dict[tuple[int, ...], tuple[float, ...]] = {}

    def open(self) -> None:
        """Open the model, unless it is open.

        Raises:
            RulebookError: the file cannot be read, or holds no model that fits.
        """
        self._open()

    def judge(self, said: Sequence[str]) -> Mapping[str, float]:
        """Judge a message.

        Args:
            said: its words and marks, and those of what was said before.

        Returns:
            for each head the logarithm of the odds that it holds.

        Raises:
            RulebookError: the file cannot be read, or holds no model that fits.
        """
        opened = self._open()
        numbers = tuple(opened.wordpieces.of(said, most=LONGEST))
        # Rules are proved on the same examples again and again, and people say the same things.
        told = self._judged.get(numbers)
        if told is None:
            told = tuple(opened.session.run(None, {"pieces": [numbers]})[0][0].tolist())
            if len(self._judged) >= _MOST_KEPT:
                self._judged.clear()
            self._judged[numbers] = told
        return dict(zip(opened.heads, told, strict=True))

    def cache_clear(self) -> None:
        """Forget what came out for earlier messages."""
        self._judged.clear()

    def _open(self) -> _Opened:
        with self._opening:
            if self._failed is not None:
                raise self._failed
            if self._opened is None:
                try:
                    self._opened = self._read()
                except RulebookError as error:
                    self._failed = error
                    _logger.warning("%s", error)
                    raise
            return self._opened

    def _read(self) -> _Opened:
        try:
            # 0.15 s and 30 MB that a bot needs only once a message is worth it
            from onnxruntime import (  # noqa: PLC0415
                GraphOptimizationLevel,
                InferenceSession,
                SessionOptions,
            )

            options = SessionOptions()
            # A message is too short to be parted, and other threads have their own messages.
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            # The file holds each step as it is to be run; tools/encoder_graph.py says why.
            options.graph_optimization_level = GraphOptimizationLevel.ORT_DISABLE_ALL
            session = InferenceSession(self.file.path, options, providers=["CPUExecutionProvider"])
            told: Mapping[str, Any] = session.get_modelmeta().custom_metadata_map
            heads, vocabulary = json.loads(told[HEADS]), json.loads(told[VOCABULARY])
            return _Opened(session, Wordpieces(vocabulary), tuple(map(str, heads)))
        except Exception as error:
            # ONNX Runtime has exceptions of its own for each thing that can be wrong with a file, none of
            # them with a common base of its own; whatever it is, this is no model that fits.
            problem = f"this is no encoder that can be used: {str(error).splitlines()[0][:200]}"
            raise RulebookError([Fault(self.file.path, 1, 1, problem, _INSTEAD)]) from error
