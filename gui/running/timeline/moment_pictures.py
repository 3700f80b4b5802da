"""The weights of a network's first layer as one small picture: its filters side by side, or the matrix itself.

No Qt. Called by the thread of the past.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment

Mosaic: TypeAlias = NDArray[np.float32]  # rows, columns; NaN between the filters

MOST_ACROSS = 3  # filters beside each other
LEAST_CELL_PX = 3  # that a weight may be drawn as, where there are several filters


def mosaic(weights: Mapping[str, NDArray[Any]], experiment: Experiment, side: int) -> Mosaic | None:
    """The first weights that are a matrix or filters: of 2-d filters as many as a picture of `side` pixels has room for, by
    their first input channel, rows of a fully connected layer as pictures where its input is one; of any other matrix evenly
    chosen rows and columns. None where no layer has such weights."""
    first = next((values for values in weights.values() if values.ndim >= 2), None)
    if first is None:
        return None
    filters = _as_filters(first.astype(np.float32), experiment)
    if filters is None:
        matrix = first.astype(np.float32).reshape(len(first), -1)
        return matrix[np.ix_(_chosen(matrix.shape[0], side), _chosen(matrix.shape[1], side))]
    count, height, width = filters.shape
    across = min(MOST_ACROSS, int(np.sqrt(count)))
    while across > 1 and (max(height, width) + 1) * across - 1 > side // LEAST_CELL_PX:
        across -= 1
    across = max(1, across)
    found = np.full(((height + 1) * across - 1, (width + 1) * across - 1), np.nan, np.float32)
    for number in range(across * across):
        row, column = divmod(number, across)
        top, left = row * (height + 1), column * (width + 1)
        found[top : top + height, left : left + width] = filters[number]
    return found


def _as_filters(first: NDArray[np.float32], experiment: Experiment) -> NDArray[np.float32] | None:
    """(count, height, width), or None where they are no pictures."""
    if first.ndim >= 4:
        return first[:, 0].reshape(len(first), -1, first.shape[-1])
    if first.ndim != 2:
        return None
    try:
        shape = experiment.network.input or describe(experiment.data).input
    except DatasetError:
        return None
    if len(shape) != 3 or min(shape[1:]) < 2 or first.shape[1] != np.prod(shape):
        return None
    return first.reshape(len(first), *shape)[:, 0]


def _chosen(count: int, most: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))
