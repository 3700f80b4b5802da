"""The table with blanks: AlexNet's, as courses set it, with the answers of the paper's table worked by hand."""

from __future__ import annotations

import pytest

from engine.assignment import Blank, blanks, is_right
from engine.network import trace
from tests.engine import networks

ALEXNET = trace(networks.ALEXNET_ONE_TOWER, (3, 224, 224))
OF_COURSE = {  # row -> output, parameters: 64·(11·11·3 + 1), 192·(5·5·64 + 1), ..., 4096·(9216 + 1), ...
    0: ("64x55x55", "23,296"),
    2: ("64x27x27", ""),
    3: ("192x27x27", "307,392"),
    5: ("192x13x13", ""),
    6: ("384x13x13", "663,936"),
    8: ("256x13x13", "884,992"),
    10: ("256x13x13", "590,080"),
    12: ("256x6x6", ""),
}


def test_the_blanks_of_alexnet_are_those_of_the_course() -> None:
    found = blanks(ALEXNET)
    for row, (output, parameters) in OF_COURSE.items():
        if row != 10:  # 256 channels stay 256: nothing to work out
            assert Blank(row, "output") in found and is_right(ALEXNET, Blank(row, "output"), output)
        assert (Blank(row, "parameters") in found) == bool(parameters)
        if parameters:
            assert is_right(ALEXNET, Blank(row, "parameters"), parameters)
    assert not any(blank.row == 1 for blank in found)  # a ReLU changes no shape and has no parameters
    assert [is_right(ALEXNET, blank, "4,097,000") for blank in found][-1]  # 1000·(4096 + 1)


@pytest.mark.parametrize(
    "written", ["64x55x55", " 64 × 55 × 55 ", "(64, 55, 55)", "[64,55,55]", "64 55 55", "55x55x64", "55 X 55", "64*55*55"]
)
def test_a_shape_may_be_written_in_the_usual_ways(written: str) -> None:
    assert is_right(ALEXNET, Blank(0, "output"), written)


@pytest.mark.parametrize("written", ["", "55", "64x54x55", "64x55", "64x55x55x1", "sixty-four", "64x55x55 or so", "-64x55x55"])
def test_a_wrong_shape_is_wrong(written: str) -> None:
    assert not is_right(ALEXNET, Blank(0, "output"), written)


@pytest.mark.parametrize(
    ("written", "right"), [("9216", True), ("9,216", True), ("(9216)", True), ("9,21", False), ("4,096", False)]
)
def test_the_size_of_a_vector_may_have_a_comma(written: str, right: bool) -> None:
    assert is_right(ALEXNET, Blank(13, "output"), written) is right


NUMBERS = [
    ("23296", True),
    ("23,296", True),
    (" 23_296 ", True),
    ("2,3296", False),
    ("23.296", False),
    ("", False),
    ("-23296", False),
]


@pytest.mark.parametrize(("written", "right"), NUMBERS)
def test_a_number_with_or_without_commas(written: str, right: bool) -> None:
    assert is_right(ALEXNET, Blank(0, "parameters"), written) is right
