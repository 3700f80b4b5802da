"""Recurrent layers written out again, step by step in double precision, from torch's weights by their names alone: what the
engine's numbers are held against. Nothing of `engine.sequences` is used.

With `leaves` every state is a tensor of the graph, so that autograd gives the total derivative of a loss by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from hypothesis import strategies as st
from torch import Tensor, nn

KINDS = ("RNN", "LSTM", "GRU")


@dataclass
class Unrolled:
    """The arrays of one direction by the input's time step, each a list of T tensors."""

    layer: int
    backward: bool
    arrays: dict[str, list[Tensor]]

    def array(self, name: str) -> Tensor:
        return torch.stack(self.arrays[name]).detach()


def unrolled(rnn: nn.RNNBase, sequence: Tensor, cut: int | None = None) -> tuple[Tensor, list[Unrolled]]:
    """The outputs (T, directions × R) of `rnn` and all its directions. `cut`: the state's history is forgotten (detached) at
    the border of each window of so many steps, the last of which is whole."""
    x = sequence.double()
    found = []
    for layer in range(rnn.num_layers):
        outputs = []
        for backward in (False, True)[: 1 + rnn.bidirectional]:
            one = _direction(rnn, x, layer, backward, cut)
            found.append(Unrolled(layer, backward, one))
            outputs.append(torch.stack(one["h"]))
        x = torch.cat(outputs, 1)
    return x, found


def _direction(rnn: nn.RNNBase, x: Tensor, layer: int, backward: bool, cut: int | None) -> dict[str, list[Tensor]]:
    end = f"_l{layer}" + ("_reverse" if backward else "")
    w = {name.removesuffix(end): value.detach().double() for name, value in rnn.named_parameters() if name.endswith(end)}
    b = w.get("bias_ih", torch.zeros(len(w["weight_ih"]), dtype=torch.float64))
    b_ = w.get("bias_hh", torch.zeros(len(w["weight_ih"]), dtype=torch.float64))
    units = len(w["weight_ih"]) // {"LSTM": 4, "GRU": 3}.get(rnn.mode, 1)
    steps: dict[int, dict[str, Tensor]] = {}
    h, c = torch.zeros(w["weight_hh"].shape[1], dtype=torch.float64), torch.zeros(units, dtype=torch.float64)
    order = range(len(x))[::-1] if backward else range(len(x))
    for number, t in enumerate(order):
        if cut and number and (len(x) - 1 - t) // cut != (len(x) - order[number - 1] - 1) // cut:
            h, c = h.detach(), c.detach()
        left, right = w["weight_ih"] @ x[t] + b, w["weight_hh"] @ h + b_
        if rnn.mode == "LSTM":
            i, f, g, o = (left + right).split(units)
            i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
            c = _leaf(f * c + i * g)
            h = o * torch.tanh(c)
            h = _leaf(w["weight_hr"] @ h if "weight_hr" in w else h)
            steps[t] = {"i": i, "f": f, "g": g, "o": o, "c": c, "h": h}
        elif rnn.mode == "GRU":
            (l_r, l_z, l_n), (r_r, r_z, r_n) = left.split(units), right.split(units)
            r, z = torch.sigmoid(l_r + r_r), torch.sigmoid(l_z + r_z)
            n = torch.tanh(l_n + r * r_n)
            h = _leaf((1 - z) * n + z * h)
            steps[t] = {"r": r, "z": z, "n": n, "h": h}
        else:
            h = _leaf(torch.relu(left + right) if rnn.mode == "RNN_RELU" else torch.tanh(left + right))
            steps[t] = {"h": h}
    return {name: [steps[t][name] for t in range(len(x))] for name in steps[0]}


def _leaf(state: Tensor) -> Tensor:
    """The state as it is, and part of the graph even where nothing before it has a gradient."""
    return state if state.requires_grad else state.requires_grad_()


@st.composite
def random_modules(draw: st.DrawFn) -> tuple[nn.RNNBase, Tensor]:
    """A module of any kind with any settings, and a sequence for it. Weights are larger than torch's own, so that gates open
    and close."""
    kind = draw(st.sampled_from(KINDS))
    hidden = draw(st.integers(1, 9))
    settings = {
        "input_size": draw(st.integers(1, 6)),
        "hidden_size": hidden,
        "num_layers": draw(st.integers(1, 3)),
        "bidirectional": draw(st.booleans()),
        "bias": draw(st.booleans()) or draw(st.booleans()),
        "batch_first": True,
    }
    if kind == "LSTM" and hidden > 1 and draw(st.booleans()):
        settings["proj_size"] = draw(st.integers(1, hidden - 1))
    if kind == "RNN":
        settings["nonlinearity"] = draw(st.sampled_from(("tanh", "relu")))
    steps = draw(st.integers(1, 8))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    rnn: nn.RNNBase = getattr(nn, kind)(**settings).eval()
    scale = 0.5 if kind == "RNN" and settings["nonlinearity"] == "relu" else 1.5
    with torch.no_grad():
        for parameter in rnn.parameters():
            parameter.copy_((2 * torch.rand(parameter.shape, generator=generator) - 1) * scale / hidden**0.5)
    return rnn, torch.randn(steps, settings["input_size"], generator=generator)
