"""The board of optimisers: its descents against torch and the book, its lines against what they say, its stability against
bisection, its noise against sampling."""

from __future__ import annotations

import ast
import math
import re
from typing import Any

import numpy as np
import pytest
import torch

from engine.foundations.boards.optimisers.batch_draws import (
    BatchDraws,
    batch_noise,
    batch_sizes,
    measured_deviation,
    noise_deviation,
    sample_pulls,
)
from engine.foundations.boards.optimisers.descents import (
    DescentRequest,
    arrows_at,
    descent,
    parting,
    worked_lines,
)
from engine.foundations.boards.optimisers.hovering import height_by_batch, noise_by_batch
from engine.foundations.boards.optimisers.point_gradient import point_gradient
from engine.foundations.boards.optimisers.rule_lines import RULE_NAMES, RuleLine, lines_of, written
from engine.foundations.boards.optimisers.stability import (
    growth_of,
    hessian_at,
    hovering_height,
    limit_of,
    recursion,
    stability_at,
)
from engine.foundations.boards.optimisers.suited import SUITED, height_field, lowest_height, surface_of
from engine.foundations.descent_rules import RULES, RuleSettings, largest_stable_rate, path
from engine.foundations.surfaces import SURFACES, own_surface

SETTINGS = RuleSettings(lr=0.02, momentum=0.8, forgetting=0.95, beta1=0.85, beta2=0.98, weight_decay=0.1)
TORCHS: dict[str, Any] = {
    "gd": (torch.optim.SGD, {}),
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.8}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.8, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": 0.95}),
    "adam": (torch.optim.Adam, {"betas": (0.85, 0.98)}),
    "adamw": (torch.optim.AdamW, {"betas": (0.85, 0.98), "weight_decay": 0.1}),
}
RATES = {"rosenbrock": 2e-4, "beale": 2e-3}
DRAWS = BatchDraws(samples=32, batch=4, spread=0.5, seed=3)


def _request(rule: str, surface: str = "valley", **changes: Any) -> DescentRequest:
    settings = SETTINGS._replace(**{name: changes.pop(name) for name in SETTINGS._fields if name in changes})
    known = SURFACES[surface]
    return DescentRequest(rule, settings, known.formula, known.start, changes.pop("steps", 200))._replace(**changes)


# --- descents


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("rule", RULE_NAMES)
def test_200_steps_on_each_surface_are_torchs(rule: str, surface: str) -> None:
    """With noise for SGD, and with a rate that falls to a tenth after 120 steps."""
    draws = DRAWS if rule == "sgd" else None
    rate = RATES.get(surface, 0.02)
    ours = descent(_request(rule, surface, lr=rate, later_from=120, later_factor=0.1, draws=draws))
    noise = batch_noise(DRAWS, 200)
    weights = torch.tensor(SURFACES[surface].start, dtype=torch.float64, requires_grad=True)
    kind, arguments = TORCHS[rule]
    optimizer = kind([weights], lr=rate, **arguments)
    words, formula = {"cos": torch.cos}, compile(SURFACES[surface].formula.text, surface, "eval")
    gradients, points = [], []
    for step in range(200):
        optimizer.param_groups[0]["lr"] = rate * (0.1 if step >= 120 else 1)
        optimizer.zero_grad()
        loss = eval(formula, words, {"x": weights[0], "y": weights[1]})
        if draws is not None:
            loss = loss + torch.tensor(noise[step], dtype=torch.float64) @ weights
        loss.backward()
        gradients.append(weights.grad.numpy().copy())
        optimizer.step()
        points.append(weights.detach().numpy().copy())
    np.testing.assert_allclose(ours.values["g"], gradients, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(ours.points[1:], points, rtol=1e-6, atol=1e-8)


def _as_in_the_book(rule: str, settings: RuleSettings, w: float, slope: float, noise: list[float]) -> list[float]:
    """『밑바닥부터 시작하는 딥러닝』 1, section 6.1, with plain floats: the gradient is slope · w and what a batch adds."""
    v = h = m = 0.0
    lr, beta, found = settings.lr, settings.momentum, []
    for t, off in enumerate(noise, 1):
        g = slope * w + off
        if rule in ("gd", "sgd"):
            w -= lr * g
        elif rule == "momentum":
            v = beta * v - lr * g
            w += v
        elif rule == "nesterov":
            before, v = v, beta * v - lr * g
            w += beta * beta * before - (1 + beta) * lr * g
        elif rule == "adagrad":
            h += g * g
            w -= lr * g / (math.sqrt(h) + 1e-7)
        elif rule == "rmsprop":
            h *= settings.forgetting
            h += (1 - settings.forgetting) * g * g
            w -= lr * g / (math.sqrt(h) + 1e-7)
        else:
            if rule == "adamw":
                w -= lr * settings.weight_decay * w
            rate = lr * math.sqrt(1 - settings.beta2**t) / (1 - settings.beta1**t)
            m += (1 - settings.beta1) * (g - m)
            h += (1 - settings.beta2) * (g * g - h)
            w -= rate * m / (math.sqrt(h) + 1e-7)
        found.append(w)
    return found


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_200_steps_are_the_books(rule: str) -> None:
    draws = DRAWS if rule == "sgd" else None
    request = _request(rule, lr=0.3, convention="book", draws=draws)
    noise = batch_noise(DRAWS, 200) if draws else ((0.0, 0.0),) * 200
    for axis, slope in ((0, 0.1), (1, 2.0)):
        start = request.start[axis]
        books = _as_in_the_book(rule, request.settings, start, slope, [one[axis] for one in noise])
        np.testing.assert_allclose(descent(request).points[1:, axis], books, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("convention", ["torch", "book"])
@pytest.mark.parametrize("rule", RULE_NAMES)
def test_lines_compute_what_the_rules_do(rule: str, convention: Any) -> None:
    request = _request(rule, convention=convention)
    slow = path(rule, request.settings, np.array(request.start), SURFACES["valley"].gradient, 200)
    np.testing.assert_allclose(descent(request).points, slow, rtol=1e-12, atol=1e-13)
    assert set(RULE_NAMES) == set(RULES)


def test_a_descent_that_leaves_all_numbers_ends() -> None:
    gone = descent(_request("gd", lr=50.0))
    assert gone.lost
    assert gone.steps < 200
    assert abs(gone.points[-1]).max() > 1e100
    assert gone.within(1000) == gone.steps - 1
    stands = own_surface("log(x) + y**2")
    fell = descent(DescentRequest("gd", RuleSettings(lr=1.0), stands.formula, (0.5, 0.0), 10))
    assert fell.lost
    assert len(fell.points) == len(fell.values["g"]) + 1
    nowhere = descent(DescentRequest("adam", RuleSettings(lr=1.0), own_surface("sqrt(x)").formula, (-1.0, 0.0), 10))
    assert nowhere.steps == 0
    assert nowhere.points.tolist() == [[-1.0, 0.0]]


# --- the gradient at a point

FORMULAS = (
    "gelu(x)*sigmoid(y) + abs(x - y)**1.5 + 2**x + relu(x) - tanh(y)/3",
    "x*y*x - -y + exp(-x**2) + sqrt(x*x + 1) + log(y*y + 2)",
    "sin(pi*x)*cos(y)**3 + (x + 4)**y / (2 + y**2)",
    "x",
    "3*y + 0*x + e",
)


@pytest.mark.parametrize("text", [*FORMULAS, *(surface.formula.text for surface in SURFACES.values())])
def test_the_gradient_at_a_point_is_torchs(text: str) -> None:
    words = {name: getattr(torch, name) for name in ("exp", "log", "sin", "cos", "tanh", "sigmoid", "relu", "sqrt", "abs")}
    found = point_gradient(own_surface(text).formula)
    for x, y in np.random.default_rng(2).uniform(-3, 3, (20, 2)):
        given = [torch.tensor(float(one), dtype=torch.float64, requires_grad=True) for one in (x, y)]
        constants = {"pi": math.pi, "e": math.e, "gelu": torch.nn.functional.gelu}
        eval(text, {**words, **constants}, {"x": given[0], "y": given[1]}).backward()
        expected = [0.0 if one.grad is None else one.grad.item() for one in given]
        assert found(float(x), float(y)) == pytest.approx(expected, rel=1e-10, abs=1e-12)


def test_no_number_raises_what_a_descent_waits_for() -> None:
    for text, error in (("log(x) + y", ValueError), ("1 / x", ZeroDivisionError), ("exp(x) + y", OverflowError)):
        x = 1e4 if error is OverflowError else 0.0
        with pytest.raises(error):
            point_gradient(own_surface(text).formula)(x, 0.0)


# --- lines, as they are shown


def test_lines_are_written_as_on_paper() -> None:
    said = {line.sign: written(line) for line in lines_of("adam", "torch")}
    assert said == {
        "m": "β₁·m + (1 − β₁)·g",
        "v": "β₂·v + (1 − β₂)·g²",
        "m̂": "m / (1 − β₁ᵗ)",
        "v̂": "v / (1 − β₂ᵗ)",
        "Δw": "−η·m̂ / (√v̂ + ε)",
        "w": "w + Δw",
    }
    line = RuleLine("v", "beta*v - lr*g**2")
    assert written(line, {"beta": "0.9", "v": "−2", "lr": "1×10⁻⁷", "g": "−3"}) == "0.9·(−2) − 1×10⁻⁷·(−3)²"
    assert [written(one) for one in lines_of("nesterov", "torch")][1] == "−η·(g + β·v)"
    assert [written(one) for one in lines_of("adam", "book")][2] == "η·√(1 − β₂ᵗ) / (1 − β₁ᵗ)"


@pytest.mark.parametrize("convention", ["torch", "book"])
@pytest.mark.parametrize("rule", RULE_NAMES)
def test_a_worked_line_comes_out(rule: str, convention: Any) -> None:
    """What is written with a step's numbers has the value that is written behind it: read back from the text."""
    gone = descent(_request(rule, convention=convention, later_from=2, later_factor=0.5, draws=DRAWS))
    for step in (0, 1, 7):
        for axis in (0, 1):
            worked = worked_lines(gone, step, axis)
            for line, reads, result in worked:
                assert _value_of(written(line, {name: _text(value) for name, value in reads.items()})) == pytest.approx(
                    result, rel=1e-12, abs=1e-300
                )
            assert worked[-1].result == gone.points[step + 1, axis]
            start = next(line.reads["w"] for line in worked if "w" in line.reads)
            assert start == gone.points[step, axis]


def _text(value: float) -> str:
    exact = f"{value:.40f}" if "e" in repr(value) else repr(value).removesuffix(".0")
    return exact.replace("-", "−")


def _value_of(text: str) -> float:
    """The value of a formula as it is written on paper."""
    plain = text.replace("−", "-").replace("·", "*")
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    plain = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda raised: f"**{raised[0].translate(digits)}", plain)
    while "√" in plain:
        at = plain.index("√") + 1
        end = at
        depth = 0
        while end < len(plain) and (depth or plain[end] not in " )*/"):
            depth += (plain[end] == "(") - (plain[end] == ")")
            end += 1
        plain = f"{plain[: at - 1]}({plain[at:end]})**0.5{plain[end:]}"
    tree = ast.parse(plain, mode="eval")
    return float(eval(compile(tree, "written", "eval")))


# --- arrows


def test_the_arrows_of_momentum_add_up_to_its_step() -> None:
    for rule in ("momentum", "nesterov"):
        for convention in ("torch", "book"):
            gone = descent(_request(rule, convention=convention))
            arrows = arrows_at(gone, 6)
            assert arrows.carried is not None
            assert np.add(arrows.gradient, arrows.carried) == pytest.approx(arrows.step)
            x, y = gone.points[6]
            assert arrows.gradient == pytest.approx((-0.02 * x / 10, -0.02 * 2 * y))
            assert arrows.step == pytest.approx(gone.points[7] - gone.points[6])


def test_the_mean_of_adam_is_carried_and_scaled() -> None:
    gone = descent(_request("adam"))
    arrows = arrows_at(gone, 0)
    assert arrows.carried == pytest.approx(arrows.gradient), "after one step the corrected mean is the gradient"
    assert np.abs(arrows.step) == pytest.approx([0.02, 0.02], rel=1e-6), "whose size the scale takes away"
    assert arrows_at(descent(_request("adagrad")), 3).carried is None


# --- the conventions


def test_plain_descent_is_the_same_in_both_conventions() -> None:
    assert parting(_request("gd")).cause == "nothing"
    assert parting(_request("momentum")).cause == "rounding"


def test_conventions_of_momentum_part_where_the_rate_changes() -> None:
    """One weight by hand: gradient w, rate 0.1 for a step, then 0.01."""
    surface = own_surface("x**2 / 2")
    request = DescentRequest("momentum", RuleSettings(lr=0.1), surface.formula, (1.0, 0.0), 2, later_from=1, later_factor=0.1)
    after_one = 1 - 0.1
    torchs = after_one - 0.01 * (0.9 * 1 + after_one)
    books = after_one + (0.9 * -0.1 - 0.01 * after_one)
    found = parting(request)
    assert (found.cause, found.at) == ("rate_change", 2)
    assert found.largest == pytest.approx(abs(torchs - books))


def test_conventions_of_adaptive_rules_part_by_their_epsilon() -> None:
    """A gradient as small as ε: both paths by hand."""
    surface = own_surface("1e-7 * x")
    request = DescentRequest("adagrad", RuleSettings(lr=1.0), surface.formula, (0.0, 0.0), 1)
    found = parting(request)
    torchs, books = -1e-7 / (1e-7 + 1e-10), -1e-7 / (1e-7 + 1e-7)
    assert found.cause == "epsilon"
    assert found.largest == pytest.approx(abs(torchs - books))
    assert (found.torchs_epsilon, found.books_epsilon) == (1e-10, 1e-7)
    adams = parting(request._replace(rule="adam"))
    torchs, only_epsilon = -1e-7 / (1e-7 + 1e-8), -1e-7 / (1e-7 + 1e-7)
    root = math.sqrt(0.001)
    books = -root * 1e-7 / (root * 1e-7 + 1e-7)
    assert adams.by_epsilon == pytest.approx(abs(torchs - only_epsilon))
    assert adams.by_place == pytest.approx(abs(only_epsilon - books))
    assert adams.largest == pytest.approx(abs(torchs - books))
    same = parting(request._replace(rule="adam", settings=RuleSettings(lr=1.0, epsilon=1e-7)))
    assert (same.cause, same.by_epsilon) == ("epsilon_place", 0.0)


# --- stability


def _stays(rule: str, settings: RuleSettings, product: float) -> bool:
    """Whether 3,000 steps from 1 come nearer to 0, the scale of the rules that scale themselves being held."""
    w = 1.0
    m = v = 0.0
    for _ in range(3000):
        if rule == "momentum":
            v = settings.momentum * v + product * w
            w -= v
        elif rule == "nesterov":
            v = settings.momentum * v + product * w
            w -= product * w + settings.momentum * v
        elif rule in ("adam", "adamw"):
            m = settings.beta1 * m + (1 - settings.beta1) * product * w
            w = w * (1 - (settings.lr * settings.weight_decay if rule == "adamw" else 0)) - m
        else:
            w -= product * w
        if abs(w) > 1e6:
            return False
    return abs(w) < 1


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_steps_leave_where_the_meter_says(rule: str) -> None:
    random = np.random.default_rng(8)
    for _ in range(5):
        settings = RuleSettings(
            lr=0.5,
            momentum=random.uniform(0.1, 0.95),
            beta1=random.uniform(0.1, 0.95),
            weight_decay=random.uniform(0, 0.5),
        )
        low, high = 0.1, 200.0
        for _ in range(12):
            middle = math.sqrt(low * high)
            low, high = (middle, high) if _stays(rule, settings, middle) else (low, middle)
        limit = limit_of(rule, settings)
        assert math.sqrt(low * high) == pytest.approx(limit, rel=0.01)
        assert growth_of(rule, settings, limit * 0.999) < 1 < growth_of(rule, settings, limit * 1.001)
        if rule in ("gd", "momentum", "nesterov"):
            assert limit == pytest.approx(largest_stable_rate(rule, 1.0, settings.momentum))


def test_the_growth_is_what_a_step_makes_of_the_distance() -> None:
    gone = descent(_request("gd", lr=1.05))
    found = stability_at(gone, 3, point_gradient(SURFACES["valley"].formula))
    assert (found.product, found.limit) == pytest.approx((2.1, 2))
    assert not found.stays
    assert found.growth == pytest.approx(1.1)
    assert abs(gone.points[5, 1] / gone.points[4, 1]) == pytest.approx(found.growth)
    assert found.lowest == pytest.approx(0.105)
    vector = np.array([1.0, 0.0])
    for _ in range(300):
        vector = np.array(recursion("nesterov", SETTINGS, 0.3)) @ vector
    assert np.linalg.norm(vector) ** (1 / 300) == pytest.approx(growth_of("nesterov", SETTINGS, 0.3), rel=0.01)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_curvature_at_a_point_is_torchs(surface: str) -> None:
    text = SURFACES[surface].formula.text
    point = torch.tensor(SURFACES[surface].start, dtype=torch.float64)
    theirs = torch.autograd.functional.hessian(lambda at: eval(text, {"cos": torch.cos, "x": at[0], "y": at[1]}), point)
    found = hessian_at(point_gradient(SURFACES[surface].formula), SURFACES[surface].start)
    np.testing.assert_allclose(found, theirs.numpy(), rtol=1e-5, atol=1e-5)


def test_where_the_gradient_is_infinite_there_is_no_curvature_and_no_warning():
    found = hessian_at(lambda _x, _y: (np.inf, np.inf), (1.0, 2.0))
    assert np.isnan(found).all()


def test_a_saddle_is_left_whatever_the_rate() -> None:
    gone = descent(_request("gd", "saddle", lr=0.1))
    found = stability_at(gone, 0, point_gradient(SURFACES["saddle"].formula))
    assert found.stays, "in its steepest direction"
    assert found.lowest == pytest.approx(-0.05, abs=1e-3)
    assert found.growth == pytest.approx(1.05, abs=1e-3)


def test_adams_meter_is_of_its_own_scale() -> None:
    """Step 9 by hand: the scale from the squares, the curvature 0.1 and 2 of the valley."""
    for convention, small in (("torch", 1e-8), ("book", 1e-7)):
        gone = descent(_request("adam", convention=convention))
        mean = np.zeros(2)
        for t in range(10):
            mean = 0.98 * mean + 0.02 * (gone.points[t] * [0.1, 2.0]) ** 2
        corrected = np.sqrt(1 - 0.98**10)
        scale = 0.02 / (np.sqrt(mean) / corrected + (small / corrected if convention == "book" else small))
        found = stability_at(gone, 9, point_gradient(SURFACES["valley"].formula))
        assert sorted((found.lowest, found.product)) == pytest.approx(sorted(scale * [0.1, 2.0]), rel=1e-5)
        assert found.limit == pytest.approx(3.7 / 0.15)


# --- noise


def test_a_batch_of_all_samples_has_no_noise_and_a_smaller_one_the_deviation_of_sampling() -> None:
    pulls = sample_pulls(64, 5)
    assert pulls.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)
    np.testing.assert_allclose(pulls.T @ pulls / 64, np.eye(2), atol=1e-12)
    assert batch_sizes(64) == (1, 2, 4, 8, 16, 32, 64)
    assert batch_sizes(50) == (1, 2, 4, 8, 16, 32, 50)
    for batch in batch_sizes(64):
        draws = BatchDraws(64, batch, 3.0, 5)
        assert measured_deviation(draws, 3000) == pytest.approx(noise_deviation(draws), rel=0.04, abs=1e-12)
    assert noise_deviation(BatchDraws(64, 16, 3.0, 5)) == pytest.approx(3 / 4 * math.sqrt(48 / 63))
    assert set(batch_noise(BatchDraws(64, 64, 3.0, 5), 10)) == {(0.0, 0.0)}


def test_the_mean_over_the_samples_is_the_surface() -> None:
    """SGD over a batch of all samples is gradient descent; the noise of a batch is the mean of its own samples' pulls."""
    every = BatchDraws(32, 32, 2.0, 1)
    assert np.array_equal(descent(_request("sgd", draws=every)).points, descent(_request("gd")).points)
    single = np.array(batch_noise(BatchDraws(32, 1, 2.0, 1), 50)) / 2.0
    nearest = np.abs(single[:, None] - sample_pulls(32, 1)[None]).max(axis=2).min(axis=1)
    assert nearest.max() < 1e-12


@pytest.mark.parametrize(("rule", "lr"), [("sgd", 0.5), ("sgd", 0.9), ("momentum", 0.1), ("momentum", 0.8), ("nesterov", 0.2)])
def test_a_descent_with_noise_hovers_where_theory_says(rule: str, lr: float) -> None:
    draws = BatchDraws(64, 8, 1.0, 2)
    surface = own_surface("x**2 / 2 + y**2")
    settings = RuleSettings(lr=lr, momentum=0.7)
    gone = descent(DescentRequest(rule, settings, surface.formula, (0.0, 0.0), 20_000, draws=draws))
    measured = float(surface.value(gone.points[500:]).mean())
    theory = hovering_height(rule, settings, (1.0, 2.0), noise_deviation(draws))
    assert measured == pytest.approx(theory, rel=0.06)
    if rule == "sgd":
        s = noise_deviation(draws)
        assert theory == pytest.approx(sum(lr * s**2 / (2 * (2 - lr * curvature)) for curvature in (1.0, 2.0)))
    assert hovering_height("gd", RuleSettings(lr=1.1), (1.0, 2.0), 1.0) == math.inf


# --- what suits a surface


@pytest.mark.parametrize("name", [name for name in SUITED if name != "formula"])
def test_every_rule_comes_lower_with_the_rates_that_suit(name: str) -> None:
    """Lower than where it began, and one of them nearly all the way."""
    surface, suited = surface_of(name, "", 1.0), SUITED[name]
    floor = lowest_height(surface)
    assert floor == pytest.approx(min(float(surface.value(one)) for one in surface.lowest))
    left = []
    for rule in RULE_NAMES:
        settings = RuleSettings(lr=suited.rates[rule])
        gone = descent(DescentRequest(rule, settings, surface.formula, surface.start, suited.steps))
        assert not gone.lost
        heights = surface.value(gone.points) - floor
        assert heights[-1] < heights[0]
        left.append(heights[-1] / heights[0])
    assert min(left) < 0.05


def test_the_lowest_place_of_an_own_formula_is_found() -> None:
    assert lowest_height(own_surface("(x - 1.2345)**2 + abs(y + 0.7) - 3")) == pytest.approx(-3, abs=1e-6)
    assert lowest_height(own_surface("x + y**2")) is None, "it falls on"
    assert lowest_height(own_surface("sqrt(-1 - x*x)")) is None, "it has no numbers"


def test_the_field_is_the_surface() -> None:
    field = height_field(SURFACES["valley"], (-2.0, 2.0, -1.0, 1.0), 5, 3)
    assert field.shape == (3, 5)
    assert field[0, 0] == pytest.approx(4 / 20 + 1)
    assert field[2, 4] == pytest.approx(4 / 20 + 1)
    assert field[1, 3] == pytest.approx(1 / 20)
    assert surface_of("formula", "x - y", 3.0).limits == (-3, 3, -3, 3)
    assert surface_of("round_bowl", "x +", 3.0) is SURFACES["bowl"]


# --- rate against batch size


def test_heights_follow_rate_over_batch() -> None:
    """On a round bowl Σ η s²/(2(2 - ηλ)), written out; measured by running within 15 %; all samples leave no noise."""
    bowl = own_surface("x**2 / 2 + y**2 / 2")
    draws = BatchDraws(64, 4, 2.0, 0)
    found = height_by_batch("sgd", RuleSettings(lr=0.1), bowl, draws)
    assert found.sizes == (1, 2, 4, 8, 16, 32, 64)
    for place, batch in enumerate(found.sizes):
        variance = 4.0 / batch * (64 - batch) / 63
        assert found.theory[place] == pytest.approx(0.1 * variance / 1.9, rel=1e-4)
        scaled = 0.1 * batch / 4
        assert found.scaled_theory[place] == pytest.approx(scaled * variance / (2 - scaled), rel=1e-4)
    assert found.measured[:-1] == pytest.approx(found.theory[:-1], rel=0.15)
    assert found.scaled_measured[:5] == pytest.approx(found.scaled_theory[:5], rel=0.15)
    assert found.measured[-1] == pytest.approx(0, abs=1e-12)
    noise = noise_by_batch(draws)
    assert noise.theory[0] == pytest.approx(2.0)
    assert noise.measured == pytest.approx(noise.theory, rel=0.06, abs=1e-12)


def test_heights_that_there_are_not() -> None:
    """Adam has no theory here; a rate beyond the limit leaves; a plane has no lowest place."""
    draws = BatchDraws(16, 4, 1.0, 0)
    adams = height_by_batch("adam", RuleSettings(lr=0.01), SURFACES["bowl"], draws)
    assert all(math.isnan(one) for one in adams.theory)
    assert adams.measured[0] > adams.measured[-1] >= 0
    left = height_by_batch("gd", RuleSettings(lr=0.6), SURFACES["bowl"], draws)
    assert math.isfinite(left.theory[0])
    assert math.isnan(left.scaled_theory[-1])
    assert math.isnan(left.scaled_measured[-2])
    assert math.isnan(height_by_batch("gd", RuleSettings(lr=0.1), own_surface("x + y"), draws).measured[0])
