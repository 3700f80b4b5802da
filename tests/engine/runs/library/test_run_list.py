"""The list of a folder of runs: every run as it stands, read lazily, and never an answer that the files do not give."""

from __future__ import annotations

import os
import random
import shutil

import msgspec
import pytest

from engine.experiments import famous
from engine.experiments.experiment import Experiment, preset, preset_names, to_toml
from engine.experiments.schedules import StepLR
from engine.fields import edited
from engine.layers.catalog import Dropout
from engine.runs.failures import RunError
from engine.runs.folder import EXPERIMENT, METRICS, STATUS, Run
from engine.runs.history import best_validation
from engine.runs.library import run_list
from engine.runs.library.run_list import CACHE, RunList, Standing
from engine.runs.library.run_notes import read_note, rename, write_note
from engine.runs.status import Reason, State
from engine.training.worker import Worker, resume, train
from tests.engine.runs.library.kept_runs import keep, of
from tests.patience import GIVE_UP_S

OLD = 1_600_000_000


def settle(root, at=OLD):
    """As if the files had been written long ago."""
    for file in root.rglob("*"):
        os.utime(file, (at, at))


def by_name(root):
    return {run.path.name: run for run in RunList(root).read()}


def test_each_run_as_it_stands(tmp_path):
    keep(tmp_path / "a")
    keep(tmp_path / "b", reason=Reason.STOPPED)
    keep(tmp_path / "c", reason=Reason.DIVERGED)
    keep(tmp_path / "d", reason=None)  # killed
    owned = keep(tmp_path / "e", reason=None, owned=True)
    keep(tmp_path / "f")
    (tmp_path / "f" / EXPERIMENT).write_text("name = 3\n")
    (tmp_path / "no run").mkdir()
    (tmp_path / "file.txt").write_text("")
    runs = by_name(tmp_path)
    assert {name: run.standing.value for name, run in runs.items()} == {
        "a": "completed", "b": "stopped", "c": "diverged", "d": "stopped", "e": "running", "f": "damaged",
    }  # fmt: skip
    assert runs["f"].experiment is None and "name" in runs["f"].sentence() and runs["f"].name == "f"
    assert runs["a"].experiment == preset("digits-cnn") and runs["a"].name == "Digits CNN"
    owned.leave()
    assert by_name(tmp_path)["e"].standing is Standing.STOPPED


def test_a_rate_set_in_mid_run_is_told(tmp_path):
    keep(tmp_path / "a", rates=[(2, 0.3)])
    keep(tmp_path / "b")
    runs = by_name(tmp_path)
    assert runs["a"].changed == (("lr", preset("digits-cnn").training.lr, 0.3),)
    assert runs["b"].changed == ()


def test_whatever_was_changed_in_mid_run_is_told_as_it_was_at_both_ends(tmp_path):
    worker = Worker()
    made = of(edited(preset("digits-cnn"), data=edited(preset("digits-cnn").data, samples=100)), epochs=2, device="cpu")
    layers = (Dropout(p=0.2), *made.network.layers)
    worker.start(edited(made, network=edited(made.network, layers=layers)), folder=tmp_path / "a", paused=True)
    turns = [{"clip": 1.0, "label_smoothing": 0.1}, {"clip": 2.0, "schedule": StepLR(gamma=0.5), "dropout": (0.5,)}]
    for turn in [*turns, {"label_smoothing": 0.0}]:
        for name, value in turn.items():
            worker.change(name, value)
        worker.ask(lambda _model, _data: None).result(GIVE_UP_S)
        worker.step()
        assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    worker.stop()
    assert worker.close(GIVE_UP_S)
    expected = (("clip", None, 2.0), ("schedule", None, StepLR(gamma=0.5)), ("dropout", (0.2,), (0.5,)))
    assert by_name(tmp_path)["a"].changed == expected
    settle(tmp_path)
    assert by_name(tmp_path)["a"].changed == by_name(tmp_path)["a"].changed == expected, "also out of the cache"
    for damaged in ("x", [3], [{"setting": "clip"}], [{"setting": "seed", "before": 1, "after": 2}]):
        status = msgspec.json.decode((tmp_path / "a" / STATUS).read_bytes())
        (tmp_path / "a" / STATUS).write_bytes(msgspec.json.encode(status | {"changed": damaged}))
        assert by_name(tmp_path)["a"].changed == ()


def test_the_best_values_are_those_of_all_epochs_wherever_they_come_from(tmp_path):
    losses, accuracies = (0.9, 0.25, 0.5), (0.5, 0.75, 0.875)
    keep(tmp_path / "status", losses=losses, accuracies=accuracies)
    keep(tmp_path / "killed", losses=losses, accuracies=accuracies, reason=None)
    keep(tmp_path / "early", losses=losses, accuracies=accuracies)
    for name in ("killed", "early"):  # the status is older than the measurements, or an early version's
        status = msgspec.json.decode((tmp_path / name / STATUS).read_bytes())
        status = {key: value for key, value in status.items() if not key.startswith("best")}
        if name == "killed":
            status["best_validation_loss"] = 0.9
        (tmp_path / name / STATUS).write_bytes(msgspec.json.encode(status))
    for run in by_name(tmp_path).values():
        assert (run.best_loss, run.best_accuracy, run.epochs_done) == (0.25, 0.875, 3), run.path.name
        assert best_validation(Run.open(run.path).history()) == (0.875, 0.25)


def test_a_real_run_and_after_more_epochs(tmp_path):
    experiment = of(edited(preset("digits-cnn"), data=edited(preset("digits-cnn").data, samples=100)), epochs=2, device="cpu")
    train(experiment, folder=tmp_path / "run")
    run = by_name(tmp_path)["run"]
    history = Run.open(run.path).history()
    assert (run.standing, run.epochs_done, run.epochs, run.can_go_on) == (Standing.COMPLETED, 2, 2, True)
    assert run.best_loss == float(history.validation.since()[1].min())
    assert run.best_accuracy == float(history.validation.since()[2].max())
    resume(tmp_path / "run", epochs=3)
    run = by_name(tmp_path)["run"]
    assert (run.epochs_done, run.epochs) == (3, 3)


def test_failures_are_said_in_both_languages(tmp_path):
    keep(tmp_path / "a", reason=Reason.DIVERGED)
    status = msgspec.json.decode((tmp_path / "a" / STATUS).read_bytes())
    status["problem"] = {"code": "diverged_data", "values": {"step": 7}, "message": "said"}
    (tmp_path / "a" / STATUS).write_bytes(msgspec.json.encode(status))
    run = by_name(tmp_path)["a"]
    assert "7" in run.sentence("en") and "7" in run.sentence("ko") and run.sentence("en") != run.sentence("ko")
    status["problem"] = {"code": "of a later version", "values": {}, "message": "as it was said"}
    (tmp_path / "a" / STATUS).write_bytes(msgspec.json.encode(status))
    assert by_name(tmp_path)["a"].sentence("ko") == "as it was said"


def test_runs_inside_a_folder_of_a_folder_are_found_the_newest_first(tmp_path):
    keep(tmp_path / "20260101-120000-first")
    keep(tmp_path / "sweep" / "20260102-120000-second")
    assert [run.path.name for run in RunList(tmp_path).read()] == ["20260102-120000-second", "20260101-120000-first"]
    assert RunList(tmp_path / "nowhere").read() == ()


# --- what is kept


def test_a_second_list_reads_no_experiment_again(tmp_path, monkeypatch):
    for number in range(5):
        keep(tmp_path / f"run{number}", edited(preset("digits-cnn"), seed=number), reason=None)
    settle(tmp_path)
    first = RunList(tmp_path)
    expected = first.read()
    first.keep()
    read, scanned = [], []
    monkeypatch.setattr(run_list, "read", lambda file: read.append(file))
    monkeypatch.setattr(run_list, "read_metrics", lambda file, **_: scanned.append(file))
    monkeypatch.setattr(run_list, "read_status", scanned.append)
    assert RunList(tmp_path).read() == expected
    assert read == [] and scanned == []


def test_what_is_kept_is_never_stale(tmp_path):
    """Whatever happens to the files, the list with what it has kept says what one without says."""
    chance = random.Random(7)
    root = tmp_path / "runs"
    for number in range(6):
        keep(root / f"run{number}", reason=chance.choice([None, Reason.COMPLETED]))
    living = RunList(root)
    for turn in range(60):
        name = f"run{chance.randrange(6)}"
        folder = root / name
        match chance.randrange(7):
            case 0:
                shutil.rmtree(folder, ignore_errors=True)
            case 1:
                if folder.exists():
                    rename_or_not(folder, f"named {turn % 3}")
            case 2:
                if folder.exists():
                    (folder / EXPERIMENT).write_text(to_toml(edited(preset("digits-mlp"), seed=turn)))
            case 3:
                if not folder.exists():
                    keep(folder, losses=(turn / 40,), accuracies=(turn / 80,), reason=None)
            case 4:
                if folder.exists():
                    with (folder / METRICS).open("ab") as file:
                        file.write(b'{"step": 900, "epoch": 9, "validation_loss": 0.01, "validation_accuracy": 0.99}\n')
            case 6:
                if (folder / STATUS).exists():  # of the same size as before
                    said = msgspec.json.decode((folder / STATUS).read_bytes())
                    said["step"] = turn % 10
                    said["reason"] = chance.choice(["completed", "stopped"])
                    (folder / STATUS).write_bytes(msgspec.json.encode(said))
            case 5:
                if chance.random() < 0.5:
                    settle(root, OLD + turn)
        living.read()
        living.keep()
        fresh = RunList(root)
        kept = fresh.read()
        (root / CACHE).unlink(missing_ok=True)
        assert kept == RunList(root).read() == living.read()


def rename_or_not(folder, name):
    try:
        rename(folder, name)
    except RunError:
        assert not (folder / EXPERIMENT).exists()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format": 9, "experiments": {"a": 1}}', b'{"format": 2, "best": 3}'])
def test_a_damaged_file_beside_the_runs_hinders_nothing(tmp_path, damage):
    keep(tmp_path / "a")
    expected = RunList(tmp_path).read()
    (tmp_path / CACHE).write_bytes(damage)
    assert RunList(tmp_path).read() == expected


def test_every_experiment_comes_back_from_what_is_kept():
    decoder = msgspec.json.Decoder(Experiment)
    for experiment in (*map(preset, preset_names()), *map(famous.experiment, famous.names())):
        assert decoder.decode(msgspec.json.encode(experiment)) == experiment


def test_the_first_rows_can_be_had_before_all_experiments_are_read(tmp_path):
    for number in range(4):
        keep(tmp_path / f"2026010{number + 1}-120000-run")
    settle(tmp_path)
    runs = RunList(tmp_path)
    some = runs.read(most_new=2)
    assert [run.is_read for run in some] == [True, True, False, False]  # the newest come first
    assert [run.epochs_done for run in some] == [2, 2, 2, 2]
    assert all(run.is_read for run in runs.read(most_new=2))


# --- name and note


def test_a_renamed_run_with_a_note_goes_on_as_before(tmp_path):
    experiment = of(edited(preset("digits-cnn"), data=edited(preset("digits-cnn").data, samples=100)), epochs=1, device="cpu")
    train(experiment, folder=tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    rename(tmp_path / "a", "  My \n run ")
    write_note(tmp_path / "a", " with a note \n")
    run = by_name(tmp_path)["a"]
    assert (run.name, run.note) == ("My run", "with a note") and run.experiment == edited(experiment, name="My run")
    for name in ("a", "b"):
        resume(tmp_path / name, epochs=2)
    one, other = (Run.open(tmp_path / name).history().train.since() for name in ("a", "b"))
    assert [values.tolist() for values in one] == [values.tolist() for values in other] and len(one[0]) > 2
    assert read_note(tmp_path / "a") == "with a note" and Run.open(tmp_path / "a").experiment.name == "My run"
    write_note(tmp_path / "a", "  ")
    assert read_note(tmp_path / "a") == "" and not (tmp_path / "a" / "note.txt").exists()


def test_a_run_keeps_its_name_where_there_is_no_other(tmp_path):
    keep(tmp_path / "a")
    for name in ("", " \n "):
        with pytest.raises(RunError, match="a run needs a name"):
            rename(tmp_path / "a", name)
    with pytest.raises(RunError, match="half a character"):
        rename(tmp_path / "a", "\ud800")
    assert Run.open(tmp_path / "a").experiment == preset("digits-cnn")
