"""A table of word vectors from a text file, as word2vec and GloVe write it: a word a line and its numbers after it.

word2vec's text has a first line with two counts, GloVe's has none; both are read. Nothing is loaded from anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.words import CodedError

MOST_WORDS = 50_000
MOST_TABLE_BYTES = 200_000_000


class WordTableError(CodedError):
    """A file that is no table of words. The sentence names the file, the line and what was expected."""

    TABLE = "word_tables"


@dataclass(frozen=True, eq=False)
class WordTable:
    words: tuple[str, ...]
    table: NDArray[np.float32]  # (V, D)
    left_out: int  # words after the first 50,000


def read_word_table(path: str | Path) -> WordTable:
    """The table in the UTF-8 text file at `path`. Raises WordTableError."""
    raise NotImplementedError
