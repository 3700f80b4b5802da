"""A bidirectional layer's two directions apart, and two summaries of them that are often taken for each other.

`output[:, -1]` ("the last output") holds the forward state after all T steps beside the backward state after one step: the
backward direction begins at the last time step. `h_n` ("the last state of each direction") holds both after T steps.

A probe: `look_at_directions` is a pure function of (model, data) in evaluation mode, whose answer is plain numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.networks.trace import Path
from engine.words import CodedError

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset


class NoDirectionsError(CodedError):
    """No recurrent layer of the network reads in both directions."""

    TABLE = "sequence_answers"


@dataclass(frozen=True, eq=False)
class DirectionsAnswer:
    """Of validation sample `sample` of `total`, the top layer of the recurrent layer at `path`: the states of both directions by
    the input's time step, (T, R), R numbers in a state; and the two summaries, (2 R,) each, forward half first."""

    sample: int
    total: int
    path: Path
    paths: tuple[Path, ...]  # of all bidirectional layers
    kind: str  # RNN, LSTM, GRU
    forward: NDArray[np.float32]
    backward: NDArray[np.float32]
    last_output: NDArray[np.float32]
    last_states: NDArray[np.float32]
    handed_on: str  # which of them the network goes on with: "last_states", or "sequence" for all of them

    @property
    def steps_read(self) -> dict[str, tuple[int, int]]:
        """How many steps the forward and the backward half of each summary have read."""
        return {"last_output": (len(self.forward), 1), "last_states": (len(self.forward), len(self.forward))}


def look_at_directions(model: nn.Module, data: Dataset, *, sample: int = 0, path: Path | None = None) -> DirectionsAnswer:
    """Validation sample `sample`, counted round, in the bidirectional layer at `path`; None, or a path that has none: the first
    one. Raises NoDirectionsError."""
    raise NotImplementedError
