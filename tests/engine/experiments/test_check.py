"""Batches of one sample: known before a run begins exactly where torch would stop in the middle of it."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import torch

from engine.data.info import Data
from engine.data.sources import describe
from engine.experiments.check import LoneSample, batch_of_one, check
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.problems import CannotRunError
from engine.layers.catalog import (
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    LayerNorm,
    Linear,
    ReLU,
    Residual,
    Sequential,
)
from engine.passes.modules import build

OUT = Linear(out_features=10)
NORM = (Flatten(), Linear(out_features=6), BatchNorm1d(), OUT)


def digits(layers: Any = NORM, samples: int = 101, validation: float = 0.2, **training: Any) -> Experiment:
    data = Data(name="digits", samples=samples, validation=validation)
    return Experiment(data=data, network=Network(layers=layers), training=Training(**training))


def torch_refuses(experiment: Experiment) -> bool:
    """Whether one epoch, batches split as torch splits them, is more than batch normalisation can do. Of equally large batches
    one is tried."""
    info = describe(experiment.data)
    model = build(experiment.network.layers, info.input)
    try:
        for size in {len(batch) for batch in torch.zeros(info.train).split(experiment.training.batch_size)}:
            model.train()(torch.zeros(size, *info.input))
        for size in {len(batch) for batch in torch.zeros(info.validation).split(256)}:
            model.eval()(torch.zeros(size, *info.input))
    except ValueError as error:
        assert "Expected more than 1 value per channel" in str(error)
        return True
    return False


def test_the_last_batch_of_an_epoch() -> None:
    experiment = digits(batch_size=40)  # 81 = 2·40 + 1
    found = batch_of_one(experiment)
    assert found is not None and found.repair is not None
    assert (found.problem.code, found.problem.values) == ("last_batch_of_one", {"train": 81, "batch_size": 40})
    assert found.repair.training.batch_size == 39
    assert found.said() == "Set the batch size to 39"
    assert found.said("ko") == "배치 크기 바꾸기: 39"
    assert "81 samples in batches of 40" in found.problem.sentence()
    with pytest.raises(CannotRunError) as raised:
        check(experiment)
    assert raised.value.problem == found.problem
    check(found.repair)


def test_batches_of_one() -> None:
    found = batch_of_one(digits(batch_size=1))
    assert found is not None and found.repair is not None
    assert (found.problem.code, found.repair.training.batch_size) == ("every_batch_of_one", 3)  # 81 = 40·2 + 1


def test_a_validation_of_one() -> None:
    layers = (Flatten(), Sequential(layers=(Linear(out_features=6), BatchNorm1d(track_running_stats=False))), OUT)
    experiment = digits(layers, samples=1797, validation=257 / 1797, batch_size=64)
    found = batch_of_one(experiment)
    assert found is not None and found.repair is not None
    assert (found.problem.code, found.said()) == ("validation_of_one", "Keep running statistics")
    assert torch_refuses(experiment) and not torch_refuses(found.repair)
    assert batch_of_one(found.repair) is None


CONV = Conv2d(out_channels=3, kernel_size=8)
CHAINS = (
    NORM,
    (CONV, BatchNorm2d(), Flatten(), OUT),  # maps of one cell
    (Conv2d(out_channels=3, kernel_size=7), BatchNorm2d(), Flatten(), OUT),  # of four cells: a mean of four
    (Flatten(), Residual(main=(Linear(out_features=64), BatchNorm1d(affine=False))), OUT),
    (Flatten(), LayerNorm(normalized_shape=64), ReLU(), OUT),
    (Flatten(), BatchNorm1d(track_running_stats=False), OUT),
)


@pytest.mark.parametrize("seed", range(40))
def test_known_exactly_where_torch_refuses(seed: int) -> None:
    random = Random(seed)
    samples = random.choice((random.randint(60, 120), 1797))
    validation = random.choice((0.2, 0.3, 257 / 1797))
    batch_size = random.choice((1, 2, 3, 5, 8, 10, 20, 40))
    experiment = digits(random.choice(CHAINS), samples, validation, batch_size=batch_size)
    found = batch_of_one(experiment)
    assert (found is not None) == torch_refuses(experiment)
    while found is not None:  # a validation of one may come behind
        assert isinstance(found, LoneSample) and found.repair is not None
        experiment, found = found.repair, batch_of_one(found.repair)
    assert not torch_refuses(experiment)


def test_no_batch_size_mends_a_single_sample() -> None:
    """Two samples, of which one validates."""
    data = Data(name="adding", samples=2, validation=0.5, length=4)
    layers = (Flatten(), Linear(out_features=3), BatchNorm1d(), Linear(out_features=1))
    found = batch_of_one(Experiment(data=data, network=Network(layers=layers), training=Training(batch_size=1)))
    assert found is not None and (found.repair, found.said()) == (None, "")


def test_another_problem_comes_first() -> None:
    assert batch_of_one(Experiment(data=Data(name="no such data"))) is None
    assert batch_of_one(digits((Conv2d(out_channels=3, kernel_size=9), BatchNorm2d()), batch_size=1)) is None
