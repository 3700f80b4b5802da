"""The event file of a run, read back by TensorBoard's own reader."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from engine.__main__ import main
from engine.exports.event_file import event_file, histograms
from engine.exports.event_records import event, records, spread, version_event
from engine.exports.outgoing import Outgoing
from engine.runs.folder import METRICS, Run
from engine.training.worker import resume
from tests.engine.exports.small_runs import changed_run

TAGS = {"batch/loss", "batch/accuracy", "learning_rate"}
EPOCH_TAGS = {"epoch/train_loss", "epoch/train_accuracy", "epoch/validation_loss", "epoch/validation_accuracy"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return changed_run(tmp_path_factory.mktemp("runs") / "run")


def reader(content: bytes, folder: Path) -> Any:
    """TensorBoard's reader of a folder with this file, which keeps all that is in it."""
    folder.mkdir(exist_ok=True)
    (folder / "events.out.tfevents.layerscope").write_bytes(content)
    found = EventAccumulator(str(folder), size_guidance={"scalars": 0, "histograms": 0})
    found.Reload()
    return found


def scalars(found: Any, tag: str) -> list[tuple[int, float]]:
    return [(event.step, event.value) for event in found.Scalars(tag)]


def test_every_value_of_the_run_is_read_back(run: Path, tmp_path: Path) -> None:
    content, notes = event_file(Outgoing.of_run(run))
    assert notes == ()
    found, history = reader(content, tmp_path / "log"), Run.open(run).history()
    assert set(found.Tags()["scalars"]) == TAGS | EPOCH_TAGS
    steps, losses, accuracies = (part.tolist() for part in history.train.since())
    assert scalars(found, "batch/loss") == list(zip(steps, losses, strict=True))
    assert scalars(found, "batch/accuracy") == list(zip(steps, accuracies, strict=True))
    ends, columns = history.epochs.since()
    for tag, column in zip(("train_loss", "train_accuracy", "validation_loss", "validation_accuracy"), columns, strict=True):
        assert scalars(found, f"epoch/{tag}") == list(zip(ends.tolist(), column.tolist(), strict=True))


def test_the_learning_rate_is_that_of_the_optimizer_at_each_iteration(run: Path, tmp_path: Path) -> None:
    """Cosine over the 12 iterations, from 0.1, and from iteration 4 on of 0.05: worked out here."""
    found = reader(event_file(Outgoing.of_run(run))[0], tmp_path / "log")
    wanted = [(0.1 if step <= 3 else 0.05) * (1 + np.cos(np.pi * (step - 1) / 12)) / 2 for step in range(1, 13)]
    assert [step for step, _ in scalars(found, "learning_rate")] == list(range(1, 13))
    np.testing.assert_allclose([rate for _, rate in scalars(found, "learning_rate")], wanted, rtol=1e-6)


def test_the_weights_of_every_kept_moment_are_histograms(run: Path, tmp_path: Path) -> None:
    found, kept = reader(event_file(Outgoing.of_run(run))[0], tmp_path / "log"), Run.open(run).timeline()
    assert set(found.Tags()["histograms"]) == {
        f"weights/{name}" for name, kind, shape in kept.layout.tensors if kind == "float32" and shape
    }
    for entry in found.Histograms("weights/1.weight"):
        values = kept.read(entry.step)["1.weight"].astype(np.float64)
        histogram = entry.histogram_value
        assert (histogram.min, histogram.max, histogram.num) == (values.min(), values.max(), values.size)
        assert histogram.sum == pytest.approx(values.sum()) and histogram.sum_squares == pytest.approx((values**2).sum())
        assert sum(histogram.bucket) == values.size
        lefts = [histogram.min, *histogram.bucket_limit[:-1]]
        for left, right, count in zip(lefts, histogram.bucket_limit, histogram.bucket, strict=True):
            last = right == histogram.bucket_limit[-1]
            assert count == ((values >= left) & ((values <= right) if last else (values < right))).sum()
    assert [entry.step for entry in found.Histograms("weights/1.weight")] == list(kept.steps)


def test_a_histogram_of_nothing_but_nan_is_left_out_and_said(tmp_path: Path) -> None:
    nan = np.full((2, 2), np.nan, np.float32)
    some = np.array([1.0, np.nan, 3.0, np.inf], np.float32)
    spreads, notes = histograms([(0, {"a": some, "b": nan + 1}), (1, {"a": nan, "b": nan, "n": np.array(3)})])
    content = records([version_event(0.0), *(event(step, 0.0, {}, found) for step, found in spreads.items())])
    found = reader(content, tmp_path / "log")
    (entry,) = found.Histograms("weights/a")
    assert (entry.step, entry.histogram_value.num, entry.histogram_value.sum) == (0, 2, 4.0)
    assert found.Tags()["histograms"] == ["weights/a"]
    assert [note.say("en").split(":")[0] for note in notes] == ["b has no histogram", "a has no histogram"]
    assert "반복 1" in notes[1].say("ko")


def test_one_value_is_a_histogram_too(tmp_path: Path) -> None:
    found = spread(np.full((3, 3), 0.25, np.float32))
    assert found is not None and (found.limits, found.counts) == ([0.25], [9.0])


def test_the_file_of_a_resumed_run_has_each_step_once(run: Path, tmp_path: Path) -> None:
    """A killed process has measured more than its last checkpoint: those steps are measured again when the run goes on."""
    folder = tmp_path / "run"
    shutil.copytree(run, folder)
    metrics = folder / METRICS
    later = '{"step": 13, "loss": 7.5, "accuracy": 0.0}\n{"step": 14, "loss": 7.5, "accuracy": 0.0}\n'
    metrics.write_text(metrics.read_text("utf-8") + later, "utf-8")
    killed = reader(event_file(Outgoing.of_run(folder))[0], tmp_path / "killed")
    assert [step for step, _ in scalars(killed, "batch/loss")] == list(range(1, 13))
    resume(folder, epochs=4)
    gone_on = reader(event_file(Outgoing.of_run(folder))[0], tmp_path / "gone-on")
    found = scalars(gone_on, "batch/loss")
    assert [step for step, _ in found] == list(range(1, 17))
    assert all(loss != 7.5 for _, loss in found)


def test_the_command(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that TensorBoard would pass over is refused; in a folder the file gets one of its kind. The same run is the same
    file."""
    command = ["export", str(run), "--to", "tensorboard", "--out"]
    assert main([*command, str(tmp_path / "run.log")]) == 2
    assert 'only files that have "tfevents" in their name; expected one such as run.tfevents' in capsys.readouterr().err
    log = tmp_path / "log"
    log.mkdir()
    assert main([*command, str(log)]) == 0
    assert main([*command, str(tmp_path / "b.tfevents")]) == 0
    (file,) = log.iterdir()
    assert file.read_bytes() == (tmp_path / "b.tfevents").read_bytes()
    found = EventAccumulator(str(log))
    found.Reload()
    assert set(found.Tags()["scalars"]) >= TAGS
    assert main(["export", "--preset", "digits-cnn", "--to", "tensorboard", "--out", str(log)]) == 1
    assert "expected a run's folder" in capsys.readouterr().err


def test_checksums_are_those_of_the_standard() -> None:
    """RFC 3720, B.4: CRC-32C of 32 zeros, and of 32 bytes 255; masked as TensorFlow masks them."""
    from engine.exports.event_records import masked_checksums

    def masked(sum_: int) -> int:
        return (((sum_ >> 15) | (sum_ << 17)) + 0xA282EAD8) & 0xFFFFFFFF

    wanted = [masked(0x8A9136AA), masked(0x62A8AB43)]
    assert masked_checksums([bytes(32), b"\xff" * 32]) == wanted
    assert masked_checksums([bytes(32), b"\xff" * 32] * 8) == wanted * 8
