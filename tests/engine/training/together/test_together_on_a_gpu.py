"""Runs that learn together on a CUDA GPU. Skipped where there is none; `test_learning_together` has the same on the CPU."""

import numpy as np
import pytest
import torch

from engine.experiments.experiment import Experiment
from engine.fields import edited
from engine.queue.plan import QueuePlan
from engine.queue.queue_folder import QueueFolder
from engine.queue.running import Queue
from engine.runs.folder import Run
from engine.runs.status import Reason
from engine.training.worker import resume, train
from tests.engine.training.together.test_learning_together import HOT
from tests.engine.training.together.together_cases import CASES, DENSE, DIGITS, PLAIN, learned, of_seeds
from tests.patience import GIVE_UP_S

pytestmark = [pytest.mark.cuda, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA"), pytest.mark.timeout(300)]
ON_GPU = {name: edited(each, training=edited(each.training, device="cuda")) for name, each in CASES.items()}


@pytest.mark.parametrize("name", ON_GPU)
def test_each_run_is_that_of_its_seed_alone_to_rounding(name, tmp_path):
    experiments = of_seeds(ON_GPU[name], 4)
    together, folders = learned(experiments, tmp_path)
    assert together.failure is None
    for run, experiment in enumerate(experiments):
        alone = train(experiment, folder=tmp_path / f"alone-{run}")
        found = together.status(run)
        assert (found.reason, found.step, found.device[:4]) == (Reason.COMPLETED, alone.step, "cuda")
        ours, theirs = Run.open(folders[run]), Run.open(alone.folder)
        for column, wanted in zip(ours.history().train.since(), theirs.history().train.since(), strict=True):
            np.testing.assert_allclose(column, wanted, rtol=1e-2, equal_nan=True)
        assert found.validation_loss == pytest.approx(alone.validation_loss, rel=1e-2)
        for name, first in ours.timeline().read(0).items():
            assert np.array_equal(first, theirs.timeline().read(0)[name]), "the first weights, to the bit"


def test_runs_that_diverge_are_found_late_and_hinder_no_other(tmp_path):
    experiments = of_seeds(edited(HOT, training=edited(HOT.training, device="cuda")), 4)
    together, _ = learned(experiments, tmp_path)
    assert together.failure is None
    reasons = [train(each).reason for each in experiments]
    assert set(reasons) == {Reason.COMPLETED, Reason.DIVERGED}
    assert [together.status(run).reason for run in range(4)] == reasons


def test_a_run_goes_on_alone(tmp_path):
    _, folders = learned(of_seeds(ON_GPU["batch norm"], 2), tmp_path)
    status = resume(folders[1], epochs=5)
    assert (status.reason, status.step, status.together) == (Reason.COMPLETED, 25, 2)


def test_a_queue_hands_its_seeds_out_as_one_computation(tmp_path):
    base = Experiment(seed=1, data=DIGITS, network=DENSE, training=edited(PLAIN, device="auto"))
    queue = Queue(QueueFolder.create(tmp_path / "queue", base, QueuePlan(seeds=4)), jobs=1)
    queue.start()
    assert queue.wait(2 * GIVE_UP_S)
    assert [(run.condition, run.together) for run in queue.status().runs] == [("completed", 4)] * 4
