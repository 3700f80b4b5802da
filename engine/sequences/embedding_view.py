"""A table of vectors, one a word: the lookup as a product, nearest neighbours, and a map in two dimensions.

`look_at_embedding` is a probe, a pure function of (model, data), whose answer is plain numpy; `engine.sequences.reading.word_table`
opens a table of one's own. No torch but for the probe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.networks.trace import Path
from engine.words import CodedError

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset


class NoEmbeddingError(CodedError):
    """The network has no Embedding."""

    TABLE = "sequence_answers"


class Neighbour(NamedTuple):
    """A row of the table and the cosine of its angle to the one that was asked about."""

    row: int
    cosine: float


@dataclass(frozen=True, eq=False)
class PlaneMap:
    """A table in the plane of its two largest principal components: `points` (V, 2); `axes` (D, 2), orthonormal; `mean` (D,);
    `shares` (2,) of the variance along each."""

    points: NDArray[np.float64]
    axes: NDArray[np.float64]
    mean: NDArray[np.float64]
    shares: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EmbeddingAnswer:
    """The table (V, D) of the Embedding at `path`, its words, and its map."""

    path: Path
    paths: tuple[Path, ...]  # of all of them
    words: tuple[str, ...]
    table: NDArray[np.float32]
    map: PlaneMap


@dataclass(frozen=True, eq=False)
class Lookup:
    """A row of the table as a product: `one_hot` (V,) times the table is `product` (D,), which is the row to the bit.
    `multiplications` is what the product costs, V D; the lookup costs none."""

    row: int
    one_hot: NDArray[np.float32]
    product: NDArray[np.float32]
    multiplications: int


def look_at_embedding(
    model: nn.Module, data: Dataset, *, path: Path | None = None, like: NDArray[np.float64] | None = None
) -> EmbeddingAnswer:
    """The Embedding at `path`; None, or a path that has none: the first one. `like` are the axes of an earlier map, to which this
    one is turned. Raises NoEmbeddingError."""
    raise NotImplementedError


def looked_up(table: NDArray[np.float32], row: int) -> Lookup:
    """Row `row` as a product with its one-hot."""
    raise NotImplementedError


def neighbours(table: NDArray[np.floating], row: int, count: int = 8) -> tuple[Neighbour, ...]:
    """The `count` rows of the largest cosine to row `row`, itself left out, equal ones in the order of the table. A row of zeros
    has no angle: it is nobody's neighbour."""
    raise NotImplementedError


def plane_map(table: NDArray[np.floating], like: NDArray[np.float64] | None = None) -> PlaneMap:
    """PCA to two components. Which end of an axis is positive, and how two equal ones lie, PCA leaves open: with `like` (D, 2) the
    axes are turned within their plane until they lie closest to those; without it, each axis points to where its largest
    coordinate is positive."""
    raise NotImplementedError
