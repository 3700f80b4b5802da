"""The loss of guessing: what torch's own loss functions give for an answer that knows nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss, one_hot

from engine.data.datasets import load
from engine.data.info import Data
from engine.training.chance import loss_of_guessing, target_variance


@pytest.mark.parametrize("classes", [2, 10, 65])
def test_guessing_costs_what_torch_says_of_equal_logits(classes):
    targets = torch.arange(classes)
    assert loss_of_guessing(classes, "cross_entropy") == pytest.approx(
        cross_entropy(torch.zeros(classes, classes), targets).item()
    )
    equal = torch.full((classes, classes), 1 / classes)
    squared = mse_loss(equal, one_hot(targets, classes).float()).item()
    assert loss_of_guessing(classes, "mean_squared_error") == pytest.approx(squared, rel=1e-5)


@pytest.mark.parametrize("name", ["adding", "waves"])
def test_the_variance_of_the_targets_is_the_loss_of_their_mean(name):
    data = load(Data(name=name), seed=3)
    y = data.y_train.numpy().astype(np.float64).reshape(-1, data.y_train.shape[-1])
    assert target_variance(nn.Identity(), data) == pytest.approx(((y - y.mean(axis=0)) ** 2).mean())


def test_classes_have_no_variance():
    assert target_variance(nn.Identity(), load(Data(name="digits"), seed=3)) is None
