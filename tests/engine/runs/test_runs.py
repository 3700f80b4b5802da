"""Runs on disk: written as they go, read back, killed, damaged, gone on with."""

from __future__ import annotations

import errno
import json
import re
import signal
import subprocess
import sys
import textwrap
import threading
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from platformdirs import user_data_path
from safetensors import safe_open

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, read, write
from engine.layers.catalog import LSTM, BatchNorm1d, Dropout, Flatten, Linear, ReLU
from engine.runs import metrics
from engine.runs.checkpoints import OLDER, RESUME
from engine.runs.failures import RunError
from engine.runs.folder import EXPERIMENT, METRICS, STATUS, WEIGHTS, Run, default_root, new_folder
from engine.runs.history import History
from engine.runs.lock import LOCK
from engine.runs.metrics import MetricsLog, read_metrics
from engine.runs.run_writing import RunFolder
from engine.runs.status import Reason, State
from engine.runs.timeline.kept_weights import MOMENTS
from engine.training import execution
from engine.training.trainer import Trainer
from engine.training.worker import Worker, resume, train
from tests.patience import GIVE_UP_S

DENSE = (Flatten(), Linear(out_features=16), BatchNorm1d(), ReLU(), Dropout(p=0.3), Linear(out_features=10))
ADDING = (LSTM(hidden_size=8, num_layers=2, dropout=0.2), Linear(out_features=1))


def digits(**training: Any) -> Experiment:
    settings = {"batch_size": 16, "epochs": 6, "optimizer": "SGD", "lr": 0.05, "momentum": 0.9} | training
    return Experiment(
        name="숫자 digits!", seed=11, data=Data(samples=100), network=Network(layers=DENSE), training=Training(**settings)
    )


def adding() -> Experiment:
    return Experiment(
        name="adding",
        data=Data(name="adding", samples=60, length=6),
        network=Network(layers=ADDING),
        training=Training(batch_size=16, epochs=6, clip=1.0),
    )


def run_to(step: int, experiment: Experiment, folder: Path) -> None:
    """Run it as far as `step`, and close, as a window does that is shut."""
    worker = Worker()
    worker.start(experiment, folder=folder, paused=True)
    worker.step(step)
    assert worker.wait_until(lambda status: status.step == step and status.state in (State.PAUSED, State.IDLE), GIVE_UP_S)
    assert worker.close(GIVE_UP_S)


def assert_same(one: History, other: History) -> None:
    for series in ("train", "epoch_train", "validation"):
        for mine, theirs in zip(getattr(one, series).since(), getattr(other, series).since(), strict=True):
            np.testing.assert_array_equal(mine, theirs)


# what is written


def test_a_run_leaves_everything_and_no_pickle(tmp_path: Path):
    experiment = digits()
    status = train(experiment, folder=tmp_path / "run")
    assert status.folder == tmp_path / "run"
    names = sorted(file.name for file in status.folder.iterdir())
    assert names == ["experiment.toml", METRICS, MOMENTS, RESUME, STATUS, WEIGHTS]
    assert read(status.folder / "experiment.toml") == experiment
    assert not any(b"pickle" in file.read_bytes() or file.read_bytes()[:2] == b"PK" for file in status.folder.iterdir())

    with safe_open(status.folder / WEIGHTS, "np") as kept:
        assert {name: kept.get_tensor(name).shape for name in kept.keys()} == {  # noqa: SIM118
            "1.weight": (16, 64), "1.bias": (16,), "2.weight": (16,), "2.bias": (16,),
            "2.running_mean": (16,), "2.running_var": (16,), "2.num_batches_tracked": (),
            "5.weight": (10, 16), "5.bias": (10,),
        }  # fmt: skip

    lines = [json.loads(line) for line in (status.folder / METRICS).read_text().splitlines()]
    assert [line["step"] for line in lines if "loss" in line] == list(range(1, 31))
    assert [(line["step"], line["epoch"]) for line in lines if "epoch" in line] == [(5 * e, e) for e in range(1, 7)]
    assert [line["step"] for line in lines] == sorted(line["step"] for line in lines)

    kept_status = json.loads((status.folder / STATUS).read_text())
    assert (kept_status["reason"], kept_status["step"], kept_status["problem"]) == ("completed", 30, None)
    assert kept_status["validation_loss"] == pytest.approx(status.validation_loss)


def test_measurements_read_back_to_the_bit_and_a_regression_has_no_accuracy(tmp_path: Path):
    history = History()
    log = MetricsLog(tmp_path / METRICS, history)
    history.append_step(1, 0.1, 1 / 3)
    log.append()
    history.append_step(2, 1e-30, float("nan"))
    history.append_epoch(2, 0.25, float("nan"), 0.7, float("nan"))
    history.rates.append((2, 0.01))
    log.append()
    log.append()
    assert_same(read_metrics(tmp_path / METRICS).history, history)
    assert read_metrics(tmp_path / METRICS).history.rates == history.rates == [(2, 0.01)]
    assert read_metrics(tmp_path / METRICS).is_whole
    lines = (tmp_path / METRICS).read_text().splitlines()
    assert len(lines) == 4
    assert "NaN" not in "".join(lines)
    assert json.loads(lines[1]) == {"step": 2, "loss": pytest.approx(1e-30)}
    assert json.loads(lines[3]) == {"step": 2, "lr": 0.01}


def test_the_file_of_a_hundred_thousand_steps_has_every_step_to_the_bit(tmp_path: Path):
    """Written piece by piece, as twice a second; and what it takes to write on does not grow with what has been written."""
    losses = np.random.default_rng(0).random(100_000).astype(np.float32)
    history, sizes = History(), []
    log = MetricsLog(tmp_path / METRICS, history)
    for step, loss in enumerate(losses.tolist(), start=1):
        history.append_step(step, loss, 0.5)
        if step % 500 == 0:
            before = (tmp_path / METRICS).stat().st_size if sizes else 0
            log.append()
            sizes.append((tmp_path / METRICS).stat().st_size - before)
    assert max(sizes) < 1.2 * min(sizes), "only what is new is written"
    kept = read_metrics(tmp_path / METRICS)
    steps, found, _ = kept.history.train.since()
    np.testing.assert_array_equal(steps, np.arange(1, 100_001))
    np.testing.assert_array_equal(found, losses)
    assert kept.is_whole and kept.damaged == ()


def test_the_learning_rate_that_was_changed_is_kept(tmp_path: Path):
    worker = Worker()
    worker.start(digits(), folder=tmp_path / "run", paused=True)
    worker.step(7)
    assert worker.wait_until(lambda status: status.step == 7, GIVE_UP_S)
    with worker._condition:  # both before the run's thread can look
        worker.set_lr(0.001)
        worker.stop()
    assert worker.close(GIVE_UP_S)
    assert {"step": 7, "lr": 0.001} in [json.loads(line) for line in (tmp_path / "run" / METRICS).read_text().splitlines()]
    assert resume(tmp_path / "run").lr == 0.001


def test_folder_names_sort_as_time_does_and_never_meet(tmp_path: Path):
    names = [new_folder(tmp_path / "runs", "LeNet 5 / 숫자: 가나다").name for _ in range(3)]
    assert len(set(names)) == 3
    assert all(re.fullmatch(r"\d{8}-\d{6}-lenet-5-숫자-가나다(-\d)?", name) for name in names)
    assert names == sorted(names)
    assert new_folder(tmp_path, "../..").parent == tmp_path
    assert re.fullmatch(r"\d{8}-\d{6}-run(-2)?", new_folder(tmp_path, "///").name)
    assert len(new_folder(tmp_path, "x" * 500).name) < 80


def test_runs_lie_among_the_users_data_or_in_the_folder_of_their_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("LAYERSCOPE_HOME", raising=False)
    assert default_root() == user_data_path("layerscope", appauthor=False) / "runs"
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path))
    assert default_root() == tmp_path / "runs"


# going on


def test_an_epoch_whose_beginning_is_missing_from_a_damaged_file_has_the_mean_of_what_is_there(tmp_path: Path):
    run_to(8, digits(), tmp_path / "run")
    (tmp_path / "run" / METRICS).write_text('{"step":1,"loss":1e6,"accuracy":0.0}\n')
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    history = Run.open(tmp_path / "run").history()
    steps, losses, _ = history.train.since()
    assert (steps[:3].tolist(), history.epochs.since()[0][0]) == ([1, 9, 10], 10)
    assert history.epoch_train.since()[1][0] == pytest.approx(losses[1:3].mean(), rel=1e-6)


@pytest.mark.parametrize("step", [15, 17, 30], ids=["an epoch's end", "an epoch's middle", "the end"])
@pytest.mark.parametrize("experiment", [digits(), digits(optimizer="Adam"), digits(optimizer="Adagrad"), adding()])
def test_a_resumed_run_has_the_losses_of_one_without_a_break(step: int, experiment: Experiment, tmp_path: Path):
    if experiment.name == "adding":
        step = step * 18 // 30
    whole = train(experiment, folder=tmp_path / "whole")
    run_to(step, experiment, tmp_path / "broken")
    status = resume(tmp_path / "broken")
    assert (status.reason, status.step) == (Reason.COMPLETED, whole.step)
    assert_same(Run.open(tmp_path / "broken").history(), Run.open(tmp_path / "whole").history())
    assert (tmp_path / "broken" / WEIGHTS).read_bytes() == (tmp_path / "whole" / WEIGHTS).read_bytes()


def test_the_window_resumes_with_the_curves_that_were_there(tmp_path: Path):
    run_to(12, digits(), tmp_path / "run")
    worker = Worker()
    worker.resume(tmp_path / "run", paused=True)
    assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    assert worker.status().step == 12
    assert worker.status().seconds > 0
    assert len(worker.history.train) == 12
    assert len(worker.history.epochs) == 2
    worker.step()
    assert worker.wait_until(lambda status: status.step == 13, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)


def test_a_stop_in_the_validation_loses_no_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from engine.training.trainer import Trainer

    train(digits(), folder=tmp_path / "whole")
    worker = Worker()
    validate = Trainer.validate

    def interrupted(self: Trainer) -> Any:
        worker.stop()
        yield from validate(self)

    monkeypatch.setattr(Trainer, "validate", interrupted)
    worker.start(digits(), folder=tmp_path / "broken")
    assert worker.wait_until(lambda status: status.state is State.IDLE, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    assert worker.status().step == 5
    assert len(worker.history.epochs) == 0
    monkeypatch.undo()
    resume(tmp_path / "broken")
    assert_same(Run.open(tmp_path / "broken").history(), Run.open(tmp_path / "whole").history())


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_a_killed_run_goes_on_from_its_last_checkpoint(tmp_path: Path):
    script = """
        import sys
        from pathlib import Path
        from engine.experiments.experiment import read
        from engine.training import execution
        from engine.training.worker import train
        execution.CHECKPOINT_AFTER_S = execution.CHECKPOINT_SPACING = 0.0
        execution.METRICS_EVERY_S = execution.TICK_S = 0.0
        train(read(sys.argv[1]), folder=Path(sys.argv[2]))
    """
    write(digits(epochs=1_000_000), tmp_path / "experiment.toml")  # ends when it is killed
    folder = tmp_path / "killed"
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "experiment.toml"), str(folder)],
        cwd=Path(__file__).parents[3],
    )
    first = b""
    while True:  # until a second checkpoint has taken the place of the first
        assert process.poll() is None
        found = b""
        with suppress(FileNotFoundError):  # not yet, or just between the two
            found = (folder / RESUME).read_bytes()
        if first and found not in (b"", first):
            break
        first = first or found
        threading.Event().wait(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()

    killed = Run.open(folder)
    assert killed.status["state"] == "running"
    moment = killed.moment()
    assert moment is not None
    assert 0 < moment.kept.step <= len(killed.history().train)
    assert (folder / OLDER).exists()
    assert (folder / LOCK).exists(), "it was killed"
    experiment = digits(epochs=moment.kept.step // 5 + 3)
    write(experiment, folder / EXPERIMENT)
    assert resume(folder).reason is Reason.COMPLETED
    train(experiment, folder=tmp_path / "whole")
    assert_same(Run.open(folder).history(), Run.open(tmp_path / "whole").history())


def test_a_run_killed_before_its_first_checkpoint_begins_anew(tmp_path: Path):
    run_to(8, digits(), tmp_path / "run")
    for name in (RESUME, WEIGHTS, STATUS):
        (tmp_path / "run" / name).unlink()
    assert Run.open(tmp_path / "run").moment() is None
    assert resume(tmp_path / "run").step == 30
    assert Run.open(tmp_path / "run").history().train.since()[0].tolist() == list(range(1, 31))


def test_a_line_that_a_kill_left_unfinished_is_passed_over(tmp_path: Path):
    file = tmp_path / METRICS
    file.write_text('{"step":1,"loss":0.5}\n{"step":2,"loss":0.25}\n{"step":3,"lo')
    found = read_metrics(file)
    assert (found.history.train.since()[0].tolist(), found.damaged, found.is_whole) == ([1, 2], (), False)
    MetricsLog(file, read_metrics(file, 1).history).rewrite()
    assert file.read_text() == '{"step":1,"loss":0.5}\n'


def test_a_learning_rate_that_was_set_after_the_moment_that_is_kept_is_taken_away(tmp_path: Path):
    run_to(7, digits(lr=0.05), tmp_path / "run")
    with (tmp_path / "run" / METRICS).open("a") as file:  # then the run was killed
        file.write('{"step":7,"lr":0.01}\n')
    assert resume(tmp_path / "run").lr == 0.05
    assert '"lr"' not in (tmp_path / "run" / METRICS).read_text()


# what is damaged, full or forbidden


DAMAGE = {
    "no folder": lambda run: [file.unlink() for file in run.iterdir()] and run.rmdir(),
    "no experiment": lambda run: (run / "experiment.toml").unlink(),
    "experiment": lambda run: (run / "experiment.toml").write_text("seed = 'x'"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_folder_is_refused_with_its_name(what: str, tmp_path: Path):
    run_to(3, digits(), tmp_path / "run")
    DAMAGE[what](tmp_path / "run")
    with pytest.raises(RunError, match=re.escape(str(tmp_path / "run"))):
        Run.open(tmp_path / "run")
    with pytest.raises(RunError):
        resume(tmp_path / "run")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (RESUME, b'\x08\0\0\0\0\0\0\0{"a":1}'),
        (RESUME, b""),
    ],
)
def test_damage_in_the_large_files_is_said_when_they_are_read(name: str, content: bytes, tmp_path: Path):
    run_to(3, digits(), tmp_path / "run")
    (tmp_path / "run" / name).write_bytes(content)
    run = Run.open(tmp_path / "run")
    with pytest.raises(RunError, match=name):
        run.moment()
        run.history()
    status = resume(tmp_path / "run")
    assert (status.reason, status.problem.code) == (Reason.FAILED, "run_damaged")
    assert name in status.problem.sentence()
    assert (tmp_path / "run" / name).read_bytes() == content, "nothing has been touched"


def test_the_tensors_of_another_network_are_refused(tmp_path: Path):
    run_to(3, digits(), tmp_path / "run")
    run_to(3, adding(), tmp_path / "other")
    (tmp_path / "run" / RESUME).write_bytes((tmp_path / "other" / RESUME).read_bytes())
    status = resume(tmp_path / "run")
    assert (status.reason, status.problem.code) == (Reason.FAILED, "run_damaged")


def test_a_folder_that_holds_a_run_is_not_written_over(tmp_path: Path):
    train(digits(epochs=1), folder=tmp_path / "run")
    before = (tmp_path / "run" / METRICS).read_bytes()
    status = train(digits(), folder=tmp_path / "run")
    assert (status.reason, status.problem.code) == (Reason.FAILED, "folder_taken")
    assert (tmp_path / "run" / METRICS).read_bytes() == before


def test_a_run_that_never_began_leaves_no_empty_folder(tmp_path: Path):
    folder = new_folder(tmp_path, "run")
    status = train(digits(nesterov=True, momentum=0.0), folder=folder)
    assert (status.reason, status.folder) == (Reason.FAILED, None)
    assert not folder.exists()
    own = tmp_path / "own"
    own.mkdir()
    (own / "notes.txt").write_text("mine")
    assert train(digits(nesterov=True, momentum=0.0), folder=own).folder is None
    assert train(digits(nesterov=True, momentum=0.0), folder=tmp_path / "none").folder is None
    assert [file.name for file in own.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["experiment.toml", WEIGHTS, RESUME])
def test_a_users_own_file_is_not_written_over(tmp_path: Path, name: str):
    (tmp_path / name).write_text("# mine")
    status = train(digits(), folder=tmp_path)
    assert (status.reason, status.problem.code) == (Reason.FAILED, "folder_taken")
    assert name in status.problem.sentence("ko")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(name, "# mine")]


def test_a_run_under_way_says_so_in_its_folder(tmp_path: Path):
    worker = Worker()
    worker.start(digits(), folder=tmp_path / "run", paused=True)
    assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    assert Run.open(tmp_path / "run").status["state"] == "running"
    assert worker.close(GIVE_UP_S)
    assert Run.open(tmp_path / "run").status["reason"] == "stopped"


def test_a_folder_that_cannot_be_made_fails_the_run_at_once(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    for folder in (tmp_path / "file" / "run", tmp_path / "file", tmp_path / ("x" * 300)):
        status = train(digits(), folder=folder)
        assert (status.reason, status.step, status.problem.code) == (Reason.FAILED, 0, "folder_unwritable")
        assert str(folder) in status.problem.sentence("ko")


def test_a_full_disk_does_not_stop_the_run_and_loses_nothing_when_there_is_room_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    full = True
    append = metrics._append

    def nearly_full(path: Path, lines: bytes, durable: bool = False) -> None:
        if not full:
            return append(path, lines, durable)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(metrics, "_append", nearly_full)
    worker = Worker()
    worker.start(digits(), folder=tmp_path / "run", paused=True)
    worker.step(12)
    assert worker.wait_until(lambda status: status.step == 12 and status.problem is not None, GIVE_UP_S)
    assert worker.status().problem.code == "not_saved"
    assert "No space left" in worker.status().problem.sentence()
    full = False
    worker.play()
    assert worker.wait_until(lambda status: status.state is State.IDLE, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    assert (worker.status().reason, worker.status().problem) == (Reason.COMPLETED, None)
    assert_same(Run.open(tmp_path / "run").history(), worker.history)


def test_a_line_that_does_not_fit_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / METRICS
    file.write_bytes(b"first\n")

    class Full:
        """A disk with room for four bytes."""

        def __init__(self, inner: Any) -> None:
            self.inner, self.room = inner, 4

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self.inner.close()

        def write(self, content: bytes) -> int:
            if not self.room:
                raise OSError(errno.ENOSPC, "full")
            written = self.inner.write(content[: self.room])
            self.room -= written
            return written

        def seek(self, *to: int) -> int:
            return self.inner.seek(*to)

        def truncate(self, size: int) -> None:
            self.inner.truncate(size)

    monkeypatch.setattr(Path, "open", lambda self, *how, **more: Full(open(self, *how, **more)))  # noqa: SIM115, PTH123
    with pytest.raises(OSError, match="full"):
        metrics._append(file, b"second line\n")
    monkeypatch.undo()
    assert file.read_bytes() == b"first\n"


def test_a_run_that_diverged_keeps_what_was_finite(tmp_path: Path):
    experiment = Experiment(
        data=Data(samples=100),
        network=Network(layers=(Flatten(), Linear(out_features=16), Linear(out_features=16), Linear(out_features=10))),
        training=Training(optimizer="SGD", lr=100.0, batch_size=16, epochs=50, loss="mean_squared_error"),
    )
    status = train(experiment, folder=tmp_path / "run")
    assert status.reason is Reason.DIVERGED
    run = Run.open(tmp_path / "run")
    assert run.status["problem"]["code"] == "diverged_learning_rate"
    assert "learning rate" in run.status["problem"]["message"]
    losses = run.history().train.since()[1]
    assert len(losses) == status.problem.values["step"] - 1
    assert np.isfinite(losses).all()


def test_checkpoints_take_a_small_part_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    now_s, kept = [0.0], []  # a clock that only steps and checkpoints move on
    save, step = RunFolder.save_moment, Trainer.step

    def slow(self: RunFolder, moment: Any, seconds: float, threads: int) -> None:
        now_s[0] += 0.02
        save(self, moment, seconds, threads)
        kept.append(seconds)

    def timed_step(trainer: Trainer) -> None:
        now_s[0] += 0.001
        step(trainer)

    monkeypatch.setattr(Trainer, "step", timed_step)
    monkeypatch.setattr(execution, "time", SimpleNamespace(perf_counter=lambda: now_s[0]))
    monkeypatch.setattr(RunFolder, "save_moment", slow)
    monkeypatch.setattr(execution, "CHECKPOINT_AFTER_S", 0.0)
    monkeypatch.setattr(execution, "CHECKPOINT_SPACING", 5.0)
    status = train(digits(epochs=150), folder=tmp_path / "run")
    assert 2 <= len(kept) <= 2 + status.seconds / 0.1
