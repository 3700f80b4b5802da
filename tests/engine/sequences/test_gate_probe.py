"""The gates of a network for one sample, wherever its recurrent layers stand; what the gates say in numbers."""

from __future__ import annotations

from math import inf, log

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.layers.catalog import (
    GRU,
    LSTM,
    RNN,
    AnyLayer,
    Concat,
    Conv1d,
    Dropout,
    Embedding,
    Flatten,
    Linear,
    Permute,
    Residual,
    Sequential,
)
from engine.networks.edits import at
from engine.sequences.gate_probe import (
    activity,
    gate_shares,
    half_life,
    keeping_gate,
    look_at_gates,
    unit_order,
)
from engine.sequences.opened import OpenedDirection, opened
from engine.sequences.reading.module_places import recurrent_layers
from tests.engine.sequences.small_networks import answer, made

NESTED: tuple[AnyLayer, ...] = (
    Embedding(num_embeddings=9, embedding_dim=4),
    Permute(dims=(0, 2, 1)),
    Conv1d(out_channels=4, kernel_size=3, stride=2),
    Permute(dims=(0, 2, 1)),
    LSTM(hidden_size=4, output="sequence", num_layers=2, dropout=0.5),
    Residual(
        main=(GRU(hidden_size=2, bidirectional=True, output="sequence"), Dropout(p=0.5)),
        shortcut=(Sequential(layers=(Linear(out_features=4), RNN(hidden_size=4, nonlinearity="relu", output="sequence"))),),
    ),
    Concat(branches=((RNN(hidden_size=4, output="sequence"),), (Linear(out_features=4),))),
    GRU(hidden_size=5),
    Linear(out_features=3),
)
PATHS = [(4,), (5, "main", 0), (5, "shortcut", 0, "layers", 1), (6, "branches", 0, 0), (7,)]


def test_every_recurrent_layer_is_found_at_its_path_and_opened() -> None:
    torch.manual_seed(0)
    tokens = torch.randint(0, 9, (3, 11))
    model, data = made(NESTED, tokens, torch.tensor([0, 1, 2]), "classification", 3)
    found = look_at_gates(model, data, 4)
    assert (found.sample, found.total, found.task, found.classes) == (1, 3, "classification", ("a", "b", "c"))
    np.testing.assert_array_equal(found.x, tokens[1].numpy())
    assert found.y == 1
    with torch.no_grad():
        np.testing.assert_allclose(found.output, model(tokens[1:2])[0].numpy(), atol=1e-7)
    assert [path for path, _ in found.recurrent] == PATHS
    for path, directions in found.recurrent:
        layer = at(NESTED, path)
        assert type(layer).__name__ == directions[0].kind
        assert all(one.nonlinearity == getattr(layer, "nonlinearity", "tanh") for one in directions)
    with torch.no_grad():
        _, layers = answer(model, tokens[1])
    for (_, directions), truth in zip(found.recurrent, layers, strict=True):
        for one, other in zip(directions, truth, strict=True):
            assert len(one.x) == (5 if one is not found.recurrent[-1][1][0] else 10)
            for name, values in one.arrays.items():
                np.testing.assert_allclose(values, other.array(name).numpy(), atol=1e-6)
    assert found.is_finite
    assert len(found.directions) == 2 + 2 + 1 + 1 + 1
    assert [path for path, _ in look_at_gates(model, data, 4, path=PATHS[2]).recurrent] == [PATHS[2]]
    assert look_at_gates(model, data, 4, path=(0,)).recurrent == ()


def test_looking_leaves_the_model_as_it_is() -> None:
    torch.manual_seed(0)
    model, data = made((LSTM(hidden_size=3), Linear(out_features=1)), torch.randn(2, 4, 2), torch.randn(2, 1), "regression", 1)
    state = torch.get_rng_state()
    found = look_at_gates(model, data, 0)
    assert torch.equal(torch.get_rng_state(), state)
    assert not model[0].rnn._forward_pre_hooks
    before = found.recurrent[0][1][0].weight_hh.copy()
    with torch.no_grad():
        model[0].rnn.weight_hh_l0.fill_(0.5)
    np.testing.assert_array_equal(found.recurrent[0][1][0].weight_hh, before)


def test_a_network_without_recurrent_layers_has_none() -> None:
    model, data = made((Flatten(), Linear(out_features=1)), torch.randn(2, 4, 2), torch.randn(2, 1), "regression", 1)
    assert look_at_gates(model, data, 0).recurrent == ()
    assert recurrent_layers(model) == ()


def test_shares_of_nearly_closed_and_nearly_open() -> None:
    values = np.array([[0.0, 0.05, 0.1], [0.5, 0.9, 0.95], [1.0, 0.2, 0.3], [0.4, 0.6, 0.91]], np.float32)
    assert gate_shares(values) == (2 / 12, 3 / 12)  # 0.1 and 0.9 themselves are neither
    assert gate_shares(values[:, 0]) == (0.25, 0.25)
    assert gate_shares(np.zeros((0, 3), np.float32)) == (0.0, 0.0)


def test_half_life_of_values_that_stay_as_they_are() -> None:
    kept = np.array([[0.5, 0.9, 1.0, 0.0, 0.25]] * 7, np.float32)
    np.testing.assert_allclose(half_life(kept), [1.0, -log(2) / log(0.9), inf, 0.0, 0.5], rtol=1e-5)


@given(st.lists(st.floats(0.05, 0.999), min_size=1, max_size=30))
def test_half_life_of_values_that_change_is_that_of_what_is_left_at_the_end(values: list[float]) -> None:
    kept = np.array(values, np.float32)[:, None]
    left = float(np.prod(kept.astype(float)))
    (life,) = half_life(kept)
    assert 0.5 ** (len(values) / life) == pytest.approx(left, rel=1e-6)


def test_one_step_that_forgets_all_leaves_nothing() -> None:
    (life,) = half_life(np.array([[0.99], [0.0], [0.99]], np.float32))
    assert life == 0.0 and not np.signbit(life)
    with np.errstate(all="raise"):
        assert np.isnan(half_life(np.array([[np.nan]], np.float32))).all()


def of(kind: str, **settings: object) -> OpenedDirection:
    torch.manual_seed(1)
    return opened(getattr(torch.nn, kind)(2, 6, batch_first=True, **settings), torch.randn(9, 2))[0]


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
def test_units_in_order() -> None:
    """f keeps an LSTM's old state, z a GRU's (torch's convention); an RNN has no such gate."""
    lstm, gru, rnn, projected = of("LSTM"), of("GRU"), of("RNN"), of("LSTM", proj_size=2)
    assert keeping_gate(lstm) is lstm.arrays["f"]
    assert keeping_gate(gru) is gru.arrays["z"]
    assert keeping_gate(rnn) is None
    for one, name in ((lstm, "f"), (gru, "z"), (projected, "f")):
        means = one.arrays[name].astype(float).mean(0)
        assert list(unit_order(one, "forget")) == sorted(range(6), key=lambda unit: -means[unit])
        assert list(unit_order(one, "as_they_are")) == list(range(6))
    assert list(unit_order(rnn, "forget")) == list(range(6))
    for one in (lstm, gru, rnn):
        sizes = np.abs(one.arrays["h"].astype(float)).mean(0)
        np.testing.assert_allclose(activity(one), sizes)
        assert list(unit_order(one, "activity")) == sorted(range(6), key=lambda unit: -sizes[unit])
    wide = np.abs(projected.arrays["o"].astype(float) * np.tanh(projected.arrays["c"].astype(float))).mean(0)
    np.testing.assert_allclose(activity(projected), wide, rtol=1e-6)
    assert sorted(unit_order(projected, "activity")) == list(range(6))
