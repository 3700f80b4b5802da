"""An experiment on other data: its network is fitted to them, or replaced by a plain one of their kind, and can be trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.info import Data, DatasetError
from engine.data.sources import describe, names
from engine.experiments.check import check, on_data
from engine.experiments.experiment import Network, preset
from engine.experiments.schedules import StepLR
from engine.fields import edited
from engine.layers.catalog import LSTM, Conv2d, Embedding, Flatten, Linear
from engine.networks.fitted_layers import plain_layers
from tests.engine.data.idx_files import idx_folder
from tests.engine.data.own.drawn_folders import folder_of

PRESETS = ("digits-cnn", "digits-mlp", "lenet-5", "pipeline-28x28", "adding-lstm", "waves-lstm", "text-lstm")


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("stem", PRESETS)
def test_any_preset_can_be_trained_on_any_data(stem: str, name: str, tmp_path: Path) -> None:
    path = None
    if name == "folder":
        path = str(folder_of(tmp_path / "own", {"a": 7, "b": 8}))
    elif name in ("mnist", "fashion-mnist"):
        path = str(idx_folder(tmp_path / "own"))
    data = Data(name=name, path=path)
    found = on_data(preset(stem), data)
    check(found)
    assert found.data == data
    assert found.seed == preset(stem).seed


def test_a_network_that_fits_stays_as_it_is() -> None:
    before = preset("digits-cnn")
    after = on_data(before, Data(name="digits", validation=0.4))
    assert after.network == before.network
    assert after.training == before.training


def test_only_what_must_be_otherwise_is_changed() -> None:
    """LeNet-5 was made for 28×28: on 8×8 its last pooling has nothing left to halve, which a repair mends."""
    before = preset("lenet-5")
    after = on_data(before, Data(name="digits"))
    kept = [type(layer) for layer in before.network.layers if isinstance(layer, Conv2d | Linear | Flatten)]
    assert [type(layer) for layer in after.network.layers if isinstance(layer, Conv2d | Linear | Flatten)] == kept


def test_the_last_linear_and_the_first_embedding_follow_the_data() -> None:
    after = on_data(preset("text-lstm"), Data(name="counting"))
    layers = after.network.layers
    assert isinstance(layers[0], Embedding)
    assert layers[0].num_embeddings == 14  # characters of Korean numerals
    assert isinstance(layers[-1], Linear)
    assert layers[-1].out_features == 14
    assert layers[1] == preset("text-lstm").network.layers[1]


def test_sizes_that_a_file_states_are_found_from_the_shape_again() -> None:
    layers = (Flatten(), Linear(in_features=64, out_features=20), Linear(in_features=20, out_features=10))
    before = edited(preset("digits-mlp"), network=Network(input=(1, 8, 8), layers=layers))
    after = on_data(before, Data(name="mnist-5k"))
    check(after)
    assert after.network.layers == (Flatten(), Linear(out_features=20), Linear(out_features=10))


def test_data_of_another_kind_get_a_plain_network_and_keep_the_training() -> None:
    before = preset("digits-cnn")
    before = edited(before, training=edited(before.training, schedule=StepLR(), label_smoothing=0.1))
    after = on_data(before, Data(name="waves"))
    assert isinstance(after.network.layers[0], LSTM)
    assert after.network.layers[0].output == "sequence"
    assert after.training.schedule == StepLR()
    assert after.training.label_smoothing == 0.0  # a regression has no classes
    assert on_data(before, Data(name="adding")).network.layers[0].output == "last"  # type: ignore[union-attr]


def test_a_plain_network_is_not_begun_at_the_high_rate_of_the_network_before_it(tmp_path: Path) -> None:
    """Two spirals are learned at 0.01, ten times what Adam is usually begun with, which kills convolutions."""
    pictures = Data(name="folder", path=str(folder_of(tmp_path / "own", {"a": 7, "b": 8})))
    spirals = preset("spirals-mlp")
    assert spirals.training.lr == 0.01
    after = on_data(spirals, pictures)
    assert after.training == edited(spirals.training, lr=0.003)
    assert on_data(preset("digits-mlp"), Data(name="waves")).training.lr == preset("digits-mlp").training.lr  # low enough
    assert on_data(spirals, Data(name="table")).training.lr == 0.01  # its own network, which bears it


def test_a_plain_network_of_a_picture_leaves_four_cells_a_side() -> None:
    kinds = [type(layer).__name__ for layer in plain_layers(describe(Data(name="digits")))]
    assert kinds == ["Conv2d", "ReLU", "MaxPool2d", "Conv2d", "ReLU", "Flatten", "Linear"]  # 8 -> 4


def test_data_that_cannot_be_had_are_refused() -> None:
    with pytest.raises(DatasetError):
        on_data(preset("digits-cnn"), Data(name="text", path="/nowhere/at/all.txt"))
