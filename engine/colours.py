"""Colour maps as tables of 256 colours, for the widgets that paint numbers. Called by the labs and `engine.feature_maps`."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.assets import asset

ColourMap: TypeAlias = NDArray[np.uint32]  # 256 colours, low to high, each 0xffRRGGBB


@cache
def viridis() -> ColourMap:
    """Even steps for the eye, also for colour-blind eyes and in grey print. From dark violet (low) to yellow (high)."""
    lines = asset("colours", "viridis.txt").read_text("utf-8").splitlines()
    return np.array([0xFF000000 | int(line[1:], 16) for line in lines if len(line) == 7], dtype=np.uint32)
