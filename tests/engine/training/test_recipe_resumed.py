"""Every setting of a training survives a break: a run that was stopped and goes on has the losses of one without a break."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.data.info import Data
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import Experiment, Network, Training, read, write
from engine.experiments.schedules import AnySchedule, CosineAnnealingLR, LinearLR, OneCycleLR, ReduceLROnPlateau, StepLR
from engine.experiments.stopping import EarlyStopping
from engine.fields import edited
from engine.layers.catalog import BatchNorm1d, Conv2d, Dropout, Flatten, Linear, ReLU
from engine.runs.folder import EXPERIMENT, METRICS, STATUS, WEIGHTS, Run
from engine.runs.status import Reason, State, Status
from engine.training.trainer import Trainer
from engine.training.worker import Worker, resume, train
from tests.patience import GIVE_UP_S

LAYERS = (
    Conv2d(out_channels=3, kernel_size=3), ReLU(), Flatten(), BatchNorm1d(), Dropout(p=0.2), Linear(out_features=10),
)  # fmt: skip
AT_REST = (State.PAUSED, State.IDLE)


def experiment(**training: object) -> Experiment:
    settings = {"batch_size": 20, "epochs": 4, "device": "cpu", "lr": 0.02} | training
    return Experiment(
        name="set up", seed=6, data=Data(samples=75), network=Network(layers=LAYERS), training=Training(**settings)
    )


def run_to(step: int, folder: Path, made: Experiment, rates: dict[int, float] | None = None) -> Status:
    """Run it as far as `step` and stop; with another learning rate after each step of `rates`."""
    worker = Worker()
    worker.start(made, folder=folder, paused=True)
    for stop in sorted({*(rates or {}), step}):
        worker.step(stop - worker.status().step)
        assert worker.wait_until(lambda status, stop=stop: status.step == stop and status.state in AT_REST, GIVE_UP_S)
        if stop in (rates or {}):
            worker.set_lr(rates[stop])
    worker.stop()
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    return worker.status()


def assert_same(one: Path, other: Path) -> None:
    mine, theirs = Run.open(one).history(), Run.open(other).history()
    for series in ("train", "epoch_train", "validation"):
        for left, right in zip(getattr(mine, series).since(), getattr(theirs, series).since(), strict=True):
            np.testing.assert_array_equal(left, right)
    assert (one / WEIGHTS).read_bytes() == (other / WEIGHTS).read_bytes()


SETTINGS: dict[str, dict[str, object]] = {
    "steps": {"schedule": StepLR(step_size=1, gamma=0.3)},
    "cosine": {"schedule": CosineAnnealingLR()},
    "one cycle": {"schedule": OneCycleLR()},
    "warm-up": {"schedule": LinearLR(warmup_epochs=3.0)},
    "plateau": {"schedule": ReduceLROnPlateau(patience=0, threshold=0.5, reduction=0.2)},
    "augmentation": {"augmentation": Augmentation(shift=1, rotate=15.0, flip=True, noise=0.1)},
    "decay of weights": {"weight_decay": 0.1, "decay_applies_to": "weights", "optimizer": "NAdam"},
    "first weights": {"initialization": "he_normal", "label_smoothing": 0.1, "class_weights": True},
    "early stopping": {"early_stopping": EarlyStopping(patience=1, min_change=0.3), "epochs": 12},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_broken_off_run_has_the_losses_of_one_without_a_break(name: str, tmp_path: Path) -> None:
    made = experiment(**SETTINGS[name])
    whole = train(made, folder=tmp_path / "whole")
    for step in (2, 3, 5):  # within an epoch, at its end
        run_to(step, tmp_path / f"at {step}", made)
        assert resume(tmp_path / f"at {step}").step == whole.step
        assert_same(tmp_path / f"at {step}", tmp_path / "whole")
    assert read(tmp_path / "whole" / EXPERIMENT) == made


def test_a_resumed_warm_up_has_the_rates_of_one_without_a_break(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a tenth of them: the trap of a schedule that is built after the optimiser's state was loaded."""
    used: list[float] = []
    step = Trainer.step

    def stepping(self: Trainer) -> None:
        step(self)
        used.append(self._optimizer.param_groups[0]["lr"])

    made = experiment(schedule=LinearLR(start_factor=0.1, warmup_epochs=2.0))
    monkeypatch.setattr(Trainer, "step", stepping)
    run_to(5, tmp_path / "run", made)
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    expected = [0.02 * (0.1 + 0.9 * min(done / 6, 1.0)) for done in range(12)]
    assert used == pytest.approx(expected)


def test_a_rate_that_is_set_in_mid_run_scales_what_the_schedule_says(tmp_path: Path) -> None:
    made = experiment(schedule=CosineAnnealingLR())
    status = run_to(6, tmp_path / "run", made, {6: 0.002})
    assert (status.lr, status.rate) == (0.002, pytest.approx(0.002 * 0.5))
    status = resume(tmp_path / "run")
    assert status.lr == 0.002 and status.rate == pytest.approx(0.0, abs=1e-9)
    assert Run.open(tmp_path / "run").history().rates == [(6, 0.002)]


LASTING: list[AnySchedule] = [CosineAnnealingLR(end_factor=0.2), OneCycleLR()]


@pytest.mark.parametrize("schedule", LASTING, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("by_file", [False, True])
def test_more_epochs_go_on_at_the_end_of_the_schedule(schedule: AnySchedule, by_file: bool, tmp_path: Path) -> None:
    """The curve that the run has gone along is not stretched: what was done is what the longer experiment does."""
    made = experiment(schedule=schedule)
    train(made, folder=tmp_path / "run")
    if by_file:
        write(edited(made, training=edited(made.training, epochs=6)), tmp_path / "run" / EXPERIMENT)
    status = resume(tmp_path / "run", epochs=None if by_file else 6)
    assert (status.reason, status.step) == (Reason.COMPLETED, 18)
    kept = read(tmp_path / "run" / EXPERIMENT)
    assert kept.training.schedule == edited(schedule, epochs=4) and kept.training.epochs == 6
    train(kept, folder=tmp_path / "whole")
    assert_same(tmp_path / "run", tmp_path / "whole")
    resume(tmp_path / "run", epochs=7)
    assert read(tmp_path / "run" / EXPERIMENT).training.schedule == edited(schedule, epochs=4)


@pytest.mark.parametrize(("key", "change"), [
    ("training.initialization", {"initialization": "he_normal"}),
    ("training.class_weights", {"class_weights": True}),
    ("training.decay_applies_to", {"decay_applies_to": "weights"}),
])  # fmt: skip
def test_what_decides_the_numbers_is_refused_by_name(key: str, change: dict[str, object], tmp_path: Path) -> None:
    made = experiment(schedule=StepLR(step_size=1, gamma=0.3), weight_decay=0.1)
    run_to(3, tmp_path / "run", made)
    write(edited(made, training=edited(made.training, **change)), tmp_path / "run" / EXPERIMENT)
    status = resume(tmp_path / "run")
    assert status.reason is Reason.FAILED
    assert all(f"{key}" in status.problem.sentence(language) for language in ("en", "ko"))


def test_what_decides_nothing_may_be_another(tmp_path: Path) -> None:
    made = experiment(epochs=2)
    run_to(3, tmp_path / "run", made)
    free = {"initial_deviation": 0.5, "decay_applies_to": "weights", "early_stopping": EarlyStopping()}
    write(edited(made, training=edited(made.training, **free)), tmp_path / "run" / EXPERIMENT)
    assert resume(tmp_path / "run").reason is Reason.COMPLETED


# early stopping

EARLY = {"early_stopping": EarlyStopping(patience=2), "epochs": 200, "lr": 0.3, "optimizer": "SGD"}


def test_a_run_stops_early_says_why_and_its_weights_are_the_best(tmp_path: Path) -> None:
    made = experiment(**EARLY)
    status = train(made, folder=tmp_path / "run")
    assert status.reason is Reason.COMPLETED and status.step < status.steps
    _, losses, _ = Run.open(tmp_path / "run").history().validation.since()
    best = int(np.argmin(losses)) + 1
    assert len(losses) == best + 2, "two epochs that were no better"
    (notice,) = [notice for notice in status.notices if notice.code == "stopped_early"]
    assert notice.values == {"epochs": 2, "best": best}
    assert "no better validation loss for 2 epochs" in notice.sentence()
    assert status.notices[-1].code == "best_taken" and f"epoch {best}" in status.notices[-1].sentence()
    _, (train_losses, train_accuracies, losses, accuracies) = Run.open(tmp_path / "run").history().epochs.since()
    for told in (status, Run.open(tmp_path / "run").summary().status):
        assert told.best_epoch == best
        assert (told.validation_loss, told.validation_accuracy) == (losses[best - 1], accuracies[best - 1])
        assert (told.train_loss, told.train_accuracy) == (train_losses[best - 1], train_accuracies[best - 1])
    said = json.loads((tmp_path / "run" / STATUS).read_bytes())
    assert (said["best_epoch"], said["validation_loss"]) == (best, float(losses[best - 1]))
    run_to(3 * best, tmp_path / "until the best", made)
    kept, until = Run.open(tmp_path / "run").weights(), Run.open(tmp_path / "until the best").weights()
    assert all(torch.equal(kept[name], until[name]) for name in until)
    last = Run.open(tmp_path / "run").moment()
    assert last.moment.step == status.step and not torch.equal(last.moment.tensors["model.5.weight"], kept["5.weight"])


def test_a_run_that_stopped_early_goes_on_from_its_last_weights_and_waits_again(tmp_path: Path) -> None:
    made = experiment(**EARLY)
    first = train(made, folder=tmp_path / "run")
    second = resume(tmp_path / "run")
    assert second.reason is Reason.COMPLETED and second.step >= first.step + 2 * 3
    train(edited(made, training=edited(made.training, early_stopping=None, epochs=second.step // 3)), folder=tmp_path / "whole")
    one, other = (Run.open(tmp_path / name).history().train.since()[1] for name in ("run", "whole"))
    np.testing.assert_array_equal(one, other)


# exploded gradients


def test_a_step_that_was_left_out_is_kept_in_the_folder_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = torch.nn.utils.clip_grad_norm_
    calls: list[int] = []

    def exploded(parameters: list[torch.nn.Parameter], most: float) -> torch.Tensor:
        calls.append(1)
        length = clip(parameters, most)
        return torch.tensor(float("inf")) if len(calls) in (4, 5) else length

    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", exploded)
    status = train(experiment(clip=1.0), folder=tmp_path / "run")
    assert [notice.code for notice in status.notices] == ["steps_left_out"]
    assert status.notices[0].values == {"step": 5, "count": 2}
    assert Run.open(tmp_path / "run").history().left_out == [4, 5]
    assert '{"step":4,"left_out":true}' in (tmp_path / "run" / METRICS).read_text()
