"""Optimisers against torch.optim, against the books' formulas written out again, and against the theory of stability."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from engine.foundations.descent_rules import RULES, RuleSettings, largest_stable_rate, path, steps
from engine.foundations.surfaces import SURFACES

TORCHS: dict[str, Any] = {
    "gd": (torch.optim.SGD, {}),
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adam": (torch.optim.Adam, {}),
    "adamw": (torch.optim.AdamW, {}),
}


@pytest.mark.parametrize("rule", RULES)
def test_200_steps_are_torchs(rule: str) -> None:
    weights = torch.tensor([-7.0, 2.0], dtype=torch.float64, requires_grad=True)
    kind, arguments = TORCHS[rule]
    optimizer = kind([weights], lr=0.05, **arguments)
    ours = path(rule, RuleSettings(lr=0.05), np.array([-7.0, 2.0]), SURFACES["valley"].gradient, 200)
    for step in range(200):
        optimizer.zero_grad()
        (weights[0] ** 2 / 20 + weights[1] ** 2).backward()
        optimizer.step()
        np.testing.assert_allclose(ours[step + 1], weights.detach().numpy(), rtol=1e-6, atol=1e-9)


def _as_in_the_book(rule: str, lr: float, count: int) -> list[float]:
    """One weight, gradient w/10, the formulas of 『밑바닥부터 시작하는 딥러닝』 1, section 6.1, with plain floats."""
    w, v, h, m, found = -7.0, 0.0, 0.0, 0.0, []
    for t in range(1, count + 1):
        g = w / 10
        if rule == "gd":
            w -= lr * g
        elif rule == "momentum":
            v = 0.9 * v - lr * g
            w += v
        elif rule == "nesterov":
            w += 0.9 * 0.9 * v - (1 + 0.9) * lr * g
            v = 0.9 * v - lr * g
        elif rule == "adagrad":
            h += g * g
            w -= lr * g / (math.sqrt(h) + 1e-7)
        elif rule == "rmsprop":
            h = 0.99 * h + 0.01 * g * g
            w -= lr * g / (math.sqrt(h) + 1e-7)
        else:
            rate = lr * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            m += 0.1 * (g - m)
            h += 0.001 * (g * g - h)
            w -= rate * m / (math.sqrt(h) + 1e-7)
        found.append(w)
    return found


@pytest.mark.parametrize("rule", ["gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"])
def test_200_steps_are_the_books(rule: str) -> None:
    ours = path(rule, RuleSettings(lr=0.3, convention="book"), np.array([-7.0]), lambda w: w / 10, 200)
    np.testing.assert_allclose(ours[1:, 0], _as_in_the_book(rule, 0.3, 200), rtol=1e-12, atol=1e-12)


def test_the_conventions_differ_by_what_they_say() -> None:
    """One step of Adam from a gradient of 1e-7: torch's ε is a tenth of the root, the book's is more than the root."""
    torchs, books = (
        next(steps("adam", RuleSettings(lr=1.0, convention=convention), np.array([0.0]), lambda w: np.array([1e-7])))
        for convention in ("torch", "book")
    )
    assert torchs.step[0] == pytest.approx(-1e-7 / (1e-7 + 1e-8))
    assert books.step[0] == pytest.approx(-math.sqrt(0.001) * 1e-7 / (math.sqrt(0.001) * 1e-7 + 1e-7))


@pytest.mark.parametrize(
    ("rule", "lr", "end"),
    [
        ("gd", 0.95, (-0.387, -0.094)),
        ("momentum", 0.1, (0.814, 0.273)),
        ("adagrad", 1.5, (-0.136, 0.0)),
        ("adam", 0.3, (0.020, 0.322)),
    ],
)
def test_the_books_descents_end_where_it_was_measured(rule: str, lr: float, end: tuple[float, float]) -> None:
    ways = path(rule, RuleSettings(lr=lr, convention="book"), np.array([-7.0, 2.0]), SURFACES["valley"].gradient, 29)
    assert ways[-1] == pytest.approx(end, abs=5e-4)


def _diverges(rule: str, lr: float, curvature: float, momentum: float) -> bool:
    """At 1% above the limit an oscillation grows by 2% a step or more: 1.02⁶⁰⁰ = 10⁵."""
    last = path(rule, RuleSettings(lr=lr, momentum=momentum), np.array([1.0]), lambda w: curvature * w, 600)[-1, 0]
    return not abs(last) <= 1.0


@pytest.mark.parametrize("rule", ["gd", "momentum", "nesterov"])
def test_descent_diverges_where_theory_says(rule: str) -> None:
    """Found by bisection, for 20 random quadratics."""
    random = np.random.default_rng(5)
    for _ in range(20):
        curvature, momentum = float(10 ** random.uniform(-2, 2)), float(random.uniform(0.1, 0.95))
        low, high = 0.1 / curvature, 10 / curvature
        with np.errstate(all="ignore"):
            for _ in range(9):
                middle = (low * high) ** 0.5
                low, high = (low, middle) if _diverges(rule, middle, curvature, momentum) else (middle, high)
        assert (low * high) ** 0.5 == pytest.approx(largest_stable_rate(rule, curvature, momentum), rel=0.01)


def test_rules_that_scale_themselves_have_no_fixed_limit() -> None:
    with pytest.raises(ValueError, match="adam"):
        largest_stable_rate("adam", 1.0)
