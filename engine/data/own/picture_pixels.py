"""A picture file's pixels by Pillow, and what its header says of them.

`pixels_of`, `scaled`, `turn_of` and `eight_bits` stand in exported scripts as they are here, so they name nothing of the
program. What the usual loaders get wrong without a word is done here, and `Header.traits` says to which pictures: a photo is
turned upright (EXIF), transparency is laid on white, grey of more than 8 bits is scaled and not cut off at 255, by one range
for the whole folder: the same number is the same grey. A picture of other proportions is cut in the middle, as
`engine.pictures.fitted` cuts the pictures that a network is tried on.

Importing it imports numpy and Pillow. Called by `engine.data.own.picture_folder`.
"""

from __future__ import annotations

import io
import os
from contextlib import nullcontext
from struct import Struct
from threading import Lock
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import rasters
from engine.data.own.picture_headers import MOST_PIXELS, GreyDepth, Header, Trait, ValueRange
from engine.data.own.picture_listing import OTHER_PICTURES, PACKED, PICTURES

FORMATS: dict[rasters.RasterKind, str] = {  # by Pillow's names: no other decoder is ever asked
    "png": "PNG",
    "jpeg": "JPEG",
    "webp": "WEBP",
    "gif": "GIF",
    "bmp": "BMP",
    "tiff": "TIFF",
    "ppm": "PPM",
    "pgm": "PPM",
    "pbm": "PPM",
}
LARGE_PIXELS = 2**24  # of a picture that is decoded by one thread at a time
_HEAD = 4096
_JPEG_END = b"\xff\xd9"
_APP1, _FRAMES = 0xE1, (0xC0, 0xC1, 0xC2)  # of a JPEG: metadata; baseline, extended and progressive
_SEGMENT, _FRAME = Struct(">BBH"), Struct(">BHHB")
_one_large = Lock()

Image.MAX_IMAGE_PIXELS = None  # a picture's size is looked at here before it is decoded


def pixels_of(content: bytes, height: int, width: int, channels: int, ranges: dict[str, Any]) -> NDArray[np.uint8]:
    """The picture (channels, height, width) in the `content` of a file: upright, on white, its first frame, cut in the middle
    to the proportions and scaled. `ranges`: what is black and what white in pictures deeper than 8 bits."""
    image: Any = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM"))
    turn = turn_of(image)
    if image.format in ("JPEG", "MPO"):  # a large photo is decoded at a half, a quarter or an eighth
        across, down = (height, width) if turn in (5, 6, 7, 8) else (width, height)
        share = min(image.width / across, image.height / down)
        image.draft(None, (max(1, int(2 * image.width / share)), max(1, int(2 * image.height / share))))
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # EXIF's numbers, and Pillow's
    if turn in turns:
        image = image.transpose(Image.Transpose(turns[turn]))
    if image.mode[0] in "IF":  # deeper than 8 bits
        image = eight_bits(image, *ranges[image.mode[0]])
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    if image.mode not in ("L", "RGB", "1"):
        image = image.convert("RGB")
    return scaled(image, height, width, channels)


def scaled(image: Any, height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """A picture in grey, colours or one bit as (channels, height, width), cut in the middle to the proportions. Each pixel is
    the mean of what it covers, or lies on the line between its neighbours."""
    mode = "L" if channels == 1 else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    if image.size != (width, height):
        rows = min(image.height, max(1, round(image.width * height / width)))
        columns = min(image.width, max(1, round(image.height * width / height)))
        top, left = (image.height - rows) // 2, (image.width - columns) // 2
        smaller = rows >= height and columns >= width
        image = image.crop((left, top, left + columns, top + rows))
        image = image.resize((width, height), Image.Resampling.BOX if smaller else Image.Resampling.BILINEAR)
    return np.frombuffer(image.tobytes(), np.uint8).reshape(height, width, channels).transpose(2, 0, 1)


def turn_of(image: Any) -> int:
    """How a photo was held, 1 to 8 by EXIF; 1 is upright. Pillow itself turns a TIFF."""
    try:
        return int(image.getexif().get(274, 1)) if "exif" in image.info and image.format != "TIFF" else 1
    except Exception:  # damaged, which is no fault of the pixels
        return 1


def eight_bits(image: Any, low: float, high: float) -> Any:
    """A grey picture of 16 bits, or 32, or of fractions, in 8 bits: `low` becomes 0 and `high` 255."""
    values = np.nan_to_num(np.asarray(image, np.float64), posinf=high, neginf=low)
    return Image.fromarray(np.rint((values - low) / ((high - low) or 1.0) * 255).clip(0, 255).astype(np.uint8))


def decoded(
    file: str, header: Header, content: bytes, size: tuple[int, int], channels: int, ranges: dict[str, ValueRange]
) -> Any:
    """What `finished` makes `pixels_of` the content of `file` of. Raises ValueError where it is damaged. A small JPEG without
    metadata goes to the same decoder by a shorter way, and is an image yet: to finish it needs the interpreter, for which other
    threads would wait after each decoding."""
    try:
        if header.plain and header.width < 2 * size[1] and header.height < 2 * size[0]:
            mode = "L" if header.grey else "RGB"
            return Image.frombytes(mode, (header.width, header.height), content, "jpeg", mode, "")
        if header.width * header.height > LARGE_PIXELS:
            with _one_large:
                return pixels_of(content, *size, channels, ranges)
        return pixels_of(content, *size, channels, ranges)
    except MemoryError:
        raise
    except Exception as error:  # whatever a decoder says of bytes that it does not understand
        raise ValueError(f"{file}: {error}") from None


def finished(taken: Any, size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
    """The pixels (channels, height, width) of what has been `decoded`."""
    return taken if isinstance(taken, np.ndarray) else scaled(taken, *size, channels)


def content_of(file: str, size: int) -> bytes | None:
    """All bytes of a file that has so many; None where it has others by now, or cannot be read. Without a buffer, which takes
    longer than a small file's content."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            content = os.read(descriptor, size + 1)
        finally:
            os.close(descriptor)
    except OSError:
        return None
    return content if len(content) == size else None


def header_of(file: str, content: bytes | None = None) -> Header:
    """What the beginning of a file tells, and of a deep picture its range, for which alone it is decoded; `content` is all of
    it, where it has been read. Raises nothing."""
    try:
        if content is not None:
            return _header(file, io.BytesIO(content), content)
        with open(file, "rb") as opened:  # noqa: PTH123  (thousands of them)
            return _header(file, opened, None)
    except OSError as error:
        return Header(refused="unreadable", error=error.strerror or "") if error.errno else Header(refused="damaged")
    except Exception:  # whatever a decoder says of bytes that it does not understand
        return Header(refused="damaged")


def _header(file: str, opened: BinaryIO, content: bytes | None) -> Header:
    head = opened.read(_HEAD) if content is None else content[:_HEAD]
    if content is None and len(head) < _HEAD:
        content = head
    kind = rasters.beginning(head)
    if kind is None:
        return Header(refused=_no_kind(file, head))
    whole = kind == "jpeg" and content is not None and content.endswith(_JPEG_END)
    if not whole and not rasters.reaches_its_end(kind, opened):
        return Header(refused="damaged")
    if kind == "jpeg" and (plain := _plain_jpeg(head)) is not None:
        return plain
    opened.seek(0)
    with Image.open(opened, formats=(FORMATS[kind],)) as image:
        return _read(image)


def _plain_jpeg(head: bytes) -> Header | None:
    """The header of a JPEG of 8 bits, grey or in three colours, that has neither EXIF nor XMP; None for every other one. (Its
    segments: a marker, a length, and of a frame precision, height, width and number of components; ITU-T T.81, B.2.2.)"""
    place = 2
    while place + 10 <= len(head):
        before, marker, length = _SEGMENT.unpack_from(head, place)
        if before != 0xFF or marker == _APP1:
            return None
        if marker in _FRAMES:
            precision, height, width, components = _FRAME.unpack_from(head, place + _SEGMENT.size)
            if precision != 8 or components not in (1, 3) or not 0 < height * width <= LARGE_PIXELS:
                return None
            return Header(width=width, height=height, grey=components == 1, plain=True)
        place += 2 + length
    return None


def _no_kind(name: str, head: bytes) -> str:
    ending = f".{name.lower().rpartition('.')[2]}"
    if not head:
        return "empty"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"hevc"):
        return "heic"
    if head[4:12] == b"ftypavif":
        return "avif"
    if b"<svg" in head:
        return "drawing"
    if name.lower().endswith(PACKED):
        return "packed"
    return "only_named_so" if ending in (*PICTURES, *OTHER_PICTURES) else "no_picture"


def _read(image: Any) -> Header:
    width, height = image.size
    if width * height > MOST_PIXELS:
        return Header(width=width, height=height, refused="too_large")
    turn = turn_of(image)
    if turn in (5, 6, 7, 8):
        width, height = height, width
    traits: list[Trait] = []
    depth: GreyDepth | None = None
    values = None
    if turn in range(2, 9) or (image.format == "TIFF" and image.tag_v2.get(274, 1) in range(2, 9)):
        traits.append("turned")
    if image.mode[0] in "IF":
        traits.append("deep")
        depth, values = image.mode[0], _range(image)
    elif image.has_transparency_data:
        traits.append("transparent")
    if image.mode in ("P", "PA"):
        traits.append("palette")
    elif image.mode == "CMYK":
        traits.append("cmyk")
    elif image.mode in ("YCbCr", "LAB", "HSV"):
        traits.append("colour_space")
    elif image.mode == "1":
        traits.append("bilevel")
    if getattr(image, "is_animated", False) and image.format != "MPO":
        traits.append("frames")
    return Header(width=width, height=height, grey=_is_grey(image), depth=depth, range=values, traits=tuple(traits))


def _range(image: Any) -> ValueRange:
    """The smallest and the largest value of a deep picture, which only decoding tells."""
    with _one_large if image.width * image.height > LARGE_PIXELS else nullcontext():
        values = np.asarray(image)
        if image.mode == "F":
            values = values[np.isfinite(values)]
        return (values.min().item(), values.max().item()) if values.size else (0, 0)


def _is_grey(image: Any) -> bool:
    if image.mode == "P":
        colours = np.array(image.getpalette("RGB") or [0], np.uint8)
        return len(colours) % 3 == 0 and bool((colours.reshape(-1, 3) == colours.reshape(-1, 3)[:, :1]).all())
    return image.mode in ("1", "L", "LA", "La") or image.mode[0] in "IF"
