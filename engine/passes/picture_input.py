"""A picture as the input of a network. No torch. Called by `engine.passes.activations` and the network lab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.layers.base import Shape
from engine.pictures import Picture, fitted

if TYPE_CHECKING:
    pass


def input_of(picture: Picture, input: Shape, vocabulary: int | None = None) -> NDArray[Any]:  # noqa: A002
    """The picture as a network's input of shape `input`, with numbers from 0 to 1 as in the data sets.

    (C, H, W): the largest middle part of the picture with the input's proportions, scaled to the input. Each cell is the mean
    of the area that it covers, or a linear interpolation if the input is larger. Colours become grey by their luminance (0.299,
    0.587, 0.114); grey is repeated; other numbers of channels are repeated in turn. (C, D, H, W): the same picture in each
    plane. (T, F) and (C, L): the grey picture as a sheet; (F,): its middle line. With `vocabulary`, tokens: the brightness in
    that many steps."""
    if vocabulary is not None:
        tokens: NDArray[np.int64] = (input_of(picture, input) * vocabulary).astype(np.int64)
        np.minimum(tokens, vocabulary - 1, out=tokens)
        return tokens
    match input:
        case (channels, height, width):
            return fitted(picture, (channels, height, width))
        case (channels, depth, height, width):
            plane = fitted(picture, (channels, height, width))
            clip: NDArray[np.float32] = np.repeat(plane.reshape(channels, 1, height, width), depth, axis=1)
            return clip
        case (rows, columns):
            sheet: NDArray[np.float32] = fitted(picture, (1, rows, columns))[0]
            return sheet
        case (length,):
            grey_HF = fitted(picture, (1, picture.shape[1], length))[0]
            return np.array(grey_HF[len(grey_HF) // 2])
        case _:
            raise ValueError(f"no input of shape {input}")
