"""The naive answers, against figures that are counted by hand."""

from math import log

import pytest
import torch

from engine.data.datasets import Dataset, load
from engine.data.info import Data
from engine.data.sources import describe
from engine.sequences.naive import naive_answer, skill
from engine.sequences.tasks import expected_naive


def dataset(task, x_train, y_train, x, y, outputs):
    parts = [torch.tensor(part) for part in (x_train, y_train, x, y)]
    loss = "mean_squared_error" if task == "regression" else "cross_entropy"
    return Dataset("own", *parts, classes=(), input=(), tokens=False, outputs=outputs, task=task, loss=loss)


def test_the_last_value_again():
    data = dataset("regression", [[[0.0]]], [[[0.0]]], [[[1.0], [3.0]]], [[[3.0], [2.0]]], 1)
    assert naive_answer("last_value", data) == (((3 - 1) ** 2 + (2 - 3) ** 2) / 2, None)


def test_always_the_mean():
    data = dataset("regression", [[0.0]] * 4, [[1.0], [2.0], [3.0], [6.0]], [[0.0]] * 2, [[3.0], [5.0]], 1)
    assert naive_answer("mean", data) == (2.0, None)


def test_what_is_most_frequent():
    data = dataset("classification", [0.0] * 4, [0, 0, 0, 1], [0.0] * 3, [0, 1, 2], 3)
    loss, accuracy = naive_answer("frequencies", data)
    assert loss == pytest.approx(-(log(3 / 4) + log(1 / 4) + log(1 / 8)) / 3)
    assert accuracy == pytest.approx(1 / 3)


def test_what_is_most_frequent_at_each_step():
    data = dataset("next_token", [[0, 0]] * 4, [[0, 1], [0, 1], [0, 2], [0, 1]], [[0, 0]] * 2, [[0, 1], [0, 2]], 3)
    loss, accuracy = naive_answer("by_step", data)
    assert loss == pytest.approx(-(log(1) + log(3 / 4) + log(1) + log(1 / 4)) / 4)
    assert accuracy == 3 / 4


@pytest.mark.parametrize(("name", "naive"), [("adding", "mean"), ("copy", "by_step"), ("random-walk", "last_value")])
def test_what_is_measured_is_what_the_formula_says(name, naive):
    data = Data(name=name)
    assert naive_answer(naive, load(data, seed=0)).loss == pytest.approx(expected_naive(describe(data)), rel=0.03)


def test_a_skill_is_a_share_of_the_naive_error():
    assert (skill(0.0, 0.5), skill(0.5, 0.5), skill(1.0, 0.5), skill(0.1, 0.0)) == (1.0, 0.0, -1.0, None)
