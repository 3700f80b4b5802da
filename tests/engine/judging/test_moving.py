"""Moved pictures against worked examples and against torch's grid_sample."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np
import pytest
import torch
from torch.nn.functional import grid_sample

from engine.judging.moving import Motion, moved

PICTURE = np.arange(1, 10, dtype=np.float32).reshape(3, 3)


def by_torch(x: np.ndarray, motion: Motion) -> np.ndarray:
    """(N, C, H, W) by grid_sample, from places in torch's own coordinates: −1 and 1 are the outer edges of the picture."""
    height, width = x.shape[-2:]
    grid = torch.zeros(height, width, 2, dtype=torch.float64)
    for row in range(height):
        for column in range(width):
            down = (row - motion.down - (height - 1) / 2) / motion.scale
            across = (column - motion.across - (width - 1) / 2) / motion.scale
            turn = -radians(motion.rotation)
            at_across = cos(turn) * across - sin(turn) * down + (width - 1) / 2
            at_down = sin(turn) * across + cos(turn) * down + (height - 1) / 2
            grid[row, column] = torch.tensor([(2 * at_across + 1) / width - 1, (2 * at_down + 1) / height - 1])
    grids = grid.expand(len(x), -1, -1, -1)
    return grid_sample(torch.from_numpy(x).double(), grids, padding_mode="zeros", align_corners=False).numpy()


def test_without_movement_every_number_stays():
    found = moved(PICTURE, Motion())
    np.testing.assert_array_equal(found, PICTURE)
    assert found is not PICTURE and not np.shares_memory(found, PICTURE)


def test_a_shift_by_whole_cells_brings_zeros_in():
    assert moved(PICTURE, Motion(across=1)).tolist() == [[0, 1, 2], [0, 4, 5], [0, 7, 8]]
    assert moved(PICTURE, Motion(down=-1)).tolist() == [[4, 5, 6], [7, 8, 9], [0, 0, 0]]
    assert moved(PICTURE, Motion(down=3)).tolist() == np.zeros((3, 3)).tolist()


def test_half_a_cell_is_the_mean_of_two():
    assert moved(PICTURE, Motion(across=0.5)).tolist() == [[0.5, 1.5, 2.5], [2, 4.5, 5.5], [3.5, 7.5, 8.5]]


def test_a_quarter_turn_is_exact_and_goes_clockwise():
    assert moved(PICTURE, Motion(rotation=90)).tolist() == [[7, 4, 1], [8, 5, 2], [9, 6, 3]]
    assert moved(PICTURE, Motion(rotation=-90)).tolist() == np.rot90(PICTURE).tolist()
    assert moved(PICTURE, Motion(rotation=180)).tolist() == np.rot90(PICTURE, 2).tolist()
    even = np.arange(64, dtype=np.float32).reshape(8, 8)
    np.testing.assert_array_equal(moved(even, Motion(rotation=90)), np.rot90(even, -1))


def test_twice_as_large_is_read_at_half_steps_from_the_middle():
    line = np.array([[0, 0, 4, 0, 0]], np.float32)
    assert moved(np.repeat(line, 5, axis=0), Motion(scale=2))[2].tolist() == [0, 2, 4, 2, 0]
    with pytest.raises(ValueError, match="above 0"):
        moved(line, Motion(scale=0))


@pytest.mark.parametrize("shape", [(3, 1, 8, 8), (2, 3, 7, 12), (1, 1, 28, 28)])
@pytest.mark.parametrize(
    "motion",
    [
        Motion(rotation=17),
        Motion(rotation=-63.5, down=1.25, across=-2.5),
        Motion(scale=0.6),
        Motion(rotation=30, scale=1.7, down=-1),
        Motion(rotation=90, across=2),
    ],
)
def test_everything_together_is_torchs_grid_sample(shape, motion):
    x = np.random.default_rng(0).random(shape, np.float32)
    np.testing.assert_allclose(moved(x, motion), by_torch(x, motion), atol=1e-6)
