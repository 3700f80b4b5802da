"""The memory that a training takes at the least, known before a number is allocated: what cannot fit is refused at once, in the
window and on the command line.

Only what torch certainly holds at one time is counted, so that what fits is never refused. No torch. Called by
`engine.training.execution`.
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.problems import CannotRunError
from engine.figures import binary_size
from engine.layers.kinds.embedding import Embedding
from engine.networks.hints import built
from engine.networks.trace import trace

FLOAT32_BYTES = 4


class TrainingMemory(NamedTuple):
    """Bytes, as float32: the weights, their gradients, what the optimiser keeps for each weight, and the inputs of a batch that
    the layers with weights keep for their gradients."""

    weights: int
    gradients: int
    moments: int
    activations: int

    @property
    def total(self) -> int:
        return sum(self)


def training_memory(experiment: Experiment, processes: int = 1) -> TrainingMemory:
    """What a process takes of one that `processes` compute together. The network can be built. Raises DatasetError."""
    info, training = describe(experiment.data), experiment.training
    found = trace(experiment.network.layers, experiment.network.input or info.input, tokens=info.tokens)
    row = OPTIMIZERS[training.optimizer]
    moments = row.moments + (training.momentum > 0.0 and row.takes("momentum"))
    kept = 0
    if training.truncated_steps is None:
        for path, layer, row_of in built(experiment.network.layers, found.rows):
            is_shared = len(path) > 1 and path[-1] == 0  # what a block hands to several branches
            if row_of.parameters and path != (0,) and not is_shared and not isinstance(layer, Embedding):
                kept += prod(row_of.input)
    samples = min(training.batch_size, info.train) // processes
    weights = FLOAT32_BYTES * found.parameters
    return TrainingMemory(weights, weights, moments * weights, FLOAT32_BYTES * samples * kept)


def require_memory(experiment: Experiment, there: int, processes: int = 1) -> None:
    """Raises CannotRunError where the training needs more than the `there` bytes that its device has in all; DatasetError."""
    needed = training_memory(experiment, processes)
    if needed.total > there:
        values = {name: binary_size(size) for name, size in needed._asdict().items()}
        raise CannotRunError("too_large_to_train", needed=binary_size(needed.total), there=binary_size(there), **values)
