"""The first weights, augmentation, smoothed labels, decay and clipping, each against torch, scipy or a sum by hand."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, log, sqrt

import numpy as np
import pytest
import torch
from scipy.ndimage import affine_transform
from torch import nn

from engine.data.datasets import load
from engine.data.info import Data
from engine.experiments.augmentation import Augmentation
from engine.experiments.check import check, fitting
from engine.experiments.experiment import Experiment, InitializationName, Network, Training, preset
from engine.experiments.problems import CannotRunError
from engine.experiments.stopping import EarlyStopping, waiting
from engine.fields import edited
from engine.layers.catalog import BatchNorm1d, Conv2d, Flatten, Linear, ReLU
from engine.passes.modules import build
from engine.runs.history import History
from engine.training.chance import smoothing_floor
from engine.training.recipe.augmenting import augmented
from engine.training.recipe.objective import Objective
from engine.training.recipe.starting import begin
from engine.training.trainer import Trainer, optimizer

CPU = torch.device("cpu")
CNN = (Conv2d(out_channels=8, kernel_size=3), ReLU(), Flatten(), BatchNorm1d(), Linear(out_features=10))


def trainer_of(layers: tuple = CNN, seed: int = 3, **training: object) -> tuple[Trainer, History]:
    data = Data(samples=200)
    experiment = Experiment(seed=seed, data=data, network=Network(layers=layers), training=Training(batch_size=32, **training))
    history = History()
    trainer = Trainer(experiment, load(data, seed=seed), CPU, history.append_step)
    trainer.left_out = history.left_out
    return trainer, history


# the first weights

RULES = {
    "xavier_uniform": nn.init.xavier_uniform_,
    "xavier_normal": nn.init.xavier_normal_,
    "he_uniform": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="relu"),
    "he_normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
    "normal": lambda weight: nn.init.normal_(weight, std=0.07),
    "zeros": nn.init.zeros_,
}


@pytest.mark.parametrize("name", RULES)
def test_the_first_weights_are_those_of_torchs_rule_with_the_same_seed(name: InitializationName) -> None:
    trainer, _ = trainer_of(initialization=name, initial_deviation=0.07)
    torch.manual_seed(3)
    conv, norm, dense = nn.Conv2d(1, 8, 3), nn.BatchNorm1d(288), nn.Linear(288, 10)
    for module in (conv, dense):
        RULES[name](module.weight)
    own = trainer.model.state_dict()
    assert torch.equal(own["0.weight"], conv.weight) and torch.equal(own["4.weight"], dense.weight)
    assert not own["0.bias"].any() and not own["4.bias"].any()
    assert torch.equal(own["3.weight"], norm.weight), "a normalisation is left as it is"


def test_torchs_default_is_untouched() -> None:
    trainer, _ = trainer_of()
    torch.manual_seed(3)
    plain = build(CNN, (1, 8, 8)).state_dict()
    assert all(torch.equal(value, plain[name]) for name, value in trainer.model.state_dict().items())


WIDE, HIGH = 300, 500


@pytest.mark.parametrize(("name", "deviation", "bound"), [
    ("xavier_uniform", sqrt(2 / (WIDE + HIGH)), sqrt(6 / (WIDE + HIGH))),
    ("xavier_normal", sqrt(2 / (WIDE + HIGH)), None),
    ("he_uniform", sqrt(2 / WIDE), sqrt(6 / WIDE)),
    ("he_normal", sqrt(2 / WIDE), None),
    ("normal", 0.02, None),
])  # fmt: skip
def test_the_spread_of_the_first_weights_is_the_rules(name: InitializationName, deviation: float, bound: float | None) -> None:
    torch.manual_seed(0)
    model = build((Linear(out_features=HIGH),), (WIDE,))
    begin(model, Training(initialization=name, initial_deviation=0.02))
    weight = model.state_dict()["0.weight"]
    assert float(weight.std()) == pytest.approx(deviation, rel=0.01)
    assert abs(float(weight.mean())) < 0.01 * deviation * 3
    if bound is not None:
        assert 0.999 * bound < float(weight.abs().max()) <= bound


def test_each_gate_of_a_recurrent_layer_has_the_fan_of_its_own() -> None:
    """An LSTM's matrix has four gates below each other: drawn as one it would be taken for a layer with 4 H outputs."""
    experiment = preset("adding-lstm")
    trainer = Trainer(
        edited(experiment, training=edited(experiment.training, initialization="xavier_uniform")),
        load(edited(experiment.data, samples=50), seed=1), CPU, lambda *_: None,
    )  # fmt: skip
    rnn = next(module for module in trainer.model.modules() if isinstance(module, nn.LSTM))
    hidden = rnn.hidden_size
    bound = sqrt(6 / (hidden + hidden))
    assert 0.95 * bound < float(rnn.weight_hh_l0.detach().abs().max()) <= bound
    assert not rnn.bias_ih_l0.any() and not rnn.bias_hh_l0.any()


# augmentation


def images(count: int = 6, height: int = 9, width: int = 9) -> torch.Tensor:
    return torch.rand(count, 2, height, width, generator=torch.Generator().manual_seed(1))


def drawn(seed: int = 5) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_shift_moves_whole_cells_and_leaves_the_ground() -> None:
    x = images()
    found = augmented(x, Augmentation(shift=2), drawn())
    by = torch.randint(-2, 3, (2, 6, 1), generator=drawn())[..., 0]
    for image, moved, down, right in zip(x, found, *by.tolist(), strict=True):
        expected = np.zeros((2, 9, 9), np.float32)
        for row in range(9):
            for column in range(9):
                if 0 <= row - down < 9 and 0 <= column - right < 9:
                    expected[:, row, column] = image[:, row - down, column - right]
        np.testing.assert_array_equal(moved.numpy(), expected)
    assert {-2, 2} <= set(by.flatten().tolist()), "the cases reach as far as they may"


def test_a_flip_is_for_every_other_image() -> None:
    x = images(2000, 3, 4)
    found = augmented(x, Augmentation(flip=True), drawn())
    flipped = [torch.equal(after, before.flip(2)) for before, after in zip(x, found, strict=True)]
    kept = [torch.equal(after, before) for before, after in zip(x, found, strict=True)]
    assert all(one != other for one, other in zip(flipped, kept, strict=True))
    assert 900 < sum(flipped) < 1100


@pytest.mark.parametrize(("height", "width"), [(9, 9), (8, 8), (6, 11)])
def test_a_turn_is_scipys(height: int, width: int) -> None:
    x = images(5, height, width)
    found = augmented(x, Augmentation(rotate=40.0), drawn())
    angles = (2 * torch.rand(5, generator=drawn()) - 1) * np.pi * 40 / 180
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    for image, turned, angle in zip(x.numpy(), found.numpy(), angles.tolist(), strict=True):
        matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])  # rows: down, right
        for before, after in zip(image, turned, strict=True):
            expected = affine_transform(before, matrix, centre - matrix @ centre, order=1, mode="grid-constant")
            np.testing.assert_allclose(after, expected, atol=2e-5)
    assert angles.abs().max() > 0.3


def test_noise_has_its_deviation_and_nothing_else_is_drawn() -> None:
    x = torch.zeros(200, 1, 20, 20)
    found = augmented(x, Augmentation(noise=0.3), drawn())
    assert float(found.std()) == pytest.approx(0.3, rel=0.01) and abs(float(found.mean())) < 0.005
    assert torch.equal(augmented(x, Augmentation(), drawn()), x)


def test_only_training_sees_augmented_images_and_the_order_stays() -> None:
    """Whole runs: the batches are the same samples, and the validation is of the images as they are."""
    plain, _ = trainer_of(lr=1e-9)
    changed, _ = trainer_of(lr=1e-9, augmentation=Augmentation(noise=2.0, shift=2))
    for trainer in (plain, changed):
        for _ in range(2):
            trainer.step()
    assert all(torch.equal(one, other) for one, other in zip(plain._batches, changed._batches, strict=True))
    model, data = changed.model.eval(), changed.dataset
    with torch.no_grad():
        expected = float(nn.functional.cross_entropy(model(data.x_validation), data.y_validation))
    for _ in changed.validate():
        pass
    assert changed.validation[0] == pytest.approx(expected, rel=1e-5)


def test_what_is_no_image_is_not_augmented() -> None:
    experiment = preset("adding-lstm")
    wrong = edited(experiment, training=edited(experiment.training, augmentation=Augmentation(shift=1)))
    with pytest.raises(CannotRunError) as caught:
        check(wrong)
    assert caught.value.problem.code == "augmentation_needs_images"
    assert fitting(wrong) == experiment
    smoothed = edited(experiment, training=edited(experiment.training, label_smoothing=0.1))
    with pytest.raises(CannotRunError) as caught:
        check(smoothed)
    assert caught.value.problem.code == "label_smoothing_needs_classes"
    assert fitting(smoothed) == experiment


# smoothed labels


def test_the_floor_of_smoothed_labels() -> None:
    """0.1 over ten classes: 0.91 for the right one and 0.01 for each of nine, -0.91 ln 0.91 - 9 * 0.01 ln 0.01."""
    assert smoothing_floor(10, 0.1) == pytest.approx(0.5003, abs=5e-5)
    assert smoothing_floor(10, 0.1) == pytest.approx(-0.91 * log(0.91) - 9 * 0.01 * log(0.01), rel=1e-12)
    assert smoothing_floor(7, 0.0) == 0.0
    logits = torch.zeros(1, 10, dtype=torch.float64, requires_grad=True)
    best = torch.optim.LBFGS([logits], max_iter=200, tolerance_grad=1e-12)

    def loss() -> torch.Tensor:
        best.zero_grad()
        value = nn.functional.cross_entropy(logits, torch.tensor([3]), label_smoothing=0.1)
        value.backward()
        return value

    best.step(loss)
    assert loss().item() == pytest.approx(smoothing_floor(10, 0.1), abs=1e-6), "no answer is better"


def test_smoothed_losses_are_torchs_in_training_and_validation() -> None:
    trainer, history = trainer_of(label_smoothing=0.2)
    data = trainer.dataset
    torch.manual_seed(3)
    model = build(CNN, (1, 8, 8))
    index = torch.randperm(len(data.x_train), generator=torch.Generator().manual_seed(3))[:32]
    expected = nn.CrossEntropyLoss(label_smoothing=0.2)(model(data.x_train[index]), data.y_train[index])
    trainer.step()
    assert history.train.last()[0] == pytest.approx(expected.item(), rel=1e-6)
    for _ in trainer.validate():
        pass
    with torch.no_grad():
        outputs = trainer.model.eval()(data.x_validation)
    assert trainer.validation[0] == pytest.approx(
        float(nn.CrossEntropyLoss(label_smoothing=0.2)(outputs, data.y_validation)), rel=1e-5
    )


# class weights


def test_torchs_weighted_mean_changes_its_divisor_and_ours_does_not() -> None:
    """In a batch of one class torch's weight cancels out, and its mean over batches is not that of their samples."""
    targets = torch.tensor([0] * 6 + [1] * 2)
    outputs = torch.randn(8, 2, generator=drawn(), dtype=torch.float32)
    weights = Objective.balanced(targets, 2)
    assert weights.tolist() == pytest.approx([8 / (2 * 6), 8 / (2 * 2)])
    assert float(weights[targets].mean()) == pytest.approx(1.0)
    rare = nn.functional.cross_entropy(outputs[6:], targets[6:])
    assert torch.allclose(nn.functional.cross_entropy(outputs[6:], targets[6:], weights), rare), "the weight of 2 is gone"
    own = Objective("classification", "cross_entropy", 2, 0.0, weights)
    assert own.loss(outputs[6:], targets[6:]).item() == pytest.approx(2 * float(rare), rel=1e-6)
    parts = [(3, outputs[:3], targets[:3]), (5, outputs[3:], targets[3:])]
    by_hand = float((weights[targets] * -outputs.log_softmax(1)[range(8), targets]).mean())
    assert sum(count * own.loss(x, y).item() for count, x, y in parts) / 8 == pytest.approx(by_hand, rel=1e-6)
    torchs = sum(count * nn.functional.cross_entropy(x, y, weights).item() for count, x, y in parts) / 8
    assert abs(torchs - by_hand) > 0.01


def test_balanced_losses_of_a_run_are_sums_by_hand() -> None:
    trainer, history = trainer_of(class_weights=True)
    data = trainer.dataset
    counts = np.bincount(data.y_train.numpy(), minlength=10)
    weights = torch.tensor(len(data.y_train) / (10 * counts), dtype=torch.float32)
    torch.manual_seed(3)
    model = build(CNN, (1, 8, 8))
    index = torch.randperm(len(data.x_train), generator=torch.Generator().manual_seed(3))[:32]
    with torch.no_grad():
        each = nn.functional.cross_entropy(model(data.x_train[index]), data.y_train[index], reduction="none")
    trainer.step()
    assert history.train.last()[0] == pytest.approx(float((weights[data.y_train[index]] * each).mean()), rel=1e-5)
    for _ in trainer.validate():
        pass
    with torch.no_grad():
        each = nn.functional.cross_entropy(trainer.model.eval()(data.x_validation), data.y_validation, reduction="none")
    assert trainer.validation[0] == pytest.approx(float((weights[data.y_validation] * each).mean()), rel=1e-5)


# weight decay


@pytest.mark.parametrize("name", ["SGD", "AdamW", "Adamax"])
def test_decay_for_weights_alone_leaves_biases_and_normalisations(name: str) -> None:
    model = build(CNN, (1, 8, 8))
    made = optimizer(
        Training(optimizer=name, lr=0.1, weight_decay=0.5, decay_applies_to="weights"), list(model.parameters()), CPU
    )
    before = {key: value.clone() for key, value in model.named_parameters()}
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    made.step()
    moved = {key for key, value in model.named_parameters() if not torch.equal(value, before[key])}
    assert moved == {"0.weight", "4.weight"}
    every = optimizer(Training(optimizer="SGD", lr=0.1, weight_decay=0.5), list(model.parameters()), CPU)
    every.step()
    moved = {key for key, value in model.named_parameters() if not torch.equal(value, before[key])}
    assert moved == {"0.weight", "4.weight", "0.bias", "4.bias", "3.weight"}, "the normalisation's bias is 0"


# exploded gradients


def exploding(times: float, **training: object) -> tuple[Trainer, History]:
    """A network whose inputs are so large that finite gradients come out."""
    layers = (Flatten(), Linear(out_features=4), Linear(out_features=10))
    trainer, history = trainer_of(layers, clip=1.0, optimizer="SGD", lr=0.1, loss="mean_squared_error", **training)
    trainer._x = trainer._x * times
    return trainer, history


def test_a_gradient_that_is_finite_but_too_long_is_left_out_and_said() -> None:
    """Its numbers are finite, the sum of their squares is not: torch's clipping makes zeros of them: no step at all."""
    parameter = nn.Parameter(torch.zeros(2))
    parameter.grad = torch.tensor([3e19, 3e19])
    length = nn.utils.clip_grad_norm_([parameter], 1.0)
    assert not isfinite(float(length)) and not parameter.grad.any()
    parameter.grad = torch.tensor([1e18, 1e18])
    assert isfinite(float(nn.utils.clip_grad_norm_([parameter], 1.0))) and parameter.grad.all()

    trainer, history = exploding(3e13)
    before = trainer.weights()
    trainer.step()
    assert history.left_out == [1] and trainer.step_count == 1
    assert isfinite(history.train.last()[0]), "the loss itself is a number"
    assert all(torch.equal(value, before[name]) for name, value in trainer.weights().items())
    trainer._x = trainer._x / 3e13
    trainer.step()
    assert history.left_out == [1]
    assert not all(torch.equal(value, before[name]) for name, value in trainer.weights().items())


def test_without_clipping_nothing_is_left_out() -> None:
    trainer, history = trainer_of()
    trainer.step()
    assert history.left_out == []


# early stopping


@pytest.mark.parametrize(("losses", "patience", "change", "expected"), [
    ([3, 2, 1], 2, 0.0, (3, 0, False)),
    ([3, 2, 2, 2], 2, 0.0, (2, 2, True)),
    ([3, 2, 2.5, 1.9, 2], 2, 0.0, (4, 1, False)),
    ([3, 2.95, 2.91], 2, 0.1, (1, 2, True)),
    ([1, 2, 2, 2], 2, 0.0, (1, 1, False)),  # gone on with after the stop
    ([1, 2, 2, 2, 2], 2, 0.0, (1, 2, True)),
    ([], 1, 0.0, (0, 0, False)),
])  # fmt: skip
def test_how_long_a_run_waits(losses: list[float], patience: int, change: float, expected: tuple[int, int, bool]) -> None:
    found = waiting(EarlyStopping(patience=patience, min_change=change), losses)
    assert (found.best_epoch, found.waited, found.ends) == expected


def test_the_best_weights_are_taken_back() -> None:
    trainer, _ = trainer_of(lr=0.01)
    trainer.step()
    best = trainer.weights()
    trainer.keep_best()
    trainer.step()
    assert not torch.equal(trainer.weights()["4.weight"], best["4.weight"])
    assert trainer.take_best()
    assert all(torch.equal(value, best[name]) for name, value in trainer.weights().items())
    assert replace(trainer.moment()).tensors["best.4.weight"].equal(best["4.weight"])
