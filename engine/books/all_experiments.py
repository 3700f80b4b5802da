"""All 64 experiments of both books, in their order. Who asks for one loads the part of the books where it stands, and no other:
some of them need torch.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from engine.books.reproduced import BookExperiment

# module -> book and number of the first of its experiments; they go on to those of the next module
_PARTS: dict[str, tuple[int, int]] = {
    "units_and_gradients": (1, 1),
    "learning": (1, 20),
    "convolutions": (1, 29),
    "words_and_states": (2, 1),
    "reading_and_writing": (2, 19),
}

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
        "1.33",
        "1.34",
        "1.37",
        "1.38",
        "2.1",
        "2.19",
        "2.20",
        "2.21",
        "2.23",
        "2.24",
    }
)


def _experiments_of(part: str) -> tuple[BookExperiment, ...]:
    found: tuple[BookExperiment, ...] = import_module(f"engine.books.{part}").EXPERIMENTS
    return found


@lru_cache(maxsize=1)
def every_experiment() -> tuple[BookExperiment, ...]:
    """All of them."""
    return tuple(one for part in _PARTS for one in _experiments_of(part))


def experiment_named(key: str) -> BookExperiment | None:
    """1.21: the 21st of the first book."""
    book, _, number = key.partition(".")
    if not (book.isdecimal() and number.isdecimal()):
        return None
    parts = [part for part, first in _PARTS.items() if first <= (int(book), int(number))]
    return next((one for part in parts[-1:] for one in _experiments_of(part) if one.key == key), None)
