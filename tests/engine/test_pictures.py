"""Bytes to channels, and what is refused before it is decoded."""

from __future__ import annotations

import numpy as np
import pytest

from engine.pictures import LONGEST_SIDE, SAMPLES, PictureError, check_size, from_pixels, sample_path, working_size
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
    for code in table("pictures"):
        for language in LANGUAGES:
            assert "{" not in say("pictures", code, language, **values)


def test_every_sample_is_there() -> None:
    for name in SAMPLES:
        assert sample_path(name).is_file()
        assert name in table("pictures")
