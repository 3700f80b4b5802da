"""How strongly an output depends on each input, against autograd through cells unrolled in double precision."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn

from engine.layers.catalog import GRU, LSTM, RNN, AnyLayer, Embedding, Flatten, Linear
from engine.sequences.remembered import Remembered, what_it_remembers
from tests.engine.sequences.small_networks import answer, made


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
@pytest.mark.parametrize("step", [None, 0, 3, 99])
def test_of_a_series(kind: type, step: int | None) -> None:
    torch.manual_seed(0)
    x, y = torch.randn(2, 7, 3), torch.randn(2, 7, 2)
    model, data = made((kind(hidden_size=5, output="sequence"), Linear(out_features=2)), x, y, "regression", 2)
    found = what_it_remembers(model, data, 1, step=step, output=1)
    assert found is not None
    at = 6 if step in (None, 99) else step
    leaf = x[1].double().requires_grad_()
    output, _ = answer(model, leaf)
    output[at, 1].backward()
    assert (found.step, found.output, found.by_embedding) == (at, 1, False)
    assert found.value == pytest.approx(float(output[at, 1].detach()), abs=1e-6)
    np.testing.assert_allclose(found.norms, leaf.grad.norm(dim=1).numpy(), atol=1e-6)
    assert (found.norms[:at] > 0).all() and not found.norms[at + 1 :].any()  # no input of later steps


def test_of_text_by_the_embeddings_vectors() -> None:
    torch.manual_seed(0)
    tokens = torch.randint(0, 6, (1, 8))
    layers: tuple[AnyLayer, ...] = (Embedding(num_embeddings=6, embedding_dim=3), LSTM(hidden_size=4), Linear(out_features=6))
    model, data = made(layers, tokens, tokens[:, 0], "classification", 6)
    found = what_it_remembers(model, data, 0)
    assert found is not None
    with torch.no_grad():
        assert found.output == int(model(tokens)[0].argmax())
    leaf = model[0](tokens)[0].detach().double().requires_grad_()
    output, _ = answer(nn.Sequential(*copy.deepcopy(list(model)[1:])), leaf)
    output[found.output].backward()
    assert (found.step, found.by_embedding) == (None, True)
    np.testing.assert_allclose(found.norms, leaf.grad.norm(dim=1).numpy(), atol=1e-6)
    assert all(weight.grad is None for weight in model.parameters())


def test_a_network_that_keeps_everything_and_one_that_forgets() -> None:
    """An RNN of one linear unit: each step back multiplies by its one weight, so 10 % are left after log(0.1) / log(weight)."""
    x, y = torch.ones(1, 40, 1), torch.zeros(1, 1)
    for weight, back in ((1.0, 39), (0.8, 10), (0.5, 3), (0.05, 0)):
        model, data = made((RNN(hidden_size=1, nonlinearity="relu"), Linear(out_features=1)), x, y, "regression", 1)
        with torch.no_grad():
            model[0].rnn.weight_hh_l0.fill_(weight)
            model[0].rnn.weight_ih_l0.fill_(1.0)
            model[0].rnn.bias_ih_l0.fill_(1.0)
        found = what_it_remembers(model, data, 0)
        assert found is not None
        np.testing.assert_allclose(found.norms / found.norms[-1], weight ** np.arange(39, -1, -1.0), rtol=1e-4, atol=1e-30)
        assert found.steps_back == back


def test_where_nothing_counts_there_is_no_number() -> None:
    def of(norms: list[float]) -> int | None:
        return Remembered(0, 1, None, 0, 0.0, np.array(norms), False).steps_back

    assert of([0.0, 0.0]) is None
    assert of([np.nan, 1.0]) is None
    assert of([0.5, 0.0, 1.0]) == 2
    assert of([0.05, 0.0, 1.0]) == 0


def test_a_picture_is_no_sequence() -> None:
    model, data = made((Flatten(), Linear(out_features=2)), torch.randn(1, 1, 4, 4), torch.tensor([0]), "classification", 2)
    assert what_it_remembers(model, data, 0) is None
