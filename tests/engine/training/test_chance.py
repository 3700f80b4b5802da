"""The loss of guessing: what torch's own loss functions give for an answer that knows nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss, one_hot

from engine.data.datasets import load
from engine.data.info import Data
from engine.data.sources import describe
from engine.training.chance import loss_of_guessing, target_variance, without_memory


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


def test_a_copy_task_without_memory_costs_what_the_paper_says():
    """Arjovsky, Shah and Bengio (2016): 10 ln 8 / (T + 20), here for T = 100 and T = 500."""
    for wait, loss in ((100, 0.173287), (500, 0.0399892)):
        found = without_memory(describe(Data(name="copy", length=wait + 20, symbols=10)))
        assert found.loss == pytest.approx(loss, rel=1e-5)
        assert found.accuracy == pytest.approx(1 - 10 * 7 / 8 / (wait + 20))


@pytest.mark.parametrize("turned", ["nothing", "answer"])
@pytest.mark.parametrize("digits", [1, 2])
def test_additions_without_memory_are_counted_over_all_pairs(digits, turned):
    data = load(Data(name="addition", digits=digits, reversed=turned, samples=10 ** (2 * digits), validation=0.5), seed=0)
    every = torch.cat([data.y_train, data.y_validation])  # every pair once
    shares = torch.stack([column.bincount(minlength=13) for column in every.T]).double() / len(every)
    found = without_memory(describe(Data(name="addition", digits=digits, reversed=turned)))
    assert found.loss == pytest.approx(float(-torch.special.xlogy(shares, shares).sum(1).mean()), rel=1e-9)
    assert found.accuracy == pytest.approx(float(shares.amax(1).mean()), rel=1e-9)


def test_other_data_are_guessed():
    assert without_memory(describe(Data(name="counting"))) is None
    assert without_memory(describe(Data(name="addition", digits=5))) is None
