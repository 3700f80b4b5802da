"""The reduction of a curve: what is drawn holds every extreme of what is visible, and costs the same however long it is."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.curve import Curve, Smoothing


def grown(values: np.ndarray, seed: int = 0) -> Curve:
    """A curve that came in pieces of random lengths, as one does during a run."""
    random = np.random.default_rng(seed)
    curve, at = Curve(), 0
    while at < len(values):
        size = int(random.integers(1, 300))
        part = values[at : at + size]
        curve.append(np.arange(at + 1, at + 1 + len(part)), part)
        at += len(part)
    return curve


@pytest.mark.parametrize("count", [1, 2, 15, 16, 17, 100, 1_000, 4_096, 33_333, 200_000])
@pytest.mark.parametrize("pixels", [1, 50, 611])
def test_the_extremes_of_the_whole_are_kept(count, pixels):
    values = np.random.default_rng(count).normal(size=count).astype(np.float32)
    x, y = grown(values).reduced(0, count + 1, pixels)
    assert len(x) == len(y) <= max(2 * pixels, 4)
    assert y.min() == values.min() and y.max() == values.max()
    assert (np.diff(x) >= 0).all() and x[0] == 1


def test_every_extreme_stands_within_a_block_of_where_it_was_measured():
    count, pixels = 50_000, 500
    values = np.zeros(count, np.float32)
    spikes = np.random.default_rng(1).choice(count, 40, replace=False)
    values[spikes] = np.arange(1, 41)
    x, y = grown(values).reduced(0, count + 1, pixels)
    block = 128  # the power of two for which 50,000 points make at most 500 blocks
    for spike, height in zip(spikes, range(1, 41), strict=True):
        near = y[(x >= spike + 1 - block) & (x <= spike + 1)]
        assert near.max() >= height


@pytest.mark.parametrize(("start", "stop"), [(0, 50), (777, 1_500), (60_000, 61_000), (5_000, 95_000), (99_990, 200_000)])
def test_a_part_holds_the_extremes_of_that_part(start, stop):
    values = np.random.default_rng(2).normal(size=100_000).astype(np.float32)
    x, y = grown(values).reduced(start, stop, 300)
    inside = values[max(start - 1, 0) : min(stop, 100_000)]
    assert y.min() <= inside.min() and y.max() >= inside.max()
    assert set(y.tolist()) <= set(values.tolist())
    assert len(x) <= 600


def test_blocks_do_not_move_while_the_curve_grows():
    values = np.random.default_rng(3).normal(size=20_000).astype(np.float32)
    before_x, before_y = grown(values[:19_000]).reduced(0, 40_000, 700)
    after_x, after_y = grown(values).reduced(0, 40_000, 700)
    full = len(before_x) - 2  # the last block was not full yet
    np.testing.assert_array_equal(before_x[:full], after_x[:full])
    np.testing.assert_array_equal(before_y[:full], after_y[:full])


def test_values_that_are_not_finite_have_no_place_on_a_curve():
    curve = Curve()
    curve.append([1, 2, 3, 4], [0.5, np.nan, np.inf, 0.25])
    assert curve.x.tolist() == [1, 4] and curve.y.tolist() == [0.5, 0.25]


@pytest.mark.parametrize("distance", [-3, -1, 1, 3])
@pytest.mark.parametrize("missing", [np.nan, np.inf, -np.inf])
def test_a_spike_beside_what_is_missing_is_kept(distance, missing):
    values = np.zeros(10_000, np.float32)
    values[4_200] = 1000.0
    values[4_200 + distance] = missing
    _, y = grown(values).reduced(0, 10_001, 100)
    assert y.max() == 1000.0 and y.min() == 0.0


def test_few_points_come_back_as_they_are():
    values = np.arange(10, dtype=np.float32)
    x, y = grown(values).reduced(0, 11, 100)
    assert x.tolist() == list(range(1, 11)) and y.tolist() == values.tolist()


@pytest.mark.parametrize(("step", "nearest"), [(-5, 10), (14, 10), (16, 20), (99, 30)])
def test_the_value_at_a_step_is_that_of_the_nearest_point(step, nearest):
    curve = Curve()
    curve.append([10, 20, 30], [1, 2, 3])
    assert curve.value_at(step) == (nearest, nearest / 10)


def test_an_empty_curve_has_no_value():
    assert Curve().value_at(3) is None
    assert len(Curve().reduced(0, 10, 100)[0]) == 0


@pytest.mark.parametrize("amount", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("piece", [1, 7, 256, 5_000])
def test_smoothing_in_pieces_is_the_recursion(amount, piece):
    values = np.random.default_rng(4).normal(1.0, 0.3, size=1_500)
    smoothing, found = Smoothing(amount), []
    for at in range(0, len(values), piece):
        found.extend(smoothing.feed(values[at : at + piece]).tolist())
    mean, expected = 0.0, []
    for t, value in enumerate(values, start=1):
        mean = amount * mean + (1 - amount) * value
        expected.append(mean / (1 - amount**t))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_smoothing_of_a_constant_is_the_constant_from_the_first_point_on():
    np.testing.assert_allclose(Smoothing(0.99).feed(np.full(700, 2.5)), 2.5, rtol=1e-5)


def test_smoothing_by_nothing_changes_nothing():
    assert Smoothing(0.0).feed([1.0, 5.0, 2.0]).tolist() == [1.0, 5.0, 2.0]
