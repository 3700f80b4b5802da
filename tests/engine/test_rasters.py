"""Picture files by their content: which formats are taken, where a picture ends, and what decoding it takes."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest

from engine.assets import asset
from engine.pictures import PictureError
from engine.rasters import checked_kind, needed_bytes

PHOTO = asset("images", "china.jpg").read_bytes()
END, SCAN = b"\xff\xd9", b"\xff\xda"
CLIP = b"\x00\x00\x00\x18ftypmp42" + b"\xff\xda\x00\x0c" * 50 + b"moov"  # a phone's clip has such bytes too
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def taken(content: bytes) -> str:
    """The kind, or why it is refused."""
    try:
        return checked_kind("x", BytesIO(content))
    except PictureError as refusal:
        return refusal.code


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def with_thumbnail(photo: bytes) -> bytes:
    """The photograph with a small one inside of its EXIF block, which has an end of its own."""
    return photo[:2] + segment(0xE1, b"Exif\0\0" + PHOTO[:4000] + END) + photo[2:]


def gif(pictures: int = 1) -> bytes:
    """An animation of 1×1 pixels, each in a block of two bytes."""
    picture = b"!\xf9\x04\0\0\0\0\0" + b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + picture * pictures + b";"


def bmp(width: int = 3, height: int = -2, depth: int = 24, compression: int = 0, size: int = 0) -> bytes:
    line = (width * depth + 31) // 32 * 4
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, depth, compression, size, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 54) + head + bytes(size or line * abs(height))


@pytest.mark.parametrize("photo", [PHOTO, with_thumbnail(PHOTO)])
@pytest.mark.parametrize("after", [b"", b"\0" * 9, END, CLIP, CLIP + END, PHOTO, PHOTO[:3000]])
def test_a_jpeg_ends_where_it_ends(photo: bytes, after: bytes) -> None:
    assert taken(photo + after) == "jpeg"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_jpeg_that_was_cut_off_is_refused_whatever_ends_in_it(share: float) -> None:
    cut = PHOTO[: int(len(PHOTO) * share)]
    assert taken(cut) == taken(with_thumbnail(cut)) == "damaged"
    assert taken(PHOTO[:-2]) == taken(PHOTO[:-1]) == taken(PHOTO[:20] + END) == "damaged"


def test_blocks_of_a_file_are_joined() -> None:
    """The end marker may lie across two readings of 1 MiB."""
    scan = PHOTO.index(SCAN) + 2 + struct.unpack(">H", PHOTO[PHOTO.index(SCAN) + 2 :][:2])[0]
    for moved in range(-3, 4):
        air = 2**20 - 1 + moved
        assert taken(PHOTO[:scan] + b"\x11" * air + END) == "jpeg"
        assert taken(PHOTO[:scan] + b"\x11" * air + b"\xff\xff" + END[1:]) == "jpeg"
        assert taken(PHOTO[:scan] + b"\x11" * air + b"\xff\x00") == "damaged"


def test_a_file_of_segments_alone_comes_to_an_end() -> None:
    assert taken(PHOTO[:2] + segment(0xE1, b"") * 110_000 + PHOTO[2:]) == "damaged"
    assert taken(b"\xff" * 4_000_000) == "not_a_picture"
    assert taken(b"\xff\xd8" + b"\xff" * 4_000_000) == "damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (SVG, "no_pixels"),
        (b"\xef\xbb\xbf<!-- " + b"-" * 900 + b" -->" + SVG, "no_pixels"),
        (b"\x1f\x8b\x08\x00" + bytes(40), "not_a_picture"),  # SVGZ
        (b"%PDF-1.7", "not_a_picture"),
        (b"/* XPM */\nstatic char *x[] = {", "not_a_picture"),
        (b"#define x_width 9\n", "not_a_picture"),
        (b"BMW is no bitmap, and this is a text of some length", "not_a_picture"),
        (b"P2P is no picture", "not_a_picture"),
        (b"", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
        (b"II*\0", "tiff"),
        (b"MM\0*", "tiff"),
        (b"P3\n# by hand\n1 1 255", "ppm"),
        (b"P6 1 1 255 abc", "ppm"),
        (b"P5\n1 1\n65535\n\0\0", "pgm"),
        (b"P4\n1 1\n\0", "pbm"),
    ],
)
def test_the_content_says_what_a_file_is(content: bytes, code: str) -> None:
    assert taken(content) == code


def test_a_gif_is_whole_where_its_first_picture_is() -> None:
    one = gif()
    assert taken(one) == taken(one + b"tail") == taken(gif(3)) == taken(gif(3)[: len(one) + 5]) == "gif"
    for length in range(6, len(one) - 1):
        assert taken(one[:length]) == "damaged", length


def test_a_bmp_is_whole_where_all_its_lines_are() -> None:
    for kind in (bmp(), bmp(5, 3, 1), bmp(3, 2, 32), bmp(compression=1, size=40)):
        assert taken(kind) == taken(kind + b"tail") == "bmp"
        assert taken(kind[:-1]) == taken(kind[:54]) == "damaged"


def test_what_decoding_takes() -> None:
    """Bytes for each pixel: those decoded, a second canvas of an animation, the coefficients of a progressive JPEG."""
    frame = PHOTO.index(b"\xff\xc0")
    progressive = PHOTO[:frame] + b"\xff\xc2" + PHOTO[frame + 2 :]
    assert needed_bytes("jpeg", BytesIO(PHOTO), 100, 10, 32) == 4_000
    assert needed_bytes("jpeg", BytesIO(progressive), 100, 10, 32) == 4_000 + 2 * 3 * 1_000
    assert needed_bytes("png", BytesIO(), 100, 10, 64) == 16_000  # 16 bits a channel, and a copy to scale
    assert needed_bytes("webp", BytesIO(), 100, 10, 32) == needed_bytes("tiff", BytesIO(), 100, 10, 32) == 8_000
