"""Derivatives to the third order against torch's autograd, applied three times; values in the precision that is asked for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.foundations.boards.gradient.number_slopes import formula_of_x, slopes_of, value_of
from engine.foundations.formula_graph import FormulaError, forward

FORMULAS: list[tuple[str, Callable[[Tensor], Tensor], float]] = [
    ("0.01*x**2 + 0.1*x", lambda x: 0.01 * x**2 + 0.1 * x, 5.0),
    ("sin(x)", torch.sin, 1.0),
    ("cos(2*x) - x", lambda x: torch.cos(2 * x) - x, 0.4),
    ("exp(x) / x", lambda x: torch.exp(x) / x, 1.3),
    ("log(x) * sqrt(x)", lambda x: torch.log(x) * torch.sqrt(x), 2.2),
    ("x**x", lambda x: x**x, 1.7),
    ("2**x", lambda x: 2**x, 1.1),
    ("x**3 - 2*x", lambda x: x**3 - 2 * x, -1.5),
    ("1 / (1 + x**2)", lambda x: 1 / (1 + x**2), 0.6),
    ("x**2.5", lambda x: x**2.5, 0.8),
    ("tanh(x)", torch.tanh, 0.7),
    ("sigmoid(3*x)", lambda x: torch.sigmoid(3 * x), 0.3),
    ("gelu(x)", torch.nn.functional.gelu, 0.9),
    ("relu(x) * x", lambda x: torch.relu(x) * x, 1.2),
    ("abs(x) * x", lambda x: torch.abs(x) * x, -1.2),
    ("-x * exp(-x**2)", lambda x: -x * torch.exp(-(x**2)), 0.5),
]


@pytest.mark.parametrize(("text", "function", "x"), FORMULAS, ids=[text for text, _, _ in FORMULAS])
def test_three_derivatives_are_torchs(text: str, function: Callable[[Tensor], Tensor], x: float) -> None:
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = function(at)
    meant = [float(value.detach())]
    for _ in range(3):
        if value.requires_grad:
            value = torch.autograd.grad(value, at, create_graph=True)[0]
        else:
            value = torch.tensor(0.0)
        meant.append(float(value.detach()))
    assert slopes_of(formula_of_x(text), x) == pytest.approx(meant, rel=1e-12, abs=1e-14)


def test_a_parabolas_third_derivative_is_exactly_zero() -> None:
    assert slopes_of(formula_of_x("0.01*x**2 + 0.1*x"), 5)[3] == 0
    assert slopes_of(formula_of_x("x"), 0)[1:] == (1, 0, 0)
    assert slopes_of(formula_of_x("x**2"), 0) == (0, 0, 2, 0)


@pytest.mark.parametrize(("text", "x"), [(text, x) for text, _, x in FORMULAS], ids=[text for text, _, _ in FORMULAS])
def test_values_keep_their_precision(text: str, x: float) -> None:
    formula = formula_of_x(text)
    exact = float(forward(formula, {"x": x})[-1])
    double, single = value_of(formula, x, np.float64), value_of(formula, x, np.float32)
    assert (double.dtype, single.dtype) == (np.float64, np.float32)
    assert float(double) == pytest.approx(exact, rel=1e-14)
    assert float(single) == pytest.approx(exact, rel=1e-5)
    assert value_of(formula, np.array([x, x]), np.float32).dtype == np.float32


def test_where_there_is_no_value_there_is_no_slope() -> None:
    assert np.isnan(slopes_of(formula_of_x("log(x)"), -1.0)).all()


def test_only_x_is_a_variable() -> None:
    with pytest.raises(FormulaError, match="t is not x"):
        formula_of_x("x * t")
    with pytest.raises(FormulaError, match="leave out"):
        formula_of_x("sum(x)")
