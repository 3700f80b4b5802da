"""The gradient of a 2×3 weight: the book's figures and torch's autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.foundations.boards.gradient.weight_gradient import losses_along, weight_gradient

BOOKS = ((0.47355232, 0.9977393, 0.84668094), (0.85557411, 0.03563661, 0.69422093))


def test_the_books_figures() -> None:
    """『밑바닥부터 시작하는 딥러닝』 1, section 4.4.2."""
    found = weight_gradient(BOOKS, (0.6, 0.9), 2)
    assert found.scores == pytest.approx((1.05414809, 0.63071653, 1.1328074), abs=5e-9)
    assert found.loss == pytest.approx(0.92806853663411326, abs=1e-8)  # its W is printed to eight digits
    assert found.exact == pytest.approx(np.array([(0.219, 0.144, -0.363), (0.329, 0.215, -0.544)]), abs=6e-4)
    assert found.numerical == pytest.approx(found.exact, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_torch_agrees(seed: int) -> None:
    random = np.random.default_rng(seed)
    weights, x, truth = random.normal(size=(2, 3)), random.normal(size=2), int(random.integers(3))
    named = torch.tensor(weights, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(torch.tensor(x) @ named, torch.tensor(truth))
    loss.backward()  # type: ignore[no-untyped-call]
    found = weight_gradient(weights, x, truth)
    assert found.loss == pytest.approx(float(loss.detach()), rel=1e-12)
    assert named.grad is not None
    assert found.exact == pytest.approx(named.grad.numpy(), rel=1e-10, abs=1e-14)
    assert found.numerical == pytest.approx(named.grad.numpy(), abs=1e-8)
    assert found.probabilities.sum() == pytest.approx(1)


def test_the_curve_over_one_weight_has_the_derivative_as_its_slope() -> None:
    around = np.array([-1e-5, 0, 1e-5]) + BOOKS[1][2]
    losses = losses_along(BOOKS, (0.6, 0.9), 2, 5, around)
    found = weight_gradient(BOOKS, (0.6, 0.9), 2)
    assert losses[1] == pytest.approx(found.loss)
    assert (losses[2] - losses[0]) / 2e-5 == pytest.approx(found.exact[1, 2], rel=1e-6)


def test_large_scores_do_not_overflow() -> None:
    found = weight_gradient(((900.0, 0, 0), (0, 0, 0)), (1.0, 0.0), 1)
    assert found.loss == pytest.approx(900)
    assert found.exact[0] == pytest.approx((1, -1, 0))
