"""Accuracy on moved pictures, of runs as they lie on the disk, against torch's own grid_sample and the run's own numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.data.datasets import load
from engine.experiments.experiment import preset
from engine.fields import edited
from engine.judging.moved_accuracy import MovedError, TrainedNetwork, motions, moved_accuracy, positions
from engine.judging.moving import Motion
from engine.passes.activations import PassError
from engine.passes.modules import build
from engine.runs.failures import RunError
from engine.runs.folder import Run
from engine.training.worker import train
from engine.words import LANGUAGES
from tests.engine.judging.test_moving import by_torch


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("runs") / "digits"
    experiment = preset("digits-cnn")
    train(edited(experiment, training=edited(experiment.training, epochs=2, device="cpu")), folder=found)
    return found


def test_positions_are_cells_and_degrees():
    assert positions("shift", (1, 8, 8)) == (0, 1, 2, 3, 4)
    assert positions("shift", (1, 28, 28)) == (0, 2, 4, 6, 8, 10, 12, 14)
    assert positions("rotation", (1, 8, 8))[::9] == (-90, 0, 90)
    assert motions("shift", 0) == (Motion(),)
    assert {(each.down, each.across) for each in motions("shift", 2)} == {(2, 0), (-2, 0), (0, 2), (0, -2)}


def test_unmoved_the_accuracy_is_the_runs_own(folder):
    network = TrainedNetwork(folder)
    history = Run.open(folder).history()
    for movement, at in (("shift", 0), ("rotation", 9)):
        curve = moved_accuracy(network.predicted, network.x, network.y, movement)
        assert curve.positions[at] == 0 and curve.samples == 359
        assert curve.accuracy[at] == pytest.approx(float(history.validation.since(0)[2][-1]))
        assert all(0 <= share <= 1 for share in curve.accuracy) and curve.accuracy[at] > max(curve.accuracy[0], 0.2) - 1e-9


def test_each_position_is_as_torch_moves_and_answers(folder):
    run = Run.open(folder)
    data = load(run.experiment.data, seed=run.experiment.seed)
    model = build(run.experiment.network.layers, data.input).eval()
    model.load_state_dict(run.weights())
    network = TrainedNetwork(folder)
    x = data.x_validation[:60].numpy()
    y = data.y_validation[:60]
    rotated = moved_accuracy(network.predicted, x, y.numpy(), "rotation")
    shifted = moved_accuracy(network.predicted, x, y.numpy(), "shift")

    def by_hand(motion: Motion) -> float:
        with torch.no_grad():
            return float((model(torch.from_numpy(by_torch(x, motion)).float()).argmax(1) == y).float().mean())

    assert rotated.accuracy[12] == pytest.approx(by_hand(Motion(rotation=30)))
    ways = [Motion(across=2), Motion(across=-2), Motion(down=2), Motion(down=-2)]
    assert shifted.accuracy[2] == pytest.approx(float(np.mean([by_hand(way) for way in ways])))


def test_it_tells_how_far_it_is_and_can_be_ended():
    x, y = np.zeros((600, 1, 4, 4), np.float32), np.zeros(600, np.int64)
    told: list[float] = []
    curve = moved_accuracy(lambda part: np.zeros(len(part), np.int64), x, y, "shift", told.append)
    assert told == sorted(told) and told[0] == 0 and 0.9 < told[-1] < 1 and set(curve.accuracy) == {1.0}

    class Enough(Exception):  # noqa: N818
        pass

    def enough(done: float) -> None:
        if done > 0.5:
            raise Enough

    with pytest.raises(Enough):
        moved_accuracy(lambda part: np.zeros(len(part), np.int64), x, y, "shift", enough)


def test_no_global_random_number_is_drawn(folder):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    TrainedNetwork(folder)
    assert torch.equal(torch.get_rng_state(), before)


def test_what_cannot_be_moved_is_refused_in_both_languages(folder, tmp_path):
    experiment = preset("adding-lstm")
    few = edited(experiment, data=edited(experiment.data, samples=50, length=5), training=edited(experiment.training, epochs=1))
    train(few, folder=tmp_path / "adding")
    with pytest.raises(MovedError) as refused:
        TrainedNetwork(tmp_path / "adding")
    assert refused.value.code == "no_pictures"
    assert all("adding" in refused.value.message(language) for language in LANGUAGES)
    with pytest.raises(RunError):
        TrainedNetwork(tmp_path / "nothing")
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "experiment.toml").write_bytes((folder / "experiment.toml").read_bytes())
    with pytest.raises(PassError, match="run_without_weights"):
        TrainedNetwork(tmp_path / "bare")
