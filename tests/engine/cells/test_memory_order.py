"""Flat memory against numpy's and torch's own counting."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.cells.memory_order import PictureIndex, index_of, spot_at, strides

SHAPES = st.tuples(st.integers(1, 6), st.integers(1, 7), st.integers(1, 8))


@given(SHAPES, st.data())
def test_an_index_is_where_numpy_keeps_the_number(shape: tuple[int, int, int], data: st.DataObject) -> None:
    channels, height, width = shape
    spot = PictureIndex(*(data.draw(st.integers(0, side - 1)) for side in shape))
    samples = data.draw(st.integers(1, 4))
    n = data.draw(st.integers(0, samples - 1))
    assert index_of("CHW", shape, spot, n) == np.ravel_multi_index((n, *spot), (samples, *shape))
    of_pixels = (samples, height, width, channels)
    assert index_of("HWC", shape, spot, n) == np.ravel_multi_index((n, spot.h, spot.w, spot.c), of_pixels)
    for order in ("CHW", "HWC"):
        assert spot_at(order, shape, index_of(order, shape, spot)) == spot


@given(SHAPES)
def test_steps_are_torch_s_strides(shape: tuple[int, int, int]) -> None:
    channels, height, width = shape
    assert strides("CHW", shape) == torch.empty(shape).stride()
    assert strides("HWC", shape) == torch.empty(height, width, channels).permute(2, 0, 1).stride()


def test_by_hand() -> None:
    """Two channels, two rows of three: (c, h, w) = (1, 0, 2) is the ninth number by channels, the sixth by pixels."""
    assert index_of("CHW", (2, 2, 3), PictureIndex(1, 0, 2)) == 8
    assert index_of("HWC", (2, 2, 3), PictureIndex(1, 0, 2)) == 5
    assert index_of("CHW", (2, 2, 3), PictureIndex(1, 0, 2), sample=3) == 44
