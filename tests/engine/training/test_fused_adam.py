"""The short way to a step of Adam leads to torch's own numbers, to the bit."""

from copy import deepcopy

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from engine.training.optimizer_steps import FusedAdam, update_of


def network(seed=3):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 5))
    return model.to(memory_format=torch.channels_last)


def gradients(model, step):
    made = torch.Generator().manual_seed(step)
    x, y = torch.randn(6, 1, 8, 8, generator=made), torch.randint(0, 5, (6,), generator=made)
    model.zero_grad()
    cross_entropy(model(x), y).backward()


def groups_of(model, *, decay):
    weights = [parameter for parameter in model.parameters() if parameter.dim() > 1]
    biases = [parameter for parameter in model.parameters() if parameter.dim() == 1]
    return [{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0.0}]


@pytest.mark.parametrize("kind", [torch.optim.Adam, torch.optim.AdamW])
@pytest.mark.parametrize("decay", [0.0, 0.03])
def test_the_weights_are_torchs_to_the_bit_also_where_the_rate_changes(kind, decay):
    ours, theirs = network(), network()
    optimizer = kind(groups_of(ours, decay=decay), lr=3e-3, fused=True)
    other = kind(groups_of(theirs, decay=decay), lr=3e-3, fused=True)
    update = update_of(optimizer)
    assert isinstance(update, FusedAdam)
    for step in range(12):
        for group in (*optimizer.param_groups, *other.param_groups):
            group["lr"] = 3e-3 / (1 + step % 4)
        gradients(ours, step)
        gradients(theirs, step)
        update()
        other.step()
        for mine, its in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert torch.equal(mine, its)
    kept, expected = optimizer.state_dict()["state"], other.state_dict()["state"]
    for index, state in expected.items():
        for name, value in state.items():
            assert torch.equal(kept[index][name], value), (index, name)


def test_it_goes_on_from_a_state_that_was_loaded():
    ours, theirs = network(), network()
    other = torch.optim.Adam(theirs.parameters(), fused=True)
    for step in range(4):
        gradients(theirs, step)
        other.step()
    ours.load_state_dict(theirs.state_dict())
    optimizer = torch.optim.Adam(ours.parameters(), fused=True)
    optimizer.load_state_dict(deepcopy(other.state_dict()))
    update = update_of(optimizer)
    for step in range(4, 9):
        gradients(ours, step)
        gradients(theirs, step)
        update()
        other.step()
    for mine, its in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(mine, its)


def test_a_parameter_without_a_gradient_is_left_to_torch():
    ours = network()
    idle = nn.Parameter(torch.ones(2))
    optimizer = torch.optim.Adam([*ours.parameters(), idle], fused=True)
    update = update_of(optimizer)
    for step in range(3):
        gradients(ours, step)
        update()
    assert torch.equal(idle, torch.ones(2))
    assert float(optimizer.state[next(ours.parameters())]["step"]) == 3


@pytest.mark.parametrize("kind", [torch.optim.SGD, torch.optim.NAdam])
def test_other_optimisers_step_as_ever(kind):
    ours, theirs = network(), network()
    optimizer, other = kind(ours.parameters(), lr=0.01), kind(theirs.parameters(), lr=0.01)
    update = update_of(optimizer)
    assert not isinstance(update, FusedAdam)
    for step in range(3):
        gradients(ours, step)
        gradients(theirs, step)
        update()
        other.step()
    for mine, its in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(mine, its)
