"""A run's measurements as lines of JSON, appended while it goes on and read back later.

    {"step": 1, "loss": 2.29, "accuracy": 0.11}
    {"step": 23, "epoch": 1, "train_loss": 1.9, "train_accuracy": 0.5, "validation_loss": 1.2, "validation_accuracy": 0.7}
    {"step": 40, "lr": 0.001}

A regression has no accuracies. Numbers are written so that they read back to the bit. Called by `engine.runs.folder`.
"""

from __future__ import annotations

from math import isnan, nan
from pathlib import Path
from typing import Any

import msgspec

from engine.files import replace_file
from engine.runs.failures import RunError
from engine.runs.history import History

EPOCH_KEYS = ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy")

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(dict[str, Any])


class MetricsLog:
    """The file `path`, which follows a history. What could not be written is written the next time."""

    def __init__(self, path: Path, history: History) -> None:
        """What `history` holds already is taken to be in the file already."""
        self.path = path
        self._history = history
        self._steps = len(history.train)
        self._epochs = len(history.epochs)
        self._rates: list[dict[str, Any]] = []

    def note_lr(self, step: int, lr: float) -> None:
        """The learning rate from the step after `step` on."""
        self._rates.append({"step": step, "lr": lr})

    def append(self) -> None:
        """Write the lines that are new, each of them whole. Raises OSError; the file then ends where it ended before."""
        steps, losses, accuracies = self._history.train.since(self._steps)
        epoch_steps, epoch_columns = self._history.epochs.since(self._epochs)
        if not len(steps) and not len(epoch_steps) and not self._rates:
            return
        rows: list[dict[str, Any]] = [
            _finite({"step": step, "loss": loss, "accuracy": accuracy})
            for step, loss, accuracy in zip(steps.tolist(), losses.tolist(), accuracies.tolist(), strict=True)
        ]
        columns = [column.tolist() for column in epoch_columns]
        for number, (step, *values) in enumerate(zip(epoch_steps.tolist(), *columns, strict=True), self._epochs + 1):
            rows.append(_finite({"step": step, "epoch": number, **dict(zip(EPOCH_KEYS, values, strict=True))}))
        rows += self._rates
        rows.sort(key=lambda row: row["step"])  # stable: an epoch's row comes after its last step's
        _append(self.path, _encoder.encode_lines(rows))
        self._steps += len(steps)
        self._epochs += len(epoch_steps)
        self._rates.clear()


def read_metrics(path: Path, last_step: int | None = None) -> History:
    """The history in the file, up to `last_step`; empty when there is no file. A line that a kill has left unfinished is
    passed over. Raises RunError, which names the line, and OSError."""
    history = History()
    if not path.exists():
        return history
    for number, line in enumerate(_whole_lines(path), 1):
        try:
            row = _decoder.decode(line)
            step = int(row["step"])
            if last_step is not None and step > last_step:
                continue
            if "loss" in row:
                history.append_step(step, float(row["loss"]), float(row.get("accuracy", nan)))
            elif "epoch" in row:
                history.append_epoch(step, *(float(row.get(key, nan)) for key in EPOCH_KEYS))
        except (msgspec.DecodeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise RunError("no_measurement", file=path, line=number, error=error) from None
    return history


def cut_metrics(path: Path, last_step: int, lr: float) -> None:
    """Take away what came after the moment at `last_step`, when the learning rate was `lr`: a run that goes on from there
    measures it again."""

    def came_before(row: dict[str, Any]) -> bool:
        step = int(row["step"])
        return step < last_step or (step == last_step and bool(row.get("lr", lr) == lr))

    if path.exists():
        kept = [line for line in _whole_lines(path) if came_before(_decoder.decode(line))]
        replace_file(path, b"".join(line + b"\n" for line in kept))


def _whole_lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")[:-1]


def _append(path: Path, lines: bytes) -> None:
    with path.open("ab", buffering=0) as file:
        end = file.seek(0, 2)
        try:
            written = 0
            while written < len(lines):  # a nearly full disk takes a part
                written += file.write(lines[written:])
        except OSError:
            file.truncate(end)
            raise


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    """Without the values that there are none of: JSON has no NaN."""
    return {key: value for key, value in row.items() if not (isinstance(value, float) and isnan(value))}
