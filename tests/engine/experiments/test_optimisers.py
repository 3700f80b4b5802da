"""The table of optimisers says what torch.optim says."""

from __future__ import annotations

import inspect
from typing import get_args

import pytest
import torch

from engine.experiments.experiment import OptimizerName, Training
from engine.experiments.optimisers import OPTIMIZER_FIELDS, OPTIMIZERS
from engine.fields import fields


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_row_names_torchs_arguments_and_defaults(name: str) -> None:
    known = inspect.signature(getattr(torch.optim, name)).parameters
    for option in OPTIMIZERS[name].options:
        if option.default is not None:
            assert known[option.argument].default == option.default
        else:
            assert option.argument in known
    assert ("fused" in known) == OPTIMIZERS[name].fused


def test_every_field_is_one_of_a_training() -> None:
    assert set(OPTIMIZER_FIELDS) <= set(fields(Training))
    assert get_args(OptimizerName) == tuple(OPTIMIZERS)
    assert set(fields(Training)["optimizer"].choices) == set(OPTIMIZERS)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_usual_rate_is_torchs_own_but_for_sgd(name: str) -> None:
    torchs = inspect.signature(getattr(torch.optim, name)).parameters["lr"].default
    assert OPTIMIZERS[name].lr == (10 * torchs if name == "SGD" else torchs)
