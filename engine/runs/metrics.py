"""A run's measurements as lines of JSON, appended while it goes on and read back later.

    {"step": 1, "loss": 2.29, "accuracy": 0.11}
    {"step": 23, "epoch": 1, "train_loss": 1.9, "train_accuracy": 0.5, "validation_loss": 1.2, "validation_accuracy": 0.7}
    {"step": 40, "lr": 0.001}
    {"step": 40, "setting": "weight_decay", "before": 0.0, "after": 0.01}
    {"step": 52, "left_out": true}

A regression has no accuracies. Numbers are written so that they read back to the bit. Called by `engine.runs.run_writing`, to
write them, `engine.runs.folder`, to read them, and `engine.runs.library.following`, to read on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path
from typing import Any

import msgspec

from engine.experiments.mid_run import SettingChange, as_row, checked
from engine.files import replace_file
from engine.runs.history import History

EPOCH_KEYS = ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
LARGEST = 3.4028234663852886e38  # that a history holds: float32
LAST_STEP = 2**62

_NO_MEASUREMENT = (msgspec.DecodeError, KeyError, TypeError, ValueError, OverflowError, RecursionError)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(dict[str, Any])


class MetricsLog:
    """The file `path`, which follows a history. What could not be written is written the next time."""

    def __init__(self, path: Path, history: History) -> None:
        """What `history` holds already is taken to be in the file already."""
        self.path = path
        self._history = history
        self._written = self._lengths()
        self._size = _size(path)

    def append(self, *, durable: bool = False) -> bool:
        """Write the lines that are new, each of them whole; `durable`: and have the whole file on the disk. Where the file is
        not as this log left it, all lines are written anew: True then. Raises OSError; the file then ends where it ended
        before."""
        is_own = _size(self.path) == self._size
        if not is_own:
            self.rewrite()
            return True
        lines = self._lines(*self._written)
        if lines or durable:
            written = self._lengths()
            _append(self.path, lines, durable)
            self._written = written
            self._size += len(lines)
        return False

    def rewrite(self) -> None:
        """Make the file hold the history and nothing else. Raises OSError."""
        written, lines = self._lengths(), self._lines(0, 0, 0, 0, 0)
        replace_file(self.path, lines)
        self._written, self._size = written, len(lines)

    def _lengths(self) -> tuple[int, int, int, int, int]:
        history = self._history
        return len(history.train), len(history.epochs), len(history.rates), len(history.changes), len(history.left_out)

    def _lines(self, step_row: int, epoch_row: int, rate_row: int, change_row: int, left_out_row: int) -> bytes:
        """The lines from these rows of the history on, in the order of their steps."""
        steps, losses, accuracies = self._history.train.since(step_row)
        rows: list[dict[str, Any]] = [
            _finite({"step": step, "loss": loss, "accuracy": accuracy})
            for step, loss, accuracy in zip(steps.tolist(), losses.tolist(), accuracies.tolist(), strict=True)
        ]
        steps, columns = self._history.epochs.since(epoch_row)
        values = [column.tolist() for column in columns]
        for number, (step, *row) in enumerate(zip(steps.tolist(), *values, strict=True), epoch_row + 1):
            rows.append(_finite({"step": step, "epoch": number, **dict(zip(EPOCH_KEYS, row, strict=True))}))
        rows += [{"step": step, "lr": lr} for step, lr in self._history.rates[rate_row:]]
        rows += [as_row(change) for change in self._history.changes[change_row:]]
        rows += [{"step": step, "left_out": True} for step in self._history.left_out[left_out_row:]]
        rows.sort(key=lambda row: row["step"])  # stable: an epoch's row comes after its last step's
        return _encoder.encode_lines(rows)


@dataclass(frozen=True, slots=True)
class ReadMetrics:
    """What a file of measurements holds. `damaged`: the numbers, from 1, of the lines that are none and were passed over.
    `is_whole`: the history is all that the file holds, so that it may be appended to."""

    history: History
    damaged: tuple[int, ...]
    is_whole: bool


class MetricsTail:
    """The file at `path` while somebody else writes it, read on as it grows: only the new part is read. `history` is what has
    been read. A file that was written anew, or has become shorter, is a new history."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.history = History()
        self._read = 0  # bytes: whole lines
        self._file: tuple[int, int] | None = None  # which file it is

    def read_on(self, most_bytes: int | None = None) -> bool:
        """Take over the lines that are new, of at most about `most_bytes`; whether there were any. Lines that are damaged, or
        not finished yet, are passed over, as when a run is read back. Raises OSError, but for a file that is not there yet."""
        try:
            with self.path.open("rb") as file:
                found = os.fstat(file.fileno())
                if (found.st_dev, found.st_ino) != self._file or found.st_size < self._read:
                    if self._read:
                        self.history = History()
                    self._file, self._read = (found.st_dev, found.st_ino), 0
                file.seek(self._read)
                new = file.read(-1 if most_bytes is None else most_bytes)
        except FileNotFoundError:
            return False
        whole = new.rfind(b"\n") + 1
        for line in new[:whole].splitlines():
            with suppress(*_NO_MEASUREMENT):
                row = _decoder.decode(line)
                _take(self.history, _step(row["step"]), row)
        self._read += whole
        return whole > 0


def read_metrics(
    path: Path,
    last_step: int | None = None,
    last_lr: float | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    epochs_only: bool = False,
) -> ReadMetrics:
    """The history in the file, up to a moment at `last_step` when the learning rate was `last_lr` and the other changeable
    settings, as far as they are known, were `settings`; empty when there is no file.
    A line that a kill has left unfinished, and one that is no measurement of a later step than the lines before it, are passed
    over; with `epochs_only` so is all but the epochs' rows. Raises OSError."""
    history = History()
    if not path.exists():
        return ReadMetrics(history, (), False)
    *lines, rest = path.read_bytes().split(b"\n")
    damaged, is_whole = [], not rest and not epochs_only
    for number, line in enumerate(lines, 1):
        if epochs_only and b'"epoch"' not in line:
            continue
        try:
            row = _decoder.decode(line)
            step = _step(row["step"])
            if last_step is not None and step > last_step:
                is_whole = False
            else:
                _take(history, step, row)
        except _NO_MEASUREMENT:
            damaged.append(number)
    while last_lr is not None and history.rates and history.rates[-1][0] == last_step and history.rates[-1][1] != last_lr:
        history.rates.pop()  # it was set after the moment
        is_whole = False
    for name, value in (settings or {}).items():
        is_whole &= not _take_back(history.changes, last_step, name, value)
    return ReadMetrics(history, tuple(damaged), is_whole and not damaged)


def _take(history: History, step: int, row: dict[str, Any]) -> None:
    """Put one row into the history. Raises KeyError, TypeError or ValueError where it is no measurement."""
    if "loss" in row:
        loss, accuracy = _value(row["loss"]), _value(row.get("accuracy"), nan)
        history.append_step(_after(step, history.train.last_step()), loss, accuracy)
    elif "epoch" in row:
        values = tuple(_value(row.get(key), nan) for key in EPOCH_KEYS)
        history.append_epoch(_after(step, history.epochs.last_step()), *values)
    elif "lr" in row:
        lr = _value(row["lr"])
        if lr <= 0.0:
            raise ValueError(lr)
        history.rates.append((step, lr))
    elif "setting" in row:
        name = row["setting"]
        history.changes.append(SettingChange(step, name, checked(name, row["before"]), checked(name, row["after"])))
    elif "left_out" in row:
        history.left_out.append(_after(step, history.left_out[-1] if history.left_out else 0))


def _take_back(changes: list[SettingChange], step: int | None, name: str, value: Any) -> bool:
    """Take the changes of a setting away that were made after the moment at `step`, when it was `value`; whether there were
    any."""
    own = [place for place, change in enumerate(changes) if (change.step, change.name) == (step, name)]
    later = []
    while own and changes[own[-1]].after != value:
        later.append(own.pop())
    for place in later:  # from the end
        del changes[place]
    return bool(later)


def _step(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < LAST_STEP:
        raise ValueError(value)
    return value


def _after(step: int, last: int) -> int:
    if step <= last:
        raise ValueError(step)
    return step


def _value(value: object, absent: float | None = None) -> float:
    if value is None and absent is not None:
        return absent
    if not isinstance(value, int | float) or isinstance(value, bool) or not -LARGEST <= value <= LARGEST:
        raise ValueError(value)
    return value


def _size(path: Path) -> int:
    """In bytes; -1 where there is no such file."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _append(path: Path, lines: bytes, durable: bool = False) -> None:
    with path.open("ab", buffering=0) as file:
        end = file.seek(0, 2)
        try:
            written = 0
            while written < len(lines):  # a nearly full disk takes a part
                written += file.write(lines[written:])
            if durable:
                os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    """Without the values that there are none of: JSON has no NaN."""
    return {key: value for key, value in row.items() if not (isinstance(value, float) and isnan(value))}
