"""In which settings a set of experiments differ, and which of them are the same but for the seed. Pure functions; no torch.

Called by the command line and by the window's comparison of runs.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.data.info import OPTIONS, Data, DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Training
from engine.experiments.optimisers import OPTIMIZER_FIELDS, OPTIMIZERS
from engine.layers.base import Layer

SECTIONS = ("seed", "data", "network", "training")


class Absent:
    """Stands for the value of a setting that an experiment does not have: another optimiser's, a layer that is not there."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class DifferingSetting:
    """A setting that is not the same in all experiments, with its value in each: `ABSENT` where it has none.

    `key` is its place as in a file: training.lr, data.samples, network.layers[2].out_channels. `layer` is the number, from 1,
    of the layer that it belongs to, among all layers that any of the networks has; `kind` that layer's class. A row of a layer
    without a field has whole layers as its values."""

    key: str
    section: str
    name: str  # of the field; empty: the whole layer
    values: tuple[Any, ...]
    layer: int | None = None
    kind: str = ""

    def differs_from(self, number: int, other: int) -> bool:
        """Whether two of the experiments have another value here."""
        return not _same(self.values[number], self.values[other])


def setting_differences(experiments: Sequence[Experiment]) -> tuple[DifferingSetting, ...]:
    """The settings in which they differ, in the order of a file. Names and what an optimiser ignores are no settings; what is
    left to the data's own default counts as that default. Layers are compared with the layers of their kind that they lie
    beside, so that one that was put in does not make all later ones another's."""
    if len(experiments) < 2:
        return ()
    rows: list[DifferingSetting] = []
    plain = [_plain_settings(experiment) for experiment in experiments]
    keys = list(dict.fromkeys(key for settings in plain for key in settings))
    differing = [key for key in keys if not _all_same([settings.get(key, ABSENT) for settings in plain])]
    for section in SECTIONS:
        if section == "network":
            rows += _layer_rows([experiment.network.layers for experiment in experiments])
        for key in differing:
            if key.partition(".")[0] == section:
                values = tuple(settings.get(key, ABSENT) for settings in plain)
                rows.append(DifferingSetting(key, section, key.rpartition(".")[2], values))
    return tuple(rows)


def seed_groups(experiments: Sequence[Experiment], changes: Sequence[Hashable] = ()) -> tuple[tuple[int, ...], ...]:
    """The numbers of those that are the same but for the seed, the name and the device, each in one group, in the order of
    their first members. `changes`, where given, is of each what was changed in mid-run: that must be the same too."""
    groups: dict[Hashable, list[int]] = {}
    for number, experiment in enumerate(experiments):
        groups.setdefault((without_seed(experiment), *changes[number : number + 1]), []).append(number)
    return tuple(map(tuple, groups.values()))


def without_seed(experiment: Experiment) -> Experiment:
    """What repetitions of an experiment have in common."""
    return replace(experiment, name="", seed=0, training=replace(experiment.training, device="auto"))


# --- settings that are no layers


def _plain_settings(experiment: Experiment) -> dict[str, Any]:
    """Key -> value of all settings but the layers."""
    found: dict[str, Any] = {"seed": experiment.seed}
    found.update(_of_data(experiment.data))
    if experiment.network.input is not None:
        found["network.input"] = experiment.network.input
    found.update(_of_training(experiment.training))
    if experiment.training.loss is None and (loss := _usual_loss(experiment.data)) is not None:
        found["training.loss"] = loss
    return found


_AS_ASKED = ("target", "columns", "task")  # of a table; what is told of it says more


@lru_cache(maxsize=512)
def _of_data(data: Data) -> dict[str, Any]:
    found = dict(_flat("data", data))
    try:
        info = describe(data)
    except DatasetError:
        return found
    found["data.samples"] = info.samples
    for option in OPTIONS:
        found[f"data.{option}"] = getattr(data if option in _AS_ASKED else info, option)
    return found


@lru_cache(maxsize=512)
def _usual_loss(data: Data) -> str | None:
    try:
        return describe(data).loss
    except DatasetError:
        return None


@lru_cache(maxsize=2048)
def _of_training(training: Training) -> dict[str, Any]:
    row = OPTIMIZERS[training.optimizer]
    ignored = {f"training.{name}" for name in OPTIMIZER_FIELDS if not row.takes(name)}
    return {key: value for key, value in _flat("training", training) if key not in ignored}


def _flat(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A struct's fields under their keys, those of structs inside it too."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _flat(f"{key}.{name}", getattr(value, name))
    else:
        yield key, value


# --- layers


def _layer_rows(networks: Sequence[tuple[Layer, ...]]) -> Iterator[DifferingSetting]:
    first = networks[0]
    if all(layers == first for layers in networks):
        return
    kinds = [tuple(type(layer).__name__ for layer in layers) for layers in networks]
    slots = aligned(kinds)
    rows = [_in_places(layers, own, slots) for layers, own in zip(networks, kinds, strict=True)]
    for number, (kind, column) in enumerate(zip(slots, zip(*rows, strict=True), strict=True)):
        if _all_same(column):
            continue
        key = f"network.layers[{number}]"
        layers = [layer for layer in column if not isinstance(layer, Absent)]
        if len(layers) < len(column):
            yield DifferingSetting(key, "network", "", column, number + 1, kind)
            continue
        for name in layers[0].__struct_fields__:
            values = tuple(getattr(layer, name) for layer in layers)
            if not _all_same(values):
                yield DifferingSetting(f"{key}.{name}", "network", name, values, number + 1, kind)


def aligned(rows: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest row, as far as it is easily found, that has each of `rows` in it, in order: the places that layers of
    several networks share."""
    slots: list[str] = []
    for row in dict.fromkeys(rows):
        merged: list[str] = []
        for what, low, high, start, stop in SequenceMatcher(None, slots, row, autojunk=False).get_opcodes():
            merged += slots[low:high]
            if what in ("insert", "replace"):
                merged += row[start:stop]
        slots = merged
    return tuple(slots)


def _in_places(layers: Sequence[Layer], kinds: Sequence[str], slots: Sequence[str]) -> list[Layer | Absent]:
    """Each layer at its place among `slots`."""
    if len(layers) == len(slots):
        return list(layers)
    places: list[Layer | Absent] = [ABSENT] * len(slots)
    for block in SequenceMatcher(None, slots, kinds, autojunk=False).get_matching_blocks():
        places[block.a : block.a + block.size] = layers[block.b : block.b + block.size]
    if sum(place is not ABSENT for place in places) == len(layers):
        return places
    places = [ABSENT] * len(slots)  # the longest common blocks left some out: the first place that fits is always there
    at = 0
    for layer, kind in zip(layers, kinds, strict=True):
        at = slots.index(kind, at)
        places[at] = layer
        at += 1
    return places


def _all_same(values: Sequence[Any]) -> bool:
    first = values[0]
    return all(value is first or _same(first, value) for value in values)


def _same(one: Any, other: Any) -> bool:
    """Equal, and of one kind: 1 and True are two values."""
    return one is other or (one == other and isinstance(one, bool) == isinstance(other, bool))
