"""The table with blanks: AlexNet's, as courses set it, with the answers of the paper's table worked by hand."""

from __future__ import annotations

from itertools import permutations

import pytest

from engine.experiments.famous import network
from engine.layers.catalog import (
    LSTM,
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Concat,
    Conv1d,
    Conv2d,
    Embedding,
    Flatten,
    Linear,
    MaxPool1d,
    MaxPool2d,
    Permute,
    Residual,
    Upsample,
)
from engine.networks.assignment import Blank, TableLine, answer, blanks, is_right, lines, mistake
from engine.networks.trace import trace
from engine.words import LANGUAGES, say, table
from tests.engine import known_networks


def lines_of(layers, shape) -> tuple[TableLine, ...]:
    return lines(layers, trace(layers, shape))


ALEXNET = lines_of(known_networks.ALEXNET_ONE_TOWER, (3, 224, 224))
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
    assert not any(blank.line == 1 for blank in found)  # a ReLU changes no shape and has no parameters
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


EMBEDDED = (Embedding(num_embeddings=50, embedding_dim=10), Permute(dims=(0, 2, 1)))
IN_ORDER = [  # layers, input, the last one's output by hand
    ((LSTM(hidden_size=10, output="sequence"),), (100, 4), (100, 10)),
    (EMBEDDED[:1], (100,), (100, 10)),
    (EMBEDDED, (100,), (10, 100)),
    ((*EMBEDDED, Conv1d(out_channels=7, kernel_size=5)), (100,), (7, 96)),
    ((Conv1d(out_channels=7, kernel_size=5),), (3, 100), (7, 96)),
    ((MaxPool1d(kernel_size=2),), (3, 100), (3, 50)),
    ((Linear(out_features=10),), (100, 4), (100, 10)),
    ((Upsample(scale_factor=2),), (3, 50), (3, 100)),
    ((Conv2d(out_channels=6, kernel_size=3), Flatten(start_dim=2)), (1, 8, 10), (6, 48)),
    ((Conv2d(out_channels=6, kernel_size=3), Permute(dims=(0, 3, 1, 2))), (1, 8, 10), (8, 6, 6)),
    ((Permute(dims=(0, 2, 3, 1)),), (3, 8, 10), (8, 10, 3)),
]


@pytest.mark.parametrize(("layers", "shape", "output"), IN_ORDER)
def test_the_order_of_the_axes_is_part_of_the_answer(layers, shape, output) -> None:
    """Only maps (C, H, W) may be written with their channels last."""
    asked = lines_of(layers, shape)
    blank = Blank(len(layers) - 1, "output")
    for order in permutations(output):
        written = "x".join(map(str, order))
        assert is_right(asked, blank, written) == (order == output), written
        found = mistake(asked, blank, written)
        assert order == output or (found is not None and found.code in ("order", "order_of_axes", "unchanged")), written
    assert not is_right(asked, blank, "x".join(map(str, output[1:])))


def test_what_the_axes_are_is_said() -> None:
    found = mistake(SEQUENCE, Blank(0, "output"), "10x100")
    assert found is not None
    assert say("assignment", found.code, "ko", **found.values) == "크기는 맞지만 순서가 다릅니다. 이 출력은 (T, F) 순서입니다."


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


def test_blocks_are_asked_for_layer_by_layer() -> None:
    residual = Residual(
        main=(Conv2d(out_channels=8, kernel_size=3, stride=2, padding=1), BatchNorm2d()),
        shortcut=(Conv2d(out_channels=8, kernel_size=1, stride=2),),
    )
    found = lines_of((residual, Concat(branches=((), (Conv2d(out_channels=2, kernel_size=1),)))), (4, 10, 10))
    assert [(line.level, line.branch or type(line.layer).__name__) for line in found] == [
        (0, "Residual"), (1, "main"), (1, "Conv2d"), (1, "BatchNorm2d"), (1, "shortcut"), (1, "Conv2d"),
        (0, "Concat"), (1, "NoneType"), (1, 1), (1, "Conv2d"),
    ]  # fmt: skip
    assert found[7].branch == 0
    asked = blanks(found)
    assert {blank.line for blank in asked} == {2, 3, 5, 9}
    assert [answer(found, blank) for blank in asked] == [
        (8, 5, 5), 8 * (9 * 4 + 1), 2 * 8, (8, 5, 5), 8 * (4 + 1), (2, 5, 5), 2 * (8 + 1),
    ]  # fmt: skip


def test_every_convolution_of_resnet_50_is_asked_for() -> None:
    resnet = network("resnet-50")
    found = lines_of(resnet.layers, resnet.input)
    assert sum(isinstance(line.layer, Conv2d) for line in found) == 53  # 1 + 16·3 + 4 shortcuts
    asked = {blank for blank in blanks(found) if blank.column == "parameters"}
    assert all(Blank(number, "parameters") in asked for number, line in enumerate(found) if isinstance(line.layer, Conv2d))


def of_layer(layer, shape: tuple[int, ...]) -> tuple[TableLine, ...]:
    return lines_of((layer,), shape)


SEQUENCE = of_layer(LSTM(hidden_size=10, output="sequence"), (100, 4))
CONVOLUTION = of_layer(Conv2d(out_channels=8, kernel_size=3), (4, 28, 28))  # 8 x 26 x 26
MISTAKES = [
    (ALEXNET, 0, "parameters", "23232", "no_bias_of_a_filter"),  # 11·11·3·64
    (ALEXNET, 0, "parameters", "7808", "one_channel"),  # (11·11 + 1)·64
    (ALEXNET, 0, "parameters", "364", "one_filter"),  # 11·11·3 + 1
    (ALEXNET, 0, "parameters", "70,276,800", "macs"),  # 11·11·3·64·55·55
    (ALEXNET, 0, "parameters", "23 thousand", "no_number"),
    (ALEXNET, 0, "parameters", "9" * 5000, "no_number"),
    (ALEXNET, 0, "parameters", "12", None),
    (ALEXNET, 0, "output", "3x224x224", "unchanged"),
    (ALEXNET, 0, "output", "64", "axes"),
    (ALEXNET, 0, "output", "3x55x55", "channels"),
    (ALEXNET, 0, "output", "64x56x56", "rounded_up"),
    (ALEXNET, 0, "output", "64x54x54", "no_padding"),  # (224 - 11) / 4 + 1 = 54.25
    (ALEXNET, 0, "output", "64x218x218", "no_stride"),  # 224 + 4 - 11 + 1
    (ALEXNET, 0, "output", "many", "no_shape"),
    (ALEXNET, 0, "output", "9" * 5000, "no_shape"),
    (ALEXNET, 0, "output", "64x1x2", None),
    (ALEXNET, 2, "output", "192x27x27", "pool_channels"),
    (ALEXNET, 13, "output", "96x96", "vector"),
    (ALEXNET, 15, "parameters", "37748736", "no_bias_of_an_output"),  # 9216·4096
    (CONVOLUTION, 0, "output", "27x27", None),  # the stride fits: nothing is rounded
    (CONVOLUTION, 0, "output", "28x28x4", "unchanged"),  # channels last
    (CONVOLUTION, 0, "output", "26x26x4", "channels"),
    (of_layer(MaxPool2d(kernel_size=3, stride=2, ceil_mode=True), (2, 112, 112)), 0, "output", "2x55x55", "rounded_down"),
    (of_layer(MaxPool2d(kernel_size=3, stride=2), (2, 112, 112)), 0, "output", "56x56", "rounded_up"),
    (of_layer(AdaptiveAvgPool2d(output_size=6), (256, 9, 9)), 0, "output", "1x6x6", "pool_channels"),
    (of_layer(Linear(out_features=4), (5, 3)), 0, "output", "6x4", None),
    (of_layer(Conv2d(out_channels=8, kernel_size=3, groups=4, bias=False), (8, 9, 9)), 0, "parameters", "576", "no_groups"),
    (of_layer(Conv2d(out_channels=8, kernel_size=3, groups=4, bias=False), (8, 9, 9)), 0, "parameters", "152", "with_biases"),
    (of_layer(BatchNorm2d(), (8, 9, 9)), 0, "parameters", "32", "running"),
    (of_layer(BatchNorm2d(), (8, 9, 9)), 0, "parameters", "0", None),
    (of_layer(LSTM(hidden_size=4), (5, 3)), 0, "parameters", "128", "one_bias"),  # Keras: 4·(4·3 + 4·4 + 4)
    (of_layer(LSTM(hidden_size=4), (5, 3)), 0, "parameters", "112", "no_bias"),
    (of_layer(Embedding(num_embeddings=50, embedding_dim=8), (6,)), 0, "parameters", "50", "words"),
    (SEQUENCE, 0, "output", "10x100", "order_of_axes"),
    (of_layer(Linear(out_features=10), (100, 4)), 0, "output", "10x100", "order"),
]


@pytest.mark.parametrize(("asked", "line", "column", "written", "code"), MISTAKES)
def test_what_is_likely_wrong(asked: tuple[TableLine, ...], line: int, column, written: str, code: str | None) -> None:
    assert not is_right(asked, Blank(line, column), written)
    found = mistake(asked, Blank(line, column), written)
    assert (found.code if found else None) == code
    if found is not None:
        for language in LANGUAGES:
            assert "{" not in say("assignment", found.code, language, **found.values)


def test_every_mistake_has_its_words() -> None:
    assert {code for *_, code in MISTAKES if code} == table("assignment").keys()


def test_a_shape_as_the_program_writes_it_is_right() -> None:
    wide = of_layer(Conv2d(out_channels=1024, kernel_size=1), (3, 1026, 26))
    for written in ("1,024 × 1,026 × 26", "1024x1026x26", "(1024, 1026, 26)", "1026x26x1024"):
        assert is_right(wide, Blank(0, "output"), written), written
