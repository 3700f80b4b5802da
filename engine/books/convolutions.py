"""Book 1, chapters 7 and 8: convolution by hand, im2col, and what the networks of the book consist of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.books.reproduced import BookExperiment, BookFigure, counted, measured, printed
from engine.books.written_digits import digits_of_mnist
from engine.cells.arithmetic import cell_of
from engine.cells.unrolled import Matrix
from engine.foundations.dense_networks import DenseNetwork, DenseShape, trained
from engine.foundations.descent_rules import RuleSettings
from engine.foundations.differences import numerical_gradient
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.activation import Dropout, ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.pooling import MaxPool2d
from engine.networks.trace import trace

PICTURE = np.array([[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]], np.float32)
FILTER = np.array([[2, 0, 1], [0, 1, 2], [1, 0, 2]], np.float32)


def _maps(
    layer: Conv2d | MaxPool2d, values: NDArray[np.float32], weight: NDArray[np.float32] | None, bias: float = 0.0
) -> list[float]:
    """Every cell of the first map, row by row."""
    _, height, width = layer.output_shape(values.shape)
    biases = None if weight is None else np.array([bias], np.float32)
    return [
        float(cell_of(layer, values, weight, biases, 0, (row, column)).float32)
        for row in range(height)
        for column in range(width)
    ]


def _all_printed(label: str, values: Sequence[float], meant: Sequence[float]) -> list[BookFigure]:
    return [printed(f"{label}[{at}]", value, one, 6) for at, (value, one) in enumerate(zip(values, meant, strict=True))]


def _by_hand() -> list[BookFigure]:
    layer = Conv2d(out_channels=1, kernel_size=3)
    plain, shifted = (_maps(layer, PICTURE[None], FILTER[None, None], bias) for bias in (0.0, 3.0))
    sizes = {
        "H, 4×4, P1, F3": Conv2d(out_channels=1, kernel_size=3, padding=1).output_shape((1, 4, 4))[1],
        "H, 7×7, F3, S2": Conv2d(out_channels=1, kernel_size=3, stride=2).output_shape((1, 7, 7))[1],
        "H, 28×31, F5, P2, S3": Conv2d(out_channels=1, kernel_size=5, padding=2, stride=3).output_shape((1, 28, 31))[1],
        "W, 28×31, F5, P2, S3": Conv2d(out_channels=1, kernel_size=5, padding=2, stride=3).output_shape((1, 28, 31))[2],
    }
    return [
        *_all_printed("y", plain, (15, 16, 6, 15)),
        *_all_printed("y + 3", shifted, (18, 19, 9, 18)),
        *(counted(label, size, meant) for (label, size), meant in zip(sizes.items(), (4, 3, 10, 11), strict=True)),
    ]


def _channels() -> list[BookFigure]:
    """The maps of the channels add up; with FN filters a batch (N, C, H, W) becomes (N, FN, OH, OW)."""
    random = np.random.default_rng(0)
    values, weight = (
        random.integers(-3, 4, (3, 4, 4)).astype(np.float32),
        random.integers(-3, 4, (1, 3, 3, 3)).astype(np.float32),
    )
    together = _maps(Conv2d(out_channels=1, kernel_size=3), values, weight)
    apart = [_maps(Conv2d(out_channels=1, kernel_size=3), values[c : c + 1], weight[:, c : c + 1]) for c in range(3)]
    shape = Conv2d(out_channels=5, kernel_size=3).output_shape((3, 4, 4))
    return [
        *(measured(f"Σ - y[{cell}]", sum(one[cell] for one in apart) - together[cell], 0.0, 0.0) for cell in range(4)),
        counted("FN", shape[0], 5),
        counted("OH", shape[1], 2),
    ]


def _pooling_and_im2col() -> list[BookFigure]:
    picture = np.array([[1, 2, 1, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 4, 0, 1]], np.float32)
    pooled = _maps(MaxPool2d(kernel_size=2), picture[None], None)
    matrix = Matrix(Conv2d(out_channels=1, kernel_size=5), np.zeros((3, 7, 7), np.float32), 0)
    return [
        *_all_printed("max", pooled, (2, 3, 4, 2)),
        counted("rows, (1, 3, 7, 7)", matrix.shape[0], 9),
        counted("columns", matrix.shape[1], 75),
        counted("rows, (10, 3, 7, 7)", 10 * matrix.shape[0], 90),
    ]


SIMPLE: tuple[AnyLayer, ...] = (
    Conv2d(out_channels=30, kernel_size=5),
    ReLU(),
    MaxPool2d(kernel_size=2),
    Flatten(),
    Linear(out_features=100),
    ReLU(),
    Linear(out_features=10),
)


def _deep() -> tuple[AnyLayer, ...]:
    """3×3 throughout; the fourth convolution has padding 2, so that 14×14 becomes 16×16 and 8×8 after the pooling."""
    layers: list[AnyLayer] = []
    for channels, paddings in ((16, (1, 1)), (32, (1, 2)), (64, (1, 1))):
        for padding in paddings:
            layers += [Conv2d(out_channels=channels, kernel_size=3, padding=padding), ReLU()]
        layers.append(MaxPool2d(kernel_size=2))
    return (*layers, Flatten(), Linear(out_features=50), ReLU(), Dropout(p=0.5), Linear(out_features=10), Dropout(p=0.5))


def _simple_network() -> list[BookFigure]:
    traced = trace(SIMPLE, (1, 28, 28))
    return [counted("parameters", traced.parameters, 433_890), counted("units after pooling", traced.rows[3].output[0], 4_320)]


def _deep_network() -> list[BookFigure]:
    return [counted("parameters", trace(_deep(), (1, 28, 28)).parameters, 123_552)]


def _gradient_check() -> list[BookFigure]:
    """A convolution of 2 channels by 3 filters: the sums of the exact products against central differences."""
    random = np.random.default_rng(0)
    values, weight = random.standard_normal((2, 5, 5)), random.standard_normal((3, 2, 3, 3))
    windows = np.lib.stride_tricks.sliding_window_view(values, (3, 3), axis=(1, 2))

    def total(moved: NDArray[np.float64]) -> float:
        return float((np.einsum("chwij,fcij->fhw", windows, moved) ** 2).sum() / 2)

    out = np.einsum("chwij,fcij->fhw", windows, weight)
    gradient = np.einsum("fhw,chwij->fcij", out, windows)
    return [measured("max |error|, W", float(np.abs(numerical_gradient(total, weight) - gradient).max()), 0.0, 1e-6)]


def _half_precision() -> list[BookFigure]:
    digits, random = digits_of_mnist(), np.random.default_rng(0)
    network = DenseNetwork(DenseShape((784, 50, 10)), random)
    learning = trained(
        network, digits.x_train, digits.t_train, rule="adam", settings=RuleSettings(lr=0.001), batch=100, generator=random
    )
    for _ in range(600):
        next(learning)
    full = network.accuracy(digits.x_test, digits.t_test)
    network.parameters = {name: value.astype(np.float16) for name, value in network.parameters.items()}
    half = network.accuracy(digits.x_test.astype(np.float16), digits.t_test)
    return [measured("accuracy, float64", full, 0.88, 0.97), measured("difference, float16", abs(half - full), 0.0, 0.002)]


def _weights(layers: Sequence[Conv2d]) -> int:
    """Of one channel, without biases."""
    return trace(layers, (1, 32, 32)).parameters


def _small_filters() -> list[BookFigure]:
    def stack(count: int, size: int) -> list[Conv2d]:
        return [Conv2d(out_channels=1, kernel_size=size, bias=False) for _ in range(count)]

    seen = [trace(layers, (1, 32, 32)).rows[-1].receptive_field for layers in (stack(2, 3), stack(3, 3))]
    return [
        counted("5×5", _weights(stack(1, 5)), 25),
        counted("3×3, 3×3", _weights(stack(2, 3)), 18),
        counted("7×7", _weights(stack(1, 7)), 49),
        counted("3×3, 3×3, 3×3", _weights(stack(3, 3)), 27),
        counted("receptive field, two", seen[0][0] if seen[0] else 0, 5),
        counted("receptive field, three", seen[1][0] if seen[1] else 0, 7),
    ]


def _of_trained_filters(name: str) -> Callable[[], list[BookFigure]]:
    """The figures of that function of `trained_filters`, which needs torch: it takes seconds to import."""

    def figures() -> list[BookFigure]:
        from engine.books import trained_filters

        found: list[BookFigure] = getattr(trained_filters, name)()
        return found

    return figures


EXPERIMENTS = (
    BookExperiment(1, 29, 7, _by_hand),
    BookExperiment(1, 30, 7, _channels),
    BookExperiment(1, 31, 7, _pooling_and_im2col),
    BookExperiment(1, 32, 7, _simple_network, "whole_mnist"),
    BookExperiment(1, 33, 7, _of_trained_filters("filters_before_and_after"), "picture_measured"),
    BookExperiment(1, 34, 7, _of_trained_filters("filters_on_a_picture"), "picture_measured"),
    BookExperiment(1, 35, 7, _gradient_check),
    BookExperiment(1, 36, 8, _deep_network, "whole_mnist"),
    BookExperiment(1, 37, 8, _of_trained_filters("wrongly_read"), "simple_network"),
    BookExperiment(1, 38, 8, _half_precision),
    BookExperiment(1, 39, 8, _small_filters),
    BookExperiment(1, 40, 8, _of_trained_filters("turned_and_shifted"), "picture_measured"),
)
