"""The im2col matrix: against torch's unfold, and as the layer itself (matrix times column) against torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.cells.correspondence import reads
from engine.cells.filters import Filters
from engine.cells.unrolled import Matrix, filter_column, map_values
from engine.layers.catalog import AvgPool2d, Conv2d, ConvTranspose2d, MaxPool2d
from engine.layers.kinds.pooling import Pooling
from tests.engine.cells.test_correspondence import a_place, a_setting, torchs

KINDS = ("Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d")


def some(*shape: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def filled(layer: object, shape: tuple[int, ...], seed: int) -> tuple[torch.nn.Module, Filters | None]:
    """torch's module in double precision, and the weights in it."""
    module = torchs(layer, shape)
    if isinstance(layer, Pooling):
        return module, None
    weight = some(*module.weight.shape, seed=seed + 1)
    bias_O = some(layer.out_channels, seed=seed + 2) * layer.bias  # type: ignore[attr-defined]
    module.weight.data = torch.from_numpy(weight).double()
    if module.bias is not None:
        module.bias.data = torch.from_numpy(bias_O).double()
    return module, Filters(weight, bias_O)


def source_of(matrix: Matrix, row: int, column: int) -> tuple[int, ...] | None:
    """The input cell whose value is at this place of the matrix; None where there is none."""
    spots = matrix.spots([row], [column])
    channel, y, x = (int(part[0, 0]) for part in (spots.channel, spots.source_row, spots.source_column))
    return None if spots.empty[0, 0] else (channel, y, x)


def test_the_book_rows_are_windows() -> None:
    """『밑바닥부터 시작하는 딥러닝』 7.4: 3 channels of 7×7 under filters of 5×5 are a matrix of 9 × 75."""
    values = np.arange(3 * 7 * 7, dtype=np.float32).reshape(3, 7, 7)
    matrix = Matrix(Conv2d(out_channels=1, kernel_size=5), values, 0)
    assert matrix.shape == (9, 75)
    whole = matrix.block(range(9), range(75)).values
    assert whole[0, :6].tolist() == [0, 1, 2, 3, 4, 7]  # the first row of the window, then the next one
    assert whole[0, 25] == 49 and whole[4, 0] == 8  # the second channel; the window in the middle
    unfolded = functional.unfold(torch.from_numpy(values)[None], 5)[0].T
    assert np.array_equal(whole, unfolded.numpy())


@pytest.mark.parametrize("seed", range(40))
def test_a_convolutions_matrix_is_torchs_unfold(seed: int) -> None:
    layer, shape, _ = a_setting("Conv2d", seed)
    values = some(*shape, seed=seed)
    module = torchs(layer, shape)
    margins = list(module.pad.padding) if hasattr(module, "pad") else module._reversed_padding_repeated_twice
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    padded = functional.pad(torch.from_numpy(values)[None], margins, mode)
    matrix = Matrix(layer, values, layer.out_channels - 1)
    group = padded[:, matrix.inputs.start : matrix.inputs.stop]
    kernel = layer.kernel
    strides, steps = ([getattr(slide, name) for slide in layer.slides(shape)] for name in ("stride", "dilation"))
    unfolded = functional.unfold(group, kernel, tuple(steps), 0, tuple(strides))[0].T
    rows, columns = matrix.shape
    assert np.array_equal(matrix.block(range(rows), range(columns)).values, unfolded.numpy())


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")
@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("kind", KINDS)
def test_rows_times_the_filters_are_torchs_maps(kind: str, seed: int) -> None:
    layer, shape, random = a_setting(kind, seed)
    values = some(*shape, seed=seed)
    module, filters = filled(layer, shape, seed)
    expected = module(torch.from_numpy(values).double()[None])[0].detach().numpy()
    channels, height, width = expected.shape
    found = map_values(layer, values, filters, range(channels), range(height), range(width))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    channel = random.randrange(channels)
    matrix = Matrix(layer, values, channel)
    assert matrix.outputs == (height, width)
    for _ in range(4):  # entry by entry, as `reads` has it
        output = a_place(random, (height, width))
        row = matrix.row(output)
        taps = {tap.weight: tap.source for tap in reads(layer, shape, channel, output)}
        for column in range(matrix.shape[1]):
            weight, source = matrix.weight(column), source_of(matrix, row, column)
            assert matrix.output(row) == output and matrix.column(weight) == column
            assert source == taps.get(weight)
            if source is not None:
                assert matrix.block([row], [column]).values[0, 0] == values[source]
                assert (row, column) in matrix.places(source)


@pytest.mark.parametrize("kind", KINDS)
def test_places_of_a_cell_are_all_entries_that_hold_it(kind: str) -> None:
    for seed in range(12):
        layer, shape, random = a_setting(kind, seed)
        matrix = Matrix(layer, np.zeros(shape, np.float32), 0)
        cell = a_place(random, shape)
        spots = matrix.spots(*map(range, matrix.shape))
        holds = ~spots.empty
        for read, wanted in zip((spots.channel, spots.source_row, spots.source_column), cell, strict=True):
            holds = holds & (read == wanted)
        assert holds.shape == matrix.shape
        assert sorted(matrix.places(cell)) == list(map(tuple, np.argwhere(holds).tolist()))


def test_empty_cells_of_each_kind() -> None:
    values = np.full((1, 2, 2), 5, np.float32)
    zeros = Matrix(Conv2d(out_channels=1, kernel_size=2, padding=1), values, 0).block([0], range(4))
    assert zeros.values.tolist() == [[0, 0, 0, 5]] and zeros.empty.tolist() == [[True, True, True, False]]
    most = Matrix(MaxPool2d(kernel_size=2, padding=1), values, 0).block([0], range(4))
    assert most.values.tolist() == [[-np.inf, -np.inf, -np.inf, 5]]
    apart = Matrix(ConvTranspose2d(out_channels=1, kernel_size=2, stride=2), values, 0).block([0, 3], range(4))
    assert apart.empty.sum(1).tolist() == [3, 3]  # windows that do not overlap: one weight an output cell
    over = AvgPool2d(kernel_size=2, ceil_mode=True, count_include_pad=True)
    assert Matrix(over, np.ones((1, 3, 3), np.float32), 0).divisors(range(4)).tolist() == [4, 2, 2, 1]


def test_a_block_of_a_large_matrix_is_made_alone() -> None:
    """262,144 × 2,304 numbers: the whole would take 5 GB."""
    values = np.broadcast_to(np.arange(512, dtype=np.float32), (256, 512, 512))
    matrix = Matrix(Conv2d(out_channels=1, kernel_size=3, padding=1), values, 0)
    assert matrix.shape == (512 * 512, 256 * 9)
    block = matrix.block(range(1000, 1012), range(1800, 1840))
    assert block.values[0, 0] == 487  # output (1, 488), weight column 0: one to the left


def test_a_filter_as_a_column_has_the_matrix_order() -> None:
    values = np.zeros((4, 6, 6), np.float32)
    weight = np.arange(2 * 2 * 9, dtype=np.float32).reshape(2, 2, 3, 3)
    filters = Filters(weight, np.zeros(2, np.float32))
    matrix = Matrix(Conv2d(out_channels=2, kernel_size=3, groups=2), values, 1)
    assert filter_column(matrix, filters).tolist() == list(range(18, 36))
    assert filter_column(matrix, filters, 0).tolist() == list(range(18))
    assert matrix.weight(10) == (1, 0, 1) and filter_column(matrix, filters)[10] == weight[1, 1, 0, 1]


@pytest.mark.parametrize("kind", KINDS)
def test_spots_are_where_each_number_is_read(kind: str) -> None:
    for seed in range(12):
        layer, shape, random = a_setting(kind, seed)
        channel = random.randrange(layer.output_shape(shape)[0])
        matrix = Matrix(layer, np.zeros(shape, np.float32), channel)
        output = a_place(random, matrix.outputs)
        spots = matrix.spots([matrix.row(output)], range(matrix.shape[1]))
        for tap in reads(layer, shape, channel, output):
            column = matrix.column(tap.weight)
            assert (spots.channel[0, column], spots.row[0, column], spots.column[0, column]) == tap.cell
            assert bool(spots.empty[0, column]) == (tap.source is None)
            if tap.source is not None:
                assert (spots.source_row[0, column], spots.source_column[0, column]) == tap.source[1:]
