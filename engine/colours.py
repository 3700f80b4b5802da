"""Colour maps as tables of 256 colours, for the widgets that paint numbers. Called by the labs and
`engine.passes.feature_maps`."""

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


_BLUE_TO_RED = (0x2F6FB3, 0x5C95C8, 0x9DC2E0, 0xD6E5F1, 0xF7F7F7, 0xF5D9DA, 0xE09AA0, 0xCC5563, 0xB2182B)


@cache
def diverging() -> ColourMap:
    """For signed values, zero in the middle: blue below, nearly white, red above (after ColorBrewer's RdBu, which keeps its two
    sides apart for colour-blind eyes)."""
    anchors = np.linspace(0, 255, len(_BLUE_TO_RED))
    result = np.full(256, 0xFF000000, np.uint32)
    for shift in (16, 8, 0):
        part = np.interp(np.arange(256), anchors, [(colour >> shift) & 255 for colour in _BLUE_TO_RED])
        result |= np.rint(part).astype(np.uint32) << shift
    return result
