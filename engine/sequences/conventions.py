"""How frameworks and books write the same recurrent cell: gate order, biases, first forget bias, and how many parameters it has.

Facts of each framework's own source or manual, at the stated version, and the count as a formula in D inputs and H units. No
torch. Called by `python -m engine summary --convention` and by the sequence lab's page of conventions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from engine.layers.base import Derivation
from engine.layers.catalog import AnyLayer
from engine.networks.trace import Trace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CellName: TypeAlias = Literal["LSTM", "GRU", "RNN"]
CountingName: TypeAlias = Literal["torch", "keras", "book"]  # by which `summary` counts


@dataclass(frozen=True)
class WrittenCell:
    """One cell of one framework.

    `order`: its gates as they are stacked, in torch's letters: i f g o, r z n; () for the RNN. `biases`: vectors of H numbers
    in all, 8 for an LSTM with two biases per gate. `forget_bias`: the sum of the forget gate's biases at the start; None for a
    random one around 0. `added_to_forget`: what the code adds to the forget gate beside the weights. `reset`: of a GRU, before
    or after the product with the state's weights. `update_keeps`: what z multiplies, the old "state" or the "candidate".
    `in_torch`: whether a torch cell can hold it exactly."""

    framework: str
    package: str
    version: str
    cell: CellName
    order: tuple[str, ...]
    biases: int
    forget_bias: float | None = None
    added_to_forget: float = 0.0
    reset: Literal["before", "after"] | None = None
    update_keeps: Literal["state", "candidate"] | None = None
    in_torch: bool = True
    note: str = ""  # a code of assets/words/conventions.toml: what else must be known of it

    def derivation(self, inputs: int, hidden: int) -> Derivation:
        """The number of parameters for `inputs` (D) and `hidden` (H), with the formula that says why."""
        raise NotImplementedError

    def parameters(self, inputs: int, hidden: int) -> int:
        return self.derivation(inputs, hidden).result


def written_cells(cell: CellName) -> tuple[WrittenCell, ...]:
    """Every known way of writing `cell`, torch's first."""
    raise NotImplementedError


def counted(trace: Trace, layers: Sequence[AnyLayer], convention: CountingName) -> Trace:
    """`trace` with the parameters of recurrent layers, also those inside composites, counted in `convention`."""
    raise NotImplementedError


def torch_weights_from(
    cell: WrittenCell,
    kernel: NDArray[np.floating],
    recurrent: NDArray[np.floating],
    bias: NDArray[np.floating],
    recurrent_bias: NDArray[np.floating] | None = None,
) -> dict[str, NDArray[np.floating]]:
    """The weights of a one-layer torch cell that computes the same: `weight_ih_l0` (G H, D), `weight_hh_l0`, `bias_ih_l0`,
    `bias_hh_l0`. `kernel` (D, G H) and `recurrent` (H, G H) are multiplied from the right, x @ kernel, as frameworks other than
    torch write them, gates in the cell's `order`. Raises ValueError where torch cannot hold it."""
    raise NotImplementedError
