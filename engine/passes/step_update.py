"""How far one step moves the weights of a model: measured for the one step after somebody asked, so that it costs nothing else.

The trainer puts a `StepUpdate` on its model as `step_update`. A probe that finds one asks for the next step with `asked`, and
reads what the step after the last question did. A model that no trainer owns has none, but for one of a kept moment whose
step before was kept too: `between` compares the two.
Called by `engine.training.trainer`, which measures, and `engine.passes.layer_values`, which asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

ATTRIBUTE = "step_update"  # of a model

Moved: TypeAlias = dict[str, tuple[float, float]]  # a weight's name -> squared lengths of its update, and of itself before


class StepUpdate:
    """`step` is how many steps the model has done. `moved` is of the step `measured`, by the names of the model's weights;
    biases are left out, because they begin at 0."""

    def __init__(self) -> None:
        self.step = 0
        self.asked = False
        self.measured: int | None = None
        self.moved: Moved = {}

    @classmethod
    def put_on(cls, model: nn.Module) -> Self:
        """A new one, which probes find on the model."""
        made = cls()
        setattr(model, ATTRIBUTE, made)
        return made

    @classmethod
    def between(cls, model: nn.Module, before: Mapping[str, Any], step: int) -> Self:
        """What the step numbered `step` has moved of `model`, whose tensors by name were `before`, as arrays or tensors."""
        made = cls()
        made.step = step
        made.measure(model, {name: torch.as_tensor(np.array(before[name])) for name in weights_of(model)}, step)
        return made

    def before(self, model: nn.Module) -> dict[str, Tensor]:
        """A copy of the weights, taken before the optimiser's step."""
        return {name: weight.detach().clone() for name, weight in weights_of(model).items()}

    def measure(self, model: nn.Module, before: dict[str, Tensor], step: int) -> None:
        """Compare the weights after the step with those before it. Waits for a GPU."""
        now = weights_of(model)
        self.moved = {name: (square(now[name].detach() - old), square(old)) for name, old in before.items()}
        self.measured, self.asked = step, False


def step_update_of(model: nn.Module) -> StepUpdate | None:
    found = getattr(model, ATTRIBUTE, None)
    return found if isinstance(found, StepUpdate) else None


def weights_of(module: nn.Module) -> dict[str, Tensor]:
    """The parameters by their names, without the biases."""
    return {name: each for name, each in module.named_parameters() if "bias" not in name.rsplit(".", 1)[-1]}


def square(values: Tensor) -> float:
    """The sum of the squares, in double precision."""
    if values.device.type == "mps":  # has no double precision
        values = values.cpu()
    return float(torch.linalg.vector_norm(values, dtype=torch.float64)) ** 2
