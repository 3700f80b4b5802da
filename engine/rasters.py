"""Picture files before they are decoded: of which raster format the content is, and whether its picture reaches its end.

A picture ends where it ends: what follows it in the file (a phone's clip, further pictures, the tail of a download) is not
looked at. The decoders are the gui's. They are asked only for the formats named here, each by its name, so that no content is
taken for a drawing (SVG), a font or a program.
"""

from __future__ import annotations

import io
import re
from typing import BinaryIO, Literal, TypeAlias

from engine.pictures import PictureError

RasterKind: TypeAlias = Literal["png", "jpeg", "webp", "gif", "bmp", "tiff", "ppm", "pgm", "pbm"]
ENDINGS: dict[RasterKind, tuple[str, ...]] = {  # of the files' names, for a file dialog; the content decides
    "png": ("png",),
    "jpeg": ("jpg", "jpeg", "jfif"),
    "webp": ("webp",),
    "gif": ("gif",),
    "bmp": ("bmp",),
    "tiff": ("tif", "tiff"),
    "ppm": ("ppm",),
    "pgm": ("pgm",),
    "pbm": ("pbm",),
}
MOST_BYTES = 512 * 2**20  # that a decoder may take for one picture
SHALLOW_BITS = 32  # of a pixel with 8 bits a channel

_HEAD = 4096  # bytes in which a file says what it is
_PATTERNS: tuple[tuple[bytes, RasterKind], ...] = (
    (rb"\x89PNG\r\n\x1a\n", "png"),
    (rb"\xff\xd8\xff", "jpeg"),
    (rb"RIFF....WEBP", "webp"),
    (rb"GIF8[79]a", "gif"),
    (rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", "bmp"),
    (rb"II\*\0|MM\0\*", "tiff"),
    (rb"P[36]\s+[#\d]", "ppm"),
    (rb"P[25]\s+[#\d]", "pgm"),
    (rb"P[14]\s+[#\d]", "pbm"),
)
_BEGINNINGS = tuple((re.compile(pattern, re.DOTALL), kind) for pattern, kind in _PATTERNS)
_MOST_PARTS = 100_000  # of a file that is walked through; a picture has some hundred
_BLOCK = 2**20
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")  # of a JPEG; the others stand inside of a scan
_END, _SCAN, _BARE = 0xD9, 0xDA, (0x01, 0xD8)  # bare: no length follows
_PROGRESSIVE = (0xC2, 0xC6, 0xCA, 0xCE)
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B  # the blocks of a GIF


def checked_kind(name: str, file: BinaryIO) -> RasterKind:
    """The format of a file's content. Raises PictureError for what is no picture of pixels, and for a picture that is cut off
    where its decoder would fill it up without a word."""
    head = file.read(_HEAD)
    kind = beginning(head)
    if kind is None:
        raise PictureError("no_pixels" if b"<svg" in head else "not_a_picture", file=name)
    whole = _WHOLE.get(kind)
    file.seek(0)
    if whole is not None and not whole(file):
        raise PictureError("damaged", file=name)
    return kind


def beginning(head: bytes) -> RasterKind | None:
    """The format of a file whose content begins with `head`."""
    return next((kind for pattern, kind in _BEGINNINGS if pattern.match(head)), None)


def reaches_its_end(kind: RasterKind, file: BinaryIO) -> bool:
    """Whether the picture is whole, as far as that is known without decoding it. A JPEG whose last bytes are its end marker is
    not walked through, nor are the contents of a PNG's chunks."""
    length = file.seek(0, io.SEEK_END)
    if kind == "jpeg":
        file.seek(max(0, length - 2))
        if file.read(2) == bytes([0xFF, _END]):
            return True
    file.seek(0)
    check = _png_is_whole if kind == "png" else _WHOLE.get(kind)
    return check is None or check(file)


def needed_bytes(kind: RasterKind, file: BinaryIO, width: int, height: int, bits: int) -> int:
    """The memory that decoding takes, at most: `bits` are those of one decoded pixel, with all its channels.

    Animations keep a second picture, TIFF a strip that may be the whole one, a progressive JPEG all its coefficients. Deep
    pixels (16 bits a channel and more) are copied once more to be scaled.
    """
    pixel = bits / 8
    copies = 1 + (kind in ("gif", "webp", "tiff")) + (bits > SHALLOW_BITS)
    kept = 2 * _kept_components(file) if kind == "jpeg" else 0
    return int(width * height * (pixel * copies + kept))


# --- JPEG


def _next_marker(file: BinaryIO) -> int | None:
    """Go to behind the next marker; None where there is none."""
    before = b""
    while block := file.read(_BLOCK):
        block = before + block
        if found := _MARKER.search(block):
            file.seek(found.end() - len(block), io.SEEK_CUR)
            return found[1][0]
        before = block[-1:] if block.endswith(b"\xff") else b""
    return None


def _skip_segment(file: BinaryIO) -> bool:
    """Go behind a segment, whose length comes first. A thumbnail, with an end of its own, lies inside of one."""
    length = int.from_bytes(file.read(2), "big")
    file.seek(max(0, length - 2), io.SEEK_CUR)
    return length >= 2


def _jpeg_is_whole(file: BinaryIO) -> bool:
    """Whether the end marker comes after the last scan, before anything else follows."""
    file.seek(2)
    scans = 0
    for _ in range(_MOST_PARTS):
        marker = _next_marker(file)
        if marker is None or marker == _END:
            return marker is not None and scans > 0
        scans += marker == _SCAN
        if marker not in _BARE and not _skip_segment(file):
            return False
    return False


def _kept_components(file: BinaryIO) -> int:
    """The number of components whose coefficients a decoder keeps until the last scan; 0 where it decodes line by line."""
    file.seek(2)
    for _ in range(_MOST_PARTS):
        marker = _next_marker(file)
        if marker is None or marker in (_END, _SCAN):
            return 0
        if marker in _PROGRESSIVE:
            frame = file.read(8)  # length (2), precision, height (2), width (2), components
            return frame[7] if len(frame) == 8 else 0
        if marker not in _BARE and not _skip_segment(file):
            return 0
    return 0


# --- PNG


def _png_is_whole(file: BinaryIO) -> bool:
    """Whether the last chunk is there, before which all others have their full length."""
    file.seek(8)
    for _ in range(_MOST_PARTS):
        head = file.read(8)
        if len(head) < 8:
            return False
        if head[4:] == b"IEND":
            return True
        file.seek(int.from_bytes(head[:4], "big") + 4, io.SEEK_CUR)
    return False


# --- GIF


def _skip_blocks(file: BinaryIO) -> bool:
    """Go behind a run of blocks, of which an empty one is the last."""
    for _ in range(_MOST_PARTS * 10):
        size = file.read(1)
        if size in (b"", b"\0"):
            return size == b"\0"
        file.seek(size[0], io.SEEK_CUR)
    return False


def _skip_colours(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 * 2 ** ((flags & 7) + 1), io.SEEK_CUR)


def _gif_is_whole(file: BinaryIO) -> bool:
    """Whether the first picture, the one that is shown, reaches its end."""
    screen = file.read(13)
    if len(screen) < 13:
        return False
    _skip_colours(file, screen[10])
    for _ in range(_MOST_PARTS):
        kind = file.read(1)
        if kind == bytes([_EXTENSION]):
            file.seek(1, io.SEEK_CUR)
            if not _skip_blocks(file):
                return False
        elif kind == bytes([_IMAGE]):
            place = file.read(9)
            if len(place) < 9:
                return False
            _skip_colours(file, place[8])
            file.seek(1, io.SEEK_CUR)
            return _skip_blocks(file)
        else:
            return False
    return False


# --- BMP


def _bmp_is_whole(file: BinaryIO) -> bool:
    """Whether all lines are there. Compressed ones (RLE) say themselves how many bytes they take."""
    head = file.read(54)
    length = file.seek(0, io.SEEK_END)
    if len(head) < 26:
        return False
    start, old = int.from_bytes(head[10:14], "little"), int.from_bytes(head[14:18], "little") < 40
    if old:
        width, height, depth = (int.from_bytes(head[at : at + 2], "little") for at in (18, 20, 24))
        return length >= start + height * _bmp_line(width, depth)
    if len(head) < 54:
        return False
    width, height = (abs(int.from_bytes(head[at : at + 4], "little", signed=True)) for at in (18, 22))
    depth, compression, size = (int.from_bytes(head[at : at + few], "little") for at, few in ((28, 2), (30, 4), (34, 4)))
    return length >= start + (size if compression in (1, 2) else height * _bmp_line(width, depth))


def _bmp_line(width: int, depth: int) -> int:
    """The bytes of a line: full words of four."""
    return (width * depth + 31) // 32 * 4


_WHOLE = {"jpeg": _jpeg_is_whole, "gif": _gif_is_whole, "bmp": _bmp_is_whole}  # the other decoders say it themselves
