"""Whether an experiment can be run at all: asked before torch is imported and data are loaded, so that a refusal comes at once.

Called by `engine.training.execution`; the window may call it to say so before play is pressed.
"""

from __future__ import annotations

from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.problems import CannotRunError
from engine.layers.kinds.composite import every
from engine.layers.kinds.embedding import Embedding
from engine.networks.trace import trace
from engine.words import readable


def check(experiment: Experiment) -> None:
    """Raises CannotRunError when the network cannot be built, does not take the data or does not answer the task, when loss or
    optimiser do not fit; DatasetError when there are no such data."""
    info = describe(experiment.data)
    network, training = experiment.network, experiment.training
    shape = network.input or info.input
    if shape != info.input:
        raise CannotRunError("input_differs", data=info.name, needs=readable(info.input), has=readable(shape))
    found = trace(network.layers, shape, tokens=info.tokens)
    if found.problem is not None:
        problem = found.problem
        raise CannotRunError("network", where=problem.where, layer_code=problem.code, values=problem.values)
    if info.tokens:
        for layer in every(network.layers):  # nothing but the data makes tokens: every Embedding reads theirs
            if isinstance(layer, Embedding) and layer.num_embeddings < len(info.classes):
                values = {"has": layer.num_embeddings, "needs": len(info.classes)}
                raise CannotRunError("vocabulary_too_small", data=info.name, **values)
    if not network.layers:
        raise CannotRunError("no_layers")
    needs = info.target if info.task == "regression" else (*info.target, info.outputs)
    if found.output != needs:
        raise CannotRunError("output_differs", data=info.name, needs=readable(needs), has=readable(found.output))
    if info.task == "regression" and training.loss == "cross_entropy":
        raise CannotRunError("loss_needs_classes", data=info.name)
    if found.parameters == 0:
        raise CannotRunError("nothing_to_train")
    if training.nesterov and not (OPTIMIZERS[training.optimizer].takes("nesterov") and training.momentum > 0.0):
        raise CannotRunError("nesterov_needs_momentum")
