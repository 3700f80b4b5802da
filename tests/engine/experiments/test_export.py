"""The exported script, run as a learner would run it, reaches the engine's losses to the bit."""

import inspect

import pytest
import torch
from torch import nn

from engine.__main__ import main
from engine.assets import asset
from engine.data.info import Data
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import Experiment, Network, Training, preset, preset_names, read, write
from engine.experiments.problems import CannotRunError
from engine.experiments.schedules import CosineAnnealingLR, LinearLR, OneCycleLR, ReduceLROnPlateau, StepLR
from engine.experiments.scripts import export
from engine.experiments.scripts.export import to_pytorch
from engine.experiments.stopping import EarlyStopping
from engine.fields import edited, fields
from engine.layers.catalog import KINDS, Concat, Residual, Sequential
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.convolution import Conv1d, Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d, GroupNorm
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import AdaptiveAvgPool1d, AdaptiveMaxPool2d, MaxPool2d
from engine.layers.kinds.recurrent import GRU, LSTM, RNN
from engine.layers.kinds.upsample import Upsample
from engine.passes.modules import build
from engine.runs.folder import Run
from engine.runs.status import State
from engine.training.worker import Worker, resume
from tests.patience import GIVE_UP_S


def shortened(name):
    """A preset with little to do: two epochs, few samples."""
    experiment = preset(name)
    samples = {"digits": 400, "mnist-5k": 300, "adding": 500, "waves": 70, "counting": 150, "copy": 200, "addition": 150}
    samples |= {
        "random-walk": 50,
        "digits-rows": 300,
        "series": 60,
        "moons": 150,
        "spirals": 150,
        "xor": 150,
        "shapes": 120,
        "hangul": 280,
    }
    return edited(
        experiment,
        data=edited(experiment.data, samples=samples.get(experiment.data.name)),
        training=edited(experiment.training, epochs=2, device="cpu"),
    )


BRANCHED = Experiment(
    name='Branches "and" \\ back\nslashes """',
    seed=11,
    data=Data(samples=200, seed=4),
    network=Network(
        layers=(
            Concat(
                branches=(
                    (Conv2d(out_channels=4, kernel_size=(3, 1), padding=(1, 0)), BatchNorm2d(), ReLU()),
                    (MaxPool2d(kernel_size=3, stride=1, padding=1),),
                )
            ),
            Residual(main=(Conv2d(out_channels=5, kernel_size=3, padding="same", bias=False),)),
            Residual(
                main=(Sequential(layers=(Conv2d(out_channels=3, kernel_size=1, stride=2), ReLU())),),
                shortcut=(Conv2d(out_channels=3, kernel_size=2, stride=2),),
            ),
            Flatten(),
            Linear(out_features=10),
        )
    ),
    training=Training(
        optimizer="SGD", lr=0.05, momentum=0.9, nesterov=True, weight_decay=1e-4, epochs=2, batch_size=33, device="cpu"
    ),
)
UNEVEN = Experiment(
    data=Data(samples=150),
    network=Network(
        layers=(
            Conv2d(out_channels=4, kernel_size=4, padding=1, padding_after=2, padding_mode="reflect"),
            Conv2d(out_channels=3, kernel_size=2, stride=2, padding=(0, 1), padding_after=(1, 0), groups=1, bias=False),
            ReLU(),
            Flatten(),
            Linear(out_features=10),
        )
    ),
    training=Training(epochs=2, device="cpu"),
)
SQUARED = Experiment(
    data=Data(samples=150),
    network=Network(layers=(Flatten(), Linear(out_features=10))),
    training=Training(optimizer="RMSprop", momentum=0.5, loss="mean_squared_error", epochs=2, device="cpu"),
)
RECURRENT = Experiment(
    data=Data(name="counting", samples=60, length=12),
    network=Network(
        layers=(
            *preset("counting-lstm").network.layers[:1],
            GRU(hidden_size=6, num_layers=2, bidirectional=True, dropout=0.2, output="sequence"),
            Linear(out_features=14),
        )
    ),
    training=Training(optimizer="AdamW", loss="mean_squared_error", epochs=2, device="cpu"),
)
TURNED = Experiment(
    data=Data(samples=150),
    network=Network(
        layers=(
            Conv2d(out_channels=6, kernel_size=3, padding=1),
            GroupNorm(num_groups=2),
            ReLU(),
            AdaptiveMaxPool2d(output_size=(None, 4)),
            Upsample(scale_factor=2, mode="bilinear", align_corners=True),
            Upsample(scale_factor=2),
            Permute(dims=(0, 3, 1, 2)),
            Flatten(start_dim=2),
            GRU(hidden_size=5, output="sequence"),
            Permute(dims=(0, 2, 1)),
            Conv1d(out_channels=10, kernel_size=3),
            AdaptiveAvgPool1d(output_size=1),
            Flatten(),
        )
    ),
    training=Training(epochs=2, device="cpu"),
)
ADAGRAD = edited(SQUARED, training=Training(optimizer="Adagrad", epochs=1, batch_size=1000, device="cpu"))
DENSE = Network(layers=(Flatten(), Linear(out_features=12), BatchNorm1d(), ReLU(), Linear(out_features=10)))
SMALL_CNN = Network(layers=(Conv2d(out_channels=4, kernel_size=3), ReLU(), Flatten(), Linear(out_features=10)))


def set_up(network=DENSE, data=Data(samples=150), **training):  # noqa: B008
    settings = {"batch_size": 32, "epochs": 3, "device": "cpu", "lr": 0.01} | training
    return Experiment(seed=3, data=data, network=network, training=Training(**settings))


SET_UP = {
    "adadelta": set_up(optimizer="Adadelta", lr=1.0),
    "adamax, decay of weights": set_up(optimizer="Adamax", weight_decay=0.01, decay_applies_to="weights"),
    "nadam, smoothed": set_up(optimizer="NAdam", label_smoothing=0.1, clip=0.5),
    "steps": set_up(schedule=StepLR(step_size=1, gamma=0.5)),
    "cosine": set_up(schedule=CosineAnnealingLR(end_factor=0.1)),
    "cosine, shorter": set_up(schedule=CosineAnnealingLR(epochs=2)),
    "one cycle": set_up(schedule=OneCycleLR()),
    "warm-up": set_up(schedule=LinearLR(warmup_epochs=1.5), optimizer="SGD", momentum=0.9, nesterov=True),
    "plateau": set_up(schedule=ReduceLROnPlateau(patience=0, reduction=0.3, threshold=0.2), lr=0.3, epochs=4),
    "augmented": set_up(SMALL_CNN, augmentation=Augmentation(shift=1, rotate=20.0, flip=True, noise=0.1)),
    "shifted": set_up(SMALL_CNN, augmentation=Augmentation(shift=2)),
    "stopped early": set_up(lr=0.5, epochs=20, early_stopping=EarlyStopping(patience=2)),
    "stopped early, last weights": set_up(lr=0.5, epochs=20, early_stopping=EarlyStopping(patience=1, restore_best=False)),
    "xavier": set_up(UNEVEN.network, initialization="xavier_uniform"),
    "he, recurrent": set_up(RECURRENT.network, RECURRENT.data, initialization="he_normal", label_smoothing=0.2),
    "normal": set_up(BRANCHED.network, initialization="normal", initial_deviation=0.05),
    "balanced": set_up(class_weights=True, label_smoothing=0.05),
    "balanced tokens": set_up(
        preset("counting-lstm").network, Data(name="counting", samples=60, length=12), class_weights=True
    ),
    "zeros": set_up(initialization="zeros"),
    "forget bias": set_up(
        Network(layers=(LSTM(hidden_size=6, num_layers=2, forget_bias=1.5), Linear(out_features=1))),
        Data(name="adding", samples=90, length=7),
        initialization="he_uniform",
    ),
    "truncated": set_up(
        Network(
            layers=(
                LSTM(hidden_size=6, num_layers=2, dropout=0.3, forget_bias=1.0, output="sequence"),
                RNN(hidden_size=4, output="sequence"),
                GRU(hidden_size=5),
                Linear(out_features=1),
            )
        ),
        Data(name="adding", samples=90, length=11),
        truncated_steps=4,
        clip=1.0,
    ),
}
CASES = SET_UP | {name: shortened(name) for name in preset_names()} | {
    "branched": BRANCHED, "uneven": UNEVEN, "squared": SQUARED, "recurrent": RECURRENT, "adagrad": ADAGRAD,
    "turned": TURNED,
}  # fmt: skip


def trained(experiment):
    """The engine's history of a whole run, and its weights' names and shapes."""
    worker = Worker()
    try:
        worker.start(experiment)
        assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
        assert worker.status().problem is None
        weights = worker.ask(lambda model, _: {name: list(part.shape) for name, part in model.state_dict().items()})
        total = worker.ask(lambda model, _: float(sum(part.double().sum() for part in model.state_dict().values())).hex())
        return worker.history, weights.result(GIVE_UP_S), total.result(GIVE_UP_S)
    finally:
        assert worker.close(GIVE_UP_S)


@pytest.mark.parametrize("name", CASES)
def test_script_reaches_the_same_losses(name, scripts, tmp_path):
    history, weights, total = trained(CASES[name])
    script = tmp_path / f"{name}.py"
    script.write_text(to_pytorch(CASES[name]), "utf-8")
    found = scripts.run(script, asset("data", "hangul.npz" if name == "hangul-cnn" else "mnist-5k.npz"))
    _, losses, _ = history.train.since(len(history.train) - len(found["steps"]))
    assert [float(loss).hex() for loss in losses] == found["steps"]
    validation, _ = history.validation.last()
    assert float(validation).hex() == found["validation"]
    assert found["weights"] == weights
    assert found["sum"] == total, "the weights at the end, those of the best epoch where they are asked for"
    epochs = [line for line in found["printed"] if line != "stopped early"]
    assert len(epochs) == len(history.epochs)
    assert ("stopped early" in found["printed"]) == (len(epochs) < CASES[name].training.epochs)
    assert f"validation {validation:.9g}" in epochs[-1]


def stepped_to(worker, step):
    worker.step(step - worker.status().step)
    assert worker.wait_until(lambda status: status.step == step and status.state in (State.PAUSED, State.IDLE), GIVE_UP_S)


def test_script_of_a_run_replays_the_rates_that_were_set_in_mid_run(tmp_path, capsys, scripts):
    """Before the first step, twice at one place, in the second epoch, and one that was edited before the run was resumed."""
    run = tmp_path / "run"
    worker = Worker()
    worker.start(
        edited(SQUARED, training=Training(optimizer="SGD", lr=0.3, epochs=4, batch_size=32, device="cpu")),
        folder=run,
        paused=True,
    )
    worker.set_lr(0.2)
    for step, rates in ((3, (5.0, 0.1)), (6, (0.01,)), (9, ())):
        stepped_to(worker, step)
        for lr in rates:
            worker.set_lr(lr)
            worker.ask(lambda _model, _data: None).result(GIVE_UP_S)  # the loop has come by
    assert worker.close(GIVE_UP_S)
    experiment = read(run / "experiment.toml")
    write(edited(experiment, training=edited(experiment.training, lr=0.05)), run / "experiment.toml")
    assert resume(run).lr == 0.05

    assert main(["export", str(run), "--to", "pytorch"]) == 0
    script = capsys.readouterr().out
    assert "RATES = {0: 0.2, 3: 0.1, 6: 0.01, 9: 0.05}" in script
    (tmp_path / "script.py").write_text(script, "utf-8")
    found = scripts.run(tmp_path / "script.py")
    history = Run.open(run).history()
    assert [float(loss).hex() for loss in history.train.since(len(history.train) - len(found["steps"]))[1]] == found["steps"]
    assert float(history.validation.last()[0]).hex() == found["validation"]
    plain = to_pytorch(read(run / "experiment.toml"))
    assert "RATES" not in plain and "steps_done" not in plain


def test_script_of_a_run_with_a_schedule_replays_the_rates_that_were_set_in_mid_run(tmp_path, capsys, scripts):
    """A rate that is set scales what the schedule says from there on, in the run and in its script."""
    run = tmp_path / "run"
    worker = Worker()
    worker.start(set_up(schedule=CosineAnnealingLR(), epochs=2, clip=1.0), folder=run, paused=True)
    for step, lr in ((3, 0.1), (5, 0.02)):
        stepped_to(worker, step)
        worker.set_lr(lr)
    worker.play()
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    assert main(["export", str(run), "--to", "pytorch"]) == 0
    script = capsys.readouterr().out
    assert "RATES = {3: 0.1, 5: 0.02}" in script and "lr * factor(steps_done)" in script
    (tmp_path / "script.py").write_text(script, "utf-8")
    found, history = scripts.run(tmp_path / "script.py"), Run.open(run).history()
    assert [float(loss).hex() for loss in history.train.since(len(history.train) - len(found["steps"]))[1]] == found["steps"]
    assert float(history.validation.last()[0]).hex() == found["validation"]


def test_script_of_a_run_takes_its_threads(tmp_path):
    assert "torch.set_num_threads(3)" in to_pytorch(SQUARED, threads=3)
    compile(to_pytorch(SQUARED, rates=[(1, 1e-5)], threads=3), "script", "exec")


def test_mnist_script_says_what_it_needs(tmp_path, scripts):
    script = tmp_path / "script.py"
    script.write_text(to_pytorch(preset("lenet-5")), "utf-8")
    assert "PATH/mnist-5k.npz" in scripts.run(script)["exit"], "a sentence: Python prints it and ends with 1"


def test_every_kind_is_written_as_torch_reads_it():
    """What is left out of a call is torch's own default; what is written makes the same module."""
    skipped = {"in_channels", "in_features", "input_size", "num_features", "num_channels"}  # of the input
    skipped |= {
        "output",
        "dim",
        "padding_after",
        "align_corners",
        "forget_bias",
    }  # have no default in torch, or are not torch's
    for name, kind in KINDS.items():
        if issubclass(kind, Composite) or name == "Permute":  # no module of torch.nn
            continue
        signature = inspect.signature(getattr(nn, name))
        recurrent = inspect.signature(nn.LSTM).parameters.keys() == signature.parameters.keys()
        for field in fields(kind).values():
            if field.required or field.name in skipped or recurrent:
                continue
            assert signature.parameters[field.name].default == field.default, (name, field.name)


def test_network_in_the_script_is_the_engines():
    text = to_pytorch(BRANCHED)
    start = text.index("class Sum")
    end = text.index("optimizer =")
    space = {"nn": nn, "torch": torch, "SEED": BRANCHED.seed, "DEVICE": "cpu"}
    exec(text[start:end], space)
    torch.manual_seed(BRANCHED.seed)
    own = build(BRANCHED.network.layers, (1, 8, 8)).state_dict()
    theirs = space["model"].state_dict()
    assert own.keys() == theirs.keys()
    assert all(torch.equal(own[name], theirs[name]) for name in own)


def test_what_cannot_be_trained_is_not_exported():
    with pytest.raises(CannotRunError):
        to_pytorch(edited(SQUARED, network=Network(layers=(Linear(out_features=3),))))


def test_script_names_the_device_and_leaves_nothing_of_ours_in_it():
    text = to_pytorch(edited(SQUARED, training=Training(device="cuda")))
    assert 'DEVICE = "cuda"' in text
    assert "fused" not in text
    assert "engine" not in text
    assert export.__name__ not in text
