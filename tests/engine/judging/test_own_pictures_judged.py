"""A run on own pictures is a run like any other: it learns, is looked at in its past, judged, tried, moved, gone on with to the
same losses, and swept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.data.info import Data
from engine.data.sources import describe
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import Experiment, Network, Training, to_toml
from engine.judging.moved_accuracy import TrainedNetwork, moved_accuracy
from engine.judging.own_picture import framing_of, own_input
from engine.judging.tried import Trial
from engine.judging.whole_set import Judge
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.passes.past import PastModel
from engine.pictures import from_pixels
from engine.queue.setting_keys import settable, with_setting
from engine.runs.folder import Run
from engine.runs.library.setting_differences import setting_differences
from engine.runs.status import Reason
from engine.training.worker import resume, train
from tests.engine.data.own.drawn_folders import draw


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """Upright and lying stripes, of 40 pictures each."""
    root = tmp_path_factory.mktemp("stripes")
    chance = np.random.default_rng(0)
    for number in range(40):
        for name in ("lying", "upright"):
            picture = np.zeros((12, 10, 3), np.uint8)
            picture[chance.integers(2) :: 2] = chance.integers(120, 256, 3)
            draw(root / name / f"{number}.png", picture if name == "lying" else picture.swapaxes(0, 1)[:, :12])
    return root


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path_factory.mktemp("home")))


def of(root: Path, epochs: int = 6) -> Experiment:
    layers = (Conv2d(out_channels=4, kernel_size=3), ReLU(), Flatten(), Linear(out_features=2))
    training = Training(
        epochs=epochs, batch_size=16, lr=0.01, optimizer="Adam", device="cpu", augmentation=Augmentation(shift=1, noise=0.02)
    )
    return Experiment(
        seed=1, data=Data(name="folder", path=str(root), size=10), network=Network(layers=layers), training=training
    )


def test_a_run_is_judged_tried_and_looked_at_in_its_past(root: Path, tmp_path: Path) -> None:
    experiment = of(root)
    status = train(experiment, folder=tmp_path / "run")
    assert status.reason is Reason.COMPLETED
    run = Run.open(tmp_path / "run")
    past = PastModel(experiment)
    assert past.dataset.classes == ("lying", "upright")
    model = past.at(run.weights())
    verdicts = Judge()(model, past.dataset)
    assert verdicts is not None and verdicts.right / len(verdicts.truth) > 0.9
    lying = np.zeros((30, 30, 3), np.uint8)
    lying[::6] = lying[1::6] = lying[2::6] = 200
    for picture, label in ((lying, 0), (lying.swapaxes(0, 1), 1)):
        tried = Trial(own_input(from_pixels("own", np.ascontiguousarray(picture)), (3, 10, 10), framing_of("folder")).values)(
            model, past.dataset
        )
        assert tried is not None and tried.predicted == label
    network = TrainedNetwork(tmp_path / "run")
    curve = moved_accuracy(network.predicted, network.x, network.y, "shift")
    assert curve.accuracy[0] == verdicts.right / len(verdicts.truth)


def test_a_run_that_is_gone_on_with_has_the_same_losses(root: Path, tmp_path: Path) -> None:
    train(of(root, 4), folder=tmp_path / "whole")
    train(of(root, 2), folder=tmp_path / "parts")
    assert resume(tmp_path / "parts", epochs=4).reason is Reason.COMPLETED
    whole, parts = (Run.open(tmp_path / name).summary().history for name in ("whole", "parts"))
    for one, other in zip(whole.train.since(0), parts.train.since(0), strict=True):
        assert np.array_equal(one, other)


def test_its_size_is_a_setting_that_can_be_swept_and_compared(root: Path) -> None:
    experiment = of(root)
    assert {"data.size", "data.channels"} <= settable(experiment).keys()
    other = with_setting(experiment, "data.channels", 1)
    assert describe(other.data).input == (1, 10, 10)
    differing = {row.key: row.values for row in setting_differences([experiment, other])}
    assert differing["data.channels"] == (3, 1)
    assert "channels = 1" in to_toml(other)
