"""All 64 experiments of both books, in their order."""

from __future__ import annotations

from engine.books import convolutions, learning, reading_and_writing, units_and_gradients, words_and_states
from engine.books.reproduced import BookExperiment

EXPERIMENTS: tuple[BookExperiment, ...] = (
    *units_and_gradients.EXPERIMENTS,
    *learning.EXPERIMENTS,
    *convolutions.EXPERIMENTS,
    *words_and_states.EXPERIMENTS,
    *reading_and_writing.EXPERIMENTS,
)


def experiment_named(key: str) -> BookExperiment | None:
    """1.21: the 21st of the first book."""
    return next((one for one in EXPERIMENTS if one.key == key), None)
