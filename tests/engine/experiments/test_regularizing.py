"""Dropout and batch normalisation as edits of a network: what comes of it can be trained, and is taken out again."""

from __future__ import annotations

import pytest

from engine.experiments.check import check
from engine.experiments.experiment import preset, preset_names
from engine.experiments.regularizing import dropout, has_batch_norm, with_batch_norm, with_dropout
from engine.fields import edited
from engine.layers.catalog import Residual, Sequential
from engine.layers.kinds.activation import Dropout, ReLU, Softmax
from engine.layers.kinds.composite import every
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.normalization import BatchNorm2d

CNN = (
    Conv2d(out_channels=4, kernel_size=3, padding=1),
    ReLU(),
    Flatten(),
    Linear(out_features=8),
    ReLU(),
    Linear(out_features=10),
)


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_can_have_both_and_lose_them_again(name: str) -> None:
    experiment = preset(name)
    layers = experiment.network.layers
    bare = with_dropout(layers, 0.0)
    dropped = with_dropout(bare, 0.25)
    assert dropout(dropped) == 0.25 and dropout(bare) == 0.0
    assert with_dropout(dropped, 0.0) == bare
    normed = with_batch_norm(experiment, True)
    assert with_batch_norm(edited(experiment, network=edited(experiment.network, layers=normed)), False) == (
        layers if not has_batch_norm(layers) else with_batch_norm(experiment, False)
    )
    for made in (dropped, normed):
        check(edited(experiment, network=edited(experiment.network, layers=made)))


def test_dropout_follows_each_activation_but_makes_no_output() -> None:
    found = with_dropout((*CNN, ReLU()), 0.5)
    assert [type(layer).__name__ for layer in found] == [
        "Conv2d", "ReLU", "Dropout", "Flatten", "Linear", "ReLU", "Dropout", "Linear", "ReLU",
    ]  # fmt: skip
    assert all(layer.p == 0.2 for layer in every(with_dropout(found, 0.2)) if isinstance(layer, Dropout))


def test_dropout_layers_that_were_the_users_come_back_to_their_place() -> None:
    own = (*CNN[:3], Dropout(p=0.1), *CNN[3:])
    bare = with_dropout(own, 0.0)
    assert bare == CNN
    assert with_dropout(bare, 0.4, own) == (*CNN[:3], Dropout(p=0.4), *CNN[3:])
    assert dropout(with_dropout((Flatten(), Softmax()), 0.4)) == 0.0, "nothing is activated"


def test_batch_normalisation_stands_between_a_layer_and_its_activation_also_inside_blocks() -> None:
    block = Residual(main=(Conv2d(out_channels=4, kernel_size=3, padding=1), ReLU()))
    experiment = preset("digits-cnn")
    layers = (Conv2d(out_channels=4, kernel_size=1), block, Sequential(layers=(Flatten(), *CNN[3:])))
    found = with_batch_norm(edited(experiment, network=edited(experiment.network, layers=layers)), True)
    assert isinstance(found[1], BatchNorm2d)
    assert [type(layer).__name__ for layer in found[2].main] == ["Conv2d", "BatchNorm2d", "ReLU"]
    inside = [type(layer).__name__ for layer in found[3].layers]
    assert inside == ["Flatten", "Linear", "BatchNorm1d", "ReLU", "Linear"], "the output is not normalised"
    again = edited(experiment, network=edited(experiment.network, layers=found))
    assert with_batch_norm(again, True) == found
