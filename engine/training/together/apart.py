"""Which runs can learn as one batched computation, and why others cannot: a pure function of the experiment. No torch.

Called by the queue, before it hands runs out, and by `engine.training.together.company`.
"""

from __future__ import annotations

from math import prod

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.problems import RunProblem
from engine.experiments.schedules import ReduceLROnPlateau
from engine.layers.base import Layer
from engine.layers.kinds.activation import Dropout
from engine.layers.kinds.composite import every
from engine.layers.kinds.normalization import BatchNormalization
from engine.layers.kinds.recurrent import Recurrent

MOST_TOGETHER = 32  # runs: their results are a step's losses, their folders are written by one process
MOST_DATA_BYTES = 2**31  # of all runs' samples: with seeds of their own they may have data of their own, which lie side by side
_NUMBER_BYTES = 4


def why_apart(experiment: Experiment) -> RunProblem | None:
    """Why runs of `experiment` that differ in their seed alone cannot learn together; None: they can.

    What is drawn for each step by a generator of the whole process (dropout) would be drawn otherwise, what decides by a number
    of one run alone (a plateau's rate, the length of its gradient) would have to decide for all, and torch has no batched form
    of its recurrent layers.
    """
    training = experiment.training
    for layer in every(experiment.network.layers):
        if (why := _why_layer(layer)) is not None:
            return why
    if training.augmentation.is_on:
        return RunProblem("apart_augmentation")
    if training.clip is not None:
        return RunProblem("apart_clip")
    if isinstance(training.schedule, ReduceLROnPlateau):
        return RunProblem("apart_plateau")
    if not OPTIMIZERS[training.optimizer].elementwise:
        return RunProblem("apart_optimizer", {"optimizer": training.optimizer})
    if training.device == "mps":
        return RunProblem("apart_device", {"device": training.device})
    return RunProblem("apart_data") if most_together(experiment) < 2 else None


def most_together(experiment: Experiment) -> int:
    """How many runs of `experiment` learn together at most: as many as their data leave room for."""
    try:
        info = describe(experiment.data)
    except DatasetError:  # is said by whoever begins the run
        return 1
    size = info.samples * (prod(info.input) + prod(info.target)) * _NUMBER_BYTES
    return max(1, min(MOST_TOGETHER, MOST_DATA_BYTES // max(size, 1)))


def _why_layer(layer: Layer) -> RunProblem | None:
    kind = {"kind": type(layer).__name__}
    if isinstance(layer, Dropout):
        return RunProblem("apart_dropout")
    if isinstance(layer, Recurrent):
        return RunProblem("apart_recurrent", kind)
    if isinstance(layer, BatchNormalization) and layer.track_running_stats and layer.momentum is None:
        return RunProblem("apart_plain_average", kind)  # torch reads the count of batches as one number
    return None
