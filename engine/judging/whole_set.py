"""What a model answers to the whole validation set, beside the truth: what confusion matrices and galleries of mistakes are
made of.

`Judge` is a pure function of (model, data) for `Worker.ask`, in evaluation mode; its answer is plain numpy. Called by the
training lab's pages. torch is imported when a model is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.data.info import Task
from engine.networks.output_meaning import OutputMeaning

if TYPE_CHECKING:
    import torch
    from torch import nn

    from engine.data.datasets import Dataset
    from engine.data.source import ShownRows

MOST_SAMPLES = 2_500  # that one answer judges: half of the largest data set; LeNet-5 takes a tenth of a second for them
MOST_KEPT = 2**22  # weights that are compared with those of the time before; more would take longer than it spares
AT_ONCE = 250  # samples in one forward pass, which bounds its memory


@dataclass(frozen=True, eq=False)
class Verdicts:
    """A model's answers for classes, one a sample, or for the next token one a time step: `answers[i]` is of sample
    `i // steps`, at step `i % steps`. With `is_values` they are no probabilities. `inputs` are the data's own: not to be
    written to. `total` is how many validation samples there are, of which the first `len(inputs)` were judged, in `seconds`;
    `learning`: the model has gradients of a step, so it is in training."""

    classes: tuple[str, ...]
    inputs: NDArray[Any]  # (N, C, H, W), rows (N, T, F), numbers (N, F), or tokens (N, T)
    truth: NDArray[np.int64]  # (A,), A = N · steps
    answers: NDArray[np.float32]  # (A, classes)
    steps: int
    total: int
    is_values: bool = False
    seconds: float = 0.0
    learning: bool = False
    rows: ShownRows | None = None  # of a table, what `inputs` are as they stand in it

    @property
    def predicted(self) -> NDArray[np.int64]:
        found: NDArray[np.int64] = self.answers.argmax(axis=1)
        return found

    @property
    def certainty(self) -> NDArray[np.float32]:
        """(A,) the answer for the predicted class: its probability, or its value."""
        found: NDArray[np.float32] = self.answers.max(axis=1)
        return found

    @property
    def is_finite(self) -> bool:
        """Whether all answers are; after a divergence they are not."""
        return bool(np.isfinite(self.answers).all())

    @property
    def right(self) -> int:
        return int((self.predicted == self.truth).sum())


class Judge:
    """The question: what are the answers to the first `MOST_SAMPLES` validation samples? `meaning` says how outputs for classes
    become probabilities. A model that has the weights of the time before is not computed again."""

    def __init__(self, meaning: OutputMeaning = "scores") -> None:
        self._meaning: OutputMeaning = meaning
        self._last: tuple[dict[str, torch.Tensor], Dataset, Verdicts] | None = None

    def __call__(self, model: nn.Module, data: Dataset) -> Verdicts | None:
        """The verdicts; None for a regression, which has no classes. The model is not changed."""
        if data.task == "regression":
            return None
        began = time.perf_counter()
        if self._last is not None and self._last[1] is data and _same(model, self._last[0]):
            return self._last[2]
        found = judge(model, data.x_validation, data.y_validation, data.task, data.classes, self._meaning, began)
        found = replace(found, rows=data.rows)
        weights = model.state_dict()
        if sum(tensor.numel() for tensor in weights.values()) <= MOST_KEPT:
            self._last = ({name: tensor.detach().clone() for name, tensor in weights.items()}, data, found)
        return found


def _same(model: nn.Module, before: dict[str, torch.Tensor]) -> bool:
    import torch

    now = model.state_dict()
    return now.keys() == before.keys() and all(
        tensor.device == before[name].device and torch.equal(tensor, before[name]) for name, tensor in now.items()
    )


def judge(
    model: nn.Module,
    x: torch.Tensor,
    y: torch.Tensor,
    task: Task,
    classes: tuple[str, ...],
    meaning: OutputMeaning,
    began: float | None = None,
) -> Verdicts:
    """The verdicts on the first `MOST_SAMPLES` of `x`, whose classes, or next tokens, are `y`. `began` is the clock at the
    start, where that was earlier."""
    began = time.perf_counter() if began is None else began
    total, count = len(x), min(len(x), MOST_SAMPLES)
    outputs = outputs_of(model, x[:count])
    steps = y.shape[1] if task == "next_token" else 1
    answers = outputs.reshape(count * steps, -1)
    answers = answers.softmax(dim=1) if meaning == "scores" else answers
    learning = any(weights.grad is not None for weights in model.parameters())
    return Verdicts(
        classes,
        x[:count].cpu().numpy(),
        y[:count].reshape(-1).cpu().numpy(),
        answers.numpy(),
        steps,
        total,
        meaning == "values",
        time.perf_counter() - began,
        learning,
    )


def outputs_of(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """The model's outputs for `x` as float32 on the CPU, a part at a time."""
    import torch

    device = next((weights.device for weights in model.parameters()), torch.device("cpu"))
    with torch.no_grad():
        return torch.cat([model(x[at : at + AT_ONCE].to(device)).float().cpu() for at in range(0, len(x), AT_ONCE)])


@dataclass(frozen=True, eq=False)
class WithWeights:
    """An answer, and the weights of the model that gave it, by name."""

    answer: Any
    weights: dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class TakeWeights:
    """The question `ask`, to be answered with the weights beside it: whoever takes a sample to another lab takes the model
    along that has judged it."""

    ask: Callable[[Any, Any], Any]

    def __call__(self, model: nn.Module, data: Dataset) -> WithWeights:
        weights = {name: tensor.detach().cpu().numpy().copy(order="C") for name, tensor in model.state_dict().items()}
        return WithWeights(self.ask(model, data), weights)
