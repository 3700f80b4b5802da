"""Runs that learn together against the same runs alone: the ordinary trainer is the oracle. What is drawn is the same to the
bit, what is computed to rounding."""

from __future__ import annotations

import json

import msgspec
import pytest
import torch

from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import Experiment, Network, preset, preset_names
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.schedules import CosineAnnealingLR, ReduceLROnPlateau
from engine.experiments.stopping import EarlyStopping
from engine.layers.kinds.activation import Dropout, LeakyReLU, ReLU
from engine.layers.kinds.composite import every
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.normalization import BatchNorm2d
from engine.layers.kinds.pooling import MaxPool2d
from engine.layers.kinds.recurrent import LSTM
from engine.runs.folder import STATUS, Run
from engine.runs.status import Reason
from engine.training.together import company, stacked_step
from engine.training.together.apart import MOST_TOGETHER, most_together, why_apart
from engine.training.together.company import Company
from engine.training.together.stacked_readout import InBlocks
from engine.training.worker import resume, train
from tests.engine.training.late_blocks import LateBlock
from tests.engine.training.together.together_cases import CASES, DENSE, DIGITS, HEAD, PLAIN, learned, of_seeds, require_alike

REL, WEIGHTS = 5e-6, 5e-6  # measured: at most 1e-6 of a loss, 5e-7 of a weight
KINKED = 2e-4  # of both, where a number at a kink may fall on its other side: measured 7e-5 where one did
HOT = Experiment(
    seed=9,
    data=DIGITS,
    network=Network(layers=(Flatten(), *(Linear(out_features=16),) * 4, Linear(out_features=10))),
    training=msgspec.structs.replace(PLAIN, epochs=4, lr=4.6, momentum=0.0, loss="mean_squared_error"),
)


def trained(experiments, root):
    folders = [root / f"alone-{run}" for run in range(len(experiments))]
    return [train(each, folder=folder, threads=1) for each, folder in zip(experiments, folders, strict=True)], folders


@pytest.mark.parametrize("name", CASES)
def test_each_run_is_that_of_its_seed_alone_to_rounding(name, tmp_path):
    experiments = of_seeds(CASES[name], 3)
    together, folders = learned(experiments, tmp_path)
    assert together.failure is None
    alone, others = trained(experiments, tmp_path)
    for run, status in enumerate(alone):
        found = together.status(run)
        assert (found.reason, found.step, found.together) == (Reason.COMPLETED, status.step, 3)
        assert "learned_together" in [notice.code for notice in found.notices]
        kinked = any(isinstance(layer, ReLU | LeakyReLU | MaxPool2d) for layer in every(CASES[name].network.layers))
        require_alike(folders[run], others[run], *((KINKED, KINKED) if kinked else (REL, WEIGHTS)))
    first, second = (Run.open(folder).history().train.since()[1] for folder in folders[:2])
    assert abs(first - second).max() > 1e-3, "each has its own seed"


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_elementwise_optimiser_updates_each_run_as_alone(optimizer, tmp_path):
    row = OPTIMIZERS[optimizer]
    assert row.elementwise
    training = msgspec.structs.replace(
        PLAIN, optimizer=optimizer, lr=row.lr, weight_decay=0.01, decay_applies_to="weights", schedule=CosineAnnealingLR()
    )
    experiments = of_seeds(Experiment(seed=1, data=DIGITS, network=DENSE, training=training), 2)
    _, folders = learned(experiments, tmp_path)
    _, others = trained(experiments, tmp_path)
    for folder, other in zip(folders, others, strict=True):
        require_alike(folder, other, KINKED, KINKED)


def test_a_run_goes_on_alone_from_what_it_has_kept(tmp_path):
    experiments = of_seeds(CASES["batch norm"], 2)
    _, folders = learned(experiments, tmp_path)
    longer = [msgspec.structs.replace(each, training=msgspec.structs.replace(each.training, epochs=6)) for each in experiments]
    alone, _ = trained(longer, tmp_path)
    for folder, status in zip(folders, alone, strict=True):
        went_on = resume(folder, epochs=6, threads=1)
        assert (went_on.reason, went_on.step) == (Reason.COMPLETED, status.step)
        assert went_on.validation_loss == pytest.approx(status.validation_loss, rel=1e-5)
        assert went_on.together == 2 and json.loads((folder / STATUS).read_text())["together"] == 2
        assert Run.open(folder).summary().status.together == 2


def test_runs_that_stop_early_leave_the_others_to_go_on(tmp_path):
    stopping = EarlyStopping(patience=2, restore_best=True)
    training = msgspec.structs.replace(PLAIN, epochs=40, lr=0.3, early_stopping=stopping)
    experiments = of_seeds(Experiment(seed=8, data=DIGITS, network=DENSE, training=training), 4)
    together, folders = learned(experiments, tmp_path)
    alone, others = trained(experiments, tmp_path)
    ends = [status.step for status in alone]
    assert len(set(ends)) > 1 and max(ends) < 40 * 5
    for run, status in enumerate(alone):
        found = together.status(run)
        assert (found.reason, found.step, found.best_epoch) == (Reason.COMPLETED, status.step, status.best_epoch)
        for name, tensor in Run.open(others[run]).weights().items():
            torch.testing.assert_close(Run.open(folders[run]).weights()[name], tensor, rtol=0, atol=KINKED)


def test_runs_that_diverge_end_each_at_its_own_step_with_the_weights_before_it(tmp_path):
    experiments = of_seeds(HOT, 4)
    together, folders = learned(experiments, tmp_path)
    alone, others = trained(experiments, tmp_path)
    assert [status.reason.value for status in alone] == ["completed", "completed", "diverged", "diverged"]
    assert len({status.step for status in alone}) == 3
    for run, status in enumerate(alone):
        found = together.status(run)
        assert (found.reason, found.step) == (status.reason, status.step)
        assert (found.problem and found.problem.code) == (status.problem and status.problem.code)
        ours, theirs = (Run.open(folder[run]) for folder in (folders, others))
        assert ours.history().train.last_step() == theirs.history().train.last_step()
        assert all(bool(tensor.isfinite().all()) for tensor in ours.weights().values())
        if status.reason is Reason.COMPLETED:
            require_alike(folders[run], others[run], KINKED, KINKED)


@pytest.mark.parametrize("experiment", [CASES["batch norm"], HOT], ids=["completed", "diverged"])
def test_a_gpus_losses_come_late_and_are_the_same_to_the_bit(experiment, tmp_path, monkeypatch):
    experiments = of_seeds(experiment, 3)
    at_once, folders = learned(experiments, tmp_path / "at once")
    monkeypatch.setattr("engine.training.readout._Block", LateBlock)
    monkeypatch.setattr(stacked_step, "stacked_readout", InBlocks)
    late, others = learned(experiments, tmp_path / "late")
    for run, (folder, other) in enumerate(zip(folders, others, strict=True)):
        assert late.status(run).reason is at_once.status(run).reason
        for ours, theirs in zip(Run.open(other).history().train.since(), Run.open(folder).history().train.since(), strict=True):
            assert ours.tolist() == theirs.tolist()


def test_what_cannot_be_computed_for_all_leaves_the_runs_to_go_on_alone(tmp_path, monkeypatch):
    """torch has no batched form of its LSTM: the real error of the real computation, where the rule is not asked."""
    layers = (Flatten(start_dim=2), LSTM(hidden_size=4), Linear(out_features=10))
    experiments = of_seeds(Experiment(seed=2, data=DIGITS, network=Network(layers=layers), training=PLAIN), 2)
    with pytest.raises(ValueError, match="LSTM"):
        Company(experiments, [None, None])
    monkeypatch.setattr(company, "why_apart", lambda _experiment: None)
    ended = []
    folders = [tmp_path / "0", tmp_path / "1"]
    together = Company(experiments, list(folders), threads=1, on_end=ended.append)
    together.run()
    assert together.failure is not None and "lstm" in together.failure.sentence()
    assert (ended, [together.status(run).reason for run in ended]) == ([0, 1], [Reason.STOPPED] * 2)
    _, others = trained(experiments, tmp_path)
    for folder, other in zip(folders, others, strict=True):
        assert resume(folder, threads=1).reason is Reason.COMPLETED
        ours, theirs = (Run.open(each).history().train.since()[1].tobytes() for each in (folder, other))
        assert ours == theirs, "alone, to the bit"


def test_a_stop_keeps_every_run_where_it_is(tmp_path):
    experiments = of_seeds(
        Experiment(seed=2, data=DIGITS, network=DENSE, training=msgspec.structs.replace(PLAIN, epochs=1_000_000)), 2
    )
    folders = [tmp_path / "0", tmp_path / "1"]
    together = Company(
        experiments, list(folders), threads=1, on_tick=lambda: together.stop() if together.status(1).step > 5 else None
    )
    together.run()
    for run, folder in enumerate(folders):
        status = together.status(run)
        assert (status.reason, Run.open(folder).kept().step) == (Reason.STOPPED, status.step) and status.step > 5
    (one, other) = (together.status(run).step for run in range(2))
    assert one == other


DROPPING = Network(layers=(Flatten(), Dropout(p=0.2), Linear(out_features=10)))
COUNTING = Network(layers=(Conv2d(out_channels=2, kernel_size=3), BatchNorm2d(momentum=None), ReLU(), *HEAD))
RECURRENT = Network(layers=(Flatten(start_dim=2), LSTM(hidden_size=4), Linear(out_features=10)))


@pytest.mark.parametrize(
    ("network", "changed", "code"),
    [
        (DENSE, {}, None),
        (DROPPING, {}, "apart_dropout"),
        (COUNTING, {}, "apart_plain_average"),
        (RECURRENT, {}, "apart_recurrent"),
        (DENSE, {"augmentation": Augmentation(noise=0.1)}, "apart_augmentation"),
        (DENSE, {"clip": 1.0}, "apart_clip"),
        (DENSE, {"schedule": ReduceLROnPlateau()}, "apart_plateau"),
        (DENSE, {"schedule": CosineAnnealingLR()}, None),
        (DENSE, {"device": "mps"}, "apart_device"),
    ],
)
def test_why_runs_learn_each_by_itself(network, changed, code):
    training = msgspec.structs.replace(PLAIN, **changed)
    why = why_apart(Experiment(data=DIGITS, network=network, training=training))
    assert (None if why is None else why.code) == code
    for language in ("en", "ko") if why else ():
        assert why.sentence(language)


def test_an_optimiser_that_is_not_elementwise_and_data_that_are_too_large_are_refused(monkeypatch):
    experiment = Experiment(data=DIGITS, network=DENSE, training=PLAIN)
    assert most_together(experiment) == MOST_TOGETHER
    monkeypatch.setitem(OPTIMIZERS, "SGD", OPTIMIZERS["SGD"]._replace(elementwise=False))
    why = why_apart(experiment)
    assert why is not None and why.code == "apart_optimizer"
    monkeypatch.undo()
    size = 100 * (64 + 1) * 4  # bytes of a run's data
    for room, most in ((size * 3 + 1, 3), (size, 1)):
        monkeypatch.setattr("engine.training.together.apart.MOST_DATA_BYTES", room)
        assert most_together(experiment) == most
    why = why_apart(experiment)
    assert why is not None and why.code == "apart_data"


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_refused_or_computed(name):
    """One epoch of a few samples is enough to see whether torch can do what the rule says that it can."""
    base = preset(name)
    data = msgspec.structs.replace(base.data, samples=40) if base.data.path is None else base.data
    training = msgspec.structs.replace(base.training, epochs=1, batch_size=16, device="cpu")
    experiment = msgspec.structs.replace(base, data=data, training=training)
    if why_apart(experiment) is not None:
        return
    together = Company(of_seeds(experiment, 2), [None, None], threads=1)
    together.run()
    assert together.failure is None
    assert [together.status(run).reason for run in range(2)] == [Reason.COMPLETED] * 2
