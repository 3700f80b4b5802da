"""The points of a plane lie where their formulas say, told by geometry: distances and angles, not by the formulas again."""

import numpy as np
import pytest

from engine.data.datasets import load
from engine.data.info import Data
from engine.data.made.points import make_circles, make_moons, make_spirals, make_xor

MADE = {"moons": make_moons, "circles": make_circles, "spirals": make_spirals, "xor": make_xor}


def made(name, samples=4000, noise=0.0, seed=1):
    x, y = MADE[name](np.random.default_rng(seed), samples, noise)
    return x.astype(np.float64), y


def test_moons_are_half_rings_that_reach_into_each_other():
    x, y = made("moons")
    for label, centre, side in ((0, (-0.5, -0.25), 1), (1, (0.5, 0.25), -1)):
        apart = x[y == label] - centre
        assert np.hypot(*apart.T) == pytest.approx(1.0, abs=1e-6)
        assert (side * apart[:, 1] > -1e-6).all()
        assert {0, 1} == set((apart[:, 0] > 0).astype(int))
    lowest, highest = x[y == 0][:, 1].min(), x[y == 1][:, 1].max()
    assert lowest < highest  # so that no horizontal line divides them


def test_circles_have_two_radii_all_around():
    x, y = made("circles")
    assert np.hypot(*x[y == 0].T) == pytest.approx(1.0, abs=1e-6)
    assert np.hypot(*x[y == 1].T) == pytest.approx(0.5, abs=1e-6)
    for label in (0, 1):
        quarters = np.floor(np.arctan2(*x[y == label].T) / (np.pi / 2)).astype(int)
        assert np.bincount(quarters + 2).min() > 400


def test_spirals_turn_one_and_a_half_times_and_are_each_other_turned_by_half():
    x, y = made("spirals")
    radius, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    assert radius.min() > 0.0999 and radius.max() < 1.3001
    wound = 3 * np.pi * (radius - 0.1) / 1.2  # the angle that belongs to the radius
    off = np.angle(np.exp(1j * (angle - wound - np.pi * y)))
    assert np.abs(off).max() < 1e-5


def test_xor_is_the_sign_of_the_product():
    x, y = made("xor")
    assert (y == (np.sign(x[:, 0]) != np.sign(x[:, 1]))).all()
    assert np.abs(x).max() <= 1
    assert np.abs(x.mean(axis=0)).max() < 0.05


@pytest.mark.parametrize("name", MADE)
def test_noise_is_what_is_asked_for_and_classes_are_equal(name):
    x, y = made(name, noise=0.25, samples=5001)
    clean, same = made(name, samples=5001)
    assert (y == same).all()
    assert (x - clean).std() == pytest.approx(0.25, rel=0.03)
    assert abs((x - clean).mean()) < 0.01
    if name != "xor":
        assert np.bincount(y).tolist() == [2501, 2500]
    assert y.dtype == np.int64


@pytest.mark.parametrize("name", MADE)
def test_both_classes_are_in_both_parts_and_in_every_fold(name):
    for fold in range(1, 6):
        dataset = load(Data(name=name, samples=100, folds=5, fold=fold), seed=4)
        for y in (dataset.y_train, dataset.y_validation):
            assert set(y.tolist()) == {0, 1}
