"""A line through points against torch's own loss and gradient, against numpy's least squares, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.foundations.boards.gradient.regression_numbers import RegressionSurface, best_line, residual_terms
from engine.foundations.differences import numerical_gradient

POINTS = ((1.0, 2.0), (2.0, 3.0), (4.0, 3.0))


def _torchs(points: object, w: float, b: float) -> tuple[float, tuple[float, float]]:
    x, y = torch.tensor(points, dtype=torch.float64).T
    line = torch.tensor([w, b], dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.mse_loss(line[0] * x + line[1], y)
    (gradient,) = torch.autograd.grad(loss, line)
    return float(loss.detach()), (float(gradient[0]), float(gradient[1]))


def test_terms_by_hand() -> None:
    """ŷ = x + 0: 1, 2, 4; e = −1, −1, 1."""
    terms = residual_terms(POINTS, 1.0, 0.0)
    assert terms.answers.tolist() == [1, 2, 4]
    assert terms.residuals.tolist() == [-1, -1, 1]
    assert terms.squares.tolist() == [1, 1, 1]
    assert terms.of_w.tolist() == [-2, -4, 8]
    assert terms.of_b.tolist() == [-2, -2, 2]
    assert terms.loss == 1
    assert terms.gradient == pytest.approx((2 / 3, -2 / 3))


@pytest.mark.parametrize("seed", range(5))
def test_loss_and_gradient_are_torchs(seed: int) -> None:
    random = np.random.default_rng(seed)
    points = [(float(x), float(y)) for x, y in random.normal(size=(20, 2)) * 3 + 1]
    w, b = (float(each) for each in random.normal(size=2))
    loss, gradient = _torchs(points, w, b)
    terms, surface = residual_terms(points, w, b), RegressionSurface(points)
    assert terms.loss == pytest.approx(loss, rel=1e-12)
    assert terms.gradient == pytest.approx(gradient, rel=1e-10)
    assert float(surface.value((w, b))) == pytest.approx(loss, rel=1e-10)
    assert surface.gradient((w, b)) == pytest.approx(gradient, rel=1e-9)


def test_a_picture_of_the_surface_has_each_lines_own_loss() -> None:
    surface = RegressionSurface(POINTS)
    lines = np.stack(np.meshgrid(np.linspace(-2, 2, 5), np.linspace(-3, 3, 4)), axis=-1)
    values, gradients = surface.value(lines), surface.gradient(lines)
    assert values.shape == (4, 5)
    for place in np.ndindex(4, 5):
        w, b = lines[place]
        loss, gradient = _torchs(POINTS, float(w), float(b))
        assert values[place] == pytest.approx(loss)
        assert gradients[place] == pytest.approx(gradient)


@pytest.mark.parametrize("seed", range(5))
def test_the_best_line_is_numpys(seed: int) -> None:
    random = np.random.default_rng(seed)
    points = [(float(x), float(y)) for x, y in random.normal(size=(12, 2)) * 2 + 5]
    x, y = np.array(points).T
    w, b = np.linalg.lstsq(np.stack([x, np.ones_like(x)], axis=1), y, rcond=None)[0]
    found = best_line(points)
    assert (found.w, found.b) == pytest.approx((w, b), rel=1e-10)
    assert found.unique
    assert _torchs(points, found.w, found.b)[1] == pytest.approx((0, 0), abs=1e-10)


@pytest.mark.parametrize("points", [((3.0, 1.0), (3.0, 4.0)), ((2.0, 5.0),), ((0.0, 1.0), (0.0, 3.0))])
def test_points_above_each_other_have_many_best_lines(points: tuple[tuple[float, float], ...]) -> None:
    """The nearest of them to 0 is the pseudo-inverse's."""
    x, y = np.array(points).T
    w, b = np.linalg.pinv(np.stack([x, np.ones_like(x)], axis=1)) @ y
    found = best_line(points)
    assert (found.w, found.b) == pytest.approx((w, b))
    assert not found.unique
    assert RegressionSurface(points).curvatures()[0] == pytest.approx(0, abs=1e-12)


def test_curvatures_are_those_of_the_losss_second_differences() -> None:
    surface = RegressionSurface(POINTS)
    h = 1e-3
    hessian = [
        numerical_gradient(lambda line, axis=axis: _torchs(POINTS, *line.tolist())[1][axis], np.array([0.3, -0.2]), h)  # type: ignore[misc]
        for axis in (0, 1)
    ]
    assert surface.curvatures() == pytest.approx(np.linalg.eigvalsh(np.array(hessian)), rel=1e-6)


def test_no_points_have_no_loss() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        best_line(())
