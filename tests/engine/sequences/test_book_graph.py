"""The graph of the book, to its numbers, and against a product worked out without matrices."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.sequences.through_time import book_graph


@pytest.mark.parametrize(
    ("scale", "first", "last", "radius", "singular"),
    [(1.0, 2.468, 249.5, 1.255, 2.66), (0.5, 1.234, 2.4e-4, 0.628, 1.33)],
)
def test_it_has_the_numbers_of_the_book(scale, first, last, radius, singular):
    found = book_graph(scale)
    assert len(found.norms) == 20
    assert found.norms[0] == pytest.approx(first, abs=5e-4)
    assert found.norms[-1] == pytest.approx(last, rel=0.01)
    assert found.radius == pytest.approx(radius, abs=5e-4)
    assert found.norm == pytest.approx(singular, abs=5e-3)
    assert found.norms[-1] / found.norms[-2] == pytest.approx(found.radius, rel=1e-3)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_every_norm_is_the_products_worked_out_by_hand(scale):
    found = book_graph(scale)
    weight = found.matrix.tolist()
    row = [1.0, 1.0, 1.0]
    assert found.start == pytest.approx(math.sqrt(2 * 3) / 2)
    for norm in found.norms:
        row = [sum(row[k] * weight[j][k] for k in range(3)) for j in range(3)]
        assert norm == pytest.approx(math.sqrt(2 * sum(value**2 for value in row)) / 2, rel=1e-12)


def test_the_matrix_is_drawn_without_touching_numpys_global_state():
    np.random.seed(3)  # as the book writes it
    known = np.random.randn(3, 3)
    np.random.seed(7)
    before = np.random.get_state()[1].copy()
    assert (book_graph().matrix == known).all()
    assert (np.random.get_state()[1] == before).all()


def test_it_shrinks_although_one_step_can_stretch():
    found = book_graph(0.5)
    assert found.norm > 1 > found.radius
    assert found.norms[0] > found.start and found.norms[-1] < 1e-3 * found.start
    assert 0 < found.alignment < 1
