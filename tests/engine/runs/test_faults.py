"""A run whose files are taken away, damaged or do not fit on the disk: it goes on, and says so until the end."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, read, write
from engine.layers.catalog import Flatten, Linear
from engine.runs import checkpoints, metrics, run_writing
from engine.runs.checkpoints import RESUME
from engine.runs.folder import EXPERIMENT, METRICS, STATUS, WEIGHTS, Run
from engine.runs.history import History
from engine.runs.metrics import LARGEST, read_metrics
from engine.runs.status import Reason, State, Status
from engine.training import execution
from engine.training.worker import Worker, resume
from tests.patience import GIVE_UP_S

SMALL = Experiment(
    seed=4,
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=10))),
    training=Training(epochs=4, batch_size=16, device="cpu"),
)


def paused_at(step: int, folder: Path) -> Worker:
    worker = Worker()
    worker.start(SMALL, folder=folder, paused=True)
    worker.step(step)
    assert worker.wait_until(lambda status: status.step == step and status.state is State.PAUSED, GIVE_UP_S)
    return worker


def stepped(worker: Worker, steps: int = 1) -> Status:
    step = worker.status().step + steps
    worker.step(steps)
    assert worker.wait_until(lambda status: status.step == step and status.state is State.PAUSED, GIVE_UP_S)
    return worker.status()


def ended(worker: Worker) -> Status:
    worker.play()
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    return worker.status()


# what does not fit


class Full:
    """A disk without room for some files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
        self.names = set(names)
        replace, append = run_writing.replace_file, metrics._append

        def refuse(path: Path) -> None:
            if path.name in self.names:
                raise OSError(errno.ENOSPC, "No space left on device")

        def replaced(path: Path, *content: Any, **options: Any) -> None:
            refuse(Path(path))
            replace(path, *content, **options)

        def appended(path: Path, *content: Any) -> None:
            refuse(path)
            append(path, *content)

        for module in (run_writing, checkpoints, metrics):
            monkeypatch.setattr(module, "replace_file", replaced)
        monkeypatch.setattr(metrics, "_append", appended)


@pytest.mark.parametrize("names", [(RESUME,), (WEIGHTS,), (METRICS,), (RESUME, WEIGHTS, METRICS), (STATUS,)])
def test_a_file_that_did_not_fit_is_told_until_it_fits(names: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(execution, "CHECKPOINT_AFTER_S", 0.0)
    monkeypatch.setattr(execution, "CHECKPOINT_SPACING", 0.0)
    worker = paused_at(3, tmp_path / "run")
    full = Full(monkeypatch, *names)
    status = stepped(worker, 3)  # over the end of an epoch: everything is written
    assert status.problem.code == "not_saved"
    for language in ("en", "ko"):
        assert all(name in status.problem.sentence(language) for name in names)
    assert stepped(worker, 1).problem == status.problem, "nothing else that fits erases it"
    full.names.clear()
    assert stepped(worker, 5).problem is None
    status = ended(worker)
    assert (status.reason, status.problem) == (Reason.COMPLETED, None)
    assert len(Run.open(tmp_path / "run").history().train) == 20


@pytest.mark.parametrize("name", [RESUME, WEIGHTS, METRICS])
def test_what_never_fitted_is_told_at_the_end_in_the_past_tense(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "run"
    worker = paused_at(3, folder)
    Full(monkeypatch, name)
    status = ended(worker)
    assert (status.reason, status.problem.code) == (Reason.COMPLETED, "was_not_saved")
    assert name in status.problem.sentence()
    assert "goes on" not in status.problem.sentence()
    assert json.loads((folder / STATUS).read_text())["problem"]["code"] == "was_not_saved"


@pytest.mark.skipif(sys.platform == "win32", reason="a limit for the size of files")
def test_the_command_line_ends_with_1_when_the_disk_is_full(tmp_path: Path):
    import resource

    write(SMALL, tmp_path / "small.toml")
    done = subprocess.run(
        [sys.executable, "-m", "engine", "train", tmp_path / "small.toml", "--out", tmp_path / "run", "--json"],
        capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},  # compiled files would be cut too, and found by the next process
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500)),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["reason"] == "completed"
    assert "was not saved" in done.stderr
    assert RESUME in done.stderr and METRICS in done.stderr
    assert (tmp_path / "run" / STATUS).exists(), "the small file fitted"


# what is taken away


@pytest.mark.parametrize("how", ["deleted", "cut", "emptied", "lengthened"])
def test_metrics_that_are_changed_in_mid_run_are_noticed_and_written_anew(how: str, tmp_path: Path):
    folder = tmp_path / "run"
    worker = paused_at(7, folder)
    file = folder / METRICS
    worker.set_lr(0.02)
    stepped(worker)
    match how:
        case "deleted":
            file.unlink()
        case "cut":
            file.write_bytes(file.read_bytes()[:100])
        case "emptied":
            file.write_bytes(b"")
        case "lengthened":
            file.write_bytes(file.read_bytes() + b"mine\n")
    status = stepped(worker)
    assert [notice.code for notice in status.notices] == ["measurements_rewritten"]
    assert METRICS in status.notices[0].sentence("ko")
    status = ended(worker)
    assert (status.reason, status.problem) == (Reason.COMPLETED, None)
    history = Run.open(folder).history()
    for found, expected in zip(history.train.since(), worker.history.train.since(), strict=True):
        assert found.tolist() == expected.tolist()
    assert history.epochs.since()[0].tolist() == [5, 10, 15, 20]
    assert history.rates == worker.history.rates == [(7, 0.02)]


def test_metrics_that_are_deleted_when_nothing_more_is_measured_are_there_at_the_end(tmp_path: Path):
    worker = paused_at(7, tmp_path / "run")
    (tmp_path / "run" / METRICS).unlink()
    assert worker.close(GIVE_UP_S)
    assert [notice.code for notice in worker.status().notices] == ["measurements_rewritten"]
    assert len(Run.open(tmp_path / "run").history().train) == 7


def test_an_experiment_that_is_deleted_in_mid_run_is_there_at_the_end(tmp_path: Path):
    worker = paused_at(7, tmp_path / "run")
    (tmp_path / "run" / EXPERIMENT).unlink()
    ended(worker)
    assert read(tmp_path / "run" / EXPERIMENT) == SMALL


def test_a_folder_that_is_removed_in_mid_run_is_told(tmp_path: Path):
    worker = paused_at(7, tmp_path / "run")
    shutil.rmtree(tmp_path / "run")
    status = ended(worker)
    assert (status.reason, status.problem.code) == (Reason.COMPLETED, "was_not_saved")
    assert RESUME in status.problem.sentence()


# what is damaged


BAD_LINES = [
    b"nonsense",
    b"\xff\xfe\x00",
    b"",
    b"[1, 2]",
    b'{"loss":0.5}',
    b'{"step":"4","loss":0.5}',
    b'{"step":-4,"loss":0.5}',
    b'{"step":true,"loss":0.5}',
    b'{"step":1e999,"loss":0.5}',
    b'{"step":999999999999999999999,"loss":0.5}',
    b'{"step":4,"loss":null}',
    b'{"step":4,"loss":"0.5"}',
    b'{"step":4,"loss":1e300}',
    b'{"step":2,"loss":0.5}',
    b'{"step":4,"epoch":1,"train_loss":[]}',
    b'{"step":4,"lr":-1}',
    b'{"step":4,"lr":"x"}',
    b'{"step":4,"lr":"0.1"}',
    b'{"step":4,"lr":true}',
    b'{"a":' * 20_000,
]


@pytest.mark.parametrize("line", BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_bad_line_is_skipped_and_said(line: bytes, tmp_path: Path):
    folder = tmp_path / "run"
    paused_at(7, folder).close(GIVE_UP_S)
    lines = (folder / METRICS).read_bytes().splitlines()
    (folder / METRICS).write_bytes(b"\n".join([*lines[:3], line, *lines[4:], b""]))
    run = Run.open(folder)
    assert run.history().train.since()[0].tolist() == [1, 2, 3, 5, 6, 7]
    assert run.metrics().damaged == (4,)
    status = resume(folder)
    assert (status.reason, [notice.code for notice in status.notices]) == (Reason.COMPLETED, ["lines_left_out"])
    assert re.search(r"\b4\b", status.notices[0].sentence("en"))
    assert "4번째" in status.notices[0].sentence("ko")
    run = Run.open(folder)
    assert run.history().train.since()[0].tolist() == [1, 2, 3, *range(5, 21)]
    assert run.metrics().damaged == ()


def test_metrics_that_are_gone_are_said_and_the_run_goes_on(tmp_path: Path):
    folder = tmp_path / "run"
    paused_at(7, folder).close(GIVE_UP_S)
    (folder / METRICS).unlink()
    status = resume(folder)
    assert [notice.code for notice in status.notices] == ["measurements_missing"]
    assert "7" in status.notices[0].sentence("ko")
    assert Run.open(folder).history().train.since()[0].tolist() == list(range(8, 21))


def test_the_largest_loss_reads_back(tmp_path: Path):
    history = History()
    log = metrics.MetricsLog(tmp_path / METRICS, history)
    history.append_step(1, LARGEST, 0.0)
    log.append()
    assert read_metrics(tmp_path / METRICS).history.train.last() == (LARGEST, 0.0)
