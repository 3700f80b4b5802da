"""How frameworks and books write the same recurrent cell: gate order, biases, first forget bias, number of parameters.

Facts of each framework's own source or manual, at the stated version, and the count as a formula in D inputs and H units. No
torch. Called by `python -m engine summary --convention` and by the sequence lab's page of conventions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from engine.layers.base import Derivation, Layer
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.trace import Row, Trace
from engine.words import say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CellName: TypeAlias = Literal["LSTM", "GRU", "RNN"]
CountingName: TypeAlias = Literal["torch", "keras", "book"]  # by which `summary` counts
COUNTINGS: tuple[CountingName, ...] = ("torch", "keras", "book")
WORDS = "conventions"  # assets/words/conventions.toml

_GATES: dict[CellName, tuple[str, ...]] = {"LSTM": tuple("ifgo"), "GRU": tuple("rzn"), "RNN": ("h",)}  # in torch's order
_BIASES_OF_A_GATE: dict[CountingName, dict[str, int]] = {
    "torch": {"LSTM": 2, "GRU": 2, "RNN": 2},
    "keras": {"LSTM": 1, "GRU": 2, "RNN": 1},  # the GRU with the reset after the product, which is the default
    "book": {"LSTM": 1, "GRU": 1, "RNN": 1},
}


@dataclass(frozen=True)
class WrittenCell:
    """One cell of one framework.

    `framework` is a name, or a code of assets/words/conventions.toml ("book"). `order`: its gates as they are stacked, in
    torch's letters: i f g o, r z n. `biases`: vectors of H numbers in all, 8 for an LSTM with two biases in each gate.
    `forget_bias`: the sum of the forget gate's biases at the start: a number, "random" around 0, or "stored" in the file; None
    for a cell without that gate. `added_to_forget`: what the code adds to the forget gate beside weights and biases. `reset`:
    of a GRU, before or after the product with the state's weights. `update_keeps`: what z multiplies, the old "state" or the
    "candidate". `in_torch`: whether a torch cell can hold it exactly. `note`: a code of the words; what else must be known."""

    framework: str
    package: str
    version: str
    cell: CellName
    order: tuple[str, ...]
    biases: int
    forget_bias: float | Literal["random", "stored"] | None = None
    added_to_forget: float = 0.0
    reset: Literal["before", "after"] | None = None
    update_keeps: Literal["state", "candidate"] | None = None
    note: str = ""

    @property
    def in_torch(self) -> bool:
        """A reset before the product is another function: U (r h) is not r (U h)."""
        return self.reset != "before"

    def title(self, language: str = "en") -> str:
        """The framework's name."""
        return say(WORDS, self.framework, language)

    def noted(self, language: str = "en") -> str:
        """What else must be known of it; empty if nothing."""
        return say(WORDS, self.note, language) if self.note else ""

    def derivation(self, inputs: int, hidden: int) -> Derivation:
        """The number of parameters for `inputs` (D) and `hidden` (H), with the formula that says why."""
        gates = len(self.order)
        each, rest = divmod(self.biases, gates)  # 4 vectors over 3 gates: one in each, and a second one of the candidate
        bias = "{b}" if each > 1 else "1"
        template = f"{{H}}×({{D}} + {{H}} + {bias})" if gates == 1 else f"{{G}}×{{H}}×({{D}} + {{H}} + {bias})"
        template += " + {H}" * rest
        symbols = (
            ("G", "gates", gates),
            ("H", "hidden_size", hidden),
            ("D", "features_in", inputs),
            ("b", "biases_of_a_gate", each),
        )
        used = tuple(symbol for symbol in symbols if f"{{{symbol[0]}}}" in template)
        return Derivation("parameters", template, used, gates * hidden * (inputs + hidden) + self.biases * hidden)

    def parameters(self, inputs: int, hidden: int) -> int:
        return self.derivation(inputs, hidden).result


def written_cells(cell: CellName) -> tuple[WrittenCell, ...]:
    """Every known way of writing `cell`, torch's first."""
    return tuple(row for row in _CELLS if row.cell == cell)


def _torch_version() -> str:
    try:
        return metadata.version("torch").partition("+")[0]
    except metadata.PackageNotFoundError:
        return ""


def _lstm(name: str, package: str, version: str, order: str, biases: int, **more: object) -> WrittenCell:
    return WrittenCell(name, package, version, "LSTM", tuple(order), biases, **more)  # type: ignore[arg-type]


def _gru(
    name: str, package: str, version: str, order: str, biases: int, reset: Literal["before", "after"], **more: object
) -> WrittenCell:
    kept: dict[str, object] = {"update_keeps": "state"} | more
    return WrittenCell(name, package, version, "GRU", tuple(order), biases, reset=reset, **kept)  # type: ignore[arg-type]


def _rnn(name: str, package: str, version: str, biases: int, note: str = "") -> WrittenCell:
    return WrittenCell(name, package, version, "RNN", ("h",), biases, note=note)


_TORCH = ("PyTorch", "torch", _torch_version())
_PADDLE = ("Paddle", "paddlepaddle", "3.3.1")
_KERAS = ("Keras", "keras", "3.15.1")
_NNX = ("Flax nnx", "flax", "0.12.8")
_LINEN = ("Flax linen", "flax", "0.12.8")
_HAIKU = ("Haiku", "dm-haiku", "0.0.17")
_EQUINOX = ("Equinox", "equinox", "0.13.8")
_MLX = ("MLX", "mlx", "0.32.4")
_TFJS = ("TensorFlow.js", "@tensorflow/tfjs", "4.22.0")
_ONNX = ("ONNX", "onnx", "1.23.2")
_BOOK = ("book", "", "")

_CELLS: tuple[WrittenCell, ...] = (
    _lstm(*_TORCH, "ifgo", 8, forget_bias="random"),
    _lstm(*_PADDLE, "ifgo", 8, forget_bias="random"),
    _lstm(*_KERAS, "ifgo", 4, forget_bias=1.0),
    _lstm(*_NNX, "ifgo", 4, forget_bias=0.0, note="recurrent_side"),
    _lstm(*_LINEN, "ifgo", 4, forget_bias=0.0, note="recurrent_side"),
    _lstm(*_HAIKU, "igfo", 4, forget_bias=0.0, added_to_forget=1.0, note="one_added"),
    _lstm(*_EQUINOX, "ifgo", 4, forget_bias="random"),
    _lstm(*_MLX, "ifgo", 4, forget_bias="random"),
    _lstm(*_TFJS, "ifgo", 4, forget_bias=0.0, note="hard_sigmoid"),
    _lstm(*_ONNX, "iofg", 8, forget_bias="stored"),
    _lstm(*_BOOK, "fgio", 4, forget_bias=0.0),
    _gru(*_TORCH, "rzn", 6, "after"),
    _gru(*_PADDLE, "rzn", 6, "after"),
    _gru(*_KERAS, "zrn", 6, "after"),
    _gru(*_KERAS, "zrn", 3, "before", note="reset_after_false"),
    _gru(*_NNX, "rzn", 3, "after"),
    _gru(*_LINEN, "rzn", 4, "after", note="second_of_candidate"),
    _gru(*_HAIKU, "zrn", 3, "before", update_keeps="candidate"),
    _gru(*_EQUINOX, "rzn", 4, "after", note="second_of_candidate"),
    _gru(*_MLX, "rzn", 4, "after", note="second_of_candidate"),
    _gru(*_TFJS, "zrn", 3, "before", note="hard_sigmoid"),
    _gru(*_ONNX, "zrn", 6, "before", note="linear_before_reset"),
    _gru(*_BOOK, "zrn", 3, "before", update_keeps="candidate"),
    _rnn(*_TORCH, 2),
    _rnn(*_PADDLE, 2),
    _rnn(*_KERAS, 1),
    _rnn(*_NNX, 1),
    _rnn(*_LINEN, 1),
    _rnn(*_HAIKU, 2, "relu"),
    _rnn(*_MLX, 1),
    _rnn(*_TFJS, 1),
    _rnn(*_ONNX, 2),
    _rnn(*_BOOK, 1),
)


def counted(trace: Trace, layers: Sequence[Layer], convention: CountingName) -> Trace:
    """`trace` with the parameters of recurrent layers, also those inside composites, counted in `convention`."""
    return msgspec.structs.replace(trace, rows=_rows(trace.rows, layers, convention))


def _rows(rows: Sequence[Row], layers: Sequence[Layer], convention: CountingName) -> tuple[Row, ...]:
    return tuple(_row(row, layer, convention) for row, layer in zip(rows, layers, strict=False))  # to the first problem


def _row(row: Row, layer: Layer, convention: CountingName) -> Row:
    if isinstance(layer, Composite):
        branches = zip(row.inside, layer.branches_in_order(), strict=True)
        inside = tuple((name, _rows(rows, branch.layers, convention)) for (name, rows), branch in branches)
        total = sum(part.parameters for _, rows in inside for part in rows)
        return msgspec.structs.replace(row, inside=inside, parameters=total)
    if not isinstance(layer, Recurrent) or not layer.bias:
        return row
    left_out = _BIASES_OF_A_GATE["torch"][row.type] - _BIASES_OF_A_GATE[convention][row.type]
    vectors = layer.directions * layer.num_layers * layer.GATES * left_out
    return msgspec.structs.replace(row, parameters=row.parameters - vectors * layer.hidden_size)


def torch_weights_from(
    cell: WrittenCell,
    kernel: NDArray[np.floating],
    recurrent: NDArray[np.floating],
    bias: NDArray[np.floating],
    recurrent_bias: NDArray[np.floating] | None = None,
) -> dict[str, NDArray[np.floating]]:
    """The weights of a one-layer torch cell that computes the same: `weight_ih_l0` (G H, D), `weight_hh_l0` (G H, H),
    `bias_ih_l0` and `bias_hh_l0` (G H,).

    `kernel` (D, G H) and `recurrent` (H, G H) are multiplied from the right, x @ kernel, as frameworks other than torch write
    them, with the gates in the cell's `order`; `bias` is (G H,). `recurrent_bias` is that of the state's side: (G H,), or (H,)
    of the candidate alone. Raises ValueError where torch cannot hold the cell, or a shape is another."""
    import numpy as np

    if not cell.in_torch:
        raise ValueError(
            f"torch's {cell.cell} resets after the product, {cell.title()} before it: no weights make them the same"
        )
    hidden, gates = recurrent.shape[0], len(cell.order)
    width = gates * hidden
    if kernel.shape[1:] != (width,) or recurrent.shape != (hidden, width) or bias.shape != (width,):
        raise ValueError(f"expected (D, {width}), ({hidden}, {width}) and ({width},): {gates} gates of {hidden} units")
    second = np.zeros_like(bias)
    if recurrent_bias is not None and recurrent_bias.shape == (hidden,) and "n" in cell.order:
        second.reshape(gates, hidden)[cell.order.index("n")] = recurrent_bias
    elif recurrent_bias is not None:
        second = recurrent_bias.reshape(width)

    def stacked(values: NDArray[np.floating]) -> NDArray[np.floating]:
        """(..., G H) in the cell's order as (G H, ...) in torch's."""
        parts = np.split(values, gates, axis=-1)
        return np.concatenate([np.moveaxis(parts[cell.order.index(gate)], -1, 0) for gate in _GATES[cell.cell]])

    found = {
        "weight_ih_l0": stacked(kernel),
        "weight_hh_l0": stacked(recurrent),
        "bias_ih_l0": stacked(bias),
        "bias_hh_l0": stacked(second),
    }
    if cell.added_to_forget:
        forget = _GATES["LSTM"].index("f")
        found["bias_ih_l0"].reshape(gates, hidden)[forget] += cell.added_to_forget
    return found
