"""The doctor in real runs: planted faults are named first and in time, healthy runs are left alone, and no number changes."""

from __future__ import annotations

import json
from unittest.mock import patch

import numpy as np
import pytest
import torch

from engine.__main__ import main
from engine.doctor.diagnoses import CODES, Diagnosis
from engine.doctor.watch import Watch
from engine.experiments.experiment import Experiment, write
from engine.fields import edited
from engine.figures import percent
from engine.layers.catalog import LSTM, Linear
from engine.runs.folder import Run
from engine.runs.status import Reason
from engine.training.execution import Execution
from engine.training.worker import resume, train
from tests.bench.doctor import followed
from tests.engine.doctor.planted import FAULTS, HEALTHY, cnn, mlp, normalized_cnn, of_layers

LATE = ("overfitting", "underfitting")


def shortened(experiment: Experiment, epochs: int, **data: object) -> Experiment:
    return edited(
        experiment, data=edited(experiment.data, **data), training=edited(experiment.training, epochs=epochs, device="cpu")
    )


def test_every_code_has_a_planted_fault():
    assert FAULTS.keys() == set(CODES)


@pytest.mark.parametrize("code", [code for code in CODES if code not in LATE])
def test_a_planted_fault_is_named_first_and_in_time(code):
    fault = FAULTS[code]
    with fault.planted(11):
        experiment = edited(fault.experiment(fault.healthy()), seed=11)
        status, _ = followed(experiment, lambda run: bool(run._watch.diagnoses))
    assert [found.code for found in status.diagnoses[:1]] == [code]
    assert status.diagnoses[0].step <= 200
    for language in ("en", "ko"):
        assert "{" not in status.diagnoses[0].message(language)


@pytest.mark.parametrize("code", LATE)
def test_what_shows_only_after_some_epochs_is_named_then(code):
    fault = FAULTS[code]
    experiment = edited(fault.experiment(fault.healthy()), seed=11)
    status, history = followed(experiment, lambda run: bool(run._watch.diagnoses))
    assert [found.code for found in status.diagnoses] == [code]
    if code == "overfitting":
        steps, losses, accuracies = history.validation.since()
        assert losses[-1] > 1.3 * losses.min() and status.diagnoses[0].values["at"] == steps[losses.argmin()]
        assert history.epoch_train.since()[2][-1] - accuracies[-1] > 0.05


@pytest.mark.parametrize("name", ["digits-cnn", "digits-mlp", "normalized-cnn", "sigmoid-mlp", "tanh-sgd"])
def test_a_healthy_run_is_left_alone(name):
    status, _ = followed(shortened(HEALTHY[name](), 8))
    assert status.reason is Reason.COMPLETED and status.diagnoses == ()


def test_a_slow_beginning_is_no_fault():
    """The loss of the adding problem stays at a guess's for epochs before it falls."""
    status, history = followed(shortened(HEALTHY["adding-lstm"](), 2, samples=1500, length=12))
    assert history.train.since()[1][-10:].mean() > 0.1
    assert status.diagnoses == ()


class Blind(Watch):
    """Looks at nothing."""

    def see_start(self, *_: object) -> None:
        self.due = 10**9

    def see_validation(self, *_: object) -> None:
        pass

    def see_epoch(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    "experiment",
    [
        normalized_cnn(),
        cnn(lr=1.0),
        of_layers(
            LSTM(hidden_size=8, output="sequence", num_layers=2, dropout=0.2), Linear(out_features=1), data="waves", clip=1.0
        ),
    ],
    ids=["dropout and batch norm", "diagnosed", "recurrent dropout"],
)
def test_a_run_that_is_watched_has_the_same_numbers_to_the_bit(experiment):
    experiment = shortened(experiment, 3, samples=200)

    def measured(kind: type[Watch]) -> tuple[list[np.ndarray], dict[str, torch.Tensor]]:
        with patch("engine.training.execution.Watch", kind):
            execution = Execution(experiment)
        execution.prepare(lambda: False)
        execution.loop(lambda _: True)
        assert execution.trainer is not None
        columns = [*execution.history.train.since()[:2], *execution.history.validation.since()[:2]]
        return columns, execution.trainer.moment().tensors

    (watched, moment), (alone, expected) = measured(Watch), measured(Blind)
    for mine, theirs in zip(watched, alone, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert moment.keys() == expected.keys()
    assert all(torch.equal(moment[name], expected[name]) for name in moment)


def test_a_rate_that_is_set_too_high_in_mid_run_is_named_within_200_iterations():
    execution = Execution(shortened(cnn(), 25))
    execution.prepare(lambda: False)

    def gate(_: bool) -> bool:
        if execution.trainer.step_count == 150:
            execution.change("lr", 2.0)
        return not execution._watch.diagnoses

    execution.loop(gate)
    (found,) = execution._watch.diagnoses
    assert found.code == "learning_rate_high" and 150 < found.step <= 350 and found.values["lr"] == 2.0


def test_a_rate_set_in_mid_run_is_judged_by_its_own_first_step_and_losses():
    """The loss of an epoch that ends two steps after the change is judged too: what the steps have moved is known by then."""
    execution = Execution(shortened(cnn(), 25))
    execution.prepare(lambda: False)
    trainer = execution.trainer
    assert trainer is not None
    each, weights = trainer.steps_per_epoch, {}

    def gate(_: bool) -> bool:
        if trainer.step_count == 2 * each - 2:
            weights.update({name: each.detach().clone() for name, each in trainer.model.named_parameters() if each.dim() > 1})
            execution.change("lr", 5.0)
        elif trainer.step_count == 2 * each - 1:
            now = dict(trainer.model.named_parameters())
            weights["moved"] = max(float((now[name].detach() - old).norm() / old.norm()) for name, old in weights.items())
        return not execution._watch.diagnoses

    execution.loop(gate)
    (found,) = execution._watch.diagnoses
    losses = execution.history.train.since()[1]
    assert found.code == "learning_rate_high" and found.step == 2 * each
    assert found.values["at"] == 2 * each - 1 and found.values["first"] == pytest.approx(losses[2 * each - 2], rel=1e-6)
    assert found.values["update"] == percent(weights["moved"], fine=True) and weights["moved"] > 0.15
    for language, at in (("en", "at iteration"), ("ko", "반복")):
        assert f"{at} {2 * each - 1}" in found.seen(language)
    assert f"around iteration {2 * each}." in found.seen(), "also read long after, it is a value of its iteration"


def test_a_loss_that_is_lost_before_a_step_with_the_new_rate_is_laid_to_the_old_one():
    execution = Execution(shortened(cnn(lr=0.003), 25))
    execution.prepare(lambda: False)
    trainer = execution.trainer
    assert trainer is not None

    def gate(_: bool) -> bool:
        if trainer.step_count == 5:
            with torch.no_grad():
                next(trainer.model.parameters()).fill_(float("nan"))
            execution.change("lr", 1e-6)
        return True

    execution.loop(gate)
    (found,) = execution._watch.diagnoses
    assert found.values["lr"] == 0.003 and found.values["at"] == 1 and found.values["first"] > 1.0


def test_diagnoses_are_kept_with_a_run_and_come_back_with_it(tmp_path):
    folder = tmp_path / "run"
    with FAULTS["dead_units"].planted(0):
        train(shortened(mlp(), 2, samples=200), folder=folder)
    kept = json.loads((folder / "status.json").read_text())["diagnoses"]
    assert [(entry["code"], entry["step"]) for entry in kept] == [("dead_units", 0)]
    summary = Run.open(folder).summary()
    assert [found.code for found in summary.status.diagnoses] == ["dead_units"]
    status = resume(folder, epochs=3)
    assert [(found.code, found.step) for found in status.diagnoses] == [("dead_units", 0)]


@pytest.mark.parametrize("damage", [None, 7, [3], [{"code": "no_such", "step": 1}], [{"code": "duplicates", "step": 0}]])
def test_damaged_diagnoses_say_nothing(tmp_path, damage):
    folder = tmp_path / "run"
    train(shortened(mlp(), 1, samples=100), folder=folder)
    status = json.loads((folder / "status.json").read_text())
    (folder / "status.json").write_text(json.dumps(status | {"diagnoses": damage}))
    assert Run.open(folder).summary().status.diagnoses == ()


def test_the_command_lines_last_line_has_them_in_the_order_seen(tmp_path, capsys):
    fault = FAULTS["double_softmax"]
    file = tmp_path / "experiment.toml"
    write(shortened(fault.experiment(fault.healthy()), 1, samples=100), file)
    assert main(["train", str(file), "--out", str(tmp_path / "run"), "--json"]) == 0
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    (found,) = line["diagnoses"]
    assert found["code"] == "double_softmax" and found["step"] == 0
    assert "1.46" in found["message"] and "Softmax" in found["message"]
    assert main(["train", str(file), "--out", str(tmp_path / "other")]) == 0
    said = capsys.readouterr().out
    assert "diagnosis at step 0: Softmax twice." in said


def test_a_run_that_is_refused_says_so_as_a_diagnosis_too(tmp_path, capsys):
    fault = FAULTS["batch_norm_single"]
    file = tmp_path / "experiment.toml"
    write(fault.experiment(fault.healthy()), file)
    assert main(["train", str(file), "--out", str(tmp_path / "run"), "--json"]) == 1
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [(found["code"], found["step"]) for found in line["diagnoses"]] == [("batch_norm_single", 0)]


def test_which_sample_holds_the_nan_is_said():
    with FAULTS["nan_in_data"].planted(5):
        status, _ = followed(shortened(cnn(), 1))
    (found,) = status.diagnoses
    assert isinstance(found, Diagnosis) and status.reason is Reason.DIVERGED
    expected = int(torch.randint(1438, (1,), generator=torch.Generator().manual_seed(5)))
    assert found.values == {"part": "training", "sample": expected, "count": 1}
    assert f"Sample {expected:,} of the training data" in found.message()
    assert f"훈련 데이터의 표본 {expected:,}번" in found.message("ko")
