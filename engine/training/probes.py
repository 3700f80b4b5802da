"""A model's predictions for a few validation samples, with the truth: what a learner watches during training.

Each probe is a pure function of (model, data) for `Worker.ask`, which the run's thread computes between two steps, in
evaluation mode, only while the answers are on screen. The answers are plain numpy; the training lab draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.networks.output_meaning import OutputMeaning

if TYPE_CHECKING:
    import torch
    from torch import nn

    from engine.data.datasets import Dataset
    from engine.data.source import ShownRows

PICTURES = 12
PAIRS = 64
ROWS = 40  # of a table of classes


@dataclass(frozen=True, eq=False)
class Classified:
    """Some pictures, or rows of numbers, their labels, and the model's answer for each class: its probability, or with
    `is_values` a value that is none."""

    classes: tuple[str, ...]
    pictures: NDArray[np.float32]  # (N, C, H, W), or (N, F) of what is no picture
    labels: NDArray[np.int64]  # (N,)
    answers: NDArray[np.float32]  # (N, classes)
    is_values: bool = False

    @property
    def predicted(self) -> NDArray[np.int64]:
        found: NDArray[np.int64] = self.answers.argmax(axis=1)
        return found

    @property
    def right(self) -> int:
        return int((self.predicted == self.labels).sum())


@dataclass(frozen=True, eq=False)
class Numbers:
    """One true number for each sample (the first, if a target has several) and the model's number."""

    truth: NDArray[np.floating[Any]]  # (N,)
    predicted: NDArray[np.floating[Any]]  # (N,)

    @property
    def mean_error(self) -> float:
        """Mean of |predicted - truth|."""
        return float(np.abs(self.predicted - self.truth).mean())


@dataclass(frozen=True, eq=False)
class AnsweredRows:
    """Some rows of a table as they stand in it, and the model's answers: for each class, or numbers in the table's units."""

    names: tuple[str, ...]  # of the columns that are learned from
    target: str
    cells: tuple[tuple[str | None, ...], ...]  # of each row; None where a value is missing
    truth: tuple[str, ...]
    answers: Classified | Numbers


@dataclass(frozen=True, eq=False)
class Forecast:
    """One sample's target over time (its first feature) and the model's."""

    truth: NDArray[np.float32]  # (T,)
    predicted: NDArray[np.float32]  # (T,)

    @property
    def mean_squared_error(self) -> float:
        return float(((self.predicted.astype(np.float64) - self.truth) ** 2).mean())


@dataclass(frozen=True, eq=False)
class Text:
    """One sample's next characters and the model's likeliest ones, each predicted from the true characters before it."""

    truth: tuple[str, ...]  # T characters
    predicted: tuple[str, ...]
    certainty: NDArray[np.float32]  # (T,) the answer for the predicted character, as of `Classified`

    @property
    def right(self) -> int:
        return sum(a == b for a, b in zip(self.truth, self.predicted, strict=True))


Prediction: TypeAlias = Classified | Numbers | AnsweredRows | Forecast | Text


def is_finite(prediction: Prediction) -> bool:
    """Whether all of the model's numbers are finite; after a divergence they are not."""
    match prediction:
        case AnsweredRows():
            return is_finite(prediction.answers)
        case Classified():
            numbers = prediction.answers
        case Text():
            numbers = prediction.certainty
        case _:
            numbers = prediction.predicted
    return bool(np.isfinite(numbers).all())


def predict(model: nn.Module, data: Dataset, *, sample: int = 0, meaning: OutputMeaning = "scores") -> Prediction:
    """The model's prediction for the validation samples from number `sample` on, in a circle: 12 pictures or rows, 64
    numbers, or one series or text. `meaning` says how outputs for classes become probabilities. The model is not changed."""
    import torch

    if data.rows is not None:
        return _rows_of(model, data, data.rows, sample, meaning)
    count = PICTURES if data.task == "classification" else PAIRS if data.y_validation.ndim == 2 else 1
    if data.task == "next_token":
        count = 1
    total = len(data.x_validation)
    chosen = (torch.arange(min(count, total)) + sample * count) % total
    x, y = data.x_validation[chosen].cpu(), data.y_validation[chosen].cpu()
    device = next(model.parameters()).device
    with torch.no_grad():
        output = model(x.to(device)).float().cpu()
    if data.task == "classification":
        answers = output.softmax(dim=1) if meaning == "scores" else output
        pictures = x.numpy()[:, None] if x.ndim == 3 else x.numpy()  # rows that are read one by one make a picture too
        return Classified(data.classes, pictures, y.numpy(), answers.numpy(), meaning == "values")
    if data.task == "next_token":
        return _text(data.classes, y[0], output[0].softmax(dim=1) if meaning == "scores" else output[0])
    if y.ndim == 3:
        return Forecast(y[0, :, 0].numpy(), output[0, :, 0].numpy())
    return Numbers(y[:, 0].numpy(), output[:, 0].numpy())


def _rows_of(model: nn.Module, data: Dataset, rows: ShownRows, sample: int, meaning: OutputMeaning) -> AnsweredRows:
    import torch

    count, total = ROWS if data.task == "classification" else PAIRS, len(data.x_validation)
    chosen = (torch.arange(min(count, total)) + sample * count) % total
    x, y = data.x_validation[chosen].cpu(), data.y_validation[chosen].cpu()
    with torch.no_grad():
        output = model(x.to(next(model.parameters()).device)).float().cpu()
    answers: Classified | Numbers
    if data.task == "classification":
        given = output.softmax(dim=1) if meaning == "scores" else output
        answers = Classified(data.classes, x.numpy(), y.numpy(), given.numpy(), meaning == "values")
    else:
        mean, deviation = (0.0, 1.0) if rows.scale is None else (rows.scale.mean, rows.scale.deviation or 1.0)
        answers = Numbers(*((mean + deviation * part[:, 0].double().numpy()) for part in (y, output)))
    numbers = chosen.tolist()
    return AnsweredRows(rows.names, rows.target, tuple(map(rows.row, numbers)), tuple(map(rows.truth, numbers)), answers)


def _text(characters: tuple[str, ...], truth: torch.Tensor, answers: torch.Tensor) -> Text:
    certainty, predicted = answers.max(dim=1)
    return Text(
        tuple(characters[number] for number in truth.tolist()),
        tuple(characters[number] for number in predicted.tolist()),
        certainty.numpy(),
    )
