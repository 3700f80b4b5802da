"""Subjects for tests of the views of a cell: a layer on a small input, with numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.cells.filters import Filters
from engine.cells.planes import Cut
from engine.layers.kinds.pooling import Pooling
from engine.layers.kinds.transposed import Transposed
from engine.pictures import Picture
from gui.labs.convolution.subject import Subject
from gui.labs.convolution.work import Work

COURSE_IMAGE = [[2, 4, 9, 1, 4], [2, 1, 4, 4, 6], [1, 1, 2, 9, 2], [7, 3, 5, 1, 3], [2, 3, 4, 8, 5]]
COURSE_FILTER = [[1, 2, 3], [-4, 7, 4], [2, -5, 1]]


def subject_of(layer: Any, values: NDArray[np.float32], filters: Filters | None, channel: int = 0) -> Subject:
    planes = tuple((number, 0) for number in range(len(values)))
    picture = Picture("numbers", values, (values.shape[2], values.shape[1]), max(1.0, float(values.max())))
    return Subject(Cut(layer, values, filters, planes), Work(layer), picture, channel)


def course_subject(layer: Any) -> Subject:
    """The picture of 5×5 that courses work by hand, and their filter."""
    values = np.array([COURSE_IMAGE], np.float32)
    if isinstance(layer, Pooling):
        return subject_of(layer, values, None)
    return subject_of(layer, values, Filters(np.array([[COURSE_FILTER]], np.float32), np.zeros(1, np.float32)))


def random_subject(layer: Any, shape: tuple[int, int, int], seed: int, channel: int = 0) -> Subject:
    """Whole numbers from −8 to 8, so that equal ones occur."""
    chance = np.random.default_rng(seed)
    values = chance.integers(-8, 9, shape).astype(np.float32)
    if isinstance(layer, Pooling):
        return subject_of(layer, values, None, channel)
    first, second = layer.out_channels, shape[0] // layer.groups
    if isinstance(layer, Transposed):
        first, second = shape[0], layer.out_channels // layer.groups
    weight = chance.standard_normal((first, second, *layer.kernel)).astype(np.float32)
    bias_O = chance.standard_normal(layer.out_channels).astype(np.float32) * layer.bias
    return subject_of(layer, values, Filters(weight, bias_O), channel)
