"""A picture through a model: answers and saliency against torch and worked examples; own pictures placed as the data's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from engine.data import datasets
from engine.data.info import Data
from engine.data.source import Framing
from engine.data.sources import source_named
from engine.experiments.experiment import preset
from engine.judging.moving import Motion, moved
from engine.judging.own_picture import framing_of, own_input
from engine.judging.tried import LONGEST_SIDE, Trial
from engine.passes.modules import build
from engine.pictures import Picture, from_pixels


def model_and_data(stem):
    experiment = preset(stem)
    data = datasets.load(experiment.data, seed=experiment.seed)
    torch.manual_seed(0)
    return build(experiment.network.layers, data.input).eval(), data


def test_the_answers_are_the_models_own():
    model, data = model_and_data("digits-cnn")
    before = {name: value.clone() for name, value in model.state_dict().items()}
    found = Trial(data.x_validation[4].numpy())(model, data)
    with torch.no_grad():
        expected = model(data.x_validation[4:5]).softmax(1)[0]
    np.testing.assert_allclose(found.answers, expected.numpy(), rtol=1e-5)
    assert found.predicted == found.asked == int(expected.argmax()) and found.is_finite
    assert all(weights.grad is None for weights in model.parameters())
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])
    assert not model[0]._forward_hooks


def test_saliency_of_a_linear_network_is_the_size_of_its_weights():
    _, data = model_and_data("digits-mlp")
    linear = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    found = Trial(data.x_validation[0].numpy(), asked=3)(linear, data)
    np.testing.assert_allclose(found.saliency, linear[1].weight[3].detach().abs().reshape(8, 8).numpy(), rtol=1e-6)
    assert found.asked == 3 and found.maps == ()


def test_saliency_is_how_the_output_answers_to_a_small_change_of_each_pixel():
    model, data = model_and_data("digits-cnn")
    x = data.x_validation[2]
    found = Trial(x.numpy(), asked=7)(model, data)
    model, x, step = model.double(), x.double(), 1e-6
    with torch.no_grad():
        for row, column in ((0, 3), (4, 4), (7, 2)):
            more, less = x.clone(), x.clone()
            more[0, row, column] += step
            less[0, row, column] -= step
            slope = (model(more[None])[0, 7] - model(less[None])[0, 7]) / (2 * step)
            assert found.saliency[row, column] == pytest.approx(abs(float(slope)), rel=1e-3, abs=1e-6)


def test_a_validation_sample_is_moved_before_it_is_asked_about():
    model, data = model_and_data("digits-cnn")
    motion = Motion(rotation=20, across=1)
    count = len(data.x_validation)
    found = Trial(count + 5, motion)(model, data)  # counted round
    expected = moved(data.x_validation[5].numpy(), motion)
    np.testing.assert_array_equal(found.input, expected)
    assert found.label == int(data.y_validation[5])
    assert Trial(expected)(model, data).answers.tolist() == found.answers.tolist()
    assert Trial(expected)(model, data).label is None


def test_of_several_channels_the_largest_counts():
    _, data = model_and_data("digits-mlp")
    linear = nn.Sequential(nn.Flatten(), nn.Linear(3 * 4, 10))
    coloured = replace(data, input=(3, 2, 2))
    found = Trial(np.ones((3, 2, 2), np.float32), asked=0)(linear, coloured)
    expected = linear[1].weight[0].detach().abs().reshape(3, 2, 2).amax(0)
    np.testing.assert_allclose(found.saliency, expected.numpy(), rtol=1e-6)


def test_the_first_maps_of_each_layer_come_along():
    model, data = model_and_data("digits-cnn")
    x = data.x_validation[1:2]
    found = Trial(x[0].numpy())(model, data)
    assert [(each.layer, each.channels, each.maps.shape) for each in found.maps[:4]] == [
        (0, 16, (8, 8, 8)),
        (1, 16, (8, 8, 8)),
        (2, 16, (8, 4, 4)),
        (3, 32, (8, 4, 4)),
    ]
    with torch.no_grad():
        np.testing.assert_allclose(found.maps[2].maps, model[:3](x)[0, :8].numpy(), rtol=1e-5, atol=1e-7)
    assert max(found.maps[0].maps.shape) <= LONGEST_SIDE


def test_a_network_for_other_inputs_is_not_asked():
    model, data = model_and_data("digits-mlp")
    assert Trial(np.zeros((1, 28, 28), np.float32))(model, data) is None
    lstm, numbers = model_and_data("adding-lstm")
    assert Trial(np.zeros((1, 8, 8), np.float32))(lstm, numbers) is None


# --- own pictures


def drawn(rows: slice, columns: slice, *, white_paper: bool = False) -> Picture:
    ink = np.zeros((28, 28), np.uint8)
    ink[rows, columns] = 255
    return from_pixels("drawing", 255 - ink if white_paper else ink)


def test_the_framing_is_that_of_the_data():
    """Measured in the data: digits fill the height, MNIST's are 20 cells long with the centre of mass in the middle."""
    images, _, white = source_named("digits").images()
    ink = images / white > 0.1
    assert np.median([np.ptp(np.flatnonzero(each.any(1))) + 1 for each in ink]) == framing_of("digits").side == 8
    images, _, white = source_named("mnist-5k").images()
    longest = [max(np.ptp(np.flatnonzero(each.any(axis))) + 1 for axis in (0, 1)) for each in images > 0.1 * white]
    assert np.median(longest) == framing_of("mnist-5k").side == 20
    places = np.arange(28) + 0.5
    masses = [float(each.sum(1) @ places / each.sum()) for each in images.astype(float)]
    assert np.mean(masses) == pytest.approx(14.5, abs=0.1)  # half a cell off, because it is rounded
    assert framing_of("waves") is None and framing_of("nothing") is None


def test_a_small_drawing_in_the_corner_is_scaled_and_centred():
    found = own_input(drawn(slice(2, 8), slice(20, 23)), (1, 8, 8), Framing(8, "box"))
    assert found.values.shape == (1, 8, 8) and found.values.dtype == np.float32 and not found.turned
    expected = np.zeros((8, 8))
    expected[:, 2:6] = 1.0  # 6x3 cells become 8x4, in the middle
    np.testing.assert_allclose(found.values[0], expected, atol=1e-6)


def test_dark_ink_on_white_paper_is_the_same_turned_round():
    light = own_input(drawn(slice(3, 25), slice(8, 14)), (1, 28, 28), Framing(20, "mass"))
    dark = own_input(drawn(slice(3, 25), slice(8, 14), white_paper=True), (1, 28, 28), Framing(20, "mass"))
    assert dark.turned and not light.turned
    np.testing.assert_allclose(dark.values, light.values, atol=1e-6)


def test_the_centre_of_mass_comes_to_the_middle():
    ink = np.zeros((28, 28), np.uint8)
    ink[4:24, 4] = 255  # a stroke with a heavy foot
    ink[20:24, 4:12] = 255
    found = own_input(from_pixels("drawing", ink), (1, 28, 28), Framing(20, "mass")).values[0]
    rows = float(found.sum(1) @ (np.arange(28) + 0.5) / found.sum())
    columns = float(found.sum(0) @ (np.arange(28) + 0.5) / found.sum())
    assert rows == pytest.approx(14, abs=0.5) and columns == pytest.approx(14, abs=0.5)


def test_shrinking_counts_the_ink_of_each_block_as_the_data_set_was_made():
    """The digits are 32x32 bitmaps whose 4x4 blocks were counted: a bitmap goes the same way."""
    bitmap = (np.random.default_rng(1).random((32, 32)) > 0.5).astype(np.uint8)
    bitmap[0, 0] = bitmap[31, 31] = 1
    counted = bitmap.reshape(8, 4, 8, 4).sum((1, 3)) / 16
    picture = from_pixels("bitmap", bitmap * np.uint8(255))
    shown = own_input(picture, (1, 8, 8), Framing(8, "box"))
    expected = 1 - counted if shown.turned else counted
    np.testing.assert_allclose(shown.values[0], expected, atol=1e-6)


def test_an_empty_paper_and_data_without_framing_are_only_scaled():
    empty = own_input(from_pixels("drawing", np.zeros((28, 28), np.uint8)), (1, 8, 8), Framing(8, "box"))
    assert empty.framing is None and not empty.values.any()
    photo = own_input(drawn(slice(0, 28), slice(0, 14)), (1, 4, 4), None)
    np.testing.assert_allclose(photo.values[0], [[1, 1, 0, 0]] * 4, atol=1e-6)


def test_a_drawing_of_a_sample_comes_near_to_the_sample():
    """A validation digit, enlarged and put somewhere else on a paper, becomes nearly the same input again."""
    data = datasets.load(Data(), seed=7)
    sample = data.x_validation[0, 0].numpy()
    paper = np.zeros((64, 64), np.uint8)
    paper[20:52, 3:35] = np.kron(np.rint(sample * 255), np.ones((4, 4))).astype(np.uint8)
    found = own_input(from_pixels("drawing", paper), (1, 8, 8), framing_of("digits")).values[0]
    best = min(float(np.abs(np.roll(found, shift, axis=1) - sample).mean()) for shift in (-1, 0, 1))
    assert best < 0.02
