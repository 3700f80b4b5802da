"""The digits that the books' experiments learn from: those that come along, as the books read them (flat, 0 to 1)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.info import Data
from engine.data.sources import describe, source_named
from engine.foundations.unit_functions import RealArray


class FlatDigits(NamedTuple):
    """Pictures (N, 784) in 0..1 and their classes (N,)."""

    x_train: RealArray
    t_train: NDArray[np.int64]
    x_test: RealArray
    t_test: NDArray[np.int64]


@lru_cache(maxsize=1)
def digits_of_mnist() -> FlatDigits:
    """4,000 and 1,000 of MNIST, every class with its share."""
    data = Data(name="mnist-5k", validation=0.2)
    arrays = source_named(data.name).arrays(describe(data), seed=0)
    flat = (part.reshape(len(part), -1).astype(np.float64) for part in (arrays.x_train, arrays.x_validation))
    x_train, x_test = flat
    return FlatDigits(x_train, arrays.y_train, x_test, arrays.y_validation)
