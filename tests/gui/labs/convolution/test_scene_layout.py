"""How much of an input the scene shows, and how large its cells are."""

from __future__ import annotations

from typing import Any

import pytest

from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.pooling import MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from gui.labs.convolution.cell.scene_layout import SIGN_PX, layout_for
from gui.widgets.grids.sheet import TITLE_PX
from tests.gui.labs.convolution.subjects import random_subject

ROOMS = [(522, 330), (938, 230), (700, 500)]  # of the scene at 1024×700, at 1440×900, and with the cell alone


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize(
    ("layer", "side", "whole"),
    [
        (Conv2d(out_channels=1, kernel_size=3), 8, 8),
        (Conv2d(out_channels=1, kernel_size=3, padding=1), 7, 9),
        (Conv2d(out_channels=1, kernel_size=5), 8, 8),
        (MaxPool2d(kernel_size=2), 8, 8),
    ],
)
def test_a_small_input_is_seen_whole_with_its_figures(layer: Any, side: int, whole: int, room: tuple[int, int]) -> None:
    found = layout_for(random_subject(layer, (1, side, side), 0), *room, None)
    assert found.sizes["input"] == (whole, whole) and found.px >= 22


def test_the_output_of_a_small_transposed_convolution_is_seen_whole() -> None:
    found = layout_for(random_subject(ConvTranspose2d(out_channels=1, kernel_size=3, stride=2), (1, 4, 4), 0), 938, 230, None)
    assert found.sizes["output"] == (9, 9) and found.sizes["input"] == (4, 4)


@pytest.mark.parametrize("room", ROOMS)
def test_cells_take_the_room_that_there_is(room: tuple[int, int]) -> None:
    layout = layout_for(random_subject(MaxPool2d(kernel_size=2), (1, 4, 4), 0), *room, None)
    assert layout.px == min((room[0] - SIGN_PX) // 6, (room[1] - TITLE_PX - 1) // 4, 64)


@pytest.mark.parametrize("side", [16, 28, 224])
def test_of_a_larger_input_a_part_is_seen_whose_figures_can_be_read(side: int) -> None:
    layout = layout_for(random_subject(Conv2d(out_channels=1, kernel_size=3), (1, side, side), 0), 522, 330, None)
    assert layout.px >= 30 and layout.sizes["input"][0] < side
