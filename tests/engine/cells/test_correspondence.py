"""Which cells belong together, as torch's own gradients have it."""

from __future__ import annotations

import warnings
from random import Random
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine.cells.correspondence import IndexGrid, output_channels, read_by, reads, touched
from engine.layers.axes import per_axis
from engine.layers.base import Refusal
from engine.layers.catalog import Conv2d, ConvTranspose2d, MaxPool2d
from engine.layers.windows import Slide, readers
from engine.passes.modules import build_layer
from tests.engine.layers.random_layers import RANKS, random_layer, random_shape

FILTERS = ("Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d")
POOLS = ("MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d")
SEEDS = range(60)


def a_setting(kind: str, seed: int) -> tuple[Any, tuple[int, ...], Random]:
    """A random layer of `kind` that is valid for the shape beside it."""
    random = Random(f"{kind} {seed}")
    while True:
        shape = random_shape(random, RANKS[kind])
        layer: Any = random_layer(random, kind, shape, wild=0)
        try:
            layer.output_shape(shape)
        except Refusal:
            continue
        return layer, shape, random


def torchs(layer: Any, shape: tuple[int, ...]) -> Any:
    with warnings.catch_warnings(action="ignore"):  # of torch, that a bias of no length or an even "same" kernel costs time
        return build_layer(layer, shape).double()


def a_place(random: Random, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Edges, where the rules are, as often as the middle."""
    return tuple(random.choice((0, size - 1, random.randrange(size))) for size in shape)


def where(tensor: Tensor) -> set[tuple[int, ...]]:
    return set(map(tuple, (tensor != 0).nonzero().tolist()))


def positive(*shape: int, seed: int) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + 0.5


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", FILTERS)
def test_a_filters_readings_are_torchs_gradients(kind: str, seed: int) -> None:
    layer, shape, random = a_setting(kind, seed)
    module = torchs(layer, shape)
    x = positive(*shape, seed=seed).requires_grad_()
    module.weight.data = positive(*module.weight.shape, seed=seed + 1)
    y = module(x[None])[0]
    assert y.shape == layer.output_shape(shape)
    for _ in range(4):
        channel, *position = a_place(random, y.shape)
        by_input, by_weight = torch.autograd.grad(y[channel, *position], (x, module.weight), retain_graph=True)
        ours_input, ours_weight = torch.zeros_like(by_input), torch.zeros_like(by_weight)
        taps = reads(layer, shape, channel, tuple(position))
        assert len({tap.weight for tap in taps}) == len(taps)
        for tap in taps:
            group, within = divmod(channel, layer.out_channels // layer.groups)
            if kind.startswith("ConvTranspose"):
                weight = (group * (shape[0] // layer.groups) + tap.weight[0], within, *tap.weight[1:])
            else:
                weight = (channel, *tap.weight)
            if tap.source is not None:
                ours_input[tap.source] += module.weight.data[weight]
                ours_weight[weight] += x.data[tap.source]
        assert where(ours_input) == where(by_input)
        torch.testing.assert_close(ours_input, by_input)
        assert where(ours_weight) == where(by_weight)
        torch.testing.assert_close(ours_weight, by_weight)

    for _ in range(3):  # who reads an input cell: the layer is linear, so one cell alone shows where it goes
        cell = a_place(random, shape)
        alone = torch.zeros_like(x.data)
        alone[cell] = 1
        readers_ = {(channel, *at) for channel in output_channels(layer, shape, cell[0]) for at in read_by(layer, shape, cell)}
        assert readers_ == where(module(alone[None])[0] - module(torch.zeros_like(alone)[None])[0])

    for _ in range(3):  # what a weight touches: of a filter with one weight alone, the cells that have a gradient
        weight = a_place(random, module.weight.shape)
        module.weight.data.zero_()[weight] = 1
        (gradient,) = torch.autograd.grad(module(x[None]).sum(), x)
        if kind.startswith("ConvTranspose"):
            group, first = divmod(weight[0], shape[0] // layer.groups)
            channel, ours = group * (layer.out_channels // layer.groups) + weight[1], (first, *weight[2:])
        else:
            channel, ours = weight[0], weight[1:]
        cells = touched(layer, shape, ours, channel)
        assert set(cells) == where(gradient)
        assert len(cells) == len(set(cells))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", POOLS)
def test_a_pools_readings_are_torchs(kind: str, seed: int) -> None:
    """Every input cell alone is a picture of its own: it shows in the outputs whose window holds it, and in no other."""
    layer, shape, random = a_setting(kind, seed)
    module = torchs(layer, shape)
    spatial = shape[1:]
    cells = int(np.prod(spatial))
    alone = torch.eye(cells, dtype=torch.float64).reshape(cells, 1, *spatial)
    shows = module(alone)[:, 0] > 0
    channel = random.randrange(shape[0])
    for _ in range(4):
        position = a_place(random, shows.shape[1:])
        taps = reads(layer, shape, channel, position)
        assert {tap.source for tap in taps if tap.source} == {
            (channel, *at) for at in where(shows[:, *position].reshape(spatial))
        }
    for _ in range(4):
        at = a_place(random, spatial)
        assert set(read_by(layer, shape, (channel, *at))) == where(shows[int(np.ravel_multi_index(at, spatial))])
    # A weight of the window: a convolution with this weight alone, over an input with room for every window
    axes = len(spatial)
    kernel, padding, dilation = (per_axis(value, axes) for value in (layer.kernel_size, layer.padding, layer.dilations))
    stride = layer.kernel_size if layer.stride is None else layer.stride
    weight = a_place(random, kernel)
    x = torch.ones(1, 1, *spatial, dtype=torch.float64, requires_grad=True)
    room: list[int] = []
    for size, before, far in zip(kernel, padding, dilation, strict=True):
        room = [before, before + size * far, *room]  # torch begins with the last axis
    one = torch.zeros(1, 1, *kernel, dtype=torch.float64)
    one[0, 0, *weight] = 1
    convolve = (functional.conv1d, functional.conv2d, functional.conv3d)[axes - 1]
    y = convolve(functional.pad(x, room), one, None, stride, 0, dilation)[0, 0]
    (gradient,) = torch.autograd.grad(y[tuple(slice(size) for size in shows.shape[1:])].sum(), x)
    assert set(touched(layer, shape, (0, *weight), channel)) == {(channel, *at) for at in where(gradient[0, 0])}


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("kind", ["Conv1d", "Conv2d", "Conv3d"])
def test_the_padding_holds_what_torchs_padding_holds(kind: str, seed: int) -> None:
    layer, shape, random = a_setting(kind, seed)
    module = torchs(layer, shape)
    margins = list(module.pad.padding) if hasattr(module, "pad") else module._reversed_padding_repeated_twice
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    numbers = torch.arange(1.0, 1 + int(np.prod(shape)), dtype=torch.float64).reshape(1, *shape)
    padded = functional.pad(numbers, margins, mode)[0].numpy().astype(int)
    before = (0, *margins[::-1][1::2])
    output = layer.output_shape(shape)
    stride, dilation = (per_axis(value, layer.AXES) for value in (layer.stride, layer.dilation))
    for _ in range(4):
        channel, *position = a_place(random, output)
        for tap in reads(layer, shape, channel, tuple(position)):
            place = tuple(at + margin for at, margin in zip(tap.cell, before, strict=True))
            assert place[1:] == tuple(
                o * s + k * d for o, s, k, d in zip(position, stride, tap.weight[1:], dilation, strict=True)
            )
            number = int(padded[place])
            assert tap.source == (None if number == 0 else tuple(map(int, np.unravel_index(number - 1, shape))))


@pytest.mark.parametrize(
    ("mode", "row"),
    [
        ("zeros", [None, None, 0, 1, 2, None, None]),
        ("reflect", [2, 1, 0, 1, 2, 1, 0]),
        ("replicate", [0, 0, 0, 1, 2, 2, 2]),
        ("circular", [1, 2, 0, 1, 2, 0, 1]),
    ],
)
def test_paddings_of_three_cells_by_hand(mode: Any, row: list[int | None]) -> None:
    layer = Conv2d(out_channels=1, kernel_size=(1, 7), padding=(0, 2), padding_mode=mode)
    taps = reads(layer, (1, 1, 3), 0, (0, 0))
    assert [tap.cell for tap in taps] == [(0, 0, column) for column in range(-2, 5)]
    assert [tap.source for tap in taps] == [None if column is None else (0, 0, column) for column in row]


def test_a_transposed_cell_that_no_filter_reaches_reads_nothing() -> None:
    layer = ConvTranspose2d(out_channels=1, kernel_size=1, stride=3)
    assert reads(layer, (2, 2, 2), 0, (1, 0)) == ()
    assert [tap.source for tap in reads(layer, (2, 2, 2), 0, (3, 0))] == [(0, 1, 0), (1, 1, 0)]


def test_a_window_over_the_edge_ends_with_the_padding() -> None:
    layer = MaxPool2d(kernel_size=(1, 3), stride=2, ceil_mode=True)
    assert [tap.source for tap in reads(layer, (1, 1, 6), 0, (0, 2))] == [(0, 0, 4), (0, 0, 5)]


def test_readers_of_a_place_are_the_windows_that_hold_it() -> None:
    random = Random(5)
    for _ in range(3000):
        slide = Slide(
            random.randint(1, 12),
            random.randint(1, 5),
            random.randint(1, 7),
            random.randint(0, 5),
            random.randint(0, 5),
            random.randint(1, 7),
        )
        for place in range(-slide.before, slide.length + slide.after):
            pairs = [(k, i) for i in range(slide.outputs) for k, at in enumerate(slide.cells(i)) if at == place]
            assert list(zip(*readers(slide, place), strict=True)) == sorted(pairs), (slide, place)


def test_what_lights_up_takes_no_longer_in_a_larger_picture() -> None:
    """Ten thousand million cells in each channel: what goes through them all never ends."""
    size = 10**5
    for mode in ("zeros", "reflect", "replicate", "circular"):
        layer = Conv2d(out_channels=64, kernel_size=3, padding=1, padding_mode=mode)
        shape = (64, size, size)
        assert len(reads(layer, shape, 63, (7, 7))) == 64 * 9
        assert tuple(read_by(layer, shape, (3, 9, 9))) == tuple((row, column) for row in (8, 9, 10) for column in (8, 9, 10))
        assert len(touched(layer, shape, (3, 1, 1))) == size**2
    assert len(read_by(ConvTranspose2d(out_channels=1, kernel_size=4, stride=2), (1, size, size), (0, 9, 9))) == 16


def test_a_grid_is_a_tuple_of_places() -> None:
    grid, places = IndexGrid(((7,), (0, 2, 4), (5, 6))), [(7, row, column) for row in (0, 2, 4) for column in (5, 6)]
    assert list(grid) == places and len(grid) == 6
    assert [grid[number] for number in range(-6, 6)] == places + places
    assert grid[1:5:2] == tuple(places[1:5:2])
    assert (7, 2, 6) in grid and (7, 1, 6) not in grid and (7, 2) not in grid
    with pytest.raises(IndexError):
        grid[6]
    assert not IndexGrid(((7,), ())) and list(IndexGrid(((7,), ()))) == []


def test_cells_that_are_not_there_are_refused() -> None:
    layer, shape = Conv2d(out_channels=4, kernel_size=3, groups=2), (2, 5, 5)
    for wrong in ((4, (0, 0)), (0, (3, 0)), (0, (-1, 0)), (0, (0,))):
        with pytest.raises(IndexError):
            reads(layer, shape, *wrong)
    with pytest.raises(IndexError):
        read_by(layer, shape, (2, 0, 0))
    with pytest.raises(IndexError):
        touched(layer, shape, (1, 0, 0))  # a filter of this group has one channel
    with pytest.raises(Refusal):
        reads(layer, (3, 5, 5), 0, (0, 0))
