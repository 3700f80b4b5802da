"""Receptive field, jump and start against autograd: the cells that a unit's gradient touches are the cells that it sees."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from random import Random

import pytest
import torch
from torch import nn

from engine.layers.base import Layer
from engine.layers.catalog import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Concat,
    Conv2d,
    ConvTranspose2d,
    Identity,
    LayerNorm,
    LocalResponseNorm,
    MaxPool2d,
    Residual,
    Sequential,
    Softmax,
    Upsample,
)
from engine.networks.trace import Row, trace
from engine.passes.modules import build

SIDE = 96

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")


def random_window(random: Random) -> Layer:
    kernel, stride, dilation = random.randint(1, 4), random.choice((1, 1, 1, 2, 3)), random.choice((1, 1, 2, 3))
    if random.random() < 0.3:
        return AvgPool2d(kernel_size=kernel, stride=stride, padding=random.randint(0, kernel // 2))
    if random.random() < 0.3:
        return Conv2d(out_channels=2, kernel_size=(kernel, random.randint(1, 4)), padding="same", dilation=dilation)
    padding = (random.randint(0, 2), random.randint(0, 2))
    after = random.choice((None, None, 0, (3, 1)))
    return Conv2d(
        out_channels=2, kernel_size=kernel, stride=(stride, 1), padding=padding, padding_after=after, dilation=dilation
    )


def check_units(layers: tuple[Layer, ...], random: Random) -> int:
    """Hold the last row against what four units touch; returns how many of their fields lay wholly inside the input."""
    traced = trace(layers, (1, SIDE, SIDE))
    assert traced.problem is None
    row, whole = traced.rows[-1], 0
    module = build(layers, (1, SIDE, SIDE)).eval()
    for parameter in module.parameters():
        nn.init.constant_(parameter, 0.1)  # nothing can cancel
    anywhere = [tuple(random.randrange(size) for size in row.output[1:]) for _ in range(3)]
    for unit in (tuple(size // 2 for size in row.output[1:]), *anywhere):
        x_NCHW = torch.ones(1, 1, SIDE, SIDE, requires_grad=True)
        module(x_NCHW)[0, :, unit[0], unit[1]].sum().backward()
        assert x_NCHW.grad is not None
        touched = x_NCHW.grad[0, 0].nonzero().numpy()
        expected = [expected_field(row, axis, unit[axis]) for axis in range(2)]
        if all(first >= 0 and last < SIDE for first, last in expected):
            whole += 1
            assert [*zip(touched.min(axis=0), touched.max(axis=0), strict=True)] == expected
        else:  # cut off by the border, where padding takes the place of input
            for cell in touched:
                assert all(first <= place <= last for place, (first, last) in zip(cell, expected, strict=True))
    return whole


def expected_field(row: Row, axis: int, unit: int) -> tuple[float, float]:
    assert row.receptive_field is not None
    assert row.jump is not None
    assert row.start is not None
    centre = row.start[axis] + unit * row.jump[axis]
    half = (row.receptive_field[axis] - 1) / 2
    return centre - half, centre + half


@pytest.mark.parametrize("seed", range(25))
def test_stacks_of_windows(seed: int) -> None:
    random = Random(seed)
    layers: list[Layer] = []
    while len(layers) < random.randint(2, 5):
        layers += [random_window(random), random.choice((BatchNorm2d(), Identity(), LocalResponseNorm(size=3)))]
    assert check_units(tuple(layers), random) > 0


@pytest.mark.parametrize("seed", range(10))
def test_branches(seed: int) -> None:
    """Through all branches together a unit sees the largest field, where they are centred alike; else, the union."""
    random = Random(seed)

    def same(kernel: int, dilation: int = 1) -> Conv2d:
        return Conv2d(out_channels=2, kernel_size=kernel, padding="same", dilation=dilation)

    branches = tuple((same(random.randint(1, 5)), same(random.randint(1, 4), 2)) for _ in range(3))
    residual = Residual(main=(same(3), Sequential(layers=(same(random.randint(2, 5)),))))
    layers = (random_window(random), same(1), residual, Concat(branches=branches), MaxPool2d(kernel_size=1))
    assert check_units(layers, random) > 0


def larger(random: Random) -> Layer:
    """A layer that makes maps larger."""
    stride = random.choice((1, 2, 2, 3))
    match random.choice(("transposed", "transposed", "nearest", "bilinear")):
        case "transposed":
            kernel, padding = random.randint(1, 4), random.randint(0, 1)
            dilation = random.choice((1, 2)) if stride == 1 else 1
            extra = {"dilation": dilation, "output_padding": random.randrange(stride)}
            return ConvTranspose2d(out_channels=2, kernel_size=kernel, stride=stride, padding=padding, **extra)
        case mode:
            return Upsample(scale_factor=stride, mode=mode)


def smaller(random: Random) -> Layer:
    kernel, stride = random.randint(1, 4), random.choice((1, 1, 2, 3))
    return Conv2d(
        out_channels=2, kernel_size=kernel, stride=stride, padding=random.randint(0, 2), dilation=random.choice((1, 2))
    )


def most_touched(layers: tuple[Layer, ...], side: int, units: int) -> tuple[int, int]:
    """The most rows from the first to the last that any of the middle units touches by its gradient, in double precision; and
    the number of middle units."""
    module = build(layers, (1, side, 3)).double().eval()
    for parameter in module.parameters():
        nn.init.constant_(parameter, 0.1)
    height = trace(layers, (1, side, 3)).output[1]
    middle = range(max(0, height // 2 - units), min(height, height // 2 + units))
    most = 0
    for unit in middle:
        x_NCHW = torch.ones(1, 1, side, 3, dtype=torch.float64, requires_grad=True)
        module(x_NCHW)[0, :, unit].sum().backward()
        assert x_NCHW.grad is not None
        rows = x_NCHW.grad[0, 0].sum(1).nonzero()
        if len(rows):
            assert rows.min() > 0 and rows.max() < side - 1, "cut off by the border"
            most = max(most, int(rows.max() - rows.min()) + 1)
    return most, len(middle)


@pytest.mark.parametrize("seed", range(24))
def test_behind_layers_that_make_maps_larger(seed: int) -> None:
    """The field is the largest of any unit; the units of all phases are asked."""
    random = Random(seed)
    chain = [random.choice((smaller, smaller, larger))(random) for _ in range(random.randint(1, 3))]
    chain.insert(random.randrange(len(chain) + 1), larger(random))
    chain = [_along_height(layer) for layer in chain]
    traced = trace(tuple(chain), (1, 160, 3))
    assert traced.problem is None
    row = traced.rows[-1]
    assert row.receptive_field is not None and row.jump is not None
    phases = prod(layer.scale_factor if isinstance(layer, Upsample) else _transposed_stride(layer) for layer in chain)
    most, asked = most_touched(tuple(chain), 160, phases)
    assert asked >= phases
    assert row.receptive_field[0] == most


def _along_height(layer: Layer) -> Layer:
    """The layer over the height alone: the width is three cells, of which all are read in any case."""
    if isinstance(layer, Upsample):
        return layer
    values = {name: getattr(layer, name) for name in ("kernel_size", "stride", "padding", "dilation")}
    ones = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}
    both = {name: (value, ones[name]) for name, value in values.items()}
    if isinstance(layer, ConvTranspose2d):
        both["output_padding"] = (layer.output_padding, 0)
    return type(layer)(out_channels=2, **both)


def _transposed_stride(layer: Layer) -> int:
    return layer.stride[0] if isinstance(layer, ConvTranspose2d) else 1


def test_an_encoder_and_its_decoder_by_hand() -> None:
    """A 2×2 of stride 2 and back again: each unit sees the block of two that it lies in; a 3×3 behind it sees two such blocks
    at the most, four cells."""
    down = Conv2d(out_channels=1, kernel_size=2, stride=2)
    up = ConvTranspose2d(out_channels=1, kernel_size=2, stride=2)
    rows = trace((down, up, Conv2d(out_channels=1, kernel_size=3)), (1, 8, 8)).rows
    assert [row.receptive_field for row in rows] == [(2, 2), (2, 2), (4, 4)]
    assert [row.jump for row in rows] == [(2, 2), (1, 1), (1, 1)]
    assert rows[1].start == (0.0, 0.0)


def test_units_between_the_cells() -> None:
    row = trace((Upsample(scale_factor=2), Upsample(scale_factor=3)), (1, 4, 4)).rows[1]
    assert (row.receptive_field, row.jump) == ((1, 1), (Fraction(1, 6), Fraction(1, 6)))
    assert row.start == pytest.approx((-5 / 12, -5 / 12))  # six units, evenly around the first cell
    assert trace((Upsample(scale_factor=2, mode="bilinear"),), (1, 4, 4)).rows[0].receptive_field == (2, 2)
    assert trace((Upsample(scale_factor=2, mode="bilinear", align_corners=True),), (1, 4, 4)).rows[0].receptive_field is None
    apart = ConvTranspose2d(out_channels=1, kernel_size=3, stride=2, dilation=2)
    assert trace((apart,), (1, 4, 4)).rows[0].receptive_field is None
    many = (Upsample(scale_factor=40),) * 2
    assert [row.receptive_field for row in trace(many, (1, 4, 4)).rows] == [(1, 1), None]


def test_a_skip_connection_around_both() -> None:
    """As in a U-Net: what came down and up again beside what was there."""
    up = (Conv2d(out_channels=1, kernel_size=2, stride=2), ConvTranspose2d(out_channels=1, kernel_size=2, stride=2))
    row = trace((Residual(main=up), Conv2d(out_channels=1, kernel_size=2)), (1, 8, 8)).rows
    assert [(each.receptive_field, each.jump) for each in row] == [((2, 2), (1, 1)), ((4, 4), (1, 1))]


def test_branches_of_different_steps_have_no_field() -> None:
    odd = Concat(branches=((MaxPool2d(kernel_size=3, stride=2, padding=1),), (Conv2d(out_channels=1, kernel_size=5),)))
    assert trace((odd,), (1, 7, 7)).problem is not None  # 4x4 beside 3x3
    meeting = Concat(branches=((MaxPool2d(kernel_size=3, stride=2, padding=1),), (Conv2d(out_channels=1, kernel_size=4),)))
    assert trace((meeting,), (1, 7, 7)).rows[0].receptive_field is None


def test_who_keeps_the_position_and_who_does_not() -> None:
    def field(layer: Layer) -> tuple[int, ...] | None:
        return trace((Conv2d(out_channels=4, kernel_size=3), layer), (1, 14, 14)).rows[1].receptive_field

    assert field(Softmax(dim=1)) == (3, 3)
    assert field(Softmax(dim=-1)) is None
    assert field(LayerNorm(normalized_shape=(4, 12, 12))) is None
    assert field(AdaptiveAvgPool2d(output_size=(4, 1))) == (5, 14)
    assert field(AdaptiveAvgPool2d(output_size=5)) is None


def test_a_row_of_positions_for_a_sequence() -> None:
    row = trace((Identity(),), (3, 20)).rows[0]
    assert (row.receptive_field, row.jump, row.start) == ((1,), (1,), (0.0,))
    assert trace((Identity(),), (20,)).rows[0].receptive_field is None
