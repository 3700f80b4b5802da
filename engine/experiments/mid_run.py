"""The settings that a run takes over while it goes on, and what became of them on its way. No torch.

They are those whose next step is well defined after any other value: they scale a step, limit it, or say what of the data, of
the targets and of the network it sees. Not among them are what the steps before have been laid out for: layers, data, batch
size, optimiser and first weights. All are fields of `Training`, but for the probabilities of the network's Dropout layers.

A schedule is a factor, a pure function of how many iterations are done: another one applies from the next step on as if it had
been there from the beginning. One that ends with the run is recorded with the end that it had then (`schedules.pinned`). What a
plateau has seen stays where its numbers are changed; one that takes another schedule's place has seen nothing.

Called by the trainer, the measurements of a run, the exported script and the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from engine.experiments.experiment import Experiment, Training
from engine.experiments.optimisers import OPTIMIZER_FIELDS, OPTIMIZERS
from engine.experiments.regularizing import probabilities, with_probabilities
from engine.fields import edited
from engine.layers.kinds.activation import Probability

DROPOUT = "dropout"  # the probabilities of all Dropout layers of the network, in the order of their paths
CHANGEABLE = (
    "lr", "schedule", "momentum", "nesterov", "weight_decay", "clip", "label_smoothing", "augmentation", DROPOUT,
)  # fmt: skip


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
    if name == DROPOUT:
        return msgspec.convert(value, tuple[Probability, ...])
    return getattr(edited(Training(), **{name: value}), name)


def value_of(experiment: Experiment, name: str) -> Any:
    """The setting's value in `experiment`."""
    return probabilities(experiment.network.layers) if name == DROPOUT else getattr(experiment.training, name)


def with_values(experiment: Experiment, values: Mapping[str, Any]) -> Experiment:
    """`experiment` with these settings. Raises ValueError where it may not have one of them."""
    training = {name: value for name, value in values.items() if name != DROPOUT}
    found = edited(experiment, training=edited(experiment.training, **training)) if training else experiment
    if DROPOUT in values:
        layers = with_probabilities(found.network.layers, values[DROPOUT])
        found = edited(found, network=edited(found.network, layers=layers))
    return found


def matters(training: Training, name: str) -> bool:
    """Whether a run of `training` has a use for the setting: not what its optimiser ignores."""
    return name not in OPTIMIZER_FIELDS or OPTIMIZERS[training.optimizer].takes(name)


def fits(one: Experiment, other: Experiment) -> bool:
    """Whether both have the same data and layers, whatever the probabilities of these are."""
    return one.data == other.data and with_values(one, {DROPOUT: value_of(other, DROPOUT)}).network == other.network


def taken_over(before: Experiment, now: Experiment) -> dict[str, Any]:
    """The settings that a run of `before` takes over to be one of `now`; empty where they are the same, or differ in anything
    else."""
    taken = {name: value_of(now, name) for name in CHANGEABLE if value_of(before, name) != value_of(now, name)}
    if not taken or not fits(before, now):
        return {}
    others = {name: value for name, value in taken.items() if name != DROPOUT}
    return taken if msgspec.structs.replace(before.training, **others) == now.training and _alike(before, now) else {}


def _alike(one: Experiment, other: Experiment) -> bool:
    """Whether both have the same name and seed."""
    return (one.name, one.seed) == (other.name, other.seed)


def begun_with(changes: Iterable[SettingChange]) -> dict[str, Any]:
    """What the settings were at first that were changed so."""
    begun: dict[str, Any] = {}
    for change in changes:
        begun.setdefault(change.name, change.before)
    return begun


def first(experiment: Experiment, changes: Iterable[SettingChange]) -> Experiment:
    """What a run began with that was changed so on its way, where all else is `experiment`."""
    return with_values(experiment, begun_with(changes))


def at_step(step: int, experiment: Experiment, changes: Iterable[SettingChange]) -> Experiment:
    """The experiment of the step after `step` in a run that was changed so on its way, where all else is `experiment`."""
    changes = list(changes)
    return with_values(experiment, begun_with(changes) | {each.name: each.after for each in changes if each.step <= step})


def changed_rows(changes: Iterable[SettingChange]) -> list[dict[str, Any]]:
    """Which settings are others than a run began with, for its status: name, value at first and value now."""
    changes = list(changes)
    last = {each.name: each.after for each in changes}
    found = [(name, value, last[name]) for name, value in begun_with(changes).items() if value != last[name]]
    return [{"setting": name, **msgspec.to_builtins({"before": before, "after": after})} for name, before, after in found]


def changed_settings(rows: object) -> tuple[tuple[str, Any, Any], ...]:
    """What `changed_rows` has written, as far as it can be read: name, value at first and value at last."""
    found = []
    for row in rows if isinstance(rows, list) else ():
        with suppress(KeyError, TypeError, ValueError):
            name = row["setting"]
            found.append((name, checked(name, row["before"]), checked(name, row["after"])))
    return tuple(found)


def as_row(change: SettingChange) -> dict[str, Any]:
    """A line of the measurements."""
    before, after = (msgspec.to_builtins(value) for value in (change.before, change.after))
    return {"step": change.step, "setting": change.name, "before": before, "after": after}
