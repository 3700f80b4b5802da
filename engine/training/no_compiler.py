"""torch's optimisers without torch's compiler, which they import (for 1 to 2 s) only to keep it out of their methods.

Nothing here compiles a model, so nothing needs to be kept out. The arithmetic of a step is torch's own. Called by
`engine.training.trainer`.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import unwrap
from typing import Any

import torch

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
