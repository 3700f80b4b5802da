"""Hints: what can be built and is likely not meant, and that the repair makes it what is meant."""

from __future__ import annotations

from typing import Any

import pytest

from engine.experiments import famous
from engine.layers.base import Shape
from engine.layers.catalog import LSTM, Concat, Conv2d, Embedding, Flatten, Linear, MaxPool2d, ReLU, Residual, Sequential
from engine.networks import repairs
from engine.networks.edits import applied, at, enabled, has, paths, removed
from engine.networks.hints import Hint, no_flatten, text
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


def test_every_hint_has_its_words() -> None:
    assert "no_flatten" in table("hints")
    assert all(entry.keys() == set(LANGUAGES) for entry in table("hints").values())
