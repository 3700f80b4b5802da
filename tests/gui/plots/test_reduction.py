"""Curves do not lie: what is drawn holds every extreme and leaves every gap open, and costs the same however long the curve."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.numbers.reduction import Points, Smoothing

SPECIAL = (nan, inf, -inf, 0.0, -1.5)


def grown(values: np.ndarray, seed: int = 0) -> Points:
    """A curve that came in pieces of random lengths, as one does during a run."""
    random = np.random.default_rng(seed)
    points, at = Points(), 0
    while at < len(values):
        size = int(random.integers(1, 300))
        part = values[at : at + size]
        points.append(np.arange(at + 1, at + 1 + len(part)), part)
        at += len(part)
    return points


@st.composite
def measured(draw: st.DrawFn) -> np.ndarray:
    """Values over the steps 1, 2, 3, ...: noise with spikes, and here and there, alone or in rows, what is no value."""
    count = draw(st.integers(1, 4_000))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    values = random.normal(1.0, 0.4, count).astype(np.float32)
    for _ in range(draw(st.integers(0, 12))):
        at, length = int(random.integers(count)), int(random.choice([1, 1, 1, 2, 40, 700]))
        values[at : at + length] = random.choice(SPECIAL)
    values[random.integers(count, size=draw(st.integers(0, 12)))] = random.choice([50.0, 900.0, 1e-4])
    return values


@st.composite
def looked_at(draw: st.DrawFn) -> tuple[np.ndarray, list[float], int]:
    """Values, the edges of what is looked at, and pixels."""
    values = draw(measured())
    start = draw(st.floats(-50, len(values)))
    stop = start + draw(st.floats(1, 2 * len(values) + 10))
    between = sorted(draw(st.lists(st.floats(start, stop), max_size=5)))
    return values, [start, *between, stop], draw(st.integers(16, 700))


def steps_of(values: np.ndarray) -> np.ndarray:
    return np.arange(1, len(values) + 1)


# --- spikes


@given(looked_at(), st.booleans())
def test_every_value_lies_between_the_extremes_drawn_at_its_place(look, log):
    values, edges, pixels = look
    edges = [edges[0], edges[-1]]
    found = grown(values).outline(edges, pixels, log=log)
    steps = steps_of(values)
    place = np.isfinite(values) & (steps >= edges[0]) & (steps <= edges[1])
    if log:
        place &= values > 0
    inside = found.x >= edges[0]
    x, y = found.x[inside], found.y[inside]
    near = 2 * np.isfinite(values).sum() / max(pixels - 2, 1)  # points of a block, at most
    order = np.cumsum(np.isfinite(values))  # a block counts finite points, not steps
    numbers = order[x.astype(int) - 1]
    for step in steps[place]:
        value = np.log10(np.float64(values[step - 1])) if log else values[step - 1]
        block = (x <= step) & (numbers > order[step - 1] - near - 1)
        assert block.any()
        assert y[block].max() >= value and y[block].min() <= value


@given(looked_at())
def test_what_is_drawn_was_measured_and_is_two_points_a_pixel(look):
    values, edges, pixels = look
    found = grown(values).outline(edges, pixels)
    assert len(found) <= 2 * pixels + 2
    assert (np.diff(found.x) >= 0).all()
    assert set(found.y.tolist()) <= set(values[np.isfinite(values)].tolist())


@pytest.mark.parametrize("count", [1, 2, 15, 16, 17, 100, 1_000, 4_096, 33_333, 200_000])
@pytest.mark.parametrize("pixels", [1, 50, 611])
def test_the_extremes_of_the_whole_are_kept(count, pixels):
    values = np.random.default_rng(count).normal(size=count).astype(np.float32)
    found = grown(values).outline([0, count + 1], pixels)
    assert len(found) <= max(2 * pixels, 4)
    assert found.y.min() == values.min() and found.y.max() == values.max()


def test_spikes_beside_a_gap_and_several_in_one_pixel_are_kept():
    values = np.ones(100_000, np.float32)
    values[[50_000, 50_002, 50_004, 50_010]] = [9.0, -7.0, 8.0, -6.0]
    values[[50_001, 50_003]] = nan
    found = grown(values).outline([0, 100_001], 300)
    assert found.y.max() == 9.0 and found.y.min() == -7.0


def test_blocks_do_not_move_while_the_curve_grows():
    values = np.random.default_rng(3).normal(size=20_000).astype(np.float32)
    before, after = (grown(part).outline([0, 40_000], 700) for part in (values[:19_000], values))
    full = len(before) - 2  # the last block was not full yet
    np.testing.assert_array_equal(before.x[:full], after.x[:full])
    np.testing.assert_array_equal(before.y[:full], after.y[:full])


# --- gaps


def missing_steps(values: np.ndarray, log: bool) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        there = np.isfinite(values) & ((values > 0) if log else True)
    return steps_of(values)[~there]


@given(looked_at(), st.booleans())
def test_no_line_leads_over_what_is_missing_and_none_is_open_without_it(look, log):
    values, edges, pixels = look
    found = grown(values).outline(edges, pixels, log=log)
    missing = missing_steps(values, log)
    joined = np.ones(len(found), bool) if found.joined is None else found.joined
    for number in range(len(found) - 1):
        left, right = found.x[number], found.x[number + 1]
        between = left < right and bool(((missing >= left) & (missing <= right)).any())  # a block's place may be a gap itself
        assert joined[number] == (not between)


@given(looked_at())
def test_everything_missing_is_marked_within_a_pixel_of_its_step(look):
    values, edges, pixels = look
    edges = [edges[0], edges[-1]]
    points, steps = grown(values), steps_of(values)
    seen = (steps >= edges[0]) & (steps <= edges[1])
    faults = {
        "nan": np.isnan(values),
        "above": np.isposinf(values),
        "below": np.isneginf(values),
        "not_positive": np.isfinite(values) & (values <= 0),
    }
    for kind, fault in faults.items():
        marks = points.marks(edges, pixels, kind)
        assert len(marks) <= pixels
        assert set(marks.tolist()) <= set(steps[fault].tolist())
        for step in steps[fault & seen]:
            assert len(marks) and np.abs(marks - step).min() <= (edges[1] - edges[0]) / pixels + 1


def test_a_stretch_that_was_zero_is_a_gap_on_a_logarithmic_axis():
    points = Points()
    points.append([1, 2, 3, 4, 5, 6], [0.1, 0.2, 0.0, 0.0, 0.4, 0.8])
    found = points.outline([0, 7], 100, log=True)
    assert found.x.tolist() == [1, 2, 5, 6] and found.joined is not None and found.joined.tolist() == [True, False, True, False]
    np.testing.assert_allclose(10**found.y, [0.1, 0.2, 0.4, 0.8], rtol=1e-6)
    assert points.marks([0, 7], 100, "not_positive").tolist() == [3, 4]
    assert points.outline([0, 7], 100).joined is None  # on a linear axis zero is a value


# --- single points


@given(looked_at(), st.booleans())
def test_every_point_is_on_a_line_or_marked_as_alone(look, log):
    values, edges, pixels = look
    found = grown(values).outline(edges, pixels, log=log)
    alone = {(found.x[number], found.y[number]) for number in found.alone}
    joined = np.ones(len(found), bool) if found.joined is None else found.joined
    on_a_line = set()
    for number in range(len(found) - 1):
        ends = [(found.x[at], found.y[at]) for at in (number, number + 1)]
        if joined[number] and ends[0] != ends[1]:
            on_a_line.update(ends)
    for point in zip(found.x, found.y, strict=True):
        assert (point in alone) != (point in on_a_line)


def test_one_point_is_alone():
    points = Points()
    points.append([7], [0.5])
    assert points.outline([0, 10], 300).alone.tolist() == [0]


# --- where it is cut


def test_a_line_that_leaves_the_axis_ends_on_it():
    points = Points()
    points.append([0, 10, 20], [0.0, 1.0, 3.0])
    found = points.outline([5, 15], 300).within(5, 15)
    assert found.x.tolist() == [5, 10, 15] and found.y.tolist() == [0.5, 1.0, 2.0]


# --- what is there


def test_values_come_back_in_their_order_with_what_is_missing():
    points = Points()
    points.append([1, 2, 3, 4, 5], [0.5, nan, inf, -inf, 0.25])
    steps, values = points.everything()
    assert steps.tolist() == [1, 2, 3, 4, 5] and len(points) == 5
    np.testing.assert_array_equal(values, np.array([0.5, nan, inf, -inf, 0.25], np.float32))
    assert points.last_step == 5 and points.x.tolist() == [1, 5]


@pytest.mark.parametrize(("step", "nearest"), [(-5, 10), (14, 10), (16, 20), (99, 30)])
def test_the_nearest_point_is_found_on_either_side(step, nearest):
    points = Points()
    points.append([10, 20, 30], [1, nan, 3])
    assert points.nearest(step) == nearest


@pytest.mark.parametrize(("step", "last"), [(10, 10), (19, 10), (19.9, 10), (20, 20), (99, 30)])
def test_the_value_at_a_step_is_the_last_one_measured_by_then(step, last):
    points = Points()
    points.append([10, 20, 30], [1, 2, 3])
    assert points.value_at(step) == (last, last / 10)
    assert points.value_at(9.9) is None


def test_the_value_at_a_gap_is_no_number():
    points = Points()
    points.append([10, 20, 30], [1, nan, 3])
    found = points.value_at(21)
    assert found is not None and found[0] == 20 and np.isnan(found[1])


def test_an_empty_curve_has_nothing():
    points = Points()
    assert points.value_at(3) is None and points.nearest(3) is None and points.last_step is None
    assert len(points.outline([0, 10], 100)) == 0 and len(points.outline([0, 10], 100).alone) == 0


def test_a_value_beyond_32_bits_is_infinite():
    points = Points()
    points.append([1, 2], [1e300, 1.0])
    assert points.missing("above").tolist() == [1]


# --- smoothing


def weighted_mean(values: np.ndarray, amount: float) -> np.ndarray:
    """What pandas calls ewm(alpha=1 - amount, adjust=True, ignore_na=True).mean(), written out: the mean of all finite
    values so far, the one k finite values ago with weight amount^k."""
    found = np.array(values, np.float64)
    finite = np.flatnonzero(np.isfinite(found))
    exact = found[finite]
    for number, place in enumerate(finite):
        weights = float(amount) ** np.arange(number, -1, -1)
        found[place] = (weights * exact[: number + 1]).sum() / weights.sum()
    return found


@given(measured(), st.sampled_from([0.5, 0.6, 0.9, 0.97, 0.99]), st.integers(1, 900))
def test_smoothing_in_pieces_is_the_weighted_mean_from_the_first_value_on(values, amount, piece):
    values = values[:1_200]
    smoothing, found = Smoothing(amount), []
    for at in range(0, len(values), piece):
        found.extend(smoothing.feed(values[at : at + piece]).tolist())
    np.testing.assert_allclose(found, weighted_mean(values, amount), rtol=2e-5, atol=1e-6)


def test_smoothing_of_a_constant_is_the_constant_from_the_first_point_on():
    np.testing.assert_allclose(Smoothing(0.99).feed(np.full(700, 2.5)), 2.5, rtol=1e-5)


def test_smoothing_by_nothing_changes_nothing():
    assert Smoothing(0.0).feed([1.0, 5.0, 2.0]).tolist() == [1.0, 5.0, 2.0]
