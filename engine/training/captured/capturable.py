"""Which steps can be captured as one graph, and the form that an optimiser has where they can.

Called by `engine.training.trainer`.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import torch
from torch import nn

from engine.experiments.experiment import Training

DEVICES: tuple[str, ...] = ("cuda",)  # whose steps can be captured
Hindrance: TypeAlias = Literal["device", "processes", "clipping", "optimiser", "dropout_between_layers", "large_embedding"]

_FORMS: dict[str, tuple[str, ...]] = {  # arguments of torch's optimiser with which its steps never wait for the device
    "SGD": ("fused",),
    "Adam": ("fused", "capturable"),
    "AdamW": ("fused", "capturable"),
    "RMSprop": ("capturable",),
    "Adadelta": ("capturable",),
    "Adamax": ("capturable",),
    "NAdam": ("capturable",),
}
_INDICES = 3072  # of an embedding in one batch: torch sorts more of them for their gradient, and waits for the device


def can_capture(device: torch.device) -> bool:
    """Whether there are steps on `device` that can be captured."""
    return device.type in DEVICES


def hindrance(device: torch.device, training: Training, model: nn.Module, numbers: int) -> Hindrance | None:
    """Why the steps of `training` cannot be captured; None: they can. `numbers` are those of a batch's input.

    Whatever else cannot be captured is found when it is tried: recurrent layers of cuDNN can, also where the gradient goes back
    through some of the time steps only. Dropout between their layers draws from a state of cuDNN's own, which no moment has.
    """
    if not can_capture(device):
        return "device"
    if training.clip is not None:  # a step of which the gradient's length is read
        return "clipping"
    if training.optimizer not in _FORMS:  # Adagrad's rate is a number on the host
        return "optimiser"
    modules = list(model.modules())
    if any(isinstance(module, nn.RNNBase) and module.dropout > 0.0 for module in modules):
        return "dropout_between_layers"
    if numbers > _INDICES and any(isinstance(module, nn.Embedding) for module in modules):
        return "large_embedding"
    return None


def capturable_form(name: str, lr: float, device: torch.device) -> dict[str, Any]:
    """Arguments of the optimiser `name`, in place of its usual ones, with which a step on `device` computes the same whether it
    is captured or not: it counts on the device, and its rate is a tensor there, so that a captured step has that of the moment.
    Empty where its steps cannot be captured."""
    if not can_capture(device) or name not in _FORMS:
        return {}
    return {"lr": torch.tensor(lr, device=device), **dict.fromkeys(_FORMS[name], True)}
