"""`python -m engine sweep` as its contract says: a line a run, then one of all; what was stopped is gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.commands.sweeping import swept
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, preset, write
from engine.fields import edited
from engine.layers.kinds.activation import Dropout
from engine.layers.kinds.dense import Flatten, Linear
from engine.queue.plan import PlanError, Swept
from engine.queue.setting_keys import settable

pytestmark = pytest.mark.timeout(300)  # each process imports torch
TINY = Experiment(
    name="tiny",
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=10))),
    training=Training(epochs=2, batch_size=16, device="cpu"),
)


@pytest.fixture
def tiny(tmp_path):
    write(TINY, tmp_path / "tiny.toml")
    return str(tmp_path / "tiny.toml")


def lines(capsys):
    printed, errors = capsys.readouterr()
    assert "Traceback" not in errors
    return printed.splitlines(), errors


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("training.lr=0.001,1e-2", Swept(key="training.lr", values=(0.001, 0.01))),
        ("training.lr=1e-4..0.1", Swept(key="training.lr", low=1e-4, high=0.1)),
        ("training.optimizer=Adam,SGD", Swept(key="training.optimizer", values=("Adam", "SGD"))),
        ("training.nesterov=true,false", Swept(key="training.nesterov", values=(True, False))),
        ("network.layers[0].kernel_size=3,[1, 5]", Swept(key="network.layers[0].kernel_size", values=(3, (1, 5)))),
        ("training.clip=none,1", Swept(key="training.clip", values=("none", 1))),
        ("training.lr=.1,1.", Swept(key="training.lr", values=(0.1, 1.0))),
        ("training.lr=1, 2", Swept(key="training.lr", values=(1, 2))),
        ("training.batch_size=16,32", Swept(key="training.batch_size", values=(16, 32))),
    ],
)
def test_what_is_set(text, expected):
    assert swept(text, settable(preset("digits-mlp"))) == expected


@pytest.mark.parametrize("text", ["training.lr", "=1", "training.lr=", "training.lr=a..b"])
def test_what_sets_nothing(text):
    with pytest.raises(PlanError, match=r"expected KEY=VALUE"):
        swept(text, {})


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "expected either FILE, a run's or a queue's folder, or --preset NAME"),
        (["FILE", "--set", "lr=1"], "perhaps training.lr"),
        (["FILE", "--set", "training.lr=0.1..1"], "say how many draws"),
        (["FILE", "--folds", "13"], "expected 2 to 12 folds"),
        (["FILE", "--folds", "1"], "expected 2 to 12 folds"),
        (["FILE", "--seeds", "900", "--folds", "2"], "1,800 runs are too many"),
        (["nothing.toml"], "nothing.toml"),
        (["FILE", "--set", "training.lr=abc"], "training.lr"),
        (["FILE", "--set", "training.lr=-1,0"], "training.lr"),
        (["FILE", "--set", "training.lr={a=1}"], "expected KEY=VALUE"),
        (["FILE", "--set", "training.lr=[[1]],[[2]]"], "expected KEY=VALUE"),
        (["FILE", "--set", "training.lr=2026-01-31"], "expected KEY=VALUE"),
        (["FILE", "--set", "training.lr=nan"], "training.lr"),
        (["FILE", "--set", "training.lr=0,01"], "training.lr=0,01: the comma can be a decimal comma"),
        (["FILE", "--set", "training.lr=0,01"], "with a point, as 0.01"),
        (["FILE", "--set", "training.lr=0,1, 0,01"], "training.lr=0,1"),
        (["FILE", "--set", "training.lr=0,001..0,1", "--random", "3"], "as 0.001"),
        (["FILE", "--set", "training.lr=nan..1", "--random", "3"], "a range goes from"),
    ],
)
def test_what_cannot_be_planned_is_said_in_a_line(capsys, tmp_path, tiny, arguments, text):
    arguments = [tiny if each == "FILE" else each for each in arguments]
    assert main(["sweep", *arguments, "--out", str(tmp_path / "queue")]) == 2
    printed, errors = lines(capsys)
    assert printed == []
    assert text in errors
    assert len(errors.splitlines()) == 1
    assert not (tmp_path / "queue").exists()


def test_a_network_that_cannot_be_built_is_said_once_and_leaves_no_queue(capsys, tmp_path, tiny):
    out = tmp_path / "queue"
    assert main(["sweep", tiny, "--set", "network.layers[1].in_features=3,4", "--seeds", "2", "--out", str(out), "--json"]) == 1
    printed, errors = lines(capsys)
    assert printed == []
    assert len(errors.splitlines()) == 1
    assert not out.exists()


def test_the_experiment_of_a_run_s_folder_can_be_swept(capsys, tmp_path):
    (tmp_path / "run").mkdir()
    write(TINY, tmp_path / "run" / "experiment.toml")
    assert main(["sweep", str(tmp_path / "run"), "--set", "training.lr=-1", "--out", str(tmp_path / "queue")]) == 2
    assert "training.lr" in lines(capsys)[1]


def test_no_queue_is_put_into_the_folder_of_a_run(capsys, tmp_path, tiny):
    for name in ("experiment.toml", "001"):
        folder = tmp_path / f"with-{name}"
        (folder / name).mkdir(parents=True)
        assert main(["sweep", tiny, "--out", str(folder)]) == 2
        printed, errors = lines(capsys)
        assert printed == []
        assert errors == f"error: {folder}: holds runs already ({name}); name another folder\n"
        assert [each.name for each in folder.iterdir()] == [name]


@pytest.mark.parametrize("arguments", [["--seeds", "0"], ["--jobs", "x"], ["--random", "-1"]])
def test_numbers_are_numbers(capsys, tiny, arguments):
    assert main(["sweep", tiny, *arguments]) == 2
    assert "expected a whole number from 1 to 1,000" in lines(capsys)[1]


def test_a_sweep_in_json_and_gone_on_with_nothing_left_to_do(capsys, tmp_path, tiny):
    out = str(tmp_path / "queue")
    command = ["sweep", tiny, "--set", "training.lr=0.01,-1", "--seeds", "3", "--jobs", "2", "--out", out, "--json"]
    assert main(command) == 1, "one of the values cannot be run"
    printed, _ = lines(capsys)
    *runs, last = map(json.loads, printed)
    assert sorted(run["number"] for run in runs) == [1, 2, 3, 4, 5, 6]
    done = [run for run in runs if run["reason"] == "completed"]
    refused = [run for run in runs if run["reason"] == "refused"]
    assert (len(done), len(refused)) == (3, 3)
    assert "training.lr" in refused[0]["message"]
    assert refused[0]["run"] is None
    for run in done:
        assert (run["settings"], run["fold"], run["steps"], run["epochs"]) == ({"training.lr": 0.01}, None, 10, 2)
        assert Path(run["run"], "weights.safetensors").is_file()
    assert sorted(run["seed"] for run in done) == [0, 1, 2]
    values = sorted(run["validation_accuracy"] for run in done)
    assert (last["runs"], last["completed"], last["metric"]) == (6, 3, "validation_accuracy")
    mean = sum(values) / 3
    deviation = (sum((value - mean) ** 2 for value in values) / 2) ** 0.5
    assert last["mean"] == pytest.approx(mean)
    assert last["deviation"] == pytest.approx(deviation)
    half = 4.302653 * deviation / 3**0.5  # t(2) of the published tables
    assert last["interval"] == pytest.approx([mean - half, mean + half])
    assert [each["settings"] for each in last["settings"]] == [{"training.lr": 0.01}, {"training.lr": -1}]
    assert last["settings"][1]["mean"] is None
    assert last["queue"] == out
    before = {path: path.stat().st_mtime_ns for path in Path(out).rglob("*.safetensors")}
    assert main(command) == 1
    again, _ = lines(capsys)
    assert len(again) == 7
    assert {path: path.stat().st_mtime_ns for path in Path(out).rglob("*.safetensors")} == before
    assert main(["sweep", out, "--json"]) == 1
    assert len(lines(capsys)[0]) == 7
    assert main(["sweep", out, "--seeds", "4"]) == 2
    assert main(["sweep", tiny, "--seeds", "2", "--out", out]) == 2
    assert "holds another queue already" in lines(capsys)[1]


def test_folds_for_people_and_in_json(capsys, tmp_path, tiny):
    out = str(tmp_path / "queue")
    assert main(["sweep", tiny, "--folds", "4", "--jobs", "1", "--out", out]) == 0
    printed, _ = lines(capsys)
    assert 'None of these models is "the" model' in printed[-2]
    assert "out of fold " in printed[-3]
    assert "of 100)" in printed[-3]
    assert main(["sweep", out, "--json"]) == 0
    *runs, last = map(json.loads, lines(capsys)[0])
    assert [run["fold"] for run in runs] == [1, 2, 3, 4]
    (found,) = last["out_of_fold"]
    assert (found["samples"], found["complete"], sum(map(sum, found["confusion"]))) == (100, True, 100)
    assert found["right"] == sum(found["confusion"][each][each] for each in range(10))
    assert last["out_of_fold_accuracy"] == found["accuracy"] == found["right"] / 100
    assert last["mean"] == pytest.approx(sum(run["validation_accuracy"] for run in runs) / 4)
    assert found["accuracy"] == pytest.approx(last["mean"]), "all folds are of one size"


@pytest.mark.skipif(sys.platform == "win32", reason="a Ctrl-C is sent in another way there")
def test_ctrl_c_stops_and_keeps_and_the_same_command_goes_on(capsys, tmp_path):
    file = tmp_path / "long.toml"
    write(edited(TINY, training=edited(TINY.training, epochs=800)), file)
    out = tmp_path / "queue"
    command = ["sweep", str(file), "--seeds", "2", "--jobs", "1", "--out", str(out), "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "engine", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    metrics = out / "001" / "metrics.jsonl"
    while process.poll() is None and not (metrics.exists() and metrics.stat().st_size):
        threading.Event().wait(0.05)
    os.kill(process.pid, signal.SIGINT)
    printed, errors = process.communicate()
    assert process.returncode == 130
    assert "goes on" in errors
    assert json.loads(printed.splitlines()[-1])["completed"] < 2
    assert (out / "001" / "resume.safetensors").exists()
    assert main(command) == 0
    *runs, last = map(json.loads, lines(capsys)[0])
    assert [run["epochs"] for run in runs] == [800, 800]
    assert last["completed"] == 2


def test_seeds_learn_together_where_that_is_asked_for(tiny, tmp_path, capsys):
    queue = tmp_path / "queue"
    assert main(["sweep", tiny, "--seeds", "3", "--jobs", "1", "--together", "--json", "--out", str(queue)]) == 0
    printed, errors = lines(capsys)
    *runs, summary = map(json.loads, printed)
    assert [run["together"] for run in runs] == [3, 3, 3] and summary["completed"] == 3
    assert "note:" not in errors
    assert main(["sweep", tiny, "--seeds", "3", "--jobs", "1", "--json", "--out", str(tmp_path / "apart")]) == 0
    *apart, _ = map(json.loads, lines(capsys)[0])
    for run, other in zip(runs, apart, strict=True):
        assert run["validation_loss"] == pytest.approx(other["validation_loss"], rel=1e-5)
        assert "together" not in other, "on the CPU each is the run alone, to the bit"
    assert main(["sweep", str(queue), "--json"]) == 0, "the plan is the queue's own"
    assert [json.loads(line)["together"] for line in lines(capsys)[0][:3]] == [3, 3, 3]
    assert main(["sweep", str(queue), "--apart"]) != 0


def test_why_seeds_learn_one_by_one_is_said_once(tmp_path, capsys):
    dropping = Network(layers=(Flatten(), Dropout(p=0.5), Linear(out_features=10)))
    write(edited(TINY, network=dropping), tmp_path / "dropping.toml")
    out = str(tmp_path / "queue")
    assert main(["sweep", str(tmp_path / "dropping.toml"), "--seeds", "2", "--together", "--json", "--out", out]) == 0
    printed, errors = lines(capsys)
    assert all("together" not in json.loads(line) for line in printed)
    assert errors.count("note: Each run learns by itself: Dropout") == 1
