"""A network at a moment as a small picture: the weights of one of its first layers, as filters side by side or as the matrix
itself; of a network that tells classes of points of a plane, what it answers everywhere in it.

No Qt. Called by the thread of the past.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.judging.decision_plane import DecisionPlane, has_two_inputs

Mosaic: TypeAlias = NDArray[np.float32]  # rows, columns; NaN between the filters


class PlaneMosaic(NamedTuple):
    """What is answered in the plane of two inputs: at each place which class, and how certainly: from 0, where it is as likely
    as any other, to 1. The first row is the highest one."""

    classes: NDArray[np.int64]
    certainty: NDArray[np.float32]


MomentPicture: TypeAlias = Mosaic | PlaneMosaic

EACH = 3  # of so many places of the plane, in either direction, one is a pixel

MOST_ACROSS = 3  # filters beside each other
LEAST_CELL_PX = 3  # that a weight may be drawn as, where there are several filters
FULL_ENOUGH = 1 / 3  # of the square: a matrix that fills less is a line in which nothing is seen


def mosaic(weights: Mapping[str, NDArray[Any]], experiment: Experiment, side: int) -> Mosaic | None:
    """The weights that `pictured` names: of 2-d filters as many as a picture of `side` pixels has room for, by their first
    input channel, rows of a fully connected layer as pictures where its input is one; of any other matrix evenly chosen rows
    and columns. None where no layer has such weights."""
    name = pictured(weights, experiment, side)
    if name is None:
        return None
    first = weights[name]
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


def is_of_a_plane(experiment: Experiment) -> bool:
    """Whether its moments are shown by what is answered in the plane. Data of a user's own may have changed since."""
    if experiment.data.path is not None:
        return False
    try:
        info = describe(experiment.data)
    except DatasetError:
        return False
    return has_two_inputs(info.input) and info.task == "classification"


def plane_mosaic(plane: DecisionPlane) -> PlaneMosaic:
    """Of every `EACH`th place; one whose answers are not finite is certain of nothing."""
    answers = plane.answers[::-EACH, ::EACH]
    least = 1.0 / answers.shape[2]
    certainty = np.clip((np.nan_to_num(answers).max(axis=2) - least) / (1.0 - least), 0.0, 1.0)
    certainty[~np.isfinite(answers).all(axis=2)] = 0.0
    return PlaneMosaic(np.nan_to_num(answers).argmax(axis=2), certainty.astype(np.float32))


def pictured(weights: Mapping[str, NDArray[Any]], experiment: Experiment, side: int) -> str | None:
    """The name of the weights that the picture shows: the first that are filters or a matrix that fills a square of `side`
    pixels; where none does, the one that fills it most. A recurrent layer that reads one number at each step is shown by what
    its states are multiplied with. None where there is no matrix."""
    found = {name: values for name, values in weights.items() if values.ndim >= 2}
    for number, (name, values) in enumerate(found.items()):
        if values.ndim >= 4 or (number == 0 and _as_filters(values, experiment) is not None):
            return name
        if _filled(values, side) >= FULL_ENOUGH:
            return name
    return max(found, key=lambda name: _filled(found[name], side), default=None)


def _filled(values: NDArray[Any], side: int) -> float:
    """The share of a square that a matrix fills, drawn with a whole number of pixels a weight."""
    rows, columns = min(len(values), side), min(values.size // max(len(values), 1), side)
    if not rows or not columns:
        return 0.0
    return rows * columns * (side // max(rows, columns)) ** 2 / side**2


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
