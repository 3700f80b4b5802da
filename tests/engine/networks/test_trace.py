"""The trace: where a problem is, what composites' rows hold, tokens, odd input; its speed, and that it needs no torch."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from engine.experiments.experiment import Network
from engine.fields import Field, fields
from engine.layers.base import Layer, Shape
from engine.layers.catalog import (
    LSTM,
    AvgPool3d,
    BatchNorm2d,
    Concat,
    Conv1d,
    Conv2d,
    Embedding,
    Flatten,
    Identity,
    Linear,
    MaxPool1d,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
)
from engine.networks.trace import Problem, message, trace
from engine.words import Phrase, say
from tests.engine.known_networks import PIPELINE
from tests.patience import GIVE_UP_S


def problem(layers: tuple[Layer, ...], shape: Shape, *, tokens: bool | None = None) -> Problem:
    found = trace(layers, shape, tokens=tokens).problem
    assert found is not None
    return found


def test_no_layers() -> None:
    traced = trace((), (3, 8, 8))
    assert (traced.output, traced.parameters, traced.macs, traced.problem) == ((3, 8, 8), 0, 0, None)


def test_rows_up_to_the_problem() -> None:
    traced = trace((*PIPELINE[:3], Conv2d(out_channels=8, kernel_size=15), ReLU()), (1, 28, 28))
    assert [row.type for row in traced.rows] == ["Conv2d", "ReLU", "MaxPool2d"]
    assert traced.parameters == 640
    assert traced.problem == Problem(
        (3,),
        "kernel_larger_than_input",
        {"field": "kernel_size", "kernel": (15, 15), "input": (14, 14), "window": Phrase("axes", "the_filter")},
    )
    assert traced.problem.index == 3
    assert message(traced.problem) == "The filter, 15×15, is larger than its input, 14×14."
    assert message(traced.problem, "ko") == "필터가 입력보다 큽니다. 크기: 15×15, 입력: 14×14."


def test_the_window_of_a_pooling_is_no_filter() -> None:
    problem = trace((MaxPool2d(kernel_size=7),), (1, 5, 5)).problem
    assert problem is not None
    assert message(problem) == "The window, 7×7, is larger than its input, 5×5."
    assert message(problem, "ko") == "창이 입력보다 큽니다. 크기: 7×7, 입력: 5×5."
    for layer in (MaxPool1d(kernel_size=2), MaxPool2d(kernel_size=2), AvgPool3d(kernel_size=2)):
        said = [meaning for formula in layer.derivations((2, 8, 8, 8)[: layer.AXES + 1]) for _, meaning, _ in formula.symbols]
        assert "filter" not in " ".join(say("symbols", meaning) for meaning in said)
        assert "필터" not in " ".join(say("symbols", meaning, "ko") for meaning in said)


@pytest.mark.parametrize(
    ("layers", "where", "code"),
    [
        ((ReLU(), Residual(main=(Conv2d(out_channels=2, kernel_size=9),))), (1, "main", 0), "kernel_larger_than_input"),
        ((Residual(main=(), shortcut=(ReLU(), Flatten(start_dim=0))),), (0, "shortcut", 1), "batch_dimension"),
        ((Concat(branches=((), (Identity(), Linear(out_features=2, in_features=9)))),), (0, "branches", 1, 1), "size_differs"),
        ((Sequential(layers=(Sequential(layers=(LSTM(hidden_size=2),)),)),), (0, "layers", 0, "layers", 0), "wrong_dimensions"),
        ((Concat(branches=()),), (0,), "no_branches"),
        ((Residual(main=(MaxPool2d(kernel_size=2),)),), (0,), "sum_of_different_shapes"),
    ],
)
def test_where_it_is(layers: tuple[Layer, ...], where: tuple[int | str, ...], code: str) -> None:
    found = problem(layers, (3, 6, 6))
    assert (found.where, found.code) == (where, code)


def test_a_composite_holds_the_totals_of_what_is_inside() -> None:
    main = (Conv2d(out_channels=8, kernel_size=3, padding=1), BatchNorm2d(), ReLU())
    shortcut = (Conv2d(out_channels=8, kernel_size=1),)
    composite = Residual(main=main, shortcut=shortcut)
    row = trace((composite,), (3, 6, 6)).rows[0]
    (name, first), (other, second) = row.inside
    assert (name, other) == ("main", "shortcut")
    assert [inner.index for inner in first] == [0, 1, 2]
    assert row.parameters == sum(inner.parameters for inner in (*first, *second)) == 224 + 16 + 32
    assert row.macs == sum(inner.macs for inner in (*first, *second)) == 36 * 8 * (27 + 3)
    assert (composite.output_shape((3, 6, 6)), composite.parameters((3, 6, 6)), composite.macs((3, 6, 6))) == (
        row.output,
        row.parameters,
        row.macs,
    )


@pytest.mark.parametrize("shape", [(), (0,), (3, -1, 8), (3, 0, 8), (3, 2.5), ("3",), (True, 8)])
def test_an_input_that_is_none(shape: Shape) -> None:
    found = problem((ReLU(),), shape)
    assert (found.where, found.code, found.index) == ((), "input_not_a_shape", -1)
    assert message(found, "ko")


class TestTokens:
    def test_read_by_an_embedding_first(self) -> None:
        traced = trace((Identity(), Embedding(num_embeddings=10, embedding_dim=4), LSTM(hidden_size=3)), (7,))
        assert traced.problem is None
        assert [row.output for row in traced.rows] == [(7,), (7, 4), (3,)]
        assert [row.receptive_field for row in traced.rows] == [None, None, None]

    def test_deduced_through_composites(self) -> None:
        embedding = Embedding(num_embeddings=10, embedding_dim=4)
        assert trace((Sequential(layers=(Identity(), embedding)),), (7,)).output == (7, 4)
        assert trace((Concat(branches=((embedding,), (embedding,))),), (7,)).output == (14, 4)

    def test_flattened_and_still_tokens(self) -> None:
        assert trace((Flatten(), Embedding(num_embeddings=10, embedding_dim=4)), (7, 2)).output == (14, 4)

    def test_where_they_do_not_belong(self) -> None:
        embedding = Embedding(num_embeddings=10, embedding_dim=4)
        assert problem((ReLU(), embedding), (7,)).code == "not_tokens"
        assert problem((embedding,), (7,), tokens=False).code == "not_tokens"
        assert problem((Linear(out_features=2),), (7,), tokens=True).code == "tokens_not_embedded"
        assert problem((Residual(main=()),), (7,), tokens=True).code == "tokens_not_embedded"


@pytest.mark.parametrize(
    ("layer", "inside", "field"),
    [
        (Conv2d(out_channels=0, kernel_size=3), (), "out_channels"),
        (Conv2d(out_channels=4, kernel_size=(3, 0)), (), "kernel_size"),
        (Conv2d(out_channels=4, kernel_size=(3, 3, 3)), (), "kernel_size"),
        (Conv2d(out_channels=4, kernel_size=3, stride=0), (), "stride"),
        (Conv2d(out_channels=4, kernel_size=3, padding="full"), (), "padding"),  # type: ignore[arg-type]
        (Conv2d(out_channels=10**30, kernel_size=3), (), "out_channels"),
        (Residual(main=(ReLU(), MaxPool2d(kernel_size=(0, 1)))), ("main", 1), "kernel_size"),
        (Concat(branches=((), (Linear(out_features=0),))), ("branches", 1, 0), "out_features"),
    ],
)
def test_values_that_a_constructor_lets_through(layer: Layer, inside: tuple[int | str, ...], field: str) -> None:
    """A struct's own constructor takes anything: the trace does not."""
    found = problem((ReLU(), layer), (3, 8, 8))
    assert (found.where, found.code, found.values["field"]) == ((1, *inside), "not_allowed", field)


@pytest.mark.parametrize("one", [True, 1.0])
def test_what_is_equal_to_a_layer_met_before_is_checked_all_the_same(one: int) -> None:
    """Figures are remembered by layers that are equal, and True, 1.0 and 1 are."""
    assert trace((Linear(out_features=1),), (3,)).parameters == 4
    assert trace((Linear(out_features=one),), (3,)).rows == ()
    assert problem((Linear(out_features=one),), (3,)).code == "not_allowed"


def test_a_field_of_layers_is_no_number() -> None:
    assert fields(Residual)["main"] == Field(name="main", kind="structure", required=True)
    assert fields(Sequential)["name"] == Field(name="name", kind="text", default="")
    assert fields(Network)["input"].optional


@pytest.mark.parametrize("name", ["a\nb", "a\n", "\x1b[2J", "\u2028", "x" * 81])
def test_a_name_stands_in_one_line(name: str) -> None:
    assert problem((Sequential(name=name),), (3,)).values["field"] == "name"
    assert trace((Sequential(name="가지 3a, 3×3"),), (3,)).problem is None


def test_absurd_sizes_are_only_large_numbers() -> None:
    million = 1_000_000
    traced = trace((Linear(out_features=million), Linear(out_features=million)), (million,))
    assert traced.parameters == 2 * million * (million + 1)
    far = Conv1d(out_channels=1, kernel_size=2, dilation=2_000_000_000, padding=2_000_000_000)
    assert trace((far,), (1, 5)).output == (1, 2_000_000_005)


@pytest.mark.parametrize("depth", [51, 1_000, 100_000])
def test_layers_nested_too_deep(depth: int) -> None:
    layer: Layer = ReLU()
    for _ in range(depth):
        layer = Sequential(layers=(layer,))
    assert problem((layer,), (3, 8, 8)) == Problem((0,), "nested_too_deep", {"most": 50})


def test_fifty_levels_are_fine() -> None:
    layer: Layer = Conv2d(out_channels=3, kernel_size=1)
    for _ in range(50):
        layer = Residual(main=(layer,))
    row = trace((layer,), (3, 8, 8)).rows[0]
    assert (row.parameters, row.receptive_field) == (12, (1, 1))
    assert layer.parameters((3, 8, 8)) == 12


def test_a_network_from_a_file() -> None:
    network = msgspec.toml.decode(
        """
        input = [1, 28, 28]
        [[layers]]
        type = "Residual"
        main = [{ type = "Conv2d", out_channels = 1, kernel_size = [3, 3], padding = "same" }]
        shortcut = []
        [[layers]]
        type = "Concat"
        branches = [
            [{ type = "Conv2d", out_channels = 16, kernel_size = 1 }],
            [{ type = "MaxPool2d", kernel_size = 3, stride = 1, padding = 1 }],
        ]
        """,
        type=Network,
    )
    assert network.input is not None
    traced = trace(network.layers, network.input)
    assert traced.problem is None
    assert traced.output == (17, 28, 28)
    assert msgspec.convert(msgspec.to_builtins(network), Network) == network


def test_the_numbers_need_no_torch() -> None:
    program = (
        "import sys; from engine.networks.trace import trace; from engine.layers.catalog import Conv2d;"
        "assert trace([Conv2d(out_channels=64, kernel_size=3)], (3, 9, 9)).parameters == 1792;"
        "assert not {'torch', 'numpy', 'sklearn'} & set(sys.modules), 'imported'"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=GIVE_UP_S)
