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

    The hidden states are torch's own: each layer is run by the function that the whole module is run by (their last bits may
    hang on where in memory torch finds its numbers, as those of two runs of the module do)."""
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
    """The weights of one direction by name, in the order in which torch's functions take them."""
    names = ["weight_ih", "weight_hh", *(["bias_ih", "bias_hh"] if rnn.bias else []), *(["weight_hr"] if rnn.proj_size else [])]
    return {name: cast("Tensor", getattr(rnn, f"{name}_l{layer}{suffix}")).detach().cpu() for name in names}


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
    import torch

    old = torch.zeros_like(states)
    if backward:
        old[:-1] = states[1:]
    else:
        old[1:] = states[:-1]
    arrays: dict[ArrayName, Tensor] = {}
    if kind == "LSTM":
        sums = (
            torch.addmm(weights["bias_ih"], x, weights["weight_ih"].t())
            if "bias_ih" in weights
            else x @ weights["weight_ih"].t()
        )
        sums.addmm_(old, weights["weight_hh"].t())
        if "bias_hh" in weights:
            sums += weights["bias_hh"]
        i, f, g, o = sums.chunk(4, 1)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        arrays = {"i": i, "f": f, "g": g, "o": o, "c": _cell_states(f, i * g, backward=backward)}
    elif kind == "GRU":
        from_input = x @ weights["weight_ih"].t()
        from_state = old @ weights["weight_hh"].t()
        if "bias_ih" in weights:
            from_input += weights["bias_ih"]
            from_state += weights["bias_hh"]
        units = from_state.shape[1] // 3
        r, z = (from_input[:, : 2 * units] + from_state[:, : 2 * units]).sigmoid().chunk(2, 1)
        arrays = {"r": r, "z": z, "n": (from_input[:, 2 * units :] + r * from_state[:, 2 * units :]).tanh()}
    arrays["h"] = states
    kept = {name: _numbers(values) for name, values in weights.items()}
    return OpenedDirection(
        kind,
        nonlinearity,
        layer,
        backward,
        _numbers(x),
        {name: _numbers(values) for name, values in arrays.items()},
        kept["weight_ih"],
        kept["weight_hh"],
        kept.get("bias_ih"),
        kept.get("bias_hh"),
        kept.get("weight_hr"),
    )


def _cell_states(f: Tensor, new: Tensor, *, backward: bool) -> Tensor:
    """c' = f c + new at every step, (T, H). numpy needs a third of torch's time for an operation on so few numbers."""
    import torch

    kept, added = f.numpy(), new.numpy()
    found = np.empty_like(added)
    c = np.zeros_like(added[0])
    order = slice(None, None, -1 if backward else 1)
    for f_t, new_t, c_t in zip(kept[order], added[order], found[order], strict=True):
        np.multiply(f_t, c, c_t)
        np.add(c_t, new_t, c_t)
        c = c_t
    return torch.from_numpy(found)


def _numbers(values: Tensor) -> NDArray[np.float32]:
    """A copy as float32, in rows one after the other."""
    found: NDArray[np.float32] = values.detach().contiguous().numpy().astype(np.float32, copy=True)
    return found
