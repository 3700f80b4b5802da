"""Bytes to channels, and what is refused before it is decoded."""

from __future__ import annotations

import numpy as np
import pytest

from engine.pictures import (
    LONGEST_SIDE,
    PATTERNS,
    SAMPLES,
    PictureError,
    check_size,
    from_pixels,
    is_pattern,
    pattern,
    pattern_key,
    pattern_parts,
    sample_path,
    working_size,
)
from engine.words import LANGUAGES, say, table


def test_grey_stays_one_channel() -> None:
    picture = from_pixels("grey", np.array([[0, 51, 255]], np.uint8))
    assert picture.shape == (1, 1, 3)
    np.testing.assert_allclose(picture.values_CHW[0, 0], [0, 0.2, 1], atol=1e-7)
    assert picture.original == (3, 1) and not picture.scaled


def test_colour_becomes_three_channels_in_the_order_red_green_blue() -> None:
    picture = from_pixels("colour", np.array([[[255, 51, 0], [0, 0, 255]]], np.uint8), original=(40, 20))
    assert picture.shape == (3, 1, 2)
    np.testing.assert_allclose(picture.values_CHW[:, 0, 0], [1, 0.2, 0], atol=1e-7)
    assert picture.values_CHW.dtype == np.float32 and picture.values_CHW.flags.c_contiguous
    assert picture.scaled


def test_what_is_transparent_lies_on_white() -> None:
    pixels = np.array([[[255, 0, 0, 0], [255, 0, 0, 255], [0, 0, 0, 51]]], np.uint8)
    values = from_pixels("alpha", pixels).values_CHW[:, 0]
    np.testing.assert_allclose(values.T, [[1, 1, 1], [1, 0, 0], [0.8, 0.8, 0.8]], atol=1e-6)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((512, 512), (512, 512)), ((1024, 512), (512, 256)), ((300, 900), (171, 512)), ((8000, 3), (512, 1)), ((8, 8), (8, 8))],
)
def test_the_longer_side_is_brought_to_the_working_size(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert LONGEST_SIDE == 512
    assert working_size(*size) == expected


def test_sixty_four_megapixels_are_the_most() -> None:
    check_size("just", 8000, 8000)
    with pytest.raises(PictureError) as refusal:
        check_size("more.png", 8001, 8000)
    assert refusal.value.code == "too_large"
    said = say("pictures", refusal.value.code, "en", **refusal.value.values)
    assert "more.png" in said and "8001×8000" in said and "64" in said


def test_every_word_is_there_in_both_languages() -> None:
    values = {"file": "a.png", "width": 9, "height": 9, "megapixels": "81.0", "most": 64}
    values |= {
        "key": "x",
        "shape": "1×1×0",
        "channels": 512,
        "side": 2048,
        "numbers": "8,388,608",
        "folder": "a",
        "needed": "610 MiB",
        "text": "two",
        "decimal": "0.5",
        "apart": "0, 5",
        "row": 3,
        "count": 2,
        "first": 4,
    }
    for code in table("pictures"):
        for language in LANGUAGES:
            assert "{" not in say("pictures", code, language, **values)


def test_every_sample_is_there() -> None:
    for name in SAMPLES:
        assert sample_path(name).is_file()
        assert name in table("pictures")


# --- patterns

SHAPES = [
    (1, 1, 1),
    (1, 1, 5),
    (1, 5, 1),
    (3, 32, 32),
    (2, 7, 7),
    (192, 5, 5),
    (512, 3, 2),
    (1, 28, 28),
    (4, 30, 200),
    (1, 300, 300),
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_of_any_shape(name: str, shape: tuple[int, int, int]) -> None:
    key = pattern_key(name, shape)
    assert is_pattern(key) and pattern_parts(key) == (name, shape)
    picture = pattern(key)
    values = picture.values_CHW
    assert picture.shape == shape and picture.name == key and not picture.scaled
    assert values.dtype == np.float32 and values.flags.c_contiguous and np.isfinite(values).all()
    assert values.min() >= 0 and values.max() <= picture.white
    np.testing.assert_array_equal(values, pattern(key).values_CHW)
    assert name in table("pictures") and f"{name}.about" in table("pictures")


@pytest.mark.parametrize("name", PATTERNS)
def test_channels_differ(name: str) -> None:
    red, green, _ = pattern(f"{name} 3x32x32").values_CHW
    assert not np.array_equal(red, green)
    assert red.min() < red.max()


def test_patterns_by_hand() -> None:
    assert pattern("impulse 2x3x3").values_CHW.tolist() == [
        [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
        [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
    ]
    assert pattern("step 1x2x6").values_CHW.tolist() == [[[0, 0, 0, 1, 1, 1]] * 2]
    assert pattern("stripes 2x1x6").values_CHW.tolist() == [[[0, 1, 0, 1, 0, 1]], [[1, 0, 1, 0, 1, 0]]]
    assert pattern("stripes 1x1x32").values_CHW[0, 0].tolist() == ([0] * 4 + [1] * 4) * 4
    assert pattern("checkerboard 1x3x3").values_CHW.tolist() == [[[0, 1, 0], [1, 0, 1], [0, 1, 0]]]
    assert pattern("checkerboard 3x32x32").values_CHW[1, 3:5, 3:5].tolist() == [[1, 0], [0, 1]]
    assert pattern("gradient 2x1x5").values_CHW.tolist() == [[[0, 0.25, 0.5, 0.75, 1]], [[1, 0.75, 0.5, 0.25, 0]]]
    assert pattern("ramp 2x2x3").values_CHW.tolist() == [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]
    assert pattern("ramp 2x2x3").white == 12


def test_the_syllable_keeps_its_ink_at_every_size() -> None:
    """A mean over areas keeps the share of white; at 28×28 the ring of ㅎ is open, the upright stroke of ㅏ white."""
    whole = pattern("hangul 1x256x256").values_CHW
    for side in (16, 28, 64, 100, 512):
        assert pattern(f"hangul 1x{side}x{side}").values_CHW.mean() == pytest.approx(whole.mean(), rel=0.01)
    small = pattern("hangul 1x28x28").values_CHW[0]
    assert small.max() > 0.9 and small[:2].max() == small[-2:].max() == 0
    wide = pattern("hangul 1x28x100").values_CHW[0]
    np.testing.assert_array_equal(wide[:, 36:64], small)
    assert wide[:, :36].max() == wide[:, 64:].max() == 0


@pytest.mark.parametrize(
    "key",
    [
        "",
        "china",
        "stripes",
        "stripes 3x32",
        "stripes 3x32x32 ",
        "waves 3x32x32",
        "stripes -3x32x32",
        "stripes 3X32X32",
        "/a 1x1x1",
    ],
)
def test_what_is_no_pattern(key: str) -> None:
    assert not is_pattern(key)
    with pytest.raises(PictureError) as refusal:
        pattern(key)
    assert refusal.value.code == "no_pattern"


@pytest.mark.parametrize("shape", [(0, 5, 5), (513, 1, 1), (1, 2049, 1), (1, 1, 0), (3, 2048, 2048), (1, 999_999_999, 1)])
def test_shapes_that_cannot_be(shape: tuple[int, int, int]) -> None:
    with pytest.raises(PictureError) as refusal:
        pattern(pattern_key("impulse", shape))
    assert refusal.value.code == "pattern_size"
    assert "2048" in say("pictures", "pattern_size", "en", **refusal.value.values)


def test_the_largest_pattern_is_made() -> None:
    assert pattern("checkerboard 2x2048x2048").values_CHW.mean() == 0.5
