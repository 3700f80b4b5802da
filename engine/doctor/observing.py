"""What a model says of itself, as plain numbers: its activations on a few samples, its weights, its last step.

Everything is computed without gradients and in evaluation mode, where nothing draws random numbers and no running statistics
change, so that a run that is looked at has the same losses to the bit. The gradients are those that the last step has left, as
the optimiser got them: after clipping. Called by `engine.doctor.watch` in the run's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import sqrt
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from engine.doctor.evidence import ActivationLook, StepLook, WeightLook

LOOKED_AT = 64  # samples of one forward pass
FLAT = 0.03  # of the range of a sigmoid; of a tanh beyond ±(1 - FLAT)
DEAD_SHARE = 0.5  # of a layer's units, above which the rest of the validation set is asked too

_BOUNDED = (nn.Sigmoid, nn.Tanh, nn.RNN, nn.LSTM, nn.GRU)
_DYING = (nn.ReLU, nn.ReLU6)

NamedWeights: TypeAlias = tuple[tuple[str, nn.Parameter], ...]


def has_activations(model: nn.Module) -> bool:
    """Whether there are activation functions to look at beside recurrent layers' own."""
    return any(isinstance(module, (nn.Sigmoid, nn.Tanh, *_DYING)) for module in model.modules())


def has_recurrence(model: nn.Module) -> bool:
    return any(isinstance(module, nn.RNNBase) for module in model.modules())


def activations(model: nn.Module, x: Tensor) -> tuple[ActivationLook, ...]:
    """The activation functions of `model` on the samples `x`, in the order in which they are computed.

    A unit is dead if it is zero for all samples, at every place. Only while a layer seems to have more than half of its units
    dead are more than the first `LOOKED_AT` samples asked. None are seen where there is not the memory for so many."""
    found: dict[str, _Seen] = {}
    if not any(isinstance(module, (*_BOUNDED, *_DYING)) for module in model.modules()):
        return ()
    device = next(model.parameters()).device
    with _evaluating(model), torch.no_grad(), _watching(model, found), suppress(RuntimeError, MemoryError):
        for samples in torch.split(x, LOOKED_AT):
            model(samples.to(device))
            if all(seen.dead_share <= DEAD_SHARE for seen in found.values()):
                break
    return tuple(seen.look() for seen in found.values())


def multiplied(model: nn.Module) -> NamedWeights:
    """The weights that are multiplied with an input, in the order of the network, under their layers' names. Tables of
    embeddings and the weights that a recurrent layer has for its input, whose scale torch takes from the state's size, are left
    out."""
    found = []
    for path, module in model.named_modules():
        if isinstance(module, nn.Embedding):
            continue
        for name, parameter in module.named_parameters(recurse=False):
            if parameter.dim() >= 2 and not name.startswith("weight_ih"):
                found.append((f"{_number(path)} ({type(module).__name__.removeprefix('Padded')})", parameter))
    return tuple(found)


def weight_looks(weights: NamedWeights) -> tuple[WeightLook, ...]:
    """What the weights are like."""
    found = []
    for name, parameter in weights:
        values = parameter.detach()
        fan_in = values[0].numel()
        deviation = float(values.std()) if values.numel() > 1 else 0.0
        found.append(WeightLook(name, gain=deviation * sqrt(fan_in), is_constant=bool((values == values.flatten()[0]).all())))
    return tuple(found)


def copies(weights: NamedWeights) -> list[Tensor]:
    """The weights as they are now, for `step_look` after the next step."""
    return [parameter.detach().clone() for _, parameter in weights]


def step_look(weights: NamedWeights, before: list[Tensor]) -> StepLook:
    """The step that has just been done: its gradients, and how far it has moved the weights that were `before`."""
    if not weights:
        return StepLook(0.0, (), ())
    graded = [(name, parameter.grad) for name, parameter in weights if parameter.grad is not None]
    moved = torch._foreach_sub([parameter.detach() for _, parameter in weights], before)
    norms = torch.stack(torch._foreach_norm([*moved, *before, *(grad for _, grad in graded)])).tolist()
    moves, sizes, gradients = norms[: len(before)], norms[len(before) : 2 * len(before)], norms[2 * len(before) :]
    return StepLook(
        gradient=sqrt(sum(norm**2 for norm in gradients)),
        by_layer=tuple((name, norm / sqrt(grad.numel())) for (name, grad), norm in zip(graded, gradients, strict=True)),
        updates=tuple(move / max(size, 1e-12) for move, size in zip(moves, sizes, strict=True)),
    )


def in_training_mode(model: nn.Module) -> tuple[str, ...]:
    """The layers that compute otherwise in training than in evaluation, and are in training mode now."""
    kinds = (nn.modules.dropout._DropoutNd, nn.modules.batchnorm._NormBase)
    return tuple(
        f"{_number(name)} ({type(module).__name__})"
        for name, module in model.named_modules()
        if isinstance(module, kinds) and module.training and getattr(module, "p", 1.0) != 0.0
    )


def _number(path: str) -> str:
    """The number of the layer, from 1, that a module's path lies in."""
    first = path.partition(".")[0]
    return str(int(first) + 1) if first.isdecimal() else first


@dataclass
class _Seen:
    """What a layer's outputs were like, batch by batch."""

    name: str  # the layer's number and kind
    alive: Tensor | None = None  # per unit
    saturated: float | None = None
    samples: int = 0
    between: float = 0.0
    deviation: float = 0.0

    @property
    def dead_share(self) -> float:
        return 0.0 if self.alive is None else float((~self.alive).float().mean())

    def take(self, module: nn.Module, output: Tensor) -> None:
        self.samples += len(output)
        if isinstance(module, _DYING):
            alive = (output != 0).movedim(1, 0).flatten(1).any(1)  # axis 1: channels or features
            self.alive = alive if self.alive is None else self.alive | alive
        if self.samples > len(output):
            return  # the rest is of the first samples
        rows = output.flatten(1)
        self.between = float(rows.std(0, correction=0).square().mean().sqrt())
        self.deviation = float(rows.std(correction=0))
        if isinstance(module, nn.Sigmoid):
            self.saturated = float(((rows < FLAT) | (rows > 1 - FLAT)).float().mean())
        elif isinstance(module, _BOUNDED):
            self.saturated = float((rows.abs() > 1 - FLAT).float().mean())

    def look(self) -> ActivationLook:
        return ActivationLook(self.name, self.samples, self.deviation, self.between, self.saturated, self.dead_share)


@contextmanager
def _watching(model: nn.Module, found: dict[str, _Seen]) -> Iterator[None]:
    handles = []
    for path, module in model.named_modules():
        if isinstance(module, (*_BOUNDED, *_DYING)):
            handles.append(module.register_forward_hook(_watcher(f"{_number(path)} ({type(module).__name__})", path, found)))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _watcher(name: str, path: str, found: dict[str, _Seen]) -> Callable[[nn.Module, object, Any], None]:
    def watch(module: nn.Module, _inputs: object, output: Any) -> None:
        found.setdefault(path, _Seen(name)).take(module, output[0] if isinstance(output, tuple) else output)

    return watch


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    """Each module's own mode comes back, also where a part of the model has another than the whole."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, mode in modes:
            module.training = mode
