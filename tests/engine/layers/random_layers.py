"""Random descriptions, mostly valid, often at the edge, sometimes not; and what torch makes of them, independent of our trace.

Every field of every kind is drawn, by its name; a field that is new and unknown here is a KeyError, so that nobody forgets it.
"""

from __future__ import annotations

import warnings
from random import Random
from typing import Any

import msgspec
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from engine.fields import Field, fields
from engine.layers.base import Layer, Shape
from engine.layers.catalog import KINDS
from engine.networks.trace import trace

BATCH = 2
VOCABULARY = 5  # tokens are below it, so every embedding has at least as many

VALUES: dict[str, tuple[Any, ...]] = {
    "out_channels": (1, 2, 3, 4, 6),
    "kernel_size": (1, 1, 2, 2, 3, 3, 4, 5),
    "stride": (1, 1, 1, 2, 2, 3),
    "padding": (0, 0, 0, 1, 1, 2, 3),
    "padding_after": (0, 0, 1, 1, 2, 3),
    "dilation": (1, 1, 1, 2, 3),
    "output_padding": (0, 0, 0, 1, 2),
    "groups": (1, 1, 1, 1, 1, 1, 2, 3),
    "padding_mode": ("zeros", "zeros", "reflect", "replicate", "circular"),
    "output_size": (1, 2, 3, 5),
    "out_features": (1, 2, 5),
    "start_dim": (1, 1, 1, 2, 3, 0, -1, -2, -3, 4, -5),
    "end_dim": (-1, -1, -1, 1, 2, -2, 3, 0, -4),
    "negative_slope": (0.0, 0.01, 0.2),
    "approximate": ("none", "tanh"),
    "dim": (-1, 1, 2, -2, 3, 0, -3, 4, -5),
    "p": (0.0, 0.5, 1.0),
    "eps": (1e-5, 1e-3),
    "momentum": (0.1, 0.0, 1.0, None),
    "size": (1, 2, 3, 5, 7),
    "alpha": (1e-4, 1.0),
    "beta": (0.75, 0.5),
    "k": (1.0, 2.0),
    "num_embeddings": (VOCABULARY, 9),
    "embedding_dim": (1, 2, 4),
    "padding_idx": (None, None, 0, 3, -1, 8, -7, 20),
    "hidden_size": (1, 2, 3, 5),
    "num_layers": (1, 1, 2, 3),
    "dropout": (0.0, 0.5),
    "proj_size": (0, 0, 1, 2, 4),
    "forget_bias": (None, 0.0, 1.0, -1.5),
    "nonlinearity": ("tanh", "relu"),
    "output": ("last", "sequence"),
    "num_groups": (1, 1, 2, 2, 3, 4),
    "scale_factor": (1, 2, 2, 3, 4),
    "mode": ("nearest", "nearest", "linear", "bilinear", "trilinear"),
}
FORBIDDEN: dict[str, tuple[float, ...]] = {"integer": (0, -1, -2), "number": (-1.0, 2.0)}
COMPOSITES = ("Sequential", "Residual", "Concat")
PLAIN = [name for name in KINDS if name not in COMPOSITES]
RANKS = {"Conv1d": 2, "Conv2d": 3, "Conv3d": 4, "ConvTranspose1d": 2, "ConvTranspose2d": 3}
RANKS |= {"MaxPool1d": 2, "MaxPool2d": 3, "MaxPool3d": 4, "AvgPool1d": 2, "AvgPool2d": 3, "AvgPool3d": 4}
RANKS |= {"AdaptiveAvgPool1d": 2, "AdaptiveAvgPool2d": 3, "AdaptiveMaxPool2d": 3}
RANKS |= {"BatchNorm2d": 3, "RNN": 2, "LSTM": 2, "GRU": 2}


def random_shape(random: Random, rank: int) -> Shape:
    largest = 9 if rank < 4 else 6
    return (random.choice((1, 2, 3, 4, 6)), *(random.randint(1, largest) for _ in range(rank - 1)))


def shape_for(random: Random, kind: str) -> Shape:
    """A shape of as many dimensions as `kind` takes; now and then, of another number."""
    rank = RANKS.get(kind, random.choice((1, 2, 2, 3)))
    if random.random() < 0.06:
        rank = max(1, rank + random.choice((-1, 1)))
    return random_shape(random, rank)


def random_layer(random: Random, kind: str, shape: Shape, depth: int = 0, wild: float = 0.06) -> Layer:
    """A description of `kind` for an input of `shape`. `wild` is how often one field gets a value that it cannot have."""
    if kind in COMPOSITES:
        return random_composite(random, kind, shape, depth, wild)
    drawn = {name: _draw(random, field, shape) for name, field in fields(KINDS[kind]).items()}
    for field in fields(KINDS[kind]).values():
        if not field.required and random.random() < 0.3:
            del drawn[field.name]
    if drawn and random.random() < wild:
        field = fields(KINDS[kind])[random.choice(list(drawn))]
        if field.kind in FORBIDDEN:
            wrong = random.choice(FORBIDDEN[field.kind])
            drawn[field.name] = (0, 9 - wrong) if field.name == "dims" else wrong  # a list in any case
    return KINDS[kind](**drawn)


def _draw(random: Random, field: Field, shape: Shape) -> Any:
    name = field.name
    if field.kind == "boolean":
        return random.random() < 0.5
    if name in ("in_channels", "num_features", "num_channels"):
        return random.choice((None, None, None, None, shape[0], shape[0], shape[0], shape[0] + 1))
    if name in ("in_features", "input_size"):
        return random.choice((None, None, None, None, shape[-1], shape[-1], shape[-1], shape[-1] + 1))
    if name == "normalized_shape":
        last = shape[random.randrange(len(shape)) :]
        return random.choice((last, last, last[-1], shape[:1], (*last, 2), (BATCH, *shape)))
    if name == "dims":
        order = list(range(1, len(shape) + 1))
        random.shuffle(order)
        right = (0, *order)
        end = tuple(axis - len(right) for axis in right[1:])  # the same axes, counted from the end
        return random.choice(
            (right, right, right, (0, *end), (*order, 0), right[:-1], (*right, len(right)), (0, *order[1:], 1))
        )
    if name == "padding" and "same" in field.choices and random.random() < 0.25:
        return random.choice(("same", "same", "valid"))
    if name in ("stride", "padding_after") and field.optional and random.random() < 0.4:
        return None
    if name == "groups" and random.random() < 0.2:
        return shape[0]
    values = VALUES[name]
    if field.axes and random.random() < 0.6:
        each = (*values, None) if name == "output_size" and field.axes > 1 else values
        return tuple(random.choice(each) for _ in range(field.axes))
    return random.choice(values)


def random_composite(random: Random, kind: str, shape: Shape, depth: int, wild: float) -> Layer:
    def branch() -> tuple[Layer, ...]:
        return random_stack(random, shape, random.randrange(3), depth + 1, wild)

    if kind == "Sequential":
        return KINDS[kind](layers=branch())
    if kind == "Concat":
        return KINDS[kind](branches=tuple(branch() for _ in range(random.choice((0, 1, 2, 2, 3)))))
    main = branch()
    return KINDS[kind](main=main, shortcut=() if random.random() < 0.6 else branch())


def random_stack(random: Random, shape: Shape, length: int, depth: int = 0, wild: float = 0.01) -> tuple[Layer, ...]:
    """Layers that are likely to follow one another: kinds are chosen by the shape that arrives."""
    layers: list[Layer] = []
    for _ in range(length):
        arriving = trace(layers, shape).output
        kinds = [kind for kind in PLAIN if RANKS.get(kind, len(arriving)) == len(arriving) and kind != "Embedding"]
        if depth < 2:
            kinds += [*COMPOSITES] * 3
        layers.append(random_layer(random, random.choice(kinds), arriving, depth, wild))
    return tuple(layers)


def example(shape: Shape, tokens: bool) -> Tensor:
    """A batch of inputs of `shape`."""
    if tokens:
        return torch.randint(0, VOCABULARY, (BATCH, *shape))
    return torch.randn((BATCH, *shape))


class Answer(msgspec.Struct):
    """What torch says of one layer: it refuses, or the output with its parameters and multiply-accumulates (one sample)."""

    refused: str | None
    output: Any = None
    parameters: int = 0
    macs: int = 0


def ask_torch(layer: Layer, x: Tensor) -> Answer:
    """Build `layer` as a learner would, by torch.nn's names, sizes read off the tensor that arrives, and run it."""
    quiet = warnings.catch_warnings(action="ignore")  # torch warns of arguments without effect; they change nothing here
    with quiet, torch.no_grad(), torch.backends.mkldnn.flags(enabled=False):
        counter = FlopCounterMode(display=False)
        modules: list[nn.Module] = []
        try:
            with counter:
                output = _run(layer, x, modules)
        except (RuntimeError, ValueError, TypeError, IndexError, AssertionError) as error:
            return Answer(refused=str(error) or type(error).__name__)
    parameters = sum(parameter.numel() for module in modules for parameter in module.parameters())
    return Answer(None, output, parameters, counter.get_total_flops() // (2 * BATCH))


def _run(layer: Layer, x: Tensor, modules: list[nn.Module]) -> Tensor:
    kind, arguments = type(layer).__name__, {name: getattr(layer, name) for name in layer.__struct_fields__}

    def through(layers: tuple[Layer, ...]) -> Tensor:
        y = x
        for inner in layers:
            y = _run(inner, y, modules)
        return y

    if kind == "Sequential":
        return through(arguments["layers"])
    if kind == "Residual":
        return through(arguments["main"]) + through(arguments["shortcut"])
    if kind == "Concat":
        return torch.cat([through(branch) for branch in arguments["branches"]], dim=1)
    for name, place in {"in_channels": 1, "num_features": 1, "num_channels": 1, "in_features": -1, "input_size": -1}.items():
        if name in arguments and arguments[name] is None:
            arguments[name] = x.shape[place]
    if kind == "Permute":  # is no module
        return x.permute(arguments["dims"])
    if kind == "Upsample" and not arguments["align_corners"]:
        del arguments["align_corners"]  # torch wants to be told only where it interpolates
    after = arguments.pop("padding_after", None)
    if after is not None and not isinstance(arguments["padding"], str):
        x = _padded(x, arguments["padding"], after, arguments["padding_mode"])
        arguments |= {"padding": 0, "padding_mode": "zeros"}
    arguments.pop("forget_bias", None)  # says how torch's weights begin, not what torch makes
    reading = arguments.pop("output", None)
    if reading is not None:
        arguments["batch_first"] = True
    module: nn.Module = getattr(nn, kind)(**arguments).eval()
    modules.append(module)
    if reading is None:
        return module(x)
    sequence, state = module(x)
    hidden = state[0] if kind == "LSTM" else state
    directions = 2 if layer.bidirectional else 1  # type: ignore[attr-defined]
    return sequence if reading == "sequence" else torch.cat(list(hidden[-directions:]), dim=-1)


def _padded(x: Tensor, before: int | tuple[int, ...], after: int | tuple[int, ...], mode: str) -> Tensor:
    """What `padding_after` means, in torch's words: sides in pairs, from the last axis to the first."""
    axes = x.dim() - 2
    sides: list[int] = []
    for axis in reversed(range(axes)):
        sides += [side if isinstance(side, int) else side[axis] for side in (before, after)]
    return functional.pad(x, sides, mode="constant" if mode == "zeros" else mode)
