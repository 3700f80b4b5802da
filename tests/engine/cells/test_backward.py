"""Gradients as sums: exact, term by term, and the same as torch's autograd for every kind and setting."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from engine.cells.arithmetic import FLOAT64, agrees
from engine.cells.backward import (
    UpstreamName,
    into_input,
    into_weight,
    upstream,
)
from engine.cells.filters import Filters
from engine.layers.catalog import AvgPool2d, Conv2d, ConvTranspose2d, MaxPool2d
from engine.layers.kinds.pooling import Pooling
from engine.passes.layer_gradients import input_by_torch, weight_by_torch
from tests.engine.cells.test_correspondence import a_place, a_setting
from tests.engine.cells.test_unrolled import KINDS, filled, some

NAMES: tuple[UpstreamName, ...] = ("ones", "output", "random")


def loss(name: UpstreamName, y: torch.Tensor, above: Any) -> torch.Tensor:
    """The loss whose gradient `upstream` says it is."""
    match name:
        case "ones":
            return y.sum()
        case "output":
            return (y * y).sum() / 2
        case "random":
            return (y * torch.from_numpy(above(*map(range, y.shape))).double()).sum()


def one_map(weight: tuple[int, ...], layer: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Where torch keeps a weight: (output channel, channel within the group, row, column) as its own index."""
    channel, within, *kernel = weight
    if isinstance(layer, ConvTranspose2d):
        group, output = divmod(channel, layer.out_channels // layer.groups)
        return (group * (shape[0] // layer.groups) + within, output, *kernel)
    return weight


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")
@pytest.mark.parametrize("seed", range(45))
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_torchs(kind: str, seed: int) -> None:
    layer, shape, random = a_setting(kind, seed)
    name = NAMES[seed % 3]
    values = np.rint(4 * some(*shape, seed=seed)) / 4 if seed % 2 else some(*shape, seed=seed)  # with equal ones, too
    values = values.astype(np.float32)
    module, filters = filled(layer, shape, seed)
    x = torch.from_numpy(values).double().requires_grad_()
    y = module(x[None])[0]
    above = upstream(name, layer, values, filters)
    loss(name, y, above).backward()
    for _ in range(5):
        cell = a_place(random, shape)
        found = into_input(layer, values, filters, above, cell)
        assert float(found.total) == pytest.approx(float(x.grad[cell]), abs=1e-5, rel=1e-5)
        exact = sum((Fraction(str(term.product)) for term in found.terms), Fraction(0))
        assert abs(exact - Fraction(str(found.total))) <= Fraction(1, 10**30)
        assert all(term.source == cell[1:] for term in found.terms)
    if isinstance(layer, Pooling):
        return
    for _ in range(5):
        weight = a_place(random, (layer.out_channels, shape[0] // layer.groups, *layer.kernel))
        found = into_weight(layer, values, above, weight[0], weight[1:])
        expected = module.weight.grad[one_map(weight, layer, shape)]
        assert float(found.total) == pytest.approx(float(expected), abs=1e-4, rel=1e-5)
        assert sum((Fraction(str(term.product)) for term in found.terms), Fraction(0)) == Fraction(str(found.total))
        assert all(term.kernel == weight[2:] for term in found.terms)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("kind", KINDS)
def test_torchs_float32_gradient_of_a_piece_agrees_with_the_exact_sum(kind: str, seed: int) -> None:
    layer, shape, random = a_setting(kind, seed)
    values = some(*shape, seed=seed)
    _, filters = filled(layer, shape, seed)
    above = upstream(NAMES[seed % 3], layer, values, filters)
    channel, source = random.randrange(layer.output_shape(shape)[0]), random.randrange(shape[0])
    rows, columns = (range(first := random.randrange(size), random.randint(first + 1, size)) for size in shape[1:])
    input_HW = input_by_torch(layer, values, filters, above, source, rows, columns)
    assert input_HW.shape == (len(rows), len(columns))
    for row, column in ((rows[0], columns[0]), (rows[-1], columns[-1])):
        exact = into_input(layer, values, filters, above, (source, row, column))
        assert agrees(exact, input_HW[row - rows.start, column - columns.start])[0]
    if isinstance(layer, Pooling):
        return
    weight_IHW = weight_by_torch(layer, values, filters, above, channel)
    assert weight_IHW.shape == (shape[0] // layer.groups, *layer.kernel)
    weight = a_place(random, weight_IHW.shape)
    assert agrees(into_weight(layer, values, above, channel, weight), weight_IHW[weight])[0]


def test_by_hand() -> None:
    """A picture of 3×3 under a filter of 2×2, worked on paper."""
    values = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], np.float32)
    filters = Filters(np.array([[[[1, -1], [2, 0.5]]]], np.float32), np.zeros(1, np.float32))
    layer = Conv2d(out_channels=1, kernel_size=2)

    def above(channels: range, rows: Any, columns: Any) -> np.ndarray:
        return np.array([[[1, 2], [3, 4]]], np.float32)[np.ix_(channels, rows, columns)]

    weight = into_weight(layer, values, above, 0, (0, 0, 1))
    assert weight.total == 1 * 2 + 2 * 3 + 3 * 5 + 4 * 6
    assert [(term.output, term.cell, str(term.product)) for term in weight.terms] == [
        ((0, 0, 0), (0, 1), "2"),
        ((0, 0, 1), (0, 2), "6"),
        ((0, 1, 0), (1, 1), "15"),
        ((0, 1, 1), (1, 2), "24"),
    ]
    middle = into_input(layer, values, filters, above, (0, 1, 1))
    assert middle.total == Decimal("0.5") * 1 + 2 * 2 - 1 * 3 + 1 * 4
    assert [(term.output[1:], term.kernel, str(term.partner)) for term in middle.terms] == [
        ((0, 0), (1, 1), "0.5"),
        ((0, 1), (1, 0), "2"),
        ((1, 0), (0, 1), "-1"),
        ((1, 1), (0, 0), "1"),
    ]
    corner = into_input(layer, values, filters, above, (0, 0, 0))
    assert (len(corner.terms), corner.total) == (1, 1)


def test_a_maximum_takes_the_gradient_of_its_window_and_the_first_of_equals_all_of_it() -> None:
    values = np.array([[[3, 3, 1], [0, 3, 2], [5, 1, 1]]], np.float32)
    layer = MaxPool2d(kernel_size=2, stride=1)
    above = upstream("ones", layer, values, None)
    found = [[int(into_input(layer, values, None, above, (0, row, column)).total) for column in range(3)] for row in range(3)]
    assert found == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_a_mean_shares_the_gradient_out() -> None:
    layer = AvgPool2d(kernel_size=3, stride=1, padding=1, count_include_pad=False)
    values = np.zeros((1, 3, 3), np.float32)
    found = into_input(layer, values, None, upstream("ones", layer, values, None), (0, 0, 0))
    assert [term.divisor for term in found.terms] == [4, 6, 6, 9]
    exact = Fraction(1, 4) + Fraction(1, 6) + Fraction(1, 6) + Fraction(1, 9)
    assert abs(Fraction(str(found.total)) - exact) < Fraction(1, 10**38)
    assert found.float32 == np.float32(float(exact))
    assert str(found.terms[0].product) == "0.25"


def test_a_cell_that_nobody_reads_has_no_gradient() -> None:
    layer = Conv2d(out_channels=2, kernel_size=1, stride=2)
    values = some(1, 4, 4, seed=0)
    _, filters = filled(layer, values.shape, 0)
    above = upstream("output", layer, values, filters)
    found = into_input(layer, values, filters, above, (0, 1, 1))
    assert (len(found.terms), found.total) == (0, 0)
    assert input_by_torch(layer, values, filters, above, 0, range(1, 2), range(1, 2)).tolist() == [[0]]


@pytest.mark.parametrize("name", NAMES)
def test_an_upstream_is_the_same_in_any_part(name: UpstreamName) -> None:
    layer = Conv2d(out_channels=3, kernel_size=3, padding=1)
    values = some(2, 9, 7, seed=3)
    _, filters = filled(layer, values.shape, 3)
    above = upstream(name, layer, values, filters)
    whole = above(range(3), range(9), range(7))
    assert whole.dtype == np.float32 and whole.shape == (3, 9, 7)
    assert np.array_equal(above(range(1, 2), (2, 5), range(3, 6)), whole[1:2, [2, 5], 3:6])
    assert np.array_equal(above(range(1, 2), range(9), range(7)), whole[1:2])
    if name == "random":
        assert set(np.unique(whole)) == {-2, -1, 0, 1, 2}


def test_a_large_pictures_weight_is_added_up() -> None:
    layer = Conv2d(out_channels=16, kernel_size=3, padding=1)
    values = np.random.default_rng(0).random((3, 224, 224)).astype(np.float32)
    above = upstream("random", layer, values, None)
    found = into_weight(layer, values, above, 5, (2, 1, 2))
    assert len(found.terms) == 50_176
    assert found.terms[50_175].output == (5, 223, 223)
    exact = torch.from_numpy(above(range(5, 6), range(224), range(223)).astype(float))[0]
    expected = float((exact * torch.from_numpy(values[2, :, 1:].astype(float))).sum())
    assert abs(float(found.total) - expected) <= found.error_bound(FLOAT64)
