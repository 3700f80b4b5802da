"""The optimisers, one row each: which settings of a training torch's optimiser takes, and under which names.

A new optimiser is a row here. The trainer constructs it, the exported script writes it, the form shows its settings and an
experiment's file is checked against the names. No torch: a row's name is the class's in torch.optim.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec


class OptimizerOption(NamedTuple):
    """A setting that an optimiser takes. `default` is torch's: a script leaves out a value that is the same. None: it writes
    the value in any case."""

    field: str  # of `engine.experiments.experiment.Training`
    argument: str  # of torch's optimiser
    default: Any = None


class Optimizer(NamedTuple):
    """A row. `lr` is the learning rate that it is usually begun with. `fused`: torch has a fused form of it, which updates all
    parameters in one call. `elementwise`: no number of a weight's update depends on another weight, so that several networks'
    weights can be updated as one tensor. `moments`: numbers that it keeps for each weight, besides a momentum."""

    options: tuple[OptimizerOption, ...]
    lr: float
    fused: bool = True
    elementwise: bool = True
    moments: int = 2

    def takes(self, field: str) -> bool:
        """Whether the optimiser uses this field of a training."""
        return any(option.field == field for option in self.options)

    def arguments(self, training: msgspec.Struct) -> dict[str, Any]:
        """torch's arguments for `training`, by name."""
        return {option.argument: getattr(training, option.field) for option in self.options}

    def written_arguments(self, training: msgspec.Struct) -> dict[str, Any]:
        """Those of `arguments` that a script must write."""
        values = self.arguments(training)
        return {
            option.argument: values[option.argument]
            for option in self.options
            if option.default is None or values[option.argument] != option.default
        }


_LR = OptimizerOption("lr", "lr")
_MOMENTUM = OptimizerOption("momentum", "momentum", 0.0)
_NESTEROV = OptimizerOption("nesterov", "nesterov", False)
_DECAY = OptimizerOption("weight_decay", "weight_decay", 0.0)

OPTIMIZERS: dict[str, Optimizer] = {
    "SGD": Optimizer(
        (_LR, _MOMENTUM, _NESTEROV, _DECAY), 1e-2, moments=0
    ),  # torch's own is 1e-3, courses begin with ten times as much
    "Adagrad": Optimizer((_LR, _DECAY), 1e-2, moments=1),
    "RMSprop": Optimizer((_LR, _MOMENTUM, _DECAY), 1e-2, fused=False, moments=1),
    "Adam": Optimizer((_LR, _DECAY), 1e-3),
    "AdamW": Optimizer((_LR, _DECAY._replace(default=None)), 1e-3),  # torch's own default is 0.01, ours is 0
    "Adadelta": Optimizer((_LR, _DECAY), 1.0, fused=False),
    "Adamax": Optimizer((_LR, _DECAY), 2e-3, fused=False),
    "NAdam": Optimizer((_LR, _DECAY), 2e-3, fused=False),
}
OPTIMIZER_FIELDS = tuple(dict.fromkeys(option.field for row in OPTIMIZERS.values() for option in row.options))  # of any of them
