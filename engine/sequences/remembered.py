"""What an output remembers: how strongly it depends on each earlier input.

For one output, a number of the network's answer at one time step, the length of its derivative by the input of each step: by
the series' values, or of a network that reads tokens by the vectors that its embedding makes of them. `what_it_remembers` is
a probe, a pure function of (model, data), in evaluation mode. torch is imported when a model is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset

FADED = 0.1  # of the largest


@dataclass(frozen=True, eq=False)
class Remembered:
    """`norms` is |∂ output / ∂ x_t| for each input step. The output is number `output` of the answer at time step `step`;
    None: an answer for the whole sequence."""

    sample: int
    total: int  # validation samples
    step: int | None
    output: int
    value: float  # the output itself: as the network ends, before any softmax of the loss
    norms: NDArray[np.float64]  # (T,)
    by_embedding: bool

    @property
    def steps_back(self) -> int | None:
        """How many steps before the output's own step (or the last one) the farthest input lies whose norm is at least 10 % of
        the largest: what lies behind it counts for less. None where nothing counts at all."""
        raise NotImplementedError


def what_it_remembers(
    model: nn.Module, data: Dataset, sample: int, *, step: int | None = None, output: int | None = None
) -> Remembered | None:
    """Of validation sample `sample`, counted round. `step`: of the answer, None: the last; `output`: which of its numbers,
    None: the largest, which is what the network answers. None where the input is no sequence."""
    raise NotImplementedError
