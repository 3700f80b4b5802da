"""What only a CUDA GPU can show. Skipped where there is none."""

import json
import sys

import pytest
import torch

from engine.data.info import Data
from engine.doctor.remedies import mending
from engine.experiments.experiment import Experiment, Network, Training, write
from engine.layers.kinds.activation import Dropout, ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.normalization import BatchNorm2d
from engine.runs.status import Reason
from engine.training.worker import train
from tests.engine.training.test_shared_steps import free_port
from tests.engine.training.test_torchrun import losses_of, started

pytestmark = [pytest.mark.cuda, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA")]


def test_a_batch_that_is_too_large_is_a_sentence_and_a_smaller_one():
    layers = (Conv2d(out_channels=64, kernel_size=3, padding=1), ReLU(), Flatten(), Linear(out_features=10))
    training = Training(epochs=1, batch_size=1024, device="cuda")
    experiment = Experiment(data=Data(name="mnist-5k"), network=Network(layers=layers), training=training)
    share = 400e6 / torch.cuda.get_device_properties(0).total_memory  # 1024 maps of 64x28x28 alone take 205 MB
    torch.cuda.set_per_process_memory_fraction(share)
    try:
        status = train(experiment)
        assert status.reason is Reason.FAILED and status.problem is not None and status.problem.code == "out_of_memory"
        while status.reason is Reason.FAILED:
            offered = mending(status.problem, experiment)
            assert offered is not None
            experiment = offered.experiment
            status = train(experiment)
        assert status.reason is Reason.COMPLETED and experiment.training.batch_size < 1024
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="one GPU")
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform == "win32", reason="torchrun's store is not there on Windows")
def test_two_processes_with_a_gpu_each_compute_what_one_computes(tmp_path):
    layers = (Conv2d(out_channels=8, kernel_size=3), BatchNorm2d(), ReLU(), Dropout(p=0.3), Flatten(), Linear(out_features=10))
    training = Training(epochs=3, batch_size=31, optimizer="SGD", lr=0.05, momentum=0.9, device="cuda")
    experiment = Experiment(seed=2, data=Data(samples=100), network=Network(layers=layers), training=training)
    write(experiment, tmp_path / "experiment.toml")
    assert train(experiment, folder=tmp_path / "alone").reason is Reason.COMPLETED
    arguments = ("--nproc-per-node", 2, "--master-port", free_port(), "-m", "engine", "train", tmp_path / "experiment.toml")
    with started(tmp_path / "log", *arguments, "--out", tmp_path / "together", "--json") as run:
        printed = run.end()
    (line,) = [line for line in printed.splitlines() if line.startswith("{")]
    assert (json.loads(line)["reason"], json.loads(line)["processes"]) == ("completed", 2)
    assert losses_of(tmp_path / "together") == pytest.approx(losses_of(tmp_path / "alone"), rel=1e-3)
