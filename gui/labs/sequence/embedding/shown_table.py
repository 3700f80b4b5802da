"""The table that the page of embeddings shows: the network's, or one of the user's own. No Qt.

Called by the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.networks.trace import Path
from engine.sequences.embedding_view import EmbeddingAnswer, PlaneMap, look_at_embedding, plane_map
from engine.sequences.reading.word_table import read_word_table


@dataclass(frozen=True, eq=False)
class ShownTable:
    """Words and their vectors (V, D) with their map. `name` is the file's, empty for the network's; `left_out` words of it are
    not shown."""

    words: tuple[str, ...]
    table: NDArray[np.float32]
    map: PlaneMap
    name: str = ""
    left_out: int = 0

    @property
    def is_finite(self) -> bool:
        return bool(np.isfinite(self.table).all())


class EmbeddingQuestion:
    """A question of (model, data): the Embedding at `path`, its map turned to the one that it answered last, so that the map
    does not jump while the network learns."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._axes: NDArray[np.float64] | None = None

    def __call__(self, model: Any, data: Any) -> EmbeddingAnswer:
        found = look_at_embedding(model, data, path=self._path, like=self._axes)
        self._axes = found.map.axes
        return found


def read_table(file: FilePath) -> ShownTable:
    """The table in a text file. Raises WordTableError."""
    found = read_word_table(file)
    return ShownTable(found.words, found.table, plane_map(found.table), file.name, found.left_out)
