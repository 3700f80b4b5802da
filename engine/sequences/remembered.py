"""What an output remembers: how strongly it depends on each earlier input.

For one output, a number of the network's answer at one time step, the length of its derivative by the input of each step: by
the series' values, or of a network that reads tokens by the vectors that its embedding makes of them. `what_it_remembers` is a
probe, a pure function of (model, data), in evaluation mode. torch is imported when a model is asked.
"""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.passes.one_sample import device_of, one_sample

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.datasets import Dataset

FADED = 0.1  # of the largest


@dataclass(frozen=True, eq=False)
class Remembered:
    """`norms` is |∂ output / ∂ x_t| for each input step. The output is number `output` of the answer at time step `step`; None:
    an answer for the whole sequence."""

    sample: int
    total: int  # validation samples
    step: int | None
    output: int
    value: float  # the output itself: as the network ends, before any softmax of the loss
    norms: NDArray[np.float64]  # (T,)
    by_embedding: bool

    @property
    def steps_back(self) -> int | None:
        """How many steps before the output's own step (of an answer for the whole sequence: the last one) the farthest input
        lies whose norm is at least 10 % of the largest: all that lies farther back counts for less. None where nothing counts
        at all, or what counts is not finite."""
        largest = float(self.norms.max(initial=0.0))
        if not (0 < largest < np.inf) or not np.isfinite(self.norms).all():
            return None
        here = len(self.norms) - 1 if self.step is None else self.step
        farthest = int(np.flatnonzero(self.norms >= FADED * largest)[0])
        return max(0, here - farthest)


def what_it_remembers(
    model: nn.Module, data: Dataset, sample: int, *, step: int | None = None, output: int | None = None
) -> Remembered | None:
    """Of validation sample `sample`, counted round. `step`: of the answer, None or one that it has not: the last; `output`:
    which of its numbers, None: the largest, which is what the network answers. None where the input is no sequence: (T, F),
    or tokens that an embedding reads."""
    import torch
    from torch import nn

    asked = one_sample(data, sample)
    x = asked.x.to(device_of(model))
    leaves: list[Tensor] = []

    def embedded(_: nn.Module, __: Any, vectors: Tensor) -> Tensor:
        if leaves:  # another table reads something else
            return vectors
        leaves.append(vectors.detach().requires_grad_())
        return leaves[0]

    with torch.enable_grad(), ExitStack() as stack:
        if data.tokens:
            for module in model.modules():
                if isinstance(module, nn.Embedding):
                    stack.callback(module.register_forward_hook(embedded).remove)
        elif x.ndim == 3:
            x = x.clone().requires_grad_()
            leaves.append(x)
        # cuDNN's recurrent layers have no gradients in evaluation mode
        stack.enter_context(torch.backends.cudnn.flags(enabled=False) if x.device.type == "cuda" else nullcontext())
        answer = model(x)[0]
        if not leaves or leaves[0].ndim != 3 or answer.ndim > 2:
            return None
        at = None
        if answer.ndim == 2:
            at = len(answer) - 1 if step is None else min(step, len(answer) - 1)
        row = answer if at is None else answer[at]
        chosen = int(row.argmax()) if output is None else min(output, len(row) - 1)
        (slope,) = torch.autograd.grad(row[chosen], leaves[0], allow_unused=True)
    steps = leaves[0].shape[1]
    norms = np.zeros(steps) if slope is None else np.linalg.norm(slope[0].cpu().double().numpy(), axis=1)
    return Remembered(asked.number, asked.total, at, chosen, float(row[chosen].detach()), np.asarray(norms), data.tokens)
