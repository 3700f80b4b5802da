"""The numbers of each layer against numpy and torch, worked out separately."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.data import datasets
from engine.data.datasets import Dataset
from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.layers.catalog import Concat, Residual, Sequential
from engine.layers.kinds.activation import GELU, LeakyReLU, ReLU, ReLU6, Sigmoid, Softmax, Tanh
from engine.layers.kinds.convolution import Conv1d, Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.recurrent import LSTM, RNN
from engine.passes import layer_values as module
from engine.passes.layer_values import LayerRow, LayerValues, ValueSpread, layer_values, spread
from engine.passes.modules import build
from engine.training.trainer import Trainer

CLOSE = {"rel": 1e-6, "abs": 1e-6}


def pictures(count: int = 40, channels: int = 1, side: int = 6) -> Dataset:
    made = np.random.default_rng(0)
    x = torch.from_numpy(made.normal(size=(count, channels, side, side)).astype(np.float32))
    y = torch.from_numpy(made.integers(0, 3, count))
    return Dataset("made", x, y, x, y, ("a", "b", "c"), (channels, side, side), False, 3, "classification", "cross_entropy")


def series(values: np.ndarray) -> Dataset:
    x = torch.from_numpy(values.astype(np.float32))
    y = torch.zeros(len(x), 1)
    return Dataset("made", x, y, x, y, (), tuple(x.shape[1:]), False, 1, "regression", "mean_squared_error")


def of(found: LayerValues, *path: int | str) -> LayerRow:
    return next(row for row in found.rows if row.path == path)


def trained(experiment: Experiment, steps: int) -> Trainer:
    data = datasets.load(experiment.data, seed=experiment.seed)
    trainer = Trainer(experiment, data, torch.device("cpu"), lambda *_: None)
    for _ in range(steps):
        trainer.step()
    trainer.model.eval()
    return trainer


def outputs(model: torch.nn.Module, names: list[str], x: torch.Tensor) -> dict[str, np.ndarray]:
    """What torch computes, layer by layer, in double precision afterwards."""
    found = {}
    for name in names:
        model.get_submodule(name).register_forward_hook(
            lambda _m, _i, out, name=name: found.__setitem__(name, out.numpy().astype(np.float64))
        )
    with torch.no_grad():
        model(x)
    return found


class TestActivations:
    @pytest.mark.parametrize("stem", ["digits-cnn", "digits-mlp", "adding-lstm", "waves-lstm", "counting-lstm"])
    def test_equal_to_numpy_within_1e_6(self, stem: str) -> None:
        experiment = preset(stem)
        data = datasets.load(experiment.data, seed=experiment.seed)
        torch.manual_seed(1)
        model = build(experiment.network.layers, data.input, tokens=data.tokens).eval()
        found = layer_values(model, data, layers=experiment.network.layers)
        places = [int(i * len(data.x_validation) / found.samples) for i in range(found.samples)]
        known = outputs(model, [str(row.path[0]) for row in found.rows], data.x_validation[places])
        assert found.samples > 3 and found.rows
        for row in found.rows:
            a = known[str(row.path[0])].reshape(found.samples, -1)
            assert row.mean == pytest.approx(a.mean(), **CLOSE)
            assert row.deviation == pytest.approx(a.std(), **CLOSE)
            assert row.between == pytest.approx(np.sqrt(((a - a.mean(0)) ** 2).mean()), **CLOSE)
            assert row.deviation**2 == pytest.approx(row.between**2 + a.mean(0).var(), **CLOSE)

    def test_the_samples_are_spread_over_the_validation_set(self) -> None:
        data = pictures(640)
        rank = torch.arange(640.0).reshape(-1, 1, 1, 1).expand(-1, 1, 6, 6)
        layers = (Flatten(), ReLU())
        model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.ReLU())
        model.register_parameter("device", torch.nn.Parameter(torch.zeros(1)))
        found = layer_values(model, replace(data, x_validation=rank), layers=layers)
        assert found.samples == 64 and of(found, 1).mean == pytest.approx(np.arange(0, 640, 10).mean())

    def test_a_layer_that_answers_every_sample_alike_looks_healthy_but_for_the_deviation_between_samples(self) -> None:
        layers = (Flatten(), Linear(out_features=50), Tanh())
        data = pictures()
        model = build(layers, data.input).eval()
        with torch.no_grad():
            model[1].weight.zero_()
            model[1].bias.copy_(torch.linspace(-1, 1, 50))
        found = layer_values(model, data, layers=layers)
        assert of(found, 2).deviation > 0.4 and of(found, 2).between == 0.0

    def test_rows_are_layers_with_weights_and_activation_functions_also_inside_blocks(self) -> None:
        conv = Conv2d(out_channels=2, kernel_size=3, padding=1)
        layers = (
            Sequential(layers=(conv, ReLU())),
            Residual(main=(conv,), shortcut=()),
            Concat(branches=((conv, Sigmoid()), (ReLU(),))),
            Flatten(),
            Linear(out_features=3),
        )
        data = pictures()
        torch.manual_seed(3)
        model = build(layers, data.input).eval()
        found = layer_values(model, data, layers=layers)
        assert [row.path for row in found.rows] == [
            (0, "layers", 0),
            (0, "layers", 1),
            (1, "main", 0),
            (2, "branches", 0, 0),
            (2, "branches", 0, 1),
            (2, "branches", 1, 0),
            (4,),
        ]
        known = outputs(model, ["0.0", "1.main.0", "2.branches.0.1"], data.x_validation[: found.samples])
        for path, name in (((0, "layers", 0), "0.0"), ((1, "main", 0), "1.main.0"), ((2, "branches", 0, 1), "2.branches.0.1")):
            assert of(found, *path).mean == pytest.approx(known[name].mean(), **CLOSE)


class TestSaturated:
    @pytest.mark.parametrize(
        ("layer", "values", "share"),
        [
            (Tanh(), [-3.0, -2.0, 0.0, 2.5], 0.5),  # tanh 2 = 0.964, tanh 2.5 = 0.987
            (Sigmoid(), [-4.0, -3.4, 0.0, 3.5], 0.5),  # 0.018, 0.032, 0.5, 0.971
            (ReLU6(), [-1.0, 5.9, 6.0, 100.0], 0.5),
            (ReLU(), [-1.0, 0.0, 1.0, 100.0], None),
            (LeakyReLU(), [-1.0, 0.0, 1.0, 100.0], None),
            (GELU(), [-9.0, 0.0, 1.0, 100.0], None),
            (Softmax(), [-9.0, 0.0, 1.0, 100.0], None),
        ],
    )
    def test_by_hand(self, layer, values, share) -> None:
        data = series(np.array(values).reshape(4, 1, 1))
        model = build((layer,), data.input)
        model.register_parameter("device", torch.nn.Parameter(torch.zeros(1)))
        assert of(layer_values(model.eval(), data, layers=(layer,)), 0).saturated == share

    def test_recurrent_layers_by_their_outputs_over_time(self) -> None:
        layers = (LSTM(hidden_size=3, output="sequence"),)
        data = series(np.random.default_rng(0).normal(size=(8, 20, 2)))
        model = build(layers, data.input).eval()
        with torch.no_grad():
            for weight in model.parameters():
                weight.fill_(3.0)
            h = model(data.x_validation).numpy()
        share = of(layer_values(model, data, layers=layers), 0).saturated
        assert share == pytest.approx((np.abs(h) > 0.97).mean()) and 0 < share < 1
        relu = (RNN(hidden_size=3, nonlinearity="relu"),)
        assert of(layer_values(build(relu, data.input).eval(), data, layers=relu), 0).saturated is None


class TestDead:
    def test_zero_for_the_whole_validation_set_not_for_the_samples_that_are_looked_at(self) -> None:
        data = pictures(1000)
        x = -data.x_validation.abs()
        x[777] = 1.0  # the only sample for which a positive filter gives anything: not one of the 64
        data = replace(data, x_validation=x)
        layers = (Conv2d(out_channels=4, kernel_size=3), ReLU())
        model = build(layers, data.input).eval()
        with torch.no_grad():
            model[0].weight.copy_(torch.tensor([1.0, -1.0, 0.0, 1.0]).reshape(4, 1, 1, 1).expand(-1, 1, 3, 3))
            model[0].bias.copy_(torch.tensor([0.0, 0.0, -1.0, -10.0]))
        found = layer_values(model, data, layers=layers)
        row = of(found, 1)
        with torch.no_grad():
            known = (model(x).amax(dim=(0, 2, 3)) == 0).float().mean()
        assert (row.dead, row.units, found.searched, found.total) == (float(known), 4, 1000, 1000)
        assert row.dead == 0.5  # the third and the fourth; the first lives for one sample

    def test_a_set_that_is_too_large_is_searched_in_part_and_it_says_so(self, monkeypatch) -> None:
        data = pictures(600)
        layers = (Flatten(), Linear(out_features=2), ReLU())
        model = build(layers, data.input).eval()
        monkeypatch.setattr(module, "SEARCH_MACS", 300 * 72)
        assert layer_values(model, data, layers=layers).searched == 600  # no unit is left to be found
        with torch.no_grad():
            model[1].bias.fill_(-100)
        found = layer_values(model, data, layers=layers)
        assert (found.searched, of(found, 2).dead) == (300, 1.0)

    def test_a_gelu_is_dead_where_it_only_tends_to_zero_and_a_leaky_relu_never(self) -> None:
        for layer, dead in ((GELU(), 1.0), (LeakyReLU(), 0.0), (ReLU(), 1.0)):
            layers = (Flatten(), Linear(out_features=2), layer)
            data = pictures()
            model = build(layers, data.input).eval()
            with torch.no_grad():
                model[1].bias.fill_(-8.0)
                model[1].weight.mul_(0.1)
            assert of(layer_values(model, data, layers=layers), 2).dead == dead

    def test_units_are_channels_of_pictures_and_of_length_and_features_of_series(self) -> None:
        data = series(np.ones((6, 10, 4)))
        layers = (Conv1d(out_channels=7, kernel_size=3), ReLU(), LSTM(hidden_size=5, output="sequence"), Tanh())
        found = layer_values(build(layers, data.input).eval(), data, layers=layers)
        assert [row.units for row in found.rows] == [7, 7, 5, 5]


class TestOfTheLastStep:
    @pytest.mark.parametrize("stem", ["digits-cnn", "adding-lstm"])
    def test_gradient_and_update_equal_to_what_the_weights_did(self, stem: str) -> None:
        trainer = trained(preset(stem), 3)
        layers, data = preset(stem).network.layers, trainer.dataset
        first = layer_values(trainer.model, data, layers=layers)  # asks for the next step
        assert first.update_step is None and all(row.update is None for row in first.rows) and first.step == 3
        before = {name: value.clone() for name, value in trainer.model.state_dict().items()}
        trainer.model.train()
        trainer.step()
        now = {name: value.clone() for name, value in trainer.model.state_dict().items()}
        trainer.model.eval()
        found = layer_values(trainer.model, data, layers=layers)
        assert (found.step, found.update_step) == (4, 4)
        for row in found.rows:
            names = [name for name in now if name.startswith(f"{row.path[0]}.")]
            weights = [name for name in names if "weight" in name]
            if not names:
                assert row.update is None and row.gradient is None and row.weights is None
                continue
            old = np.concatenate([before[name].numpy().ravel() for name in weights]).astype(np.float64)
            new = np.concatenate([now[name].numpy().ravel() for name in weights]).astype(np.float64)
            assert row.update == pytest.approx(np.log10(np.linalg.norm(new - old) / np.linalg.norm(old)), **CLOSE)
            own = trainer.model.get_submodule(str(row.path[0]))
            gradient = np.concatenate([each.grad.numpy().ravel() for each in own.parameters()]).astype(np.float64)
            assert row.gradient == pytest.approx(np.linalg.norm(gradient), **CLOSE)
            assert row.weights is not None and row.weights.counts.sum() == len(new)

    def test_a_run_that_is_looked_at_is_the_same_to_the_bit(self) -> None:
        experiment = preset("digits-cnn")
        alone, watched = trained(experiment, 0), trained(experiment, 0)
        alone.model.train()
        for _ in range(6):
            alone.step()
            watched.model.eval()
            layer_values(watched.model, watched.dataset, layers=experiment.network.layers)
            watched.model.train()
            watched.step()
        for one, other in zip(alone.model.parameters(), watched.model.parameters(), strict=True):
            assert torch.equal(one, other)

    def test_nothing_is_copied_while_nobody_asks(self, monkeypatch) -> None:
        from engine.passes.step_update import StepUpdate

        copied = []
        before = StepUpdate.before
        monkeypatch.setattr(StepUpdate, "before", lambda self, model: copied.append(1) or before(self, model))
        trainer = trained(preset("digits-cnn"), 4)
        assert not copied
        layer_values(trainer.model, trainer.dataset, layers=preset("digits-cnn").network.layers)
        trainer.model.train()
        for _ in range(3):
            trainer.step()
        assert len(copied) == 1

    def test_weights_that_do_not_move_are_minus_infinity_and_zero_weights_have_no_ratio(self) -> None:
        experiment = preset("digits-mlp")
        experiment = edited(experiment, training=edited(experiment.training, optimizer="SGD", momentum=0.0, clip=None))
        trainer = trained(experiment, 1)
        with torch.no_grad():
            trainer.model.get_submodule("1").weight.zero_()  # the layers behind it see a constant, whose gradient is 0 for it
            trainer.model.get_submodule("3").weight.zero_()
            trainer.model.get_submodule("5").weight.zero_()
        layers = experiment.network.layers
        layer_values(trainer.model, trainer.dataset, layers=layers)
        trainer.step()
        rows = {row.path[0]: row for row in layer_values(trainer.model, trainer.dataset, layers=layers).rows}
        assert rows[1].update is None and rows[3].update is None

    def test_a_model_of_a_moment_has_no_gradient_and_no_update(self) -> None:
        experiment = preset("digits-cnn")
        data = datasets.load(experiment.data, seed=experiment.seed)
        model = build(experiment.network.layers, data.input).eval().requires_grad_(False)
        found = layer_values(model, data, layers=experiment.network.layers)
        assert found.step is None and {(row.gradient, row.update) for row in found.rows} == {(None, None)}


class TestSpread:
    def test_counts_as_numpy_does_and_leaves_out_what_is_not_finite(self) -> None:
        values = np.random.default_rng(2).normal(size=5000).astype(np.float32)
        found = spread(torch.from_numpy(np.append(values, [np.nan, np.inf]).astype(np.float32)))
        known, edges = np.histogram(values.astype(np.float64), len(found.counts))
        np.testing.assert_array_equal(found.counts, known)
        np.testing.assert_allclose(found.edges, edges, rtol=1e-9)
        assert found.missing == 2

    def test_in_other_bins_nothing_is_lost(self) -> None:
        found = ValueSpread(np.array([1, 3]), 0.0, 2.0)
        np.testing.assert_allclose(found.within(np.array([-1.0, 0.0, 0.5, 1.5, 2.0, 9.0])), [0, 0.125, 0.5, 0.375, 0])

    def test_one_value_alone(self) -> None:
        found = spread(torch.full((7,), 0.25))
        np.testing.assert_allclose(found.within(np.array([0.0, 0.2, 0.4, 0.6])), [0, 1, 0])
        assert spread(torch.tensor([torch.nan])).within(np.array([0.0, 1.0])).tolist() == [0.0]

    def test_after_a_divergence_the_numbers_say_so(self) -> None:
        data = pictures()
        layers = (Flatten(), Linear(out_features=3), ReLU())
        model = build(layers, data.input).eval()
        with torch.no_grad():
            model[1].weight.fill_(torch.nan)
        row = of(layer_values(model, data, layers=layers), 2)
        assert np.isnan([row.mean, row.deviation, row.between]).all() and row.dead == 0.0
