"""Settings that are changed while a run goes on: recorded, and replayed to the bit by resume, by a branch and by the script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from engine.__main__ import main
from engine.data.info import Data
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import Experiment, Network, Training, read, write
from engine.experiments.mid_run import SettingChange, at_step, checked, first, taken_over, value_of
from engine.experiments.schedules import CosineAnnealingLR, LinearLR, OneCycleLR, ReduceLROnPlateau, StepLR
from engine.fields import edited
from engine.layers.catalog import BatchNorm1d, Concat, Conv2d, Dropout, Flatten, Linear, ReLU, Residual, Sequential
from engine.runs.folder import EXPERIMENT, METRICS, WEIGHTS, Run
from engine.runs.status import Reason, State, Status
from engine.training.worker import Worker, resume
from tests.engine.script_process import ScriptProcess
from tests.patience import GIVE_UP_S

LAYERS = (Conv2d(out_channels=3, kernel_size=3), ReLU(), Flatten(), BatchNorm1d(), Linear(out_features=10))
DROPPING = (
    Dropout(p=0.1),
    Concat(branches=((Conv2d(out_channels=2, kernel_size=1), Dropout(p=0.2)), (Dropout(p=0.3), ReLU()))),
    Residual(main=(Sequential(layers=(Conv2d(out_channels=3, kernel_size=1), Dropout(p=0.4))), ReLU())),
    Flatten(),
    Dropout(p=0.5),
    Linear(out_features=10),
)
TWENTY = (0.2,) * 5
AT_REST = (State.PAUSED, State.IDLE)
SOON = ReduceLROnPlateau(patience=0, threshold=0.9, reduction=0.3)  # every epoch but its first
MOVED = Augmentation(shift=1, rotate=10.0, flip=True, noise=0.1)
Turns = dict[int, list[dict[str, Any]]]  # step -> what is changed there, one after the other


def experiment(**training: object) -> Experiment:
    settings = {"batch_size": 20, "epochs": 6, "device": "cpu", "lr": 0.02} | training
    network = Network(layers=settings.pop("layers", LAYERS))
    return Experiment(name="mid run", seed=6, data=Data(samples=75), network=network, training=Training(**settings))


def run_to(step: int, folder: Path, made: Experiment, turns: Turns) -> Status:
    """Run it as far as `step`, with other settings after the steps of `turns`, and stop."""
    worker = Worker()
    worker.start(made, folder=folder, paused=True)
    for stop in sorted({*(at for at in turns if at <= step), step}):
        if stop:
            worker.step(stop - worker.status().step)
            assert worker.wait_until(lambda status, stop=stop: status.step == stop and status.state in AT_REST, GIVE_UP_S)
        for changes in turns.get(stop, ()):
            for name, value in changes.items():
                worker.change(name, value)
            worker.ask(lambda _model, _data: None).result(GIVE_UP_S)  # the loop has come by
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


CASES: dict[str, tuple[dict[str, Any], Turns]] = {
    "decay": ({}, {0: [{"weight_decay": 0.3}], 6: [{"weight_decay": 0.0}], 9: [{"weight_decay": 0.1}]}),
    "decay of weights, from none": (
        {"optimizer": "AdamW", "decay_applies_to": "weights"}, {3: [{"weight_decay": 0.9}], 9: [{"weight_decay": 0.1}]},
    ),
    "decay of weights": (
        {"optimizer": "NAdam", "decay_applies_to": "weights", "weight_decay": 0.5}, {5: [{"weight_decay": 0.0}]},
    ),
    "momentum begins": ({"optimizer": "SGD"}, {5: [{"momentum": 0.9}], 9: [{"nesterov": True}]}),
    "momentum ends and begins again": (
        {"optimizer": "SGD", "momentum": 0.9, "nesterov": True},
        {4: [{"momentum": 0.0, "nesterov": False}], 8: [{"momentum": 0.5}], 10: [{"momentum": 0.0}, {"momentum": 0.5}]},
    ),
    "momentum of RMSprop": ({"optimizer": "RMSprop", "lr": 0.001}, {3: [{"momentum": 0.8}], 9: [{"momentum": 0.0}]}),
    "clipping": ({"optimizer": "SGD"}, {2: [{"clip": 0.05}], 6: [{"clip": None}], 9: [{"clip": 0.5}]}),
    "no clipping any more": ({"clip": 0.1}, {6: [{"clip": None}]}),
    "smoothing": ({}, {5: [{"label_smoothing": 0.2}], 9: [{"label_smoothing": 0.0}]}),
    "augmentation begins and ends": ({}, {5: [{"augmentation": MOVED}], 9: [{"augmentation": Augmentation()}]}),
    "another augmentation": ({"augmentation": Augmentation(noise=0.2)}, {5: [{"augmentation": MOVED}]}),
    "a schedule begins": ({}, {5: [{"schedule": OneCycleLR(epochs=5)}]}),
    "a schedule ends": ({"schedule": LinearLR(warmup_epochs=4.0)}, {5: [{"schedule": None}], 9: [{"lr": 0.01}]}),
    "another schedule": (
        {"schedule": StepLR(step_size=1, gamma=0.5), "lr": 0.05},
        {4: [{"schedule": CosineAnnealingLR(epochs=5, end_factor=0.2)}, {"lr": 0.03}], 10: [{"schedule": StepLR(step_size=2)}]},
    ),
    "a plateau begins": ({"lr": 0.05}, {4: [{"schedule": SOON}], 12: [{"schedule": edited(SOON, reduction=0.5)}]}),
    "a plateau ends and begins anew": (
        {"schedule": SOON, "optimizer": "SGD", "lr": 0.5}, {8: [{"schedule": None}], 12: [{"schedule": SOON}]},
    ),
    "dropout": (
        {"layers": DROPPING},
        {4: [{"dropout": (0.5, 0.4, 0.3, 0.2, 0.1)}], 9: [{"dropout": (0.0,) * 5}, {"lr": 0.01}], 12: [{"dropout": TWENTY}]},
    ),
    "all at once": (
        {"schedule": CosineAnnealingLR(), "optimizer": "SGD"},
        {6: [{"lr": 0.1, "momentum": 0.5, "clip": 1.0, "label_smoothing": 0.1, "augmentation": MOVED, "weight_decay": 0.01}]},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Runs of 18 steps that were changed on their way."""
    root = tmp_path_factory.mktemp("runs")
    for number, (settings, turns) in enumerate(CASES.values()):
        assert run_to(18, root / str(number), experiment(**settings), turns).problem is None
    return {name: root / str(number) for number, name in enumerate(CASES)}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_recorded_with_what_it_was_before(name: str, whole: dict[str, Path]) -> None:
    settings, turns = CASES[name]
    history, now = Run.open(whole[name]).history(), dict(settings)
    expected = []
    for step, several in turns.items():
        for changes in several:
            for key, value in changes.items():
                if key != "lr":
                    expected.append(SettingChange(step, key, now.get(key, value_of(experiment(**settings), key)), value))
                now[key] = value
    assert history.changes == expected
    made = read(whole[name] / EXPERIMENT)
    assert first(made, history.changes) == made == experiment(**settings)
    if expected:
        assert value_of(at_step(18, made, history.changes), expected[-1].name) == expected[-1].after


@pytest.mark.parametrize("name", CASES)
def test_a_run_that_is_taken_up_has_the_losses_of_one_without_a_break(
    name: str, whole: dict[str, Path], tmp_path: Path
) -> None:
    settings, turns = CASES[name]
    for step in (max(turns), 7):  # right after a change, and in between
        folder = tmp_path / str(step)
        run_to(step, folder, experiment(**settings), turns)
        worker = Worker()
        worker.resume(folder, paused=True)
        for stop in sorted({*(at for at in turns if at > step), 18}):
            assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
            worker.step(stop - worker.status().step)
            assert worker.wait_until(lambda status, stop=stop: status.step == stop and status.state in AT_REST, GIVE_UP_S)
            for changes in turns.get(stop, ()):
                for key, value in changes.items():
                    worker.change(key, value)
                worker.ask(lambda _model, _data: None).result(GIVE_UP_S)
        worker.stop()
        assert worker.close(GIVE_UP_S)
        assert_same(folder, whole[name])
        assert Run.open(folder).history().changes == Run.open(whole[name]).history().changes


@pytest.mark.parametrize("name", CASES)
def test_a_branch_goes_through_the_changes_again(name: str, whole: dict[str, Path], tmp_path: Path) -> None:
    worker = Worker()
    worker.branch(whole[name], 12, folder=tmp_path / "branch")
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    status = worker.status()
    assert (status.reason, status.step, status.notices) == (Reason.COMPLETED, 18, ())
    assert_same(tmp_path / "branch", whole[name])


def test_scripts_replay_the_changes(
    whole: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], scripts: ScriptProcess
) -> None:
    for number, name in enumerate(CASES):
        assert main(["export", str(whole[name]), "--to", "pytorch"]) == 0
        script = tmp_path / f"{number}.py"
        script.write_text(capsys.readouterr().out, "utf-8")
        found, history = scripts.run(script), Run.open(whole[name]).history()
        losses = history.train.since(len(history.train) - len(found["steps"]))[1]
        assert [float(loss).hex() for loss in losses] == found["steps"], name
        assert float(history.validation.last()[0]).hex() == found["validation"], name


def test_what_a_change_does_is_torchs(whole: dict[str, Path]) -> None:
    """A run in plain torch, whose momentum, decay, clipping and smoothing are others from its seventh step on."""
    from engine.data import datasets
    from engine.training.trainer import Trainer

    made = experiment(optimizer="SGD", momentum=0.5)
    data = datasets.load(made.data, seed=made.seed)
    losses: list[float] = []
    trainer = Trainer(made, data, torch.device("cpu"), lambda _step, loss, _accuracy: losses.append(loss))
    start = {name: tensor.clone() for name, tensor in trainer.model.state_dict().items()}
    for step in range(10):
        if step == 6:
            for name, value in {"momentum": 0.9, "weight_decay": 0.1, "clip": 0.3, "label_smoothing": 0.2}.items():
                trainer.change(name, value)
        trainer.step()
    model, order = trainer.model, torch.Generator().manual_seed(made.seed)
    model.load_state_dict(start)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.5)
    batches = [batch for _ in range(4) for batch in torch.randperm(len(data.x_train), generator=order).split(20)]
    expected = []
    for step, batch in enumerate(batches[:10]):
        smoothing = 0.0 if step < 6 else 0.2
        loss = nn.functional.cross_entropy(model(data.x_train[batch]), data.y_train[batch], label_smoothing=smoothing)
        expected.append(loss.item())
        model.zero_grad()
        loss.backward()
        if step >= 6:
            optimizer.param_groups[0].update(momentum=0.9, weight_decay=0.1)
            nn.utils.clip_grad_norm_(model.parameters(), 0.3)
        optimizer.step()
    assert losses == pytest.approx(expected, rel=1e-5)


def test_each_dropout_layer_has_the_probability_of_its_own_path() -> None:
    from engine.data import datasets
    from engine.training.trainer import Trainer

    made = experiment(layers=DROPPING)
    trainer = Trainer(made, datasets.load(made.data, seed=made.seed), torch.device("cpu"), lambda *_: None)
    assert trainer.value("dropout") == (0.1, 0.2, 0.3, 0.4, 0.5)
    values = (0.15, 0.25, 0.35, 0.45, 0.55)
    trainer.change("dropout", values)
    model = trainer.model
    found = (model[0], model[1].branches[0][1], model[1].branches[1][0], model[2].main[0][1], model[4])
    assert tuple(module.p for module in found) == values
    dropped: list[float] = []
    handle = model[4].register_forward_hook(lambda _module, x, y: dropped.append(float((y[x[0] != 0] == 0).float().mean())))
    for _ in range(9):
        trainer.step()
    handle.remove()
    assert np.mean(dropped) == pytest.approx(0.55, abs=0.03)


def test_other_probabilities_are_taken_over_and_other_layers_are_not() -> None:
    made = experiment(layers=DROPPING)
    less = (Dropout(p=0.6), *DROPPING[1:])
    assert taken_over(made, experiment(layers=less, lr=0.5)) == {"lr": 0.5, "dropout": (0.6, 0.2, 0.3, 0.4, 0.5)}
    assert taken_over(made, experiment(layers=DROPPING[1:])) == {}
    assert taken_over(made, experiment(layers=(ReLU(), *less))) == {}
    assert taken_over(made, edited(experiment(layers=less), seed=1)) == {}
    assert taken_over(made, experiment(layers=less, batch_size=3)) == {}
    for value in ((1.5,), ("x",), 0.5, None):
        with pytest.raises(ValueError):
            checked("dropout", value)


def test_dropout_that_is_edited_in_the_file_is_a_change_where_the_run_goes_on(tmp_path: Path) -> None:
    made = experiment(layers=DROPPING)
    run_to(7, tmp_path / "run", made, {})
    less = (Dropout(p=0.6), *DROPPING[1:])
    write(experiment(layers=less), tmp_path / "run" / EXPERIMENT)
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    values = ((0.1, 0.2, 0.3, 0.4, 0.5), (0.6, 0.2, 0.3, 0.4, 0.5))
    assert Run.open(tmp_path / "run").history().changes == [SettingChange(7, "dropout", *values)]
    run_to(18, tmp_path / "other", made, {7: [{"dropout": values[1]}]})
    assert_same(tmp_path / "run", tmp_path / "other")


def test_the_rates_of_a_schedule_that_is_changed_are_torchs() -> None:
    """Of six steps of the first schedule and of the second one from there on, as torch has each over the whole run."""
    from engine.data import datasets
    from engine.training.trainer import Trainer

    made = experiment(schedule=StepLR(step_size=1, gamma=0.5))
    trainer = Trainer(made, datasets.load(made.data, seed=made.seed), torch.device("cpu"), lambda *_: None)
    each, rates = trainer.steps_per_epoch, []
    for step in range(14):
        if step == 6:
            trainer.change("schedule", OneCycleLR(epochs=6))
        if step == 10:
            trainer.change("schedule", None)
        trainer.step()
        rates += [group["lr"] for group in trainer._optimizer.param_groups]
    parameter = [nn.Parameter(torch.zeros(1))]
    optimizers = [torch.optim.SGD(parameter, lr=0.02) for _ in range(2)]
    by_epoch = torch.optim.lr_scheduler.StepLR(optimizers[0], 1, gamma=0.5)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizers[1], max_lr=0.02, total_steps=6 * each, cycle_momentum=False)
    expected: list[float] = []
    for step in range(14):
        expected.append(optimizers[0 if step < 6 else 1].param_groups[0]["lr"] if step < 10 else 0.02)
        for optimizer in optimizers:
            optimizer.step()
        cycle.step()
        if (step + 1) % each == 0:
            by_epoch.step()
    assert rates == pytest.approx(expected, rel=1e-9)


def test_a_plateau_that_takes_a_schedules_place_has_seen_nothing_and_keeps_what_it_sees_while_it_is_edited() -> None:
    from engine.data import datasets
    from engine.training.trainer import Trainer

    made = experiment(schedule=SOON, lr=1.0)
    trainer = Trainer(made, datasets.load(made.data, seed=made.seed), torch.device("cpu"), lambda *_: None)
    pace = trainer._pace
    assert pace is not None
    for step, loss in ((3, 1.0), (6, 1.0), (9, 1.0)):  # two epochs of no use
        pace.see(step, loss)
    assert trainer.rate == pytest.approx(0.09)
    trainer.change("schedule", edited(SOON, reduction=0.5))
    assert trainer.rate == pytest.approx(0.25), "two reductions, with the other number"
    trainer.change("schedule", None)
    trainer.change("schedule", SOON)
    assert trainer.rate == 1.0


def test_a_longer_run_does_not_stretch_a_schedule_that_was_set_in_mid_run(tmp_path: Path) -> None:
    made = experiment(lr=0.05)
    run_to(18, tmp_path / "run", made, {6: [{"schedule": CosineAnnealingLR(end_factor=0.1)}]})
    assert resume(tmp_path / "run", epochs=8).step == 24
    longer = edited(made, training=edited(made.training, epochs=8))
    run_to(24, tmp_path / "other", longer, {6: [{"schedule": CosineAnnealingLR(end_factor=0.1, epochs=6)}]})
    assert_same(tmp_path / "run", tmp_path / "other")


def test_a_schedule_that_is_edited_in_the_file_is_a_change_where_the_run_goes_on(tmp_path: Path) -> None:
    made = experiment(schedule=CosineAnnealingLR())
    run_to(7, tmp_path / "run", made, {})
    write(edited(made, training=edited(made.training, schedule=StepLR(gamma=0.5))), tmp_path / "run" / EXPERIMENT)
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    expected = SettingChange(7, "schedule", CosineAnnealingLR(epochs=6), StepLR(gamma=0.5))
    assert Run.open(tmp_path / "run").history().changes == [expected]
    run_to(18, tmp_path / "other", made, {7: [{"schedule": StepLR(gamma=0.5)}]})
    assert_same(tmp_path / "run", tmp_path / "other")


def test_what_is_changed_after_the_last_moment_is_undone_by_a_kill(tmp_path: Path) -> None:
    """A change at the moment's own step that came after it, as a killed run's file has it."""
    made = experiment()
    run_to(6, tmp_path / "run", made, {3: [{"clip": 1.0}]})
    with (tmp_path / "run" / METRICS).open("ab") as file:
        file.write(b'{"step": 6, "setting": "clip", "before": 1.0, "after": 2.0}\n')
        file.write(b'{"step": 6, "setting": "clip", "before": 2.0, "after": null}\n')
    assert Run.open(tmp_path / "run").summary().history.changes == [SettingChange(3, "clip", None, 1.0)]
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    assert Run.open(tmp_path / "run").history().changes == [SettingChange(3, "clip", None, 1.0)]


def test_an_edited_file_is_a_change_where_the_run_goes_on(tmp_path: Path) -> None:
    made = experiment()
    run_to(7, tmp_path / "run", made, {})
    write(edited(made, training=edited(made.training, weight_decay=0.2)), tmp_path / "run" / EXPERIMENT)
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    run_to(18, tmp_path / "other", made, {7: [{"weight_decay": 0.2}]})
    assert_same(tmp_path / "run", tmp_path / "other")
    assert Run.open(tmp_path / "run").history().changes == [SettingChange(7, "weight_decay", 0.0, 0.2)]
    assert main(["export", str(tmp_path / "run"), "--to", "pytorch", "--out", str(tmp_path / "script.py")]) == 0
    assert "weight_decay=" not in (tmp_path / "script.py").read_text("utf-8"), "it began without"


@pytest.mark.parametrize(("name", "value"), [("clip", 0.0), ("momentum", 1.0), ("epochs", 3), ("lr", -1.0), ("clip", "much")])
def test_what_no_run_takes_over_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError):
        Worker().change(name, value)


def test_a_damaged_line_is_passed_over(tmp_path: Path) -> None:
    run_to(3, tmp_path / "run", experiment(), {})
    with (tmp_path / "run" / METRICS).open("ab") as file:
        for setting in ('"clip"', '"seed"', "7", "[1]"):
            file.write(f'{{"step": 3, "setting": {setting}, "before": "x", "after": -1}}\n'.encode())
    metrics = Run.open(tmp_path / "run").metrics()
    assert metrics.history.changes == [] and len(metrics.damaged) == 4


def test_the_difference_is_nothing_where_more_than_such_settings_differ() -> None:
    made = experiment()
    turned = edited(made, training=edited(made.training, clip=1.0, lr=0.1))
    assert taken_over(made, turned) == {"lr": 0.1, "clip": 1.0}
    assert taken_over(made, made) == {}
    assert taken_over(made, edited(turned, seed=1)) == {}
    assert taken_over(made, edited(made, training=edited(made.training, batch_size=3, clip=1.0))) == {}
