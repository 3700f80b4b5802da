"""A run, its checkpoint and its resumption import no compiler, sympy or scikit-learn; its steps are torch's."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from engine.experiments.optimisers import OPTIMIZERS
from engine.training.optimizer_steps import step_of

RUN = """
import sys
from pathlib import Path
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training
from engine.layers.catalog import Flatten, Linear
from engine.training.worker import resume, train
network = Network(layers=(Flatten(), Linear(out_features=10)))
for optimizer in sys.argv[2:]:
    training = Training(optimizer=optimizer, epochs=1, batch_size=50, clip=1.0)
    run = Path(sys.argv[1]) / optimizer
    train(Experiment(data=Data(samples=100), network=network, training=training), folder=run)
    assert resume(run, epochs=2).step == 4
    found = [name for name in ("torch._dynamo", "sympy", "sklearn", "scipy") if name in sys.modules]
    assert not found, (optimizer, found)
print("none")
"""


def test_a_run_imports_none_of_it(tmp_path):
    done = subprocess.run([sys.executable, "-c", RUN, str(tmp_path), *OPTIMIZERS], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "none"), done.stderr


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_is_torchs_own_to_the_bit(name):
    def trained(own: bool) -> torch.Tensor:
        torch.manual_seed(4)
        weight = torch.nn.Parameter(torch.randn(40))
        optimizer = getattr(torch.optim, name)([weight], lr=0.01)
        step = step_of(optimizer) if own else optimizer.step
        for _ in range(5):
            weight.grad = torch.randn(40)
            step()
        return weight.detach()

    assert torch.equal(trained(own=True), trained(own=False))


def test_a_step_leaves_gradients_as_they_are_recorded():
    weight = torch.nn.Parameter(torch.ones(2))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    weight.grad = torch.ones(2)
    step_of(optimizer)()
    assert torch.is_grad_enabled()
    assert weight.is_leaf and weight.requires_grad
