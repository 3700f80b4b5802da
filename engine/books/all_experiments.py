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

# that train for a while: minutes together
LONG = frozenset(
    {
        "1.14",
        "1.19",
        "1.20",
        "1.21",
        "1.23",
        "1.24",
        "1.25",
        "1.26",
        "1.27",
        "1.28",
        "1.38",
        "2.1",
        "2.11",
        "2.19",
        "2.20",
        "2.21",
        "2.23",
        "2.24",
    }
)


def experiment_named(key: str) -> BookExperiment | None:
    """1.21: the 21st of the first book."""
    return next((one for one in EXPERIMENTS if one.key == key), None)
