"""The steps of torch's optimisers without what takes longer than they do: torch's compiler, which the optimisers import (for 1
to 2 s) only to keep it out of their methods, and what torch does around each step of Adam.

Nothing here compiles a model, so nothing needs to be kept out. The arithmetic of a step is torch's own, to the bit. Called by
`engine.training.trainer`.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import unwrap
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

_KEPT_OUT = ("add_param_group", "state_dict", "load_state_dict", "zero_grad")


def without_compiler() -> None:
    """Let optimisers be made, saved and restored without the compiler.

    torch marks these methods with a decorator that looks for what the compiler has made of the method, and imports it where
    there is nothing yet: the method itself is put there. A version of torch that does otherwise only takes longer.
    """
    for name in _KEPT_OUT:
        method: Any = getattr(torch.optim.Optimizer, name)
        inside = getattr(method, "__wrapped__", None)
        if inside is not None and getattr(inside, "__dynamo_disable", None) is None:
            inside.__dynamo_disable = inside


def step_of(optimizer: torch.optim.Optimizer) -> Callable[[], object]:
    """`optimizer.step` without what is around it: hooks, profiler, compiler."""
    inside = unwrap(type(optimizer).step)

    def step() -> None:
        with torch.no_grad():
            inside(optimizer)

    return step


class _Group(NamedTuple):
    """What one call is given of a group of parameters; its settings are read at every step."""

    settings: dict[str, Any]
    parameters: list[nn.Parameter]
    means: list[Tensor]
    squares: list[Tensor]
    counts: list[Tensor]  # of steps: the same one, as often as there are parameters
    taken: Tensor


def update_of(optimizer: torch.optim.Optimizer) -> Callable[[], object]:
    """A step of `optimizer`, by the shortest way to the same numbers. Where its state is loaded anew, ask anew."""
    fits = type(optimizer) in _KERNELS and all(group["fused"] and _on_cpu(group) for group in optimizer.param_groups)
    return FusedAdam(optimizer) if fits else step_of(optimizer)


class FusedAdam:
    """A step, as a call, of torch's fused Adam or AdamW on the CPU. torch collects the tensors anew for every step, sorts them
    by device, and counts the steps of each parameter by itself, which takes longer than the update of a small network. Here one
    call computes, torch's own; what it keeps stands in the optimiser's state as ever, where the parameters of a group share one
    count. The first step is torch's, which makes the state; so are all where a parameter has no gradient."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self._optimizer = optimizer
        self._step = step_of(optimizer)
        self._kernel: Callable[..., object] = _KERNELS[type(optimizer)]
        self._groups: tuple[_Group, ...] | None = None  # before the first step; none: torch's own steps go on

    def __call__(self) -> None:
        if not self._groups:
            self._step()
            if self._groups is None:
                self._groups = self._found()
            return
        with torch.no_grad():
            for group in self._groups:
                settings = group.settings
                beta1, beta2 = settings["betas"]
                group.taken.add_(1)
                self._kernel(
                    group.parameters,
                    [parameter.grad for parameter in group.parameters],
                    group.means,
                    group.squares,
                    [],
                    group.counts,
                    lr=settings["lr"],
                    beta1=beta1,
                    beta2=beta2,
                    weight_decay=settings["weight_decay"],
                    eps=settings["eps"],
                    amsgrad=False,
                    maximize=False,
                )

    def _found(self) -> tuple[_Group, ...]:
        """The groups, where each parameter has a gradient, and all of a group have made as many steps; none elsewhere."""
        found = []
        for settings in self._optimizer.param_groups:
            parameters = settings["params"]
            states = [self._optimizer.state[parameter] for parameter in parameters]
            if any(parameter.grad is None for parameter in parameters) or len({float(state["step"]) for state in states}) > 1:
                return ()
            found.append((settings, parameters, states))
        groups = []
        for settings, parameters, states in found:
            count = states[0]["step"]
            for state in states:
                state["step"] = count
            means, squares = ([state[name] for state in states] for name in ("exp_avg", "exp_avg_sq"))
            groups.append(_Group(settings, parameters, means, squares, [count] * len(states), count))
        return tuple(groups)


def _on_cpu(group: dict[str, Any]) -> bool:
    plain = not (group["amsgrad"] or group["maximize"] or group["differentiable"])
    return plain and all(parameter.device.type == "cpu" for parameter in group["params"])


_KERNELS: dict[type[torch.optim.Optimizer], Callable[..., object]] = {
    kind: getattr(torch, name)
    for kind, name in ((torch.optim.Adam, "_fused_adam_"), (torch.optim.AdamW, "_fused_adamw_"))
    if hasattr(torch, name)
}
