"""Probabilities by the one rule: worked by hand, and compared with what torch's losses take the outputs for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.data import datasets
from engine.data.datasets import Dataset
from engine.data.info import Data
from engine.layers.base import Layer
from engine.layers.catalog import Dropout, Flatten, Identity, Linear, ReLU, Sequential, Softmax
from engine.networks.output_meaning import output_meaning
from engine.passes.modules import build
from engine.training.probes import Classified, predict
from engine.training.recipe.objective import Objective

OUT = Linear(out_features=3)


@pytest.mark.parametrize(
    ("layers", "loss", "meaning"),
    [
        ((Flatten(), OUT), "cross_entropy", "scores"),
        ((Flatten(), OUT), "mean_squared_error", "values"),
        ((Flatten(), OUT, Softmax()), "cross_entropy", "probabilities"),
        ((Flatten(), OUT, Softmax(dim=1)), "mean_squared_error", "probabilities"),
        ((Flatten(), Sequential(layers=(OUT, Sequential(layers=(Softmax(),))))), "cross_entropy", "probabilities"),
        ((Flatten(), OUT, Softmax(), Dropout(), Identity()), "cross_entropy", "probabilities"),
        ((Flatten(), OUT, Softmax(), ReLU()), "cross_entropy", "scores"),
        ((Flatten(), Softmax(), OUT), "cross_entropy", "scores"),
        ((), "cross_entropy", "scores"),
    ],
)
def test_what_outputs_are(layers: tuple[Layer, ...], loss: str, meaning: str) -> None:
    assert output_meaning(layers, loss) == meaning  # type: ignore[arg-type]


def test_a_softmax_over_time_is_none_over_classes() -> None:
    assert output_meaning((Softmax(dim=1),), axes=2) == "scores"
    assert output_meaning((Softmax(dim=2),), axes=2) == output_meaning((Softmax(),), axes=2) == "probabilities"


def data_of(outputs: torch.Tensor) -> Dataset:
    """Digits whose validation samples are these numbers, three each, all of class 0."""
    labels = torch.zeros(len(outputs), dtype=torch.int64)
    digits = datasets.load(Data(name="digits", samples=100), seed=0)
    return replace(digits, x_validation=outputs.reshape(len(outputs), 1, 1, 3), y_validation=labels)


CERTAIN = torch.tensor([[12.0, 0.0, 0.0]])  # e^12 against 1 + 1: softmax 0.99998771


@pytest.mark.parametrize(
    ("layers", "loss", "expected"),
    [
        # by hand: e^12 = 162754.79, 162754.79 / 162756.79 = 0.99998771
        ((Flatten(),), "cross_entropy", [0.99998771, 6.1442e-06, 6.1442e-06]),
        # the same after a Softmax of its own; a second one would say e / (e + 2) = 57.6 %
        ((Flatten(), Softmax()), "cross_entropy", [0.99998771, 6.1442e-06, 6.1442e-06]),
        ((Flatten(), Softmax()), "mean_squared_error", [0.99998771, 6.1442e-06, 6.1442e-06]),
        # outputs near a one-hot are no scores: a softmax would say 99.998 % here, and 57.6 % of (1, 0, 0)
        ((Flatten(),), "mean_squared_error", [12.0, 0.0, 0.0]),
    ],
)
def test_the_answers_beside_the_truth(layers: tuple[Layer, ...], loss: str, expected: list[float]) -> None:
    data = data_of(CERTAIN)
    model = build((*layers[:1], Linear(out_features=3, bias=False), *layers[1:]), (1, 1, 3))
    with torch.no_grad():
        next(model.parameters()).copy_(torch.eye(3))
    found = predict(model, data, meaning=output_meaning(layers, loss))  # type: ignore[arg-type]
    assert isinstance(found, Classified) and found.is_values == (loss == "mean_squared_error" and len(layers) == 1)
    np.testing.assert_allclose(found.answers[0], expected, rtol=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_a_score_is_what_torchs_cross_entropy_takes_it_for(seed: int) -> None:
    outputs = 3 * torch.randn(1, 3, generator=torch.Generator().manual_seed(seed))
    loss = Objective("classification", "cross_entropy", 3).loss(outputs, torch.tensor([1]))
    probability = outputs.softmax(1)[0, 1]
    assert -np.log(float(probability)) == pytest.approx(float(loss), rel=1e-5)
