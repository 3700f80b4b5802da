"""The network of a run with the weights of any of its moments, and its data: what a page asks the model of now, it may ask this
one.

Nothing is drawn at random: torch's generator belongs to the training thread. Importing this imports torch. Called by the
window's thread of the past.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from engine.data import datasets
from engine.experiments.experiment import Experiment
from engine.networks.channels_last import are_channels_last
from engine.networks.trace import trace
from engine.passes.loaded import bare, give_memory
from engine.passes.modules import lay_out
from engine.passes.step_update import ATTRIBUTE, StepUpdate
from engine.runs.failures import RunError


class PastModel:
    """`at(weights)` is the model of `experiment` with these weights, in evaluation mode and laid out in memory as a training on
    the CPU has it, so that it answers with the same bits. It is one model: the next weights take the place of these."""

    def __init__(self, experiment: Experiment) -> None:
        """Raises DatasetError, and MemoryError or RuntimeError as torch does."""
        self.dataset = datasets.load(experiment.data, seed=experiment.seed)
        rows = trace(experiment.network.layers, self.dataset.input, tokens=self.dataset.tokens).rows
        self._model = bare(experiment.network.layers, rows)
        for module in self._model.modules():
            give_memory(module)
        self._model.requires_grad_(True).eval()
        if are_channels_last(experiment.network.layers, rows):
            lay_out(self._model)
        self._tensors = self._model.state_dict(keep_vars=True)

    def at(self, weights: Mapping[str, Any], step: int | None = None, before: Mapping[str, Any] | None = None) -> nn.Module:
        """`weights` are arrays or tensors by name; `before` those of the step before `step`, where they are known: the model
        then says what that step has moved. Raises RunError where they are another network's."""
        if weights.keys() != self._tensors.keys():
            raise RunError("other_tensors", error=", ".join(sorted(weights.keys() ^ self._tensors.keys()))[:200])
        with torch.no_grad():
            for name, tensor in self._tensors.items():
                kept = weights[name]
                if tuple(kept.shape) != tuple(tensor.shape):
                    raise RunError("other_tensors", error=name)
                tensor.copy_(kept if isinstance(kept, Tensor) else torch.from_numpy(kept.copy()))
                tensor.grad = None
        update = None
        if before is not None and step is not None:
            update = StepUpdate.between(self._model, before, step)
        setattr(self._model, ATTRIBUTE, update)
        return self._model
