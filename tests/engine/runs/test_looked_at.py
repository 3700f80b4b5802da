"""A model as it was looked at: its folder is a run to the other labs, to the bit."""

from __future__ import annotations

import os

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from engine.experiments.experiment import preset
from engine.passes.activations import NetworkPass, PassRequest, Trained
from engine.passes.modules import build
from engine.pictures import PictureError, read_array
from engine.runs import looked_at
from engine.runs.first_filters import first_layer
from engine.runs.folder import Run
from engine.runs.looked_at import keep_looked_at, keep_sample
from engine.words import say


def weights_of(model):
    return {name: tensor.numpy() for name, tensor in model.state_dict().items()}


def test_the_folder_is_read_as_a_run_with_these_weights(tmp_path):
    experiment = preset("digits-cnn")
    torch.manual_seed(3)
    model = build(experiment.network.layers, (1, 8, 8)).eval()
    folder = keep_looked_at(tmp_path, experiment, weights_of(model))
    run = Run.open(folder)
    assert run.experiment == experiment
    for name, tensor in run.weights().items():
        assert torch.equal(tensor, model.state_dict()[name])
    layer, filters = first_layer(folder)
    np.testing.assert_array_equal(filters.weight, model[0].weight.detach().numpy())
    assert layer.out_channels == 16
    assert keep_looked_at(tmp_path, experiment, weights_of(model)) == folder


def test_a_sample_goes_through_the_network_as_it_is_number_by_number(tmp_path):
    experiment = preset("digits-cnn")
    torch.manual_seed(3)
    model = build(experiment.network.layers, (1, 8, 8)).eval()
    folder = keep_looked_at(tmp_path, experiment, weights_of(model))
    values = np.random.default_rng(0).integers(0, 17, (1, 8, 8)).astype(np.float32) / 16
    picture = read_array(keep_sample(folder, 12, values))
    np.testing.assert_array_equal(picture.values_CHW, values)
    found = NetworkPass()(PassRequest(experiment.network.layers, (1, 8, 8), picture, Trained(str(folder))))
    np.testing.assert_array_equal(found.input, values)
    with torch.no_grad():
        expected = model(torch.from_numpy(values)[None])[0]
    np.testing.assert_allclose(found.answers.values, expected.numpy(), rtol=1e-5, atol=1e-6)


def test_a_number_without_an_axis_stays_one(tmp_path):
    """The counter of a batch normalisation."""
    folder = keep_looked_at(tmp_path, preset("digits-mlp"), {"1.num_batches_tracked": np.zeros((), np.int64)})
    assert load_file(folder / "weights.safetensors")["1.num_batches_tracked"].shape == ()


def test_only_the_newest_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(looked_at, "MOST_KEPT", 3)
    experiment, made = preset("digits-mlp"), []
    for number in range(5):
        folder = keep_looked_at(tmp_path, experiment, {"1.weight": np.full(2, number, np.float32)})
        os.utime(folder, (number + 1, number + 1))
        made.append(folder)
    (tmp_path / "somebody's own").mkdir()
    keep_looked_at(tmp_path, experiment, {"1.weight": np.full(2, 9, np.float32)})
    assert [folder.exists() for folder in made] == [False, False, False, True, True]
    assert (tmp_path / "somebody's own").exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.zeros((1, 8, 8), complex), "no_numbers"),
        (np.array(["a"]), "no_numbers"),
        (np.zeros((513, 2, 2), np.int8), "array_shape"),
        (np.zeros((1, 2, 600)), "array_shape"),
        (np.zeros((1, 0, 4), np.float32), "array_shape"),
        (np.zeros(3), "array_shape"),
        (np.float64(3), "array_shape"),
        (np.full((1, 4, 4), np.nan), "not_finite"),
        (np.full((1, 4, 4), 1e300), "not_finite"),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path, values, code):
    np.save(tmp_path / "a.npy", values)
    with pytest.raises(PictureError) as refused:
        read_array(tmp_path / "a.npy")
    assert refused.value.code == code and say("pictures", code, **refused.value.values)
    (tmp_path / "b.npy").write_bytes(b"no array")
    with pytest.raises(PictureError) as refused:
        read_array(tmp_path / "b.npy")
    assert refused.value.code == "damaged"
