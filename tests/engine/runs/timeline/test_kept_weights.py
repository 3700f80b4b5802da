"""The timeline of a run: weights at about 200 moments, evenly in log(step), as they were to the bit, within a budget."""

from __future__ import annotations

import errno
import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, preset
from engine.fields import edited
from engine.layers.catalog import BatchNorm1d, Dropout, Flatten, Linear
from engine.passes.modules import build
from engine.runs.failures import RunError
from engine.runs.folder import Run
from engine.runs.status import Reason, State
from engine.runs.timeline import kept_weights
from engine.runs.timeline.kept_weights import MOMENTS, KeptWeights, WeightLog
from engine.runs.timeline.moment_steps import BUDGET, most_moments, steps_to_keep, thinned
from engine.training.worker import Worker, resume, train
from tests.patience import GIVE_UP_S

SMALL = Experiment(
    seed=4,
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=12), BatchNorm1d(), Dropout(p=0.2), Linear(out_features=10))),
    training=Training(epochs=4, batch_size=16, device="cpu"),
)


def paused(worker: Worker, step: int) -> None:
    assert worker.wait_until(lambda status: status.step == step and status.state is State.PAUSED, GIVE_UP_S)


def run_to(folder: Path, *steps: int, experiment: Experiment = SMALL) -> None:
    for number, step in enumerate(steps):
        worker = Worker()
        worker.resume(folder, paused=True) if number else worker.start(experiment, folder=folder, paused=True)
        assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
        worker.step(step - worker.status().step)
        paused(worker, step)
        assert worker.close(GIVE_UP_S)


def weights_of(model: torch.nn.Module, _data: object) -> dict[str, np.ndarray]:
    return {name: tensor.numpy().copy() for name, tensor in model.state_dict().items()}


def assert_same(found: dict[str, np.ndarray], truth: dict[str, np.ndarray]) -> None:
    assert found.keys() == truth.keys()
    for name, values in truth.items():
        assert found[name].dtype == values.dtype
        np.testing.assert_array_equal(found[name], values)


def everything(folder: Path) -> dict[int, dict[str, np.ndarray]]:
    kept = Run.open(folder).timeline()
    return {step: kept.read(step) for step in kept.steps}


def assert_same_moments(folder: Path, other: Path) -> None:
    ours, theirs = everything(folder), everything(other)
    assert list(ours) == list(theirs)
    for step, weights in ours.items():
        assert_same(weights, theirs[step])


# which steps


@pytest.mark.parametrize("steps", [1, 5, 198, 199, 200, 201, 240, 1350, 5000, 100_000, 10**9])
@pytest.mark.parametrize("most", [2, 3, 17, 200])
def test_steps_lie_evenly_on_a_logarithmic_scale(steps: int, most: int) -> None:
    found = steps_to_keep(steps, most)
    assert found[0] == 0
    assert found[-1] == steps
    assert list(found) == sorted(set(found))
    assert len(found) <= most
    assert len(found) >= min(steps + 1, most - 2), "no room is given away"
    if steps >= most > 3:  # neighbours lie one step apart, or by one and the same factor, as far as whole steps can
        middle = len(found) // 2
        factor = math.log(found[-1] / found[middle]) / (len(found) - 1 - middle)
        for before, after in pairwise(found[1:]):
            assert after - before == 1 or abs(math.log(after / before) - factor) <= 1.5 / before + 0.01 * factor


def test_about_two_hundred_for_the_works_of_the_courses() -> None:
    for steps in (675, 1350, 1890, 10_000, 100_000):
        assert 190 <= len(steps_to_keep(steps, most_moments(25_000))) <= 200


def test_lenet_has_two_hundred_moments_within_64_mb() -> None:
    lenet = preset("lenet-5")
    parameters = sum(weights.numel() for weights in build(lenet.network.layers, (1, 28, 28)).parameters())
    size = 4 * parameters
    assert 40_000 < parameters < 70_000
    assert BUDGET <= 64_000_000
    assert most_moments(size) == 200
    assert 200 * size <= 64_000_000


@pytest.mark.parametrize(
    ("size", "most"), [(1, 200), (320_000, 200), (640_000, 100), (32_000_000, 2), (32_000_001, 0), (10**12, 0)]
)
def test_the_budget_thins(size: int, most: int) -> None:
    assert most_moments(size) == most
    assert most_moments(size) * size <= BUDGET


def test_a_longer_run_keeps_what_is_nearest_to_its_own_steps() -> None:
    kept = steps_to_keep(1350, 200)
    assert thinned(kept, 1350, 200) == kept, "nothing is lost where nothing becomes longer"
    assert thinned(kept[:50], 1350, 200) == kept[:50]
    stay = thinned(kept, 13_500, 200)
    assert set(stay) < set(kept)
    assert stay[0] == 0
    later = [step for step in steps_to_keep(13_500, 200) if step > 1350]
    assert 190 <= len(stay) + len(later) <= 200
    gaps = np.diff(np.log(stay[40:]))
    assert gaps.max() < 4 * np.median(gaps)


# what is kept


def test_every_moment_holds_the_weights_of_its_step(tmp_path: Path) -> None:
    """Against the model itself, asked between the steps."""
    worker, truth = Worker(), {}
    worker.start(SMALL, folder=tmp_path / "run", paused=True)
    for step in range(4 * 5):
        paused(worker, step)
        truth[step] = worker.ask(weights_of).result(GIVE_UP_S)
        assert_same(worker.kept_weights.read(step), truth[step])  # at once, also before it is written
        worker.step()
    assert worker.wait_until(lambda status: status.reason is Reason.COMPLETED, GIVE_UP_S)
    truth[20] = worker.ask(weights_of).result(GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    kept = KeptWeights.of_run(tmp_path / "run")
    assert kept.steps == tuple(range(21)) == worker.kept_weights.steps
    for step, weights in truth.items():
        assert_same(kept.read(step), weights)
    assert kept.bytes_used == 21 * sum(values.nbytes for values in truth[0].values())
    assert (tmp_path / "run" / MOMENTS).stat().st_size < kept.bytes_used + 21 * 24 + 1000


def test_the_first_moment_are_the_networks_first_weights(tmp_path: Path) -> None:
    """Against torch's own initialisation."""
    train(SMALL, folder=tmp_path / "run")
    torch.manual_seed(SMALL.seed)
    model = build(SMALL.network.layers, (1, 8, 8))
    assert_same(Run.open(tmp_path / "run").timeline().read(0), weights_of(model, None))


@pytest.mark.parametrize("stem", ["digits-cnn", "adding-lstm"])
def test_layouts_and_recurrent_weights_come_back(stem: str, tmp_path: Path) -> None:
    found = preset(stem)
    found = edited(found, data=edited(found.data, samples=100), training=edited(found.training, epochs=4, device="cpu"))
    worker = Worker()
    worker.start(found, folder=tmp_path / "run", paused=True)
    paused(worker, 0)
    worker.step(2)
    paused(worker, 2)
    truth = worker.ask(weights_of).result(GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    assert_same(Run.open(tmp_path / "run").timeline().read(2), truth)


def test_a_run_without_a_folder_keeps_them_in_memory() -> None:
    worker = Worker()
    worker.start(SMALL)
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.kept_weights.steps == tuple(range(21))
    assert_same(worker.kept_weights.read(20), worker.ask(weights_of).result(GIVE_UP_S))
    assert worker.close(GIVE_UP_S)


def test_weights_that_are_no_numbers_are_not_kept(tmp_path: Path) -> None:
    training = edited(SMALL.training, optimizer="SGD", lr=100.0, epochs=30, loss="mean_squared_error")
    wild = edited(SMALL, training=training, network=Network(layers=(Flatten(), Linear(out_features=10))))
    assert train(wild, folder=tmp_path / "run").reason is Reason.DIVERGED
    found = everything(tmp_path / "run")
    assert 0 in found
    for weights in found.values():
        assert all(np.isfinite(values).all() for values in weights.values())
    assert max(found) <= len(Run.open(tmp_path / "run").history().train)


# going on


@pytest.mark.parametrize("stops", [(7,), (5, 13), (1, 2, 19)])
def test_a_resumed_run_keeps_the_moments_of_a_whole_one(stops: tuple[int, ...], tmp_path: Path) -> None:
    train(SMALL, folder=tmp_path / "whole")
    run_to(tmp_path / "run", *stops)
    resume(tmp_path / "run")
    assert_same_moments(tmp_path / "run", tmp_path / "whole")


def test_moments_after_the_one_that_is_gone_on_from_are_taken_away(tmp_path: Path) -> None:
    train(SMALL, folder=tmp_path / "whole")
    run_to(tmp_path / "run", 7)
    (tmp_path / "run" / MOMENTS).write_bytes(
        (tmp_path / "whole" / MOMENTS).read_bytes()[:-100]
    )  # far ahead, its end half written
    assert max(KeptWeights.of_run(tmp_path / "run").steps) == 19
    resume(tmp_path / "run")
    assert_same_moments(tmp_path / "run", tmp_path / "whole")


def test_more_epochs_thin_what_there_is(tmp_path: Path) -> None:
    longer = edited(SMALL, training=edited(SMALL.training, epochs=60))
    run = tmp_path / "run"
    train(longer, folder=run)
    before = everything(run)
    assert len(before) == len(steps_to_keep(300, 200))
    resume(run, epochs=200)
    after = everything(run)
    assert 185 <= len(after) <= 200
    assert max(after) == 1000
    train(edited(SMALL, training=edited(SMALL.training, epochs=200)), folder=tmp_path / "whole")
    truth = everything(tmp_path / "whole")
    for step in set(after) & set(truth):
        assert_same(after[step], truth[step])
    for step in set(after) & set(before):
        assert_same(after[step], before[step])


def test_a_large_network_keeps_fewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = KeptWeights.of_run(tmp_path).layout.size
    assert size == 0
    train(SMALL, folder=tmp_path / "whole")
    size = KeptWeights.of_run(tmp_path / "whole").layout.size
    monkeypatch.setattr(kept_weights, "most_moments", lambda size, budget=10 * size + 5: most_moments(size, budget))
    train(SMALL, folder=tmp_path / "run")
    kept = KeptWeights.of_run(tmp_path / "run")
    assert kept.steps == steps_to_keep(20, 10)
    assert kept.is_thinned
    assert kept.bytes_used <= 10 * size + 5
    for step in kept.steps:
        assert_same(kept.read(step), KeptWeights.of_run(tmp_path / "whole").read(step))


# files


def damaged_at(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 255
    file.write_bytes(bytes(content))


def test_a_run_of_an_early_version_has_none_and_goes_on(tmp_path: Path) -> None:
    train(SMALL, folder=tmp_path / "whole")
    run_to(tmp_path / "run", 7)
    (tmp_path / "run" / MOMENTS).unlink()
    assert Run.open(tmp_path / "run").timeline().steps == ()
    with pytest.raises(RunError):
        Run.open(tmp_path / "run").timeline().read(0)
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    ours, theirs = everything(tmp_path / "run"), everything(tmp_path / "whole")
    assert list(ours) == list(range(7, 21)), "from where it goes on"
    for step, weights in ours.items():
        assert_same(weights, theirs[step])


@pytest.mark.parametrize("place", [0, 9, 30, 60])
def test_a_damaged_head_is_begun_anew(place: int, tmp_path: Path) -> None:
    run_to(tmp_path / "run", 7)
    damaged_at(tmp_path / "run" / MOMENTS, place)
    assert Run.open(tmp_path / "run").timeline().steps == ()
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    assert list(everything(tmp_path / "run")) == list(range(7, 21))


def test_damaged_numbers_are_refused_with_a_sentence(tmp_path: Path) -> None:
    run_to(tmp_path / "run", 7)
    kept = KeptWeights.of_run(tmp_path / "run")
    damaged_at(tmp_path / "run" / MOMENTS, kept._places[3] + 40)
    assert kept.read(2)
    with pytest.raises(RunError, match=MOMENTS) as caught:
        kept.read(3)
    assert caught.value.message("ko") != caught.value.message("en")


def test_a_file_cut_anywhere_holds_the_moments_before(tmp_path: Path) -> None:
    run_to(tmp_path / "run", 7)
    file = tmp_path / "run" / MOMENTS
    content, kept = file.read_bytes(), KeptWeights.of_run(tmp_path / "run")
    whole = {step: place + kept.layout.size for step, place in kept._places.items()}
    for length in range(0, len(content) + 1, 97):
        file.write_bytes(content[:length])
        assert KeptWeights.of_run(tmp_path / "run").steps == tuple(step for step, end in whole.items() if end <= length)


def test_a_file_that_is_taken_away_or_changed_meanwhile_is_gone_on_with(tmp_path: Path) -> None:
    file = tmp_path / "run" / MOMENTS
    worker = Worker()
    worker.start(SMALL, folder=tmp_path / "run", paused=True)
    for step, change in ((3, lambda: file.unlink()), (6, lambda: file.write_bytes(file.read_bytes() + b"rubbish"))):
        worker.step(step - worker.status().step)
        paused(worker, step)
        change()
    worker.play()
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    assert worker.status().problem is None
    assert list(everything(tmp_path / "run")) == list(range(4, 21)) == list(worker.kept_weights.steps)


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _content: object, _end: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    worker = Worker()
    worker.start(SMALL, folder=tmp_path / "run", paused=True)
    paused(worker, 0)
    append = kept_weights._append
    monkeypatch.setattr(kept_weights, "_append", full)
    worker.step(4)
    paused(worker, 4)
    problem = worker.status().problem
    assert problem is not None
    assert (problem.code, problem.values["files"]) == ("not_saved", MOMENTS)
    monkeypatch.setattr(kept_weights, "_append", append)
    worker.play()
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    assert worker.status().problem is None
    assert list(everything(tmp_path / "run")) == list(range(21))


def test_reading_needs_no_torch(tmp_path: Path) -> None:
    run_to(tmp_path / "run", 7)
    code = (
        "import sys; from pathlib import Path; from engine.runs.folder import Run\n"
        "kept = Run.open(Path(sys.argv[1])).timeline(); kept.read(5); print(len(kept.steps), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "run")], capture_output=True, text=True, check=True)
    assert done.stdout == "8 False\n"


def test_a_copy_on_another_device_waits_for_what_is_known(tmp_path: Path) -> None:
    """As on a GPU: steps are taken before it is known that the losses before them were finite."""
    weights = {"weight": torch.zeros(3)}
    log = WeightLog(tmp_path / MOMENTS, weights, 10)
    for step in range(5):
        weights["weight"].fill_(step)
        log.take(step)
    log.flush(2)
    assert KeptWeights.of_run(tmp_path).steps == (0, 1, 2)
    assert log.steps == (0, 1, 2, 3, 4)
    log.drop()
    assert log.steps == (0, 1, 2)
