"""A forecast beside the naive line: teacher-forced, free-running, and "the last value again".

A probe: `look_at_forecast` is a pure function of (model, data), in evaluation mode, whose answer is plain numpy. The task is a
series: x (T, F) and at every step the next value as the target, y (T, F).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.words import CodedError, Phrase

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset


class NoForecastError(CodedError):
    """The task is no series, or the network cannot read its own predictions."""

    TABLE = "sequence_answers"


@dataclass(frozen=True)
class ForecastErrors:
    """Mean squared errors. `forced` and `naive` are over all T steps: the network reads true values only, and the naive line
    says the last one again; so `forced` of the whole set is the run's validation loss. `free` and `held` are over the steps
    after the warm-up: the network reads its own predictions, and the naive line holds the last true value. None: it cannot run
    free."""

    forced: float
    naive: float
    free: float | None
    held: float | None

    @property
    def skill(self) -> float | None:
        """1 - forced / naive: 1 is exact, 0 no better than the last value again. None where the naive line is exact."""
        return 1.0 - self.forced / self.naive if self.naive > 0.0 else None

    @property
    def free_skill(self) -> float | None:
        """1 - free / held."""
        return 1.0 - self.free / self.held if self.free is not None and self.held else None


@dataclass(frozen=True, eq=False)
class BestLag:
    """By how many steps a forecast comes late: `errors[k]` is the mean squared difference between the prediction of y_t and
    y_(t-k), all over the same steps; `lag` is where it is least. 1: the curve is the last value again."""

    lag: int
    errors: NDArray[np.float64]  # (lags,)


@dataclass(frozen=True, eq=False)
class ForecastAnswer:
    """Of validation sample `sample` of `total`: what is read and what follows, (T, F) each; the predictions of y. `free` is the
    forced one up to step `warm_up` - 1, the last that is made of true values alone; None with the reason in `not_free`.
    `held` is the naive line beside it: the last true value again, and from there on held."""

    sample: int
    total: int
    warm_up: int
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    forced: NDArray[np.float32]
    naive: NDArray[np.float32]
    free: NDArray[np.float32] | None
    held: NDArray[np.float32]
    not_free: Phrase | None
    of_sample: ForecastErrors
    of_all: ForecastErrors
    free_samples: int  # of the validation set, whose mean `of_all.free` and `of_all.held` are
    lag: BestLag  # over the whole validation set

    @property
    def verdict(self) -> Phrase:
        """What the skill and the lag say of the forecast, in a sentence."""
        raise NotImplementedError


def look_at_forecast(model: nn.Module, data: Dataset, *, sample: int = 0, warm_up: int | None = None) -> ForecastAnswer:
    """Validation sample `sample`, counted round. `warm_up`: true values that are read before the network reads its own
    predictions, at least 1; None: half of the series. Raises NoForecastError where the task is no series."""
    raise NotImplementedError
