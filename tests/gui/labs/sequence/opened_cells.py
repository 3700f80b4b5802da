"""Small recurrent networks of torch, opened up, and what an own loop in float64 makes of the same weights."""

from __future__ import annotations

import numpy as np
import torch

from engine.sequences.gate_probe import GatesAnswer
from engine.sequences.opened import opened


def answer_of(rnn: torch.nn.RNNBase, x: torch.Tensor, *, sample: int = 0) -> GatesAnswer:
    """As the probe answers, of a network that is this layer alone."""
    values = x.numpy()
    return GatesAnswer(sample, 4, "regression", (), values, values[:, :1], values[:, :1], (((0,), opened(rnn, x)),))


def layer(kind: str, inputs: int = 3, hidden: int = 9, *, seed: int = 3, scale: float = 2.0, **settings) -> torch.nn.RNNBase:
    torch.manual_seed(seed)
    made = getattr(torch.nn, kind)(inputs, hidden, batch_first=True, **settings)
    with torch.no_grad():
        for weights in made.parameters():
            weights.mul_(scale)
    return made


def sequence(steps: int = 12, inputs: int = 3, *, seed: int = 5) -> torch.Tensor:
    return torch.randn(steps, inputs, generator=torch.Generator().manual_seed(seed))


def unrolled(rnn: torch.nn.RNNBase, x: torch.Tensor, *, forced: tuple[int, int, str, float] | None = None) -> list[dict]:
    """Every number of the first layer's forward direction at each step, in float64. `forced`: step, unit, gate, value."""
    weights = {name: value.detach().double().numpy() for name, value in rnn.named_parameters()}
    inner, outer = weights["weight_ih_l0"], weights["weight_hh_l0"]
    b1 = weights.get("bias_ih_l0", np.zeros(len(inner)))
    b2 = weights.get("bias_hh_l0", np.zeros(len(inner)))
    units = rnn.hidden_size
    h, c = np.zeros(outer.shape[1]), np.zeros(units)
    found = []
    for t, read in enumerate(x.double().numpy()):
        wx, uh = inner @ read, outer @ h

        def gate(name, values, t=t):
            if forced is not None and forced[0] == t and forced[2] == name:
                values = values.copy()
                values[forced[1]] = forced[3]
            return values

        now = {"wx": wx, "uh": uh, "b1": b1, "b2": b2, "h_before": h, "c_before": c}
        if rnn.mode == "LSTM":
            i, f, g, o = np.split(wx + b1 + uh + b2, 4)
            i, f, g, o = gate("i", _sigmoid(i)), gate("f", _sigmoid(f)), gate("g", np.tanh(g)), gate("o", _sigmoid(o))
            c = f * c + i * g
            m = o * np.tanh(c)
            h = weights["weight_hr_l0"] @ m if rnn.proj_size else m
            now |= {"i": i, "f": f, "g": g, "o": o, "c": c, "m": m, "h": h}
        elif rnn.mode == "GRU":
            r = gate("r", _sigmoid((wx + b1 + uh + b2)[:units]))
            z = gate("z", _sigmoid((wx + b1 + uh + b2)[units : 2 * units]))
            n = gate("n", np.tanh((wx + b1)[2 * units :] + r * (uh + b2)[2 * units :]))
            h = (1 - z) * n + z * h
            now |= {"r": r, "z": z, "n": n, "u": (uh + b2)[2 * units :], "h": h}
        else:
            total = wx + b1 + uh + b2
            h = gate("h", np.tanh(total) if rnn.mode == "RNN_TANH" else np.maximum(total, 0))
            now |= {"h": h, "sum": total}
        found.append(now)
    return found


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))
