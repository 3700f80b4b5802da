"""What a model answers beside the truth: taken from the model and the data as they are, which are left as they were."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.data import datasets
from engine.experiments.experiment import preset
from engine.passes.modules import build
from engine.training.probes import Classified, Forecast, Numbers, Text, predict


def model_and_data(stem):
    experiment = preset(stem)
    data = datasets.load(experiment.data, seed=experiment.seed)
    torch.manual_seed(0)
    return build(experiment.network.layers, data.input).eval(), data


@pytest.mark.parametrize(
    ("stem", "kind"),
    [
        ("digits-cnn", Classified),
        ("lenet-5", Classified),
        ("moons-mlp", Classified),
        ("adding-lstm", Numbers),
        ("waves-lstm", Forecast),
        ("counting-lstm", Text),
    ],
)
def test_each_task_has_its_own_answer_and_the_model_is_left_as_it_was(stem, kind):
    model, data = model_and_data(stem)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    assert isinstance(predict(model, data), kind)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])


def test_pictures_come_with_the_probabilities_of_the_model():
    model, data = model_and_data("digits-cnn")
    found = predict(model, data, sample=2)
    chosen = slice(24, 36)
    with torch.no_grad():
        expected = torch.softmax(model(data.x_validation[chosen]), 1).numpy()
    np.testing.assert_allclose(found.answers, expected, rtol=1e-5)
    assert found.labels.tolist() == data.y_validation[chosen].tolist()
    assert found.right == int((expected.argmax(1) == data.y_validation[chosen].numpy()).sum())


def test_a_sum_is_compared_with_the_true_sum():
    model, data = model_and_data("adding-lstm")
    found = predict(model, data)
    marked = data.x_validation[:64, :, 0] * data.x_validation[:64, :, 1]
    np.testing.assert_allclose(found.truth, marked.sum(1).numpy(), rtol=1e-5)
    assert found.mean_error == pytest.approx(float(np.abs(found.predicted - found.truth).mean()))


def test_samples_are_counted_round():
    model, data = model_and_data("digits-cnn")
    last = len(data.x_validation) // 12  # the samples from here on begin again at the first
    found = predict(model, data, sample=last)
    kept = len(data.x_validation) - 12 * last
    assert found.labels.tolist() == data.y_validation[-kept:].tolist() + data.y_validation[: 12 - kept].tolist()


def test_text_shows_the_characters_that_follow():
    model, data = model_and_data("counting-lstm")
    found = predict(model, data, sample=3)
    expected = [data.classes[number] for number in data.y_validation[3].tolist()]
    assert list(found.truth) == expected
    assert found.right == sum(a == b for a, b in zip(expected, found.predicted, strict=True))
    assert ((found.certainty >= 1 / len(data.classes)) & (found.certainty <= 1)).all()


def test_rows_that_are_read_one_by_one_are_shown_as_the_picture():
    model, data = model_and_data("digits-rows-lstm")
    found = predict(model, data)
    assert isinstance(found, Classified)
    assert found.pictures.shape == (12, 1, 8, 8)
    assert np.array_equal(found.pictures[3, 0], data.x_validation[3].numpy())
