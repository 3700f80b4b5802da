"""Descents step by step: the book's results, an own loop, and a rate above the limit."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from numpy.typing import ArrayLike

from engine.foundations.boards.gradient.arrow_field import arrow_field, surface_of
from engine.foundations.boards.gradient.descent_course import Bowl, GradientKind, descend, further, numerical_slopes
from engine.foundations.boards.gradient.regression_numbers import RegressionSurface
from engine.foundations.differences import numerical_gradient
from engine.foundations.formula_graph import FormulaError
from engine.foundations.surfaces import SURFACES
from engine.foundations.unit_functions import RealArray

START = (-3.0, 4.0)


def test_the_books_three_rates() -> None:
    """『밑바닥부터 시작하는 딥러닝』 1, section 4.4.1, with its numerical gradients."""
    right = descend(Bowl(), START, 0.1, 100, "numerical")
    assert right.places[-1] == pytest.approx((-6.11110793e-10, 8.14814391e-10), rel=1e-8)
    large = descend(Bowl(), START, 10.0, 100, "numerical")
    assert large.places[-1] == pytest.approx((-2.58983747e13, -1.29524862e12), rel=1e-8)
    small = descend(Bowl(), START, 1e-10, 100, "numerical")
    assert small.places[-1] == pytest.approx((-2.99999994, 3.99999992), abs=5e-9)
    assert (right.verdict, large.verdict, small.verdict) == ("down", "up", "unmoved")


def test_four_heights_at_once_are_the_books_one_by_one() -> None:
    random = np.random.default_rng(0)
    for place in random.normal(size=(20, 2)) * 4:
        assert numerical_slopes(Bowl(), place).tolist() == numerical_gradient(lambda x: float((x**2).sum()), place).tolist()


def test_exact_steps_shrink_by_a_fifth() -> None:
    """x - 0.1 · 2x = 0.8 x, twenty times: (-0.0346, 0.0461)."""
    found = descend(Bowl(), START, 0.1, 20, "exact")
    assert found.places == pytest.approx(np.outer(0.8 ** np.arange(21), START))
    assert found.heights == pytest.approx(25 * 0.64 ** np.arange(21))
    assert found.gradients == pytest.approx(2 * found.places[:-1])
    assert found.places[-1] == pytest.approx((-0.0346, 0.0461), abs=5e-5)
    assert found.taken == 20


def test_the_fast_bowl_is_the_formula() -> None:
    points = np.random.default_rng(1).normal(size=(30, 2))
    assert Bowl().value(points) == pytest.approx(SURFACES["bowl"].value(points))
    assert Bowl().gradient(points) == pytest.approx(SURFACES["bowl"].gradient(points))


def test_a_descent_ends_where_there_are_no_numbers() -> None:
    found = descend(Bowl(), START, 1e100, 100, "exact")
    assert 0 < found.taken < 10
    assert np.isfinite(found.places).all()
    assert len(found.places) == len(found.heights) == found.taken + 1
    assert found.verdict == "up"


def test_a_regression_descends_to_least_squares_below_its_limit_and_leaves_above_it() -> None:
    points = ((0.0, 1.0), (1.0, 2.0), (2.0, 2.5), (3.0, 4.5))
    surface = RegressionSurface(points)
    x, y = np.array(points).T
    w, b = np.linalg.lstsq(np.stack([x, np.ones_like(x)], axis=1), y, rcond=None)[0]
    limit = 2 / surface.curvatures()[-1]
    below = descend(surface, (0.0, 0.0), 0.9 * limit, 1000, "exact")
    assert below.places[-1] == pytest.approx((w, b), abs=1e-6)
    assert descend(surface, (0.0, 0.0), 1.05 * limit, 200, "exact").verdict == "up"
    by_differences = descend(surface, (0.0, 0.0), 0.5 * limit, 50, "numerical")
    assert by_differences.places == pytest.approx(descend(surface, (0.0, 0.0), 0.5 * limit, 50, "exact").places, abs=1e-8)


def test_arrows_are_gradients_and_do_not_reach_past_their_neighbours() -> None:
    found = arrow_field(SURFACES["bowl"], (-4, 4, -2, 2), 8)
    assert found.places.shape == (64, 2)
    assert found.gradients == pytest.approx(2 * found.places)
    lengths = np.hypot(*found.gradients.T) * found.scale
    assert lengths.max() == pytest.approx(4 / 8)
    assert found.places[:, 0].min() == -3.5


def test_a_flat_surface_has_arrows_without_length() -> None:
    class Plain(Bowl):
        def gradient(self, points: ArrayLike) -> RealArray:
            return np.zeros(np.shape(points))

    assert arrow_field(Plain(), (0, 1, 0, 1), 3).scale == 0


def test_a_surface_is_a_formula_of_the_books_names_or_of_x_and_y() -> None:
    """3 x0 + x0 x1²: (3 + x1², 2 x0 x1)."""
    limits = (-1.0, 1.0, -1.0, 1.0)
    for text in ("3*x0 + x0*x1**2", "3*x + x*y^2"):
        assert surface_of(text, limits).gradient((2.0, 5.0)) == pytest.approx((28, 20))
    with pytest.raises(FormulaError, match="neither x0 nor x1"):
        surface_of("x0 + x2", limits)


@pytest.mark.parametrize("rate", [0.1, 1e100])
def test_a_course_goes_on_and_back_as_if_it_was_descended_anew(rate: float) -> None:
    surface = RegressionSurface([(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)])
    for kind in get_args(GradientKind):
        short = descend(surface, START, rate, 3, kind)
        for count in (0, 2, 3, 7):
            anew, found = descend(surface, START, rate, count, kind), further(short, surface, rate, count, kind)
            for one, other in zip(anew, found, strict=True):
                np.testing.assert_array_equal(one, other)
