"""A forecast beside the naive line, against a loop of torch's cells in float64 that is written here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from engine.data.datasets import Dataset, load
from engine.data.info import Data
from engine.layers.catalog import GRU, LSTM, RNN, Conv1d, LayerNorm, Linear, Permute, ReLU, Residual
from engine.passes.modules import build
from engine.sequences.forecast import NoForecastError, best_lag, look_at_forecast
from engine.words import LANGUAGES, table

T, H = 12, 5
CELLS = {"RNN": (RNN, nn.RNNCell), "LSTM": (LSTM, nn.LSTMCell), "GRU": (GRU, nn.GRUCell)}


def waves(samples: int = 40, length: int = T) -> Dataset:
    return load(Data(name="waves", samples=samples, length=length, validation=0.25), seed=1)


def network(kind: str = "LSTM", seed: int = 0, features: int = 1) -> nn.Sequential:
    torch.manual_seed(seed)
    return build((CELLS[kind][0](hidden_size=H, output="sequence"), Linear(out_features=features)), (T, features)).eval()


def by_hand(model: nn.Sequential, kind: str, x: NDArray[np.float32], warm_up: int) -> NDArray[np.float64]:
    """The predictions (T, 1) of one series by torch's cell, which reads `warm_up` true values and then its own."""
    cell = CELLS[kind][1](1, H).double()
    cell.load_state_dict({name.removesuffix("_l0"): value.double() for name, value in model[0].rnn.state_dict().items()})
    head = nn.Linear(H, 1).double()
    head.load_state_dict(model[1].state_dict())
    state, said = None, []
    with torch.no_grad():
        for step in range(len(x)):
            read = torch.from_numpy(x[step : step + 1]).double() if step < warm_up else said[-1]
            state = cell(read, state)
            said.append(head(state[0] if isinstance(state, tuple) else state))
    return torch.cat(said).numpy()


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("warm_up", [1, 4, T])
def test_forced_and_free_are_those_of_the_cell_by_hand(kind: str, warm_up: int) -> None:
    data, model = waves(), network(kind)
    found = look_at_forecast(model, data, sample=13, warm_up=warm_up)
    assert (found.sample, found.total, found.warm_up) == (3, 10, warm_up)
    x, y = data.x_validation.numpy(), data.y_validation.numpy()
    np.testing.assert_array_equal(found.x, x[3])
    np.testing.assert_array_equal(found.y, y[3])
    assert found.free is not None and found.not_free is None
    np.testing.assert_allclose(found.forced, by_hand(model, kind, x[3], T), rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.free, by_hand(model, kind, x[3], warm_up), rtol=0, atol=1e-6)
    np.testing.assert_array_equal(found.naive, x[3])
    assert found.held[:, 0].tolist() == [*x[3, :warm_up, 0], *[x[3, warm_up - 1, 0]] * (T - warm_up)]


def test_the_errors_of_the_sample_and_of_the_whole_set() -> None:
    data, model = waves(), network()
    found = look_at_forecast(model, data, sample=2, warm_up=5)
    x, y = data.x_validation.double().numpy(), data.y_validation.double().numpy()
    forced = np.array([by_hand(model, "LSTM", one, T) for one in x])
    free = np.array([by_hand(model, "LSTM", one, 5) for one in x])
    for errors, part in ((found.of_sample, slice(2, 3)), (found.of_all, slice(None))):
        assert errors.forced == pytest.approx(((forced - y)[part] ** 2).mean(), rel=1e-5)
        assert errors.naive == pytest.approx(((x - y)[part] ** 2).mean(), rel=1e-6)
        assert errors.free == pytest.approx(((free - y)[part, 4:] ** 2).mean(), rel=1e-5)
        assert errors.held == pytest.approx(((x[:, 4:5] - y)[part, 4:] ** 2).mean(), rel=1e-6)
        assert errors.skill == pytest.approx(1 - errors.forced / errors.naive)
        assert errors.free_skill == pytest.approx(1 - errors.free / errors.held)
    assert found.free_samples == 10
    assert found.of_all.forced == pytest.approx(nn.functional.mse_loss(model(data.x_validation), data.y_validation).item())


def test_of_many_samples_some_run_free_evenly_over_the_set() -> None:
    data, model = waves(600), network()
    found = look_at_forecast(model, data, warm_up=6)
    assert (found.total, found.free_samples) == (150, 64)
    chosen = [number * 150 // 64 for number in range(64)]
    x, y = data.x_validation.numpy()[chosen], data.y_validation.numpy()[chosen]
    free = np.array([by_hand(model, "LSTM", one, 6) for one in x])
    assert found.of_all.free == pytest.approx(((free - y)[:, 5:] ** 2).mean(), rel=1e-5)


def test_two_layers_a_norm_and_a_residual_run_free_too() -> None:
    torch.manual_seed(3)
    layers = (
        GRU(hidden_size=4, num_layers=2, output="sequence"),
        LayerNorm(normalized_shape=4),
        Residual(main=(Linear(out_features=4), ReLU(), RNN(hidden_size=4, output="sequence"))),
        Linear(out_features=1),
    )
    model, data = build(layers, (T, 1)).eval(), waves()
    found = look_at_forecast(model, data, sample=1, warm_up=3)
    assert found.free is not None
    series = data.x_validation[1:2, :3]
    with torch.no_grad():  # read anew from the beginning for each value
        for _ in range(T - 3):
            series = torch.cat([series, model(series)[:, -1:]], dim=1)
        expected = model(series)[0].numpy()
    np.testing.assert_allclose(found.free, expected, rtol=0, atol=1e-6)


def test_a_causal_convolution_runs_free() -> None:
    torch.manual_seed(3)
    layers = (
        Permute(dims=(0, 2, 1)),
        Conv1d(out_channels=4, kernel_size=3, padding=2, padding_after=0),
        ReLU(),
        Conv1d(out_channels=4, kernel_size=3, dilation=2, padding=4, padding_after=0),
        ReLU(),
        Permute(dims=(0, 2, 1)),
        Linear(out_features=1),
    )
    model, data = build(layers, (T, 1)).eval(), waves()
    found = look_at_forecast(model, data, sample=1, warm_up=3)
    assert found.free is not None
    series = data.x_validation[1:2, :3]
    with torch.no_grad():
        for _ in range(T - 3):
            series = torch.cat([series, model(series)[:, -1:]], dim=1)
        expected = model(series)[0].numpy()
    np.testing.assert_allclose(found.free, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("layers", "code"),
    [
        ((LSTM(hidden_size=3, bidirectional=True, output="sequence"), Linear(out_features=1)), "reads_the_future"),
        (
            (Permute(dims=(0, 2, 1)), Conv1d(out_channels=1, kernel_size=3, padding=1), Permute(dims=(0, 2, 1))),
            "not_step_by_step",
        ),
        ((Permute(dims=(0, 2, 1)), Linear(out_features=T), Permute(dims=(0, 2, 1))), "not_step_by_step"),
    ],
)
def test_what_cannot_run_free_is_forced_all_the_same(layers: tuple, code: str) -> None:
    model, data = build(layers, (T, 1)).eval(), waves()
    found = look_at_forecast(model, data)
    assert found.not_free is not None and found.not_free.code == code
    assert found.free is None and found.of_all.free is None and found.of_all.free_skill is None and found.free_samples == 0
    assert found.of_sample.skill is not None
    # all three read later values, however small their error
    assert found.verdict.code == ("has_read_the_answer" if code == "reads_the_future" else "has_looked_ahead")
    for language in LANGUAGES:
        assert "{" not in found.not_free.say(language)


# lag and verdict


class Says(nn.Module):
    """Answers as a function of the series says, which needs no weights."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))
        self.answer = answer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.answer(x)  # type: ignore[operator]


def random_walk() -> Dataset:
    steps = np.random.default_rng(0).standard_normal((50, 61)).cumsum(axis=1).astype(np.float32)[:, :, None]
    x, y = torch.from_numpy(steps[:, :-1]), torch.from_numpy(steps[:, 1:])
    return replace(waves(), x_train=x, y_train=y, x_validation=x, y_validation=y)


def test_a_network_that_only_repeats_has_no_skill_and_a_lag_of_one() -> None:
    found = look_at_forecast(Says(lambda x: x), random_walk())
    assert found.of_all.skill == 0.0
    assert found.lag.lag == 1
    assert found.lag.errors[1] == 0.0
    assert found.verdict.code == "only_lags"
    assert "늦게" in found.verdict.say("ko")


def test_what_is_a_little_better_than_guessing_is_no_forecast() -> None:
    assert look_at_forecast(Says(lambda x: 0.97 * x), random_walk()).verdict.code == "only_lags"
    assert look_at_forecast(Says(lambda x: 0 * x), random_walk()).verdict.code == "worse_than_naive"


def test_a_forecast_has_skill_and_no_lag() -> None:
    """x_(t+1) = 2 cos(w) x_t - x_(t-1) of a sine of a known period."""
    angle = 2 * np.pi * (np.arange(81)[None] + np.arange(10)[:, None]) / 17
    series = torch.from_numpy(np.sin(angle).astype(np.float32)[:, :, None])
    data = replace(waves(), x_validation=series[:, :-1], y_validation=series[:, 1:])
    factor = 2 * np.cos(2 * np.pi / 17)
    found = look_at_forecast(Says(lambda x: factor * x - torch.cat([x[:, :1], x[:, :-1]], dim=1)), data)
    assert found.of_all.skill is not None and found.of_all.skill > 0.9
    assert (found.lag.lag, found.verdict.code) == (0, "has_skill")


def test_the_lag_by_hand() -> None:
    truth = np.arange(30.0).reshape(1, 30, 1)
    for late in (0, 1, 4):
        found = best_lag(truth - late, truth)
        assert found.lag == late
        assert found.errors.tolist() == [(lag - late) ** 2 for lag in range(10)]
    assert best_lag(np.ones((1, 1, 1)), np.ones((1, 1, 1))).lag == 0


def test_a_series_that_stands_still_has_no_skill_to_speak_of() -> None:
    data = replace(waves(), x_validation=torch.ones(3, T, 1), y_validation=torch.ones(3, T, 1))
    found = look_at_forecast(network(), data)
    assert found.of_all.skill is None and found.of_all.free_skill is None
    assert found.verdict.code == "naive_is_exact"


def test_one_step_is_a_series_too() -> None:
    data = replace(waves(), x_validation=torch.randn(3, 1, 1), y_validation=torch.randn(3, 1, 1))
    found = look_at_forecast(network(), data, warm_up=9)
    assert found.warm_up == 1 and found.free is not None and found.free.shape == (1, 1)
    assert found.lag.lag == 0


def test_other_tasks_are_refused() -> None:
    adding = load(Data(name="adding", samples=20, length=6), seed=0)
    counting = load(Data(name="counting", samples=20, length=6), seed=0)
    later = replace(waves(), y_validation=waves().x_validation + 1)
    for data, code in ((adding, "no_series"), (counting, "no_series"), (later, "target_is_not_next")):
        with pytest.raises(NoForecastError) as raised:
            look_at_forecast(network(), data)
        assert raised.value.code == code
        assert raised.value.message("ko") != raised.value.message("en")


def test_the_model_is_not_changed() -> None:
    model, data = network(), waves()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    state = torch.get_rng_state()
    look_at_forecast(model, data)
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_every_code_has_words() -> None:
    words = table("sequence_answers")
    assert all(set(entry) == set(LANGUAGES) for entry in words.values())
