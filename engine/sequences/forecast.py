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
    from torch import Tensor, nn

    from engine.data.datasets import Dataset

MOST_FREE = 64  # samples of the validation set that are also read freely, evenly spread over it
FREE_STEPS = 20_000  # so many steps times samples at most: fewer samples where they are long
MOST_LAG = 20
BATCH = 256  # samples at once, as a validation takes them
SKILLED = 0.05  # a skill below is none: no more than chance makes of a random walk


class NoForecastError(CodedError):
    """The task is no series whose next value is asked for."""

    TABLE = "sequence_answers"


@dataclass(frozen=True)
class ForecastErrors:
    """Mean squared errors. `forced` and `naive` are over all T steps: the network reads true values only, and the naive line
    says the last one again; so `forced` of the whole set is the run's validation loss. `free` and `held` are over the steps
    whose values come after the warm-up: the network reads its own predictions, and the naive line holds the last true value.
    None: it cannot run free."""

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
    """Of validation sample `sample` of `total`: what is read and what follows, (T, F) each; the predictions of y, in which
    number t is that of the value after step t. `free` is the forced one up to number `warm_up` - 1, the last that is made of
    true values alone; None with the reason in `not_free`. `held` is the naive line beside it: the last value again, and from
    there on that value held."""

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
    free_samples: int  # of the validation set, over which `of_all.free` and `of_all.held` are; 0: it cannot run free
    lag: BestLag  # over the whole validation set
    reads_ahead: bool = False  # its answers depend on values that come after them

    @property
    def verdict(self) -> Phrase:
        """What skill and lag over the whole set say of the forecast, in a sentence. A network that reads from the end, or looks
        ahead, has read the value that it is asked for."""
        if self.not_free is not None and self.not_free.code == "reads_the_future":
            return Phrase(NoForecastError.TABLE, "has_read_the_answer")
        if self.reads_ahead:
            return Phrase(NoForecastError.TABLE, "has_looked_ahead")
        skill = self.of_all.skill
        if skill is None:
            return Phrase(NoForecastError.TABLE, "naive_is_exact")
        if skill < -SKILLED:
            return Phrase(NoForecastError.TABLE, "worse_than_naive")
        if skill < SKILLED:
            return Phrase(NoForecastError.TABLE, "only_lags" if self.lag.lag == 1 else "no_skill")
        return Phrase(NoForecastError.TABLE, "has_skill")


def look_at_forecast(model: nn.Module, data: Dataset, *, sample: int = 0, warm_up: int | None = None) -> ForecastAnswer:
    """Validation sample `sample`, counted round. `warm_up`: true values that are read before the network reads its own
    predictions, from 1 to T; None: half of the series. Raises NoForecastError where the task is no series."""
    import torch

    from engine.sequences.reading.free_running import why_not
    from engine.sequences.reading.reads_ahead import reads_ahead

    _require_series(data)
    device = next(model.parameters()).device
    x_all, y_all = data.x_validation, data.y_validation
    total, steps = x_all.shape[:2]
    number = sample % total
    warm = max(1, min(steps, steps // 2 if warm_up is None else warm_up))
    with torch.no_grad():
        forced_all = torch.cat([model(part.to(device)).float().cpu() for part in torch.split(x_all, BATCH)])
    refusal = why_not(model)
    of_all = ForecastErrors(_mean_square(forced_all - y_all), _mean_square(x_all - y_all), None, None)
    chosen = torch.zeros(0, dtype=torch.long)
    free: NDArray[np.float32] | None = None
    if refusal is None:
        count = max(1, min(total, MOST_FREE, FREE_STEPS // steps))
        chosen = torch.arange(count) * total // count
        read = torch.cat([chosen, torch.tensor([number])])
        freely = _free(model, x_all[read].to(device), warm).cpu()
        after = slice(warm - 1, None)
        ahead = freely[:-1, after] - y_all[chosen][:, after]
        still = _held(x_all[chosen], warm)[:, after] - y_all[chosen][:, after]
        of_all = ForecastErrors(of_all.forced, of_all.naive, _mean_square(ahead), _mean_square(still))
        free = freely[-1].numpy()
    x, y, forced, held = x_all[number], y_all[number], forced_all[number], _held(x_all[number : number + 1], warm)[0]
    of_sample = ForecastErrors(
        _mean_square(forced - y),
        _mean_square(x - y),
        None if free is None else _mean_square(torch.from_numpy(free[warm - 1 :]) - y[warm - 1 :]),
        None if free is None else _mean_square(held[warm - 1 :] - y[warm - 1 :]),
    )
    return ForecastAnswer(
        number,
        total,
        warm,
        x.numpy().copy(),
        y.numpy().copy(),
        forced.numpy().copy(),
        x.numpy().copy(),
        free,
        held.numpy().copy(),
        refusal,
        of_sample,
        of_all,
        len(chosen),
        best_lag(forced_all.numpy(), y_all.numpy()),
        refusal is not None and reads_ahead(model, x_all[number : number + 1].to(device)),
    )


def best_lag(predicted: NDArray[np.floating], truth: NDArray[np.floating], most: int = MOST_LAG) -> BestLag:
    """By how many steps `predicted` (N, T, F) comes after `truth`, up to `most` and to a third of the series. Of equal ones the
    least."""
    steps = truth.shape[1]
    lags = range(min(most, (steps - 1) // 3) + 1)
    last = lags[-1]
    late = predicted[:, last:].astype(np.float64)
    errors = [float(((late - truth[:, last - lag : steps - lag]) ** 2).mean()) for lag in lags]
    return BestLag(int(np.argmin(errors)), np.array(errors))


def _require_series(data: Dataset) -> None:
    """A forecast reads what it says: the target is the input, one step later."""
    if data.task != "regression" or data.y_validation.ndim != 3:
        raise NoForecastError("no_series")
    x, y = data.x_validation, data.y_validation
    if x.shape != y.shape or not bool((x[:, 1:] == y[:, :-1]).all()):
        raise NoForecastError("target_is_not_next")


def _free(model: nn.Module, x: Tensor, warm_up: int) -> Tensor:
    """The predictions (N, T, F) of a network that reads `warm_up` true values and then its own predictions."""
    import torch

    from engine.sequences.reading.free_running import StepByStep

    network = StepByStep(model)
    read = [network.read(x[:, :warm_up])]
    for _ in range(x.shape[1] - warm_up):
        read.append(network.read(read[-1][:, -1:]))
    return torch.cat(read, dim=1).float()


def _held(x: Tensor, warm_up: int) -> Tensor:
    """The last value again, (N, T, F), up to the end of the warm-up; then that one value."""
    import torch

    return torch.cat([x[:, :warm_up], x[:, warm_up - 1 : warm_up].expand(-1, x.shape[1] - warm_up, -1)], dim=1)


def _mean_square(difference: Tensor) -> float:
    return float((difference.double() ** 2).mean())
