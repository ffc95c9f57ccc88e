"""Write the graph of an encoder anew: the same weights and the same logits, in a tenth of the steps.

Needs click, numpy, onnx and onnxruntime. `tools/learn_encoder.py` does it with what it learned. A file that
was written without it is written anew by

    python tools/encoder_graph.py rules/encoder.onnx --out rules/encoder.onnx

What torch exports reckons shapes, and a mask that hides nothing, anew in each layer. ONNX Runtime fuses
what it can when it opens such a file, and keeps the rest. Here each step is the operator that ONNX Runtime
comes to in the end, so that the file is run as it stands: query, key and value are one step with their
attention, biases and scales are part of the multiplications. The 8-bit weights and their scales stay as
they are.

The order of sums stays too, to the last bit. What goes into a multiplication is rounded to one of 256
steps. A last bit can tip a number over to the next step, and that can move a logit by as much as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import click
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

from bot.matching.encoder import LONGEST

MICROSOFT = "com.microsoft"
"""The domain of the operators that ONNX Runtime has beside those of ONNX."""
OPERATORS, OPERATORS_OF_MICROSOFT, FORM = 17, 1, 8
"""Versions of the operators and of the file's form; ONNX Runtime 1.20 knows them."""
TINY = 1e-12
"""What BERT adds to a variance so that nothing is divided by zero."""
PARTS = ("query", "key", "value")
COMPARED = 100
"""On how many messages the logits of two graphs are compared."""

Norm = tuple[NDArray[np.float32], NDArray[np.float32]]
"""The weights and the biases of a norm."""
Embedding = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.uint8]]
"""Numbers in 8 bits, what one step of them is worth, and which step is nought."""
Attribute = int | float | str | Sequence[int]
"""What a step may be told beside what it takes."""


@dataclass(frozen=True)
class Linear:
    """A multiplication with 8-bit weights.

    Args:
        weights: one row for each number that goes in, one column for each that comes out.
        scales: what one step of the weights is worth, for each column.
        bias: what is added, for each column.
    """

    weights: NDArray[np.int8]
    scales: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def beside(cls, several: Sequence[Linear]) -> Linear:
        """Put several side by side that take the same numbers in: each column keeps its own scale."""
        return cls(
            np.concatenate([one.weights for one in several], axis=1),
            np.concatenate([one.scales for one in several]),
            np.concatenate([one.bias for one in several]),
        )


class Exported:
    """What torch exported and ONNX Runtime's `quantize_dynamic` turned into 8 bits.

    Args:
        model: it.
    """

    def __init__(self, model: onnx.ModelProto) -> None:
        self._values = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
        self._nodes = {node.name: node for node in model.graph.node}

    @property
    def layers(self) -> int:
        """How many layers there are.

        Raises:
            ValueError: there are none by these names.
        """
        within = (name.partition(".encoder.layer.")[2] for name in self._values)
        places = {int(name.split(".")[0]) for name in within if name}
        if not places:
            raise ValueError("no layers as torch names them; is this graph written anew already?")
        return 1 + max(places)

    def floats(self, name: str) -> NDArray[np.float32]:
        """Give parameters that were left as they are."""
        return self._values[f"network.{name}"]

    def embedding(self, name: str) -> Embedding:
        """Give an embedding in 8 bits, with its scale and its zero point."""
        weight = f"base.embeddings.{name}.weight"
        rounded, scale, zero_point = (
            self._values[f"network.{weight}_{part}"] for part in ("quantized", "scale", "zero_point")
        )
        return rounded, scale, zero_point

    def norm(self, name: str) -> Norm:
        """Give the weights and the biases of a norm."""
        return self.floats(f"{name}.LayerNorm.weight"), self.floats(f"{name}.LayerNorm.bias")

    def linear(self, step: str, bias: str) -> Linear:
        """Give the weights of a multiplication, and its bias.

        Args:
            step: the name of its step.
            bias: the name of its bias.

        Raises:
            ValueError: the weights have a zero point.
        """
        weights, zero_points = self._nodes[f"/{step}_quant"].input[1::2]
        if self._values[zero_points].any():
            raise ValueError(f"{step}: the weights have a zero point, which is left out here")
        scales = self._nodes[f"/{step}_quant_scales_mul"].input[1]
        return Linear(self._values[weights], self._values[scales], self.floats(bias))


class Steps:
    """The graph that is written."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.kept: dict[str, onnx.TensorProto] = {}

    def keep(self, name: str, values: NDArray[Any]) -> str:
        """Keep numbers in the file, once for each name."""
        self.kept.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operator: str, *inputs: str, name: str, **attributes: Attribute) -> str:
        """Add a step; give the name of what comes out."""
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def multiplied(self, taken: str, linear: Linear, *, name: str) -> str:
        """Round to 8 bits what is taken, and multiply."""
        kept = self._kept(linear, name)
        return self.add("DynamicQuantizeMatMul", taken, *kept[:2], "", kept[2], name=name, domain=MICROSOFT)

    def attended(self, taken: str, linear: Linear, heads: int, *, name: str) -> str:
        """Round to 8 bits what is taken, multiply to query, key and value, and let the heads attend."""
        rounded, scale, zero_point = (f"{name}.{part}" for part in ("rounded", "scale", "zero_point"))
        made = [rounded, scale, zero_point]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [taken], made, name=rounded))
        weights, scales, bias = self._kept(linear, name)
        # torch multiplies query and key each with the root of the scale, in 32 bits
        root = np.float32((linear.bias.size / len(PARTS) / heads) ** -0.25)
        return self.add(
            "QAttention",
            *(rounded, weights, bias, scale, scales, "", zero_point),
            name=name,
            domain=MICROSOFT,
            num_heads=heads,
            scale=float(root * root),
        )

    def normed(self, taken: str, norm: Norm, *, name: str) -> str:
        """Bring each piece's numbers to the same mean and spread."""
        kept = self._kept_norm(norm, name)
        return self.add("LayerNormalization", taken, *kept, name=name, axis=-1, epsilon=TINY)

    def normed_sum(self, one: str, other: str, norm: Norm, *, name: str) -> str:
        """Add, and bring to the same mean and spread.

        One step of its own, though `Add` and `normed` would be three times as fast: it follows mean and
        spread from number to number (Welford 1962, doi 10.1080/00401706.1962.10490022), so its last bits
        are others. The present weights were measured with it; without, 11 of the 31,670 messages of the
        corpus are told otherwise. New ones may do without.
        """
        kept = self._kept_norm(norm, name)
        return self.add(
            "SkipLayerNormalization", one, other, *kept, name=name, domain=MICROSOFT, epsilon=TINY
        )

    def _kept(self, linear: Linear, name: str) -> tuple[str, str, str]:
        return (
            self.keep(f"{name}.weights", linear.weights),
            self.keep(f"{name}.scales", linear.scales),
            self.keep(f"{name}.bias", linear.bias),
        )

    def _kept_norm(self, norm: Norm, name: str) -> list[str]:
        return [self.keep(f"{name}.{part}", one) for part, one in zip(("weight", "bias"), norm, strict=True)]


def rewritten(exported: onnx.ModelProto, *, heads_of_attention: int = 12) -> onnx.ModelProto:
    """Write the graph anew.

    Args:
        exported: what torch exported and `quantize_dynamic` turned into 8 bits.
        heads_of_attention: how many heads each layer has that attend.

    Returns:
        a model of the same input, output and metadata.

    Raises:
        KeyError: a step or a parameter is missing.
        ValueError: the graph is written anew already, or weights have a zero point.
    """
    given, steps = Exported(exported), Steps()
    layers = given.layers
    taken = _embedded(steps, given)
    for layer in range(layers):
        taken = _layer(steps, given, taken, layer, heads_of_attention)
    told = _told(steps, given, taken)
    graph = helper.make_graph(
        steps.nodes,
        "encoder",
        [helper.make_tensor_value_info("pieces", TensorProto.INT64, [1, "length"])],
        [helper.make_tensor_value_info(told, TensorProto.FLOAT, [1, given.floats("heads.bias").size])],
        list(steps.kept.values()),
    )
    versions = [
        helper.make_opsetid("", OPERATORS),
        helper.make_opsetid(MICROSOFT, OPERATORS_OF_MICROSOFT),
    ]
    model = helper.make_model(graph, opset_imports=versions, ir_version=FORM)
    model.metadata_props.extend(exported.metadata_props)
    onnx.checker.check_model(model)
    return model


def _embedded(steps: Steps, given: Exported) -> str:
    """Look up each piece, and add what tells that there is one message and where in it the piece stands."""
    pieces, scale, zero_point = given.embedding("word_embeddings")
    rounded = steps.add("Gather", steps.keep("pieces.weights", pieces), "pieces", name="pieces.rounded")
    found = steps.add(
        "DequantizeLinear",
        rounded,
        steps.keep("pieces.scale", scale),
        steps.keep("pieces.zero_point", zero_point),
        name="pieces.found",
    )
    message = steps.keep("message", _floats(given.embedding("token_type_embeddings"))[:1])
    places = steps.keep("places", _floats(given.embedding("position_embeddings"))[:LONGEST])
    first, rows = steps.keep("first", np.array([0])), steps.keep("rows", np.array([0]))
    length = steps.add("Shape", "pieces", name="length", start=1)
    places = steps.add("Slice", places, first, length, rows, name="places.there")
    summed = steps.add("Add", found, message, name="pieces.of_message")
    summed = steps.add("Add", summed, places, name="pieces.in_place")
    return steps.normed(summed, given.norm("base.embeddings"), name="embedded")


def _layer(steps: Steps, given: Exported, taken: str, layer: int, heads: int) -> str:
    """Let pieces attend to each other, then reckon with each piece alone; each time what was is added."""
    step, parameter = f"base/encoder/layer.{layer}", f"base.encoder.layer.{layer}"

    def linear(part: str) -> Linear:
        return given.linear(f"{step}/{part}/MatMul", f"{parameter}.{part.replace('/', '.')}.bias")

    asked = Linear.beside([linear(f"attention/self/{part}") for part in PARTS])
    attended = steps.attended(taken, asked, heads, name=f"{layer}.attended")
    mixed = steps.multiplied(attended, linear("attention/output/dense"), name=f"{layer}.mixed")
    summed = steps.add("Add", mixed, taken, name=f"{layer}.mixed.summed")
    normed = steps.normed(summed, given.norm(f"{parameter}.attention.output"), name=f"{layer}.mixed.normed")
    widened = steps.multiplied(normed, linear("intermediate/dense"), name=f"{layer}.widened")
    bent = steps.add("Gelu", widened, name=f"{layer}.bent", domain=MICROSOFT)
    narrowed = steps.multiplied(bent, linear("output/dense"), name=f"{layer}.narrowed")
    return steps.normed_sum(narrowed, normed, given.norm(f"{parameter}.output"), name=f"{layer}.told")


def _told(steps: Steps, given: Exported, taken: str) -> str:
    """Take the mean and the greatest of what each piece comes to, and weigh it for each head."""
    mean = steps.add("ReduceMean", taken, name="mean", axes=[1], keepdims=0)
    greatest = steps.add("ReduceMax", taken, name="greatest", axes=[1], keepdims=0)
    both = steps.add("Concat", mean, greatest, name="both", axis=1)
    return steps.multiplied(both, given.linear("heads/Gemm_MatMul", "heads.bias"), name="logits")


def _floats(embedding: Embedding) -> NDArray[np.float32]:
    rounded, scale, zero_point = embedding
    return (rounded.astype(np.float32) - zero_point.astype(np.float32)) * scale


def greatest_difference(exported: onnx.ModelProto, model: onnx.ModelProto) -> float:
    """Run two graphs on the same messages; give the greatest difference between their logits.

    Args:
        exported: the one, which ONNX Runtime fuses as well as it can.
        model: the other, which is run as it stands.
    """
    chance = Random(0)  # noqa: S311  # which pieces is no secret
    before = _opened(exported, GraphOptimizationLevel.ORT_ENABLE_ALL)
    after = _opened(model, GraphOptimizationLevel.ORT_DISABLE_ALL)
    known = next(one.dims[0] for one in model.graph.initializer if one.name == "pieces.weights")
    greatest = 0.0
    for place in range(COMPARED):
        pieces = [chance.randrange(known) for _ in range(2 + place * (LONGEST - 2) // (COMPARED - 1))]
        one, other = (session.run(None, {"pieces": [pieces]})[0] for session in (before, after))
        greatest = max(greatest, float(np.abs(one - other).max()))
    return greatest


def _opened(model: onnx.ModelProto, level: GraphOptimizationLevel) -> InferenceSession:
    options = SessionOptions()
    options.graph_optimization_level = level
    return InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


@click.command(help=__doc__)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the new graph goes.")
@click.option("--heads", type=click.IntRange(1), default=12, show_default=True, help="Heads that attend.")
def main(file: Path, out: Path, heads: int) -> None:
    """Write the graph of a file anew."""
    exported = onnx.load(str(file))
    try:
        model = rewritten(exported, heads_of_attention=heads)
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from error
    click.echo(f"{len(exported.graph.node)} steps before, {len(model.graph.node)} now")
    click.echo(f"greatest difference between logits: {greatest_difference(exported, model)}")
    onnx.save(model, str(out))
    click.echo(f"written: {out}, {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
