"""Pictures as the engine sees them: arrays (C, H, W) of float32 from 0 to 1, one channel for grey and three for colour. The
course's picture alone holds whole numbers from 1 to 9.

Files are decoded by the gui (the engine has no decoder); this module says what may be decoded, to which size, and turns bytes
into channels. The refusals' sentences stand in `assets/words/pictures.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.assets import asset

MOST_PIXELS = 64_000_000  # 64 megapixels; what a decoder may be made to hold in memory
LONGEST_SIDE = 512  # pixels: the working size. Maps of a larger picture would neither fit the screen nor follow the hand

SAMPLES: dict[str, str] = {"china": "china.jpg", "flower": "flower.jpg", "digit": "digit.png"}
COURSE = "course"  # the sample that is no file: the picture of numbers that courses work by hand
_COURSE_ROWS = ((2, 4, 9, 1, 4), (2, 1, 4, 4, 6), (1, 1, 2, 9, 2), (7, 3, 5, 1, 3), (2, 3, 4, 8, 5))


class PictureError(ValueError):
    """Why a picture is not taken: a code of `assets/words/pictures.toml` and the values in its sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture at its working size. `values_CHW` is contiguous and not to be written to; `original` is (width, height)
    before it was scaled."""

    name: str
    values_CHW: NDArray[np.float32]
    original: tuple[int, int]
    white: float = 1.0  # the value that is shown as white

    @property
    def shape(self) -> tuple[int, int, int]:
        channels, height, width = self.values_CHW.shape
        return channels, height, width

    @property
    def scaled(self) -> bool:
        """Whether it was made smaller."""
        return self.original != (self.shape[2], self.shape[1])


def sample_path(name: str) -> Path:
    """The file of a sample picture, one of `SAMPLES`."""
    return asset("images", SAMPLES[name])


def course() -> Picture:
    """The 5×5 picture of whole numbers; with `feature_maps.COURSE_FILTER` and a padding of 1 every output is a whole number."""
    values_HW = np.array(_COURSE_ROWS, np.float32)
    return Picture(COURSE, values_HW[None], (5, 5), white=float(values_HW.max()))


def check_size(name: str, width: int, height: int) -> None:
    """Raise PictureError for a picture of more than `MOST_PIXELS`. Call it with the size in the file's header, before
    anything is decoded."""
    if width * height > MOST_PIXELS:
        raise PictureError(
            "too_large",
            file=name,
            width=width,
            height=height,
            megapixels=f"{width * height / 1e6:.1f}",
            most=MOST_PIXELS // 1_000_000,
        )


def working_size(width: int, height: int) -> tuple[int, int]:
    """(width, height) to work with: as it is, or scaled in proportion so that the longer side is `LONGEST_SIDE`."""
    longest = max(width, height)
    if longest <= LONGEST_SIDE:
        return width, height
    return max(1, round(width * LONGEST_SIDE / longest)), max(1, round(height * LONGEST_SIDE / longest))


def from_pixels(
    name: str, pixels: NDArray[np.uint8], original: tuple[int, int] | None = None, *, grey: bool = False
) -> Picture:
    """A Picture from bytes: (H, W) grey, (H, W, 3) red, green, blue, or (H, W, 4) with alpha (not premultiplied), which is
    laid on white. `grey` says that the colours are equal, so that one channel is enough. `original` is (width, height) of
    the file where the pixels were scaled."""
    values = pixels.astype(np.float32) / np.float32(255)
    if values.ndim == 2:
        values = values[:, :, None]
    if values.shape[2] == 4:
        alpha = values[:, :, 3:]
        values = values[:, :, :3] * alpha + (1 - alpha)
    if grey:
        values = values[:, :, :1]
    height, width = values.shape[:2]
    values_CHW = np.ascontiguousarray(values.transpose(2, 0, 1), dtype=np.float32)
    return Picture(name, values_CHW, original or (width, height))
