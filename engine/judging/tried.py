"""One picture through the model that is looked at: its answers, what they hang on, and small maps of each layer.

`Trial` is a pure function of (model, data) for `Worker.ask`, in evaluation mode; its answer is plain numpy. Called by the
training lab's page "try it". torch is imported when a model is asked.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.judging.moving import Motion, moved
from engine.networks.output_meaning import OutputMeaning

if TYPE_CHECKING:
    import torch
    from torch import nn

    from engine.data.datasets import Dataset

MOST_MAPS = 8  # of each layer
LONGEST_SIDE = 64  # cells of a map: a larger one is thinned out


@dataclass(frozen=True, eq=False)
class SmallMaps:
    """The first maps of a layer, the one of this number in the network, of `channels` in all."""

    layer: int
    channels: int
    maps: NDArray[np.float32]  # (at most MOST_MAPS, H, W)


@dataclass(frozen=True, eq=False)
class Tried:
    """The answer for each class: its probability, or with `is_values` a value that is none. `saliency` is of the class `asked`:
    |∂ output / ∂ input|, of several channels the largest (Simonyan et al., "Deep Inside Convolutional Networks", 2014).
    `input` is what the network got, `label` the true class of a validation sample."""

    input: NDArray[np.float32]  # (C, H, W)
    answers: NDArray[np.float32]  # (classes,)
    asked: int
    saliency: NDArray[np.float32]  # (H, W)
    maps: tuple[SmallMaps, ...]
    is_values: bool = False
    label: int | None = None

    @property
    def predicted(self) -> int:
        return int(self.answers.argmax())

    @property
    def is_finite(self) -> bool:
        return bool(np.isfinite(self.answers).all() and np.isfinite(self.saliency).all())


@dataclass(frozen=True, eq=False)
class Trial:
    """The question: what does the model answer to the picture `source`, (C, H, W), or to the validation sample of that number,
    counted round, after `motion`? `asked` is the class whose saliency is wanted; None: the one that it answers."""

    source: NDArray[np.float32] | int
    motion: Motion = Motion()  # noqa: RUF009  (as frozen as a number)
    meaning: OutputMeaning = "scores"
    asked: int | None = None

    def __call__(self, model: nn.Module, data: Dataset) -> Tried | None:
        """The model's answer; None where its inputs are of another shape. The model and its gradients are not changed."""
        if data.task != "classification" or len(data.input) != 3:
            return None
        label = None
        if isinstance(self.source, int):
            number = self.source % len(data.x_validation)
            x, label = data.x_validation[number].cpu().numpy(), int(data.y_validation[number])
        else:
            x = self.source
        if x.shape != tuple(data.input):
            return None
        x = moved(x, self.motion)
        import torch

        device = next((weights.device for weights in model.parameters()), torch.device("cpu"))
        kept: list[SmallMaps] = []
        hooks = [child.register_forward_hook(_keeping(kept, number)) for number, child in enumerate(model.children())]
        leaf = torch.from_numpy(x[None].copy()).to(device).requires_grad_()
        # cuDNN's recurrent layers have no gradients in evaluation mode
        plain = torch.backends.cudnn.flags(enabled=False) if device.type == "cuda" else nullcontext()
        try:
            with torch.enable_grad(), plain:
                output = model(leaf)[0]
                asked = int(output.argmax()) if self.asked is None else min(self.asked, len(output) - 1)
                (slope,) = torch.autograd.grad(output[asked], leaf, allow_unused=True)
        finally:
            for hook in hooks:
                hook.remove()
        answers = output.detach().float().cpu()
        answers = answers.softmax(dim=0) if self.meaning == "scores" else answers
        saliency = np.zeros(x.shape[1:], np.float32) if slope is None else slope[0].abs().amax(0).float().cpu().numpy()
        return Tried(x, answers.numpy(), asked, saliency, tuple(kept), self.meaning == "values", label)


def _keeping(kept: list[SmallMaps], number: int) -> Any:
    """A hook that keeps the first maps of the layer of this number, where its output is maps."""

    def hook(_: nn.Module, __: Any, output: torch.Tensor) -> None:
        if output.ndim != 4:
            return
        step = max(1, -(-max(output.shape[2:]) // LONGEST_SIDE))
        maps = output[0, :MOST_MAPS, ::step, ::step].detach().float().cpu().contiguous().clone()
        kept.append(SmallMaps(number, output.shape[1], maps.numpy()))

    return hook
