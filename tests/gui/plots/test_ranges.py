"""Where axes end and what their figures say; the way from iterations to epochs and seconds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.numbers.across import MOST_KNOTS, Across, Pace
from gui.plots.numbers.ranges import (
    count_ticks,
    log_limits,
    nice_unit,
    position_ticks,
    rate_limits,
    round_above,
    step_limit,
    step_ticks,
    time_ticks,
    value_limits,
    value_ticks,
)


@pytest.mark.parametrize(("value", "rounded"), [(1.0, 1.0), (1.01, 1.2), (2.3, 2.5), (0.037, 0.04), (950, 1000), (81, 100)])
def test_round_numbers_lie_just_above(value, rounded):
    assert round_above(value) == pytest.approx(rounded)


def test_the_iteration_axis_ends_with_the_run_and_never_before_the_latest():
    assert step_limit(7, None) == 10
    assert step_limit(1100, 1150) == 1150
    assert step_limit(1160, 1150) == 1160
    limits = [step_limit(latest, 1e6) for latest in range(1, 3000, 7)]
    assert len(set(limits)) < 30 and limits == sorted(limits)


@given(st.floats(-(2.0**100), 2.0**100, width=32), st.floats(-(2.0**100), 2.0**100, width=32))
def test_value_limits_enclose(one, other):
    low, high = min(one, other), max(one, other)
    bottom, top = value_limits(low, high)
    assert bottom <= low and top >= high * (1 - 1e-9) and top > bottom


@given(st.floats(1e-40, 1e30), st.floats(1e-40, 1e30))
def test_log_limits_enclose(one, other):
    low, high = min(one, other), max(one, other)
    bottom, top = log_limits(low, high)
    assert 10**bottom <= low * (1 + 1e-9) and 10**top >= high * (1 - 1e-9) and top > bottom


@pytest.mark.parametrize(("low", "bottom"), [(0.1, 0.0), (0.55, 0.5), (0.93, 0.9), (0.99, 0.95)])
def test_a_rate_ends_at_the_whole(low, bottom):
    assert rate_limits(low) == (bottom, 1.0)


def texts(ticks: list[tuple[float, str]]) -> list[str]:
    return [text for _, text in ticks]


def test_figures_are_plain_and_apart():
    assert texts(value_ticks((0.0, 2.5), 230)) == ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]
    assert texts(value_ticks((0.0, 1.0), 230, percent=True)) == ["0%", "20%", "40%", "60%", "80%", "100%"]
    assert texts(value_ticks((-1.0, 1.0), 90)) == ["−1", "0", "1"]  # a low plot has three figures too
    assert texts(value_ticks((0.0, 40_000.0), 90)) == ["0", "20,000", "40,000"]  # as on an axis of powers of ten
    assert step_ticks((0.0, 1200.0), 560) == [
        (0, "0"),
        (200, "200"),
        (400, "400"),
        (600, "600"),
        (800, "800"),
        (1000, "1,000"),
        (1200, "1,200"),
    ]
    assert texts(step_ticks((0.0, 3.0), 460)) == ["0", "1", "2", "3"]
    assert texts(step_ticks((0.0, 1.0), 460, whole=False)) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert texts(value_ticks((-2.0, 0.0), 200, log=True)) == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]
    assert texts(value_ticks((-6.0, -5.0), 200, log=True))[:2] == ["1×10⁻⁶", "2×10⁻⁶"]
    assert nice_unit(0.3) == pytest.approx(0.5)
    assert texts(count_ticks((0.0, 138e6), 150)) == ["0", "50 M", "100 M"]
    assert texts(position_ticks(20, 300)) == ["1", "5", "10", "15", "20"]
    assert texts(position_ticks(1, 300)) == ["1"]


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e4), st.floats(1.0, 300.0), st.booleans())
def test_a_value_axis_has_two_figures_however_low_it_is(low, length, height, percent):
    ticks = value_ticks((low, low + length), height, percent=percent)
    assert len({text for _, text in ticks}) >= 2
    assert all(low - 1e-6 * length <= value <= low + length * (1 + 1e-6) for value, _ in ticks)


def test_the_figures_of_a_low_axis_are_near_its_ends():
    assert texts(value_ticks((-0.05, 0.05), 20)) == ["−0.05", "0.05"]
    assert texts(value_ticks((-0.3, 0.3), 20)) == ["−0.2", "0.2"]


def test_seconds_are_told_as_a_clock():
    assert texts(time_ticks((0.0, 40.0), 400)) == ["0", "10", "20", "30", "40"]
    assert texts(time_ticks((0.0, 300.0), 400)) == ["0", "1:00", "2:00", "3:00", "4:00", "5:00"]
    assert texts(time_ticks((0.0, 10_800.0), 400)) == ["0", "1:00:00", "2:00:00", "3:00:00"]
    assert texts(time_ticks((0.0, 1.0), 300)) == ["0.0", "0.5", "1.0"]


# --- iterations, epochs, seconds


def test_epochs_and_seconds_are_offered_only_where_they_are_known():
    across = Across()
    assert across.offered == ("iteration",)
    across.unit = "epoch"
    assert across.shown == "iteration" and across.place(50) == 50
    across.epoch_steps = 25
    assert across.shown == "epoch" and across.place(50) == 2 and across.step(2) == 50
    across.pace.note(10, 4.0)
    assert across.offered == ("iteration", "epoch", "time")


def test_a_run_of_less_than_a_second_fills_the_axis():
    across = Across()
    across.unit = "time"
    across.pace.note(10, 0.26)
    assert across.limit(10, None) == pytest.approx(0.3)
    across.pace.note(20, 47.0)
    assert across.limit(20, None) == pytest.approx(50)


@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0.01, 20)), min_size=1, max_size=60), st.floats(0, 5_000))
def test_the_way_to_seconds_and_back_is_one(strides, step):
    pace, at, second = Pace(), 0, 0.0
    for steps, seconds in strides:
        at, second = at + steps, second + seconds
        pace.note(at, second)
    assert pace.seconds(at) == pytest.approx(second)
    assert pace.steps(pace.seconds(step)) == pytest.approx(step, rel=1e-6, abs=1e-6)


def test_the_knots_of_a_long_run_stay_few_and_near():
    pace = Pace()
    for step in range(1, 50_000):
        pace.note(step, step**1.2)
    known = pace._knots()[0]
    assert len(known) <= MOST_KNOTS
    at = np.arange(100.0, 49_000.0, 97.0)
    np.testing.assert_allclose(pace.seconds(at), at**1.2, rtol=1e-3)


def test_a_note_from_the_past_changes_nothing():
    pace = Pace()
    pace.note(10, 5.0)
    pace.note(10, 6.0)
    pace.note(9, 7.0)
    pace.note(12, 4.0)
    assert pace.seconds(10) == 5.0
