"""What the outputs of an experiment's network mean: the rule of `engine.networks.output_meaning` for its data and its loss.

Called by the training lab and its pages. No torch.
"""

from __future__ import annotations

from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.networks.output_meaning import OutputMeaning, output_meaning


def meaning_of(experiment: Experiment) -> OutputMeaning:
    """What the outputs are of a network that is trained so. Raises DatasetError."""
    info = describe(experiment.data)
    return output_meaning(experiment.network.layers, experiment.training.loss or info.loss, len(info.target) + 1)
