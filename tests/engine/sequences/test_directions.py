"""Both directions of a bidirectional layer, each against torch's cell that reads the sequence its way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.data.datasets import Dataset, load
from engine.data.info import Data
from engine.layers.catalog import GRU, LSTM, RNN, Concat, Embedding, Linear, Residual, Sequential
from engine.networks.trace import trace
from engine.passes.modules import build, places
from engine.sequences.directions import NoDirectionsError, look_at_directions
from engine.sequences.reading.module_places import embedding_places, recurrent_places

T, H = 7, 4
CELLS = {"RNN": (RNN, nn.RNNCell), "LSTM": (LSTM, nn.LSTMCell), "GRU": (GRU, nn.GRUCell)}


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load(Data(name="adding", samples=20, length=T), seed=1)


def by_hand(rnn: nn.RNNBase, kind: str, x: Tensor, end: str) -> np.ndarray:
    """The states (T, H) of one direction of a one-layer module, in the order in which it reads."""
    cell = CELLS[kind][1](x.shape[1], H).double()
    cell.load_state_dict({name: getattr(rnn, f"{name}_l0{end}").detach() for name in cell.state_dict()})
    state, read = None, []
    with torch.no_grad():
        for step in x.double():
            state = cell(step[None], state)
            read.append((state[0] if isinstance(state, tuple) else state)[0])
    return torch.stack(read).numpy()


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("output", ["last", "sequence"])
def test_both_directions_and_both_summaries(kind: str, output: str, data: Dataset) -> None:
    torch.manual_seed(0)
    model = build((CELLS[kind][0](hidden_size=H, bidirectional=True, output=output), Linear(out_features=1)), (T, 2)).eval()
    found = look_at_directions(model, data, sample=6)
    x = data.x_validation[2]
    forward = by_hand(model[0].rnn, kind, x, "")
    backward = by_hand(model[0].rnn, kind, x.flip(0), "_reverse")  # in the order of reading: the last step first
    assert (found.sample, found.total, found.kind, found.path, found.handed_on) == (2, 4, kind, (0,), output)
    np.testing.assert_allclose(found.forward, forward, rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.backward, backward[::-1], rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.last_output, np.concatenate([forward[-1], backward[0]]), rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.last_states, np.concatenate([forward[-1], backward[-1]]), rtol=0, atol=1e-6)
    assert found.steps_read == {"last_output": (T, 1), "last_states": (T, T)}
    if output == "last":
        with torch.no_grad():
            np.testing.assert_array_equal(found.last_states, model[0](x[None])[0].numpy())


def test_the_backward_half_of_the_last_output_does_not_know_the_beginning(data: Dataset) -> None:
    """Another first step changes both halves of the last states, and of the last output the forward half alone."""
    torch.manual_seed(0)
    model = build((GRU(hidden_size=H, bidirectional=True), Linear(out_features=1)), (T, 2)).eval()
    other = data.x_validation.clone()
    other[:, 0] += 1.0
    one, changed = look_at_directions(model, data), look_at_directions(model, replace(data, x_validation=other))
    assert np.array_equal(one.last_output[H:], changed.last_output[H:])
    assert not np.array_equal(one.last_states[H:], changed.last_states[H:])
    assert not np.array_equal(one.last_output[:H], changed.last_output[:H])


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
def test_a_stack_and_a_projection_show_the_top_layer(data: Dataset) -> None:
    torch.manual_seed(0)
    layers = (LSTM(hidden_size=H, num_layers=3, proj_size=2, bidirectional=True, output="sequence"), LSTM(hidden_size=3))
    model = build((*layers, Linear(out_features=1)), (T, 2)).eval()
    found = look_at_directions(model, data)
    with torch.no_grad():
        sequence, (hidden, _) = model[0].rnn(data.x_validation[:1])
    np.testing.assert_array_equal(np.concatenate([found.forward, found.backward], axis=1), sequence[0].numpy())
    np.testing.assert_array_equal(found.last_states, torch.cat([hidden[-2, 0], hidden[-1, 0]]).numpy())
    assert found.forward.shape == (T, 2) and found.paths == ((0,),)


def test_the_chosen_layer(data: Dataset) -> None:
    torch.manual_seed(0)
    layers = (
        GRU(hidden_size=1, bidirectional=True, output="sequence"),
        Residual(main=(GRU(hidden_size=1, bidirectional=True, output="sequence"),)),
        LSTM(hidden_size=3),
        Linear(out_features=1),
    )
    model = build(layers, (T, 2)).eval()
    assert look_at_directions(model, data).path == (0,)
    found = look_at_directions(model, data, path=(1, "main", 0))
    assert (found.path, found.paths) == ((1, "main", 0), ((0,), (1, "main", 0)))
    assert look_at_directions(model, data, path=(2,)).path == (0,), "it reads in one direction"
    expected = {
        path: module
        for path, layer, _, module in places(layers, trace(layers, (T, 2)).rows, model)
        if isinstance(layer, GRU | LSTM)
    }
    assert dict(recurrent_places(model)) == expected


def test_places_inside_of_blocks() -> None:
    """As `engine.passes.modules.places` counts them, in whatever lies in whatever."""
    one = RNN(hidden_size=2, output="sequence")
    layers = (
        Sequential(layers=(one, Sequential(layers=(one,)))),
        Concat(branches=((one,), (Sequential(layers=(one, one)), Residual(main=(one,))))),
        Residual(main=(Sequential(layers=(one,)),), shortcut=(one,)),
    )
    model = build(layers, (T, 2))
    expected = {path: module for path, layer, _, module in places(layers, trace(layers, (T, 2)).rows, model) if layer == one}
    assert len(expected) == 8
    assert dict(recurrent_places(model)) == expected


def test_places_of_embeddings() -> None:
    model = build((Embedding(num_embeddings=3, embedding_dim=2), RNN(hidden_size=1)), (5,))
    assert [path for path, _ in embedding_places(model)] == [(0,)]


def test_one_direction_is_refused(data: Dataset) -> None:
    model = build((LSTM(hidden_size=3), Linear(out_features=1)), (T, 2)).eval()
    with pytest.raises(NoDirectionsError) as raised:
        look_at_directions(model, data)
    assert raised.value.code == "no_directions"
    assert "양방향" in raised.value.message("ko")


def test_a_sequence_of_one_step(data: Dataset) -> None:
    """There both summaries are the same."""
    one = load(Data(name="waves", samples=4, length=2), seed=0)
    one = replace(one, x_validation=one.x_validation[:, :1])
    model = build((GRU(hidden_size=3, bidirectional=True, output="sequence"), Linear(out_features=1)), (1, 1)).eval()
    found = look_at_directions(model, one)
    np.testing.assert_array_equal(found.last_output, found.last_states)
