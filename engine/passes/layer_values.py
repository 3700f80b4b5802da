"""How healthy each layer of a network is while it learns: the numbers that courses tell a learner to watch.

`layer_values` is a probe, a pure function of (model, data): it runs the network in evaluation mode over some validation
samples, spread evenly over the set, and reads the gradients that the last step has left. A row is a layer with weights, or an
activation function; what is inside a composite has rows of its own. All sums are in double precision. With `a_ns` the value of
cell s of a layer's output for sample n:

| number    | what it is                                                                                                    |
|-----------|---------------------------------------------------------------------------------------------------------------|
| mean      | of all a_ns                                                                                                   |
| deviation | standard deviation of all a_ns (divided by their number): LeCun et al., "Efficient BackProp", 1998, and       |
|           | Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010, want it   |
|           | to be alike from layer to layer                                                                               |
| between   | √(mean over s of the variance of a_ns over n): how far the samples differ. deviation² = between² + variance   |
|           | over s of the cells' means, so that 0 beside a healthy deviation is a layer that gives the same answer to all |
| saturated | share of the a_ns on a flat end of their activation function, where hardly a gradient comes through (Glorot & |
|           | Bengio). Tanh: |a| > 0.97, slope below 0.06. Sigmoid: a < 0.03 or > 0.97, slope below 0.03. ReLU6: a ≥ 6,     |
|           | slope 0. Recurrent layers, whose output is bounded by a tanh: |h| > 0.97. None for all others: ReLU, LeakyReLU|
|           | and GELU have no upper end, and the lower one is what `dead` is about; a projected state has no bound         |
| dead      | share of the units whose output is 0 for every sample of the whole validation set, at every place and time    |
|           | step. A unit is a channel or a feature. 0 is exactly 0; of GELU, whose lower end only tends to it, below 1e-4 |
|           | in size. A LeakyReLU cannot die: its lower end has a slope. Weights that begin at 0 make a layer dead too     |
| gradient  | length (L2) of the gradient of the loss by all of the layer's parameters, as the optimiser got it in the last |
|           | step: after clipping                                                                                          |
| update    | log10(‖after - before‖ / ‖before‖) of the layer's weights, without biases, in one step; about -3 is usual     |
|           | (CS231n, "Neural Networks Part 3: ratio of weights:updates")                                                  |

Recurrent layers are judged by their outputs: of all time steps where the output is a sequence. What is not known is None:
gradient and update of a model that has not just done a step, or of a layer without parameters. Called by the training lab.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf, log10, nan, prod, sqrt
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from engine.experiments.check import VALIDATION_BATCH
from engine.layers.base import Layer, Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.activation import GELU, LeakyReLU, ReLU, ReLU6, Sigmoid, Softmax, Tanh
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.recurrent import RNN, Recurrent
from engine.networks.axis_meaning import CONTENTS, Meaning, after, meanings
from engine.networks.trace import Path, Row, Trace, trace

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.datasets import Dataset
    from engine.passes.step_update import StepUpdate

ACTIVATIONS = (ReLU, ReLU6, LeakyReLU, Sigmoid, Tanh, GELU, Softmax)
FLAT = 0.03  # of the range of a sigmoid, and 1 - |a| of a tanh
NEARLY_ZERO = 1e-4  # of a GELU
MOST_SAMPLES, FEWEST_SAMPLES = 64, 8  # unless a pass over two is expensive already
SAMPLE_CELLS = 1_600_000  # values of all rows that are looked at
SAMPLE_MACS = 1_000_000_000  # multiply-adds of the pass over them
SEARCH_MACS = 4_000_000_000  # of the search for dead units: a fraction of a second
COUNTED = 32_768  # values in a histogram, at most
BINS = 48


class ValueSpread(NamedTuple):
    """A histogram: `counts` in equal parts from `low` to `high`; `missing` values were not finite."""

    counts: NDArray[np.int64]
    low: float
    high: float
    missing: int = 0

    @property
    def edges(self) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.linspace(self.low, self.high, len(self.counts) + 1)
        return found

    def within(self, edges: NDArray[np.float64]) -> NDArray[np.float64]:
        """Which share of the values lies between each pair of neighbouring `edges`, taking those of a part of this histogram to
        be spread evenly over it."""
        total = int(self.counts.sum())
        if total == 0:
            return np.zeros(len(edges) - 1)
        if self.high <= self.low:  # all values are one
            place = np.clip(np.searchsorted(edges, self.low, "right") - 1, 0, len(edges) - 2)
            return np.asarray(np.arange(len(edges) - 1) == place, np.float64)
        below = np.concatenate(([0.0], np.cumsum(self.counts) / total))
        return np.asarray(np.diff(np.interp(edges, self.edges, below)), np.float64)


@dataclass(frozen=True, eq=False)
class LayerRow:
    """The numbers of one layer, as the module says. `activations` counts values of the samples, `weights` its weights without
    biases, at most `COUNTED` of either, evenly chosen."""

    path: Path
    kind: str
    mean: float
    deviation: float
    between: float
    saturated: float | None
    dead: float
    units: int
    activations: ValueSpread
    gradient: float | None = None
    update: float | None = None
    weights: ValueSpread | None = None


@dataclass(frozen=True, eq=False)
class LayerValues:
    """The rows in the order of the network. `samples` were looked at, and for dead units `searched` of `total`: where that is
    less than all, the share of dead units is one at most. `step` is how many steps the model had done, `update_step` the step
    that moved the weights so; None: not known."""

    rows: tuple[LayerRow, ...]
    samples: int
    searched: int
    total: int
    step: int | None = None
    update_step: int | None = None


class Judged(NamedTuple):
    """A layer that has a row, and along which axis of its output, the batch first, its units lie."""

    path: Path
    layer: Layer
    row: Row
    units: int


def judged(layers: Sequence[AnyLayer], traced: Trace) -> tuple[Judged, ...]:
    """The layers that have a row, in the order of the network. `traced` is their trace, without a problem."""
    known = meanings(layers, traced.input)
    found = [
        Judged(path, layer, row, _units_axis(layer, known.get(path, ()), len(row.output)))
        for path, layer, row in _rows(layers, traced.rows, ())
        if row.parameters or isinstance(layer, ACTIVATIONS)
    ]
    return tuple(found)


def layer_values(model: nn.Module, data: Dataset, *, layers: tuple[AnyLayer, ...]) -> LayerValues:
    """The numbers of every layer of `model`, which is `layers` as `modules.build` makes them, in evaluation mode. The model is
    not changed; the next step that a trainer makes with it is measured. Of a validation set that would cost more than
    `SEARCH_MACS` only a part is searched for dead units, where any are left to be found."""
    import torch

    from engine.passes.step_update import step_update_of

    traced, parts = _plan(layers, data.input, data.tokens)
    x = data.x_validation
    count = _samples(parts, traced, len(x))
    chosen = torch.arange(count) * len(x) // count
    update = step_update_of(model)
    device = next(model.parameters()).device
    seen: dict[Path, _Seen] = {}
    modules = _modules(model, layers, traced.rows)
    watched = [(part, modules[part.path]) for part in parts]

    def look(part: Judged, output: Tensor) -> None:
        seen[part.path] = _look(part, output)

    with torch.no_grad():
        with _watching(watched, look):
            model(x[chosen].to(device))
        searched = _search(model, watched, seen, data, traced.macs, count)
    rows = tuple(_row(part, module, seen[part.path], update) for part, module in watched)
    if update is None:
        return LayerValues(rows, count, searched, len(x))
    update.asked = True
    return LayerValues(rows, count, searched, len(x), update.step, update.measured)


# --- inside


@lru_cache(maxsize=4)
def _plan(layers: tuple[AnyLayer, ...], shape: Shape, tokens: bool) -> tuple[Trace, tuple[Judged, ...]]:
    """Kept, because the same network is asked several times a second."""
    traced = trace(layers, shape, tokens=tokens)
    return traced, judged(layers, traced)


@dataclass(eq=False)
class _Seen:
    mean: float
    deviation: float
    between: float
    saturated: float | None
    activations: ValueSpread
    zero: Tensor = field(repr=False)  # of each unit, whether all of its values so far are 0


def _rows(layers: Sequence[Layer], rows: Sequence[Row], here: Path) -> Iterator[tuple[Path, Layer, Row]]:
    """All layers but composites, depth first."""
    for index, (layer, row) in enumerate(zip(layers, rows, strict=True)):
        if isinstance(layer, Composite):
            for branch, (_, inside) in zip(layer.branches_in_order(), row.inside, strict=True):
                yield from _rows(branch.layers, inside, (*here, index, *branch.path))
        else:
            yield (*here, index), layer, row


def _units_axis(layer: Layer, meaning: Meaning, axes: int) -> int:
    """Channels or features, where the layers before say which axis that is; or else the first of three axes and more, and the
    last of fewer."""
    meant = after(layer, meaning) if meaning else ()
    if len(meant) == axes:
        for axis, name in enumerate(meant):
            if name in CONTENTS:
                return axis + 1
    return 1 if axes > 2 else axes


def _samples(parts: Sequence[Judged], traced: Trace, total: int) -> int:
    cells = max(1, sum(prod(part.row.output) for part in parts))
    fitting = min(max(FEWEST_SAMPLES, SAMPLE_CELLS // cells), max(2, SAMPLE_MACS // max(1, traced.macs)))
    return min(total, MOST_SAMPLES, fitting)


def _modules(model: nn.Module, layers: Sequence[AnyLayer], rows: Sequence[Row]) -> dict[Path, nn.Module]:
    from torch import nn as torch_nn

    from engine.passes.modules import places

    return {path: module for path, _, _, module in places(layers, rows, cast(torch_nn.Sequential, model))}


@contextmanager
def _watching(watched: Sequence[tuple[Judged, nn.Module]], look: Callable[[Judged, Tensor], None]) -> Iterator[None]:
    """While this is entered, `look` is called with each output of the modules."""

    def hook(part: Judged) -> Callable[[nn.Module, object, Tensor], None]:
        return lambda _module, _input, output: look(part, output)

    handles = [module.register_forward_hook(hook(part)) for part, module in watched]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _look(part: Judged, output: Tensor) -> _Seen:
    """The numbers of one output, (N, ...)."""
    values = output.detach().float().cpu()
    exact = values.double().flatten(1)
    flat = _flat(part.layer, values)
    few = max(1, COUNTED // max(1, exact.shape[1]))
    return _Seen(
        mean=float(exact.mean()),
        deviation=float(exact.var(correction=0).sqrt()),
        between=sqrt(found) if (found := float(exact.var(dim=0, correction=0).mean())) >= 0 else nan,
        saturated=None if flat is None else int(flat.sum()) / flat.numel(),
        activations=spread(values[:few].flatten()),
        zero=_zero(part, output),
    )


def _flat(layer: Layer, values: Tensor) -> Tensor | None:
    """Which values lie on a flat end; None: there is none."""
    match layer:
        case Sigmoid():
            return (values < FLAT) | (values > 1 - FLAT)
        case ReLU6():
            return values >= 6.0
        case RNN() if layer.nonlinearity != "tanh":
            return None
        case Recurrent() if getattr(layer, "proj_size", 0):
            return None
        case Tanh() | Recurrent():
            return values.abs() > 1 - FLAT
        case _:
            return None


def _zero(part: Judged, output: Tensor) -> Tensor:
    """Of each unit, whether all of its values in `output`, (N, ...), are 0."""
    most = NEARLY_ZERO if isinstance(part.layer, GELU) else 0.0
    sizes = output.detach().abs().movedim(part.units, 0).flatten(1).amax(dim=1)
    return (sizes <= most).cpu()


def _search(
    model: nn.Module,
    watched: Sequence[tuple[Judged, nn.Module]],
    seen: dict[Path, _Seen],
    data: Dataset,
    macs: int,
    count: int,
) -> int:
    """Go through the validation set for as long as there are units that were 0 so far; afterwards `zero` tells the dead ones.
    Returns for how many samples the answer is known."""
    device = next(model.parameters()).device
    total, done = len(data.x_validation), 0
    most = SEARCH_MACS // max(1, macs)

    def look(part: Judged, output: Tensor) -> None:
        seen[part.path].zero &= _zero(part, output)

    while done < total:
        left = [(part, module) for part, module in watched if bool(seen[part.path].zero.any())]
        if not left:
            return total
        size = min(VALIDATION_BATCH, most - done)
        if size <= 0:
            return max(done, count)
        with _watching(left, look):
            model(data.x_validation[done : done + size].to(device))
        done += size
    return total


def _row(part: Judged, module: nn.Module, seen: _Seen, update: StepUpdate | None) -> LayerRow:
    import torch

    from engine.passes.step_update import square, weights_of

    gradients = [each.grad for each in module.parameters() if each.grad is not None]
    weights = [weight.detach().flatten() for weight in weights_of(module).values()]
    return LayerRow(
        part.path,
        type(part.layer).__name__,
        seen.mean,
        seen.deviation,
        seen.between,
        seen.saturated,
        int(seen.zero.sum()) / len(seen.zero),
        len(seen.zero),
        seen.activations,
        sqrt(sum(square(each) for each in gradients)) if gradients else None,
        None if update is None else _moved(part.path, update),
        spread(torch.cat([_few(weight) for weight in weights])) if weights else None,
    )


def _moved(path: Path, update: StepUpdate) -> float | None:
    """log10 of the length of the update over that of the weights: -inf where they have not moved."""
    start = ".".join(_name(path)) + "."
    found = [squares for name, squares in update.moved.items() if name.startswith(start)]
    moved, size = (sum(squares[place] for squares in found) for place in (0, 1))
    if not found or not size > 0:
        return None
    return 0.5 * log10(moved / size) if moved > 0 else -inf if moved == 0 else nan


def _name(path: Path) -> list[str]:
    """The parts of a module's name: a Sequential's layers are named without the word."""
    return [str(part) for part in path if part != "layers"]


def _few(values: Tensor) -> Tensor:
    return values[:: max(1, -(-len(values) // COUNTED))]


def spread(values: Tensor) -> ValueSpread:
    """The histogram of values, in `BINS` equal parts of their whole range."""
    found = values.detach().cpu().numpy().astype(np.float64)
    finite = found[np.isfinite(found)]
    if not len(finite):
        return ValueSpread(np.zeros(BINS, np.int64), 0.0, 0.0, len(found))
    low, high = float(finite.min()), float(finite.max())
    if high <= low:
        return ValueSpread(np.array([len(finite)], np.int64), low, high, len(found) - len(finite))
    counts, _ = np.histogram(finite, BINS, (low, high))
    return ValueSpread(counts, low, high, len(found) - len(finite))
