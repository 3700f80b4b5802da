"""Causal convolutions over time, seen as the gates of a recurrent layer are: each channel's values over one sequence.

`look_at_convolutions` is a probe, a pure function of (model, data), in evaluation mode; its answer is plain numpy that shares
no memory with the model. A layer's values are those after the ReLU behind it, where there is one. Called by the sequence lab;
torch is imported when a model is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.passes.one_sample import answer_to, one_sample
from engine.sequences.gate_probe import GatesAnswer, answer_of
from engine.sequences.opened import OpenedDirection

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.datasets import Dataset


@dataclass(frozen=True, eq=False)
class ConvolvedLayer(OpenedDirection):
    """One convolution: its channels stand for units, `arrays["h"]` is (T, channels). `reach` is how many time steps of the
    network's convolutions' input a value depends on, that of the value itself among them; `weight_ih` is (channels, D × K)."""

    reach: int = 1
    dilation: int = 1


def look_at_convolutions(model: nn.Module, data: Dataset, sample: int) -> GatesAnswer:
    """Validation sample `sample`, counted round, in `model`: every Conv1d whose output has as many time steps as its input, in
    the place of a recurrent layer's directions, from the input up."""
    import torch

    asked = one_sample(data, sample)
    with torch.no_grad(), _values_of(model) as found:
        output = answer_to(model, asked.x)
    layers = tuple(_layers(found))
    return answer_of(data, asked, output, (((), layers),) if layers else ())


@contextmanager
def _values_of(model: nn.Module) -> Iterator[list[list[Any]]]:
    """While it is entered, a forward pass leaves here each Conv1d with what it read and what came out, after its ReLU."""
    from torch import nn

    found: list[list[Any]] = []

    def keep(module: nn.Module, inputs: tuple[Any, ...], output: Tensor) -> None:
        if isinstance(module, nn.Conv1d):
            found.append([module, inputs[0], output, output])
        elif found and inputs[0] is found[-1][2]:
            found[-1][3] = output

    with ExitStack() as stack:
        for module in model.modules():
            if isinstance(module, nn.Conv1d | nn.ReLU):
                stack.callback(module.register_forward_hook(keep).remove)
        yield found


def _layers(found: list[list[Any]]) -> Iterator[ConvolvedLayer]:
    reach = 1
    for number, (module, read, _, values) in enumerate(found):
        reach += (module.kernel_size[0] - 1) * module.dilation[0]
        steps = values.shape[-1]
        weight = module.weight.detach().float().cpu().numpy()
        yield ConvolvedLayer(
            kind="RNN",
            nonlinearity="relu",
            layer=number,
            backward=False,
            x=read[0].float().cpu().numpy().T[-steps:].copy(),
            arrays={"h": np.ascontiguousarray(values[0].float().cpu().numpy().T)},
            weight_ih=weight.reshape(len(weight), -1).copy(),
            weight_hh=np.zeros((len(weight), len(weight)), np.float32),
            bias_ih=None if module.bias is None else module.bias.detach().float().cpu().numpy().copy(),
            bias_hh=None,
            weight_hr=None,
            reach=reach,
            dilation=module.dilation[0],
        )
