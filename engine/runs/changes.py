"""What has been changed in a run's experiment since its moment was kept: whether the run can still go on. No torch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import msgspec

from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Training
from engine.experiments.optimisers import OPTIMIZERS

_ROW = (list, tuple)
_LATER = "lr"  # of an optimiser's settings: may be another from any step on


def change_that_matters(kept: Experiment, now: Experiment) -> tuple[str, Any, Any] | None:
    """The first difference on which the losses depend, without the learning rate, the number of epochs and the device, which a
    run may take up at any step: its key in the file, and the value that was kept and the one that is there now."""
    return next(_differences(_deciding(kept), _deciding(now), ""), None)


def _deciding(experiment: Experiment) -> dict[str, Any]:
    training = experiment.training
    layers = [msgspec.to_builtins(layer) for layer in experiment.network.layers]
    return {
        "seed": experiment.seed,
        "data": msgspec.to_builtins(experiment.data),
        "network": {"layers": layers},
        "training": {
            "optimizer": training.optimizer,
            **_settings(training),
            "loss": training.loss or describe(experiment.data).loss,
            "batch_size": training.batch_size,
            "clip": training.clip,
        },
    }


def _settings(training: Training) -> dict[str, Any]:
    """Those that the optimiser takes; a field that it ignores decides nothing."""
    options = OPTIMIZERS[training.optimizer].options
    return {option.field: getattr(training, option.field) for option in options if option.field != _LATER}


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
