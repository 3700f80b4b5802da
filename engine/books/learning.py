"""Book 1, chapter 6: optimisers, first weights, batch normalisation, over-fitting, the search for settings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from engine.books.reproduced import BookExperiment, BookFigure, measured
from engine.books.written_digits import digits_of_mnist
from engine.foundations.dense_networks import DenseNetwork, DenseShape, trained
from engine.foundations.descent_rules import RuleSettings, path
from engine.foundations.first_layers import flow, saturated_share
from engine.foundations.surfaces import SURFACES

DEEP = (784, 100, 100, 100, 100, 10)  # of the comparisons
DEEPER = (784, 100, 100, 100, 100, 100, 100, 10)  # that over-fits


def _descents() -> list[BookFigure]:
    """29 steps from (-7, 2): the last of the 30 points that the book draws."""
    start, gradient = np.array([-7.0, 2.0]), SURFACES["valley"].gradient
    meant = {
        "sgd": (0.95, (-0.387, -0.094)),
        "momentum": (0.1, (0.814, 0.273)),
        "adagrad": (1.5, (-0.136, 0.0)),
        "adam": (0.3, (0.020, 0.322)),
    }
    readings = []
    for rule, (lr, end) in meant.items():
        last = path(rule, RuleSettings(lr=lr, convention="book"), start, gradient, 29)[-1]
        readings += [measured(f"{axis}, {rule}", last[at], end[at] - 6e-4, end[at] + 6e-4) for at, axis in enumerate("xy")]
    for rule, limit in (("sgd", 1.0), ("momentum", 1.9)):
        readings.append(measured(f"largest lr, {rule}", _largest_rate(rule), limit * 0.99, limit * 1.01))
    return readings


def _largest_rate(rule: str) -> float:
    """The learning rate above which the descent leaves for good, by bisection."""
    low, high = 0.1, 10.0
    start, gradient = np.array([-7.0, 2.0]), SURFACES["valley"].gradient
    with np.errstate(all="ignore"):
        for _ in range(12):
            middle = (low + high) / 2
            end = np.abs(path(rule, RuleSettings(lr=middle), start, gradient, 400)[-1]).max()
            low, high = (middle, high) if end <= 7 else (low, middle)
    return (low + high) / 2


def _learning(
    shape: DenseShape, rule: str, settings: RuleSettings, *, samples: int | None = None, batch: int = 128, seed: int = 0
) -> tuple[DenseNetwork, Iterator[float]]:
    digits, random = digits_of_mnist(), np.random.default_rng(seed)
    network = DenseNetwork(shape, random)
    x, t = digits.x_train[:samples], digits.t_train[:samples]
    return network, trained(network, x, t, rule=rule, settings=settings, batch=batch, generator=random)


def _losses(shape: DenseShape, rule: str, settings: RuleSettings, count: int) -> list[float]:
    _, learning = _learning(shape, rule, settings)
    return [next(learning) for _ in range(count)]


def _four_optimisers() -> list[BookFigure]:
    """The mean over 20 iterations around the 100th and before the 2,000th."""
    bands = {
        "sgd": (0.01, (1.2, 1.9), (0.10, 0.25)),
        "momentum": (0.01, (0.25, 0.55), (0.0, 0.02)),
        "adagrad": (0.01, (0.13, 0.35), (0.0, 0.02)),
        "adam": (0.001, (0.15, 0.40), (0.0, 0.03)),
    }
    readings = []
    for rule, (lr, early, late) in bands.items():
        losses = _losses(DenseShape(DEEP), rule, RuleSettings(lr=lr, convention="book"), 2000)
        readings.append(measured(f"loss at 100, {rule}", float(np.mean(losses[90:110])), *early))
        readings.append(measured(f"loss at 2000, {rule}", float(np.mean(losses[-20:])), *late))
    return readings


def _activation_histograms() -> list[BookFigure]:
    bands = (
        ("1", "sigmoid", (0.44, 0.48), (0.42, 0.47)),
        ("xavier", "sigmoid", (0.20, 0.22), (0.11, 0.13)),
        ("0.01", "tanh", (0.096, 0.102), (8.5e-6, 1.1e-5)),
        ("xavier", "tanh", (0.61, 0.65), (0.29, 0.35)),
        ("0.01", "relu", (0.055, 0.061), (1.2e-6, 2.1e-6)),
        ("xavier", "relu", (0.55, 0.61), (0.12, 0.20)),
        ("he", "relu", (0.78, 0.88), (0.70, 1.10)),
    )
    readings = []
    for rule, activation, first, last in bands:
        layers = flow(rule, activation)  # type: ignore[arg-type]
        readings.append(measured(f"sd 1, {activation}, {rule}", layers[0].deviation, *first))
        readings.append(measured(f"sd 5, {activation}, {rule}", layers[-1].deviation, *last))
        if (rule, activation) == ("1", "sigmoid"):
            share = saturated_share(layers[-1].activations, activation)
            readings.append(measured("saturated, sigmoid, 1", share if share is not None else math.nan, 0.66, 0.77))
    middle = flow("0.01", "sigmoid")[-1].activations
    readings.append(measured("mean 5, sigmoid, 0.01", float(middle.mean()), 0.45, 0.55))
    return readings


def _three_starts() -> list[BookFigure]:
    starts: dict[str, tuple[Callable[[int], float], tuple[float, float]]] = {
        "0.01": (_always(0.01), (2.25, 2.35)),
        "xavier": (lambda inputs: math.sqrt(1 / inputs), (0.17, 0.38)),
        "he": (lambda inputs: math.sqrt(2 / inputs), (0.10, 0.25)),
    }
    return [
        measured(
            f"loss at 2000, {name}",
            float(np.mean(_losses(DenseShape(DEEP, first_weights=spread), "sgd", RuleSettings(lr=0.01), 2000)[-20:])),
            *band,
        )
        for name, (spread, band) in starts.items()
    ]


def _always(deviation: float) -> Callable[[int], float]:
    return lambda _inputs: deviation


def _batch_norm() -> list[BookFigure]:
    """1,000 digits, 20 epochs at rate 0.01, five hidden layers of 100: the accuracy on what was trained on."""
    scales = 10 ** (-4 * np.arange(16) / 15)  # of the first weights, as the book takes them
    bands = {
        0: ((0.33, 0.50), (0.05, 0.15)),  # scale 1
        2: ((0.50, 0.75), (0.90, 1.0)),  # 0.293
        4: ((0.82, 0.96), (0.15, 0.35)),  # 0.0858
        7: ((0.96, 1.0), (0.08, 0.16)),  # 0.0136
        9: ((0.96, 1.0), (0.08, 0.16)),  # 0.0040
    }
    readings = []
    for place, (with_norm, without) in bands.items():
        for label, batch_norm, band in (("BN", True, with_norm), ("none", False, without)):
            scale = float(scales[place])
            shape = DenseShape((784, *[100] * 5, 10), first_weights=_always(scale), batch_norm=batch_norm)
            with np.errstate(all="ignore"):
                network, learning = _learning(shape, "sgd", RuleSettings(lr=0.01), samples=1000, batch=100)
                for _ in range(200):
                    next(learning)
                digits = digits_of_mnist()
                accuracy = network.accuracy(digits.x_train[:1000], digits.t_train[:1000])
            readings.append(measured(f"accuracy, {label}, σ = {scale:.4f}", accuracy, *band))
    return readings


def _fitted(epochs: int, *, weight_decay: float = 0.0, dropout: float = 0.0) -> tuple[float, float]:
    """Accuracy on 300 digits that were trained on, and on others, after so many epochs of three batches of 100."""
    network, learning = _learning(
        DenseShape(DEEPER, weight_decay=weight_decay, dropout=dropout), "sgd", RuleSettings(lr=0.01), samples=300, batch=100
    )
    for _ in range(3 * epochs):
        next(learning)
    digits = digits_of_mnist()
    return network.accuracy(digits.x_train[:300], digits.t_train[:300]), network.accuracy(digits.x_test, digits.t_test)


def _overfitting() -> list[BookFigure]:
    train, test = _fitted(201)
    return [measured("train accuracy", train, 0.99, 1.0), measured("test accuracy", test, 0.74, 0.84)]


def _weight_decay() -> list[BookFigure]:
    train, test = _fitted(201, weight_decay=0.1)
    return [measured("train accuracy", train, 0.82, 0.97), measured("test accuracy", test, 0.69, 0.80)]


def _dropout() -> list[BookFigure]:
    train, test = _fitted(301, dropout=0.2)
    less_train, less_test = _fitted(301, dropout=0.15)
    return [
        measured("train accuracy, 0.2", train, 0.50, 0.82),
        measured("test accuracy, 0.2", test, 0.44, 0.68),
        measured("train accuracy, 0.15", less_train, 0.80, 0.97),
        measured("test accuracy, 0.15", less_test, 0.63, 0.78),
    ]


def _random_search() -> list[BookFigure]:
    """100 draws of rate and decay, each 50 epochs on 400 digits: the best by the accuracy on 100 others."""
    draws, best = np.random.default_rng(0), (0.0, 0.0)
    digits = digits_of_mnist()
    for trial in range(100):
        decay, lr = 10 ** draws.uniform(-8, -4), 10 ** draws.uniform(-6, -2)
        network, learning = _learning(
            DenseShape(DEEPER, weight_decay=decay), "sgd", RuleSettings(lr=lr), samples=400, batch=100, seed=trial
        )
        for _ in range(200):
            next(learning)
        accuracy = network.accuracy(digits.x_train[400:500], digits.t_train[400:500])
        best = max(best, (accuracy, lr))
    return [measured("best lr", best[1], 0.003, 0.010), measured("validation accuracy", best[0], 0.70, 0.95)]


EXPERIMENTS = (
    BookExperiment(1, 20, 6, _descents),
    BookExperiment(1, 21, 6, _four_optimisers, "fewer_digits"),
    BookExperiment(1, 22, 6, _activation_histograms),
    BookExperiment(1, 23, 6, _three_starts, "fewer_digits"),
    BookExperiment(1, 24, 6, _batch_norm),
    BookExperiment(1, 25, 6, _overfitting),
    BookExperiment(1, 26, 6, _weight_decay),
    BookExperiment(1, 27, 6, _dropout),
    BookExperiment(1, 28, 6, _random_search),
)
