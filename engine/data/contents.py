"""What is in a data set, to be looked at: how often each class stands in the part that trains and in the one that validates,
between which values its numbers lie, and a few samples of each class.

The arrays themselves are let go of: what is kept is at most `MOST_BYTES`. Called by the window's view of the data, in a thread
of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from engine.data.info import Data, DataInfo
from engine.data.sources import describe, source_named

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[Any]

MOST_OF_A_CLASS = 100
MOST_SAMPLES = 40  # where there are no classes: evenly over all of them
MOST_BYTES = 2**26  # of all samples that are kept
BINS = 30  # of the targets' histogram


class KeptSamples(NamedTuple):
    """Samples of one part: their numbers within it, from 0 on, in rising order; inputs and targets as the network gets them."""

    numbers: NDArray[np.int64]
    x: Array
    y: Array

    def of_class(self, label: int) -> NDArray[np.int64]:
        """The places, among those that are kept, of the samples of a class."""
        import numpy as np

        return np.flatnonzero(self.y == label)


class PartContents(NamedTuple):
    """One part of the data. `counts` says how many samples each class has, of tokens how often each one is read; empty for a
    regression."""

    samples: int
    counts: tuple[int, ...]
    kept: KeptSamples

    @property
    def guess(self) -> float:
        """The share of the most frequent class: how often an answer is right that is always the same."""
        return max(self.counts) / sum(self.counts) if any(self.counts) else 0.0


class TargetSpread(NamedTuple):
    """How often the targets of a regression's training part fall between two of `edges`, of which there is one more."""

    counts: tuple[int, ...]
    edges: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class DataContents:
    """What loading `data` with `seed` gives. `low`, `high`, `mean` and `deviation` are those of the training part's inputs,
    where these are numbers."""

    data: Data
    seed: int
    info: DataInfo
    train: PartContents
    validation: PartContents
    bytes: int  # of all arrays
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    deviation: float = 0.0
    targets: TargetSpread | None = None

    def part(self, name: str) -> PartContents:
        """The part "validation", or else the one that trains."""
        return self.validation if name == "validation" else self.train


def contents(data: Data, seed: int) -> DataContents:
    """Load `data`, whose split the experiment's `seed` decides where they name none, and look at them. Raises DatasetError."""
    import numpy as np

    info = describe(data)
    arrays = source_named(info.name).arrays(info, seed if data.seed is None else data.seed)
    x, y = arrays.x_train, arrays.y_train
    numbers: dict[str, float] = {}
    if not info.tokens:
        numbers = {
            "low": float(x.min()),
            "high": float(x.max()),
            "mean": float(x.mean(dtype=np.float64)),
            "deviation": float(x.std(dtype=np.float64)),
        }
    targets = None
    if info.task == "regression":
        counts, edges = np.histogram(y[np.isfinite(y)], BINS)
        targets = TargetSpread(tuple(counts.tolist()), tuple(edges.tolist()))
    return DataContents(
        data=data,
        seed=seed,
        info=info,
        train=_part(info, x, y),
        validation=_part(info, arrays.x_validation, arrays.y_validation),
        bytes=sum(int(each.nbytes) for each in arrays),
        targets=targets,
        **numbers,
    )


def _part(info: DataInfo, x: Array, y: Array) -> PartContents:
    import numpy as np

    most = max(1, MOST_BYTES // 2 // max(1, (x.nbytes + y.nbytes) // len(x)))  # samples
    if info.task == "classification":
        counts = np.bincount(y, minlength=info.outputs)
        each = max(1, min(MOST_OF_A_CLASS, most // max(1, info.outputs)))
        order = np.argsort(y, kind="stable")
        begins = np.cumsum(counts) - counts
        rank = np.arange(len(y)) - np.repeat(begins, counts)  # of each sample within its class
        numbers = np.sort(order[rank < each]).astype(np.int64)
    else:
        counts = np.bincount(x.reshape(-1), minlength=info.outputs) if info.tokens else np.zeros(0, np.int64)
        numbers = np.linspace(0, len(x) - 1, min(len(x), MOST_SAMPLES, most)).round().astype(np.int64)
    kept = KeptSamples(numbers, x[numbers].copy(), y[numbers].copy())
    return PartContents(len(x), tuple(counts.tolist()), kept)
