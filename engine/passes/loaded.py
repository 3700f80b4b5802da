"""A network as a torch module with its weights, which calls a watcher with each layer's output. Importing this imports torch.

The module is made without memory. A layer's weights are drawn when it is first run, or all are taken from a run. Called by
`engine.passes.activations`, in one thread, and `engine.passes.past`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from engine.layers.base import Layer, cells
from engine.layers.kinds.composite import Composite
from engine.networks.receptive import UnitIndex
from engine.networks.trace import Path, Row
from engine.passes.modules import ReadOut, assemble, places

Watcher = Callable[[Path, Tensor], None]  # a layer's path and its output, the batch of one included


DRAWS = ("uniform_", "normal_", "kaiming_uniform_")  # what torch's layers initialise themselves with


class InitialisationMode(TorchFunctionMode):
    """While it is entered, torch's layers draw their weights in this thread from `generator`; without one they draw nothing.
    `reset_parameters` uses the global generator otherwise, which belongs to the training thread."""

    def __init__(self, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self._generator = generator

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if getattr(func, "__name__", "") not in DRAWS:
            return func(*args, **kwargs)
        if self._generator is None:
            return args[0] if args else kwargs["tensor"]
        return func(*args, **{**kwargs, "generator": self._generator})


def bare(layers: Sequence[Layer], rows: Sequence[Row]) -> nn.Sequential:
    """The layers as modules without memory. Nothing is drawn: to draw on a meta tensor torch would first import its compiler,
    which takes seconds."""
    with torch.device("meta"), InitialisationMode():
        return assemble(layers, rows)


@dataclass
class _Course:
    """How far a forward computation is, and who looks on. It knows no module: a hook that led back to its own module would
    keep a network's weights in memory beside those of the next one, until Python looks for cycles."""

    generator: torch.Generator | None  # None: the weights are there already
    work: list[int]  # of each top-level layer
    done: int = 0
    watcher: Watcher | None = None
    checkpoint: Callable[[float], None] | None = None

    def before(self) -> Callable[[nn.Module, Any], None]:
        """A hook for one module, which draws its weights when it is first run."""
        drawn = self.generator is None

        def before(module: nn.Module, _: Any) -> None:
            nonlocal drawn
            if self.checkpoint is not None:
                self.checkpoint(min(1.0, self.done / max(1, sum(self.work))))
            if not drawn:
                _draw(module, self.generator)
                drawn = True

        return before

    def after(self, path: Path, effort: int) -> Callable[[nn.Module, Any, Tensor], None]:
        """A hook for the module of the layer at `path`, which hands its output to the watcher."""

        def after(_: nn.Module, __: Any, output: Tensor) -> None:
            self.done += effort
            if self.watcher is not None:
                self.watcher(path, output)

        return after


class LoadedNetwork:
    """A network of layers with the rows of their trace. `seed` is that of torch's initialisation, drawn in the order of the
    layers: the same numbers as `torch.manual_seed(seed)` and `modules.build`. If `weights` are given, they are used instead;
    their names are as in `modules`, and they must have been checked. The memory is free again as soon as the last reference is
    gone: nothing in it leads back to it."""

    def __init__(self, layers: Sequence[Layer], rows: Sequence[Row], seed: int, weights: dict[str, Tensor] | None) -> None:
        self.module = bare(layers, rows).eval().requires_grad_(False)
        drawn_from = torch.Generator().manual_seed(seed) if weights is None else None
        self._course = _Course(drawn_from, [0] * len(rows))
        if weights is not None:
            wanted = self.module.state_dict()
            self.module.load_state_dict({name: weights[name] for name in wanted}, assign=True)
            self.module.requires_grad_(False)
        for path, layer, row, module in places(layers, rows, self.module):
            if not isinstance(layer, Composite):
                effort = row.macs + cells(row.output)
                self._course.work[int(path[0])] += effort
                module.register_forward_pre_hook(self._course.before())
                module.register_forward_hook(self._course.after(path, effort))
            else:
                module.register_forward_hook(self._course.after(path, 0))

    def look(self, watcher: Watcher | None, checkpoint: Callable[[float], None] | None) -> None:
        """Have `watcher` called with each output, and `checkpoint` before each layer; None for neither."""
        self._course.watcher, self._course.checkpoint = watcher, checkpoint

    @staticmethod
    def shapes(layers: Sequence[Layer], rows: Sequence[Row]) -> dict[str, tuple[int, ...]]:
        """The names and shapes of the weights of these layers."""
        return {name: tuple(values.shape) for name, values in bare(layers, rows).state_dict().items()}

    def run(self, x: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """The output of the top-level layers from `start` to before `stop` for input `x`."""
        self._course.done = sum(self._course.work[:start])
        for child in list(self.module)[start:stop]:
            x = child(x)
        return x

    def gradient(
        self, values: NDArray[np.float32], path: Path, unit: UnitIndex, checkpoint: Callable[[float], None] | None
    ) -> tuple[float, NDArray[np.float32]]:
        """The value of `unit` of the output at `path` (() is the input), and its gradient by the input."""
        x = torch.from_numpy(values)[None].clone().requires_grad_()
        found: list[Tensor] = [x]

        def watch(place: Path, output: Tensor) -> None:
            if place == path:
                found.append(output)

        self.look(watch, checkpoint)
        try:
            with torch.enable_grad():
                if path:
                    self.run(x, stop=int(path[0]) + 1)
                value = found[-1][0][tuple(slice(None) if at is None else at for at in unit)].sum()
                (slope,) = torch.autograd.grad(value, x, allow_unused=True)
        finally:
            self.look(None, None)
        gradient = np.zeros_like(values) if slope is None else slope[0].numpy()
        return float(value.detach()), gradient


def _draw(module: nn.Module, generator: torch.Generator | None) -> None:
    """The layer's weights, as its constructor would have drawn them."""
    with torch.no_grad(), InitialisationMode(generator):
        for part in module.modules():
            give_memory(part)
            if hasattr(part, "reset_parameters"):
                cast(Any, part).reset_parameters()
    if isinstance(module, ReadOut):
        module.begin_forgetting()
    module.requires_grad_(False)


def give_memory(module: nn.Module) -> None:
    """Allocate the module's own weights. `Module.to_empty` makes torch import sympy for meta tensors, which takes a second, and
    several in a process with PySide."""
    for name, weights in module.named_parameters(recurse=False):
        setattr(module, name, nn.Parameter(torch.empty(weights.shape, dtype=weights.dtype), requires_grad=False))
    for name, kept in module.named_buffers(recurse=False):
        setattr(module, name, torch.empty(kept.shape, dtype=kept.dtype))
