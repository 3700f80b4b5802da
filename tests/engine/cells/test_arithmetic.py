"""One cell's products and their sum: exact, against fractions; against torch in both precisions; the course's, to the digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy import signal

from engine.cells.arithmetic import EXACT, FLOAT64, OutputCell, agrees, cell_of, exact_sum, filter_of, flipped
from engine.layers.catalog import AvgPool1d, AvgPool2d, Conv1d, Conv2d, Conv3d, MaxPool1d, MaxPool2d
from tests.engine.cells.test_correspondence import FILTERS, POOLS, a_place, a_setting, torchs

IMAGE = [[2, 4, 9, 1, 4], [2, 1, 4, 4, 6], [1, 1, 2, 9, 2], [7, 3, 5, 1, 3], [2, 3, 4, 8, 5]]
FILTER = [[1, 2, 3], [-4, 7, 4], [2, -5, 1]]
RESULT = [[21, 59, 37, -19, 2], [30, 51, 66, 20, 43], [-14, 31, 49, 101, -19], [59, 15, 53, -2, 21], [49, 57, 64, 76, 10]]
COURSE = Conv2d(out_channels=1, kernel_size=3, padding=1)


def array(values: Any, *shape: int) -> NDArray[np.float32]:
    return np.array(values, np.float32).reshape(shape or np.shape(values))


def fraction(number: Decimal) -> Fraction:
    """Of the digits as they are printed."""
    return Fraction(str(number))


def nearest(exact: Fraction) -> np.float32:
    """The float32 nearest to `exact`, ties to even, found among the neighbours of a guess."""
    guess = np.float32(float(exact))
    around = [np.nextafter(guess, np.float32(-np.inf)), guess, np.nextafter(guess, np.float32(np.inf))]
    return min(around, key=lambda number: (abs(Fraction(float(number)) - exact), int(number.view(np.int32)) & 1))


def test_the_courses_example_to_the_digit() -> None:
    picture, weight = array(IMAGE, 1, 5, 5), array(FILTER, 1, 1, 3, 3)
    for row in range(5):
        for column in range(5):
            cell = cell_of(COURSE, picture, weight, None, 0, (row, column))
            assert str(cell.total) == str(RESULT[row][column])
            assert len(cell.terms) == 9
            assert sum(int(str(term.product)) for term in cell.terms) == RESULT[row][column]
            assert agrees(cell, float(RESULT[row][column])) == (True, Decimal(0))
            assert not agrees(cell, RESULT[row][column] + 0.001)[0]


def test_the_courses_cell_of_101_term_by_term() -> None:
    cell = cell_of(COURSE, array(IMAGE, 1, 5, 5), array(FILTER, 1, 1, 3, 3), array([0.5]), 0, (2, 3))
    written = [f"{term.value}×{term.weight}={term.product}" for term in cell.terms]
    assert " ".join(written) == "4×1=4 4×2=8 6×3=18 2×-4=-8 9×7=63 2×4=8 5×2=10 1×-5=-5 3×1=3"
    assert (str(cell.bias), str(cell.total), cell.float32) == ("0.5", "101.5", np.float32(101.5))
    assert cell.terms[4].tap == ((0, 1, 1), (0, 2, 3), (0, 2, 3))
    corner = cell_of(COURSE, array(IMAGE, 1, 5, 5), array(FILTER, 1, 1, 3, 3), None, 0, (0, 0))
    assert [term.tap.source is None for term in corner.terms] == [True, True, True, True, False, False, True, False, False]
    assert [str(term.product) for term in corner.terms] == ["0", "0", "0", "0", "14", "16", "0", "-10", "1"]


def a_work(kind: str, seed: int) -> tuple[Any, Any, NDArray[np.float32], Any, Any]:
    """A random layer, torch's module of it, an input and weights of many sizes, zeros of both signs among them."""
    layer, shape, random = a_setting(kind, seed)
    draw = np.random.default_rng(seed)
    spread = random.choice((0, 3, 20))  # powers of ten

    def numbers(*sizes: int) -> NDArray[np.float32]:
        drawn = draw.standard_normal(sizes) * 10.0 ** draw.integers(-spread, spread // 2 + 1, sizes)
        return np.where(draw.random(sizes) < 0.1, draw.choice([0.0, -0.0], sizes), drawn).astype(np.float32)

    module = torchs(layer, shape).float()
    weight = bias = None
    if kind in FILTERS:
        weight = numbers(*module.weight.shape)
        module.weight.data = torch.from_numpy(weight)
        if module.bias is not None:
            bias = numbers(layer.out_channels)
            module.bias.data = torch.from_numpy(bias)
    return layer, module, numbers(*shape), weight, bias


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")
@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("kind", FILTERS + POOLS)
def test_totals_are_torchs_and_the_printed_terms_add_up(kind: str, seed: int) -> None:
    layer, module, values, weight, bias = a_work(kind, seed)
    with torch.no_grad():
        single = module(torch.from_numpy(values)[None])[0]
        double = module.double()(torch.from_numpy(values).double()[None])[0]
    random = Random(seed)
    for _ in range(4):
        channel, *place = a_place(random, single.shape)
        cell = cell_of(layer, values, weight, bias, channel, tuple(place))
        at = (channel, *place)
        terms = list(cell.terms)
        if kind.startswith("MaxPool"):
            assert float(cell.total) == float(single[at]) == float(cell.float32)
            assert cell.error_bound() == 0 and agrees(cell, float(single[at])) == (True, Decimal(0))
            continue
        exact = sum((fraction(term.product) for term in terms), fraction(cell.bias)) / cell.divisor
        assert abs(Fraction(float(double[at])) - exact) <= Fraction(cell.error_bound(FLOAT64))
        assert abs(Fraction(float(single[at])) - exact) <= Fraction(cell.error_bound())
        assert agrees(cell, float(single[at]))[0]
        assert cell.float32 == nearest(exact)
        if 10**30 % cell.divisor == 0:
            assert fraction(cell.total) == exact
        else:
            assert abs(fraction(cell.total) - exact) <= abs(exact) * Fraction(1, 10**39)
        assert sum(map(fraction, cell.per_channel)) + fraction(cell.bias) == exact * cell.divisor
        size = len(terms) // len(cell.per_channel)
        for number, subtotal in enumerate(cell.per_channel):
            own = terms[number * size : (number + 1) * size]
            assert {term.tap.weight[0] for term in own} <= {number}
            assert sum(fraction(term.product) for term in own) == fraction(subtotal)
        numbers = [number for term in terms for number in term[1:]]
        printed = [str(number) for number in (*cell.per_channel, cell.bias, cell.total, *numbers)]
        assert "-0" not in printed
        for term in terms:
            assert EXACT.multiply(term.value, term.weight) == term.product
            source = 0.0 if term.tap.source is None else float(values[term.tap.source])
            assert float(term.value) == source
            if kind in FILTERS:
                assert float(term.weight) == filter_of(layer, values.shape, weight, channel)[term.tap.weight]


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("kind", ["MaxPool1d", "MaxPool2d"])
def test_of_equal_largest_the_first_is_chosen_as_torch_does(kind: str, seed: int) -> None:
    layer, shape, random = a_setting(kind, seed)
    values = np.random.default_rng(seed).integers(-2, 1, shape).astype(np.float32)
    module = torchs(layer, shape).float()
    module.return_indices = True
    _, chosen = module(torch.from_numpy(values)[None])
    for _ in range(4):
        place = a_place(random, chosen.shape[1:])
        cell = cell_of(layer, values, None, None, place[0], place[1:])
        assert cell.chosen is not None
        source = cell.terms[cell.chosen].tap.source
        assert source is not None and np.ravel_multi_index(source[1:], shape[1:]) == int(chosen[0][place])


def test_means_that_do_not_come_out_and_padding_that_counts() -> None:
    values = array([1, 2, 4], 1, 3)
    counted = cell_of(AvgPool1d(kernel_size=3, stride=1, padding=1), values, None, None, 0, (0,))
    assert (counted.divisor, counted.total) == (3, Decimal(1)) and [str(term.weight) for term in counted.terms] == ["1"] * 3
    layer = AvgPool1d(kernel_size=3, stride=1, padding=1, count_include_pad=False)
    alone = cell_of(layer, values, None, None, 0, (0,))
    assert (alone.divisor, alone.total) == (2, Decimal("1.5")) and [str(term.weight) for term in alone.terms] == ["0", "1", "1"]
    third = cell_of(layer, values, None, None, 0, (1,))
    assert str(third.total) == "2." + "3" * 39 and third.float32 == np.float32(7 / 3)
    over = cell_of(AvgPool2d(kernel_size=2, ceil_mode=True), array([[3, 5, 8]], 1, 1, 3).repeat(3, 1), None, None, 0, (1, 1))
    assert (len(over.terms), over.divisor, over.total) == (1, 1, Decimal(8))


def test_a_maximum_over_nothing_but_padding() -> None:
    layer = MaxPool1d(kernel_size=2, dilation=2, padding=1)
    cell = cell_of(layer, array([5], 1, 1), None, None, 0, (0,))
    theirs = torch.nn.MaxPool1d(2, dilation=2, padding=1)(torch.tensor([[[5.0]]]))
    assert cell.float32 == theirs.item() == -np.inf
    assert agrees(cell, theirs.item()) == (True, Decimal(0))


def test_digits_beyond_float64_are_kept() -> None:
    values, weight = array([2.0**60, 1, 2.0**-60], 1, 3), array([2.0**60, 1, 2.0**-60], 1, 1, 3)
    cell = cell_of(Conv1d(out_channels=1, kernel_size=3), values, weight, None, 0, (0,))
    assert fraction(cell.total) == Fraction(2) ** 120 + 1 + Fraction(2) ** -120
    small = array([np.finfo(np.float32).smallest_subnormal], 1, 1)
    cell = cell_of(Conv1d(out_channels=1, kernel_size=1), small, small.reshape(1, 1, 1), None, 0, (0,))
    assert fraction(cell.total) == Fraction(2) ** -298 and cell.float32 == 0


@pytest.mark.parametrize("sign", [1, -1])
def test_the_total_is_rounded_once(sign: int) -> None:
    """A little more than the middle between two float32 numbers: rounded to float64 first, it would be the middle."""
    layer, weight = Conv1d(out_channels=1, kernel_size=3), np.ones((1, 1, 3), np.float32)
    for last, expected in ((2.0**-70, 1 + 2.0**-23), (0.0, 1.0), (-(2.0**-70), 1.0)):
        values = array([1, 2.0**-24, last], 1, 3) * sign
        assert cell_of(layer, values, weight, None, 0, (0,)).float32 == np.float32(sign * expected)
    odd = 1 + 2.0**-23  # here the middle goes up
    for last, expected in ((2.0**-70, 1 + 2.0**-22), (0.0, 1 + 2.0**-22), (-(2.0**-70), odd)):
        values = array([odd, 2.0**-24, last], 1, 3) * sign
        assert cell_of(layer, values, weight, None, 0, (0,)).float32 == np.float32(sign * expected)


@pytest.mark.parametrize(
    ("values", "weights"),
    [([3e38, 3e38], [1, 1]), ([np.inf, 1], [1, 1]), ([0, 1], [np.inf, 1]), ([1, 1], [np.nan, 1]), ([1, 1], [np.inf, -np.inf])],
)
def test_what_has_diverged_is_still_told(values: Any, weights: Any) -> None:
    layer = Conv1d(out_channels=1, kernel_size=2)
    theirs = torch.nn.functional.conv1d(torch.tensor([[values]]).float(), torch.tensor([[weights]]).float()).item()
    cell = cell_of(layer, array(values, 1, 2), array(weights, 1, 1, 2), None, 0, (0,))
    assert agrees(cell, theirs)[0]
    assert not agrees(cell, 1.0)[0]
    assert len([str(term.product) for term in cell.terms]) == 2


def test_the_bound_is_small_enough_to_notice_a_wrong_product() -> None:
    """A bound that lets everything pass is none: over the 27 products of a first layer one more ten-thousandth is seen."""
    draw = np.random.default_rng(0)
    values, weight = draw.random((3, 9, 9), dtype=np.float32), draw.standard_normal((4, 3, 3, 3), dtype=np.float32)
    cell = cell_of(Conv2d(out_channels=4, kernel_size=3), values, weight, None, 1, (2, 2))
    assert cell.error_bound() < 1e-4
    ok, difference = agrees(cell, float(cell.float32) + 1e-4)
    assert not ok and float(difference) == pytest.approx(1e-4, rel=0.01)


def test_a_flipped_filter_is_the_true_convolution() -> None:
    draw = np.random.default_rng(1)
    picture, weight = draw.integers(-9, 9, (1, 6, 7)), draw.integers(-9, 9, (1, 1, 3, 4))
    layer = Conv2d(out_channels=1, kernel_size=(3, 4), padding=(2, 3))
    expected = signal.convolve2d(picture[0], weight[0, 0], "full")
    values, turned = picture.astype(np.float32), flipped(weight.astype(np.float32))
    ours = [[int(cell_of(layer, values, turned, None, 0, (r, c)).total) for c in range(10)] for r in range(8)]
    assert ours == expected.tolist()
    one = draw.integers(-9, 9, 5)
    line = Conv1d(out_channels=1, kernel_size=5, padding=4)
    turned = flipped(one.astype(np.float32).reshape(1, 1, 5))
    row = [int(cell_of(line, values[:, 0], turned, None, 0, (place,)).total) for place in range(11)]
    assert row == np.convolve(picture[0, 0], one).tolist()
    cube = draw.random((2, 3, 2, 3, 4), dtype=np.float32)
    assert (flipped(flipped(cube)) == cube).all() and flipped(cube)[1, 2, 0, 1, 3] == cube[1, 2, 1, 1, 0]


def test_terms_are_a_tuple_of_terms() -> None:
    draw = np.random.default_rng(2)
    layer = Conv3d(out_channels=2, kernel_size=2, padding=1, padding_mode="reflect")
    values, weight = draw.random((3, 4, 4, 4), dtype=np.float32), draw.random((2, 3, 2, 2, 2), dtype=np.float32)
    terms = cell_of(layer, values, weight, None, 1, (0, 4, 2)).terms
    every = tuple(terms)
    assert len(terms) == len(every) == 24
    assert [terms[number] for number in range(-24, 24)] == [*every, *every]
    assert terms[2:4] == every[2:4] and terms[:] == every and terms[20:3:-2] == every[20:3:-2]
    with pytest.raises(IndexError):
        terms[24]


def test_a_cell_of_thousands_of_products_is_made_without_them() -> None:
    """11×11 over 64 channels: the sum is there, and the first terms, before the other thousands are made."""
    layer = Conv2d(out_channels=1, kernel_size=11, padding=5)
    draw = np.random.default_rng(3)
    values, weight = draw.random((64, 8, 8), dtype=np.float32), draw.random((1, 64, 11, 11), dtype=np.float32)
    cell: OutputCell = cell_of(layer, values, weight, None, 0, (0, 0))
    assert len(cell.terms) == 7744 and len(cell.per_channel) == 64
    assert sum(fraction(term.product) for term in cell.terms) == fraction(cell.total)
    assert cell.terms[7743].tap.weight == (63, 10, 10)


def test_pooling_leaves_channels_apart() -> None:
    values = array([[[1, 2], [3, 4]], [[8, 7], [6, 5]]])
    for channel, largest in ((0, 4), (1, 8)):
        cell = cell_of(MaxPool2d(kernel_size=2), values, None, None, channel, (0, 0))
        assert (cell.total, cell.per_channel) == (largest, (largest,))
        assert {term.tap.cell[0] for term in cell.terms} == {channel}


@pytest.mark.parametrize("width", [1, 256, 257, 3000])
def test_an_exact_sum_of_few_and_of_many_products(width: int) -> None:
    random = np.random.default_rng(width)
    products = array(random.standard_normal((3, width))).astype(float) * array(random.standard_normal((3, width)))
    products[0] *= 2.0 ** random.integers(-60, 60, width)  # far apart: no float64 holds their sum
    found = exact_sum(products, 0.25, 7)
    rows = [sum(map(Fraction, row)) for row in products.tolist()]
    assert [fraction(part) for part in found.parts] == rows
    exact = (sum(rows, Fraction(1, 4))) / 7
    assert abs(fraction(found.total) - exact) <= abs(exact) / 10**38
    assert found.float32 == nearest(exact)
