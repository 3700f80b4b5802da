"""What a network makes of one validation sample: the output of a layer, its filters, and the answer at the end.

`look_inside` is a probe, a pure function of (model, data), in evaluation mode. Its answer is plain numpy that shares no memory
with the model. Called by the training lab.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from engine.cells.arithmetic import OutputCell, cell_of
from engine.data.info import Task
from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer, Sliding
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.transposed import Transposed
from engine.networks.axis_meaning import Meaning, after, meanings
from engine.networks.edits import at, has
from engine.networks.output_meaning import OutputMeaning
from engine.networks.trace import Path, Row, trace
from engine.passes.one_sample import answer_to, one_sample

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.datasets import Dataset


@dataclass(frozen=True, eq=False)
class OpenedLayer:
    """A layer whose cells are sums, with what it has read of the sample, (C, *sizes), and torch's weight and bias; pooling has
    neither."""

    layer: Sliding
    input: NDArray[np.float32]
    weight: NDArray[np.float32] | None
    bias: NDArray[np.float32] | None


@dataclass(frozen=True, eq=False)
class SampleView:
    """`input`, `truth` and `output` are as in `Dataset`, without the batch. `values` is the output of the layer at `path`, ()
    for the input, whose axes mean `axes`; "" where nothing says it. `filters` are (out, in of a group, *kernel).

    `answers` is one number for each class, of a sequence at its last place: probabilities, or with the `meaning` "values" the
    outputs, which are none; None for a regression."""

    sample: int
    total: int  # validation samples
    task: Task
    classes: tuple[str, ...]
    input: NDArray[Any]
    truth: NDArray[Any]
    path: Path
    values: NDArray[Any]
    axes: Meaning
    filters: NDArray[np.float32] | None
    output: NDArray[np.float32]
    answers: NDArray[np.float64] | None
    meaning: OutputMeaning
    opened: OpenedLayer | None = None  # of a convolution or a pooling

    def cell(self, position: tuple[int, ...]) -> OutputCell | None:
        """The exact computation of the cell at (channel, *place) of `values`; None: it is no sum, or there is none."""
        opened = self.opened
        if opened is None or len(position) != self.values.ndim:
            return None
        if not all(0 <= at < size for at, size in zip(position, self.values.shape, strict=True)):
            return None
        channel, *place = position
        return cell_of(opened.layer, opened.input, opened.weight, opened.bias, channel, tuple(place))

    @property
    def target(self) -> int | None:
        """The class that `answers` should name."""
        return None if self.answers is None else int(self.truth.reshape(-1)[-1])


def look_inside(
    model: nn.Module, data: Dataset, *, layers: tuple[AnyLayer, ...], path: Path, sample: int, meaning: OutputMeaning
) -> SampleView:
    """Validation sample `sample`, counted round, in `model`, which is `layers` as `modules.build` makes them. A `path` that no
    layer is at is the input."""
    from torch import nn as torch_nn

    from engine.passes.modules import places

    path = path if has(layers, path) else ()
    number, total, x, y = one_sample(data, sample)
    module = None
    if path:
        rows = _rows_of(layers, data.input, data.tokens)
        found = places(layers, rows, cast(torch_nn.Sequential, model))
        module = next(module for here, _, _, module in found if here == path)
    kept: list[Tensor] = [x]
    read: list[Tensor] = []

    def keep(_module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        read.append(inputs[0])
        kept.append(output)

    handle = None if module is None else module.register_forward_hook(keep)
    try:
        output = answer_to(model, x)
    finally:
        if handle is not None:
            handle.remove()
    values = kept[-1][0].detach().cpu().contiguous().numpy().copy()
    return SampleView(
        number,
        total,
        data.task,
        data.classes,
        x[0].numpy().copy(),
        np.array(y[0].numpy()),
        path,
        values,
        _axes(layers, data, path, values.ndim),
        None if module is None else _filters(at(layers, path), module),
        output,
        None if data.task == "regression" else _answers(output.reshape(-1, output.shape[-1])[-1], meaning),
        meaning,
        None if module is None or not read else _opened(at(layers, path), module, read[-1]),
    )


def _opened(layer: AnyLayer, module: nn.Module, read: Tensor) -> OpenedLayer | None:
    if not isinstance(layer, Sliding):
        return None
    numbers = [_numbers(getattr(module, name, None)) for name in ("weight", "bias")]
    source = _numbers(read[0])
    return None if source is None else OpenedLayer(layer, source, *numbers)


def _numbers(tensor: Tensor | None) -> NDArray[np.float32] | None:
    """Copied."""
    return None if tensor is None else tensor.detach().float().cpu().contiguous().numpy().copy()


@lru_cache(maxsize=4)
def _rows_of(layers: tuple[AnyLayer, ...], shape: Shape, tokens: bool) -> tuple[Row, ...]:
    """Kept, because the same network is asked several times a second."""
    return trace(layers, shape, tokens=tokens).rows


def _axes(layers: tuple[AnyLayer, ...], data: Dataset, path: Path, axes: int) -> Meaning:
    """What the axes of the layer's output mean."""
    if not path:
        one = ("steps",) if data.tokens else ("features",)
        return {3: ("channels", "height", "width"), 2: ("steps", "features"), 1: one}.get(axes, ("",) * axes)
    found = after(at(layers, path), meanings(layers, data.input).get(path, ()))
    return found if len(found) == axes else ("",) * axes


def _filters(layer: AnyLayer, module: nn.Module) -> NDArray[np.float32] | None:
    """(out, in of a group, *kernel), copied. In torch those of a transposed convolution are (in, out of a group, *kernel)."""
    if not isinstance(layer, Filtering):
        return None
    weight: NDArray[np.float32] = cast("Tensor", module.weight).detach().float().cpu().contiguous().numpy().copy()
    if not isinstance(layer, Transposed):
        return weight
    inputs, outputs, *kernel = weight.shape
    groups = layer.groups
    grouped = weight.reshape(groups, inputs // groups, outputs, *kernel).swapaxes(1, 2)
    return np.ascontiguousarray(grouped.reshape(groups * outputs, inputs // groups, *kernel))


def _answers(values: NDArray[np.float32], meaning: OutputMeaning) -> NDArray[np.float64]:
    """One number for each class, by the rule of `output_meaning`."""
    shares = values.astype(np.float64)
    if meaning == "scores":
        shares = np.exp(shares - shares.max())
        shares /= shares.sum()
    return shares
