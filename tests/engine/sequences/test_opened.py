"""Every gate and state of torch's recurrent modules, against cells written out in double precision and torch's own outputs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from torch import Tensor, nn

from engine.sequences.opened import opened
from tests.engine.sequences.unrolled_cells import random_modules, unrolled

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")

NAMES = {"LSTM": ["i", "f", "g", "o", "c", "h"], "GRU": ["r", "z", "n", "h"], "RNN": ["h"]}


def held(rnn: nn.RNNBase, x: Tensor) -> None:
    """All arrays of `rnn` over `x` within 1e-6 of the unrolled cells, the last states and all outputs as torch's own."""
    found = opened(rnn, x)
    with torch.no_grad():
        outputs, truth = unrolled(rnn, x)
        own, state = rnn(x[None])
    assert [(one.layer, one.backward) for one in found] == [(one.layer, one.backward) for one in truth]
    for one, other in zip(found, truth, strict=True):
        assert list(one.arrays) == NAMES[one.kind]
        for name, values in one.arrays.items():
            assert values.dtype == np.float32
            expected = other.array(name).numpy()
            assert values.shape == expected.shape
            np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-6 * max(1.0, np.abs(expected).max()))
    directions = 1 + rnn.bidirectional
    top = np.concatenate([one.arrays["h"] for one in found[-directions:]], 1)
    np.testing.assert_array_equal(top, own[0].numpy())
    np.testing.assert_allclose(top, outputs.detach().numpy(), rtol=1e-6, atol=1e-6)
    hidden, cells = state if isinstance(state, tuple) else (state, None)
    for number, one in enumerate(found):
        last = 0 if one.backward else -1
        np.testing.assert_array_equal(one.arrays["h"][last], hidden[number, 0].numpy())
        if cells is not None:
            np.testing.assert_allclose(one.arrays["c"][last], cells[number, 0].numpy(), rtol=1e-6, atol=1e-6)


@given(random_modules())
def test_all_gates_and_states_of_random_modules(module: tuple[nn.RNNBase, Tensor]) -> None:
    held(*module)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("steps", [1, 5000])
def test_one_step_and_five_thousand(kind: str, steps: int) -> None:
    torch.manual_seed(0)
    held(getattr(nn, kind)(2, 4, batch_first=True), torch.randn(steps, 2))


def test_the_old_state_is_that_of_the_direction() -> None:
    torch.manual_seed(0)
    forward, backward = opened(nn.LSTM(2, 3, bidirectional=True, batch_first=True), torch.randn(4, 2))
    assert [forward.old_step(t) for t in range(4)] == [None, 0, 1, 2]
    assert [backward.old_step(t) for t in range(4)] == [1, 2, 3, None]
    assert (forward.name, backward.name) == ("layer0.forward", "layer0.backward")
    for one in (forward, backward):
        for name in ("c", "h"):
            truth = [one.arrays[name][old] if (old := one.old_step(t)) is not None else np.zeros(3) for t in range(4)]
            np.testing.assert_array_equal(one.old_states(name), truth)
            np.testing.assert_array_equal([one.old_state(name, t) for t in range(4)], truth)


def test_the_numbers_are_copies_and_the_module_is_not_changed() -> None:
    torch.manual_seed(0)
    rnn = nn.GRU(2, 3, batch_first=True).train()
    before = {name: weight.clone() for name, weight in rnn.state_dict().items()}
    state = torch.get_rng_state()
    (one,) = opened(rnn, np.ones((5, 2), np.float32))
    one.weight_hh[:] = 7
    one.arrays["z"][:] = 7
    assert rnn.training
    assert torch.equal(torch.get_rng_state(), state)
    for name, weight in rnn.state_dict().items():
        assert torch.equal(weight, before[name])


def test_gates_of_a_module_in_double_precision_are_close_to_those_of_single() -> None:
    torch.manual_seed(0)
    rnn = nn.LSTM(2, 3, batch_first=True)
    x = torch.randn(6, 2)
    (single,) = opened(rnn, x)
    (double,) = opened(rnn.double(), x)
    for name, values in single.arrays.items():
        np.testing.assert_allclose(double.arrays[name], values, atol=1e-6)
