"""Small recurrent networks with data, in evaluation mode, and what torch's autograd says of them, step by step in double
precision."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from engine.data import datasets
from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.passes.modules import build


def small(
    stem: str = "waves-lstm", *, layers: tuple | None = None, length: int = 12, samples: int = 40, **training: object
) -> Experiment:
    """A preset with short sequences."""
    found = preset(stem)
    network = found.network if layers is None else edited(found.network, layers=layers)
    data = edited(found.data, samples=samples, **({"length": length} if found.data.name != "mnist-5k" else {}))
    return edited(found, data=data, network=network, training=edited(found.training, **training))


def model_of(experiment: Experiment, seed: int = 0):
    data = datasets.load(experiment.data, seed=0)
    torch.manual_seed(seed)
    return build(experiment.network.layers, data.input, tokens=data.tokens).eval(), data


@dataclass
class Unrolled:
    """`dh[s]` is (T, H): the derivative of the loss of step s by every hidden state."""

    dh: np.ndarray
    dc: np.ndarray | None

    def total(self, state: str = "h") -> np.ndarray:
        return (self.dh if state == "h" else self.dc).sum(axis=0)

    def share(self, state: str = "h") -> np.ndarray:
        """(S, T) of each part in the total."""
        parts, total = (self.dh if state == "h" else self.dc), self.total(state)
        return np.einsum("sth,th->st", parts, total) / (total**2).sum(axis=1)


def unrolled(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> Unrolled:
    """Of a network of one recurrent layer (one layer, one direction) and layers that act on each step by itself, trained on
    the mean squared error: one step after the other, and one backward pass for each loss step. An LSTM's step is written out,
    because torch's fused one hands out h and c side by side, and what reaches c through h of the same step would be missing."""
    wide = copy.deepcopy(model).double()
    rnn = next(module for module in wide.modules() if isinstance(module, nn.RNNBase))
    after = list(wide)[1:]
    x, y = x.double(), y.double()
    state, hs, cs, losses = None, [], [], []
    for t in range(len(x)):
        state = lstm_step(rnn, x[t], state) if isinstance(rnn, nn.LSTM) else rnn(x[None, t : t + 1], state)[1]
        h = state[0] if isinstance(state, tuple) else state
        h.retain_grad()
        hs.append(h)
        if isinstance(state, tuple):
            state[1].retain_grad()
            cs.append(state[1])
        out = h
        for module in after:
            out = module(out)
        losses.append(((out[0, 0] - y[t]) ** 2).sum() / y.numel())
    found: dict[str, list] = {"h": [], "c": []}
    for loss in losses:
        for each in hs + cs:
            each.grad = None
        loss.backward(retain_graph=True)
        for name, states in (("h", hs), ("c", cs)):
            found[name].append([torch.zeros_like(one) if one.grad is None else one.grad.clone() for one in states])
    stack = {name: np.array([[one.reshape(-1).numpy() for one in row] for row in rows]) for name, rows in found.items()}
    return Unrolled(stack["h"], stack["c"] if cs else None)


def lstm_step(rnn: nn.LSTM, now: torch.Tensor, state):
    """h and c, (1, 1, H) each, after one step."""
    zeros = torch.zeros(1, 1, rnn.hidden_size, dtype=now.dtype)
    h, c = (zeros, zeros) if state is None else state
    sums = rnn.weight_ih_l0 @ now + rnn.bias_ih_l0 + rnn.weight_hh_l0 @ h[0, 0] + rnn.bias_hh_l0
    i, f, g, o = sums.chunk(4)
    new_c = (f.sigmoid() * c[0, 0] + i.sigmoid() * g.tanh())[None, None]
    return (o.sigmoid() * new_c[0, 0].tanh())[None, None], new_c


def rnn_of(model: nn.Module) -> nn.RNNBase:
    return next(module for module in model.modules() if isinstance(module, nn.RNNBase))
