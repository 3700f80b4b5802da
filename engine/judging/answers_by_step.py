"""What a network for classes answers after each time step of a sequence: its answer to the sequence cut off there.

A probe: `answers_by_step` is a pure function of (model, data), in evaluation mode, whose answer is plain numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.networks.output_meaning import OutputMeaning
from engine.passes.one_sample import device_of, one_sample

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset

MOST_CUTS = 64  # lengths of one sequence that are tried


@dataclass(frozen=True, eq=False)
class AnswersByStep:
    """Of validation sample `sample` of `total`: `answers[k]` is what is answered to the first `lengths[k]` time steps, one
    number a class: its probability, or with `is_values` a value that is none. A network that reads sequences of one length
    only has the last length alone."""

    sample: int
    total: int
    classes: tuple[str, ...]
    label: int
    lengths: NDArray[np.int64]  # (K,), the whole sequence last
    answers: NDArray[np.float64]  # (K, classes)
    is_values: bool

    @property
    def predicted(self) -> int:
        """The answer to the whole sequence."""
        return int(self.answers[-1].argmax())

    @property
    def settled(self) -> int:
        """The shortest length that was tried from which on the answer is the last one."""
        same = self.answers.argmax(axis=1) == self.predicted
        others = np.flatnonzero(~same)
        return int(self.lengths[0 if not len(others) else others[-1] + 1])


def answers_by_step(
    model: nn.Module, data: Dataset, *, sample: int = 0, meaning: OutputMeaning = "scores", most: int = MOST_CUTS
) -> AnswersByStep:
    """Validation sample `sample`, counted round, cut off after at most `most` lengths, evenly chosen."""
    import torch

    asked = one_sample(data, sample)
    x = asked.x.to(device_of(model))
    steps = x.shape[1]
    lengths = np.unique(np.linspace(1, steps, min(steps, most)).round().astype(np.int64))
    found: list[NDArray[np.float64]] = []
    with torch.no_grad():
        for length in lengths.tolist():
            try:
                output = model(x[:, :length])[0].double()
            except RuntimeError:
                if length == steps:
                    raise
                continue
            found.append((output.softmax(dim=0) if meaning == "scores" else output).cpu().numpy())
    return AnswersByStep(
        asked.number,
        asked.total,
        data.classes,
        int(asked.y[0]),
        lengths[len(lengths) - len(found) :],
        np.array(found),
        meaning == "values",
    )
