"""The columns of a table as a network's inputs, in plain numpy.

A table's arrays are made with these, and `engine.data.own.tables.table_script` prints their source into the scripts, so each
function needs numpy alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def standardised(values: NDArray[np.float64], train: NDArray[np.int64]) -> NDArray[np.float64]:
    """The numbers of a column (N,) as one input (N, 1): how many standard deviations each is from the mean of the rows that
    train. The median of these rows stands in where one is missing (NaN). A column that is the same in all of them is 0."""
    known = values[train][~np.isnan(values[train])]
    median = np.median(known) if len(known) else 0.0
    filled = np.where(np.isnan(values), median, values)
    learned = filled[train]
    if learned.min() == learned.max():
        return np.zeros((len(values), 1))
    made: NDArray[np.float64] = ((filled - learned.mean()) / learned.std())[:, None]
    return made


def one_hot(codes: NDArray[np.int64], count: int, train: NDArray[np.int64]) -> NDArray[np.float64]:
    """The categories of a column (N,) as `count` inputs (N, count), of which one is 1. A category that no row has which trains
    is none: all its inputs are 0."""
    hot = codes[:, None] == np.arange(count)
    made: NDArray[np.float64] = (hot & hot[train].any(axis=0)).astype(np.float64)
    return made


def shuffled(
    rng: np.random.Generator, rows: int, samples: int, training: int, folds: int, fold: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of `rows` rows train and which validate, of `samples` in a random order: the first `training` ones train, or, where
    there are `folds`, all but every `folds`-th one."""
    order = rng.permutation(rows)[:samples]
    own = np.arange(samples) % folds == fold - 1 if folds else np.arange(samples) >= training
    return order[~own], order[own]
