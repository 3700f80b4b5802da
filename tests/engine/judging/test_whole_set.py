"""Confusion matrices, precision and recall against scikit-learn; the whole validation set against the model itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from engine.data import datasets
from engine.experiments.experiment import preset
from engine.judging import whole_set
from engine.judging.confusion import confusion, in_cell, mistakes
from engine.judging.whole_set import Judge, Verdicts
from engine.passes.modules import build


def model_and_data(stem):
    experiment = preset(stem)
    data = datasets.load(experiment.data, seed=experiment.seed)
    torch.manual_seed(0)
    return build(experiment.network.layers, data.input).eval(), data


@pytest.mark.parametrize("seed", range(5))
def test_matrix_precision_and_recall_are_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    truth, predicted = rng.integers(0, 7, 200), rng.integers(0, 7, 200)
    found = confusion(truth, predicted, tuple("abcdefg"))
    np.testing.assert_array_equal(found.counts, confusion_matrix(truth, predicted, labels=range(7)))
    precision, recall, _, _ = precision_recall_fscore_support(truth, predicted, labels=range(7), zero_division=0.0)
    assert [found.precision(number) for number in range(7)] == pytest.approx(precision.tolist())
    assert [found.recall(number) for number in range(7)] == pytest.approx(recall.tolist())
    assert found.accuracy == pytest.approx(accuracy_score(truth, predicted))
    assert found.total == 200


def test_what_would_divide_by_zero_is_not_known():
    found = confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), ("a", "b", "c"))
    assert found.counts.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert found.precision(2) is None and found.recall(2) is None
    assert found.precision(1) == 0.5 and found.recall(1) == 1.0
    nothing = confusion(np.array([], np.int64), np.array([], np.int64), ("a", "b"))
    assert nothing.accuracy is None and nothing.total == 0


def verdicts(truth, answers):
    answers = np.array(answers, np.float32)
    inputs = np.zeros((len(truth), 1, 2, 2), np.float32)
    return Verdicts(("a", "b"), inputs, np.array(truth, np.int64), answers, 1, len(truth))


def test_mistakes_and_cells_come_most_certain_first():
    found = verdicts([0, 0, 1, 0, 1], [[0.4, 0.6], [0.1, 0.9], [0.2, 0.8], [0.4, 0.6], [0.7, 0.3]])
    assert mistakes(found).tolist() == [1, 4, 0, 3]
    assert in_cell(found, 0, 1).tolist() == [1, 0, 3]
    assert in_cell(found, 1, 1).tolist() == [2]
    assert in_cell(found, 0, 0).tolist() == []


def test_the_whole_validation_set_is_judged_and_the_model_is_left_as_it_was(monkeypatch):
    monkeypatch.setattr(whole_set, "AT_ONCE", 100)  # 359 samples are no multiple of it
    model, data = model_and_data("digits-cnn")
    before = {name: value.clone() for name, value in model.state_dict().items()}
    found = Judge()(model, data)
    with torch.no_grad():
        expected = torch.softmax(model(data.x_validation), 1)
    np.testing.assert_allclose(found.answers, expected.numpy(), rtol=1e-5)
    assert found.truth.tolist() == data.y_validation.tolist()
    assert (found.total, len(found.inputs), found.steps, found.learning) == (359, 359, 1, False)
    assert found.right == int((expected.argmax(1) == data.y_validation).sum())
    assert found.certainty.tolist() == pytest.approx(expected.max(1).values.tolist(), rel=1e-5)
    assert found.is_finite
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])


def test_of_a_very_large_set_the_first_samples_are_judged_and_it_is_known(monkeypatch):
    monkeypatch.setattr(whole_set, "MOST_SAMPLES", 50)
    model, data = model_and_data("digits-mlp")
    found = Judge()(model, data)
    assert (len(found.truth), found.total) == (50, 359)


def test_every_time_step_is_an_answer_of_the_next_token():
    model, data = model_and_data("counting-lstm")
    found = Judge()(model, data)
    with torch.no_grad():
        expected = torch.softmax(model(data.x_validation), 2)
    count, steps = data.y_validation.shape
    assert found.steps == steps and len(found.truth) == count * steps
    answer = 3 * steps + 5
    np.testing.assert_allclose(found.answers[answer], expected[3, 5].numpy(), rtol=1e-4, atol=1e-6)
    assert found.truth[answer] == data.y_validation[3, 5]


def test_a_regression_has_no_classes():
    model, data = model_and_data("adding-lstm")
    assert Judge()(model, data) is None


def test_values_of_a_network_trained_on_squared_error_stay_values():
    model, data = model_and_data("digits-mlp")
    found = Judge("values")(model, data)
    with torch.no_grad():
        np.testing.assert_allclose(found.answers, model(data.x_validation).numpy(), rtol=1e-5)
    assert found.is_values


def test_the_same_weights_are_not_computed_again_and_others_are():
    model, data = model_and_data("digits-mlp")
    ask = Judge()
    first = ask(model, data)
    assert ask(model, data) is first
    copy, _ = model_and_data("digits-mlp")
    assert ask(copy, data) is first  # a kept model of the same weights
    with torch.no_grad():
        next(model.parameters()).mul_(2.0)
    other = ask(model, data)
    assert other is not first and not np.array_equal(other.answers, first.answers)


def test_an_answer_knows_whether_the_model_learns_and_whether_it_is_finite():
    model, data = model_and_data("digits-mlp")
    torch.nn.functional.cross_entropy(model(data.x_train[:8]), data.y_train[:8]).backward()
    assert Judge()(model, data).learning
    with torch.no_grad():
        next(model.parameters()).fill_(float("nan"))
    assert not Judge()(model, data).is_finite
