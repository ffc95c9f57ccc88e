"""Make rules/encoder.onnx: a small language model that reads a message as a whole and tells what it claims.

Needs what `caveat-bot learn` needs, torch, transformers, onnx and onnxruntime, and the sentence model
all-MiniLM-L6-v2 (Apache-2.0) as a folder that transformers can load. The bot needs onnxruntime alone.

    python tools/learn_encoder.py FOLDER_OF_THE_MODEL tests/corpus/parts --out rules/encoder.onnx

The sentence model (Wang et al. 2020, arXiv 2002.10957) is taught further: one head tells whether an answer is
due, two whether something is asked or reported, one for each claim family whether it is that one; a last one,
left out of the file, tells the kind of message, which keeps what is learned general. Each round goes over the
messages of the part `tune` and the examples of the rules; in place of nearly half of the messages it takes a
variant of them, as `caveat-bot learn` does. Of the vocabulary remain the pieces that stand in these messages
or in the commonest English words. The weights are rounded to 8 bits, of which 7 are used, so that no
processor overflows and each multiplies alike. Sums between are still rounded otherwise by processors with
AVX2 but without AVX-512: one message in forty is moved by more than 0.02, none of the corpus to another
answer. The graph is then written anew by encoder_graph.py. It takes an hour on two cores; other versions of
the packages give other weights.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import onnx
import torch
from encoder_graph import greatest_difference, rewritten
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from bot.evaluation.corpus import Labelled, Part, load_corpus, only
from bot.evaluation.learning import lessons_from
from bot.evaluation.scoring import ORDINARY
from bot.evaluation.variants import remarks_of, talks_of, variants_of
from bot.matching.compile import CompiledRulebook, compile_rulebook
from bot.matching.encoder import HEADS, LONGEST, VOCABULARY
from bot.matching.engine import describe
from bot.matching.likeness import ASKED, DUE, REPORTED
from bot.matching.model import Stance
from bot.matching.wordpieces import BEGINNING, END, UNKNOWN, Wordpieces
from bot.rulebook.load import load_rulebook
from bot.text.reader import read

BATCH = 32
BATCHES_OF_LIKE_LENGTH = 25
RATE, HEAD_RATE = 8e-5, 1.2e-3
WARMING = 0.12
DECAY = 0.01
LARGEST_STEP = 1.0
DROPOUT = 0.1
OF_VARIANTS, OF_CHAT = 0.45, 0.75
"""How much of what is learned from are variants; of ordinary chat more, as most of it is told behind talk."""
OF_RULES = 2
"""How often each round goes over the examples of the rules."""
TURNS = 3
"""How often variants are drawn of each message."""
DUE_COUNTS, STANCE_COUNTS, KIND_COUNTS = 2.0, 1.5, 0.3
PAD = "[PAD]"
WORDS = 16_000
LIST = "frequency_dictionary_en_82_765.txt"
LATIN = 0x250
RULE = "rule"


@dataclass(frozen=True)
class Lesson:
    """A message to learn from.

    Args:
        said: its words and marks, with those of what was said before.
        heads: what is right for each head, 0 or 1.
        kind: what sort of message it is.
        variants: the same in other company or under another turn.
    """

    said: tuple[str, ...]
    heads: tuple[float, ...]
    kind: str
    variants: tuple[Lesson, ...] = ()


class Network(nn.Module):
    """The sentence model with the heads on it."""

    def __init__(self, base: Path, rows: Sequence[int], heads: int, kinds: int) -> None:
        super().__init__()
        self.base = AutoModel.from_pretrained(base, add_pooling_layer=False)
        width = self.base.config.hidden_size
        known = self.base.embeddings.word_embeddings.weight.data[list(rows)].clone()
        self.base.embeddings.word_embeddings = nn.Embedding.from_pretrained(
            known, freeze=False, padding_idx=0
        )
        self.dropped = nn.Dropout(DROPOUT)
        self.heads = nn.Linear(2 * width, heads)
        self.kinds = nn.Linear(2 * width, kinds)

    def read(self, pieces: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Give what a message comes to: the mean and the greatest of what each piece comes to."""
        out = self.base(input_ids=pieces, attention_mask=there).last_hidden_state
        mask = there.unsqueeze(-1).to(out.dtype)
        mean = (out * mask).sum(1) / mask.sum(1)
        return torch.cat([mean, (out + (mask - 1) * 1e4).amax(1)], 1)

    def forward(self, pieces: torch.Tensor, there: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give the logits of the heads, and of the kinds."""
        found = self.dropped(self.read(pieces, there))
        return self.heads(found), self.kinds(found)


class Written(nn.Module):
    """What is written to the file: one message in, the logits of the heads out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: torch.Tensor) -> torch.Tensor:
        """Give the logits of the heads."""
        return self.network.heads(self.network.read(pieces, torch.ones_like(pieces)))


def lessons(messages: Sequence[Labelled], rulebook: CompiledRulebook, heads: Sequence[str]) -> list[Lesson]:
    """Describe the messages that may be learned from, with their variants, and the examples of the rules."""
    chosen = sorted(only(messages, Part.TUNE), key=lambda message: message.id)
    remarks, talks = remarks_of(chosen), talks_of(chosen)
    found = []
    for message in chosen:
        turned = (
            variant
            for turn in range(TURNS)
            for variant in variants_of(replace(message, id=f"{message.id} {turn}"), remarks, talks)
        )
        variants = tuple(one for variant in turned for one in _lesson(variant, rulebook, heads))
        # Most of ordinary chat is looked at only behind talk of the subject, that is as a variant.
        told = (*_lesson(message, rulebook, heads), *variants)[:1]
        found.extend(replace(lesson, variants=variants) for lesson in told)
    for example in lessons_from(rulebook):
        found.extend([*_lesson(replace(example.message, kind=RULE), rulebook, heads)] * OF_RULES)
    return found


def _lesson(message: Labelled, rulebook: CompiledRulebook, heads: Sequence[str]) -> Iterator[Lesson]:
    context = tuple(map(read, message.context))
    described = describe(read(message.text), rulebook, context)
    if described is not None:
        right = {
            DUE: bool(message.due),
            ASKED: message.stance == Stance.ASKS,
            REPORTED: message.stance == Stance.REPORTS,
        }
        told = tuple(float(right.get(head, head in message.due)) for head in heads)
        yield Lesson(described.said, told, message.kind)


def vocabulary(base: Path, found: Iterable[Lesson]) -> tuple[list[int], list[str]]:
    """Choose the pieces that remain: their places in the sentence model's vocabulary, and themselves."""
    places = AutoTokenizer.from_pretrained(base).get_vocab()
    pieces = [piece for piece, _ in sorted(places.items(), key=lambda pair: pair[1])]
    cut = Wordpieces(pieces)
    used: set[int] = set()
    for lesson in found:
        for one in (lesson, *lesson.variants):
            used.update(cut.of(one.said, most=4 * LONGEST))
    commonest = files("symspellpy").joinpath(LIST).read_text(encoding="utf-8-sig").splitlines()[:WORDS]
    for line in commonest:
        used.update(cut.of(line.split()[:1], most=LONGEST))
    rows = [
        place
        for place, piece in enumerate(pieces)
        if piece in {PAD, UNKNOWN, BEGINNING, END}
        or place in used
        or (len(piece.removeprefix("##")) == 1 and ord(piece[-1]) < LATIN)
    ]
    return rows, [pieces[row] for row in rows]


def teach(
    network: Network, found: Sequence[Lesson], cut: Wordpieces, kinds: Sequence[str], rounds: int
) -> None:
    """Teach the network."""
    chance = random.Random(0)  # noqa: S311  # which variant is no secret
    pieces = {
        id(one): cut.of(one.said, most=LONGEST) for lesson in found for one in (lesson, *lesson.variants)
    }
    heads = [*network.heads.parameters(), *network.kinds.parameters()]
    groups: list[dict[str, Any]] = [
        {"params": list(network.base.parameters()), "lr": RATE},
        {"params": heads, "lr": HEAD_RATE},
    ]
    steps = torch.optim.AdamW(groups, weight_decay=DECAY)
    batches = -(-len(found) // BATCH)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        steps, [RATE, HEAD_RATE], total_steps=rounds * batches + 1, pct_start=WARMING
    )
    network.train()
    for turn in range(rounds):
        lost = 0.0
        for batch in _batches([_drawn(lesson, chance) for lesson in found], pieces, chance):
            loss = _loss(network, batch, pieces, kinds)
            steps.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), LARGEST_STEP)
            steps.step()
            pace.step()
            lost += loss.item()
        click.echo(f"round {turn + 1} of {rounds}: {lost / batches:.3f}")


def _drawn(lesson: Lesson, chance: random.Random) -> Lesson:
    share = OF_CHAT if lesson.kind in ORDINARY else OF_VARIANTS
    return chance.choice(lesson.variants) if lesson.variants and chance.random() < share else lesson


def _batches(
    drawn: list[Lesson], pieces: dict[int, list[int]], chance: random.Random
) -> Iterator[list[Lesson]]:
    """Give batches of messages of like length, so that little is padded."""
    chance.shuffle(drawn)
    batches = []
    stretch = BATCH * BATCHES_OF_LIKE_LENGTH
    for first in range(0, len(drawn), stretch):
        alike = sorted(drawn[first : first + stretch], key=lambda one: len(pieces[id(one)]))
        batches.extend(alike[at : at + BATCH] for at in range(0, len(alike), BATCH))
    chance.shuffle(batches)
    yield from batches


def _loss(
    network: Network, batch: Sequence[Lesson], pieces: dict[int, list[int]], kinds: Sequence[str]
) -> torch.Tensor:
    numbers = [pieces[id(one)] for one in batch]
    most = max(map(len, numbers))
    padded = torch.tensor([[*row, *[0] * (most - len(row))] for row in numbers])
    there = torch.tensor([[1] * len(row) + [0] * (most - len(row)) for row in numbers])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        told, kind = network(padded, there)
    right = torch.tensor([one.heads for one in batch])
    each = functional.binary_cross_entropy_with_logits(told.float(), right, reduction="none")
    stance = right[:, 0] * (each[:, 1] + each[:, 2])
    loss = (DUE_COUNTS * each[:, 0] + STANCE_COUNTS * stance + each[:, 3:].sum(1)).mean()
    known = torch.tensor([kinds.index(one.kind) if one.kind != RULE else -100 for one in batch])
    if bool((known >= 0).any()):
        loss = loss + KIND_COUNTS * functional.cross_entropy(kind.float(), known)
    return loss


def write(network: Network, heads: Sequence[str], kept: Sequence[str], out: Path) -> None:
    """Write the network in 8 bits, with what its numbers mean."""
    network.eval()
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            Written(network),
            (torch.ones(1, 8, dtype=torch.long),),
            str(whole),
            input_names=["pieces"],
            output_names=["logits"],
            dynamic_axes={"pieces": {1: "length"}},
            opset_version=17,
            dynamo=False,
        )
        small = Path(folder) / "small.onnx"
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        exported = onnx.load(str(small))
    model = rewritten(exported, heads_of_attention=network.base.config.num_attention_heads)
    click.echo(f"greatest difference that the new graph makes: {greatest_difference(exported, model)}")
    for name, value in ((HEADS, heads), (VOCABULARY, kept)):
        entry = model.metadata_props.add()
        entry.key, entry.value = name, json.dumps(list(value), ensure_ascii=False)
    onnx.save(model, str(out))


FILE = click.Path(path_type=Path)
THERE = click.Path(exists=True, path_type=Path)


@click.command(help=__doc__)
@click.argument("base", type=THERE)
@click.argument("corpus", nargs=-1, required=True, type=THERE)
@click.option("--rules", type=THERE, default=Path("rules"), show_default=True)
@click.option("--out", type=FILE, default=Path("rules/encoder.onnx"), show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True)
@click.option("--keep", type=FILE, help="Keep the weights in this file, to go on from.")
@click.option("--go-on", type=THERE, help="Go on from weights that were kept.")
def main(
    base: Path,
    corpus: tuple[Path, ...],
    rules: Path,
    out: Path,
    rounds: int,
    keep: Path | None,
    go_on: Path | None,
) -> None:
    """Learn and write."""
    torch.manual_seed(0)
    rulebook = compile_rulebook(load_rulebook(rules))
    families = [family.id for family in rulebook.source.families]
    heads = [DUE, ASKED, REPORTED, *sorted(families)]
    found = lessons(load_corpus(corpus, families=families), rulebook, heads)
    kinds = sorted({lesson.kind for lesson in found} - {RULE})
    rows, kept = vocabulary(base, found)
    click.echo(f"{len(found)} messages, {len(kept)} pieces")
    network = Network(base, rows, len(heads), len(kinds))
    if go_on is not None:
        network.load_state_dict(torch.load(go_on, weights_only=True))
    teach(network, found, Wordpieces(kept), kinds, rounds)
    if keep is not None:
        torch.save(network.state_dict(), keep)
    write(network, heads, kept, out)
    click.echo(f"written: {out}, {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
