"""The layers that look at a whole batch, on the part of it that one process has: to the numbers of one process.

Batch normalisation takes mean and variance over the batch of all processes, there and back (the derivation in `_SharedNorm`).
Dropout draws the masks of the whole batch, in the layout in memory that the activations have, from torch's global generator,
which is in the same state everywhere, and takes its own samples' part. All other layers treat each sample alone.

Called by `engine.training.distributed.shared_trainer`. The modules stay what they are: their `forward` is another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm, dropout
from torch.nn.modules.batchnorm import _BatchNorm

from engine.training.distributed.meeting import MeetingPoint


@dataclass
class SharedBatch:
    """The batch that is computed: so many samples in all, of which this process has a part. Where that is empty, it computes
    the last sample in its place, which counts nothing (`stands_in`)."""

    whole: int = 0
    part: slice = field(default_factory=lambda: slice(None))
    stands_in: bool = False
    is_looked_at: bool = False  # the layouts of the activations, once, before the first step


def share_layers(model: nn.Module, meeting: MeetingPoint, batch: SharedBatch) -> None:
    """Have the layers of `model` compute their part of `batch`."""
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.forward = _SharedDropout(module, batch)  # type: ignore[method-assign, assignment]
        elif isinstance(module, _BatchNorm):
            module.forward = _SharedBatchNorm(module, meeting, batch)  # type: ignore[method-assign, assignment]


class _SharedDropout:
    def __init__(self, module: nn.Dropout, batch: SharedBatch) -> None:
        self._module = module
        self._batch = batch
        self._order: tuple[int, ...] = ()  # of the axes in memory, the outermost first

    def __call__(self, x: Tensor) -> Tensor:
        batch = self._batch
        if batch.is_looked_at:
            self._order = _order_in_memory(x)
        if not self._module.training or batch.is_looked_at:
            return x
        ones = _ones_of(batch.whole, x, self._order)
        return x * dropout(ones, self._module.p, training=True)[batch.part]


def _order_in_memory(x: Tensor) -> tuple[int, ...]:
    strides = torch.empty_like(x).stride()
    return tuple(sorted(range(x.dim()), key=lambda axis: (-strides[axis], axis)))


def _ones_of(whole: int, x: Tensor, order: tuple[int, ...]) -> Tensor:
    """Ones in the shape that `x` has in a batch of `whole` samples, its axes in memory in `order`."""
    shape = (whole, *x.shape[1:])
    strides, step = [0] * x.dim(), 1
    for axis in reversed(order):
        strides[axis] = step
        step *= shape[axis]
    return torch.empty_strided(shape, strides, dtype=x.dtype, device=x.device).fill_(1.0)


class _SharedBatchNorm:
    def __init__(self, module: _BatchNorm, meeting: MeetingPoint, batch: SharedBatch) -> None:
        self._module = module
        self._meeting = meeting
        self._batch = batch

    def __call__(self, x: Tensor) -> Tensor:
        module, batch = self._module, self._batch
        if not module.training or batch.is_looked_at:
            own = module.running_mean is None
            running = (None, None) if own else (module.running_mean, module.running_var)
            return batch_norm(x, *running, module.weight, module.bias, own, 0.0, module.eps)
        count = batch.whole * (x[0].numel() // x.shape[1])
        if count == 1:  # torch's own words
            raise ValueError(f"Expected more than 1 value per channel when training, got input size {x.shape}")
        y, mean, variance = _SharedNorm.apply(  # type: ignore[no-untyped-call]
            x, module.weight, module.bias, module.eps, count, batch.stands_in, self._meeting
        )
        if module.track_running_stats and module.running_mean is not None and module.running_var is not None:
            assert module.num_batches_tracked is not None
            with torch.no_grad():
                module.num_batches_tracked.add_(1)
                share = module.momentum if module.momentum is not None else 1.0 / float(module.num_batches_tracked)
                module.running_mean.mul_(1.0 - share).add_(mean.to(x.dtype), alpha=share)
                module.running_var.mul_(1.0 - share).add_((variance * (count / (count - 1))).to(x.dtype), alpha=share)
        return y  # type: ignore[no-any-return]


class _SharedNorm(torch.autograd.Function):
    """y = w (x - m) / sqrt(v + eps) + b, with the mean m and the variance v of each channel over the `count` numbers that all
    processes have of it. With g the gradient of y and h = (x - m) / sqrt(v + eps), the gradient of x is

        w / sqrt(v + eps) · (g - sum(g) / count - h · sum(g h) / count)   (Ioffe and Szegedy 2015, section 3)

    whose sums are over all processes too. The gradients of w and b are this process's part, as those of all other weights:
    what averages those averages these. Sums are in double precision."""

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        weight: Tensor | None,
        bias: Tensor | None,
        eps: float,
        count: int,
        stands_in: bool,
        meeting: MeetingPoint,
    ) -> tuple[Tensor, Tensor, Tensor]:
        axes = [axis for axis in range(x.dim()) if axis != 1]
        shape = [1, -1, *[1] * (x.dim() - 2)]
        counts = 0.0 if stands_in else 1.0
        mean = x.sum(axes, dtype=torch.float64) * counts
        meeting.add_up(mean)
        mean /= count
        centred = x - mean.to(x.dtype).reshape(shape)
        variance = (centred * centred).sum(axes, dtype=torch.float64) * counts
        meeting.add_up(variance)
        variance /= count
        inverse = (variance + eps).rsqrt().to(x.dtype)
        scale = inverse if weight is None else inverse * weight
        y = centred * scale.reshape(shape)
        if bias is not None:
            y += bias.reshape(shape)
        ctx.save_for_backward(centred, inverse, weight)
        ctx.has_bias, ctx.count, ctx.stands_in, ctx.meeting = bias is not None, count, stands_in, meeting
        ctx.mark_non_differentiable(mean, variance)
        return y, mean, variance

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        gradient = gradients[0]
        centred, inverse, weight = ctx.saved_tensors
        axes = [axis for axis in range(centred.dim()) if axis != 1]
        shape = [1, -1, *[1] * (centred.dim() - 2)]
        own = torch.stack((gradient.sum(axes, dtype=torch.float64), (gradient * centred).sum(axes, dtype=torch.float64)))
        of_weight = None if weight is None else (own[1] * inverse).to(weight.dtype)
        of_bias = own[0].to(centred.dtype) if ctx.has_bias else None
        sums = own.clone()
        ctx.meeting.add_up(sums)
        if ctx.stands_in:  # nothing depends on it
            return torch.zeros_like(centred), of_weight, of_bias, None, None, None, None
        mean_gradient = (sums[0] / ctx.count).to(centred.dtype).reshape(shape)
        slope = (sums[1] / ctx.count * inverse.double() ** 2).to(centred.dtype).reshape(shape)
        scale = (inverse if weight is None else inverse * weight).reshape(shape)
        return (gradient - mean_gradient - centred * slope) * scale, of_weight, of_bias, None, None, None, None
