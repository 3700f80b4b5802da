"""Hints: what can be built and is likely not meant, and that the repair makes it what is meant."""

from __future__ import annotations

from typing import Any

import pytest

from engine.experiments import famous
from engine.layers.base import Shape
from engine.layers.catalog import (
    LSTM,
    Concat,
    Conv2d,
    Dropout,
    Embedding,
    Flatten,
    Identity,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    Softmax,
)
from engine.networks import repairs
from engine.networks.edits import applied, at, enabled, has, paths, removed
from engine.networks.hints import Hint, double_softmax, final_softmax, first_hint, no_flatten, text
from engine.networks.trace import trace
from engine.words import LANGUAGES, table

CONV = Conv2d(out_channels=4, kernel_size=3, padding=1)


def hint(layers: Any, shape: Shape, disabled: Any = ()) -> Hint | None:
    return no_flatten(layers, trace(enabled(layers, disabled).layers, shape), disabled)


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
    layers = (CONV, Flatten(), ReLU(), Linear(out_features=5))
    said = hint(layers, (1, 8, 8), {(1,)})
    assert said is not None
    assert (said.where, said.repair.path) == ((3,), (4,))
    step: Any = layers
    for edit in said.repair.edits:
        step = applied(step, edit)
    assert step == said.repair.layers == (CONV, Flatten(), ReLU(), Flatten(), Linear(out_features=5))
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


def test_every_hint_has_its_words() -> None:
    assert {"no_flatten", "double_softmax"} <= table("hints").keys()
    assert all(entry.keys() == set(LANGUAGES) for entry in table("hints").values())
