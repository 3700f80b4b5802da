"""`python -m engine` as its contract says: what is printed, where, and the exit code."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.data.info import Data
from engine.data.sources import names as data_names
from engine.experiments.experiment import Experiment, Network, Training, preset, preset_names, read, write
from engine.experiments.famous import names as network_names
from engine.fields import edited
from engine.layers.catalog import KINDS, Residual, Softmax
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.pooling import MaxPool2d
from engine.training.worker import train

pytestmark = pytest.mark.timeout(300)  # some start processes, and each imports torch
TINY = Experiment(
    name="tiny",
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=10))),
    training=Training(epochs=2, device="cpu"),
)


@pytest.fixture
def tiny(tmp_path):
    write(TINY, tmp_path / "tiny.toml")
    return str(tmp_path / "tiny.toml")


def lines(capsys):
    """Printed lines, and the errors' text."""
    printed, errors = capsys.readouterr()
    assert "Traceback" not in errors
    return printed.splitlines(), errors


@pytest.mark.parametrize(
    ("what", "expected"),
    [("presets", preset_names()), ("networks", network_names()), ("datasets", data_names()), ("layers", tuple(KINDS))],
)
def test_list(capsys, what, expected):
    assert main(["list", what, "--json"]) == 0
    assert json.loads(lines(capsys)[0][0]) == list(expected)
    assert main(["list", what]) == 0
    printed, _ = lines(capsys)
    assert [line.split()[0] for line in printed] == list(expected)
    assert all(len(line.split()) > 3 for line in printed)  # and a sentence about each


def test_summary_is_the_contracts_line(capsys, tmp_path):
    file = str(tmp_path / "pipeline.toml")
    write(preset("pipeline-28x28"), file)
    assert main(["summary", file, "--json"]) == 0
    (line,), _ = lines(capsys)
    found = json.loads(line)
    assert list(found) == ["file", "input", "rows", "parameters", "macs", "problem"]
    assert found["rows"][0] == {
        "index": 0, "type": "Conv2d", "output": [64, 28, 28], "parameters": 640, "macs": 451_584,
        "receptive_field": [3, 3], "jump": [1, 1],
    }  # fmt: skip
    assert (found["file"], found["input"], found["problem"]) == (file, [1, 28, 28], None)
    assert (found["parameters"], found["macs"]) == (126_090, 577_024)
    assert [row["type"] for row in found["rows"]] == ["Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear"]


def test_summary_of_a_network_that_cannot_be_built(capsys, tmp_path):
    layers = (Conv2d(out_channels=4, kernel_size=3), MaxPool2d(kernel_size=2), Conv2d(out_channels=4, kernel_size=5))
    file = str(tmp_path / "wrong.toml")
    write(Experiment(network=Network(input=(1, 6, 6), layers=layers)), file)
    assert main(["summary", file, "--json"]) == 1
    found = json.loads(lines(capsys)[0][0])
    assert found["problem"]["index"] == 2
    assert found["problem"]["code"] == "kernel_larger_than_input"
    assert "5" in found["problem"]["message"]
    assert [row["output"] for row in found["rows"]] == [[4, 4, 4], [4, 2, 2]]
    assert found["parameters"] == 40
    assert main(["summary", file]) == 1
    assert "cannot be built: layers[2]: " + found["problem"]["message"] in lines(capsys)[0]


def test_summary_says_what_may_help_as_the_lab_does(capsys, tmp_path):
    conv, file = Conv2d(out_channels=4, kernel_size=3), str(tmp_path / "flat.toml")
    write(Experiment(network=Network(input=(1, 6, 6), layers=(conv, Linear(in_features=64, out_features=10)))), file)
    assert main(["summary", file]) == 1
    printed, _ = lines(capsys)
    assert printed[-3:] == [
        "what may help: Insert Flatten before it",
        "what may help: Set input features to 4",
        "what may help: Take input features from the input",
    ]
    write(Experiment(network=Network(input=(1, 6, 6), layers=(conv, Linear(out_features=10), Softmax()))), file)
    assert main(["summary", file]) == 0
    printed, _ = lines(capsys)
    assert printed[-2:] == [
        "likely not meant: layers[1]: Linear acts on the last axis only (4). Is a Flatten missing before it?",
        "what may help: Insert Flatten before it",
    ]


def test_a_run_without_its_flatten_is_refused_with_what_is_missing(capsys, tmp_path):
    conv, file = Conv2d(out_channels=4, kernel_size=3), str(tmp_path / "flat.toml")
    for last, said in (
        (Linear(in_features=144, out_features=10), "What may help: insert Flatten before it."),
        (Linear(out_features=10), "Layer 2: Linear acts on the last axis only (6). Is a Flatten missing before it?"),
    ):
        write(Experiment(network=Network(layers=(conv, last))), file)
        assert main(["export", file, "--to", "pytorch"]) == 1
        _, errors = lines(capsys)
        assert errors.startswith("error: ") and errors.endswith(f"{said}\n"), errors


def test_summary_of_several_files_goes_on_after_an_unreadable_one(capsys, tmp_path, tiny):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[[network.layers]]\ntype = "Conv2d"\nout_channels = 4\nkernel_size = "x"\n')
    no_data = tmp_path / "data.toml"
    no_data.write_text('[data]\nname = "cifar"\n')
    assert main(["summary", str(wrong), str(tmp_path / "none.toml"), tiny, str(no_data), "--json"]) == 2
    printed, errors = lines(capsys)
    assert [json.loads(line)["parameters"] for line in printed] == [650]
    first, second, third = errors.splitlines()
    for arguments in (["train", str(no_data)], ["export", str(no_data), "--to", "pytorch"]):
        assert main(arguments) == 2
        assert lines(capsys) == ([], third + "\n")
    assert first.startswith(f"error: {wrong}: Line 4, layer 1, kernel_size: expected a whole number, 1 or more, or a list")
    assert second == f"error: {tmp_path / 'none.toml'}: is not there; expected an experiment's TOML file or a run's folder"
    assert third.startswith(f'error: {no_data}: data.name: there is no data set "cifar"; there are digits')


def test_summary_with_another_input(capsys):
    assert main(["summary", "--preset", "pipeline-28x28", "--input", "3x8x8", "--json"]) == 0
    found = json.loads(lines(capsys)[0][0])
    assert (found["input"], found["rows"][0]["parameters"]) == ([3, 8, 8], 1792)


@pytest.mark.parametrize("name", network_names())
def test_summary_of_a_famous_network(capsys, name):
    assert main(["summary", "--preset", name, "--json"]) == 0
    found = json.loads(lines(capsys)[0][0])
    assert (found["file"], found["problem"]) == (name, None)
    assert found["parameters"] == sum(row["parameters"] for row in found["rows"]) > 10_000


def test_summary_says_what_the_lab_shows(capsys):
    assert main(["summary", "--preset", "alexnet"]) == 0
    printed, _ = lines(capsys)
    assert printed[0] == "AlexNet, one tower (alexnet)"
    assert " ".join(printed[2].split()) == "# layer output parameters share MACs activations receptive field jump"
    rows = {line.split()[0]: " ".join(line.split()) for line in printed[4:]}
    assert rows["0"] == "0 Conv2d 64, 11×11, s4, p2 64×55×55 23,296 < 0.1% 70,276,800 774,400 B 11×11 4×4"
    assert rows["15"] == "15 Linear 4096 4096 37,752,832 61.8% 37,748,736 16,384 B"
    assert rows["total"] == "total 61,100,840 714,188,480 4,392,864 B"


def test_summary_calls_blocks_by_their_names(capsys):
    assert main(["summary", "--preset", "squeezenet-1-0"]) == 0
    printed, _ = lines(capsys)
    assert any(line.startswith("3 ") and " fire2 " in line for line in printed)
    assert any(line.startswith("3.layers.2.branches[1].0 ") and " Conv2d 64, 3×3, p1 " in line for line in printed)


@pytest.mark.parametrize("shape", ["3x0x3", "axb", "", "3,224,224", "1x1x1x1x1", "-1x3", "9999999999x1"])
def test_a_wrong_input_is_refused(capsys, shape):
    assert main(["summary", "--preset", "lenet-5", f"--input={shape}"]) == 2
    assert "3x224x224" in lines(capsys)[1]


def test_summary_for_people_is_aligned(capsys, tmp_path):
    block = Residual(main=(Conv2d(out_channels=1, kernel_size=3, padding=1),))
    file = str(tmp_path / "residual.toml")
    write(Experiment(name="잔차", network=Network(layers=(block, Flatten(), Linear(out_features=10)))), file)
    assert main(["summary", file]) == 0
    printed, _ = lines(capsys)
    assert printed[0] == f"잔차 ({file})"
    end = printed[2].index("parameters") + len("parameters")
    for text, value in (("Residual", "10"), ("total", "660"), ("  Conv2d", "10")):
        (line,) = [line for line in printed[3:] if f" {text} " in line]
        assert line[:end].endswith(f" {value}")
    assert any(line.startswith("0.main.0  ") for line in printed)


def test_summary_imports_no_torch(tiny):
    code = (
        "import sys; from engine.__main__ import main; main(['summary', sys.argv[1]])\n"
        "print([name for name in ('torch', 'numpy', 'sklearn', 'safetensors') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, tiny], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "COMMAND"),
        (["fly"], "invalid choice"),
        (["list", "cats"], "invalid choice"),
        (["list"], "required: what"),
        (["summary"], "expected either FILE... (a run's folder is one too), or --preset NAME"),
        (["summary", "x.toml", "--preset", "lenet-5"], "expected either FILE... (a run's folder is one too), or --preset NAME"),
        (["summary", "empty"], "empty: is no run: there is no experiment.toml in it"),
        (["summary", "--preset", "lenet-5", "--input", "3x"], "'3x' is no shape; expected sizes such as 3x224x224"),
        (["summary", "--preset", "lenet"], 'there is no preset "lenet"; there are'),
        (["train"], "expected either RUN or FILE, or --preset NAME"),
        (["train", "run", "--preset", "lenet-5"], "expected either RUN or FILE, or --preset NAME"),
        (["train", "empty"], "empty: is no run: there is no experiment.toml in it"),
        (["train", "--preset", "lenet-5", "--epochs", "0"], "--epochs: expected a whole number from 1 to 1,000,000, got 0"),
        (["train", "--preset", "lenet-5", "--seed", "-1"], "--seed: expected a whole number, 0 or more, got -1"),
        (["train", "--preset", "lenet-5", "--epochs", "many"], "expected a whole number, got 'many'"),
        (
            ["train", "--preset", "lenet-5", "--device", "tpu"],
            '--device: expected one of "auto", "cpu", "cuda", "mps", got "tpu"',
        ),
        (["train", "missing.toml"], "missing.toml: is not there; expected an experiment's TOML file or a run's folder"),
        (["resume"], "required: RUN"),
        (["resume", "missing"], "missing: there is no such folder; expected the folder of a run"),
        (["resume", "empty"], "empty: is no run: there is no experiment.toml in it"),
        (["resume", "run/experiment.toml"], "experiment.toml: is a file; expected the folder of a run"),
        (["resume", "run", "--epochs", "0"], "--epochs: expected a whole number from 1 to 1,000,000, got 0"),
        (["resume", "run", "--epochs", "2"], "the run has 2 epochs already"),
        (["resume", "run", "--device", "tpu"], '--device: expected one of "auto", "cpu", "cuda", "mps", got "tpu"'),
        (["moments"], "required: RUN"),
        (["moments", "missing"], "missing: there is no such folder; expected the folder of a run"),
        (["moments", "empty"], "empty: is no run: there is no experiment.toml in it"),
        (["moments", "run"], "run: no moments of this run were kept"),
        (["gates"], "expected either RUN or FILE, or --preset NAME"),
        (["gates", "missing"], "missing: is not there; expected an experiment's TOML file or a run's folder"),
        (["gates", "empty"], "empty: is no run: there is no experiment.toml in it"),
        (["runs", "missing"], "missing: there is no such folder; expected a folder of runs"),
        (["runs", "run/experiment.toml"], "experiment.toml: is a file; expected a folder of runs"),
        (["sweep"], "expected either FILE, a run's or a queue's folder, or --preset NAME"),
        (["sweep", "missing"], "missing: is not there; expected an experiment's TOML file or a run's folder"),
        (["sweep", "empty"], "empty: is no run: there is no experiment.toml in it"),
        (["sweep", "--preset", "series-lstm", "--folds", "3"], "series is split in the order of time"),
        (["export", "--to", "pytorch"], "expected either RUN or FILE, or --preset NAME"),
        (
            ["export", "missing", "--to", "pytorch"],
            "missing: is not there; expected an experiment's TOML file or a run's folder",
        ),
        (["export", "empty", "--to", "pytorch"], "empty: is no run: there is no experiment.toml in it"),
        (["export", "--preset", "lenet-5"], "--to"),
        (["export", "--preset", "lenet-5", "--to", "keras"], "invalid choice"),
        (["export", "--preset", "lenet-5", "--to", "pytorch", "--out", "no/such/folder.py"], "cannot be written"),
    ],
)
def test_mistakes_end_with_2_and_a_sentence(capsys, tmp_path, monkeypatch, arguments, text):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path / "home"))
    (tmp_path / "run").mkdir()
    (tmp_path / "empty").mkdir()
    write(TINY, tmp_path / "run" / "experiment.toml")
    before = sorted(tmp_path.rglob("*"))
    assert main(arguments) == 2
    printed, errors = lines(capsys)
    assert printed == []
    assert text in errors
    assert "Traceback" not in errors
    assert sorted(tmp_path.rglob("*")) == before, "nothing half-written"


def test_help_ends_with_0(capsys):
    assert main(["--help"]) == 0
    assert "resume" in "".join(lines(capsys)[0])


def test_train_ends_with_one_line_and_leaves_a_run(capsys, tmp_path, tiny):
    folder = tmp_path / "run"
    assert main(["train", tiny, "--out", str(folder), "--epochs", "3", "--seed", "5", "--device", "cpu", "--json"]) == 0
    (line,), errors = lines(capsys)
    found = json.loads(line)
    assert list(found) == [
        "reason", "steps", "epochs", "seconds", "samples_per_second", "train_loss", "validation_loss",
        "validation_accuracy", "best_epoch", "run", "diagnoses",
    ]  # fmt: skip
    assert (found["reason"], found["steps"], found["epochs"], found["run"]) == ("completed", 6, 3, str(folder))
    assert 0 < found["validation_loss"] < 5
    rows = [json.loads(row) for row in (folder / "metrics.jsonl").read_text().splitlines()]
    epochs = [row for row in rows if "epoch" in row]
    assert errors.splitlines() == [  # every epoch its line, with its own measurements
        f"epoch {row['epoch']}/3: train loss {row['train_loss']:.4g}, validation loss {row['validation_loss']:.4g}, "
        f"validation accuracy {row['validation_accuracy']:.1%}"
        for row in epochs
    ]
    assert len(epochs) == 3
    for key in ("train_loss", "validation_loss", "validation_accuracy"):
        assert found[key] == epochs[-1][key]
    kept = json.loads((folder / "status.json").read_text())
    assert (kept["train_loss"], kept["loss"]) == (epochs[-1]["train_loss"], [row for row in rows if "loss" in row][-1]["loss"])
    kept = read(folder / "experiment.toml")
    assert (kept.seed, kept.training.epochs) == (5, 3)

    again = tmp_path / "again"
    assert main(["train", str(folder / "experiment.toml"), "--out", str(again), "--json"]) == 0
    repeated = json.loads(lines(capsys)[0][0])
    assert repeated["train_loss"] == found["train_loss"]  # the same seed, the same losses
    assert repeated["validation_loss"] == found["validation_loss"]

    assert main(["train", tiny, "--out", str(folder)]) == 1  # would overwrite a run
    assert str(folder) in lines(capsys)[1]


def test_train_for_people_says_how_it_ended(capsys, tmp_path, tiny):
    assert main(["train", tiny, "--out", str(tmp_path / "run")]) == 0
    printed, _ = lines(capsys)
    assert printed[0].startswith("completed after 4 steps in ")
    assert "validation accuracy" in printed[0]
    assert printed[1] == f"run: {tmp_path / 'run'}"


def test_divergence_and_failure_end_with_1(capsys, tmp_path):
    hot = edited(TINY, training=edited(TINY.training, optimizer="SGD", lr=100.0, momentum=0.9, epochs=500))
    deep = edited(hot, network=Network(layers=(Flatten(), *(Linear(out_features=10),) * 12)))
    write(deep, tmp_path / "hot.toml")
    assert main(["train", str(tmp_path / "hot.toml"), "--out", str(tmp_path / "a"), "--json"]) == 1
    printed, errors = lines(capsys)
    assert json.loads(printed[-1])["reason"] == "diverged"
    assert errors.splitlines()[-1].startswith("error: ")
    unfit = edited(TINY, network=Network(layers=(Flatten(), Linear(out_features=7))))
    write(unfit, tmp_path / "unfit.toml")
    assert main(["train", str(tmp_path / "unfit.toml"), "--out", str(tmp_path / "b")]) == 1
    assert "7" in lines(capsys)[1]


def test_export_writes_a_script(capsys, tmp_path, tiny):
    target = tmp_path / "tiny.py"
    assert main(["export", tiny, "--to", "pytorch", "--out", str(target)]) == 0
    assert main(["export", tiny, "--to", "pytorch"]) == 0
    assert capsys.readouterr().out == target.read_text("utf-8")
    run = tmp_path / "run"
    run.mkdir()
    shutil.copy(tiny, run / "experiment.toml")
    assert main(["export", str(run), "--to", "pytorch"]) == 0
    assert capsys.readouterr().out == target.read_text("utf-8")


def test_a_completed_run_goes_on_with_more_epochs_and_says_what_is_to_be_said(capsys, tmp_path, tiny):
    run, whole = tmp_path / "run", tmp_path / "whole"
    assert main(["train", tiny, "--out", str(run)]) == 0
    with (run / "metrics.jsonl").open("a") as file:
        file.write("nonsense\n")
    lines(capsys)
    assert main(["resume", str(run), "--epochs", "4", "--json"]) == 0
    (line,), errors = lines(capsys)
    assert errors.splitlines()[0] == "note: 1 damaged lines of metrics.jsonl are left out, the first of them line 7."
    assert [text.split(":")[0] for text in errors.splitlines()[1:]] == ["epoch 3/4", "epoch 4/4"]
    assert main(["train", tiny, "--epochs", "4", "--out", str(whole), "--json"]) == 0
    found, expected = json.loads(line), json.loads(lines(capsys)[0][0])
    for key in ("reason", "steps", "epochs", "train_loss", "validation_loss"):
        assert found[key] == expected[key]
    assert read(run / "experiment.toml").training.epochs == 4
    assert main(["resume", str(run), "--json"]) == 0, "nothing is left to do"
    assert json.loads(lines(capsys)[0][0])["steps"] == found["steps"]


def command(*arguments):
    return [sys.executable, "-m", "engine", *map(str, arguments)]


def test_a_reader_that_has_enough_is_no_error(tiny):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command("summary", *[tiny] * 300), stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_run_goes_on_when_nobody_can_read_its_progress(tmp_path, tiny):
    reader, writer = os.pipe()
    os.close(reader)
    with Path("/dev/full").open("wb") as full:
        for number, stream in enumerate((writer, full)):
            folder = tmp_path / str(number)
            done = subprocess.run(command("train", tiny, "--out", folder, "--json"), stdout=subprocess.PIPE, stderr=stream)
            assert done.returncode == 0
            assert json.loads(done.stdout)["reason"] == "completed"
            assert json.loads((folder / "status.json").read_text())["reason"] == "completed"
        listing = subprocess.run(command("list", "layers"), stdout=full, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (listing.returncode, listing.stderr.count("\n")) == (1, 1)
    assert "No space left" in listing.stderr


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_stream_that_is_closed_is_no_error(monkeypatch, tmp_path, tiny, stream):
    monkeypatch.setattr(sys, stream, None)  # what `>&-` leaves
    assert main(["train", tiny, "--out", str(tmp_path / "run")]) == 0
    getattr(sys, stream).close()


def lasting(epochs):
    return edited(TINY, training=edited(TINY.training, epochs=epochs, lr=1e-4))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to another process")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_interrupt_stops_the_run_and_resume_goes_on_to_the_same_losses(capsys, tmp_path, number):
    """The run ends by the signal alone, however late that comes; the few epochs that are left are those of its edited file."""
    file, run = tmp_path / "long.toml", tmp_path / "run"
    write(lasting(1_000_000), file)
    training = subprocess.Popen(
        command("train", file, "--out", run, "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    for line in training.stderr:
        if line.startswith("epoch "):
            break
    training.send_signal(getattr(signal, number))
    printed, errors = training.communicate()
    assert training.returncode == 130, errors
    assert "Traceback" not in errors
    stopped = json.loads(printed)
    assert stopped["reason"] == "stopped"
    assert stopped["steps"] > 0
    assert stopped["epochs"] == stopped["steps"] // 2

    whole = lasting(stopped["epochs"] + 5)
    write(whole, run / "experiment.toml")
    assert main(["resume", str(run), "--json"]) == 0
    found = json.loads(lines(capsys)[0][-1])
    assert (found["reason"], found["steps"], found["run"]) == ("completed", 2 * whole.training.epochs, str(run))
    expected = train(whole, folder=tmp_path / "whole")
    assert (found["train_loss"], found["validation_loss"]) == (expected.train_loss, expected.validation_loss)


def test_what_was_done_to_an_own_file_is_said(capsys, tmp_path):
    (tmp_path / "own.csv").write_text('value\n1\n2\n""\n' + "5\n3\n4\n" * 5, "utf-8")
    (tmp_path / "own.toml").write_text(
        '[data]\nname = "series"\npath = "own.csv"\n\n[[network.layers]]\ntype = "LSTM"\nhidden_size = 2\noutput = "sequence"\n'
        '[[network.layers]]\ntype = "Linear"\nout_features = 1\n\n[training]\nepochs = 1\n',
        "utf-8",
    )
    assert main(["export", str(tmp_path / "own.toml"), "--to", "pytorch"]) == 0
    printed, errors = capsys.readouterr()
    assert errors == (
        "note: Read as UTF-8, one column, with names, decimal point; column value: 18 values\n"
        "note: 1 of 18 values in column value were missing; a straight line stands in for them.\n"
    )
    assert "note:" not in printed
