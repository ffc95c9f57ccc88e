"""Make rules/word-classes.txt: words of like meaning, by what a sentence model makes of each word alone.

Needs numpy, scikit-learn, torch, transformers and symspellpy, and the sentence model all-MiniLM-L6-v2
(Apache-2.0) as a folder that transformers can load. The bot needs none of these; it reads the file.

    python tools/word_classes.py FOLDER_OF_THE_MODEL rules/word-classes.txt

The 30,000 commonest words of SymSpell's English list go through the model one by one; a word's vector is the
mean of the vectors of its tokens. The mean of all words and the first two principal components (of the 8,000
commonest) are taken off, as they tell how common a word is rather than what it means (Mu and Viswanath 2018,
"All-but-the-Top"). k-means puts the words into 1,000 fine classes, and the centres of these into 300 coarse
ones. A class is called by its commonest word. Other versions of these packages may put a few words elsewhere:
learn anew afterwards.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy
import torch
from numpy.typing import NDArray
from sklearn.cluster import KMeans, MiniBatchKMeans
from transformers import AutoModel, AutoTokenizer

WORDS = 30_000
FINE = 1000
COARSE = 300
COMMONEST = 8000
COMPONENTS = 2
BATCH = 512
LONGEST = 12
"""Tokens of a word."""
NOTHING = 1e-9
LIST = "frequency_dictionary_en_82_765.txt"
HEAD = """\
# Words of like meaning, a fine class a line, behind the name of the coarse class it lies in.
# Made by a program (see ../tests/corpus/README.md), not by hand. 30,000 of the commonest words of \
SymSpell's English list,
# grouped by k-means over the vectors that the sentence model all-MiniLM-L6-v2 (Apache-2.0) gives each word.
"""


def commonest_words() -> list[str]:
    """Give the commonest words of SymSpell's English list, commonest first, without apostrophes."""
    counts: dict[str, int] = {}
    for line in files("symspellpy").joinpath(LIST).read_text(encoding="utf-8-sig").splitlines():
        word, count = line.split(" ")
        counts[word.replace("'", "")] = int(count)
    return sorted(counts, key=lambda word: -counts[word])[:WORDS]


def vectors_of(words: Sequence[str], folder: Path) -> NDArray[Any]:
    """Give for each word the mean of the vectors of its tokens.

    Args:
        words: the words.
        folder: the sentence model.
    """
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()
    parts = []
    with torch.no_grad():
        for start in range(0, len(words), BATCH):
            tokens = tokenizer(
                list(words[start : start + BATCH]),
                padding=True,
                truncation=True,
                max_length=LONGEST,
                return_tensors="pt",
            )
            states = model(**tokens).last_hidden_state
            kept = tokens["attention_mask"].unsqueeze(-1).float()
            parts.append(((states * kept).sum(1) / kept.sum(1)).numpy())
    return numpy.concatenate(parts)


def meanings(vectors: NDArray[Any]) -> NDArray[Any]:
    """Take off what all words share, and give vectors of the length 1."""
    centred = vectors - vectors.mean(0)
    _, _, axes = numpy.linalg.svd(centred[:COMMONEST], full_matrices=False)
    shared = axes[:COMPONENTS]
    return _unit(centred - centred @ shared.T @ shared)


def classes_of(words: Sequence[str], vectors: NDArray[Any]) -> list[str]:
    """Give the lines of the file.

    Args:
        words: the words, commonest first.
        vectors: what each of them means.

    Returns:
        a line for each fine class, in alphabetical order.
    """
    fine = MiniBatchKMeans(FINE, random_state=0, n_init=3, batch_size=4096, max_iter=60).fit(vectors)
    coarse = KMeans(COARSE, random_state=0, n_init=3).fit(_unit(fine.cluster_centers_))
    members: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    for word, label in zip(words, fine.labels_, strict=True):
        members.setdefault(int(label), []).append(word)
        names.setdefault(int(coarse.labels_[label]), word)
    return sorted(
        f"{names[int(coarse.labels_[label])]}: {' '.join(alike)}" for label, alike in members.items()
    )


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    return vectors / (numpy.linalg.norm(vectors, axis=1, keepdims=True) + NOTHING)


def main() -> None:
    """Write the file."""
    if len(sys.argv) != 3:
        sys.exit("usage: python tools/word_classes.py FOLDER_OF_THE_MODEL FILE")
    words = commonest_words()
    lines = classes_of(words, meanings(vectors_of(words, Path(sys.argv[1]))))
    Path(sys.argv[2]).write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
