"""Means with their bands, and differences of pairs: against published tables, against scipy, and worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.runs.library.seed_statistics import (
    band,
    difference_curve,
    mean_with_error,
    t_probability,
    t_quantile,
)

# two-sided 95 %: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, column 0.975
PUBLISHED = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228, 11: 2.201,
    12: 2.179, 15: 2.131, 20: 2.086, 24: 2.064, 29: 2.045, 30: 2.042, 40: 2.021, 60: 2.000, 80: 1.990, 100: 1.984,
}  # fmt: skip


@pytest.mark.parametrize("freedom", PUBLISHED)
def test_the_quantile_is_the_published_one(freedom):
    assert round(t_quantile(freedom), 3) == PUBLISHED[freedom]


def test_the_quantile_is_scipy_s():
    for freedom in (*range(1, 60), 119, 120, 999, 1000):
        assert t_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-12)
        assert t_quantile(freedom, 0.99) == pytest.approx(stats.t.ppf(0.995, freedom), rel=1e-11)
        for t in (0.1, 1.0, 3.0, 40.0):
            assert t_probability(t, freedom) == pytest.approx(1 - 2 * stats.t.sf(t, freedom), abs=1e-13)
    with pytest.raises(ValueError):
        t_quantile(0)


STEPS = np.array([3, 6])
CURVES = [(STEPS, np.array([1.0, 10.0])), (STEPS, np.array([2.0, 10.0])), (STEPS, np.array([6.0, 10.0]))]


def test_the_range_and_the_deviation_by_hand():
    least = band(CURVES, "range")
    np.testing.assert_array_equal(least.mean, [3.0, 10.0])
    np.testing.assert_array_equal((least.low, least.high), [[1.0, 10.0], [6.0, 10.0]])
    np.testing.assert_array_equal(least.count, [3, 3])
    spread = band(CURVES, "deviation")  # squares 4 + 1 + 9 = 14, over 2 degrees of freedom: 7
    np.testing.assert_allclose(spread.high - spread.mean, [np.sqrt(7.0), 0.0])
    np.testing.assert_allclose(spread.mean - spread.low, [np.sqrt(7.0), 0.0])


def test_the_interval_is_scipy_s():
    random = np.random.default_rng(4)
    values = random.normal(size=(5, 20)).astype(np.float32)
    steps = np.arange(1, 21)
    found = band([(steps, row) for row in values], "interval")
    low, high = stats.t.interval(0.95, 4, loc=values.astype(float).mean(0), scale=stats.sem(values.astype(float), axis=0))
    np.testing.assert_allclose(found.low, low, rtol=1e-12)
    np.testing.assert_allclose(found.high, high, rtol=1e-12)
    one = mean_with_error([float(value) for value in values[:, 0]])
    assert one is not None and one.half_width == pytest.approx(high[0] - found.mean[0], rel=1e-12)
    assert one.deviation == pytest.approx(values[:, 0].astype(float).std(ddof=1))


def test_values_are_aligned_by_step_and_a_run_that_ended_early_counts_as_long_as_it_went():
    long, short = (np.array([2, 4, 6]), np.array([1.0, 2.0, 3.0])), (np.array([2, 4]), np.array([3.0, np.nan]))
    found = band([long, short], "interval")
    np.testing.assert_array_equal(found.steps, [2, 4, 6])
    np.testing.assert_array_equal(found.mean, [2.0, 2.0, 3.0])
    np.testing.assert_array_equal(found.count, [2, 1, 1])
    assert found.high[0] - found.mean[0] == pytest.approx(12.7062 * np.sqrt(2) / np.sqrt(2), rel=1e-4)
    assert np.isnan(found.low[1:]).all()  # of one run there is no interval
    np.testing.assert_array_equal(band([long], "range").low, [1.0, 2.0, 3.0])
    assert len(band([], "range").steps) == 0


def test_a_difference_is_the_other_minus_the_one_where_both_are():
    steps, values = difference_curve(
        (np.array([1, 2, 4]), np.array([1.0, 2.0, 3.0])), (np.array([2, 3, 4]), np.array([5.0, 9.0, np.nan]))
    )
    np.testing.assert_array_equal(steps, [2])
    np.testing.assert_array_equal(values, [3.0])


def test_of_few_values_only_what_there_is():
    assert mean_with_error([]) is None
    one = mean_with_error([0.5])
    assert one is not None and (one.count, one.mean, one.deviation, one.half_width) == (1, 0.5, None, None)
