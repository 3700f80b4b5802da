"""What is read of a model, against torch's own numbers and networks whose weights are set by hand."""

from __future__ import annotations

from math import sqrt

import pytest
import torch
from torch import nn

from engine.doctor import observing


def vector(*rows: float) -> torch.Tensor:
    return torch.tensor(rows).reshape(-1, 1)


def test_units_are_dead_that_are_zero_for_every_sample_of_the_whole_set():
    layer = nn.Linear(1, 4)
    with torch.no_grad():
        layer.weight.copy_(vector(1.0, 1.0, 1.0, 0.0))
        layer.bias.copy_(torch.tensor([0.0, -50.0, -500.0, -1.0]))
    model = nn.Sequential(layer, nn.ReLU())
    samples = torch.arange(100.0).reshape(-1, 1)  # the second unit lives from sample 51 on, the third never
    (look,) = observing.activations(model, samples)
    assert (look.name, look.samples, look.dead) == ("2 (ReLU)", 64, 0.5)
    with torch.no_grad():
        layer.bias[1] = -80.0  # three of four seem dead after 64 samples: the others are asked too
    (look,) = observing.activations(model, samples)
    assert (look.samples, look.dead) == (100, 0.5)


def test_a_channel_is_dead_only_if_all_of_its_places_are():
    model = nn.Sequential(nn.ReLU(), nn.Flatten(), nn.Linear(8, 1))
    x = -torch.ones(3, 2, 2, 2)
    x[1, 1, 0, 1] = 5.0
    (look,) = observing.activations(model, x)
    assert look.dead == 0.5


@pytest.mark.parametrize(("kind", "saturated"), [(nn.Sigmoid(), 2 / 5), (nn.Tanh(), 3 / 5)])
def test_outputs_are_saturated_within_a_thirtieth_of_the_end(kind, saturated):
    model = nn.Sequential(kind, nn.Linear(1, 1))
    (look,) = observing.activations(model, vector(-4.0, -2.2, 0.0, 0.5, 4.0))  # σ(±4) = 0.018, 0.982; tanh 2.2 = 0.976
    assert look.saturated == pytest.approx(saturated)


def test_deviation_and_deviation_between_samples_are_torchs():
    model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 2))
    x = torch.randn(40, 6, generator=torch.Generator().manual_seed(0))
    (look,) = observing.activations(model, x)
    outputs = torch.tanh(model[0](x)).detach()
    assert look.deviation == pytest.approx(float(outputs.std(correction=0)), abs=1e-6)
    assert look.between == pytest.approx(float(outputs.var(0, correction=0).mean().sqrt()), abs=1e-6)


def test_gains_are_what_torch_xavier_and_he_begin_with():
    model = nn.Sequential(nn.Linear(400, 300), nn.ReLU(), nn.Conv2d(30, 40, 3))
    gains = {look.name: look.gain for look in observing.weight_looks(observing.multiplied(model))}
    assert gains == {"1 (Linear)": pytest.approx(sqrt(1 / 3), rel=0.02), "3 (Conv2d)": pytest.approx(sqrt(1 / 3), rel=0.03)}
    nn.init.kaiming_normal_(model[0].weight, nonlinearity="relu")
    nn.init.zeros_(model[2].weight)
    first, second = observing.weight_looks(observing.multiplied(model))
    assert first.gain == pytest.approx(sqrt(2), rel=0.02) and not first.is_constant
    assert second.gain == 0 and second.is_constant


def test_a_step_is_read_from_its_gradients_and_what_it_moved():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    weights = observing.multiplied(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.randn(8, 3)).square().mean().backward()
    before = observing.copies(weights)
    optimizer.step()
    look = observing.step_look(weights, before)
    gradients = [model[0].weight.grad, model[2].weight.grad]
    assert look.gradient == pytest.approx(float(torch.cat([grad.flatten() for grad in gradients]).norm()))
    assert [name for name, _ in look.by_layer] == ["1 (Linear)", "3 (Linear)"]
    assert [value for _, value in look.by_layer] == [pytest.approx(float(grad.square().mean().sqrt())) for grad in gradients]
    expected = [0.1 * float(grad.norm() / old.norm()) for grad, old in zip(gradients, before, strict=True)]
    assert look.updates == tuple(pytest.approx(value, rel=1e-4) for value in expected)


def test_looking_changes_neither_modes_nor_statistics_nor_random_numbers():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Dropout(0.5), nn.Linear(4, 2)).train()
    model[3].eval()
    kept = {name: value.clone() for name, value in model.state_dict().items()}
    state = torch.get_rng_state()
    observing.activations(model, torch.randn(5, 3, generator=torch.Generator().manual_seed(0)))
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(value, kept[name]) for name, value in model.state_dict().items())
    assert [module.training for module in model] == [True, True, True, False, True]
    assert not model[2]._forward_hooks


def test_layers_in_training_mode_are_those_that_compute_otherwise_then():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Dropout(0.5), nn.Dropout(0.0)).train()
    assert observing.in_training_mode(model) == ("2 (BatchNorm1d)", "4 (Dropout)")
    assert observing.in_training_mode(model.eval()) == ()


def test_recurrent_layers_are_looked_at_by_their_states_and_embeddings_left_out():
    class Last(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rnn = nn.LSTM(2, 3, batch_first=True)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.rnn(x)[0][:, -1]

    model = nn.Sequential(Last(), nn.Linear(3, 1))
    (look,) = observing.activations(model, torch.randn(4, 5, 2))
    assert look.name == "1 (LSTM)" and look.saturated == 0.0 and look.dead == 0.0
    assert [name for name, _ in observing.multiplied(model)] == ["1 (LSTM)", "2 (Linear)"]
    assert observing.has_recurrence(model) and not observing.has_activations(model)
    assert observing.multiplied(nn.Sequential(nn.Embedding(5, 4))) == ()


def test_a_model_that_does_not_fit_into_the_memory_is_not_looked_at():
    class Full(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    assert observing.activations(nn.Sequential(Full(), nn.ReLU(), nn.Linear(1, 1)), torch.zeros(3, 1)) == ()
