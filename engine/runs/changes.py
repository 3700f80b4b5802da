"""What has been changed in a run's experiment since its moment was kept: whether the run can still go on. No torch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, cast

import msgspec

from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Training
from engine.experiments.mid_run import CHANGEABLE
from engine.experiments.optimisers import OPTIMIZER_FIELDS, OPTIMIZERS
from engine.experiments.regularizing import probabilities, with_probabilities
from engine.networks.edits import Layers

_ROW = (list, tuple)
_LATER = (*CHANGEABLE, "epochs", "device", "early_stopping")  # may be another from any step on


def change_that_matters(kept: Experiment, now: Experiment) -> tuple[str, Any, Any] | None:
    """The first difference on which the losses depend, without what a run may take up at any step (the settings that are
    `CHANGEABLE`, the number of epochs, the device and early stopping): its key in the file, and the value that was kept and the
    one that is there now."""
    decays = kept.training.weight_decay > 0.0
    return next(_differences(_deciding(kept, decays), _deciding(now, decays), ""), None)


def _deciding(experiment: Experiment, decays: bool) -> dict[str, Any]:
    training = experiment.training
    layers = [msgspec.to_builtins(layer) for layer in _without_probabilities(experiment.network.layers)]
    return {
        "seed": experiment.seed,
        "data": msgspec.to_builtins(experiment.data),
        "network": {"layers": layers},
        "training": _settings(training, decays) | {"loss": training.loss or describe(experiment.data).loss},
    }


def _without_probabilities(layers: Layers) -> Layers:
    """All of its Dropout layers alike: a run takes over theirs."""
    return with_probabilities(layers, [0.0] * len(probabilities(layers)))


def _settings(training: Training, decays: bool) -> dict[str, Any]:
    """Those that decide something: not what the named optimiser, or the way of beginning, ignores. `decays`: what the decay
    applies to has decided something."""
    options = OPTIMIZERS[training.optimizer]
    ignored = {name for name in OPTIMIZER_FIELDS if not options.takes(name)}
    if not decays or "weight_decay" in ignored:
        ignored.add("decay_applies_to")
    if training.initialization != "normal":
        ignored.add("initial_deviation")
    found = cast("dict[str, Any]", msgspec.to_builtins(training))
    return {name: value for name, value in found.items() if name not in ignored and name not in _LATER}


def _differences(kept: Any, now: Any, key: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(kept, dict) and isinstance(now, dict):
        for name in {**kept, **now}:
            if name == "name" and key.startswith("network"):  # of a block: only read
                continue
            yield from _differences(kept.get(name), now.get(name), f"{key}.{name}" if key else name)
    elif isinstance(kept, _ROW) and isinstance(now, _ROW) and any(isinstance(part, (dict, *_ROW)) for part in (*kept, *now)):
        for index, (one, other) in enumerate(zip_longest(kept, now)):
            yield from _differences(one, other, f"{key}[{index}]")
    elif kept != now:
        yield key, kept, now
