"""What is shown of one sample, against torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.data import datasets
from engine.experiments.experiment import preset
from engine.layers.catalog import Residual
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.passes.modules import build
from engine.passes.sample_view import look_inside


def model_of(layers, data):
    torch.manual_seed(0)
    return build(layers, data.input, tokens=data.tokens).eval()


def digits():
    return datasets.load(preset("digits-cnn").data, seed=0)


@pytest.mark.parametrize(
    ("stem", "path", "axes"),
    [
        ("digits-cnn", (3,), ("channels", "height", "width")),
        ("digits-mlp", (1,), ("features",)),
        ("adding-lstm", (), ("steps", "features")),
        ("waves-lstm", (0,), ("steps", "features")),
        ("counting-lstm", (1,), ("steps", "features")),
        ("counting-lstm", (), ("steps",)),
    ],
)
def test_every_preset_shows_what_torch_computes(stem, path, axes):
    experiment = preset(stem)
    data = datasets.load(experiment.data, seed=0)
    layers = experiment.network.layers
    model = model_of(layers, data)
    found = look_inside(model, data, layers=layers, path=path, sample=3, meaning="scores")
    x = data.x_validation[3:4]
    with torch.no_grad():
        known = model[: path[0] + 1](x) if path else x
        output = model(x)[0]
    np.testing.assert_allclose(found.values, known[0].numpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.output, output.numpy(), rtol=1e-5, atol=1e-6)
    assert found.axes == axes and found.total == len(data.x_validation)
    np.testing.assert_array_equal(found.truth, data.y_validation[3].numpy())
    if data.task == "regression":
        assert found.answers is None and found.target is None
    else:
        last = output.reshape(-1, output.shape[-1])[-1].double()
        np.testing.assert_allclose(found.answers, torch.softmax(last, 0).numpy(), rtol=1e-5)
        assert found.target == int(data.y_validation[3].reshape(-1)[-1])


def test_filters_are_the_weights_and_share_no_memory_with_the_model():
    data, layers = digits(), preset("digits-cnn").network.layers
    model = model_of(layers, data)
    found = look_inside(model, data, layers=layers, path=(3,), sample=0, meaning="scores")
    np.testing.assert_array_equal(found.filters, model[3].weight.detach().numpy())
    before = found.filters.copy(), found.values.copy()
    with torch.no_grad():
        for each in model.parameters():
            each.zero_()
    np.testing.assert_array_equal(found.filters, before[0])
    np.testing.assert_array_equal(found.values, before[1])


@pytest.mark.parametrize("groups", [1, 2])
def test_filters_of_a_transposed_convolution_are_by_output(groups):
    data = digits()
    layers = (
        Conv2d(out_channels=4, kernel_size=3),
        ConvTranspose2d(out_channels=6, kernel_size=3, groups=groups),
        Flatten(),
        Linear(out_features=10),
    )
    model = model_of(layers, data)
    found = look_inside(model, data, layers=layers, path=(1,), sample=0, meaning="scores")
    with torch.no_grad():
        point = torch.zeros(1, 4, 1, 1)
        point[0, 1] = 1.0  # alone: the output of channel o is the filter of o for input channel 1
        model[1].bias.zero_()
        known = model[1](point)[0].numpy()
    per_group = 6 // groups
    np.testing.assert_allclose(known[:per_group], found.filters[:per_group, 1], atol=1e-6)


def test_a_layer_inside_a_block_and_the_answers_that_are_no_probabilities():
    data = digits()
    inner = Conv2d(out_channels=1, kernel_size=3, padding=1)
    layers = (Residual(main=(inner, ReLU()), shortcut=()), Flatten(), Linear(out_features=10))
    model = model_of(layers, data)
    found = look_inside(model, data, layers=layers, path=(0, "main", 1), sample=len(data.x_validation) + 2, meaning="values")
    with torch.no_grad():
        known = model[0].main(data.x_validation[2:3])[0].numpy()
        output = model(data.x_validation[2:3])[0].numpy()
    assert found.sample == 2
    np.testing.assert_allclose(found.values, known, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.answers, output, rtol=1e-5)


def test_a_path_of_another_network_is_the_input():
    data, layers = digits(), preset("digits-cnn").network.layers
    found = look_inside(model_of(layers, data), data, layers=layers, path=(99,), sample=0, meaning="scores")
    assert found.path == () and found.filters is None
    np.testing.assert_array_equal(found.values, data.x_validation[0].numpy())
