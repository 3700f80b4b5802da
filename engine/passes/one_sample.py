"""One validation sample as a model reads it: where every probe begins that looks at a single one.

Called by the probes; torch is imported when a model is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.datasets import Dataset


class OneSample(NamedTuple):
    """Number `number` of `total` validation samples: `x` (1, *input) and `y` (1, *target)."""

    number: int
    total: int
    x: Tensor
    y: Tensor


def one_sample(data: Dataset, sample: int) -> OneSample:
    """Validation sample `sample`, counted round."""
    total = len(data.x_validation)
    number = sample % total
    return OneSample(number, total, data.x_validation[number : number + 1], data.y_validation[number : number + 1])


def answer_to(model: nn.Module, x: Tensor) -> NDArray[np.float32]:
    """What `model`, in evaluation mode, answers to a batch of one, without the batch; it shares no memory with the model."""
    import torch

    with torch.no_grad():
        output: NDArray[np.float32] = model(x.to(device_of(model)))[0].float().cpu().numpy().copy()
    return output


def device_of(model: nn.Module) -> Any:
    """The device that the model's weights are on."""
    import torch

    return next((weights.device for weights in model.parameters()), torch.device("cpu"))
