"""The board of first weights against torch's autograd, scipy's integrals, numpy's histogram and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from engine.books.learning import EXPERIMENTS
from engine.foundations.boards.initialisation.initialisation_numbers import (
    BINS,
    STACK_ACTIVATIONS,
    STACK_WEIGHTS,
    LayerSums,
    Stack,
    StartsLearning,
    bars,
    combinations,
    findings,
    learned,
    left_over,
    passed,
)
from engine.foundations.boards.initialisation.initialisation_theory import of_stack, predicted
from engine.foundations.first_layers import flow, saturated_share
from engine.words import LANGUAGES


def torch_stack(stack: Stack) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """The outputs of each layer and the gradients of its sums, by autograd, from the same draws in the same order."""
    random = np.random.default_rng(stack.seed)
    value, weights = torch.tensor(random.standard_normal((stack.samples, stack.units))), []
    for _ in range(stack.layers):
        if stack.first_weights == "zeros":
            drawn = np.zeros((stack.units, stack.units))
        elif stack.first_weights == "torch":
            drawn = random.uniform(-1, 1, (stack.units, stack.units)) / math.sqrt(stack.units)
        else:
            known = {"0.01": 0.01, "1": 1.0, "own_deviation": stack.deviation}
            known |= {"xavier": math.sqrt(1 / stack.units), "he": math.sqrt(2 / stack.units)}
            drawn = random.standard_normal((stack.units, stack.units)) * known[stack.first_weights]
        weights.append(torch.tensor(drawn))
    ends, totals, values = torch.tensor(random.standard_normal((stack.samples, stack.units))), [], []
    for weight in weights:
        total = (value @ weight).requires_grad_()
        total.retain_grad()
        value = getattr(torch, stack.activation)(total)
        totals.append(total)
        values.append(value)
    (ends * value).sum().backward()
    return values, [total.grad for total in totals]


@pytest.mark.parametrize("activation", STACK_ACTIVATIONS)
@pytest.mark.parametrize("rule", STACK_WEIGHTS)
def test_a_pass_is_torchs(rule: str, activation: str) -> None:
    stack = Stack(rule, activation, layers=4, units=30, samples=40, seed=3, deviation=0.3)
    values, gradients = torch_stack(stack)
    found = passed(stack)
    for layer, (value, gradient) in enumerate(zip(values, gradients, strict=True)):
        np.testing.assert_allclose(found.activations[layer], value.detach().numpy(), rtol=1e-10, atol=1e-15)
        np.testing.assert_allclose(found.gradients[layer], gradient.numpy(), rtol=1e-7, atol=1e-12)
        sums = found.layers[layer]
        assert sums.mean == pytest.approx(value.mean().item())
        assert sums.deviation == pytest.approx(value.std(correction=0).item(), rel=1e-9, abs=1e-14)
        assert sums.between_samples == pytest.approx(value.std(0, correction=0).mean().item(), rel=1e-6, abs=1e-14)
        assert sums.gradient_deviation == pytest.approx(gradient.std(correction=0).item(), rel=1e-9, abs=1e-14)
        if activation == "relu":
            assert sums.dead == pytest.approx((value.amax(0) == 0).double().mean().item())
            assert sums.saturated is None
        else:
            low = 0 if activation == "sigmoid" else -1
            from_end = torch.minimum(value - low, 1 - value) / (1 - low)
            assert sums.saturated == pytest.approx((from_end < 0.05).double().mean().item())
            assert sums.dead is None


def test_a_part_of_the_samples_is_a_part_of_the_whole() -> None:
    stack = Stack("xavier", "tanh", layers=3, units=20, samples=60)
    whole, part = passed(stack), passed(stack, 25)
    assert (whole.samples, part.samples) == (60, 25)
    for all_of_them, some in zip(whole.activations, part.activations, strict=True):
        np.testing.assert_allclose(some, all_of_them[:25], rtol=1e-12)
    for all_of_them, some in zip(whole.gradients, part.gradients, strict=True):
        np.testing.assert_allclose(some, all_of_them[:25], rtol=1e-12)


@pytest.mark.parametrize(("rule", "activation"), [("1", "sigmoid"), ("xavier", "tanh"), ("he", "relu"), ("torch", "relu")])
def test_the_board_shows_what_the_books_experiment_computes(rule: str, activation: str) -> None:
    ours, theirs = passed(Stack(rule, activation)).layers, flow(rule, activation)
    for sums, layer in zip(ours, theirs, strict=True):
        assert sums.deviation == pytest.approx(layer.deviation, rel=1e-12)
        assert sums.between_samples == pytest.approx(layer.between_samples, rel=1e-9)
        assert sums.gradient_deviation == pytest.approx(layer.gradient_deviation, rel=1e-9)
        share = saturated_share(layer.activations, activation)
        assert sums.saturated == (None if share is None else pytest.approx(share))


@pytest.mark.parametrize("activation", STACK_ACTIVATIONS)
@pytest.mark.parametrize("side", ["activations", "gradients"])
@pytest.mark.parametrize("axis", ["shared_axis", "own_axis"])
def test_histograms_count_as_numpy_does(activation: str, side: str, axis: str) -> None:
    found = passed(Stack("he", activation, layers=3, units=25, samples=50))
    for values, counted in zip(getattr(found, side), bars(found, side, axis), strict=True):
        expected, _ = np.histogram(values, counted.edges)
        assert len(counted.shares) == BINS
        np.testing.assert_allclose(counted.shares * values.size, expected, atol=1e-9)
        assert counted.outside == pytest.approx(1 - expected.sum() / values.size)
        assert counted.outside < 0.06
    if axis == "shared_axis":
        assert len({tuple(counted.edges) for counted in bars(found, side, axis)}) == 1
    if (axis, side) == ("shared_axis", "activations") and activation != "relu":
        assert tuple(bars(found, side, axis)[0].edges[[0, -1]]) == ((0, 1) if activation == "sigmoid" else (-1, 1))


@pytest.mark.parametrize("activation", STACK_ACTIVATIONS)
@pytest.mark.parametrize("rule", STACK_WEIGHTS)
def test_histograms_of_all_first_weights_have_an_axis(rule: str, activation: str) -> None:
    """Also where all values are the same."""
    found = passed(Stack(rule, activation, layers=6, units=10, samples=20))
    for side in ("activations", "gradients"):
        for axis in ("shared_axis", "own_axis"):
            for counted in bars(found, side, axis):
                assert (np.diff(counted.edges) > 0).all()
                assert counted.shares.sum() + counted.outside == pytest.approx(1)


# --- theory


@pytest.mark.parametrize("activation", STACK_ACTIVATIONS)
@pytest.mark.parametrize("rule", STACK_WEIGHTS)
def test_theory_is_what_a_wide_stack_does(rule: str, activation: str) -> None:
    stack = Stack(rule, activation, layers=4, units=700, samples=120, seed=1, deviation=0.2)
    theory = of_stack(stack)
    values, gradients = torch_stack(stack)
    for layer, (value, gradient) in enumerate(zip(values, gradients, strict=True)):
        assert theory.deviation[layer] == pytest.approx(value.std(correction=0).item(), rel=0.08, abs=1e-12)
        assert theory.between_samples[layer] == pytest.approx(value.std(0, correction=0).mean().item(), rel=0.08, abs=1e-12)
        assert theory.gradient_deviation[layer] == pytest.approx(gradient.std(correction=0).item(), rel=0.08, abs=1e-12)


@pytest.mark.parametrize("deviation", [0.01, 0.1, 1.0, 3.0])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_integrals_are_scipys(activation: str, deviation: float) -> None:
    """Two layers of 100 units, every expectation by adaptive quadrature."""
    theory = predicted(deviation, activation, 2, 100)
    of = (lambda x: 1 / (1 + math.exp(-x)) if x > -700 else 0.0) if activation == "sigmoid" else math.tanh
    slope = (lambda x: of(x) * (1 - of(x))) if activation == "sigmoid" else lambda x: 1 - math.tanh(x) ** 2
    grown = 100 * deviation**2

    def mean(function: object, variance: float) -> float:
        def integrand(at: float) -> float:
            return function(math.sqrt(variance) * at) * stats.norm.pdf(at)  # type: ignore[operator]

        return integrate.quad(integrand, -9, 9, points=[0], limit=300)[0]

    first, square = mean(of, grown), mean(lambda x: of(x) ** 2, grown)
    assert theory.deviation[0] == pytest.approx(math.sqrt(square - first**2), rel=1e-4)
    assert theory.between_samples[0] == pytest.approx(theory.deviation[0], rel=1e-3), "inputs have nothing in common"
    second = grown * square
    mean_there, square_there = mean(of, second), mean(lambda x: of(x) ** 2, second)
    assert theory.deviation[1] == pytest.approx(math.sqrt(square_there - mean_there**2), rel=1e-4)
    steep = mean(lambda x: slope(x) ** 2, second)
    assert theory.gradient_deviation[1] == pytest.approx(math.sqrt(steep), rel=1e-4)
    assert theory.gradient_deviation[0] == pytest.approx(
        math.sqrt(steep * grown * mean(lambda x: slope(x) ** 2, grown)), rel=1e-4
    )


def test_relu_has_closed_forms() -> None:
    """He's weights keep the mean square, each layer of Xavier's halves it. The samples' angle is Cho and Saul's (2009)."""
    he, xavier = (predicted(math.sqrt(times / 100), "relu", 50, 100) for times in (2, 1))
    np.testing.assert_allclose(he.deviation, math.sqrt(1 - 1 / math.pi), rtol=1e-12)
    np.testing.assert_allclose(he.gradient_deviation, math.sqrt(0.5), rtol=1e-12)
    np.testing.assert_allclose(xavier.deviation[1:] / xavier.deviation[:-1], math.sqrt(0.5), rtol=1e-12)
    np.testing.assert_allclose(xavier.gradient_deviation[:-1] / xavier.gradient_deviation[1:], math.sqrt(0.5), rtol=1e-12)
    common, samples = 0.0, []
    points = np.linspace(-9, 9, 4001)
    shares = stats.norm.pdf(points) / stats.norm.pdf(points).sum()
    for _ in range(3):
        angle = math.acos(common)
        totals = math.sqrt(2 * common) * points[::8, np.newaxis] + math.sqrt(2 * (1 - common)) * points  # units, samples
        outputs = np.maximum(totals, 0)
        variances = outputs**2 @ shares - (outputs @ shares) ** 2
        samples.append(float(8 * shares[::8] @ np.sqrt(variances)))
        common = (math.sin(angle) + (math.pi - angle) * math.cos(angle)) / math.pi
    np.testing.assert_allclose(he.between_samples[:3], samples, rtol=2e-3)


# --- what is seen


def test_what_is_left_over_is_told() -> None:
    def said(rule: str, activation: str, layers: int = 20) -> set[str]:
        stack = Stack(rule, activation, layers, 60, 60)
        return {phrase.code for phrase in findings(stack, passed(stack).layers)}

    assert said("zeros", "relu") == {"all_alike"}
    assert said("xavier", "tanh", 5) == {"healthy"}
    assert said("he", "relu", 10) == {"healthy"}
    assert said("0.01", "sigmoid", 5) == {"samples_alike", "gradients_vanish"}
    assert said("1", "relu") == {"grows", "gradients_explode"}
    assert {"saturates", "gradients_explode"} <= said("1", "tanh")
    dead = LayerSums(0.0, 0.1, 0.1, 0.1, None, 0.9)
    assert [phrase.code for phrase in findings(Stack("he", "relu"), [dead, dead])] == ["dies"]
    for phrase in findings(Stack("1", "tanh", 20), passed(Stack("1", "tanh", 20, 60, 60)).layers):
        assert all("{" not in phrase.say(language) for language in LANGUAGES)


def test_all_combinations_say_what_is_left() -> None:
    stack = Stack("1", "sigmoid", layers=4, units=20, samples=30, deviation=0.3)
    found = list(combinations(stack))
    assert [(one.first_weights, one.activation) for one in found] == [
        (rule, activation) for rule in STACK_WEIGHTS for activation in STACK_ACTIVATIONS
    ]
    one = next(one for one in found if (one.first_weights, one.activation) == ("own_deviation", "tanh"))
    values, gradients = torch_stack(stack._replace(first_weights="own_deviation", activation="tanh"))
    spreads = [value.std(0, correction=0).mean().item() for value in values]
    assert one.forwards == pytest.approx(spreads[-1] / spreads[0], rel=1e-6)
    assert one.backwards == pytest.approx((gradients[0].std(correction=0) / gradients[-1].std(correction=0)).item(), rel=1e-6)
    nothing = next(one for one in found if (one.first_weights, one.activation) == ("zeros", "relu"))
    assert math.isnan(nothing.forwards)
    assert math.isnan(nothing.backwards)
    assert left_over(passed(stack).layers)[0] > 0


def test_learning_begins_where_the_books_experiment_begins() -> None:
    """The first loss is that of a forward pass by hand; the starts share their batches."""
    assert next(experiment for experiment in EXPERIMENTS if experiment.key == "1.23").compute is not None
    random = np.random.default_rng(5)
    x, classes = random.uniform(0, 1, (256, 784)), random.integers(0, 10, 256)
    learning = StartsLearning("tanh", iterations=3, own="own_deviation", deviation=0.2, seed=7)
    courses = list(learned(learning, x, classes))
    assert [list(course) for course in courses] == [["0.01", "xavier", "he", "own_deviation"]] * 3
    generator, value = np.random.default_rng(7), None
    weights = [0.2 * generator.standard_normal(sizes) for sizes in ((784, 100), *[(100, 100)] * 3, (100, 10))]
    batch = generator.choice(256, 128, replace=False)
    value = torch.tensor(x[batch])
    for number, weight in enumerate(weights):
        value = value @ torch.tensor(weight)
        value = torch.tanh(value) if number < 4 else value
    loss = torch.nn.functional.cross_entropy(value, torch.tensor(classes[batch])).item()
    assert courses[0]["own_deviation"] == pytest.approx(loss, abs=1e-5)
    assert courses[0]["0.01"] == pytest.approx(math.log(10), abs=1e-3)
    assert len(next(learned(learning._replace(own="he"), x, classes))) == 3
