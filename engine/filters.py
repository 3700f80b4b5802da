"""Where a layer's weights come from: drawn at random, taken from a library or a trained run, edited by hand.

`Weights` is the description (part of a lab's state), `Filters` the numbers. Called by the convolution lab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from engine.fields import setting

Seed = Annotated[int, setting(0, 2**31 - 1, slider=(0, 99))]
Library: TypeAlias = Literal[
    "all", "identity", "box", "gaussian", "sharpen", "sobel_x", "sobel_y", "laplacian", "emboss", "gabor", "course", "zeros"
]


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number set by hand: `place` is its index in the weight as torch keeps it, (output,) alone is that channel's bias."""

    place: tuple[Annotated[int, Meta(ge=0, lt=2**20)], ...]
    value: Annotated[float, setting(-1e6, 1e6)]


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`deviation` belongs to "normal", `library` to "library", `run` (a run's folder) to "run"."""

    source: Literal["he", "xavier", "normal", "library", "run"] = "he"
    seed: Seed = 7
    deviation: Annotated[float, setting(0.0, 1e3, slider=(0.0, 1.0), step=0.01)] = 0.1
    library: Library = "all"
    run: str = ""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, eq=False)
class Filters:
    """A layer's weights as torch keeps them, float32: `weight` (O, I, *kernel) with I = in_channels / groups, of a transposed
    convolution (I, O / groups, *kernel); `bias_O` zeros where the layer has none."""

    weight: NDArray[np.float32]
    bias_O: NDArray[np.float32]
