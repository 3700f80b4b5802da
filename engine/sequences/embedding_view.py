"""A table of vectors, one a word: the lookup as a product, nearest neighbours, and a map in two dimensions.

`look_at_embedding` is a probe, a pure function of (model, data), whose answer is plain numpy. A table of one's own is opened by
`engine.sequences.reading.word_table`. Only the probe needs torch.
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
    """The Embedding at `path`; None, or a path that has none: the first one. `like` are the axes of an earlier map, to which
    this one is turned; axes of a table of another width count as None. Raises NoEmbeddingError."""
    from engine.sequences.reading.module_places import embedding_places

    found = dict(embedding_places(model))
    if not found:
        raise NoEmbeddingError("no_embedding")
    place = path if path in found else next(iter(found))
    assert place is not None
    table: NDArray[np.float32] = found[place].weight.detach().float().cpu().numpy().copy()
    known = data.classes[: len(table)] if data.tokens else ()
    words = (*known, *map(str, range(len(known), len(table))))  # rows that no word has
    return EmbeddingAnswer(place, tuple(found), words, table, plane_map(table, like))


def looked_up(table: NDArray[np.float32], row: int) -> Lookup:
    """Row `row` as a product with its one-hot."""
    one_hot = np.zeros(len(table), table.dtype)
    one_hot[row] = 1.0
    return Lookup(row, one_hot, one_hot @ table, table.size)


def neighbours(table: NDArray[np.floating], row: int, count: int = 8) -> tuple[Neighbour, ...]:
    """The `count` rows of the largest cosine to row `row`, itself left out, equal ones in the order of the table. A row of
    zeros has no angle: it has no neighbours, and is nobody's."""
    vectors = np.asarray(table, np.float64)
    lengths = np.sqrt((vectors**2).sum(axis=1))
    has_angle = np.isfinite(lengths) & (lengths > 0.0)
    if not has_angle[row]:
        return ()
    cosines = np.full(len(vectors), -np.inf)
    cosines[has_angle] = vectors[has_angle] @ (vectors[row] / lengths[row]) / lengths[has_angle]
    cosines[row] = -np.inf
    order = np.argsort(-cosines, kind="stable")[:count]
    return tuple(Neighbour(int(near), float(np.clip(cosines[near], -1.0, 1.0))) for near in order if cosines[near] > -np.inf)


def plane_map(table: NDArray[np.floating], like: NDArray[np.float64] | None = None) -> PlaneMap:
    """PCA to two components, without scaling. Which end of an axis is positive, and how two equally long ones lie, PCA leaves
    open, so a map that is made anew after each step would jump. With `like` (D, 2) the axes are turned, or mirrored, within
    their plane until they lie closest to those (orthogonal Procrustes); without it each points to where its largest coordinate
    is positive. A table whose numbers are not all finite has a map of NaN."""
    vectors = np.asarray(table, np.float64)
    rows, width = vectors.shape
    if not np.isfinite(vectors).all():
        nothing = np.full((rows, 2), np.nan)
        return PlaneMap(nothing, np.full((width, 2), np.nan), np.full(width, np.nan), np.full(2, np.nan))
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    axes = _two_largest(centred)
    if like is not None and like.shape == axes.shape and np.isfinite(like).all():
        left, _, right = np.linalg.svd(axes.T @ like)
        axes = axes @ (left @ right)
    else:
        largest = np.abs(axes).argmax(axis=0)
        axes = axes * np.where(axes[largest, [0, 1]] < 0.0, -1.0, 1.0)
    points = centred @ axes
    total = float((centred**2).sum())
    shares = (points**2).sum(axis=0) / total if total > 0.0 else np.zeros(2)
    return PlaneMap(points, axes, mean, shares)


def _two_largest(centred: NDArray[np.float64]) -> NDArray[np.float64]:
    """The two directions (D, 2) of the largest variance, the largest first; a direction that D does not have is zeros."""
    rows, width = centred.shape
    axes = np.zeros((width, 2))
    if rows >= width:  # D is the small side: a table of 50,000 words takes 0.1 s
        _, vectors = np.linalg.eigh(centred.T @ centred)
        found = vectors[:, ::-1][:, :2]
    else:
        found = np.linalg.svd(centred, full_matrices=rows < 2)[2][:2].T
    axes[:, : found.shape[1]] = found
    return axes
