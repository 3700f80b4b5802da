"""The first weights of a network: torch's own, or drawn again by a named rule of torch.nn.init.

A rule draws the weights of convolutions, transposed convolutions, fully connected and recurrent layers, in the order of the
network, from torch's global generator, and sets their biases to 0. A recurrent layer's matrices are stacked, a gate below the
other: each gate is drawn by itself, because its fan is its own. A forget bias of the network's description is set again after
that. Normalisations and embeddings stay as torch makes them.

Called by the trainer, right after the network is built; the exported script says the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from engine.experiments.experiment import Training
from engine.passes.modules import ReadOut

GATES = {nn.RNN: 1, nn.GRU: 3, nn.LSTM: 4}
_DENSE = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d)


def begin(model: nn.Module, training: Training) -> None:
    """Set the first weights of `model`, which is on the CPU, as `training` says."""
    if training.initialization == "torch":
        return
    draw = _rule(training)
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, _DENSE):
                draw(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, nn.RNNBase):
                for name, parameter in module.named_parameters(recurse=False):
                    if name.startswith("bias"):
                        nn.init.zeros_(parameter)
                        continue
                    for gate in parameter.chunk(1 if name.startswith("weight_hr") else GATES[type(module)]):
                        draw(gate)
        for module in model.modules():
            if isinstance(module, ReadOut):
                module.begin_forgetting()


def _rule(training: Training) -> Callable[[Tensor], object]:
    match training.initialization:
        case "xavier_uniform":
            return nn.init.xavier_uniform_
        case "xavier_normal":
            return nn.init.xavier_normal_
        case "he_uniform":
            return partial(nn.init.kaiming_uniform_, nonlinearity="relu")
        case "he_normal":
            return partial(nn.init.kaiming_normal_, nonlinearity="relu")
        case "normal":
            return partial(nn.init.normal_, std=training.initial_deviation)
        case _:
            return nn.init.zeros_
