"""Two checkpoints of a run: the older one where the newest cannot be used, and nothing out of them that no run has kept."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from engine import files
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training
from engine.files import replace_file, sweep_parts
from engine.layers.catalog import BatchNorm1d, Dropout, Flatten, Linear
from engine.runs.checkpoints import OLDER, RESUME, read_circumstances
from engine.runs.failures import RunError
from engine.runs.folder import METRICS, STATUS, WEIGHTS, Run
from engine.runs.status import Reason, State
from engine.training import execution
from engine.training.worker import Worker, resume, train
from tests.patience import GIVE_UP_S

SMALL = Experiment(
    seed=4,
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=12), BatchNorm1d(), Dropout(p=0.2), Linear(out_features=10))),
    training=Training(epochs=4, batch_size=16, device="cpu"),
)


def run_to(folder: Path, *steps: int) -> None:
    """Run SMALL as far as each of `steps`, with a checkpoint there."""
    for number, step in enumerate(steps):
        worker = Worker()
        worker.resume(folder, paused=True) if number else worker.start(SMALL, folder=folder, paused=True)
        assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
        worker.step(step - worker.status().step)
        assert worker.wait_until(lambda status, step=step: status.step == step and status.state is State.PAUSED, GIVE_UP_S)
        assert worker.close(GIVE_UP_S)


def changed(file: Path, numbers: dict[str, Any] | None = None, tensors: Callable[[dict], None] | None = None) -> None:
    """Write a checkpoint again, with other numbers in its header or other tensors."""
    with safe_open(file, "pt") as kept:
        content = {name: kept.get_tensor(name).clone() for name in kept.keys()}  # noqa: SIM118
        entry = json.loads(kept.metadata()["layerscope"])
    entry |= numbers or {}
    if tensors is not None:
        tensors(content)
    save_file(content, file, {"layerscope": json.dumps({key: value for key, value in entry.items() if value != "gone"})})


def put(name: str, change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[dict], None]:
    return lambda tensors: tensors.update({name: change(tensors[name])})


UNUSABLE = {
    "gone": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-40]),
    "another file": lambda file: file.write_bytes(b"PK" + bytes(2000)),
    "not finite": lambda file: changed(file, tensors=put("model.1.weight", lambda weight: weight * float("inf"))),
    "float64": lambda file: changed(file, tensors=put("model.1.weight", lambda weight: weight.double())),
    "another shape": lambda file: changed(file, tensors=put("model.4.weight", lambda weight: weight[:5].clone())),
    "optimiser in float16": lambda file: changed(file, tensors=put("optimizer.0.exp_avg", lambda kept: kept.half())),
    "a tensor gone": lambda file: changed(file, tensors=lambda tensors: tensors.pop("model.2.running_mean")),
    "half an optimiser": lambda file: changed(file, tensors=lambda tensors: tensors.pop("optimizer.1.exp_avg_sq")),
    "no optimiser": lambda file: changed(
        file, tensors=lambda tensors: [tensors.pop(name) for name in list(tensors) if name.startswith("optimizer")]
    ),
    "no order": lambda file: changed(file, tensors=lambda tensors: tensors.pop("order")),
    "no random state": lambda file: changed(file, tensors=put("random.cpu", lambda state: state[:7].clone())),
    "a negative step": lambda file: changed(file, {"step": -1}),
    "half a step": lambda file: changed(file, {"step": 1.5}),
    "a step of text": lambda file: changed(file, {"step": "8"}),
    "no step": lambda file: changed(file, {"step": "gone"}),
    "a negative rate": lambda file: changed(file, {"lr": -0.1}),
    "no rate at all": lambda file: changed(file, {"lr": 0.0}),
    "an absurd rate": lambda file: changed(file, {"lr": 1e9}),
    "a rate beyond numbers": lambda file: changed(file, {"lr": None}),
    "a negative time": lambda file: changed(file, {"seconds": -1.0}),
    "an absurd time": lambda file: changed(file, {"seconds": 1e300}),
    "no threads": lambda file: changed(file, {"threads": 0}),
    "absurdly many threads": lambda file: changed(file, {"threads": 10**9}),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    folder = tmp_path_factory.mktemp("runs") / "whole"
    train(SMALL, folder=folder)
    return Run.open(folder).history().train.since()[1]


def test_the_newest_two_are_kept(tmp_path: Path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execution, "CHECKPOINT_AFTER_S", 0.0)
        patch.setattr(execution, "CHECKPOINT_SPACING", 0.0)
        train(SMALL, folder=tmp_path / "run")
    steps = [read_circumstances(tmp_path / "run" / name).step for name in (OLDER, RESUME)]
    assert steps == [20, 20], "the last epoch's end, and the run's"
    run_to(tmp_path / "other", 7, 13)
    assert [read_circumstances(tmp_path / "other" / name).step for name in (OLDER, RESUME)] == [7, 13]


@pytest.mark.parametrize("damage", UNUSABLE)
def test_the_older_one_is_used_where_the_newest_cannot_be(damage: str, tmp_path: Path, whole: np.ndarray):
    folder = tmp_path / "run"
    run_to(folder, 7, 13)
    UNUSABLE[damage](folder / RESUME)
    status = resume(folder)
    assert (status.reason, status.step, [notice.code for notice in status.notices]) == (
        Reason.COMPLETED, 20, ["older_checkpoint"],
    )  # fmt: skip
    assert "7" in status.notices[0].sentence("ko")
    np.testing.assert_array_equal(Run.open(folder).history().train.since()[1], whole)
    assert [read_circumstances(folder / name).step for name in (OLDER, RESUME)] == [7, 20]


@pytest.mark.parametrize("damage", UNUSABLE)
def test_what_no_run_has_kept_is_refused_with_a_sentence(damage: str, tmp_path: Path):
    folder = tmp_path / "run"
    run_to(folder, 7)
    if damage == "gone":
        return
    UNUSABLE[damage](folder / RESUME)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    status = resume(folder)
    assert (status.reason, status.problem.code) == (Reason.FAILED, "run_damaged")
    for language in ("en", "ko"):
        assert "{" not in status.problem.sentence(language)
    assert re.search("[가-힣]", status.problem.sentence("ko"))
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before, "nothing has been touched"


def test_both_damaged_are_refused_with_the_newest_ones_name(tmp_path: Path):
    run_to(tmp_path / "run", 7, 13)
    for name in (RESUME, OLDER):
        (tmp_path / "run" / name).write_bytes(b"")
    with pytest.raises(RunError, match=re.escape(str(tmp_path / "run" / RESUME))):
        Run.open(tmp_path / "run").moment()
    assert resume(tmp_path / "run").reason is Reason.FAILED


@pytest.mark.parametrize(
    "content", ["{", "[]", "[" * 100_000, '{"a":' * 50_000, '{"steps": "x", "epochs": 0}', "\0" * 2_000_000]
)
def test_a_damaged_status_stops_no_resume(content: str, tmp_path: Path, whole: np.ndarray):
    run_to(tmp_path / "run", 7)
    (tmp_path / "run" / STATUS).write_text(content)
    assert Run.open(tmp_path / "run").summary().status.step == 7
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    np.testing.assert_array_equal(Run.open(tmp_path / "run").history().train.since()[1], whole)


# how they are written


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    events: list[str] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (events.append("on the disk"), fsync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda self, to: (events.append(Path(to).name), replace(self, to))[1])
    run_to(tmp_path / "run", 7, 13)
    for name in (RESUME, WEIGHTS):
        last = len(events) - 1 - events[::-1].index(name)
        assert "on the disk" in (events[last - 1], events[last - 2]), name
    assert events[events.index(RESUME) - 2 : events.index(RESUME)] == ["on the disk", "on the disk"], "the metrics before it"


def test_a_checkpoint_that_cannot_be_written_leaves_both_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "run"
    run_to(folder, 7, 13)
    before = {name: (folder / name).read_bytes() for name in (RESUME, OLDER, WEIGHTS)}

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    worker = Worker()
    worker.resume(folder)
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    status = worker.status()
    assert worker.close(GIVE_UP_S)
    assert (status.reason, status.problem.code) == (Reason.COMPLETED, "was_not_saved")
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert not list(folder.glob(".*.part"))


def test_what_a_killed_process_left_half_written_is_swept(tmp_path: Path):
    folder = tmp_path / "run"
    run_to(folder, 7)
    for name in (f".{RESUME}.abc123.part", f".{METRICS}.x.part", ".notes.txt.x.part", "mine.part"):
        (folder / name).write_text("half")
    resume(folder)
    assert {file.name for file in folder.iterdir() if file.name.endswith(".part")} == {".notes.txt.x.part", "mine.part"}


def test_a_name_with_signs_of_its_own_is_swept_alone(tmp_path: Path):
    (tmp_path / ".a[1].toml.x.part").write_text("half")
    (tmp_path / ".a1.toml.x.part").write_text("half")
    sweep_parts(tmp_path, ["a[1].toml"])
    assert [file.name for file in tmp_path.iterdir()] == [".a1.toml.x.part"]


def test_the_file_that_is_replaced_can_be_kept(tmp_path: Path):
    for text in ("one", "two", "three"):
        replace_file(tmp_path / "new", text, older=tmp_path / "old")
    assert ((tmp_path / "new").read_text(), (tmp_path / "old").read_text()) == ("three", "two")


def test_the_file_stays_where_the_next_one_cannot_take_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    replace_file(tmp_path / "new", "one", older=tmp_path / "old")
    replace = Path.replace

    def refused(self: Path, to: Path) -> Path:
        if self.suffix == ".part":
            raise PermissionError(errno.EACCES, "in use by another program")
        return replace(self, to)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(PermissionError):
        replace_file(tmp_path / "new", "two", older=tmp_path / "old")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"new": "one"}


@pytest.mark.parametrize("linked", [True, False], ids=["second names", "no second names"])
def test_the_newest_is_at_its_place_all_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linked: bool):
    new, old, replace, missing = tmp_path / "new", tmp_path / "old", Path.replace, []

    def watched(self: Path, to: Path) -> Path:
        missing.append(not new.exists())
        done = replace(self, to)
        missing.append(not new.exists())
        return done

    def without(*_: object) -> None:
        raise OSError(errno.EPERM, "no second names on this file system")

    replace_file(new, "one", older=old)
    monkeypatch.setattr(Path, "replace", watched)
    if not linked:
        monkeypatch.setattr(os, "link", without)
    for content in ("two", "three"):
        replace_file(new, content, older=old)
    assert missing == [False] * 8
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"new": "three", "old": "two"}
    old.unlink()
    monkeypatch.undo()
    old.hardlink_to(new)  # as a write that ended between the two leaves them
    replace_file(new, "four", older=old)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"new": "four", "old": "three"}
