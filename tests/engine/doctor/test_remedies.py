"""Remedies: what is edited, that the edited experiment can be run, and that it helps."""

from __future__ import annotations

import pytest

from engine.doctor.diagnoses import Diagnosis, DiagnosisCode
from engine.doctor.remedies import remedy
from engine.experiments.check import check
from engine.experiments.experiment import Experiment
from engine.fields import edited
from engine.layers.catalog import BatchNorm1d, BatchNorm2d, Dropout, Flatten, Linear, ReLU, Sigmoid, Softmax, Tanh
from tests.bench.doctor import followed
from tests.engine.doctor.planted import FAULTS, cnn, dense, mlp, of_layers, preset_with


def offered(code: DiagnosisCode, experiment: Experiment, step: int = 10, **values: object) -> Experiment | None:
    found = remedy(Diagnosis(code, step, values), experiment)
    if found is None:
        return None
    assert found.experiment != experiment
    for language in ("en", "ko"):
        assert "{" not in found.said(language) and found.said(language) != f"remedy.{found.code}"
    return found.experiment


@pytest.mark.parametrize(
    ("code", "optimizer", "lr", "expected"),
    [
        ("learning_rate_high", "Adam", 1.0, 1e-3),
        ("learning_rate_high", "Adam", 5e-3, 5e-4),
        ("learning_rate_high", "SGD", 5.0, 1e-2),
        ("learning_rate_low", "Adam", 1e-7, 1e-3),
        ("learning_rate_low", "SGD", 5e-3, 5e-2),
    ],
)
def test_a_rate_goes_a_factor_of_ten_at_least_and_to_the_usual_one(code, optimizer, lr, expected):
    assert offered(code, cnn(optimizer=optimizer, lr=lr), lr=lr).training.lr == pytest.approx(expected)


def test_the_rate_that_was_set_in_mid_run_is_the_one_that_is_mended():
    assert offered("learning_rate_high", cnn(lr=1e-3), lr=2e-3).training.lr == pytest.approx(2e-4)


def test_the_softmax_is_taken_away():
    fault = FAULTS["double_softmax"]
    after = offered("double_softmax", fault.experiment(fault.healthy()))
    assert after.network == fault.healthy().network


def test_normalisations_come_before_all_or_before_the_activation_functions():
    assert isinstance(offered("inputs_not_scaled", cnn()).network.layers[0], BatchNorm2d)
    assert offered("inputs_not_scaled", preset_with("waves-lstm")) is None  # series have no place for one
    layers = offered("saturated", dense(Sigmoid, 2, 8)).network.layers
    assert [type(layer) for layer in layers] == [Flatten, Linear, BatchNorm1d, Sigmoid, Linear, BatchNorm1d, Sigmoid, Linear]
    layers = offered("dead_units", cnn()).network.layers
    assert [index for index, layer in enumerate(layers) if isinstance(layer, BatchNorm2d)] == [1, 5]


def test_sigmoids_become_relu_but_for_one_that_makes_the_output():
    ends_in_one = of_layers(Flatten(), Linear(out_features=8), Tanh(), Linear(out_features=10), Sigmoid())
    layers = offered("vanishing_gradient", ends_in_one).network.layers
    assert [type(layer) for layer in layers] == [Flatten, Linear, ReLU, Linear, Sigmoid]
    assert offered("vanishing_gradient", mlp()) is None


def test_gradients_are_clipped_once():
    assert offered("exploding_gradient", cnn()).training.clip == 1.0
    assert offered("exploding_gradient", cnn(clip=5.0)) is None


def test_all_data_are_taken_or_units_are_dropped():
    few = edited(mlp(), data=edited(mlp().data, samples=100))
    assert offered("overfitting", few).data.samples is None
    layers = offered("overfitting", mlp()).network.layers
    assert layers[-2] == Dropout(p=0.5) and layers[-1] == mlp().network.layers[-1]
    assert offered("overfitting", offered("overfitting", mlp())) is None


def test_narrow_layers_are_made_wide_and_the_output_stays():
    narrow = of_layers(Flatten(), Linear(in_features=64, out_features=2), Tanh(), Linear(in_features=2, out_features=10))
    widths = [layer.out_features for layer in offered("underfitting", narrow).network.layers if isinstance(layer, Linear)]
    assert widths == [64, 10]
    assert offered("underfitting", mlp()) is None


def test_a_batch_size_without_a_lone_sample_is_taken():
    fault = FAULTS["batch_norm_single"]
    after = offered("batch_norm_single", fault.experiment(fault.healthy()), step=0, samples=1409, batch_size=64)
    assert after.training.batch_size in (63, 65)
    check(after)


@pytest.mark.parametrize(
    "code", ["nan_in_data", "duplicates", "class_imbalance", "validation_differs", "labels_unlearnable", "not_shuffled"]
)
def test_data_and_loops_at_fault_have_no_edit_of_the_experiment(code):
    assert offered(code, cnn()) is None


def test_what_cannot_be_run_is_not_offered():
    broken = of_layers(Flatten(), Linear(out_features=3), Softmax(dim=1))
    assert offered("double_softmax", broken) is None


def test_a_repaired_run_learns_what_the_healthy_one_does():
    experiment = mlp(epochs=12, lr=1.0)
    status, _ = followed(experiment, lambda run: bool(run._watch.diagnoses))
    mended, _ = followed(remedy(status.diagnoses[0], experiment).experiment)
    healthy, _ = followed(mlp(epochs=12))
    assert mended.validation_accuracy > healthy.validation_accuracy - 0.02 and mended.diagnoses == ()
