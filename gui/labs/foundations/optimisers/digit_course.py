"""Optimisers on written digits: the book's network trained by several rules, side by side, as 『밑바닥부터 시작하는 딥러닝』 1,
section 6.1.8 does it. No Qt. Called by the topic of digits, in a thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.books.written_digits import FlatDigits, digits_of_mnist
from engine.foundations.dense_networks import DenseNetwork, DenseShape, trained
from engine.foundations.descent_rules import RuleSettings
from gui.labs.foundations.optimisers.state import RuleName

SIZES, BATCH = (784, 100, 100, 100, 100, 10), 128
AROUND = 10  # iterations on either side, of the mean that is drawn


class DigitsAsked(NamedTuple):
    """`runs` are rules with their settings. All begin with the weights of `seed` and read the same batches."""

    runs: tuple[tuple[RuleName, RuleSettings], ...]
    iterations: int
    seed: int


def digit_course(asked: DigitsAsked, digits: FlatDigits | None = None) -> Iterator[Mapping[RuleName, float]]:
    """The loss of each rule's batch, one iteration after the other."""
    own = digits_of_mnist() if digits is None else digits
    courses = {}
    for rule, settings in asked.runs:
        random = np.random.default_rng(asked.seed)
        network = DenseNetwork(DenseShape(SIZES), random)
        courses[rule] = trained(network, own.x_train, own.t_train, rule=rule, settings=settings, batch=BATCH, generator=random)
    for _ in range(asked.iterations):
        with np.errstate(all="ignore"):
            yield {rule: next(course) for rule, course in courses.items()}


def smoothed(losses: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The mean of each loss and its neighbours, up to ten on either side."""
    values = np.asarray(losses, np.float64)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(len(values))
    first, last = np.maximum(places - AROUND, 0), np.minimum(places + AROUND + 1, len(values))
    return np.asarray((sums[last] - sums[first]) / (last - first))
