"""Numbers of one's own as a layer's input: whatever people type or copy is the matrix that they mean, or is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.cells.own_numbers import LARGEST, MOST_SIDE, has_room, is_numbers, key_of, numbers, numbers_of, text_of
from engine.pictures import PictureError, course, pattern, read_array
from engine.words import table

BOOK = ((1, 2, 3, 0), (0, 1, 2, 3), (3, 0, 1, 2), (2, 3, 0, 1))
SAME = (
    "1 2 3 0\n0 1 2 3\n3 0 1 2\n2 3 0 1",
    "1,2,3,0\n0,1,2,3\n3,0,1,2\n2,3,0,1\n",
    "1, 2, 3, 0;\r\n0, 1, 2, 3;\r\n3, 0, 1, 2;\r\n2, 3, 0, 1".replace(";", ""),
    "1\t2\t3\t0\n0\t1\t2\t3\n3\t0\t1\t2\n2\t3\t0\t1\n",
    "1;2;3;0\n0;1;2;3\n3;0;1;2\n2;3;0;1",
    "1 2 3 0; 0 1 2 3; 3 0 1 2; 2 3 0 1",
    "[[1,2,3,0],[0,1,2,3],[3,0,1,2],[2,3,0,1]]",
    "[1 2 3 0; 0 1 2 3; 3 0 1 2; 2 3 0 1]",
    "((1, 2, 3, 0),\n (0, 1, 2, 3),\n (3, 0, 1, 2),\n (2, 3, 0, 1),)",
    "np.array([[1, 2, 3, 0],\n          [0, 1, 2, 3],\n          [3, 0, 1, 2],\n          [2, 3, 0, 1]], dtype=np.float32)",
    "tensor([[[1., 2., 3., 0.],\n         [0., 1., 2., 3.],\n         [3., 0., 1., 2.],\n         [2., 3., 0., 1.]]])",
    "[[1 2 3 0]\n [0 1 2 3]\n [3 0 1 2]\n [2 3 0 1]]",
    "2/2 4/2 3 0/5\n0 0.5/0.5 2 3\n3 0 1 -2/-1\n2 3 0 1",
    "[[1, 6/3, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]",
    "１ ２ ３ ０\n０ １ ２ ３\n３ ０ １ ２\n２ ３ ０ １",
)


@pytest.mark.parametrize("text", SAME)
def test_a_matrix_is_the_same_however_it_is_written(text):
    made = numbers(numbers_of(text))
    assert made.values_CHW.tolist() == [[list(map(float, row)) for row in BOOK]]
    assert made.values_CHW.dtype == np.float32 and (made.black, made.white) == (0.0, 3.0)


def test_the_books_example_is_the_books_result():
    """15 16 / 6 15, by torch and by hand: 2·1 + 1·3 + 1·1 + 2·2 + 1·3 + 2·1 = 15."""
    filter_HW = torch.tensor([[2.0, 0, 1], [0, 1, 2], [1, 0, 2]])
    values = torch.from_numpy(numbers(numbers_of(SAME[6])).values_CHW)
    found = torch.nn.functional.conv2d(values[None], filter_HW[None, None])
    assert found.tolist() == [[[[15.0, 16.0], [6.0, 15.0]]]]


@pytest.mark.parametrize("text", ["1 2\n3 4\n\n5 6\n7 8", "[[[1,2],[3,4]],[[5,6],[7,8]]]", "1,2\n3,4\n \n5,6\n7,8\n"])
def test_channels_come_one_after_the_other(text):
    assert numbers(numbers_of(text)).values_CHW.tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]


def test_any_range_of_values_has_its_own_black_and_white():
    made = numbers(numbers_of("-3 0.5 -1e-3\n12 \N{MINUS SIGN}0 7"))
    assert made.values_CHW.tolist() == [[[-3.0, 0.5, float(np.float32(-0.001))], [12.0, 0.0, 7.0]]]
    assert (made.black, made.white) == (-3.0, 12.0)
    for key in map(numbers_of, ("0 0", "-1 -1", "5")):
        assert numbers(key).white > numbers(key).black


REFUSED = {
    "": "numbers_none",
    " \n ": "numbers_none",
    "[]": "numbers_none",
    "[[1, 2], [3, 4]": "numbers_brackets",
    "1 2\n3": "numbers_ragged",
    "[[1,2],[3]]": "numbers_ragged",
    "1 2\n\n3 4\n5 6": "numbers_channels",
    "1 two 3": "numbers_no",
    "1,5\t2,5": "numbers_comma",  # a decimal comma: it could mean two numbers
    "0,5 1,5": "numbers_comma",
    "0,5;1,5\n2,5;3,5": "numbers_comma",
    "0,01": "numbers_comma",
    "[[0,5 1,5]]": "numbers_comma",
    "1,,2": "numbers_no",
    "nan 1": "numbers_no",
    "1e999": "numbers_large",
    "-1e999 2": "numbers_large",
    "inf 2": "numbers_no",
    "1_000": "numbers_no",
    "1/0 2": "numbers_no",
    "1/ 2": "numbers_no",
    "1/2/3": "numbers_no",
    "2e6 1": "numbers_large",
    "[[1, x]]": "numbers_no",
    "hello world": "numbers_no",
    " ".join("1" for _ in range(MOST_SIDE + 1)): "numbers_many",
    "\n\n".join("\n".join(" ".join("1" for _ in range(64)) for _ in range(64)) for _ in range(2)): "numbers_many",
    "1 " * 60_000: "numbers_many",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_matrix_is_refused_with_a_sentence(text):
    with pytest.raises(PictureError) as refused:
        numbers_of(text)
    assert refused.value.code == REFUSED[text] and refused.value.code in table("pictures")
    with pytest.raises(PictureError):
        numbers("numbers 1 2; 3")


def test_a_row_that_is_too_short_is_named():
    with pytest.raises(PictureError) as refused:
        numbers_of("1 2 3\n4 5 6\n7 8")
    assert refused.value.values == {"row": 3, "count": 2, "first": 3}


sides = st.integers(1, 5)
cells = st.floats(-LARGEST, LARGEST, width=32, allow_subnormal=False) | st.integers(-1000, 1000).map(float)


@given(st.data(), st.integers(1, 3), sides, sides)
def test_key_and_text_say_every_float32_to_the_bit(data, channels, height, width):
    values = data.draw(st.lists(cells, min_size=channels * height * width, max_size=channels * height * width))
    array = np.array(values, np.float32).reshape(channels, height, width)
    key = key_of(array)
    made = numbers(key)
    assert is_numbers(key) and np.array_equal(made.values_CHW, array)
    for text in (text_of(made), json.dumps(array.astype(float).tolist())):
        assert np.array_equal(numbers(numbers_of(text)).values_CHW, array)


def test_only_what_is_small_may_be_typed():
    assert has_room(course()) and has_room(pattern("ramp 1x64x64")) and not has_room(pattern("ramp 3x64x64"))


def test_an_array_in_a_file_may_hold_any_numbers(tmp_path):
    for number, values in enumerate(
        (np.array(BOOK), np.array([BOOK, BOOK], np.int8), -np.ones((1, 2, 3)), np.eye(3, dtype=bool))
    ):
        np.save(tmp_path / f"{number}.npy", values)
        made = read_array(tmp_path / f"{number}.npy")
        expected = values if values.ndim == 3 else values[None]
        assert np.array_equal(made.values_CHW, expected.astype(np.float32)) and made.white > made.black
        assert made.black <= made.values_CHW.min() and made.white >= made.values_CHW.max()
