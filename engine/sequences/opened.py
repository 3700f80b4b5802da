"""A recurrent module of torch opened up: every gate and state of every layer and direction, over one sequence.

torch's fused layers hand out the hidden states of the top layer and nothing else. But the hidden states of a layer are all that
its gates read, beside its input: so each layer is run by torch's own fused function, and its gates at all time steps follow
from products of whole matrices. Only an LSTM's cell state needs a walk along the sequence, one product and one sum a step.
With `*` for the product element by element, the weights stacked in this order, and b, b' the two biases (`bias_ih`, `bias_hh`):

    LSTM  i, f, o = sigmoid(W x + b + U h + b')  g = tanh(W x + b + U h + b')    c' = f * c + i * g    h' = o * tanh(c')
          with a projection h' = W_hr (o * tanh(c')), of R numbers; otherwise R is H
    GRU   r, z = sigmoid(W x + b + U h + b')     n = tanh(W x + b + r * (U h + b'))                  h' = (1 - z) * n + z * h
    RNN   h' = tanh(W x + b + U h + b'), or ReLU of it

So in torch z of a GRU says how much of the *old* state stays, and its reset gate comes after the product with U. Layouts: T
time steps, D what a layer reads at each, H units, R numbers of a hidden state. torch is imported when a module is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor, nn

CellKind: TypeAlias = Literal["RNN", "LSTM", "GRU"]
ArrayName: TypeAlias = Literal["i", "f", "g", "o", "r", "z", "n", "c", "h"]

GATE_NAMES: dict[CellKind, tuple[ArrayName, ...]] = {  # as torch stacks them
    "RNN": ("h",),
    "LSTM": ("i", "f", "g", "o"),
    "GRU": ("r", "z", "n"),
}
STATE_NAMES: dict[CellKind, tuple[ArrayName, ...]] = {"RNN": ("h",), "LSTM": ("c", "h"), "GRU": ("h",)}


@dataclass(frozen=True, eq=False)
class OpenedDirection:
    """One direction of one layer over a sequence. All arrays are float32 and lie by the input's time step, also those of a
    backward direction: it reads the last step first, so its state before step t is that of step t + 1."""

    kind: CellKind
    nonlinearity: Literal["tanh", "relu"]  # of an RNN; of the others' candidates and cell states it is tanh
    layer: int  # of the module, from 0 at its input
    backward: bool
    x: NDArray[np.float32]  # (T, D), what it reads: of a layer above the first the states of the layer below, both directions
    arrays: Mapping[ArrayName, NDArray[np.float32]]  # LSTM i, f, g, o, c, h; GRU r, z, n, h; RNN h: (T, H); h is (T, R)
    weight_ih: NDArray[np.float32]  # W, (gates × H, D)
    weight_hh: NDArray[np.float32]  # U, (gates × H, R)
    bias_ih: NDArray[np.float32] | None  # b, (gates × H,)
    bias_hh: NDArray[np.float32] | None  # b'
    weight_hr: NDArray[np.float32] | None  # (R, H), of an LSTM with a projection

    @property
    def name(self) -> str:
        """layer1.backward, as the command names its arrays; layers are counted from 0."""
        return f"layer{self.layer}.{'backward' if self.backward else 'forward'}"

    @property
    def steps(self) -> int:
        return len(self.x)

    @property
    def units(self) -> int:
        """H: the rows of a gate's heat map."""
        return len(self.weight_hh) // len(GATE_NAMES[self.kind])

    @property
    def state_size(self) -> int:
        """R: H, or the size of a projection."""
        return int(self.weight_hh.shape[1])

    @property
    def gates(self) -> tuple[ArrayName, ...]:
        return GATE_NAMES[self.kind]

    def old_step(self, t: int) -> int | None:
        """The time step whose state is the old one at step `t`; None where it is the state of zeros at the beginning."""
        old = t + 1 if self.backward else t - 1
        return old if 0 <= old < self.steps else None

    def old_state(self, name: Literal["c", "h"], t: int) -> NDArray[np.float32]:
        """The state that step `t` begins with: zeros at the first step that this direction reads."""
        values, old = self.arrays[name], self.old_step(t)
        return np.zeros_like(values[0]) if old is None else values[old]

    def old_states(self, name: Literal["c", "h"]) -> NDArray[np.float32]:
        """The state that each step begins with, (T, H) or (T, R)."""
        return shifted(self.arrays[name], backward=self.backward)


def shifted(values: NDArray[np.float32], *, backward: bool) -> NDArray[np.float32]:
    """`values` (T, any) one step later, or for a backward direction one step earlier; zeros come in."""
    found = np.zeros_like(values)
    if backward:
        found[:-1] = values[1:]
    else:
        found[1:] = values[:-1]
    return found


def opened(rnn: nn.RNNBase, x_TD: Tensor | NDArray[np.float32]) -> tuple[OpenedDirection, ...]:
    """Every layer and direction of `rnn` over the sequence `x_TD`, from the input up, forward before backward, in evaluation
    mode (no dropout) and from states of zeros. Computed on the CPU, wherever the module is; the numbers are copies.

    The hidden states are torch's own, of a module on the CPU to the bit: each layer is run by the function that the whole
    module is run by."""
    import torch

    kind, nonlinearity, run = _kind(rnn)
    with torch.no_grad():
        values = x_TD if isinstance(x_TD, torch.Tensor) else torch.from_numpy(np.ascontiguousarray(x_TD))
        x = values.detach().to("cpu", cast("Tensor", rnn.weight_ih_l0).dtype)
        found: list[OpenedDirection] = []
        size = rnn.proj_size or rnn.hidden_size
        sequence = x[None].transpose(0, 1)  # (T, 1, D), as the module itself hands it on
        for layer in range(rnn.num_layers):
            weights = [_weights(rnn, layer, suffix) for suffix in ("", "_reverse")[: 1 + rnn.bidirectional]]
            sequence = run(sequence, [one for each in weights for one in each.values()], rnn)
            for number, each in enumerate(weights):
                states = sequence[:, 0, number * size : (number + 1) * size]
                found.append(_direction(kind, nonlinearity, layer, number == 1, x, states, each))
            x = sequence[:, 0]
    return tuple(found)


# --- inside

_Fused: TypeAlias = "Callable[[Tensor, list[Tensor], nn.RNNBase], Tensor]"


def _kind(rnn: nn.RNNBase) -> tuple[CellKind, Literal["tanh", "relu"], _Fused]:
    import torch

    def run(x: Tensor, weights: list[Tensor], rnn: nn.RNNBase) -> Tensor:
        """The outputs of one layer, (T, 1, directions × R)."""
        directions = 1 + rnn.bidirectional
        h = x.new_zeros(directions, 1, rnn.proj_size or rnn.hidden_size)
        settings = rnn.bias, 1, 0.0, False, rnn.bidirectional, False
        if rnn.mode == "LSTM":
            c = x.new_zeros(directions, 1, rnn.hidden_size)
            return torch.lstm(x, (h, c), weights, *settings)[0]
        fused = {"GRU": torch.gru, "RNN_TANH": torch.rnn_tanh, "RNN_RELU": torch.rnn_relu}[rnn.mode]
        return fused(x, h, weights, *settings)[0]

    match rnn.mode:
        case "LSTM":
            return "LSTM", "tanh", run
        case "GRU":
            return "GRU", "tanh", run
        case "RNN_RELU":
            return "RNN", "relu", run
        case _:
            return "RNN", "tanh", run


def _weights(rnn: nn.RNNBase, layer: int, suffix: str) -> dict[str, Tensor]:
    """The weights of one direction by name, in the order in which torch's functions take them: the parameters themselves,
    because torch computes with weights that have no gradient in another order, with other last bits."""
    names = ["weight_ih", "weight_hh", *(["bias_ih", "bias_hh"] if rnn.bias else []), *(["weight_hr"] if rnn.proj_size else [])]
    return {name: cast("Tensor", getattr(rnn, f"{name}_l{layer}{suffix}")).cpu() for name in names}


def _direction(
    kind: CellKind,
    nonlinearity: Literal["tanh", "relu"],
    layer: int,
    backward: bool,
    x: Tensor,
    states: Tensor,
    weights: dict[str, Tensor],
) -> OpenedDirection:
    """`states` is what torch made of `x`, (T, R)."""
    h = _copied(states)
    x_here = _copied(x)
    from_input, from_state = weights["weight_ih"].t(), weights["weight_hh"].t()
    old = states.new_empty(0) if kind == "RNN" else _moved(states, backward=backward)
    arrays: dict[ArrayName, NDArray[np.float32]] = {}
    if kind == "LSTM":
        biases = weights["bias_ih"] + weights["bias_hh"] if "bias_ih" in weights else None
        sums = x @ from_input if biases is None else biases.addmm(x, from_input)
        i, f, g, o = sums.addmm_(old, from_state).chunk(4, 1)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        arrays = {"i": _fresh(i), "f": _fresh(f), "g": _fresh(g), "o": _fresh(o)}
        arrays["c"] = _cell_states(arrays["f"], arrays["i"] * arrays["g"], backward=backward)
    elif kind == "GRU":
        left = weights["bias_ih"].addmm(x, from_input) if "bias_ih" in weights else x @ from_input
        right = weights["bias_hh"].addmm(old, from_state) if "bias_hh" in weights else old @ from_state
        units = right.shape[1] // 3
        r, z = (left[:, : 2 * units] + right[:, : 2 * units]).sigmoid().chunk(2, 1)
        arrays = {"r": _copied(r), "z": _copied(z), "n": _fresh((left[:, 2 * units :] + r * right[:, 2 * units :]).tanh())}
    arrays["h"] = h
    kept = {name: _copied(values) for name, values in weights.items()}
    return OpenedDirection(
        kind,
        nonlinearity,
        layer,
        backward,
        x_here,
        arrays,
        kept["weight_ih"],
        kept["weight_hh"],
        kept.get("bias_ih"),
        kept.get("bias_hh"),
        kept.get("weight_hr"),
    )


def _moved(states: Tensor, *, backward: bool) -> Tensor:
    """What each step begins with, as `shifted` says."""
    old = states.new_zeros(states.shape)
    if backward:
        old[:-1] = states[1:]
    else:
        old[1:] = states[:-1]
    return old


def _cell_states(f: NDArray[np.float32], new: NDArray[np.float32], *, backward: bool) -> NDArray[np.float32]:
    """c' = f c + new at every step, (T, H). numpy needs a third of torch's time for an operation on so few numbers."""
    found = np.empty_like(new)
    c = np.zeros_like(new[0])
    multiply, add = np.multiply, np.add
    order = slice(None, None, -1 if backward else 1)
    with np.errstate(all="ignore"):  # of a network that has diverged
        for f_t, new_t, c_t in zip(f[order], new[order], found[order], strict=True):
            multiply(f_t, c, c_t)
            add(c_t, new_t, c_t)
            c = c_t
    return found


def _fresh(values: Tensor) -> NDArray[np.float32]:
    """As float32, in rows one after the other; of a tensor that nobody else has."""
    return np.asarray(values.numpy(), np.float32, order="C")


def _copied(values: Tensor) -> NDArray[np.float32]:
    return np.array(values.detach().numpy(), np.float32, order="C")
