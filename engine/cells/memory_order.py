"""The order of a tensor's numbers in memory: CHW, as in torch, or HWC, as in picture files and TensorFlow.

A tensor is one long row of numbers; its shape only says how to count in it. An index is (c, h, w), a shape (C, H, W), both
without the batch; in a batch the samples follow each other. Called by the tensor page of the convolution lab.
"""

from __future__ import annotations

from math import prod
from typing import Literal, NamedTuple, TypeAlias

Order: TypeAlias = Literal["CHW", "HWC"]
ORDERS: tuple[Order, ...] = ("CHW", "HWC")


class PictureIndex(NamedTuple):
    """One number of a picture: channel, row and column."""

    c: int
    h: int
    w: int


def strides(order: Order, shape: tuple[int, int, int]) -> PictureIndex:
    """The distance in memory to the next channel, the next row and the next column (`Tensor.stride()` of one sample)."""
    channels, height, width = shape
    if order == "CHW":
        return PictureIndex(height * width, width, 1)
    return PictureIndex(1, width * channels, channels)


def index_of(order: Order, shape: tuple[int, int, int], spot: PictureIndex, sample: int = 0) -> int:
    """The position of a number in memory, counted from 0: n·C·H·W + c·H·W + h·W + w, or n·H·W·C + h·W·C + w·C + c."""
    steps = strides(order, shape)
    return sample * prod(shape) + spot.c * steps.c + spot.h * steps.h + spot.w * steps.w


def spot_at(order: Order, shape: tuple[int, int, int], index: int) -> PictureIndex:
    """The number at position `index` of one sample: the inverse of `index_of`."""
    channels, height, width = shape
    if order == "CHW":
        return PictureIndex(index // (height * width), index // width % height, index % width)
    return PictureIndex(index % channels, index // (width * channels), index // channels % width)
