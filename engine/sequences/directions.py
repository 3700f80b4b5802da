"""A bidirectional layer's two directions apart, and two summaries of them that are often taken for each other.

`output[:, -1]` ("the last output") holds the forward state after all T steps beside the backward state after one step: the
backward direction begins at the last time step. `h_n` ("the last state of each direction") holds both after T steps.

A probe: `look_at_directions` is a pure function of (model, data) in evaluation mode, whose answer is plain numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.networks.trace import Path
from engine.passes.one_sample import answer_to, one_sample
from engine.words import CodedError

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.datasets import Dataset

Summary: TypeAlias = Literal["last_output", "last_states"]


class NoDirectionsError(CodedError):
    """No recurrent layer of the network reads in both directions."""

    TABLE = "sequence_answers"


@dataclass(frozen=True, eq=False)
class DirectionsAnswer:
    """Of validation sample `sample` of `total`, the top layer of the recurrent module at `path`: the states of both directions
    by the input's time step, (T, R) with R numbers in a state; and the two summaries, (2 R,) each, the forward half first.
    `backward[t]` has read the steps from T - 1 down to t."""

    sample: int
    total: int
    path: Path
    paths: tuple[Path, ...]  # of all bidirectional layers
    kind: str  # RNN, LSTM, GRU
    forward: NDArray[np.float32]
    backward: NDArray[np.float32]
    last_output: NDArray[np.float32]
    last_states: NDArray[np.float32]
    handed_on: Literal["last", "sequence"]  # what the network goes on with: the last states, or all of them

    @property
    def steps_read(self) -> dict[Summary, tuple[int, int]]:
        """How many time steps the forward and the backward half of each summary have read."""
        steps = len(self.forward)
        return {"last_output": (steps, 1), "last_states": (steps, steps)}


def look_at_directions(model: nn.Module, data: Dataset, *, sample: int = 0, path: Path | None = None) -> DirectionsAnswer:
    """Validation sample `sample`, counted round, in the bidirectional layer at `path`; None, or a path that has none: the first
    one. Raises NoDirectionsError."""

    from engine.sequences.reading.module_places import recurrent_places

    found = {place: module for place, module in recurrent_places(model) if module.rnn.bidirectional}
    if not found:
        raise NoDirectionsError("no_directions")
    place = path if path in found else next(iter(found))
    assert place is not None
    module = found[place]
    asked = one_sample(data, sample)
    kept: list[tuple[Tensor, Any]] = []
    handle = module.rnn.register_forward_hook(lambda _module, _inputs, output: kept.append(output))
    try:
        answer_to(model, asked.x)
    finally:
        handle.remove()
    sequence, state = kept[-1]
    hidden = state[0] if isinstance(state, tuple) else state  # (layers · 2, N, R), forward before backward
    states = _numbers(sequence[0])
    width = states.shape[1] // 2
    return DirectionsAnswer(
        asked.number,
        asked.total,
        place,
        tuple(found),
        type(module.rnn).__name__,
        states[:, :width],
        states[:, width:],
        states[-1],
        _numbers(hidden[-2:, 0]).reshape(-1),
        module.output,
    )


def _numbers(tensor: Tensor) -> NDArray[np.float32]:
    found: NDArray[np.float32] = tensor.detach().float().cpu().contiguous().numpy().copy()
    return found
