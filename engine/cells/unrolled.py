"""A layer as one matrix: im2col, as in 『밑바닥부터 시작하는 딥러닝』, chapter 7. A row is an output cell's window,
unrolled; a column is a weight of the filter, so that a row times the filter as a column is the output cell.

The matrix has as many numbers as the layer has products, with each input cell many times: it is never made as a whole. A
`Matrix` gives any block of it. For pooling, which has no filter, the maximum or mean of a row is the output cell. A transposed
convolution is shown from its output's side too: a row holds the numbers that `col2im` would add up there, and most of it is
empty.

No torch. Called by the convolution lab's im2col view, and by `backward` for the values of maps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.cells.arithmetic import filter_of
from engine.cells.correspondence import Index, cell_meetings, input_channels, mean_counts, source_table, transposed_slides
from engine.cells.filters import Filters
from engine.cells.planes import Flat
from engine.layers.base import Shape
from engine.layers.kinds.pooling import AvgPool2d, MaxPool2d, Pooling
from engine.layers.kinds.transposed import Transposed
from engine.layers.windows import Slide

BLOCK_NUMBERS = 2**20  # of the matrix, made at a time


class Submatrix(NamedTuple):
    """A part of the matrix, (rows, columns). `empty` cells have no input value: their number is 0, in max pooling −∞."""

    values: NDArray[np.float64]
    empty: NDArray[np.bool_]


class Spots(NamedTuple):
    """The source of each number of a part of the matrix, (rows, columns): the input's `channel`, the position in the padded
    input (`row`, `column`), and the input cell with the value there (`source_row`, `source_column`; negative if there is
    none)."""

    channel: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    source_row: NDArray[np.int64]
    source_column: NDArray[np.int64]

    @property
    def empty(self) -> NDArray[np.bool_]:
        """The cells without an input value."""
        return (self.source_row < 0) | (self.source_column < 0)


@dataclass(frozen=True, eq=False)
class Matrix:
    """The matrix of output `channel` of `layer` over `values_CHW`; the same for all output channels of a group. Rows run over
    the output's cells row by row, columns over the group's channels and in each over the kernel, row by row."""

    layer: Flat
    values_CHW: NDArray[np.float32]
    channel: int

    @cached_property
    def outputs(self) -> tuple[int, int]:
        _, height, width = self.layer.output_shape(self._shape)
        return height, width

    @cached_property
    def kernel(self) -> tuple[int, int]:
        down, across = self._slides
        return down.kernel, across.kernel

    @cached_property
    def inputs(self) -> range:
        """The input channels of the columns."""
        return input_channels(self.layer, self._shape, self.channel)

    @property
    def shape(self) -> tuple[int, int]:
        return prod(self.outputs), len(self.inputs) * prod(self.kernel)

    def row(self, output: tuple[int, int]) -> int:
        return output[0] * self.outputs[1] + output[1]

    def output(self, row: int) -> tuple[int, int]:
        """The output cell of a row."""
        return divmod(row, self.outputs[1])

    def column(self, weight: tuple[int, int, int]) -> int:
        channel, row, column = weight
        return (channel * self.kernel[0] + row) * self.kernel[1] + column

    def weight(self, column: int) -> tuple[int, int, int]:
        """The weight of a column: (channel within the group, row, column)."""
        rest, across = divmod(column, self.kernel[1])
        return *divmod(rest, self.kernel[0]), across

    def block(self, rows: Sequence[int], columns: Sequence[int]) -> Submatrix:
        """These rows of these columns."""
        channels, y, x = self._sources(rows, columns)
        empty = (y < 0) | (x < 0)
        values = self.values_CHW[channels, y.clip(0), x.clip(0)].astype(np.float64)
        values[empty] = -np.inf if isinstance(self.layer, MaxPool2d) else 0.0
        return Submatrix(values, empty)

    def spots(self, rows: Sequence[int], columns: Sequence[int]) -> Spots:
        """The sources of these rows of these columns."""
        channels, y, x = self._sources(rows, columns)
        if isinstance(self.layer, Transposed):
            return Spots(channels, y, x, y, x)
        down, across, _, kernel_rows, kernel_columns = self._split(rows, columns)
        (high, wide) = self._slides
        own_y = down[:, None] * high.stride - high.before + kernel_rows * high.dilation
        own_x = across[:, None] * wide.stride - wide.before + kernel_columns * wide.dilation
        return Spots(channels, own_y, own_x, y, x)

    def places(self, cell: Index) -> list[tuple[int, int]]:
        """The rows and columns that hold input cell (channel, row, column), one for each product with it. Empty if the cell is
        of another group."""
        if cell[0] not in self.inputs:
            return []
        channel = cell[0] - self.inputs.start
        down, across = cell_meetings(self.layer, self._shape, cell)
        return [(self.row((y.output, x.output)), self.column((channel, y.kernel, x.kernel))) for y in down for x in across]

    def results(self, rows: Sequence[int], columns_of_weights: NDArray[np.float32] | None = None) -> NDArray[np.float64]:
        """The results of the rows in double precision: (rows, filters) for filters as columns (columns, filters), without
        biases; (rows, 1) for pooling, the maxima or means."""
        whole = range(self.shape[1])
        at_once = max(1, BLOCK_NUMBERS // len(whole))
        weights = None if columns_of_weights is None else columns_of_weights.astype(np.float64)
        parts = []
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            values = self.block(part, whole).values
            if weights is not None:
                parts.append(values @ weights)
            elif isinstance(self.layer, MaxPool2d):
                parts.append(values.max(1, keepdims=True))
            else:
                parts.append(values.sum(1, keepdims=True) / self.divisors(part)[:, None])
        return np.concatenate(parts)

    def divisors(self, rows: Sequence[int]) -> NDArray[np.int64]:
        """The divisors of average pooling: for each row the cells that count in the mean."""
        assert isinstance(self.layer, AvgPool2d)
        down, across = np.divmod(np.asarray(rows), self.outputs[1])
        return mean_counts(self.layer, self._shape, 0, down) * mean_counts(self.layer, self._shape, 1, across)

    # --- inside

    @property
    def _shape(self) -> Shape:
        return self.values_CHW.shape

    @cached_property
    def _slides(self) -> tuple[Slide, ...]:
        if isinstance(self.layer, Transposed):
            return transposed_slides(self.layer, self._shape)
        return self.layer.slides(self._shape)

    def _sources(
        self, rows: Sequence[int], columns: Sequence[int]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Channel, row and column of the input for each number of a part; row or column is negative if it is empty."""
        down, across, channels, kernel_rows, kernel_columns = self._split(rows, columns)
        y = source_table(self.layer, self._shape, 0, down)[:, kernel_rows]
        x = source_table(self.layer, self._shape, 1, across)[:, kernel_columns]
        return np.broadcast_to(channels + self.inputs.start, y.shape), y, x

    def _split(
        self, rows: Sequence[int], columns: Sequence[int]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The outputs' rows and columns of the matrix's rows; the channels and the weights' rows and columns of its columns."""
        down, across = np.divmod(np.asarray(rows, np.int64), self.outputs[1])
        rest, kernel_columns = np.divmod(np.asarray(columns, np.int64), self.kernel[1])
        channels, kernel_rows = np.divmod(rest, self.kernel[0])
        return down, across, channels, kernel_rows, kernel_columns


def filter_column(matrix: Matrix, filters: Filters, channel: int | None = None) -> NDArray[np.float32]:
    """The filter of output `channel`, by default the matrix's own, in the order of the matrix's columns."""
    layer = matrix.layer
    assert not isinstance(layer, Pooling)
    chosen = matrix.channel if channel is None else channel
    return filter_of(layer, matrix.values_CHW.shape, filters.weight, chosen).ravel()


def map_values(
    layer: Flat,
    values_CHW: NDArray[np.float32],
    filters: Filters | None,
    channels: range,
    rows: Sequence[int],
    columns: Sequence[int],
) -> NDArray[np.float64]:
    """Values of the layer's maps `channels` at every combination of rows and columns, (channels, rows, columns), summed in
    double precision."""
    _, _, width = layer.output_shape(values_CHW.shape)
    numbers = (np.asarray(rows, np.int64)[:, None] * width + np.asarray(columns, np.int64)).ravel().tolist()
    result = np.empty((len(channels), len(numbers)))
    done = 0
    while done < len(channels):
        matrix = Matrix(layer, values_CHW, channels[done])
        if isinstance(layer, Pooling):
            result[done] = matrix.results(numbers)[:, 0]
            done += 1
            continue
        assert filters is not None
        per_group = layer.out_channels // layer.groups
        group = channels[done : done + per_group - channels[done] % per_group]
        weights = np.stack([filter_column(matrix, filters, channel) for channel in group], axis=1)
        found = matrix.results(numbers, weights) + filters.bias_O[group.start : group.stop].astype(np.float64)
        result[done : done + len(group)] = found.T
        done += len(group)
    return result.reshape(len(channels), len(rows), len(columns))
