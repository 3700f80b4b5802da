"""Words by the company they keep: co-occurrence, pointwise mutual information, and vectors from both.

As in 『밑바닥부터 시작하는 딥러닝』 2, chapter 2: a text in small letters with the full stop as a word of its own, words
numbered in the order in which they come.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.foundations.unit_functions import RealArray


def words_of(text: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The vocabulary, and the text as numbers in it."""
    found = text.lower().replace(".", " .").split()
    vocabulary = tuple(dict.fromkeys(found))
    return vocabulary, np.array([vocabulary.index(word) for word in found])


def co_occurrence(corpus_N: NDArray[np.int64], vocabulary: int, window: int = 1) -> NDArray[np.int64]:
    """How often each word stands within `window` words of each other one, (vocabulary, vocabulary)."""
    counts = np.zeros((vocabulary, vocabulary), np.int64)
    for distance in range(1, window + 1):
        np.add.at(counts, (corpus_N[:-distance], corpus_N[distance:]), 1)
        np.add.at(counts, (corpus_N[distance:], corpus_N[:-distance]), 1)
    return counts


def positive_information(counts: NDArray[np.int64]) -> RealArray:
    """log2 of how much more often two words meet than they would by chance (C · N / (S_x · S_y)), at least 0 (PPMI)."""
    total, each = counts.sum(), counts.sum(axis=0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(0.0, np.log2(counts * total / np.outer(each, each))))


def cosine(x: RealArray, y: RealArray) -> float:
    """The cosine of the angle between two vectors; 0 where one has no length."""
    lengths = float(np.linalg.norm(x) * np.linalg.norm(y))
    return float(x @ y) / lengths if lengths else 0.0


def reduced(matrix: RealArray, axes: int) -> RealArray:
    """The rows of a matrix along the `axes` directions in which they are largest (the left singular vectors), (rows, axes)."""
    return np.asarray(np.linalg.svd(matrix)[0][:, :axes])


def sampling_shares(shares: RealArray, power: float = 0.75) -> RealArray:
    """How often each word is drawn as a negative example: its share to the power, all together 1. Rare words are drawn more
    often than they come."""
    raised = shares**power
    return np.asarray(raised / raised.sum())
