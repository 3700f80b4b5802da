"""The answer that looks at nothing, or only at the last value: what a network must do better than to have learned anything.

| naive       | answer                                                                    | of            |
|-------------|---------------------------------------------------------------------------|---------------|
| last_value  | the last value again                                                      | forecasts     |
| mean        | the mean of the training targets                                          | other numbers |
| by_step     | the training targets' frequencies at this time step, without the input    | copy, addition|
| frequencies | the training targets' frequencies, whatever the time step                 | classes, texts|

A forecast's skill is 1 - MSE / MSE of the last value again: 0 or less says that the network only repeats it. Called by the
sequence lab and the bench, in a thread that may import torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.sequences.tasks import NaiveName

if TYPE_CHECKING:
    from engine.data.datasets import Dataset


class NaiveAnswer(NamedTuple):
    """Its loss over the validation data, mean squared error or cross-entropy; its share of right answers, None for numbers."""

    loss: float
    accuracy: float | None


def naive_answer(naive: NaiveName, data: Dataset) -> NaiveAnswer:
    """What the naive answer reaches on the validation data."""
    y_train, y = data.y_train.cpu().numpy(), data.y_validation.cpu().numpy()
    if naive == "last_value":
        x: NDArray[np.float64] = data.x_validation.cpu().numpy().astype(np.float64)
        return NaiveAnswer(float(((y - x[..., : y.shape[-1]]) ** 2).mean()), None)
    if naive == "mean":
        mean = y_train.astype(np.float64).mean(axis=0)
        return NaiveAnswer(float(((y - mean) ** 2).mean()), None)
    train_NT, y_NT = (part.reshape(len(part), -1) for part in (y_train, y))
    if naive == "frequencies":
        train_NT, y_NT = train_NT.reshape(-1, 1), y_NT.reshape(-1, 1)
    counts = np.stack([np.bincount(column, minlength=data.outputs) for column in train_NT.T])
    shares = np.maximum(counts, 0.5) / len(train_NT)  # what never came is taken for half as likely as what came once
    steps = np.arange(y_NT.shape[1])
    loss, right = -np.log(shares[steps, y_NT]).mean(), (counts.argmax(axis=1) == y_NT).mean()
    return NaiveAnswer(float(loss), float(right))


def skill(squared_error: float, naive: float) -> float | None:
    """1 - MSE / MSE of the naive line; None where the naive line is without error."""
    return None if naive <= 0.0 else 1.0 - squared_error / naive
