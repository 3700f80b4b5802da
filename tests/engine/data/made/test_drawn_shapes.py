"""The drawn shapes cover what their outlines enclose: areas, symmetries and edges, measured and not computed again."""

import numpy as np
import pytest

from engine.data.made.drawn_shapes import distance_to_box, distance_to_shape, make_shapes

# of a shape whose farthest points are at 1, by school geometry
AREAS = {
    0: np.pi,
    1: 2.0,
    2: 3 * np.sqrt(3) / 4,
    3: 5 * 0.45 * np.sin(np.pi / 5),
    4: 4 * 0.947 * 0.64 - 0.64**2,
    5: np.pi * (1 - 0.5**2),
}


def finely(side=1201):
    axis = np.linspace(-1.2, 1.2, side)
    return *np.meshgrid(axis, axis), (axis[1] - axis[0]) ** 2


@pytest.mark.parametrize("shape", AREAS)
def test_each_shape_has_its_area_and_reaches_one(shape):
    x, y, cell = finely()
    inside = distance_to_shape(x, y, shape) < 0
    assert inside.sum() * cell == pytest.approx(AREAS[shape], rel=0.005)
    assert np.hypot(x, y)[inside].max() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("shape", [0, 1, 2, 3, 5])
def test_outside_it_is_the_distance_to_the_nearest_point_of_the_shape(shape):
    x, y, _ = finely(401)
    inside = distance_to_shape(x, y, shape) <= 0
    points = np.stack([x[inside], y[inside]], axis=1)
    for place in np.random.default_rng(0).uniform(-2, 2, (60, 2)):
        found = float(distance_to_shape(place[:1], place[1:], shape)[0])
        nearest = np.hypot(*(points - place).T).min()
        if found > 0.02:
            assert found == pytest.approx(nearest, abs=0.012)


def test_a_box_is_far_from_what_is_beside_and_above():
    x, y = np.array([3.0, 0.0, 3.0, 0.5]), np.array([0.0, 2.0, 5.0, 0.25])
    assert distance_to_box(x, y, 2.0, 1.0).tolist() == [1.0, 1.0, np.hypot(1.0, 4.0), -0.75]


def test_pictures_are_whole_light_on_dark_and_equal_in_number():
    x, y = make_shapes(np.random.default_rng(3), 600, 0.0)
    assert x.shape == (600, 1, 28, 28) and x.dtype == np.float32 and y.dtype == np.int64
    assert np.bincount(y).tolist() == [100] * 6
    assert x.min() == 0 and 0.9 < x.max() <= 1
    assert max(x[:, 0, 0].max(), x[:, 0, -1].max(), x[:, 0, :, 0].max(), x[:, 0, :, -1].max()) <= 0.51, "nothing is cut off"
    levels = np.array([picture[0].max() for picture in x])
    assert levels.min() >= 0.59
    covered = x[:, 0].sum(axis=(1, 2)) / levels  # pixels
    for shape, area in AREAS.items():
        own = covered[y == shape]
        assert own.min() > area * 6**2 * 0.93 and own.max() < area * 10**2 * 1.07


def test_noise_is_added_and_stays_within_the_greys():
    clean, _ = make_shapes(np.random.default_rng(3), 60, 0.0)
    noisy, _ = make_shapes(np.random.default_rng(3), 60, 0.2)
    assert noisy.min() >= 0 and noisy.max() <= 1
    middle = (clean > 0.6) & (clean < 0.7)  # where nothing is clipped
    assert (noisy - clean)[middle].std() == pytest.approx(0.2, rel=0.1)
