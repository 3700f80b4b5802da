"""Receptive field, jump and start against autograd: the cells that a unit's gradient touches are the cells that it sees."""

from __future__ import annotations

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


def test_branches_of_different_steps_have_no_field() -> None:
    up = (Conv2d(out_channels=1, kernel_size=2, stride=2), ConvTranspose2d(out_channels=1, kernel_size=2, stride=2))
    row = trace((Residual(main=up),), (1, 8, 8)).rows[0]
    assert (row.receptive_field, row.jump, row.start) == (None, None, None)
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
