"""Random descriptions against torch: the same output shape, parameters and MACs, and refused exactly when torch refuses.

Torch is the oracle here and only here. `NONSENSE` lists the cases that torch lets pass and we refuse, and why.
"""

from __future__ import annotations

import warnings
from random import Random

import pytest
import torch
from torch import Tensor

from engine.layers.base import Layer, Shape
from engine.layers.catalog import KINDS
from engine.layers.kinds.normalization import BatchNormalization, GroupNorm
from engine.layers.kinds.pooling import Adaptive
from engine.networks.trace import Problem, trace
from engine.passes.modules import build
from tests.engine.layers.random_layers import BATCH, ask_torch, example, random_layer, random_shape, random_stack, shape_for

CHUNKS, ALONE, STACKS = 24, 150, 50  # 24 · (150 + 50) = 4,800 descriptions
WINDOWED = [kind for kind in KINDS if "Conv" in kind or "Pool" in kind]
ORDER = [*KINDS, *WINDOWED, *WINDOWED]  # most arguments, most ways to be wrong

NONSENSE = {
    "wrong_dimensions": "torch takes (N, H, W) for one unbatched (C, H, W): the batch would become the channels",
    "batch_dimension": "softmax over, or flattening of, the batch mixes the samples with one another",
    "not_the_last_sizes": "a normalized_shape that begins with the batch's size normalises over the samples",
    "size_differs": "a BatchNorm that neither learns nor keeps statistics never looks at num_features, nor such a GroupNorm",
    "sum_of_different_shapes": "torch broadcasts: (1, 5, 5) is added to every one of (4, 5, 5)",
    "named_padding_after": 'torch has no such argument: "same" and "valid" are both sides at once',
    "batch_moves": "samples would become an axis of each other's",
    "groups_of_one": "each number is normalised to 0; for a batch of one torch refuses too",
    "tokens_not_embedded": "torch pools, adds and rectifies integers; the numbers of tokens have no size",
}
NONSENSE_VALUES = {
    "padding": "with a padding_mode other than zeros, torch crops by a negative padding",
    "padding_after": "torch has no such argument; its padding layers crop by a negative one",
    "num_features": "as for size_differs",
    "num_channels": "as for size_differs",
    "out_channels": "no channels: an empty tensor, which every later layer takes for data",
    "out_features": "the same",
    "embedding_dim": "the same",
    "output_size": "the same",
    "scale_factor": "the same",
    "eps": "a negative epsilon takes the root of a negative variance: nan",
    "momentum": "outside 0 to 1 the running statistics diverge",
    "alpha": "a negative one makes the divisor 0 somewhere",
    "beta": "the same",
    "k": "the same",
}


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_layer_alone(chunk: int) -> None:
    random, _ = Random(chunk), torch.manual_seed(chunk)
    for number in range(ALONE):
        kind = ORDER[(chunk * ALONE + number) % len(ORDER)]
        shape = shape_for(random, kind)
        tokens = (kind == "Embedding") != (random.random() < 0.05)
        compare((random_layer(random, kind, shape),), shape, tokens)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_layers_stacked(chunk: int) -> None:
    random, _ = Random(1000 + chunk), torch.manual_seed(chunk)
    for _ in range(STACKS):
        shape = random_shape(random, random.choice((1, 2, 2, 3, 3, 3, 4)))
        layers = random_stack(random, shape, random.randint(2, 5))
        tokens = random.random() < 0.15
        if tokens:
            shape = shape[1:2] or shape
            layers = (random_layer(random, "Embedding", shape, wild=0.0), *layers)
        compare(layers, shape, tokens)


def compare(layers: tuple[Layer, ...], shape: Shape, tokens: bool) -> None:
    """Hold the trace of `layers` against torch, layer by layer; the module that `build` makes, too."""
    traced = trace(layers, shape, tokens=tokens)
    x = example(shape, tokens)
    for layer, row in zip(layers, traced.rows, strict=False):
        answer = ask_torch(layer, x)
        assert answer.refused is None, f"torch refuses {layer} for {tuple(x.shape)}: {answer.refused}"
        x = answer.output
        found = (row.output, row.parameters, row.macs)
        assert found == (tuple(x.shape[1:]), answer.parameters, answer.macs), f"{layer} for {row.input}"
    if traced.problem is not None:
        refused = layers[len(traced.rows)]
        answer = ask_torch(refused, x)
        excused = is_nonsense(traced.problem, refused, x)
        assert answer.refused or excused, f"{traced.problem}: torch takes {refused} for {tuple(x.shape)}"
    else:
        module = build(layers, shape, tokens=tokens).eval()
        with torch.no_grad(), warnings.catch_warnings(action="ignore"):  # of an LSTM with projections: oneDNN has none
            assert tuple(module(example(shape, tokens)).shape) == (BATCH, *traced.output)
        assert sum(parameter.numel() for parameter in module.parameters()) == traced.parameters


def is_nonsense(problem: Problem, layer: Layer, x: Tensor) -> bool:
    """Whether `problem`, which torch does not have with `layer` and `x`, is a case of NONSENSE or NONSENSE_VALUES."""
    if problem.code == "not_allowed":
        return problem.values["field"] in NONSENSE_VALUES
    if len(problem.where) == 1 and problem.code == "wrong_dimensions":
        unbatched = [len(layout.split(", ")) for layout in problem.values["expected"].split(" / ")]
        return x.dim() in unbatched or isinstance(layer, Adaptive)  # to size 1, torch means over the last two of any
    if len(problem.where) == 1 and problem.code == "size_differs":
        kept = isinstance(layer, BatchNormalization) and layer.track_running_stats
        return isinstance(layer, BatchNormalization | GroupNorm) and not (layer.affine or kept)
    return problem.code in NONSENSE
