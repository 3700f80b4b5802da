"""Hints: what can be built and is likely not meant, and that the repair makes it what is meant."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from engine.experiments import famous
from engine.layers.base import Shape
from engine.layers.catalog import (
    GRU,
    LSTM,
    AdaptiveAvgPool1d,
    BatchNorm1d,
    Concat,
    Conv1d,
    Conv2d,
    Dropout,
    Embedding,
    Flatten,
    Identity,
    LayerNorm,
    Linear,
    MaxPool1d,
    MaxPool2d,
    Permute,
    ReLU,
    Residual,
    Sequential,
    Softmax,
)
from engine.networks import repairs
from engine.networks.axis_meaning import meanings
from engine.networks.edits import applied, at, enabled, has, paths, removed
from engine.networks.hints import Hint, double_softmax, final_softmax, first_hint, no_flatten, swapped_axes, text
from engine.networks.trace import trace
from engine.words import LANGUAGES, table
from tests.engine.layers.random_layers import random_shape, random_stack

CONV = Conv2d(out_channels=4, kernel_size=3, padding=1)


def hint(layers: Any, shape: Shape, disabled: Any = ()) -> Hint | None:
    return no_flatten(layers, trace(enabled(layers, disabled).layers, shape), disabled)


@pytest.mark.parametrize(
    ("shape", "meant"), [((28, 28, 1), (1, 28, 28)), ((28, 1, 28), (1, 28, 28)), ((32, 32, 3), (3, 32, 32))]
)
def test_a_picture_s_axes_in_another_order(shape: Shape, meant: Shape) -> None:
    for layers in ((), (CONV,), (Conv2d(out_channels=4, kernel_size=5), ReLU())):  # filters of 5 are too large for one row
        said = first_hint(layers, trace(layers, shape))
        assert said is not None and said.where == () and said.code == "channels_behind"
        assert said.repair.input == meant and said.repair.layers == layers
        assert first_hint(layers, trace(layers, meant)) is None
    c, h, w = shape
    assert text(said) == f"A picture's shape is (C, H, W): this one has {c} channels of {h}×{w}. Are its axes in another order?"
    assert repairs.text(said.repair, "ko") == f"입력 바꾸기: {meant[0]}×{meant[1]}×{meant[2]}"


@pytest.mark.parametrize("shape", [(1, 28, 28), (64, 7, 7), (16, 28, 1), (3, 3, 3), (28, 28), (2, 28, 28, 1)])
def test_axes_that_may_well_be_meant(shape: Shape) -> None:
    assert first_hint((), trace((), shape)) is None


def test_axes_that_the_network_is_made_for() -> None:
    layers = (Conv2d(in_channels=28, out_channels=4, kernel_size=(3, 1)),)
    assert trace(layers, (28, 28, 1)).problem is None and trace(layers, (1, 28, 28)).problem is not None
    assert first_hint(layers, trace(layers, (28, 28, 1))) is None


def test_alexnet_without_its_flatten() -> None:
    found = famous.network("alexnet")
    where = next(path for path in paths(found.layers) if isinstance(at(found.layers, path), Flatten))
    layers = removed(found.layers, where)
    assert trace(layers, (3, 224, 224)).output == (256, 6, 1000)  # as torch has it
    said = hint(layers, (3, 224, 224))
    assert said is not None
    assert isinstance(at(layers, said.where), Linear)
    assert text(said) == "Linear acts on the last axis only (6). Is a Flatten missing before it?"
    assert text(said, "ko") == "Linear는 마지막 축(6)에만 적용됩니다. 앞에 Flatten이 빠지지 않았나요?"
    mended = trace(said.repair.layers, (3, 224, 224))
    assert (mended.output, mended.parameters) == ((1000,), 61_100_840)
    assert repairs.text(said.repair) == "Insert Flatten before it"


@pytest.mark.parametrize("name", famous.names())
def test_famous_networks_have_none(name: str) -> None:
    found = famous.network(name)
    assert found.input is not None
    assert hint(found.layers, found.input) is None


def test_inside_a_block_and_with_its_number_given() -> None:
    layers = (CONV, Sequential(layers=(ReLU(), Linear(in_features=8, out_features=5), Linear(out_features=2))))
    said = hint(layers, (1, 8, 8))
    assert said is not None
    assert said.where == (1, "layers", 1)
    assert said.repair.path == (1, "layers", 2)
    assert trace(said.repair.layers, (1, 8, 8)).output == (2,)


def test_edits_lead_there_with_what_is_off() -> None:
    layers = (CONV, Softmax(), ReLU(), Linear(out_features=5))
    said = hint(layers, (1, 8, 8), {(1,)})
    assert said is not None
    assert (said.where, said.repair.path) == ((3,), (4,))
    step: Any = layers
    for edit in said.repair.edits:
        step = applied(step, edit)
    assert step == said.repair.layers == (CONV, Softmax(), ReLU(), Flatten(), Linear(out_features=5))
    assert said.repair.followed((1,), layers) == (1,)


def test_where_another_layer_breaks_it_is_said_too() -> None:
    layers = (CONV, Linear(out_features=5), LSTM(hidden_size=2))
    said = hint(layers, (1, 8, 8))
    assert said is not None
    assert said.where == (1,) and has(said.repair.layers, said.repair.path)
    assert repairs.text(said.repair) == "Insert Flatten before it → then LSTM 2, last does not fit"


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ((Linear(out_features=4),), (7, 3)),  # a sequence: each step by itself is what is meant
        ((Embedding(num_embeddings=9, embedding_dim=3), Linear(out_features=4)), (7, 2)),
        ((CONV, Flatten(), Linear(out_features=4)), (1, 8, 8)),
        ((Residual(main=(Linear(out_features=8),)),), (1, 8, 8)),  # a Flatten would leave nothing to add
        ((Concat(branches=((Linear(out_features=8),), (CONV,))),), (1, 8, 8)),
        ((Linear(in_features=3, out_features=4), MaxPool2d(kernel_size=2)), (1, 8, 8)),  # breaks before there is anything
        ((), (1, 8, 8)),
    ],
)
def test_what_is_meant_as_it_is(layers: Any, shape: Shape) -> None:
    assert hint(layers, shape) is None


WORDS = Embedding(num_embeddings=50, embedding_dim=16)
SEQUENCE = LSTM(hidden_size=6, output="sequence")
TURN = Permute(dims=(0, 2, 1))
TURNED = Conv1d(out_channels=8, kernel_size=3)
SWAPPED_AXES = [
    ((WORDS, Conv1d(out_channels=4, kernel_size=3)), (20,), (1,), "steps_as_channels", 20),
    ((WORDS, ReLU(), Dropout(), Conv1d(in_channels=20, out_channels=4, kernel_size=3)), (20,), (3,), "steps_as_channels", 20),
    ((WORDS, MaxPool1d(kernel_size=2)), (20,), (1,), "steps_as_channels", 20),
    ((WORDS, Linear(out_features=9), AdaptiveAvgPool1d(output_size=1)), (20,), (2,), "steps_as_channels", 20),
    ((SEQUENCE, BatchNorm1d(num_features=12)), (12, 3), (1,), "steps_as_channels", 12),
    ((WORDS, Sequential(layers=(ReLU(), MaxPool1d(kernel_size=3)))), (20,), (1, "layers", 1), "steps_as_channels", 20),
    ((Conv1d(out_channels=8, kernel_size=3), LSTM(hidden_size=4)), (3, 20), (1,), "channels_as_steps", 8),
    ((WORDS, TURN, TURNED, ReLU(), GRU(input_size=18, hidden_size=4)), (20,), (4,), "channels_as_steps", 8),
    ((CONV, Flatten(start_dim=2), LSTM(hidden_size=4)), (1, 9, 9), (2,), "channels_as_steps", 4),  # the repair that was offered
]  # fmt: skip


@pytest.mark.parametrize(("layers", "shape", "where", "code", "count"), SWAPPED_AXES)
def test_axes_that_are_the_wrong_way_round(layers: Any, shape: Shape, where: Any, code: str, count: int) -> None:
    """torch builds all of them. After the repair nothing is hinted any more, and the channels are those that are meant."""
    said = first_hint(layers, trace(layers, shape))
    assert said is not None
    assert (said.where, said.code, said.values["count"]) == (where, code, count)
    assert trace(layers, shape).problem is None
    after = trace(said.repair.layers, shape)
    assert after.problem is None and not said.repair.breaks
    assert at(said.repair.layers, where) == TURN
    assert type(at(said.repair.layers, said.repair.path)) is type(at(layers, where))
    assert first_hint(said.repair.layers, after) is None
    step: Any = layers
    for edit in said.repair.edits:
        step = applied(step, edit)
    assert step == said.repair.layers
    assert repairs.text(said.repair) == "Insert Permute 0, 2, 1 before it"
    for language in LANGUAGES:
        assert str(count) in text(said, language) and "{" not in text(said, language)


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ((WORDS, TURN, Conv1d(out_channels=4, kernel_size=3), TURN, LSTM(hidden_size=4)), (20,)),
        ((Conv1d(out_channels=4, kernel_size=3), MaxPool1d(kernel_size=2), BatchNorm1d(), ReLU()), (3, 20)),
        ((WORDS, SEQUENCE, LSTM(hidden_size=4)), (20,)),
        ((LSTM(hidden_size=4),), (20, 3)),  # nothing says what the axes of such an input are
        ((CONV, Permute(dims=(0, 3, 1, 2)), Flatten(start_dim=2), LSTM(hidden_size=4)), (1, 9, 9)),  # columns, one by one
        ((WORDS, LSTM(hidden_size=4), BatchNorm1d(), Linear(out_features=2)), (20,)),  # a vector
        ((WORDS, Conv1d(out_channels=4, kernel_size=3)), (2,)),  # two words are no sequence for such a filter
        ((SEQUENCE, LayerNorm(normalized_shape=6), GRU(hidden_size=3)), (12, 3)),
    ],
)
def test_axes_as_they_are_meant(layers: Any, shape: Shape) -> None:
    assert trace(layers, shape).problem is None
    assert first_hint(layers, trace(layers, shape)) is None


def test_the_axes_with_what_is_off() -> None:
    layers = (WORDS, Dropout(), ReLU(), Conv1d(out_channels=4, kernel_size=3))
    found = trace(enabled(layers, {(1,)}).layers, (20,))
    said = first_hint(layers, found, {(1,)})
    assert said is not None and said.where == (3,)
    assert said.repair.layers == (WORDS, Dropout(), ReLU(), TURN, Conv1d(out_channels=4, kernel_size=3))
    turned = (WORDS, TURN, ReLU(), Conv1d(out_channels=4, kernel_size=3))
    assert first_hint(turned, trace(turned, (20,))) is None


def test_what_is_off_is_switched_on_before_its_like_is_inserted() -> None:
    layers = (Conv2d(out_channels=4, kernel_size=3), Flatten(), Linear(out_features=10))
    found = hint(layers, (3, 8, 8), {(1,)})
    assert found is not None and (found.repair.code, found.repair.on, found.repair.layers) == ("switch_on", ((1,),), layers)
    words = (Embedding(num_embeddings=50, embedding_dim=8), Permute(dims=(0, 2, 1)), Conv1d(out_channels=4, kernel_size=3))
    swapped = swapped_axes(words, trace(enabled(words, {(1,)}).layers, (12,), tokens=True), {(1,)})
    assert swapped is not None and (swapped.repair.code, swapped.repair.on) == ("switch_on", ((1,),))


def test_a_swapped_text_cnn_does_not_move_over_the_words() -> None:
    """What the hint says, by torch: a Conv1d right behind an Embedding mixes all words at each place of their vectors."""
    import torch

    from engine.passes.modules import build

    conv = Conv1d(out_channels=4, kernel_size=3)
    words = torch.randint(0, 50, (1, 20))
    other = words.clone()
    other[0, 19] = (other[0, 19] + 1) % 50
    wrong, right = build((WORDS, conv), (20,)), build((WORDS, TURN, conv), (20,))
    assert not torch.equal(wrong(words)[..., 0], wrong(other)[..., 0])  # the last word changes the first output
    assert torch.equal(right(words)[..., :17], right(other)[..., :17])
    assert not torch.equal(right(words)[..., 17], right(other)[..., 17])


SCORES = (Flatten(), Linear(out_features=10))


@pytest.mark.parametrize(
    ("behind", "where"),
    [
        ((Softmax(),), (2,)),
        ((Softmax(dim=1), Dropout(), Identity()), (2,)),
        ((Sequential(layers=(ReLU(), Softmax())),), (2, "layers", 1)),
        ((Softmax(), Sequential(layers=(Identity(),)), Sequential()), (2,)),
    ],
)
@pytest.mark.parametrize("loss", ["cross_entropy", None])
def test_a_softmax_before_the_cross_entropy(behind: Any, where: Any, loss: Any) -> None:
    """torch's cross_entropy takes the log-softmax itself."""
    layers = (*SCORES, *behind)
    said = first_hint(layers, trace(layers, (1, 8, 8)), (), loss)
    assert said is not None and said == double_softmax(layers, loss)
    assert (said.code, said.where) == ("double_softmax", where)
    assert final_softmax(said.repair.layers) is None
    assert [applied(layers, edit) for edit in said.repair.edits] == [said.repair.layers]
    assert repairs.text(said.repair) == "Remove Softmax"
    assert "Cross-entropy takes the softmax by itself" in text(said)
    assert "교차 엔트로피가 소프트맥스를 직접 계산합니다" in text(said, "ko")


@pytest.mark.parametrize("behind", [(), (ReLU(),), (Softmax(), Linear(out_features=3)), (Softmax(), ReLU())])
def test_a_softmax_is_no_mistake_elsewhere(behind: Any) -> None:
    assert double_softmax((*SCORES, *behind), "cross_entropy") is None


def test_a_softmax_trained_on_squares_is_as_it_should_be() -> None:
    assert double_softmax((*SCORES, Softmax()), "mean_squared_error") is None


def test_a_softmax_that_is_off_is_none() -> None:
    layers = (*SCORES, Softmax(), ReLU())
    assert double_softmax(layers, "cross_entropy", {(2,)}) is None
    said = double_softmax(layers, "cross_entropy", {(3,)})
    assert said is not None and said.repair.layers == (*SCORES, ReLU())
    assert said.repair.followed((3,), layers) == (2,)


def test_twice_a_softmax_is_slow() -> None:
    """Why it is a mistake: the gradient of a sample that is quite wrong all but vanishes."""
    import torch
    from torch.nn.functional import cross_entropy

    scores = torch.tensor([[10.0, 0.0, 0.0]], requires_grad=True)
    once = torch.autograd.grad(cross_entropy(scores, torch.tensor([1])), scores)[0].abs().max()
    twice = torch.autograd.grad(cross_entropy(scores.softmax(1), torch.tensor([1])), scores)[0].abs().max()
    assert once > 0.99
    assert twice < 1e-3


@pytest.mark.parametrize("seed", range(150))
def test_any_network_can_be_asked(seed: int) -> None:
    """Also one that breaks, with settings that are not allowed: a hint has its words, and its repair builds no worse one."""
    random = Random(seed)
    shape = random_shape(random, random.choice((1, 2, 2, 3, 3, 4)))
    layers = random_stack(random, shape, random.randint(1, 6), wild=0.1)
    if random.random() < 0.3:
        layers, shape = (WORDS, *random_stack(random, (5, 16), 4, wild=0.1)), (5,)
    found = trace(layers, shape)
    said = first_hint(layers, found)
    known = meanings(layers[: len(found.rows)], shape)
    assert all(len(known[(place,)]) == len(row.input) for place, row in enumerate(found.rows))
    if said is not None:
        for language in LANGUAGES:
            assert "{" not in text(said, language) + repairs.text(said.repair, language)
        assert len(trace(said.repair.layers, shape).rows) >= int(said.where[0])


def test_every_hint_has_its_words() -> None:
    assert table("hints").keys() == {
        "channels_behind",
        "no_flatten",
        "steps_as_channels",
        "channels_as_steps",
        "double_softmax",
    }
    assert all(entry.keys() == set(LANGUAGES) for entry in table("hints").values())
