"""The measurements of a run as a CSV file, read by pandas."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas
import pytest

from engine.__main__ import main
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.schedules import ReduceLROnPlateau
from engine.exports.metrics_table import metrics_csv, rates_by_step
from engine.exports.outgoing import Outgoing
from engine.layers.catalog import LSTM, Linear
from engine.runs.folder import Run
from engine.runs.history import History
from engine.training.worker import train
from tests.engine.exports.small_runs import changed_run

REGRESSION = Experiment(
    data=Data(name="adding", samples=60, length=6),
    network=Network(layers=(LSTM(hidden_size=4), Linear(out_features=1))),
    training=Training(epochs=2, batch_size=16, device="cpu"),
)


def test_pandas_reads_every_value_to_the_bit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = changed_run(tmp_path / "run")
    assert main(["export", str(run), "--to", "csv"]) == 0
    text = capsys.readouterr().out
    table, history = pandas.read_csv(io.StringIO(text)), Run.open(run).history()
    steps, losses, accuracies = history.train.since()
    assert table["step"].tolist() == steps.tolist()
    assert table["epoch"].tolist() == [1] * 4 + [2] * 4 + [3] * 4
    np.testing.assert_array_equal(table["batch_loss"].to_numpy(np.float32), losses)
    np.testing.assert_array_equal(table["batch_accuracy"].to_numpy(np.float32), accuracies)
    ends, columns = history.epochs.since()
    known = table.dropna(subset=["validation_loss"])
    assert known["step"].tolist() == ends.tolist()
    for name, column in zip(("train_loss", "train_accuracy", "validation_loss", "validation_accuracy"), columns, strict=True):
        np.testing.assert_array_equal(known[name].to_numpy(np.float32), column)
    assert main(["export", str(run), "--to", "csv", "--out", str(tmp_path / "run.csv")]) == 0
    assert (tmp_path / "run.csv").read_text("utf-8") == text


def test_a_regression_has_no_accuracies(tmp_path: Path) -> None:
    train(REGRESSION, folder=tmp_path / "run")
    table = pandas.read_csv(io.StringIO(metrics_csv(Outgoing.of_run(tmp_path / "run"))))
    assert table["batch_accuracy"].isna().all() and table["validation_accuracy"].isna().all()
    assert not table["batch_loss"].isna().any()
    assert (table["learning_rate"] == 0.001).all()


def test_a_plateaus_rate_follows_the_validation() -> None:
    """Two epochs of three iterations without a better loss: half the rate from the seventh iteration on."""
    schedule = ReduceLROnPlateau(patience=0, reduction=0.5)
    experiment = Experiment(training=Training(lr=0.8, epochs=4, schedule=schedule))
    history = History()
    for step in range(1, 13):
        history.append_step(step, 1.0, 0.5)
        if step % 3 == 0:
            history.append_epoch(step, 1.0, 0.5, {3: 1.0, 6: 1.0, 9: 0.5, 12: 0.6}[step], 0.5)
    assert list(rates_by_step(experiment, history, 3)) == [(step, 0.8 if step <= 6 else 0.4) for step in range(1, 13)]
    assert list(rates_by_step(experiment, history, 0)) == [], "nobody knows where an epoch ends"
