"""Pictures of files, of the clipboard and of drawings: decoded, kept as files, and turned into images for Qt.

Called by the picture picker, whose reading thread runs `load_picture`, and by views that paint a picture.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from engine.cells.own_numbers import is_numbers, numbers
from engine.figures import binary_size
from engine.files import replace_file
from engine.pictures import (
    COURSE,
    SAMPLES,
    Picture,
    PictureError,
    check_size,
    course,
    from_pixels,
    pattern,
    read_array,
    sample_path,
    shown_name,
    working_size,
)
from engine.rasters import MOST_BYTES, SHALLOW_BITS, checked_kind, needed_bytes

OFFERED = (*SAMPLES, COURSE)
PASTED, DRAWN = "pasted-", "drawn-"  # how the files of pastes and drawings begin
KEPT_PASTES = 12  # files, in which restored states find their pictures
KEPT_DRAWINGS = 100  # files, one for each stroke, in which undo finds them
_MEBIBYTES = MOST_BYTES // 2**20  # what Qt allocates for one picture, at most


@dataclass(frozen=True, eq=False)
class LoadedPicture:
    """A picture and its key: the name of a sample, a pattern with its shape, or the path of a file."""

    key: str
    picture: Picture


@dataclass(frozen=True, eq=False)
class Pasted:
    """A picture from the clipboard or a drop, as pixels or as the content of a file, and the folder in which it will be
    kept."""

    content: QImage | bytes
    folder: Path
    name: str = "clipboard.png"


def read_picture(path: Path) -> Picture:
    """Decode a file, upright and scaled to the working size. What it is, whether it is whole and what decoding it takes are
    known before. Raises PictureError, and OSError where the file cannot be read."""
    name = shown_name(path)
    if not path.is_file():
        raise PictureError("missing", file=name)
    with path.open("rb") as file:
        return _decoded(QImageReader(str(path)), name, file)


def picture_of_bytes(content: bytes, name: str) -> Picture:
    """Decode the content of a picture's file, as `read_picture` does. Raises PictureError."""
    buffer = QBuffer()
    buffer.setData(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return _decoded(QImageReader(buffer), name, io.BytesIO(content))


def _decoded(reader: QImageReader, name: str, file: BinaryIO) -> Picture:
    """The picture of a reader, over the same content as `file`."""
    kind = checked_kind(name, file)
    QImageReader.setAllocationLimit(_MEBIBYTES)
    reader.setAutoDetectImageFormat(False)  # no other decoder may have a look
    reader.setFormat(QByteArray(kind.encode()))
    reader.setAutoTransform(True)  # as EXIF says
    size = reader.size()
    if not size.isValid():
        raise PictureError("damaged", file=name)
    width, height = size.width(), size.height()
    check_size(name, width, height)
    bits = max(SHALLOW_BITS, QImage.toPixelFormat(reader.imageFormat()).bitsPerPixel())
    needed = needed_bytes(kind, file, width, height, bits)
    if needed > MOST_BYTES:
        raise PictureError("too_much", file=name, needed=binary_size(needed), most=binary_size(MOST_BYTES))
    reader.setScaledSize(QSize(*working_size(width, height)))
    turned = bool(reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90)
    image = reader.read()
    if image.isNull():
        raise PictureError("damaged", file=name)
    return picture_from(image, name, (height, width) if turned else (width, height))


def picture_from(image: QImage, name: str, original: tuple[int, int] | None = None) -> Picture:
    """A decoded image as a Picture, scaled to the working size. Raises PictureError for one that is too large."""
    width, height = image.width(), image.height()
    check_size(name, width, height)
    grey = image.allGray()  # `isGrayscale` is false for black and white, and for grey with a palette
    smaller = QSize(*working_size(width, height))
    if smaller != image.size():
        image = image.scaled(smaller, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = lines[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)
    return from_pixels(name, pixels, original or (width, height), grey=grey)


def image_of(picture: Picture, longest: int | None = None) -> QImage:
    """The picture as a QImage: three channels as red, green and blue, otherwise the first channel in grey. `longest`: the image
    will be painted that small; where the longer side is n times as long, only every nth cell along each axis is taken."""
    _, height, width = picture.shape
    step = 1 if longest is None else max(1, max(height, width) // longest)
    return image_of_values(picture.values_CHW[:, ::step, ::step], picture.white, picture.black)


def image_of_values(
    values_CHW: NDArray[np.float32],  # noqa: N803  (named by its layout)
    white: float = 1.0,
    black: float = 0.0,
) -> QImage:
    """Values from `black` to `white` as a QImage: three channels as red, green and blue, else the first channel in grey."""
    values = values_CHW if len(values_CHW) == 3 else values_CHW[:1]
    height, width = values.shape[1:]
    rgb = np.empty((height, width, 4), np.uint8)
    shares = (values.clip(black, white) - np.float32(black)) * np.float32(255 / (white - black))
    rgb[:, :, :3] = np.rint(shares).astype(np.uint8).transpose(1, 2, 0)  # grey: to all
    rgb[:, :, 3] = 255
    return QImage(rgb.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def png_of(image: QImage) -> bytes:
    """The content of a PNG file."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


@cache
def sample(name: str) -> Picture:
    """One of the sample pictures, named in `OFFERED`."""
    return course() if name == COURSE else read_picture(sample_path(name))


def load_picture(request: Path | Pasted | str) -> LoadedPicture:
    """Read or compute what is requested; a text is a pattern's key. Runs in the reading thread. Raises PictureError."""
    name = shown_name(request) if isinstance(request, Path) else request if isinstance(request, str) else request.name
    try:
        if isinstance(request, str):
            return LoadedPicture(request, numbers(request) if is_numbers(request) else pattern(request))
        if isinstance(request, Pasted):
            content, name = request.content, request.name
            picture = picture_of_bytes(content, name) if isinstance(content, bytes) else picture_from(content, name)
            return LoadedPicture(str(keep_picture(picture, request.folder, PASTED, KEPT_PASTES)), picture)
        read = read_array if request.suffix.lower() == ".npy" else read_picture
        return LoadedPicture(str(request), read(request))
    except MemoryError:
        raise PictureError("no_memory", file=name) from None
    except OSError:
        raise PictureError("unreadable", file=request.folder.name if isinstance(request, Pasted) else name) from None


def keep_picture(picture: Picture, folder: Path, kind: str, most: int) -> Path:
    """Write a picture to a file named by its content, where it is found after a restart. Deletes the oldest of its kind."""
    data = png_of(image_of(picture))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}{hashlib.sha256(data).hexdigest()[:12]}.png"
    replace_file(path, data)
    kept = sorted(folder.glob(f"{kind}*.png"), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in kept[most:]:
        old.unlink(missing_ok=True)
    return path
