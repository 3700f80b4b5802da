"""What a model at the end of its run says of its validation data. torch is imported. Called by the queue's worker processes."""

from __future__ import annotations

import torch
from torch import nn

from engine.data.datasets import Dataset
from engine.experiments.check import VALIDATION_BATCH
from engine.queue.run_state import ValidationAnswers


def answers(model: nn.Module, data: Dataset) -> ValidationAnswers:
    """A probe for `Worker.ask`: each validation sample's class, or each time step's token, beside the largest output."""
    truth = data.y_validation
    if data.task == "regression":
        return ValidationAnswers(len(truth))
    device = next(model.parameters()).device
    with torch.no_grad():
        said = torch.cat([model(x.to(device)).argmax(-1).cpu() for x in torch.split(data.x_validation, VALIDATION_BATCH)])
    truth, said, classes = truth.flatten(), said.flatten(), data.outputs
    pairs = torch.bincount(truth * classes + said, minlength=classes * classes).reshape(classes, classes)
    return ValidationAnswers(len(truth), int(pairs.diagonal().sum()), tuple(tuple(row) for row in pairs.tolist()))
