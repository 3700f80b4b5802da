"""A window along one axis: sizes, both verdicts on a stride that does not fit, the cells that are never read."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
import torch
from torch import nn

from engine.layers.base import Window
from engine.layers.catalog import Conv1d, Conv2d
from engine.layers.windows import Slide, same_padding


@pytest.mark.parametrize(
    ("slide", "outputs", "fits", "unread"),
    [
        (Slide(5, 3, before=1, after=1), 5, True, ()),  # the course's 1x5 with filter 3 and padding 1
        (Slide(7, 3, 3), 2, False, (6,)),  # (7 − 3) / 3 + 1 = 2.33: the courses say it does not fit
        (Slide(7, 3, 2), 3, True, ()),
        (Slide(10, 3, 4), 2, False, (3, 7, 8, 9)),  # stepped over, and left over
        (Slide(6, 2, 1, dilation=5), 1, True, (1, 2, 3, 4)),  # between the filter's cells
        (Slide(4, 2, 2, before=1, after=1), 3, True, ()),
        (Slide(6, 3, 2), 2, False, (5,)),
        (Slide(6, 3, 2, ceil_mode=True), 3, False, ()),  # rounded up, the last window runs over the edge
        (Slide(5, 2, 3, before=1, after=1, ceil_mode=True), 2, False, (1, 4)),  # a window in the padding is dropped
        (Slide(2, 3, 2, ceil_mode=True), 1, False, ()),
    ],
)
def test_by_hand(slide: Slide, outputs: int, fits: bool, unread: tuple[int, ...]) -> None:
    assert slide.outputs == outputs
    assert slide.fits is fits
    assert slide.unread() == unread


def test_every_small_window_reads_what_its_cells_say() -> None:
    """Also where all cells of a tap lie in the padding."""
    for length, kernel, stride, before, dilation in product(range(1, 6), range(1, 5), range(1, 4), range(7), (1, 2, 7, 10)):
        slide = Slide(length, kernel, stride, before, before, dilation)
        read = {cell for window in range(slide.outputs) for cell in slide.cells(window)}
        assert slide.unread() == tuple(cell for cell in range(length) if cell not in read)


def test_a_window_that_does_not_fit() -> None:
    slide = Slide(2, 3)
    assert slide.outputs < 1
    assert not slide.fits


def test_the_same_size_puts_the_odd_cell_after() -> None:
    assert same_padding(3, 1) == (1, 1)
    assert same_padding(2, 1) == (0, 1)
    assert same_padding(4, 3) == (4, 5)
    assert Conv2d(out_channels=1, kernel_size=(2, 3), padding="same").reach((1, 6, 6)) == (Window(2, 1, 0), Window(3, 1, 1))


@pytest.mark.parametrize("seed", range(40))
def test_unread_cells_have_no_gradient(seed: int) -> None:
    """A cell that no window reads is one whose change changes nothing: torch's gradient says the same."""
    random = Random(seed)
    layer = Conv1d(
        out_channels=1,
        kernel_size=random.randint(1, 4),
        stride=random.randint(1, 6),
        padding=random.randint(0, 3),
        dilation=random.randint(1, 4),
    )
    (slide,) = layer.slides((1, 17))
    module = nn.Conv1d(**layer.arguments((1, 17)))
    nn.init.ones_(module.weight)
    x_NCL = torch.ones(1, 1, 17, requires_grad=True)
    module(x_NCL).sum().backward()
    assert x_NCL.grad is not None
    assert slide.unread() == tuple((x_NCL.grad[0, 0] == 0).nonzero().flatten().tolist())
