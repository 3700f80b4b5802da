"""What an output remembers, together with the sample itself: the answer of the page that tints its text or series.

`look_back` is a pure function of (model, data); its answer is plain numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.data.info import Task
from gui.labs.sequence.sequence_look import is_picture
from gui.running.result_page import ModelQuestion

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset
    from engine.sequences.remembered import Remembered


@dataclass(frozen=True, eq=False)
class RememberedSample:
    """`x` is the sample's input, (T, F) of a series, (T,) of a text, whose characters `classes` names. `remembered` None: the
    input is no sequence."""

    task: Task
    classes: tuple[str, ...]
    is_text: bool
    x: NDArray[Any]
    remembered: Remembered | None

    @property
    def steps(self) -> int:
        return len(self.x)

    @property
    def is_picture(self) -> bool:
        """Whether its rows are the time steps."""
        return not self.is_text and is_picture(self.task, self.x)

    @property
    def characters(self) -> tuple[str, ...]:
        """Of a text."""
        known = len(self.classes)
        return tuple(self.classes[number] if number < known else "?" for number in self.x.reshape(-1).tolist())


def look_back(model: nn.Module, data: Dataset, *, sample: int, step: int) -> RememberedSample:
    """Of the output at `step`, or the last one where there are fewer."""
    from engine.sequences.remembered import what_it_remembers

    number = sample % len(data.x_validation)
    x: NDArray[Any] = np.array(data.x_validation[number].numpy())
    is_sequence = x.ndim in (1, 2) and len(x) > 0
    found = what_it_remembers(model, data, number, step=min(step, len(x) - 1)) if is_sequence else None
    return RememberedSample(data.task, data.classes, data.tokens, x, found)


@lru_cache(maxsize=512)
def memory_question(sample: int, step: int) -> ModelQuestion:
    """The same object for the same output."""
    return partial(look_back, sample=sample, step=step)
