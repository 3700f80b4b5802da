"""What is done to the training images of each batch, anew each time: how far it goes.

`engine.training.recipe.augmenting` does it. No torch.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from engine.fields import setting


class Augmentation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Each is drawn for each image by itself. All 0 and false: the images stay as they are."""

    shift: Annotated[int, setting(0, 1000, slider=(0, 8))] = 0  # at most, in cells, in either direction of both axes
    rotate: Annotated[float, setting(0.0, 180.0, slider=(0.0, 45.0), step=1.0, unit="°")] = 0.0  # at most, either way
    flip: bool = False  # left and right exchanged, for every other image on average
    noise: Annotated[float, setting(0.0, 10.0, slider=(0.0, 0.5), step=0.01)] = 0.0  # its standard deviation

    @property
    def is_on(self) -> bool:
        return self != Augmentation()
