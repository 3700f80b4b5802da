"""A network that is replaced is out of memory before the first weight of the next one is there: by reference counts alone,
since Python may look for cycles much later."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from torch import Tensor

from engine.layers.base import Layer, Shape
from engine.layers.catalog import GRU, LSTM, Conv2d, Linear
from engine.passes.activations import NetworkPass, PassError, Seeded, Trained
from tests.engine.passes.test_activations import BRANCHED, INSIDE, wanted
from tests.engine.runs.test_first_filters import saved

IMAGE = (3, 9, 11)
RECURRENT: tuple[Layer, ...] = (
    LSTM(hidden_size=3, num_layers=2, bidirectional=True, output="sequence"),
    GRU(hidden_size=4),
    Linear(out_features=3),
)


class GivenUpError(Exception):
    pass


@pytest.fixture(autouse=True)
def without_looking_for_cycles() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def weights(look: NetworkPass) -> list[weakref.ref[Tensor]]:
    """What the network that is held has of weights by now."""
    assert look._loaded is not None
    module = look._loaded[1].module
    return [weakref.ref(each) for each in (*module.parameters(), *module.buffers())]


def alive(found: list[weakref.ref[Tensor]]) -> int:
    return sum(each() is not None for each in found)


def replaced(look: NetworkPass, layers: tuple[Layer, ...], shape: Shape, **options: object) -> int:
    """How many of the weights held now are there still when the first layer of another network is about to be run."""
    before, left = weights(look), []
    assert before
    look(wanted(layers, shape, (0,), **options), lambda _done: left.append(alive(before)))
    return int(left[0])


@pytest.mark.parametrize(("layers", "shape"), [(BRANCHED, IMAGE), (RECURRENT, (6, 5))])
def test_another_network_or_seed_frees_the_one_before(layers: tuple[Layer, ...], shape: Shape) -> None:
    look = NetworkPass()
    look(wanted(layers, shape, (1,)))
    assert replaced(look, (Conv2d(out_channels=2, kernel_size=3),), IMAGE) == 0
    look(wanted(layers, shape, (1,)))
    assert replaced(look, layers, shape, weights=Seeded(1)) == 0


def test_a_run_s_weights_are_freed_too(tmp_path: Path) -> None:
    layers = (Linear(out_features=4), Linear(out_features=2))
    look = NetworkPass()
    saved(tmp_path / "run", *layers, shape=(6,))
    look(wanted(layers, (6,), (1,), weights=Trained(str(tmp_path / "run"))))
    assert replaced(look, layers, (6,)) == 0


def test_after_a_gradient_and_after_a_pass_that_was_given_up() -> None:
    look = NetworkPass()
    look(wanted(BRANCHED, IMAGE, INSIDE))
    look.effective(wanted(BRANCHED, IMAGE, INSIDE), INSIDE, (0, 2, 2))
    assert replaced(look, BRANCHED[:1], IMAGE, weights=Seeded(2)) == 0
    calls = 0

    def give_up(_done: float) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise GivenUpError

    with suppress(GivenUpError):
        look(wanted(BRANCHED, IMAGE, (7,)), give_up)
    assert replaced(look, BRANCHED[:1], IMAGE) == 0


def test_a_refusal_frees_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    look = NetworkPass()
    look(wanted(BRANCHED, IMAGE, (7,)))
    before = weights(look)
    look.budget_bytes = 1
    with suppress(PassError):
        look(wanted(BRANCHED, IMAGE, (7,)))
    assert alive(before) == 0
