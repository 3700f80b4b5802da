"""What becomes of a picture's pixels, worked by hand: turned upright, laid on white, scaled, cut; and what is said of it."""

from __future__ import annotations

import warnings
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.data.datasets import load
from engine.data.info import Data, DatasetError
from engine.data.own import picture_folder
from engine.data.own.picture_headers import Header, ranges_of
from engine.data.own.picture_pixels import decoded, finished, header_of, pixels_of
from engine.data.sources import describe
from engine.judging.own_picture import framing_of, own_input
from engine.pictures import from_pixels
from tests.engine.data.own.drawn_folders import draw, folder_of, noise


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def read(tmp_path):
    """Saves a picture, and gives its pixels (C, H, W) and its header."""

    def save(picture, name="own.png", size=None, channels=None, **options):
        file = draw(tmp_path / name, picture, **options)
        header = header_of(str(file))
        height, width = size or (header.height, header.width)
        channels = channels or (1 if header.grey else 3)
        return pixels_of(file.read_bytes(), height, width, channels, ranges_of([header])), header

    return save


def taken(file, header, content, size, channels):
    return finished(decoded(str(file), header, content, size, channels, {}), size, channels)


def turned(values: np.ndarray, orientation: int) -> np.ndarray:
    """(H, W, ...) as a camera stores it that was held as `orientation` says: EXIF 2.3, page 36, read backwards. The first row
    is the picture's top, right, bottom or left, the first column its left, top, right or bottom."""
    stored = {
        1: lambda v: v,
        2: lambda v: v[:, ::-1],
        3: lambda v: v[::-1, ::-1],
        4: lambda v: v[::-1],
        5: lambda v: v.swapaxes(0, 1),
        6: lambda v: v.swapaxes(0, 1)[::-1],
        7: lambda v: v.swapaxes(0, 1)[::-1, ::-1],
        8: lambda v: v.swapaxes(0, 1)[:, ::-1],
    }
    return np.ascontiguousarray(stored[orientation](values))


@pytest.mark.parametrize(("orientation", "name"), list(product(range(1, 9), ("a.png", "a.webp", "a.tiff", "a.jpg"))))
def test_a_photo_is_turned_upright(read, orientation, name):
    upright = np.zeros((16, 24, 3), np.uint8)
    upright[:8, :8] = 250  # a light corner at the top left
    exif = Image.Exif()
    exif[274] = orientation
    options = (
        {"lossless": True} if name.endswith("webp") else {"quality": 100, "subsampling": 0} if name.endswith("jpg") else {}
    )
    pixels, header = read(turned(upright, orientation), name, exif=exif, **options)
    assert (header.height, header.width) == (16, 24)
    assert ("turned" in header.traits) == (orientation > 1)
    assert np.abs(pixels.transpose(1, 2, 0).astype(int) - upright).max() <= (3 if name.endswith("jpg") else 0)


def test_damaged_metadata_hinder_nobody(read):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pixels, header = read(noise(), exif=b"Exif\0\0nonsense")
    assert not header.refused
    assert np.array_equal(pixels.transpose(1, 2, 0), noise())


def test_transparency_is_laid_on_white(read):
    drawing = np.zeros((4, 4, 4), np.uint8)  # black, and nothing of it to be seen
    drawing[1, 1] = (0, 0, 0, 255)
    drawing[2, 2] = (255, 0, 0, 128)
    pixels, header = read(drawing)
    assert header.traits == ("transparent",) and not header.grey
    expected = np.full((3, 4, 4), 255)
    expected[:, 1, 1] = 0
    expected[1:, 2, 2] = 127  # 255 · (1 − 128/255)
    assert np.abs(pixels.astype(int) - expected).max() <= 1
    grey, header = read(Image.fromarray(drawing).convert("LA"))
    assert header.grey and header.traits == ("transparent",)
    assert grey[0, 0, 0] == 255 and grey[0, 1, 1] == 0
    assert np.array(Image.fromarray(drawing).convert("RGB"))[0, 0].tolist() == [0, 0, 0]  # the usual loaders: all black


@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_one_transparent_colour_is_laid_on_white(read, mode):
    drawing = np.full((3, 3, 3), 90, np.uint8)
    drawing[0] = 10
    image = Image.fromarray(drawing).quantize(2) if mode == "P" else Image.fromarray(drawing).convert(mode)
    colour = image.getpixel((0, 0))
    pixels, header = read(image, transparency=colour)
    assert "transparent" in header.traits
    assert (pixels[:, 0] == 255).all() and (pixels[:, 1:] == 90).all()


def test_sixteen_bits_of_grey_are_scaled_to_their_range(read):
    values = np.array([[0, 256, 257, 32768], [40000, 65535, 65280, 128]], np.uint16)
    expected = [[0, 1, 1, 128], [156, 255, 254, 0]]  # value / 257, rounded
    for name in ("own.png", "own.tiff"):
        pixels, header = read(values, name)
        assert header.traits == ("deep",) and header.grey
        assert pixels[0].tolist() == expected
    clipped = np.array(Image.fromarray(values).convert("L"))
    assert clipped[0, 1] == clipped[1, 1] == 255  # the usual loaders: white from 255 on


def test_twelve_bits_in_use_are_scaled_by_twelve(read):
    pixels, header = read(np.array([[0, 1024, 2048, 4000]], np.uint16))
    assert (header.depth, header.range) == ("I", (0, 4000))
    assert pixels[0].tolist() == [[0, 64, 128, 249]]  # value * 255 / 4095, rounded


def test_fractions_and_whole_numbers_of_32_bits(read):
    pixels, header = read(np.array([[0.0, 0.5, 1.0]], np.float32), "own.tiff")
    assert (header.traits, pixels[0].tolist()) == (("deep",), [[0, 128, 255]])
    pixels, _ = read(np.array([[0.0, 0.25, 0.5]], np.float32), "own.tiff")
    assert pixels[0].tolist() == [[0, 64, 128]]
    pixels, _ = read(np.array([[-10.0, 0.0, 30.0, np.nan, np.inf, -np.inf]], np.float32), "own.tiff")
    assert pixels[0].tolist() == [[0, 64, 255, 64, 255, 0]]
    pixels, _ = read(np.array([[0, 65535], [257, 514]], np.int32), "own.tiff")
    assert pixels[0].tolist() == [[0, 255], [1, 2]]
    pixels, _ = read(np.array([[-100, 100, 300]], np.int32), "own.tiff")
    assert pixels[0].tolist() == [[0, 128, 255]]


def test_deep_pictures_of_a_folder_have_one_range(tmp_path):
    """The same number is the same grey in all of them, however dark the picture, and in 8 bits beside them its own."""
    brightest = {"a/1.png": 100, "a/2.png": 1000, "b/1.png": 4095, "b/2.png": 2000}
    for name, value in brightest.items():
        draw(tmp_path / "own" / name, np.array([[0, 100], [100, value]], np.uint16))
    for name in ("a", "b"):
        draw(tmp_path / "own" / name / "8 bits.png", np.array([[0, 100], [100, 255]], np.uint8))
    data = Data(name="folder", path=str(tmp_path / "own"), validation=0.5)
    note = next(note for note in describe(data).notes if note.code == "pictures_deep")
    assert note.say() == (
        "4 grey pictures are deeper than 8 bits; 12 bits are in use, so in all of them 0 becomes black and 4,095 white."
    )
    dataset = load(data, seed=0)
    images = (255 * torch.cat([dataset.x_train, dataset.x_validation])).round().int()
    deep = [[0, 6], [6, 6]], [[0, 6], [6, 62]], [[0, 6], [6, 255]], [[0, 6], [6, 125]]  # value * 255 / 4095, rounded
    assert sorted(images[:, 0].tolist()) == sorted([*deep, *2 * [[[0, 100], [100, 255]]]])


def test_fractions_outside_of_0_to_1_have_one_range(tmp_path):
    for name, values in (("a/1", (0, 50)), ("a/2", (0, 200)), ("b/1", (-50, 0)), ("b/2", (0, 1))):
        draw(tmp_path / "own" / f"{name}.tiff", np.array([values], np.float32))
    data = Data(name="folder", path=str(tmp_path / "own"), validation=0.5)
    assert [note.say() for note in describe(data).notes] == [
        "4 grey pictures are deeper than 8 bits; in all of them −50 becomes black and 200 white."
    ]
    dataset = load(data, seed=0)
    images = (255 * torch.cat([dataset.x_train, dataset.x_validation])).round().int()
    assert sorted(images[:, 0].tolist()) == [[[0, 51]], [[51, 52]], [[51, 102]], [[51, 255]]]


def test_a_deep_picture_that_is_damaged_is_skipped_before_it_is_decoded(tmp_path):
    for name in ("a/1", "a/2", "a/3", "b/1", "b/2"):
        draw(tmp_path / "own" / f"{name}.png", (noise(40, 40, 1).astype(np.uint16) * 16))
    file = tmp_path / "own" / "a" / "3.png"
    whole = bytearray(file.read_bytes())
    whole[100:160] = bytes(60)
    file.write_bytes(whole)
    assert describe(Data(name="folder", path=str(tmp_path / "own"), validation=0.5)).samples == 4


def test_a_palette_is_turned_into_its_colours(read):
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.putpixel((1, 0), 1)
    for name in ("own.png", "own.gif", "own.bmp"):
        pixels, header = read(image, name)
        assert header.traits == ("palette",) and not header.grey
        assert pixels[:, 0].T.tolist() == [[10, 20, 30], [200, 100, 50]]
    _, header = read(Image.fromarray(noise(channels=1)).convert("P"), "grey.gif")
    assert header.grey


def test_printing_colours_become_red_green_and_blue(read):
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))  # magenta and yellow ink: red
    for name in ("own.jpg", "own.tiff"):
        pixels, header = read(image, name)
        assert header.traits == ("cmyk",)
        assert np.abs(pixels.mean(axis=(1, 2)) - [255, 0, 0]).max() <= 3


def test_one_bit_is_black_and_white(read):
    pixels, header = read(Image.fromarray(np.array([[0, 255, 0]], np.uint8)).convert("1"))
    assert header.traits == ("bilevel",) and header.grey
    assert pixels[0].tolist() == [[0, 255, 0]]


@pytest.mark.parametrize("name", ["own.gif", "own.webp", "own.png"])
def test_of_an_animation_the_first_frame_is_taken(read, name):
    frames = [Image.new("RGB", (4, 4), (grey, grey, grey)) for grey in (40, 200, 90)]
    options = {"lossless": True} if name.endswith("webp") else {}
    pixels, header = read(frames[0], name, save_all=True, append_images=frames[1:], duration=100, **options)
    assert "frames" in header.traits
    assert (pixels == 40).all()


def test_a_picture_is_made_smaller_by_the_mean_of_what_a_pixel_covers(read):
    values = np.arange(16, dtype=np.uint8).reshape(4, 4) * 10
    pixels, _ = read(values, size=(2, 2))
    assert pixels[0].tolist() == [[25, 45], [105, 125]]  # (0 + 10 + 40 + 50) / 4, ...


def test_it_is_cut_in_the_middle_to_the_proportions(read):
    values = np.zeros((2, 6), np.uint8)
    values[:, 2:4] = 250
    assert (read(values, size=(2, 2))[0] == 250).all()
    assert (read(values.T, size=(4, 4))[0] == 250).all()
    assert (read(values, size=(2, 6))[0][0] == values).all()


def test_a_large_photo_is_decoded_small_and_looks_the_same(read):
    height, width = np.mgrid[0:640, 0:480] / 640
    photo = (np.stack([height, width, 1 - height], 2) * 255).astype(np.uint8)
    small, _ = read(photo, "photo.jpg", size=(32, 24), quality=95)
    plain = np.array(photo, float).reshape(32, 20, 24, 20, 3).mean((1, 3)).transpose(2, 0, 1)
    assert np.abs(small - plain).max() < 4


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"quality": 20, "optimize": True}])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_short_way_of_a_small_jpeg_gives_the_same_bits(tmp_path, options, channels):
    for grey in (False, True):
        file = draw(tmp_path / "own.jpg", noise(30, 41, 1 if grey else 3), **options)
        header, content = header_of(str(file)), file.read_bytes()
        with Image.open(file) as plain:
            expected = np.asarray(plain.convert("L" if channels == 1 else "RGB")).reshape(30, 41, channels).transpose(2, 0, 1)
        assert header == Header(width=41, height=30, grey=grey, plain=True)
        assert np.array_equal(taken(file, header, content, (30, 41), channels), expected)
        for size in ((30, 41), (20, 25), (17, 30), (64, 64)):
            assert np.array_equal(taken(file, header, content, size, channels), pixels_of(content, *size, channels, {}))


def test_the_short_way_finds_the_same_damage(tmp_path):
    """libjpeg fills up what is missing before an end marker, by either way."""
    file = draw(tmp_path / "own.jpg", noise(30, 41))
    header, content = header_of(str(file)), file.read_bytes()
    refused = 0
    for place in range(0, len(content), 37):
        for damaged in (content[:place], content[:place] + b"\xff\xd9", content[:place] + bytes(20) + content[place + 20 :]):
            try:
                expected = pixels_of(damaged, 30, 41, 3, {})
            except (OSError, SyntaxError, ValueError, TypeError):
                refused += 1
                with pytest.raises(ValueError):
                    taken(file, header, damaged, (30, 41), 3)
            else:
                assert np.array_equal(taken(file, header, damaged, (30, 41), 3), expected), place
    assert refused > 20


@pytest.mark.parametrize("size", [(8, 8), (8, 12), (5, 9)])
def test_a_picture_that_is_tried_is_made_as_those_that_were_learned_from(tmp_path, size):
    """`engine.judging.own_picture` cuts and scales by arithmetic of its own."""
    y, x = np.mgrid[0:40, 0:60]
    picture = np.stack([y * 6, x * 4, (x + y) * 2], 2).astype(np.uint8)
    learned = pixels_of(draw(tmp_path / "own.png", picture).read_bytes(), *size, 3, {}) / 255
    assert framing_of("folder") is None
    tried = own_input(from_pixels("own", picture), (3, *size), framing_of("folder")).values
    assert np.abs(learned - tried).max() < 0.02


def test_a_picture_that_turns_out_to_be_damaged_is_skipped_from_then_on(tmp_path):
    folder_of(tmp_path / "own", {"a": 8, "b": 8})
    file = tmp_path / "own" / "a" / "3.png"
    whole = bytearray(file.read_bytes())
    whole[50:60] = bytes(10)  # within its pixels: only decoding can tell
    file.write_bytes(whole)
    data = Data(name="folder", path=str(tmp_path / "own"))
    assert describe(data).samples == 16
    with pytest.raises(DatasetError, match=r"1 pictures turned out to be damaged .* a/3\.png .* begin again"):
        load(data, seed=0)
    assert describe(data).samples == 15
    assert len(load(data, seed=0).x_train) == 12
    picture_folder._memory = picture_folder._Memory()  # and at the next start
    assert describe(data).samples == 15


def test_pictures_of_all_kinds_are_one_data_set_and_are_told(tmp_path: Path):
    exif = Image.Exif()
    exif[274] = 6
    kinds = {
        "deep.png": (noise(channels=1).astype(np.uint16) * 257, {}),
        "turned.jpg": (noise(), {"exif": exif}),
        "clear.png": (noise(channels=4), {}),
        "cmyk.jpg": (Image.fromarray(noise()).convert("CMYK"), {}),
        "palette.gif": (Image.fromarray(noise()).convert("P"), {}),
        "bits.png": (Image.fromarray(noise(channels=1)).convert("1"), {}),
    }
    for name, (picture, options) in kinds.items():
        for each in ("a", "b"):
            draw(tmp_path / "own" / each / name, picture, **options)
    data = Data(name="folder", path=str(tmp_path / "own"))
    notes = {note.code: note for note in describe(data).notes}
    assert list(notes) == [
        "pictures_cut",
        *(f"pictures_{trait}" for trait in ("turned", "transparent", "deep", "palette", "cmyk", "bilevel")),
        "pictures_tripled",
    ]
    assert all(note.values["count"] == "2" for code, note in notes.items() if code not in ("pictures_cut", "pictures_tripled"))
    assert notes["pictures_turned"].say("ko") == "사진 2개를 EXIF 정보대로 바로 세웠습니다."
    dataset = load(data, seed=0)
    assert dataset.x_train.shape[1:] == (3, 5, 5)
    assert torch.isfinite(dataset.x_train).all() and 0 <= float(dataset.x_train.min()) < float(dataset.x_train.max()) <= 1
