"""What the outputs of a network for classes mean: the one rule by which every lab makes probabilities of them.

| what makes the output  | trained on         | the outputs are | the probabilities are |
|------------------------|--------------------|-----------------|-----------------------|
| a Softmax over classes | either             | probabilities   | the outputs           |
| any other layer        | cross-entropy      | scores          | their softmax         |
| any other layer        | mean squared error | values          | not known             |

A network that is trained on the squared error to a one-hot gives a class about its probability at best, but its outputs may be
negative, and need not add up to 1. No torch. Called by `engine.training.probes` and `engine.passes.activations`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from engine.data.info import LossName
from engine.layers.kinds.activation import Softmax
from engine.networks.edits import Layers, at
from engine.networks.hints import final_softmax

OutputMeaning: TypeAlias = Literal["probabilities", "scores", "values"]


def output_meaning(layers: Layers, loss: LossName = "cross_entropy", axes: int = 1) -> OutputMeaning:
    """What the outputs of `layers` are, trained on `loss`. `axes` are those of the output without the batch, the last one the
    classes: 1 for (classes,), 2 for (T, classes)."""
    path = final_softmax(layers)
    if path is not None:
        layer = at(layers, path)
        assert isinstance(layer, Softmax)
        if layer.dim in (-1, axes):
            return "probabilities"
    return "scores" if loss == "cross_entropy" else "values"
