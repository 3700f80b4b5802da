"""The words of the queue: settings, values, what became of a run, how long something takes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from engine.experiments.experiment import Experiment
from engine.layers.kinds.pooling import Pooling
from engine.networks.edits import EditError, at
from engine.queue.plan import Chosen, PlannedRun, value_text
from engine.queue.run_state import Condition
from engine.queue.setting_keys import key_path
from engine.words import table
from gui.shell.language import say


def setting_words(experiment: Experiment, key: str) -> str:
    """What a setting is called: Learning rate; Conv2d (layer 1): Output channels."""
    path = key_path(key)
    name = str(path[-1])
    if path[0] in ("training", "data"):
        return say("fields_training", name)
    try:
        layer = at(experiment.network.layers, path[2:-1])
    except EditError:
        return key
    word = "kernel_size.window" if name == "kernel_size" and isinstance(layer, Pooling) else name
    label = say("fields", word) if word in table("fields") else say("axes", word) if word in table("axes") else name
    place = ".".join(str(part + 1) for part in path[2:-1] if isinstance(part, int))
    return QCoreApplication.translate("QueueWords", "Layer {number} {kind}: {setting}").format(
        number=place, kind=type(layer).__name__, setting=label
    )


def value_words(value: Any) -> str:
    """A value, as the window shows it."""
    if isinstance(value, bool):
        return QCoreApplication.translate("QueueWords", "on") if value else QCoreApplication.translate("QueueWords", "off")
    if isinstance(value, str) and value in table("choices"):
        return say("choices", value)
    return value_text(value)


def chosen_words(experiment: Experiment, chosen: Chosen) -> str:
    """Learning rate 0.01 · Batch size 32"""
    return " · ".join(f"{setting_words(experiment, key)} {value_words(value)}" for key, value in chosen)


def run_words(experiment: Experiment, run: PlannedRun, *, repeated: bool = False) -> str:
    """In what a run differs from the others of its queue; `repeated`: also in its seed."""
    parts = [chosen_words(experiment, run.chosen)] if run.chosen else []
    if run.fold is not None:
        parts.append(QCoreApplication.translate("QueueWords", "Fold {number}").format(number=run.fold))
    if repeated or not parts:
        parts.append(QCoreApplication.translate("QueueWords", "Seed {number}").format(number=run.seed))
    return " · ".join(parts)


def condition_words(condition: Condition) -> str:
    return {
        "waiting": QCoreApplication.translate("QueueWords", "Waiting"),
        "running": QCoreApplication.translate("QueueWords", "Training", "a run's state"),
        "completed": QCoreApplication.translate("QueueWords", "Completed"),
        "stopped": QCoreApplication.translate("QueueWords", "Stopped"),
        "diverged": QCoreApplication.translate("QueueWords", "Diverged"),
        "failed": QCoreApplication.translate("QueueWords", "Failed"),
        "refused": QCoreApplication.translate("QueueWords", "Cannot be run"),
    }[condition]


def duration(seconds: float) -> str:
    """Seconds in words that fit their size."""
    if seconds < 60:
        return QCoreApplication.translate("QueueWords", "{s} s").format(s=f"{seconds:.0f}")
    if seconds < 3600:
        return QCoreApplication.translate("QueueWords", "{m} min {s} s").format(m=int(seconds // 60), s=int(seconds % 60))
    return QCoreApplication.translate("QueueWords", "{h} h {m} min").format(h=int(seconds // 3600), m=int(seconds % 3600 // 60))
