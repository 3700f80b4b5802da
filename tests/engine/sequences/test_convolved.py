"""Causal convolutions over one sequence, against a loop over time steps in float64."""

from __future__ import annotations

import numpy as np

from engine.data.datasets import load
from engine.experiments.experiment import preset, trace_of
from engine.fields import edited
from engine.passes.modules import build
from engine.sequences.convolved import look_at_convolutions
from engine.sequences.tasks import with_convolution

STEPS, KERNEL = 12, 3


def test_each_channel_at_each_step_is_that_of_a_loop_which_looks_at_the_past_only():
    experiment = preset("waves-lstm")
    experiment = with_convolution(edited(experiment, data=edited(experiment.data, samples=20, length=STEPS)))
    data = load(experiment.data, seed=0)
    import torch

    torch.manual_seed(0)
    model = build(experiment.network.layers, trace_of(experiment).input).eval()
    answer = look_at_convolutions(model, data, sample=3)
    ((_, layers),) = answer.recurrent
    convolutions = [module for module in model.modules() if isinstance(module, torch.nn.Conv1d)]
    assert len(layers) == len(convolutions) > 1
    values = data.x_validation[3].double().numpy()  # (T, D)
    reach = 1
    for layer, module in zip(layers, convolutions, strict=True):
        weight, bias = (each.detach().double().numpy() for each in (module.weight, module.bias))
        dilation = module.dilation[0]
        found = np.tile(bias, (STEPS, 1))
        for t in range(STEPS):
            for tap in range(KERNEL):
                past = t - (KERNEL - 1 - tap) * dilation
                if past >= 0:
                    found[t] += weight[:, :, tap] @ values[past]
        values = np.maximum(found, 0)
        np.testing.assert_allclose(layer.arrays["h"], values, atol=1e-5)
        reach += (KERNEL - 1) * dilation
        assert (layer.reach, layer.dilation, layer.units) == (reach, dilation, len(weight))
    assert reach >= STEPS
    with torch.no_grad():
        np.testing.assert_allclose(answer.output, model(data.x_validation[3:4])[0].numpy(), atol=1e-6)


def test_a_network_without_convolutions_over_time_has_none():
    experiment = preset("waves-lstm")
    experiment = edited(experiment, data=edited(experiment.data, samples=20, length=STEPS))
    model = build(experiment.network.layers, trace_of(experiment).input).eval()
    assert look_at_convolutions(model, load(experiment.data, seed=0), sample=0).recurrent == ()
