"""Repairs: what is proposed for which problem, that it helps, and that every proposal has its words."""

from __future__ import annotations

import ast
import re
from pathlib import Path as File
from random import Random
from typing import Any

import pytest

from engine.layers.base import Shape
from engine.layers.catalog import (
    LSTM,
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AvgPool2d,
    AvgPool3d,
    BatchNorm1d,
    BatchNorm2d,
    Concat,
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose2d,
    Embedding,
    Flatten,
    GroupNorm,
    LayerNorm,
    Linear,
    MaxPool1d,
    MaxPool2d,
    Permute,
    ReLU,
    Residual,
    Sequential,
    Softmax,
    Upsample,
)
from engine.layers.kinds.composite import MOST_NESTED
from engine.networks import mending
from engine.networks.edits import applied, at, enabled, paths
from engine.networks.repairs import Repair, repairs, text
from engine.networks.trace import Path, Problem, message, trace
from engine.words import LANGUAGES, table
from tests.engine.layers.random_layers import random_shape, random_stack

BLANK = re.compile(r"\{(\w+)\}")


def proposed(layers: Any, shape: Shape, tokens: bool | None = None, disabled: Any = ()) -> tuple[Problem, tuple[Repair, ...]]:
    problem = trace(enabled(layers, disabled).layers, shape, tokens=tokens).problem
    assert problem is not None
    return problem, repairs(layers, shape, problem, disabled=disabled, tokens=tokens)


def conv(channels: int, kernel: Any, **others: Any) -> Conv2d:
    return Conv2d(out_channels=channels, kernel_size=kernel, **others)


SAME = (3, 15, 15)
WORDS = Embedding(num_embeddings=50, embedding_dim=16)
CASES: list[tuple[str, tuple[Any, ...], Shape, list[str]]] = [
    ("kernel_larger_than_input", (conv(4, 5),), (3, 4, 4), ["Set padding to 2", "Set filter size to 3", "Remove Conv2d"]),
    ("dilated_kernel_larger_than_input", (conv(1, 3, dilation=4),), (8, 7, 7), ["Set dilation to 3", "Remove Conv2d"]),
    (
        "dilated_kernel_larger_than_padded_input",
        (conv(1, 3, dilation=5, padding=1),),
        (8, 8, 8),
        ["Set dilation to 4", "Remove Conv2d"],
    ),
    ("kernel_larger_than_padded_input", (conv(1, 9, padding=1),), (8, 6, 6), ["Set filter size to 7", "Remove Conv2d"]),
    (
        "kernel_larger_than_input",
        (conv(8, 3), AvgPool2d(kernel_size=7), Flatten()),
        (3, 6, 6),
        ["Set window size to 4", "Use AdaptiveAvgPool2d instead", "Remove AvgPool2d"],
    ),
    (
        "kernel_larger_than_input",
        (MaxPool2d(kernel_size=2), ReLU(), conv(4, 3)),
        (3, 4, 4),
        ["Set padding to 1", "Set filter size to 1", "Remove the MaxPool2d before it", "Remove Conv2d"],
    ),
    (
        "kernel_larger_than_input",  # nothing is padded whose map is one cell
        (MaxPool2d(kernel_size=2), MaxPool2d(kernel_size=2)),
        (3, 2, 2),
        ["Remove the MaxPool2d before it"],
    ),
    (
        "kernel_larger_than_bare_input",
        (AvgPool3d(kernel_size=3, padding=1),),
        (8, 3, 3, 2),
        ["Set window size to 2", "Remove AvgPool3d"],
    ),
    (
        "size_differs",
        (conv(64, 3, padding=1), ReLU(), Linear(in_features=64 * 784, out_features=10)),
        (1, 28, 28),
        ["Insert Flatten before it", "Set input features to 28", "Take input features from the input", "Remove Linear"],
    ),
    (
        "size_differs",  # AlexNet's classifier on a smaller picture
        (conv(256, 3, padding=1), MaxPool2d(kernel_size=2), Flatten(), Linear(in_features=9216, out_features=10)),
        (1, 8, 8),
        [
            "Set input features to 4096",
            "Take input features from the input",
            "Insert AdaptiveAvgPool2d 6×6 before Flatten",
            "Remove Linear",
        ],
    ),
    (
        "size_differs",
        (conv(16, 3), Sequential(layers=(ReLU(), conv(4, 3, in_channels=8)))),
        (1, 28, 28),
        [
            "Set input channels to 16",
            "Take input channels from the input",
            "Set output channels of the Conv2d before it to 8",
            "Remove Conv2d",
        ],
    ),
    ("wrong_dimensions", (Flatten(), ReLU(), conv(4, 3)), (3, 8, 8), ["Remove the Flatten before it", "Remove Conv2d"]),
    (
        "wrong_dimensions",
        (LSTM(hidden_size=4), LSTM(hidden_size=8)),
        (9, 3),
        ["Let LSTM before it hand on the whole sequence", "Remove LSTM"],
    ),
    (
        "wrong_dimensions",
        (LSTM(hidden_size=4),),
        (3, 9, 9),
        [
            "Let the columns be the time steps: Permute 0, 3, 1, 2 and Flatten",
            "Let the rows be the time steps: Permute 0, 2, 1, 3 and Flatten",
            "Remove LSTM",
        ],
    ),
    (
        "wrong_dimensions",
        (Conv3d(out_channels=4, kernel_size=3), LSTM(hidden_size=4)),
        (1, 6, 9, 9),
        [
            "Let the planes be the time steps: Permute 0, 2, 1, 3, 4 and Flatten",
            "Let the rows be the time steps: Permute 0, 3, 1, 2, 4 and Flatten",
            "Let the columns be the time steps: Permute 0, 4, 1, 2, 3 and Flatten",
            "Remove LSTM",
        ],
    ),
    (
        "wrong_dimensions",  # the columns are in front already
        (Permute(dims=(0, 3, 1, 2)), LSTM(hidden_size=4)),
        (3, 9, 9),
        ["Insert Flatten before it, keeping the first dimension", "Remove LSTM"],
    ),
    (
        "wrong_dimensions",  # a text CNN
        (WORDS, conv(4, 3)),
        (20,),
        ["Use Conv1d instead, with Permute 0, 2, 1 before it", "Remove Conv2d"],
    ),
    (
        "wrong_dimensions",
        (WORDS, MaxPool2d(kernel_size=2)),
        (20,),
        ["Use MaxPool1d instead, with Permute 0, 2, 1 before it", "Remove MaxPool2d"],
    ),
    ("wrong_dimensions", (WORDS, Permute(dims=(0, 2, 1)), conv(4, 3)), (20,), ["Use Conv1d instead", "Remove Conv2d"]),
    (
        "wrong_dimensions",
        (conv(4, 3), Flatten(), LSTM(hidden_size=4)),
        (1, 9, 9),
        [
            "Remove the Flatten before it, let the columns be the time steps: Permute 0, 3, 1, 2 and Flatten",
            "Remove the Flatten before it, let the rows be the time steps: Permute 0, 2, 1, 3 and Flatten",
            "Remove LSTM",
        ],
    ),
    (
        "wrong_dimensions",
        (Upsample(scale_factor=2, mode="linear"),),
        (3, 9, 9),
        ["Set mode to bilinear", "Insert Flatten before it, keeping the first dimension", "Remove Upsample"],
    ),
    ("no_order_of_axes", (Permute(dims=(0, 2, 1)),), (3, 9, 9), ["Set order of axes to 0, 3, 1, 2", "Remove Permute"]),
    ("no_order_of_axes", (Permute(dims=(0, 1, 1)),), (9, 3), ["Set order of axes to 0, 2, 1", "Remove Permute"]),
    ("batch_moves", (Permute(dims=(1, 0, 2)),), (9, 3), ["Set order of axes to 0, 2, 1", "Remove Permute"]),
    ("not_allowed", (Permute(dims=(0, 99, 1)),), (9, 3), ["Set order of axes to 0, 2, 1", "Remove Permute"]),
    (
        "corners_of_nearest",
        (Upsample(scale_factor=2, align_corners=True),),
        (9, 3),
        ["Do not align the corners", "Set mode to linear", "Remove Upsample"],
    ),
    ("groups_of_one", (GroupNorm(num_groups=6),), (6,), ["Set groups to 3", "Remove GroupNorm"]),
    ("groups_not_in_input", (GroupNorm(num_groups=4),), (6, 5, 5), ["Set groups to 3", "Remove GroupNorm"]),
    ("wrong_dimensions", (conv(4, (3, 5)),), (3, 9), ["Use Conv1d instead", "Remove Conv2d"]),
    (
        "wrong_dimensions",
        (BatchNorm1d(),),
        (3, 9, 9),
        [
            "Use BatchNorm2d instead",
            "Insert Flatten before it, keeping the first dimension",
            "Insert Flatten before it",
            "Remove BatchNorm1d",
        ],
    ),
    (
        "groups_not_in_input",  # a depthwise convolution behind a wider layer
        (conv(48, 3), conv(32, 3, groups=32)),
        (3, 6, 6),
        ["Make it depthwise: 48 channels, 48 groups", "Set groups to 16", "Set groups to 1", "Remove Conv2d"],
    ),
    (
        "groups_not_in_output",
        (conv(33, 3, groups=2),),
        (30, 6, 6),
        ["Set groups to 1", "Set output channels to 32", "Remove Conv2d"],
    ),
    (
        "same_padding_with_stride",
        (conv(8, 3, padding="same", stride=2),),
        SAME,
        ["Set padding to 1", "Set stride to 1", "Remove Conv2d"],
    ),
    (
        "named_padding_after",
        (conv(8, 3, padding="same", padding_after=1),),
        SAME,
        ["Let both sides be padded alike", "Remove Conv2d"],
    ),
    (
        "reflect_padding_too_large",
        (conv(8, 3, padding=(9, 1), padding_mode="reflect"),),
        (3, 8, 5),
        ["Pad with zeros", "Set padding to 7×1", "Remove Conv2d"],
    ),
    (
        "circular_padding_too_large",
        (conv(8, 3, padding=1, padding_after=9, padding_mode="circular"),),
        (3, 8, 5),
        ["Pad with zeros", "Set padding after to 8×5", "Remove Conv2d"],
    ),
    (
        "padding_above_half_kernel",
        (MaxPool2d(kernel_size=2, padding=2),),
        SAME,
        ["Set padding to 1", "Set window size to 4", "Remove MaxPool2d"],
    ),
    (
        "output_padding_too_large",
        (ConvTranspose2d(out_channels=8, kernel_size=2, output_padding=1),),
        SAME,
        ["Set output padding to 0", "Set stride to 2", "Remove ConvTranspose2d"],
    ),
    (
        "padding_eats_output",
        (ConvTranspose2d(out_channels=8, kernel_size=2, padding=9),),
        (3, 8, 5),
        ["Set padding to 4×2", "Remove ConvTranspose2d"],
    ),
    (
        "not_the_last_sizes",
        (LayerNorm(normalized_shape=(3, 4)),),
        (3, 8, 5),
        ["Set normalised sizes to 8×5", "Set normalised sizes to 5", "Set normalised sizes to 3×8×5", "Remove LayerNorm"],
    ),
    (
        "no_such_token",
        (Embedding(num_embeddings=5, embedding_dim=3, padding_idx=7),),
        (8,),
        ["Do without a padding token", "Set vocabulary to 8", "Remove Embedding"],
    ),
    (
        "not_tokens",
        (Linear(out_features=3), Embedding(num_embeddings=5, embedding_dim=3)),
        (8,),
        ["Move Embedding to the front", "Remove Embedding"],
    ),
    (
        "projection_too_large",
        (LSTM(hidden_size=3, proj_size=5),),
        (8, 3),
        ["Do without a projection", "Set projection to 2", "Set hidden state to 6", "Remove LSTM"],
    ),
    (
        "flatten_backwards",
        (Flatten(start_dim=2, end_dim=1),),
        (8, 3),
        ["Set first dimension to 1", "Flatten all dimensions", "Remove Flatten"],
    ),
    ("no_such_dimension", (Softmax(dim=7),), (8, 3), ["Set dimension to -1", "Remove Softmax"]),
    ("batch_dimension", (Softmax(dim=0),), (8, 3), ["Set dimension to -1", "Remove Softmax"]),
    ("not_allowed", (Linear(out_features=0),), (8,), ["Set output features to 1", "Remove Linear"]),
    ("not_allowed", (Linear(out_features=10**30),), (8,), ["Set output features to 1024", "Remove Linear"]),
    (
        "not_allowed",
        (ReLU(), Sequential(layers=(MaxPool1d(kernel_size=(3, 3), stride=0),))),
        (8, 9),
        ["Bring the settings of MaxPool1d into their range", "Remove MaxPool1d"],
    ),
    (
        "sum_of_different_shapes",
        (Residual(main=(conv(3, 3), BatchNorm2d(), ReLU(), conv(3, 5))),),
        SAME,
        ["Pad the main path so that it keeps the size", "Remove Residual"],
    ),
    (
        "sum_of_different_shapes",
        (Residual(main=(conv(8, 3), ReLU(), conv(8, 3, stride=2))),),
        (3, 16, 16),
        [
            "Put a 1×1 convolution into the shortcut",
            "Pad the main path, and put a 1×1 convolution into the shortcut",
            "Remove Residual",
        ],
    ),
    (
        "sum_of_different_shapes",
        (Residual(main=(conv(8, 3, padding=1),)),),
        SAME,
        [
            "Put a 1×1 convolution into the shortcut",
            "Set output channels of the last Conv2d in the main path to 3",
            "Remove Residual",
        ],
    ),
    (
        "sum_of_different_shapes",
        (Residual(main=(Linear(out_features=8),)),),
        (3,),
        ["Put a Linear into the shortcut", "Set output features of the last Linear in the main path to 3", "Remove Residual"],
    ),
    ("no_branches", (Concat(branches=()),), SAME, ["Add a branch that hands the input on", "Remove Concat"]),
    (
        "branches_do_not_match",
        (Concat(branches=((conv(8, 1),), (conv(8, 3),), (MaxPool2d(kernel_size=3),))),),
        SAME,
        ["Pad all branches so that they keep the size", "Remove Concat"],
    ),
    (
        "branches_do_not_match",
        (Concat(branches=((conv(8, 1),), (MaxPool2d(kernel_size=3),))),),
        SAME,
        [
            "Pad branch 2 so that it keeps the size",
            "Bring branch 2 to 15×15 with AdaptiveAvgPool2d",
            "Remove branch 2",
            "Remove Concat",
        ],
    ),
]


@pytest.mark.parametrize(("code", "layers", "shape", "texts"), CASES)
def test_what_is_proposed(code: str, layers: Any, shape: Shape, texts: list[str]) -> None:
    problem, found = proposed(layers, shape)
    assert problem.code == code
    assert [text(repair) for repair in found] == texts
    for repair in found:
        assert trace(repair.layers, shape).problem is None, text(repair)


def test_tokens() -> None:
    problem, found = proposed((Linear(out_features=3),), (8,), tokens=True)
    assert problem.code == "tokens_not_embedded"
    assert text(found[0]) == "Insert Embedding, vocabulary 1000, dimension 32"
    assert trace(found[0].layers, (8,), tokens=True).output == (8, 3)


@pytest.mark.parametrize("tokens", [True, None])
def test_a_text_cnn_without_its_embedding(tokens: bool | None) -> None:
    """Kim (2014): the filters go along the words and read the whole vectors of words, so the vectors are the channels."""
    layers = (
        Conv1d(out_channels=100, kernel_size=3),
        ReLU(),
        AdaptiveAvgPool1d(output_size=1),
        Flatten(),
        Linear(out_features=2),
    )
    _, found = proposed(layers, (64,), tokens=tokens)
    assert text(found[0]) == "Insert Embedding, vocabulary 1000, dimension 32, and Permute 0, 2, 1 behind it"
    mended = trace(found[0].layers, (64,), tokens=tokens)
    assert [row.output for row in mended.rows][:3] == [(64, 32), (32, 64), (100, 62)] and mended.problem is None


def test_a_recurrent_layer_over_tokens_or_over_one_number_a_step() -> None:
    assert "Insert Embedding" in text(proposed((LSTM(hidden_size=8),), (64,), tokens=None)[1][0])
    assert [text(each) for each in proposed((LSTM(hidden_size=8),), (64,), tokens=False)[1]] == ["Remove LSTM"]


def test_an_input_that_is_none() -> None:
    problem, found = proposed((ReLU(),), (0,))
    assert (problem.code, found) == ("input_not_a_shape", ())


def test_too_deep() -> None:
    deep: Any = ReLU()
    for _ in range(MOST_NESTED + 1):
        deep = Sequential(layers=(deep,))
    problem, found = proposed((ReLU(), deep), (3,))
    assert problem.code == "nested_too_deep"
    assert [text(repair) for repair in found] == ["Remove Sequential"]


def test_more_cells_than_can_be_counted() -> None:
    grows = ConvTranspose2d(out_channels=1, kernel_size=1, stride=2**31 - 1)
    problem, found = proposed((grows, grows, grows), (1, 4, 4))
    assert problem.code == "too_many_cells"
    assert text(found[-1]) == "Remove ConvTranspose2d → then ConvTranspose2d 1, 1×1, s2147483647 does not fit"


def test_a_column_is_what_is_known_of_one_step() -> None:
    """The row that the LSTM reads at step x is column x of all maps; kept first, the channels would be the steps."""
    import torch

    from engine.passes.modules import build

    _, found = proposed((LSTM(hidden_size=4),), (3, 5, 7))
    columns, rows = (build(repair.layers[:-1], (3, 5, 7)) for repair in found[:2])
    x_NCHW = torch.randn(2, 3, 5, 7)
    for step in range(7):
        assert torch.equal(columns(x_NCHW)[:, step], x_NCHW[:, :, :, step].reshape(2, 15))
    for step in range(5):
        assert torch.equal(rows(x_NCHW)[:, step], x_NCHW[:, :, step].reshape(2, 21))


def test_a_text_cnn_gets_its_channels_from_the_vectors() -> None:
    _, found = proposed((WORDS, conv(4, 3), ReLU()), (20,))
    rows = trace(found[0].layers, (20,)).rows
    assert [row.output for row in rows] == [(20, 16), (16, 20), (4, 18), (4, 18)]
    assert rows[2].parameters == 4 * (16 * 3 + 1)
    assert text(found[0], "ko") == "Conv1d 층으로 바꾸고 앞에 Permute 0, 2, 1 넣기"


def test_every_problem_has_a_case() -> None:
    rest = {"tokens_not_embedded", "input_not_a_shape", "nested_too_deep", "too_many_cells"}  # above
    assert {code for code, *_ in CASES} | rest == table("problems").keys()


def test_the_shortcut_has_the_stride_of_the_main_path() -> None:
    _, found = proposed((Residual(main=(conv(8, 3, padding=1, stride=2),)),), SAME)
    assert found[0].layers == (Residual(main=(conv(8, 3, padding=1, stride=2),), shortcut=(conv(8, 1, stride=2),)),)


@pytest.mark.timeout(10)
def test_absurd_numbers_take_no_time() -> None:
    channels = 2**29
    _, found = proposed((Linear(out_features=channels), conv(channels, 1, groups=channels - 1)), (channels, 4, 4))
    assert text(found[0]) == f"Set groups to {channels // 2}"


def test_where_to_look() -> None:
    """At the layer that was at fault, wherever it is then."""
    _, found = proposed((conv(4, 3), Linear(in_features=4 * 36, out_features=10)), (3, 8, 8))
    assert found[0].layers == (conv(4, 3), Flatten(), Linear(in_features=4 * 36, out_features=10))
    assert found[0].path == (2,)
    assert found[0].followed((0,), (conv(4, 3), Linear(out_features=10))) == (0,)


def test_two_faults_in_one_layer() -> None:
    _, found = proposed((conv(3, 3, groups=2, in_channels=3),), (4, 8, 8))
    assert [text(repair) for repair in found] == [
        "Set input channels to 4, set groups to 1",
        "Set input channels to 4, set output channels to 4",
        "Take input channels from the input, set groups to 1",
        "Take input channels from the input, set output channels to 4",
        "Remove Conv2d",
    ]
    assert text(found[0], "ko") == "입력 채널 바꾸기: 4, 그룹 바꾸기: 1"
    assert all(trace(repair.layers, (4, 8, 8)).problem is None for repair in found)


def test_what_comes_to_the_place_of_a_layer_taken_out() -> None:
    problem, found = proposed((LayerNorm(normalized_shape=9), Softmax(dim=0)), (8,))
    assert (problem.code, text(found[-1])) == ("not_the_last_sizes", "Remove LayerNorm → then Softmax dim 0 does not fit")
    after = trace(found[-1].layers, (8,)).problem
    assert after is not None
    assert (after.where, after.code) == ((0,), "batch_dimension")


LENET = (
    conv(6, 5, padding=2),
    ReLU(),
    MaxPool2d(kernel_size=2),
    conv(16, 20),
    ReLU(),
    MaxPool2d(kernel_size=2),
    Flatten(),
    Linear(out_features=10),
)


def test_a_familiar_filter_with_which_the_rest_fits_comes_first() -> None:
    """14 cells: a filter of 14 would leave one, which no pooling of 2 takes; 7 leaves 8."""
    problem, found = proposed(LENET, (1, 28, 28))
    assert message(problem) == "The filter, 20×20, is larger than its input, 14×14."
    assert text(found[0]) == "Set filter size to 7"
    assert trace(found[0].layers, (1, 28, 28)).output == (10,)


def test_a_pooling_of_one_cell_is_not_offered() -> None:
    _, found = proposed((MaxPool2d(kernel_size=2),), (3, 1, 8))
    assert found and not any(text(repair).startswith("Set filter size to 1") for repair in found)


def test_what_leads_into_the_next_break_says_so_and_comes_last() -> None:
    """10 cells: a filter of 7 leaves 4, of which the next convolution needs 5; one of 5 leaves 6."""
    _, found = proposed((conv(6, 12), conv(6, 5), Linear(in_features=2, out_features=3)), (1, 10, 10))
    assert text(found[0]) == "Set filter size to 5"
    _, found = proposed((conv(6, 3), Linear(in_features=7, out_features=3)), (1, 2, 2))
    assert [text(repair) for repair in found] == [
        "Set padding to 1 → then Linear 3 does not fit",
        "Set filter size to 1 → then Linear 3 does not fit",
        "Remove Conv2d → then Linear 3 does not fit",
    ]
    assert text(found[0], "ko") == "패딩 바꾸기: 1 → 다음 문제: Linear 3"
    _, found = proposed((conv(6, 3, stride=2), Linear(in_features=2, out_features=3)), (1, 2, 2))  # a stride of 2 leaves 1
    assert [text(repair) for repair in found] == [
        "Remove Conv2d",
        "Set padding to 1 → then Linear 3 does not fit",
        "Set filter size to 1 → then Linear 3 does not fit",
    ]


class TestSwitchedOff:
    def test_what_is_off_stays(self) -> None:
        layers = (ReLU(), conv(4, 3), ReLU(), Linear(in_features=4 * 36, out_features=10))
        _, found = proposed(layers, (3, 8, 8), disabled={(0,), (2,)})
        assert found[0].layers == (ReLU(), conv(4, 3), ReLU(), Flatten(), layers[3])
        assert found[0].path == (4,)
        assert [found[0].followed(path, layers) for path in ((0,), (2,))] == [(0,), (2,)]

    def test_at_the_end_of_a_branch(self) -> None:
        """The last layer of the shortcut is off: what is put behind the rest comes last."""
        shortcut = (ReLU(), conv(5, 1))
        layers = (Flatten(), Residual(main=(conv(8, 3, padding=1), ReLU()), shortcut=shortcut))
        _, found = proposed(layers, SAME, disabled={(0,), (1, "main", 1), (1, "shortcut", 1)})
        assert text(found[0]) == "Put a 1×1 convolution into the shortcut"
        assert found[0].layers[1].shortcut == (*shortcut, conv(8, 1))
        assert found[0].path == (1,)

    def test_in_branches(self) -> None:
        inside = (ReLU(), MaxPool2d(kernel_size=3))
        _, found = proposed((Concat(branches=((conv(8, 1),), inside)),), SAME, disabled={(0, "branches", 1, 0)})
        assert found[0].layers[0].branches[1] == (ReLU(), MaxPool2d(kernel_size=3, stride=1, padding=1))

    @pytest.mark.parametrize(
        ("layers", "shape", "off", "named"),
        [
            ((conv(4, 3), Flatten(), Linear(in_features=4 * 36, out_features=10)), (3, 8, 8), (1,), "Flatten"),
            ((Embedding(num_embeddings=9, embedding_dim=4), LSTM(hidden_size=5)), (7,), (0,), "Embedding"),
        ],
    )
    def test_one_that_is_off_is_switched_on_before_its_like_is_put_in(
        self, layers: Any, shape: Shape, off: Path, named: str
    ) -> None:
        _, found = proposed(layers, shape, disabled={off})
        assert text(found[0]).startswith(f"Switch {named}") and text(found[0]).endswith(" on again")
        assert text(found[0], "ko").endswith(" 다시 켜기")
        assert (found[0].layers, found[0].path, found[0].off_after((off,), layers)) == (layers, off, ())
        assert not any(repair.puts_in(type(at(layers, off))) for repair in found)

    def test_one_that_does_not_help_is_not_offered(self) -> None:
        layers = (ReLU(), conv(4, 3), Linear(in_features=4 * 36, out_features=10))
        _, found = proposed(layers, (3, 8, 8), disabled={(0,)})
        assert [repair.on for repair in found] == [None] * len(found) and text(found[0]) == "Insert Flatten before it"

    def test_what_is_inside_a_composite_that_is_off_is_not_switched_on(self) -> None:
        layers = (conv(4, 3), Sequential(layers=(Flatten(),)), Linear(in_features=4 * 36, out_features=10))
        _, found = proposed(layers, (3, 8, 8), disabled={(1,), (1, "layers", 0)})
        assert all(repair.on in (None, (1,)) for repair in found)


def order(path: Any) -> Any:
    return (*((0, part) for part in path), (1,))


@pytest.mark.parametrize("seed", range(400))
def test_every_repair_helps(seed: int) -> None:
    """In networks of random layers, some of them off: no problem at that place any more, nor before; edits lead there."""
    random = Random(seed)
    shape = random_shape(random, random.choice((1, 2, 3, 3, 3, 4)))
    layers = random_stack(random, shape, random.randint(1, 6), wild=0.1)
    disabled = {path for path in paths(layers) if random.random() < 0.1}
    left = enabled(layers, disabled)
    problem = trace(left.layers, shape).problem
    if problem is None:
        return
    found = repairs(layers, shape, problem, disabled=disabled)
    assert found
    where = left.back(problem.where)
    for repair in found:
        step = layers
        for edit in repair.edits:
            step = applied(step, edit)
        assert step == repair.layers
        assert repair.layers != layers or repair.on is not None
        off = set(repair.off_after(disabled, layers))
        new = enabled(repair.layers, off)
        now = repair.followed(where, layers) or where
        next_problem = trace(new.layers, shape).problem
        if next_problem is not None:
            there = new.back(next_problem.where)
            if repair.code == "remove":  # what has come to its place may have a problem of its own
                assert there[: len(now)] == now or order(there) > order(now) or problem.code == "not_allowed"
                continue
            assert there != now, text(repair)
            if problem.code != "not_allowed":
                assert order(there) > order(now), text(repair)
        if repair.code not in ("remove", "remove_branch"):
            at(repair.layers, repair.path)


def codes() -> dict[str, set[str]]:
    """Every code that a proposal is made with -> the names of its values in each place."""
    text = "\n".join(file.read_text("utf-8") for file in File(mending.__file__).parent.glob("*.py"))
    tree, found = ast.parse(text.replace("from __future__ import annotations", "")), dict[str, set[str]]()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "Proposal":
            continue
        for constant in ast.walk(node.args[0]):
            if isinstance(constant, ast.Constant):
                found.setdefault(constant.value, set())
    for node in ast.walk(tree):  # code = "a" if ... else "b"
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "code":
            found.update(
                {
                    part.value: set()
                    for part in ast.walk(node.value)
                    if isinstance(part, ast.Constant) and type(part.value) is str
                }
            )
    return found


def test_every_proposal_has_its_words() -> None:
    assert (
        codes().keys() | {"breaks", "switch_on", "insert_permute", "set_input"} == table("repairs").keys()
    )  # the last two are hints'
    for code, entry in table("repairs").items():
        assert entry.keys() == set(LANGUAGES), code
        assert set(BLANK.findall(entry["ko"])) == set(BLANK.findall(entry["en"])), code
        assert re.search("[가-힣]", entry["ko"]), code


@pytest.mark.parametrize(("code", "layers", "shape", "texts"), CASES)
def test_no_blank_stays_open(code: str, layers: Any, shape: Shape, texts: list[str]) -> None:
    for repair in proposed(layers, shape)[1]:
        for language in LANGUAGES:
            assert "{" not in text(repair, language)
            assert "None" not in text(repair, language)


def test_a_pooling_made_adaptive() -> None:
    _, found = proposed((AvgPool2d(kernel_size=7),), (3, 4, 4))
    assert found[1].layers == (AdaptiveAvgPool2d(output_size=1),)


def test_a_kind_of_another_rank_keeps_its_width() -> None:
    _, found = proposed((conv(4, (3, 5), padding=(0, 2)),), (3, 9))
    assert found[0].layers == (Conv1d(out_channels=4, kernel_size=(5,), padding=(2,)),)


def test_a_layers_name_in_a_joined_repair_is_written_as_the_layer_is_called() -> None:
    layers = (LSTM(hidden_size=6), Conv2d(out_channels=4, kernel_size=3))
    problem = trace(layers, (3, 50)).problem
    assert problem is not None
    joined = [repair for repair in repairs(layers, (3, 50), problem) if repair.then is not None]
    assert joined and all("Conv1d" in text(repair, each) for repair in joined for each in LANGUAGES)
    assert ", use Conv1d instead" in text(joined[0], "en")
