"""Networks with recurrent layers and a data set of a few samples for them, and the same networks in double precision with their
cells unrolled: the truth for what the engine says of gradients."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

from engine.data.datasets import Dataset
from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer
from engine.passes.modules import ReadOut, SideBySide, Sum, build
from tests.engine.sequences.unrolled_cells import Unrolled, unrolled


def made(layers: Sequence[AnyLayer], x: Tensor, y: Tensor, task: str, outputs: int) -> tuple[nn.Sequential, Dataset]:
    """The network with weights of this seed, in evaluation mode, and a data set whose validation samples are `x` and `y`."""
    tokens = x.dtype == torch.int64
    shape: Shape = tuple(x.shape[1:])
    torch.manual_seed(5)
    model = build(layers, shape, tokens=tokens).eval()
    classes = tuple("abcdefghijklmnopqrstuvwxyz"[:outputs]) if task != "regression" else ()
    loss = "mean_squared_error" if task == "regression" else "cross_entropy"
    return model, Dataset("made", x, y, x, y, classes, shape, tokens, outputs, task, loss)  # type: ignore[arg-type]


def answer(model: nn.Module, x: Tensor, cut: int | None = None) -> tuple[Tensor, list[list[Unrolled]]]:
    """What `model` answers to one sample, without the batch, in double precision, and its recurrent layers unrolled. `x` may
    have a gradient."""
    found: list[list[Unrolled]] = []

    def through(module: nn.Module, x: Tensor) -> Tensor:
        match module:
            case ReadOut():
                outputs, directions = unrolled(module.rnn, x[0], cut)
                found.append(directions)
                if module.output == "sequence":
                    return outputs[None]
                top = directions[-(1 + module.rnn.bidirectional) :]
                return torch.cat([one.arrays["h"][0 if one.backward else -1] for one in top])[None]
            case Sum():
                return through(module.main, x) + through(module.shortcut, x)
            case SideBySide():
                return torch.cat([through(branch, x) for branch in module.branches], 1)
            case nn.Sequential():
                for child in module:
                    x = through(child, x)
                return x
            case _:
                return module(x)

    output = through(copy.deepcopy(model).double(), x[None] if x.dtype == torch.int64 else x[None].double())
    return output[0], found


def loss_terms(output: Tensor, y: Tensor, task: str, *, squared: bool = False, smoothing: float = 0.0) -> list[Tensor]:
    """The loss of one sample as terms, one for each time step of the answer, written out."""
    if task == "regression":
        steps = output if y.ndim == 2 else output[None]
        return [
            ((row - truth) ** 2).sum() / y.numel() for row, truth in zip(steps, y.double().reshape(steps.shape), strict=True)
        ]
    rows = output.reshape(-1, output.shape[-1])
    targets = y.reshape(-1)
    if squared:
        return [((row - one_hot(t, len(row))) ** 2).mean() / len(rows) for row, t in zip(rows, targets, strict=True)]
    return [cross_entropy(row, t, label_smoothing=smoothing) / len(rows) for row, t in zip(rows, targets, strict=True)]


def totals(terms: Sequence[Tensor], one: Unrolled, name: str) -> Tensor:
    """The total derivative of each of `terms` by each state, (S, T, H), by autograd through the unrolled cells."""
    rows = []
    for term in terms:
        states = one.arrays[name]
        found = torch.autograd.grad(term, states, retain_graph=True, allow_unused=True)
        zeros = torch.zeros_like(states[0])
        rows.append(torch.stack([zeros if each is None else each for each in found]))
    return torch.stack(rows)
