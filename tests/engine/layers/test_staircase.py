"""The stairs of the output's size: worked out by hand, and as torch itself gives them."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from engine.layers.base import Shape
from engine.layers.catalog import KINDS, AvgPool2d, Conv1d, Conv2d, ConvTranspose2d, MaxPool2d
from engine.layers.staircase import (
    Setting,
    Sliding,
    current,
    moves_together,
    over_input,
    settings,
    staircase,
    with_value,
)
from engine.networks.trace import trace
from tests.engine.layers.random_layers import ask_torch, example, random_layer, random_shape

SLIDING = ("Conv1d", "Conv2d", "Conv3d", "ConvTranspose2d", "MaxPool1d", "MaxPool2d", "AvgPool1d", "AvgPool2d")


def sizes(layer: Sliding, shape: Shape, setting: Setting, values: range, **more: Any) -> list[int | None]:
    return [stair.size for stair in staircase(layer, shape, setting, values, axis=len(shape) - 2, **more)]


def test_the_stairs_of_seven_cells_by_hand() -> None:
    """7x7 as in CS231n, filter 3: stride 1 gives 5, 2 gives 3, 3 does not fit and is floored to 2."""
    layer = Conv2d(out_channels=1, kernel_size=3)
    assert sizes(layer, (1, 7, 7), "stride", range(1, 6)) == [5, 3, 2, 2, 1]
    assert sizes(layer, (1, 7, 7), "kernel_size", range(1, 9)) == [7, 6, 5, 4, 3, 2, 1, None]
    assert sizes(layer, (1, 7, 7), "padding", range(3)) == [5, 7, 9]
    assert sizes(layer, (1, 7, 7), "dilation", range(1, 5)) == [5, 3, 1, None]
    three = replace(layer, stride=3)
    assert [stair.size for stair in over_input(three, (1, 7, 7), range(2, 13), axis=1)] == [None, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4]


def test_where_a_value_cannot_be_the_stair_says_why() -> None:
    (last,) = staircase(Conv2d(out_channels=1, kernel_size=3), (1, 7, 7), "kernel_size", (8,), axis=1)
    assert last.refusal is not None and last.refusal.code == "kernel_larger_than_input"
    (wide,) = staircase(MaxPool2d(kernel_size=2), (1, 7, 7), "padding", (2,), axis=1)
    assert wide.refusal is not None and wide.refusal.code == "padding_above_half_kernel"


def test_a_pooling_without_a_stride_moves_by_its_kernel() -> None:
    layer = MaxPool2d(kernel_size=2)
    assert sizes(layer, (1, 8, 8), "kernel_size", range(1, 6)) == [8, 4, 2, 2, 1]
    assert current(layer, (1, 8, 8), "stride") == (2, 2)
    assert sizes(layer, (1, 8, 8), "stride", range(1, 5)) == [7, 4, 3, 2]
    # Rounded up over 9 cells: 7/2 and 7/4 give one window more than the floor; with stride 3 it would start behind the input.
    assert sizes(replace(layer, ceil_mode=True), (1, 9, 9), "stride", range(1, 5)) == [8, 5, 3, 3]


def test_transposed_stairs_go_up() -> None:
    """(W − 1)·S + K with W = 4, K = 3."""
    layer = ConvTranspose2d(out_channels=1, kernel_size=3)
    assert sizes(layer, (1, 4, 4), "stride", range(1, 4)) == [6, 9, 12]
    assert sizes(replace(layer, stride=2), (1, 4, 4), "output_padding", range(3)) == [9, 10, None]


def test_same_padding_over_the_stride_counts_with_its_cells() -> None:
    layer = Conv2d(out_channels=1, kernel_size=4, padding="same")  # 1 cell before, 2 after
    assert sizes(layer, (1, 10, 10), "stride", range(1, 5)) == [10, 5, 3, 3]  # 1 on both sides from stride 2 on
    assert sizes(layer, (1, 10, 10), "kernel_size", range(1, 5)) == [10, 10, 10, 10]
    assert current(layer, (1, 10, 10), "padding") == (None, None)
    assert current(replace(layer, kernel_size=(3, 5)), (1, 10, 10), "padding") == (1, 2)
    assert current(replace(layer, padding="valid"), (1, 10, 10), "padding") == (0, 0)


def test_axes_that_differ_move_apart() -> None:
    layer, shape = Conv2d(out_channels=1, kernel_size=(1, 3)), (1, 1, 5)
    assert not moves_together(layer, shape, "kernel_size") and moves_together(layer, shape, "stride")
    assert sizes(layer, shape, "kernel_size", range(1, 6), alone=True) == [5, 4, 3, 2, 1]
    assert sizes(layer, shape, "kernel_size", range(1, 3)) == [5, None]  # together: the one row holds no window of two
    assert with_value(layer, shape, "kernel_size", 5, axis=1) == (1, 5)
    assert with_value(layer, shape, "kernel_size", 5) == (5, 5)
    assert with_value(layer, shape, "stride", 2) == 2
    assert with_value(layer, shape, "stride", 2, axis=0) == (2, 1)
    assert with_value(AvgPool2d(kernel_size=(2, 3)), shape, "stride", 1, axis=0) == (1, 3)
    assert with_value(replace(layer, padding="same"), shape, "padding", 4, axis=1) == (0, 4)


def test_kinds_have_only_their_own_settings() -> None:
    assert settings(Conv1d(out_channels=1, kernel_size=3)) == ("kernel_size", "stride", "padding", "dilation")
    assert settings(AvgPool2d(kernel_size=2)) == ("kernel_size", "stride", "padding")
    assert settings(ConvTranspose2d(out_channels=1, kernel_size=2))[-1] == "output_padding"


@pytest.mark.parametrize("kind", SLIDING)
def test_every_stair_is_torchs(kind: str) -> None:
    random, compared, refused = Random(kind), 0, 0
    axes = int(kind[-2])
    while compared < 150:
        shape = random_shape(random, axes + 1)
        layer = random_layer(random, kind, shape, wild=0.0)
        assert isinstance(layer, Sliding)
        if trace([layer], shape).problem is not None:
            continue
        axis = random.randrange(axes)
        for setting in settings(layer):
            for value, size, _ in staircase(
                layer, shape, setting, range(5 if "padding" in setting else 1, 7), axis=axis, alone=True
            ):
                if setting == "stride" and getattr(layer, "padding", 0) == "same":
                    continue  # torch knows it for stride 1 only; by hand above
                values = with_value(layer, shape, setting, value, axis)
                expected = _torch_sizes(replace(layer, **{setting: values}), shape)
                assert size == (expected[axis] if expected else None), (layer, shape, setting, value)
                compared, refused = compared + 1, refused + (size is None)
        for length, size, _ in over_input(layer, shape, range(1, 8), axis=axis):
            expected = _torch_sizes(layer, (*shape[: axis + 1], length, *shape[axis + 2 :]))
            assert size == (expected[axis] if expected else None), (layer, shape, length)
    assert refused > 5, "nothing that cannot be was met"


def _torch_sizes(layer: Sliding, shape: Shape) -> tuple[int, ...] | None:
    """The sizes of torch's own output, or None where torch refuses."""
    answer = ask_torch(layer, example(shape, False))
    return None if answer.refused else tuple(answer.output.shape[2:])


def test_the_kinds_are_all_known() -> None:
    assert set(SLIDING) <= KINDS.keys()
