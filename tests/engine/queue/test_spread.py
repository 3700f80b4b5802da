"""Mean, deviation and interval, against published tables and against numpy and scipy."""

import numpy as np
import pytest
from scipy import stats

from engine.queue.spread import curve_spread, spread, t_quantile

# Student's t, two-sided 95 %, as printed in NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2
PUBLISHED = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228, 11: 2.201, 12: 2.179,
    15: 2.131, 20: 2.086, 25: 2.060, 30: 2.042, 40: 2.021, 60: 2.000, 100: 1.984,
}  # fmt: skip


@pytest.mark.parametrize(("degrees", "t"), PUBLISHED.items())
def test_the_published_table(degrees, t):
    assert round(t_quantile(degrees), 3) == t


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 19, 64, 333, 999])
@pytest.mark.parametrize("covered", [0.5, 0.9, 0.95, 0.99])
def test_scipys_quantiles(degrees, covered):
    assert t_quantile(degrees, covered) == pytest.approx(stats.t.ppf((1 + covered) / 2, degrees), rel=1e-9)


@pytest.mark.parametrize("count", [2, 3, 5, 16])
def test_mean_deviation_and_interval(count):
    values = np.random.default_rng(count).random(count)
    found = spread(values.tolist())
    low, high = stats.t.interval(0.95, count - 1, loc=values.mean(), scale=stats.sem(values))
    assert found == pytest.approx((count, values.mean(), values.std(ddof=1), low, high))


def test_five_seeds_by_hand():
    # 97, 98, 99, 98, 98: mean 98, squares 1 + 0 + 1 + 0 + 0 = 2, over 4; the half interval is 2.776 * sqrt(0.5) / sqrt(5)
    found = spread([97, 98, 99, 98, 98])
    assert found.mean == 98
    assert found.deviation == pytest.approx(0.5**0.5)
    assert found.high - 98 == pytest.approx(2.7764 * 0.5**0.5 / 5**0.5, rel=1e-4)


def test_one_value_has_no_interval_and_none_has_nothing():
    assert spread([0.5]) == (1, 0.5, None, None, None)
    assert spread([]) is None


def test_curves_of_different_length_end_with_the_shortest():
    found = curve_spread([[1.0, 2.0, 3.0], [3.0, 4.0]])
    assert [each.mean for each in found] == [2.0, 3.0]
