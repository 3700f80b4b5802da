"""The sources of a layer's weights: drawn at random, from the library, from a trained run, edited by hand.

`Weights` is the description (part of a lab's state), `Filters` the numbers; `filters_of` makes the numbers from the
description. A run's filters are handed in: `engine.runs.first_filters` reads them. No torch. Called by the convolution lab.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, prod, sqrt
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from engine.cells.correspondence import Index
from engine.cells.filter_library import UNDIVIDED, Library, fitted_to, library_filter
from engine.fields import setting
from engine.figures import full_count
from engine.layers.catalog import Sliding
from engine.layers.fitting import MOST_WEIGHTS
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.transposed import Transposed
from engine.words import say

WeightSeed = Annotated[int, setting(0, 2**31 - 1, slider=(0, 99))]
WeightSource: TypeAlias = Literal["he", "xavier", "normal", "library", "run"]

LARGEST_EDIT = 1e6


class WeightEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number set by hand. `place` is its index in torch's weight; (output,) alone is the bias of that channel."""

    place: tuple[Annotated[int, Meta(ge=0, lt=2**20)], ...]
    value: Annotated[float, setting(-LARGEST_EDIT, LARGEST_EDIT)]


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the weights come from. "normal" uses `deviation`, "library" uses `library`, "run" uses `run`, a run's folder."""

    source: WeightSource = "he"
    seed: WeightSeed = 7
    deviation: Annotated[float, setting(0.0, 1e3, slider=(0.0, 1.0), step=0.01)] = 0.1
    library: Library = "all"
    run: str = ""
    edits: tuple[WeightEdit, ...] = ()


@dataclass(frozen=True, eq=False)
class Filters:
    """A layer's weights in torch's layout, float32: `weight` is (O, I, *kernel) with I = in_channels / groups, for a transposed
    convolution (I, O / groups, *kernel). `bias_O` is zeros if the layer has no biases."""

    weight: NDArray[np.float32]
    bias_O: NDArray[np.float32]


class FiltersError(ValueError):
    """Weights that cannot be made. `code` is one of assets/words/filters.toml, `values` fill its sentence."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(say("filters", code, **values))
        self.code = code
        self.values = values


def filters_of(
    weights: Weights,
    layer: Sliding,
    channels: int,
    *,
    flipped: bool = False,
    trained: tuple[Filtering, Filters] | None = None,
) -> Filters | None:
    """The filters of `layer` for an input of `channels`, a multiple of the groups; None for pooling, which has none.

    `flipped` reverses each filter along every axis of its kernel, after the edits: the convolution of mathematics.
    `trained`, which the source "run" needs, is the first convolution of that run and its filters. Raises FiltersError where
    there are too many weights to draw, or where the source is a run and none is given.
    """
    if not isinstance(layer, Filtering):
        return None
    inputs = channels // layer.groups
    shape = (layer.out_channels, inputs, *layer.kernel)
    if prod(shape) > MOST_WEIGHTS:
        raise FiltersError("too_many", count=full_count(prod(shape)), most=full_count(MOST_WEIGHTS))
    bias_O = np.zeros(layer.out_channels, np.float32)
    if weights.source == "library":
        weight = _from_library(weights.library, shape)
    elif weights.source == "run":
        if trained is None:
            raise FiltersError("no_run")
        weight, bias_O = _from_run(*trained, layer, channels)
    else:
        weight = _drawn(spread(weights, layer, channels).deviation, weights.seed, shape)
    if isinstance(layer, Transposed):
        weight = _swapped(weight, layer.groups)
    _put_edits(weights.edits, weight, bias_O)
    if flipped:
        weight = np.flip(
            weight, tuple(range(2, weight.ndim))
        ).copy()  # torch accepts no negative stride, not even of a single cell
    return Filters(np.ascontiguousarray(weight), bias_O if layer.bias else np.zeros_like(bias_O))


class Spread(NamedTuple):
    """The standard deviation of random weights. `fan_in` counts the weights into one output channel, `fan_out` those out of one
    input channel."""

    fan_in: int
    fan_out: int
    deviation: float


def spread(weights: Weights, layer: Filtering, channels: int) -> Spread:
    """The spread of random weights: variance 2 / fan_in (He et al. 2015), 2 / (fan_in + fan_out) (Xavier: Glorot and Bengio
    2010), or the deviation of `weights`."""
    cells = prod(layer.kernel)
    fan_in, fan_out = channels // layer.groups * cells, layer.out_channels // layer.groups * cells
    variances = {"he": 2 / fan_in, "xavier": 2 / (fan_in + fan_out)}
    own = weights.source not in variances
    return Spread(fan_in, fan_out, weights.deviation if own else sqrt(variances[weights.source]))


def place_of(layer: Sliding, channels: int, output: int, source: int, cell: tuple[int, ...], *, flipped: bool = False) -> Index:
    """The index in torch's weight of the weight between output channel `output` and the `source`th input channel of its group,
    at `cell` of the kernel as it is shown: with `flipped`, counted from the other end."""
    assert isinstance(layer, Filtering), "pooling has no weights"
    if flipped:
        cell = tuple(length - 1 - index for length, index in zip(layer.kernel, cell, strict=True))
    if not isinstance(layer, Transposed):
        return (output, source, *cell)
    group, within = divmod(output, layer.out_channels // layer.groups)
    return (group * (channels // layer.groups) + source, within, *cell)


def with_edit(weights: Weights, place: Index, value: float) -> Weights:
    """`weights` with one number set by hand, which replaces an earlier edit there. |value| must be at most LARGEST_EDIT."""
    edits = (*(edit for edit in weights.edits if edit.place != place), WeightEdit(place, value))
    return msgspec.structs.replace(weights, edits=edits)


def edits_in_force(weights: Weights, layer: Sliding, channels: int) -> tuple[WeightEdit, ...]:
    """The edits of weights and biases that `layer` has. Edits of a larger filter are kept until the filter is that large
    again."""
    if not isinstance(layer, Filtering):
        return ()
    outputs, inputs = layer.out_channels, channels // layer.groups
    between = (channels, outputs // layer.groups) if isinstance(layer, Transposed) else (outputs, inputs)
    shape = (*between, *layer.kernel)
    bias = (outputs if layer.bias else 0,)
    return tuple(edit for edit in weights.edits if _within(edit.place, shape) or _within(edit.place, bias))


# --- inside: weights are (O, I, *kernel) for every kind until `filters_of` returns them


def _drawn(deviation: float, seed: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Normally distributed around 0. All sources have the same draws at another scale. Filters are drawn one after another, so
    that the first ones do not change with the number of output channels."""
    generator = np.random.default_rng(seed)
    weight = np.empty(shape, np.float32)
    for filter_ in weight:
        filter_[...] = generator.standard_normal(shape[1:]) * deviation
    return weight


def _from_library(library: Library, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Each filter divided by the number of its input channels, so that the output is the mean over them."""
    outputs, inputs, *kernel = shape
    weight = np.empty(shape, np.float32)
    for output in range(outputs):
        values = library_filter(library, tuple(kernel), output)
        weight[output] = values if library in UNDIVIDED else values / inputs
    return weight


def _from_run(
    own: Filtering, filters: Filters, layer: Filtering, channels: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The filters of `own`, a run's first convolution, made to fit `layer`: (O, I, *kernel) and biases.

    If the run's input has another number of channels, every channel gets the same weights, so that their sum stays (one channel
    from three: the weights summed; three from one: a third each). A kernel of another size is cut or padded with zeros. Output
    channels beyond those of the run are zeros."""
    trained = _swapped_back(filters.weight, own.groups) if isinstance(own, Transposed) else filters.weight
    trained = trained[: layer.out_channels]
    inputs = channels // layer.groups
    if (own.groups, trained.shape[1]) != (layer.groups, inputs):
        trained = _regrouped(trained, own, layer, channels)
    weight = np.zeros((layer.out_channels, inputs, *layer.kernel), np.float32)
    weight[: len(trained)] = fitted_to(trained, layer.kernel, leading=2)
    bias_O = np.zeros(layer.out_channels, np.float32)
    bias_O[: len(trained)] = filters.bias_O[: layer.out_channels]
    return weight, bias_O


def _regrouped(trained: NDArray[np.float32], own: Filtering, layer: Filtering, channels: int) -> NDArray[np.float32]:
    """(O, channels / layer.groups, *kernel): the same filters for other channels or groups. Input channels that a group does
    not read are left out. If the number of channels differs, every channel gets the same weights with the same sum."""
    inputs = channels // layer.groups
    if channels != trained.shape[1] * own.groups:
        mean = trained.sum(1, dtype=np.float64, keepdims=True) / inputs
        return np.repeat(mean.astype(np.float32), inputs, axis=1)
    whole = np.zeros((len(trained), channels, *trained.shape[2:]), np.float32)
    result = np.empty((len(trained), inputs, *trained.shape[2:]), np.float32)
    for output, filter_ in enumerate(trained):
        first = output // (own.out_channels // own.groups) * trained.shape[1]
        whole[output, first : first + trained.shape[1]] = filter_
        first = output // (layer.out_channels // layer.groups) * inputs
        result[output] = whole[output, first : first + inputs]
    return result


def _swapped(weight: NDArray[np.float32], groups: int) -> NDArray[np.float32]:
    """(O, I / groups, *kernel) -> (I, O / groups, *kernel), the layout of a transposed convolution."""
    outputs, inputs, *kernel = weight.shape
    parts = weight.reshape(groups, outputs // groups, inputs, *kernel).swapaxes(1, 2)
    return np.ascontiguousarray(parts).reshape(groups * inputs, outputs // groups, *kernel)


def _swapped_back(weight: NDArray[np.float32], groups: int) -> NDArray[np.float32]:
    """(I, O / groups, *kernel) -> (O, I / groups, *kernel): the swap is its own inverse."""
    return _swapped(weight, groups)


def _put_edits(edits: tuple[WeightEdit, ...], weight: NDArray[np.float32], bias_O: NDArray[np.float32]) -> None:
    for edit in edits:
        for values in (weight, bias_O):
            if _within(edit.place, values.shape) and isfinite(edit.value):
                values[edit.place] = edit.value


def _within(place: Index, shape: tuple[int, ...]) -> bool:
    return len(place) == len(shape) and all(0 <= index < size for index, size in zip(place, shape, strict=True))
