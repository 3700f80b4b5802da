"""A picture of the user's own as the input of a network that has learnt from a data set: placed as the data's are.

The data sets of digits hold light ink on a ground of 0, each digit scaled to a box and centred (`Framing`). A drawing that
fills another part of its paper, or is dark on light, is another kind of input than the network has ever seen: it is turned
round, cut to its ink, scaled and centred, as the data were. Pure numpy. Called by the training lab's page "try it".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.source import SOURCES, Framing, StoredImages
from engine.pictures import LUMINANCE, Picture, PictureShape, fitted, resized

INK = 0.1  # of the darkest ink's strength; what is fainter belongs to the paper


@dataclass(frozen=True, eq=False)
class OwnInput:
    """What became of a picture: `values` (C, H, W) from 0 to 1. `framing` is what it was placed by; None: it was only cut to
    the input's proportions and scaled. `turned`: its ink was dark, and light and dark have been exchanged."""

    values: NDArray[np.float32]
    framing: Framing | None = None
    turned: bool = False


def framing_of(data: str) -> Framing | None:
    """How the pictures of the data set of this name were placed; None where they were not placed alike."""
    source = SOURCES.get(data)
    return source.framing if isinstance(source, StoredImages) else None


def own_input(picture: Picture, shape: PictureShape, framing: Framing | None) -> OwnInput:
    """The picture as an input of `shape` (C, H, W). Without ink, or without `framing`, as `engine.pictures.fitted` makes it."""
    plain = OwnInput(fitted(picture, shape))
    if framing is None:
        return plain
    light_CHW = (picture.values_CHW.astype(np.float64) - picture.black) / (picture.white - picture.black)
    grey_HW = np.tensordot(LUMINANCE, light_CHW, axes=1) if len(light_CHW) == 3 else light_CHW[0]
    turned = float(np.median(grey_HW)) > 0.5
    ink_HW = 1.0 - grey_HW if turned else grey_HW
    placed = _placed(ink_HW, shape[1:], framing)
    if placed is None:
        return plain
    values = np.ascontiguousarray(np.broadcast_to(placed, shape), np.float32)
    return OwnInput(values, framing, turned)


def _placed(ink_HW: NDArray[np.float64], size: tuple[int, int], framing: Framing) -> NDArray[np.float64] | None:
    """The ink in its box, at its place in a picture of `size`; None where there is no ink."""
    strong = ink_HW > INK * max(float(ink_HW.max(initial=0.0)), INK)
    rows, columns = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
    if not len(rows):
        return None
    cut = ink_HW[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    share = framing.side / max(cut.shape)
    height, width = (max(1, round(cells * share)) for cells in cut.shape)
    box = resized(cut[None], (height, width))[0]
    if framing.middle == "mass" and box.sum() > 0:
        middle = (
            float(box.sum(axis=1) @ np.arange(height) / box.sum()) + 0.5,
            float(box.sum(axis=0) @ np.arange(width) / box.sum()) + 0.5,
        )
    else:
        middle = (height / 2, width / 2)
    top, left = (round(whole / 2 - part) for whole, part in zip(size, middle, strict=True))
    placed = np.zeros(size)
    inside = np.s_[max(top, 0) : min(top + height, size[0]), max(left, 0) : min(left + width, size[1])]
    placed[inside] = box[inside[0].start - top : inside[0].stop - top, inside[1].start - left : inside[1].stop - left]
    return placed
