"""A run as an event file of TensorBoard: its losses, accuracies and learning rate at every iteration, the validation after
every epoch, and how its weights are distributed at every moment that was kept.

All is in the order of the steps, each step once: a run that was killed and has gone on has its file from the checkpoint on
measured again, and readers disagree about what is there twice (`Outgoing` ends the history there). No torch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import isfinite, isnan

from engine.exports.event_records import Buckets, event, records, spread, version_event
from engine.exports.metrics_table import rates_by_step
from engine.exports.outgoing import Outgoing
from engine.runs.folder import METRICS
from engine.runs.history import History
from engine.runs.timeline.kept_weights import WeightsByName
from engine.words import Phrase

NAMED = "tfevents"  # what TensorBoard reads has this in its name
EPOCH_TAGS = ("epoch/train_loss", "epoch/train_accuracy", "epoch/validation_loss", "epoch/validation_accuracy")


def event_file(run: Outgoing) -> tuple[bytes, tuple[Phrase, ...]]:
    """The file's content, and what was left out of it. Its times are the moment at which the run was last measured: when each
    iteration was done, no run keeps. Raises RunError."""
    history = run.history or History()
    last = max(history.train.last_step(), history.epochs.last_step())
    moments: Iterable[tuple[int, WeightsByName]] = ()
    wall_time = 0.0
    if run.run is not None:
        kept = run.run.timeline()
        moments = ((step, kept.read(step)) for step in kept.steps if step <= last)
        if (file := run.run.path / METRICS).exists():
            wall_time = float(int(file.stat().st_mtime))
    scalars = _scalars(run, history)
    spreads, notes = histograms(moments)
    steps = sorted(scalars.keys() | spreads.keys())
    events = [event(step, wall_time, scalars.get(step, {}), spreads.get(step, {})) for step in steps]
    return records([version_event(wall_time), *events]), notes


def _scalars(run: Outgoing, history: History) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for step, loss, accuracy in zip(*(part.tolist() for part in history.train.since()), strict=True):
        found[step] = {"batch/loss": loss} | ({} if isnan(accuracy) else {"batch/accuracy": accuracy})
    for step, rate in rates_by_step(run.experiment, history, run.each):
        found[step]["learning_rate"] = rate
    steps, columns = history.epochs.since()
    for step, *values in zip(steps.tolist(), *(column.tolist() for column in columns), strict=True):
        found[step] |= {tag: value for tag, value in zip(EPOCH_TAGS, values, strict=True) if isfinite(value)}
    return found


def histograms(moments: Iterable[tuple[int, WeightsByName]]) -> tuple[dict[int, dict[str, Buckets]], tuple[Phrase, ...]]:
    """The histogram of every tensor at every moment, by step and tag. TensorBoard cannot show one without a single finite
    number: it is left out, and said. A counter, such as that of batch normalisation, has none."""
    found: dict[int, dict[str, Buckets]] = {}
    left_out: dict[str, int] = {}
    for step, weights in moments:
        found[step] = {}
        for name, values in weights.items():
            if values.dtype.kind != "f" or not values.ndim or not values.size:
                continue
            if (made := spread(values)) is None:
                left_out.setdefault(name, step)
            else:
                found[step][f"weights/{name}"] = made
    notes = (Phrase("exports", "no_histogram", {"tensor": name, "step": step}) for name, step in left_out.items())
    return found, tuple(notes)
