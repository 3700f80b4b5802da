"""The settings that a run takes over while it goes on, and what became of them on its way. No torch.

They are those whose next step is well defined after any other value: they scale a step, limit it, or say what of the data and
of the targets it sees. Not among them are what the steps before have been laid out for: network, data, batch size, optimiser
and first weights.

A schedule is a factor, a pure function of how many iterations are done: another one applies from the next step on as if it had
been there from the beginning. One that ends with the run is recorded with the end that it had then (`schedules.pinned`). What a
plateau has seen stays where its numbers are changed; one that takes another schedule's place has seen nothing.

Called by the trainer, the measurements of a run, the exported script and the window.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from engine.experiments.experiment import Experiment, Training
from engine.experiments.optimisers import OPTIMIZER_FIELDS, OPTIMIZERS
from engine.fields import edited

CHANGEABLE = ("lr", "schedule", "momentum", "nesterov", "weight_decay", "clip", "label_smoothing", "augmentation")


class SettingChange(NamedTuple):
    """From the step after `step` on a setting had another value. Of several with one step and one name the last counts."""

    step: int
    name: str  # of `CHANGEABLE`
    before: Any
    after: Any


def checked(name: str, value: Any) -> Any:
    """`value` as the setting `name` has it, also where it was read from JSON. Raises ValueError, msgspec's among them, where it
    may not have it."""
    if name not in CHANGEABLE:
        raise ValueError(name)
    return getattr(edited(Training(), **{name: value}), name)


def matters(training: Training, name: str) -> bool:
    """Whether a run of `training` has a use for the setting: not what its optimiser ignores."""
    return name not in OPTIMIZER_FIELDS or OPTIMIZERS[training.optimizer].takes(name)


def taken_over(before: Experiment, now: Experiment) -> dict[str, Any]:
    """The settings that a run of `before` takes over to be one of `now`; empty where they are the same, or differ in anything
    else."""
    names = [name for name in CHANGEABLE if getattr(before.training, name) != getattr(now.training, name)]
    taken = {name: getattr(now.training, name) for name in names}
    return taken if replace(before, training=replace(before.training, **taken)) == now else {}


def first(training: Training, changes: Iterable[SettingChange]) -> Training:
    """What a run began with that was changed so on its way, where all else of its training is `training`."""
    begun: dict[str, Any] = {}
    for change in changes:
        begun.setdefault(change.name, change.before)
    return replace(training, **begun)


def at_step(step: int, training: Training, changes: Iterable[SettingChange]) -> Training:
    """The settings of the step after `step` in a run that was changed so on its way, where all else is `training`."""
    changes = list(changes)
    taken = {change.name: change.after for change in changes if change.step <= step}
    return replace(first(training, changes), **taken)


def as_row(change: SettingChange) -> dict[str, Any]:
    """A line of the measurements."""
    before, after = (msgspec.to_builtins(value) for value in (change.before, change.after))
    return {"step": change.step, "setting": change.name, "before": before, "after": after}
