"""Pictures as the engine sees them: arrays (C, H, W) of float32 from 0 to 1, one channel for grey and three for colour. The
course's picture and the pattern "ramp" alone hold whole numbers.

Files are decoded by the gui (the engine has no decoder); this module says what may be decoded, to which size, and turns bytes
into channels. Patterns are computed, in any shape: `pattern("checkerboard 3x32x32")`. The refusals' sentences stand in
`assets/words/pictures.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.assets import asset
from engine.figures import full_count

MOST_PIXELS = 64_000_000  # 64 megapixels; what a decoder may be made to hold in memory
LONGEST_SIDE = 512  # pixels: the working size. Maps of a larger picture would neither fit the screen nor follow the pointer
LONGEST_NAME = 80  # letters of a file's name that are printed
UNPRINTED = "\N{REPLACEMENT CHARACTER}"  # for a letter that is not

SAMPLES: dict[str, str] = {"china": "china.jpg", "flower": "flower.jpg", "digit": "digit.png"}
COURSE = "course"  # the sample that is no file: the picture of numbers that courses work by hand
PATTERNS = ("impulse", "step", "stripes", "checkerboard", "gradient", "hangul", "ramp")
MOST_CHANNELS, MOST_SIDE, MOST_NUMBERS = 512, 2048, 2**23  # of a pattern; its numbers take 32 MiB then
LUMINANCE = np.array([0.299, 0.587, 0.114])  # of red, green and blue (ITU-R BT.601)
_KEY = re.compile(r"([a-z]+) ([0-9]{1,9})x([0-9]{1,9})x([0-9]{1,9})")
_COURSE_ROWS = ((2, 4, 9, 1, 4), (2, 1, 4, 4, 6), (1, 1, 2, 9, 2), (7, 3, 5, 1, 3), (2, 3, 4, 8, 5))


PictureShape: TypeAlias = tuple[int, int, int]  # (C, H, W)


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
    black: float = 0.0

    @property
    def shape(self) -> PictureShape:
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
    """The 5×5 picture of whole numbers; with `filter_library.COURSE` and a padding of 1 every output is a whole number."""
    values_HW = np.array(_COURSE_ROWS, np.float32)
    return Picture(COURSE, values_HW[None], (5, 5), white=float(values_HW.max()))


def is_pattern(key: str) -> bool:
    """Whether `key` names a pattern, as "NAME CxHxW". Its size may still be refused by `pattern`."""
    found = _KEY.fullmatch(key)
    return found is not None and found[1] in PATTERNS


def pattern_key(name: str, shape: PictureShape) -> str:
    """What `pattern` is asked for: "stripes 3x32x32"."""
    return f"{name} {'x'.join(map(str, shape))}"


def pattern_parts(key: str) -> tuple[str, PictureShape]:
    """The name and (C, H, W) of a pattern's key. Raises PictureError for what is no pattern or cannot be of that size."""
    found = _KEY.fullmatch(key)
    if found is None or found[1] not in PATTERNS:
        raise PictureError("no_pattern", key=key[:60])
    channels, height, width = (int(each) for each in found.groups()[1:])
    fits = 1 <= channels <= MOST_CHANNELS and 1 <= height <= MOST_SIDE and 1 <= width <= MOST_SIDE
    if not fits or channels * height * width > MOST_NUMBERS:
        raise PictureError(
            "pattern_size",
            shape=f"{channels}×{height}×{width}",
            channels=MOST_CHANNELS,
            side=MOST_SIDE,
            numbers=full_count(MOST_NUMBERS),
        )
    return found[1], (channels, height, width)


def pattern(key: str) -> Picture:
    """The picture that is computed from `key`, "NAME CxHxW". Values from 0 to 1; those of "ramp" are 1, 2, 3, ... as they
    lie in memory, and its last is white. Channels differ by a shift. Raises PictureError."""
    name, shape = pattern_parts(key)
    channels, height, width = shape
    if name == "ramp":
        numbers = np.arange(1, channels * height * width + 1, dtype=np.float32)
        return Picture(key, numbers.reshape(shape), (width, height), white=float(numbers[-1]))
    values_CHW = np.array(np.broadcast_to(_PAINTED[name](shape), shape), np.float32, order="C")  # of its own, which torch takes
    return Picture(key, values_CHW, (width, height))


def _impulse(shape: PictureShape) -> NDArray[np.float32]:
    """One cell of 1: in the middle, in each further channel one cell further on in reading order."""
    channels, height, width = shape
    values = np.zeros((channels, height * width), np.float32)
    middle = (height // 2) * width + width // 2
    values[np.arange(channels), (middle + np.arange(channels)) % (height * width)] = 1
    return values.reshape(shape)


def _step(shape: PictureShape) -> NDArray[np.bool_]:
    """Dark, then bright from the middle column on; further channels' edges share out what is right of it."""
    channels, _, width = shape
    edges_C = width // 2 + np.arange(channels) * (width - width // 2) // channels
    bright: NDArray[np.bool_] = np.arange(width)[None, None] >= edges_C.reshape(-1, 1, 1)
    return bright


def _band(shape: PictureShape) -> int:
    """How wide a stripe or a square is: an eighth of the longer side."""
    return max(1, max(shape[1:]) // 8)


def _stripes(shape: PictureShape) -> NDArray[np.bool_]:
    """Upright stripes, dark first; further channels are moved on by a part of the two stripes' width."""
    band = _band(shape)
    period = 2 * band
    channels_C = np.arange(shape[0])
    shifts_C = channels_C * period // shape[0] if shape[0] <= period else channels_C % period
    bright: NDArray[np.bool_] = (np.arange(shape[2])[None, None] + shifts_C.reshape(-1, 1, 1)) % period >= band
    return bright


def _checkerboard(shape: PictureShape) -> NDArray[np.bool_]:
    """Dark at the top left; every other channel the other way round."""
    band = _band(shape)
    rows_H, columns_W = np.arange(shape[1]) // band, np.arange(shape[2]) // band
    squares = np.arange(shape[0]).reshape(-1, 1, 1) + rows_H.reshape(1, -1, 1) + columns_W.reshape(1, 1, -1)
    bright: NDArray[np.bool_] = squares % 2 == 1
    return bright


def _gradient(shape: PictureShape) -> NDArray[np.float64]:
    """From 0 at the left to 1 at the right; further channels begin later on the way up and down again."""
    way_W = np.linspace(0, 1, shape[2]) if shape[2] > 1 else np.zeros(1)
    turns_CW = (way_W[None] + 2 * np.arange(shape[0]).reshape(-1, 1) / shape[0]) % 2
    return (1 - np.abs(1 - turns_CW)).reshape(shape[0], 1, -1)


def _hangul(shape: PictureShape) -> NDArray[np.float64]:
    """The syllable 한, as large as fits, in the middle; further channels are moved to the right, around the edge."""
    channels, height, width = shape
    side = min(height, width)
    scaled = _resized(_resized(_syllable(), side).T, side).T
    values = np.zeros(shape)
    top, left = (height - side) // 2, (width - side) // 2
    values[:, top : top + side, left : left + side] = scaled.clip(0, 1)
    for channel in range(1, channels):
        values[channel] = np.roll(values[0], channel * max(1, side // 16), axis=1)
    return values


@cache
def _syllable() -> NDArray[np.float64]:
    """(256, 256) from 0 to 1. The file is a line of text and the plain bytes (PGM), for want of a decoder."""
    header, size, most, pixels = asset("images", "hangul.pgm").read_bytes().split(b"\n", 3)
    assert (header, most) == (b"P5", b"255")
    width, height = map(int, size.split())
    return np.frombuffer(pixels, np.uint8).reshape(height, width) / 255


def _resized(values: NDArray[np.float64], after: int) -> NDArray[np.float64]:
    """`after` rows for those of `values`. Fewer: the mean over the part that each covers; more: a straight line between the
    middles of the old ones. By sums and places, not as a product of matrices: the first one of a process takes 20 ms."""
    before = len(values)
    if after <= before:
        ends = np.linspace(0, before, after + 1)
        low = np.minimum(ends.astype(int), before - 1)
        sums = np.cumsum(values, axis=0) - values  # of all that is above a row
        covered: NDArray[np.float64] = np.diff(sums[low] + (ends - low).reshape(-1, 1) * values[low], axis=0)
        return covered * (after / before)
    middles = ((np.arange(after) + 0.5) * (before / after) - 0.5).clip(0, before - 1)
    low = np.minimum(middles.astype(int), before - 2)
    share = (middles - low).reshape(-1, 1)
    between: NDArray[np.float64] = (1 - share) * values[low] + share * values[low + 1]
    return between


_PAINTED = {
    "impulse": _impulse,
    "step": _step,
    "stripes": _stripes,
    "checkerboard": _checkerboard,
    "gradient": _gradient,
    "hangul": _hangul,
}


def crop(size: tuple[int, int], wanted: tuple[int, int]) -> tuple[range, range]:
    """The largest part of a picture of `size`, in the middle, that has the proportions of `wanted`: its rows and columns. Both
    are (height, width)."""
    height, width = size
    part = (
        min(height, max(1, round(width * wanted[0] / wanted[1]))),
        min(width, max(1, round(height * wanted[1] / wanted[0]))),
    )
    rows, columns = (range((whole - kept) // 2, (whole - kept) // 2 + kept) for whole, kept in zip(size, part, strict=True))
    return rows, columns


def fitted(picture: Picture, shape: PictureShape) -> NDArray[np.float32]:
    """The picture as an input of `shape`, (C, H, W): its `crop`, scaled, from 0 to 1. Each cell is the mean of what it covers;
    where there are more cells than before, they lie on the line between their neighbours. Three channels become one by their
    luminance; other numbers of channels are repeated in turn."""
    channels, height, width = shape
    rows, columns = crop(picture.shape[1:], (height, width))
    part_CHW = picture.values_CHW[:, rows.start : rows.stop, columns.start : columns.stop].astype(np.float64)
    part_CHW = (part_CHW - picture.black) / (picture.white - picture.black)
    if len(part_CHW) == 3 and channels == 1:
        part_CHW = np.tensordot(LUMINANCE, part_CHW, axes=1)[None]
    scaled_CHW = resized(part_CHW, (height, width))
    return np.ascontiguousarray(scaled_CHW[np.arange(channels) % len(scaled_CHW)], dtype=np.float32)


def resized(values_CHW: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float64]:
    """The channels in `size`, (height, width): each cell is the mean of what it covers; where there are more cells than before,
    they lie on the line between their neighbours."""
    (count, rows, columns), (height, width) = values_CHW.shape, size
    lines_HCW = _resized(values_CHW.transpose(1, 0, 2).reshape(rows, -1), height).reshape(height, count, -1)
    cells_WHC = _resized(lines_HCW.transpose(2, 0, 1).reshape(columns, -1), width).reshape(width, height, count)
    return cells_WHC.transpose(2, 1, 0)


def shown_name(path: Path) -> str:
    """A file's name as it is printed: composed (Korean names of a Mac are not), on one line, and without the characters that
    would not be seen or would turn the text around them. At most `LONGEST_NAME` letters, the beginning and the end."""
    name = "".join(letter if letter.isprintable() else UNPRINTED for letter in unicodedata.normalize("NFC", path.name))
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 20]}…{name[-19:]}"


def read_array(path: Path) -> Picture:
    """The picture in a NumPy file: real numbers (H, W) or (C, H, W), at most the working size, number by number as they are in
    float32. Those beyond 0 to 1 say themselves what is black and what is white. Raises PictureError, and OSError where the file
    cannot be read."""
    name = shown_name(path)
    try:
        with path.open("rb") as file:
            values = np.load(file, allow_pickle=False)
    except (ValueError, EOFError):
        raise PictureError("damaged", file=name) from None
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "biuf":
        raise PictureError("no_numbers", file=name)
    values = values[None] if values.ndim == 2 else values
    fits = values.ndim == 3 and values.size > 0 and len(values) <= MOST_CHANNELS and max(values.shape[1:]) <= LONGEST_SIDE
    if not fits or values.size > MOST_NUMBERS:
        shape = "×".join(map(str, values.shape)) or "1"
        raise PictureError("array_shape", file=name, shape=shape, channels=MOST_CHANNELS, side=LONGEST_SIDE)
    with np.errstate(over="ignore"):
        values = np.ascontiguousarray(values, np.float32)
    if not np.isfinite(values).all():
        raise PictureError("not_finite", file=name)
    low, high = (0.0, 1.0) if values.min() >= 0.0 and values.max() <= 1.0 else ends_of(values)
    _, height, width = values.shape
    return Picture(name, values, (width, height), white=high, black=low)


def ends_of(values: NDArray[np.float32]) -> tuple[float, float]:
    """What is black and what is white among these: 0, or the least where that is below, and the greatest."""
    low = min(0.0, float(values.min()))
    high = float(values.max())
    return low, high if high > low else low + 1.0


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
