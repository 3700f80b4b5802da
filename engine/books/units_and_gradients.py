"""Book 1, chapters 2 to 5: perceptrons, activation functions, losses, gradients, backpropagation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from engine.books.reproduced import BookExperiment, BookFigure, counted, measured, printed
from engine.books.written_digits import digits_of_mnist
from engine.foundations.dense_networks import DenseNetwork, DenseShape, trained
from engine.foundations.descent_rules import RuleSettings, path
from engine.foundations.differences import central_difference, errors_by_step, numerical_gradient
from engine.foundations.formula_graph import Formula, backward, forward, read_formula
from engine.foundations.perceptrons import GATES, xor
from engine.foundations.single_losses import LEAST, cross_entropy, squared_error
from engine.foundations.surfaces import SURFACES
from engine.foundations.unit_functions import UNIT_FUNCTIONS, RealArray, softmax

CORNERS = np.array([(0, 0), (1, 0), (0, 1), (1, 1)])
SIZES = (784, 50, 10)  # of the book's network of two layers


def _gates() -> list[BookFigure]:
    truths = {"AND": [0, 0, 0, 1], "NAND": [1, 1, 1, 0], "OR": [0, 1, 1, 1]}
    return [counted(name, int((gate.fires(CORNERS) == truths[name]).sum()), 4) for name, gate in GATES.items()]


def _xor() -> list[BookFigure]:
    return [counted("XOR", int((xor(CORNERS) == [0, 1, 1, 0]).sum()), 4)]


def _activations() -> list[BookFigure]:
    x = np.linspace(-5, 5, 1001)
    slopes = UNIT_FUNCTIONS["sigmoid"].slope(x)
    relu = UNIT_FUNCTIONS["relu"].value(np.array([-5.0, 5.0]))
    return [printed("max σ'", slopes.max(), 0.25, 12), printed("ReLU(-5)", relu[0], 0, 12), printed("ReLU(5)", relu[1], 5, 12)]


THREE_LAYERS: dict[str, ArrayLike] = {
    "W1": [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]],
    "b1": [0.1, 0.2, 0.3],
    "W2": [[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]],
    "b2": [0.1, 0.2],
    "W3": [[0.1, 0.3], [0.2, 0.4]],
    "b3": [0.1, 0.2],
}


def _three_layers() -> list[BookFigure]:
    formula = read_formula("sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2) @ W3 + b3")
    values = forward(formula, {"x": [1.0, 0.5], **THREE_LAYERS})
    sums = [value for node, value in zip(formula.nodes, values, strict=True) if node.operation == "add"]
    units = [value for node, value in zip(formula.nodes, values, strict=True) if node.operation == "sigmoid"]
    expected = (
        *zip(("A1[0]", "A1[1]", "A1[2]"), sums[0], (0.3, 0.7, 1.1), (8, 8, 8), strict=True),
        *zip(("Z1[0]", "Z1[1]", "Z1[2]"), units[0], (0.57444252, 0.66818777, 0.75026011), (8, 8, 8), strict=True),
        *zip(("Z2[0]", "Z2[1]"), units[1], (0.62624937, 0.7710107), (8, 7), strict=True),
        *zip(("y[0]", "y[1]"), sums[2], (0.31682708, 0.69627909), (8, 8), strict=True),
    )
    return [printed(label, value, meant, digits) for label, value, meant, digits in expected]


def _softmax() -> list[BookFigure]:
    small, large = softmax(np.array([0.3, 2.9, 4.0])), np.array([1010.0, 1000.0, 990.0])
    kept = softmax(large)
    return [
        *(printed(f"y[{k}]", small[k], meant, 8) for k, meant in enumerate((0.01821127, 0.24519181, 0.73659691))),
        counted("nan (1010, …)", int(np.isnan(softmax(large, shifted=False)).sum()), 3),
        printed("y[0] - max", kept[0], 0.99995, 5),
        printed("y[1] - max", kept[1], 4.54e-5, 7),
        printed("y[2] - max", kept[2], 2.06e-9, 11),
    ]


def _given_weights() -> list[BookFigure]:
    return [counted("784-50-100-10", _parameters((784, 50, 100, 10)), 45_360)]


def _parameters(sizes: tuple[int, ...]) -> int:
    network = DenseNetwork(DenseShape(sizes), np.random.default_rng(0))
    return sum(parameter.size for parameter in network.parameters.values())


def _losses() -> list[BookFigure]:
    truth = np.eye(10)[2]
    right = np.array([0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0])
    wrong = np.array([0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0])
    return [
        printed("½Σ(y - t)², y[2] = 0.6", squared_error(right, truth), 0.0975, 4),
        printed("½Σ(y - t)², y[2] = 0.1", squared_error(wrong, truth), 0.5975, 4),
        printed("-Σ t ln y, y[2] = 0.6", cross_entropy(right, truth, least=LEAST), 0.510825457099338, 12),
        printed("-Σ t ln y, y[2] = 0.1", cross_entropy(wrong, truth, least=LEAST), 2.302584092994546, 12),
    ]


def _logarithm() -> list[BookFigure]:
    one = np.array([1.0])
    return [
        printed("-ln 1", cross_entropy(one, one), 0.0, 12),
        measured("-ln 0.001", cross_entropy(one / 1000, one), 6.9, 6.92),
    ]


def _curve(x: RealArray) -> RealArray:
    return 0.01 * x**2 + 0.1 * x


def _tangents() -> list[BookFigure]:
    return [
        printed("f'(5), h = 1e-4", central_difference(_curve, 5), 0.1999999999990898, 15),
        printed("f'(10), h = 1e-4", central_difference(_curve, 10), 0.2999999999986347, 15),
    ]


def _error_by_step() -> list[BookFigure]:
    """Of sin at 1, which has a third derivative: the parabola above has none, and so no valley."""
    steps = 10.0 ** np.arange(-1, -17, -1)
    errors = errors_by_step(np.sin, float(np.cos(1.0)), 1.0, steps, np.float64)
    curve = errors_by_step(_curve, 0.2, 5.0, np.array([1e-16]), np.float64)
    return [
        measured("argmin h", steps[errors.argmin()], 1e-6, 1e-4),
        measured("|error|, h = 1e-12", errors[11], 3e-6, 3e-4),
        printed("f'(5), h = 1e-16", 0.2 - curve[0], 0.0, 15),
    ]


def _arrows() -> list[BookFigure]:
    points = (((3.0, 4.0), (6, 8)), ((0.0, 2.0), (0, 4)), ((3.0, 0.0), (6, 0)))
    readings = []
    for point, meant in points:
        gradient = numerical_gradient(lambda x: float((x**2).sum()), np.array(point))
        readings += [printed(f"∂f/∂x{axis} {point}", gradient[axis], meant[axis], 6) for axis in (0, 1)]
    return readings


def _descent() -> list[BookFigure]:
    """As the book does it, with numerical gradients of h = 1e-4: what rounding leaves of them is a part of its figures."""

    def gradient(x: RealArray) -> RealArray:
        return numerical_gradient(lambda point: float((point**2).sum()), x.copy())

    start = np.array([-3.0, 4.0])
    ends = {lr: path("gd", RuleSettings(lr=lr), start, gradient, 100)[-1] for lr in (0.1, 10.0, 1e-10)}
    exact = path("gd", RuleSettings(lr=0.1), start, SURFACES["bowl"].gradient, 20)[-1]
    return [
        measured("x0, lr 0.1 × 100", ends[0.1][0], -6.12e-10, -6.10e-10),
        measured("x1, lr 0.1 × 100", ends[0.1][1], 8.14e-10, 8.16e-10),
        printed("x0, lr 0.1 × 20", exact[0], -0.0346, 4),
        printed("x1, lr 0.1 × 20", exact[1], 0.0461, 4),
        measured("x0, lr 10", ends[10.0][0], -2.60e13, -2.58e13),
        measured("x1, lr 10", ends[10.0][1], -1.31e12, -1.29e12),
        printed("x0, lr 1e-10", ends[1e-10][0], -2.99999994, 8),
        printed("x1, lr 1e-10", ends[1e-10][1], 3.99999992, 8),
    ]


def _gradient_of_a_weight() -> list[BookFigure]:
    weight = np.array([[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]])
    formula = read_formula("softmax_loss(x @ W, t)")
    values = forward(formula, {"x": [0.6, 0.9], "W": weight, "t": [0, 0, 1]})
    gradient = backward(formula, values).of_nodes[[node.name for node in formula.nodes].index("W")]
    meant = ((0.219, 0.144, -0.363), (0.329, 0.215, -0.544))
    return [
        printed("loss", values[-1].item(), 0.9281, 4),
        *(
            printed(f"dW[{row},{column}]", gradient[row, column], meant[row][column], 3)
            for row in (0, 1)
            for column in (0, 1, 2)
        ),
    ]


def _two_layers() -> list[BookFigure]:
    """10,000 iterations of batch 100 at rate 0.1, from weights of deviation 0.01."""
    digits, random = digits_of_mnist(), np.random.default_rng(0)
    network = DenseNetwork(DenseShape(SIZES, "sigmoid", lambda inputs: 0.01), random)
    before = network.accuracy(digits.x_test, digits.t_test)
    learning = trained(
        network, digits.x_train, digits.t_train, rule="sgd", settings=RuleSettings(lr=0.1), batch=100, generator=random
    )
    losses = [next(learning) for _ in range(10_000)]
    return [
        measured("loss, first", losses[0], 2.25, 2.40),
        measured("test accuracy, first", before, 0.03, 0.25),
        measured("loss, last 100", float(np.mean(losses[-100:])), 0.0, 0.3),
        measured("test accuracy, last", network.accuracy(digits.x_test, digits.t_test), 0.88, 0.96),
    ]


def _passes() -> list[BookFigure]:
    """Each parameter moved up and down is two forward passes; backwards it is one pass for all."""
    parameters, passes = _parameters(SIZES), 0

    def count(x: RealArray) -> float:
        nonlocal passes
        passes += 1
        return 0.0

    for layer in range(2):
        numerical_gradient(count, np.zeros((SIZES[layer], SIZES[layer + 1])))
        numerical_gradient(count, np.zeros(SIZES[layer + 1]))
    return [counted("784-50-10", parameters, 39_760), counted("forward passes", passes, 79_520)]


def _graph(text: str, values: dict[str, float], meant: dict[str, float], price: float) -> list[BookFigure]:
    formula = read_formula(text)
    found = forward(formula, values)
    passed = backward(formula, found).of_nodes
    of = {node.name: float(passed[place]) for place, node in enumerate(formula.nodes)}
    return [
        printed("price", float(found[-1]), price, 9),
        *(printed(f"∂/∂{name}", of[name], slope, 9) for name, slope in meant.items()),
    ]


def _apple() -> list[BookFigure]:
    return _graph("apple * count * tax", {"apple": 100, "count": 2, "tax": 1.1}, {"apple": 2.2, "count": 110, "tax": 200}, 220)


def _apple_and_orange() -> list[BookFigure]:
    return _graph(
        "(apple * apples + orange * oranges) * tax",
        {"apple": 100, "apples": 2, "orange": 150, "oranges": 3, "tax": 1.1},
        {"apple": 2.2, "apples": 110, "orange": 3.3, "oranges": 165, "tax": 650},
        715,
    )


def _value_at(formula: Formula, values: dict[str, RealArray]) -> Callable[[RealArray], float]:
    """The formula as a function of x, the rest as in `values`."""
    return lambda x: float(forward(formula, {**values, "x": x})[-1])


def _layers_as_graphs() -> list[BookFigure]:
    """Each against the central difference; the softmax with its loss passes y - t back."""
    readings = []
    for name, text in (("ReLU", "sum(relu(x))"), ("σ", "sum(sigmoid(x))"), ("affine", "sum(x @ W + b)")):
        values = {
            "x": np.array([[1.0, -0.5], [-2.0, 3.0]]),
            "W": np.array([[0.1, 0.3], [0.2, -0.4]]),
            "b": np.array([0.1, 0.2]),
        }
        formula = read_formula(text)
        gradient = backward(formula, forward(formula, values)).of_nodes[0]
        numbers = numerical_gradient(_value_at(formula, values), values["x"].copy())
        readings.append(measured(f"|error|, {name}", float(np.abs(gradient - numbers).max()), 0.0, 1e-9))
    scores, truth = np.array([0.3, 2.9, 4.0]), np.array([0.0, 1.0, 0.0])
    formula = read_formula("softmax_loss(x, t)")
    gradient = backward(formula, forward(formula, {"x": scores, "t": truth})).of_nodes[0]
    meant = (0.01821127, 0.24519181 - 1, 0.73659691)
    return [*readings, *(printed(f"y - t [{k}]", gradient[k], meant[k], 8) for k in range(3))]


def _gradient_check() -> list[BookFigure]:
    """The mean difference of each tensor's gradients for three pictures."""
    digits = digits_of_mnist()
    network = DenseNetwork(DenseShape(SIZES, "sigmoid", lambda inputs: 0.01), np.random.default_rng(0))
    x, t = digits.x_train[:3], digits.t_train[:3]
    _, gradients = network.loss_and_gradients(x, t)
    worst = {}
    for name, parameter in network.parameters.items():
        numbers = numerical_gradient(lambda _moved: network.loss_and_gradients(x, t)[0], parameter)
        worst[name] = float(np.abs(numbers - gradients[name]).mean())
    # the loss has ln(y + 1e-7) and the gradient the exact y - t: they differ by about 1e-7 of the gradient
    return [measured(f"mean |error|, {name}", error, 0.0, 1e-6) for name, error in worst.items()]


EXPERIMENTS = (
    BookExperiment(1, 1, 2, _gates),
    BookExperiment(1, 2, 2, _xor),
    BookExperiment(1, 3, 3, _activations),
    BookExperiment(1, 4, 3, _three_layers),
    BookExperiment(1, 5, 3, _softmax),
    BookExperiment(1, 6, 3, _given_weights, "given_weights"),
    BookExperiment(1, 7, 4, _losses),
    BookExperiment(1, 8, 4, _logarithm),
    BookExperiment(1, 9, 4, _tangents),
    BookExperiment(1, 10, 4, _error_by_step),
    BookExperiment(1, 11, 4, _arrows),
    BookExperiment(1, 12, 4, _descent),
    BookExperiment(1, 13, 4, _gradient_of_a_weight),
    BookExperiment(1, 14, 4, _two_layers, "fewer_digits"),
    BookExperiment(1, 15, 5, _passes),
    BookExperiment(1, 16, 5, _apple),
    BookExperiment(1, 17, 5, _apple_and_orange),
    BookExperiment(1, 18, 5, _layers_as_graphs),
    BookExperiment(1, 19, 5, _gradient_check),
)
