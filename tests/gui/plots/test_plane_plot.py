"""The plot of a plane: its lines lie where the field is zero, its colours and points where the data say, and a redraw repaints
no point."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from torch import nn

from engine.data.datasets import Dataset
from engine.judging.decision_plane import look_at_plane
from gui.plots.matrices.class_points import POINT_PX, ClassPoints
from gui.plots.matrices.plane_plot import CORNERS, PlanePlot, class_colour, class_corners, unit_lines
from gui.plots.numbers.contour import zero_lines
from gui.shell import theme


def plane_of(weight, bias=(0.0, 0.0), *, points=((-1.0, -1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, 1.0)), labels=(0, 1, 1, 0)):
    """The plane of a network of one layer, whose answers are known by hand."""
    model = nn.Sequential(nn.Linear(2, 2)).eval()
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor(weight))
        model[0].bias.copy_(torch.tensor(bias))
    x, y = torch.tensor(points), torch.tensor(labels)
    data = Dataset("own", x[:2], y[:2], x[2:], y[2:], ("a", "b"), (2,), tokens=False, outputs=2, task="classification",
                   loss="cross_entropy")  # fmt: skip
    return look_at_plane(model, data)


UPRIGHT = [[-4.0, 0.0], [4.0, 0.0]]  # class b where x₁ > 0


@pytest.fixture
def plot(qtbot):
    made = PlanePlot()
    qtbot.addWidget(made)
    made.resize(420, 400)
    made.set_plane(plane_of(UPRIGHT))
    made.show()
    return made


def colour_at(plot, x, y):
    picture = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return QColor(picture.pixel(plot.point_of(x, y).toPoint()))


def ends_of(path):
    return np.array([(path.elementAt(n).x, path.elementAt(n).y) for n in range(path.elementCount())])


# --- the line where a field is zero


def test_a_straight_field_has_a_straight_line():
    across, up = np.linspace(-2, 2, 9), np.linspace(0, 1, 6)
    x, y = np.meshgrid(across, up)
    lines = zero_lines(3 * x - 2 * y + 0.1, across, up)
    assert np.abs(3 * lines[..., 0] - 2 * lines[..., 1] + 0.1).max() < 1e-12
    assert lines[..., 1].min() == pytest.approx(0) and lines[..., 1].max() == pytest.approx(1)


def test_a_round_field_has_a_closed_ring_of_the_right_length():
    across = np.linspace(-1, 1, 200)
    x, y = np.meshgrid(across, across)
    lines = zero_lines(np.hypot(x, y) - 0.7, across, across)
    assert np.abs(np.hypot(lines[..., 0], lines[..., 1]) - 0.7).max() < 1e-4
    assert np.hypot(*(lines[:, 1] - lines[:, 0]).T).sum() == pytest.approx(2 * np.pi * 0.7, rel=1e-3)
    met = np.round(lines.reshape(-1, 2), 9)
    assert (np.unique(met, axis=0, return_counts=True)[1] == 2).all(), "each piece goes on where the other one ends"


@pytest.mark.parametrize(("middle", "joined"), [(1.5, {(0, 1), (1, 0)}), (1.0, {(0, 0), (1, 1)})])
def test_a_saddle_is_divided_as_its_middle_says(middle, joined):
    """The corners that are cut off are those whose sign the middle does not have."""
    field = np.array([[1.0, -1.0], [-1.0, middle - 1e-3 if middle == 1.0 else middle]])
    lines = zero_lines(field, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    corners = {tuple(np.rint(line.mean(axis=0)).astype(int).tolist()) for line in lines}
    assert corners == joined


def test_a_field_of_one_sign_has_no_line_and_a_hole_is_left_out():
    across = np.arange(3.0)
    assert len(zero_lines(np.ones((3, 3)), across, across)) == 0
    field = np.array([[-1.0, 1.0, 1.0], [-1.0, 1.0, 1.0], [-1.0, np.nan, 1.0]])
    assert zero_lines(field, across, across).tolist() == [[[0.5, 0.0], [0.5, 1.0]]]


def test_of_several_fields_all_lines_are_found():
    across, up = np.linspace(-1, 1, 7), np.linspace(-1, 1, 5)
    x, y = np.meshgrid(across, up)
    fields = np.stack([x - 0.1, np.ones_like(x), y + 0.2])
    lines = zero_lines(fields, across, up)
    upright = np.isclose(lines[..., 0], 0.1).all(axis=1)
    assert upright.sum() == 4 and (~upright).sum() == 6, "a piece a row of squares, and one a column"
    assert np.allclose(lines[~upright][..., 1], -0.2)


def test_a_units_line_is_where_its_sum_is_zero():
    units = np.array([[2.0, 1.0, 0.5], [0.0, 3.0, -1.0], [1.0, 0.0, 50.0], [0.0, 0.0, 1.0], [np.nan, 1.0, 0.0]])
    lines = unit_lines(units, (-1.0, 1.0), (-2.0, 2.0))
    assert len(lines) == 2, "the third is far away, the fourth has no direction, the fifth no number"
    for (w1, w2, b), line in zip(units, lines, strict=False):
        assert np.abs(w1 * line[:, 0] + w2 * line[:, 1] + b).max() < 1e-9
        assert np.hypot(*(line[1] - line[0])) > 4


# --- what is painted


def test_the_boundary_is_where_both_classes_are_equally_likely(plot):
    ends = ends_of(plot.boundary.path())
    assert np.abs(ends[:, 0]).max() < 1e-6
    assert plot.boundary.isVisible()


def test_each_side_has_its_classs_colour_and_fades_at_the_boundary(plot):
    plot.show_units(False)
    left, right, middle = (colour_at(plot, x, 0.4) for x in (-0.8, 0.8, 0.06))
    assert left.blueF() > left.redF() and right.redF() > right.blueF()
    ground = theme.theme().panel
    assert abs(middle.lightness() - ground.lightness()) < abs(left.lightness() - ground.lightness())


def test_points_are_filled_ringed_and_wrong_ones_crossed(plot):
    """Training: (-1, -1) a, (1, 1) b. Validation: (1, -1) b, (-1, 1) a. All are right; then the classes are exchanged."""
    assert colour_at(plot, -1, -1) == class_colour(0)
    assert colour_at(plot, 1, 1) == class_colour(1)
    assert colour_at(plot, 1, -1) == theme.theme().panel
    assert plot.wrong.path().isEmpty()
    plot.set_plane(plane_of([[4.0, 0.0], [-4.0, 0.0]]))
    ends = ends_of(plot.wrong.path())
    middles = {tuple(np.rint(pair.mean(axis=0)).astype(int).tolist()) for pair in ends.reshape(-1, 2, 2)}
    assert middles == {(-1, -1), (1, 1), (1, -1), (-1, 1)}


def test_classes_differ_in_shape_and_colour():
    assert len({class_colour(number).name() for number in range(4)}) == 4
    assert len({class_corners(number).shape[0] * 10 + abs(float(class_corners(number)[0, 0])) for number in range(4)}) == 4
    assert class_colour(4) == class_colour(0) and class_corners(4) is not class_corners(0)
    assert all(0.8 < np.hypot(*corners.T).max() < 1.45 for corners in CORNERS)


def test_a_new_answer_repaints_no_point(plot):
    before = [item.path() for item in plot._points]
    plot.set_plane(plane_of(UPRIGHT, labels=(1, 1, 0, 0)))
    items = list(plot._points)
    assert [item.path() for item in items] != before, "other points are drawn anew"

    drawn = []
    plot._draw_group = lambda *arguments: drawn.append(arguments)
    plot.set_plane(plane_of([[1.0, 0.0], [0.0, 1.0]], labels=(1, 1, 0, 0)))
    assert not drawn, "another network, asked about the same points"
    del plot._draw_group
    plot.resize(300, 300)
    assert plot._points != items


def test_other_points_are_drawn_with_the_items_that_there_are(plot):
    items = list(plot._points)
    plot.set_plane(plane_of(UPRIGHT, labels=(1, 1, 0, 0)))
    assert plot._points == items
    plot.set_plane(plane_of(UPRIGHT, labels=(1, 1, 1, 1)))
    shown = [item for item in plot._points if not item.path().isEmpty()]
    assert shown and all(item.scene() is plot.scene() for item in shown)


def test_the_box_is_a_square_and_the_place_under_the_pointer_is_the_grids(plot, qtbot):
    assert plot.area.width() == pytest.approx(plot.area.height(), abs=1)
    for place in ((0, 0), (99, 0), (30, 71)):
        assert plot.place_under(plot.middle_of(*place)) == place
    assert plot.place_under(plot.rect().topLeft().toPointF()) is None
    moved = []
    plot.place_moved.connect(moved.append)
    qtbot.mouseMove(plot.viewport(), plot.middle_of(20, 40).toPoint())
    qtbot.waitUntil(lambda: moved and moved[-1] is not None)
    assert abs(moved[-1][0] - 20) <= 1 and abs(moved[-1][1] - 40) <= 1


def test_arrow_keys_walk_over_the_grid_and_a_point_is_found(plot, qtbot):
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    row, column = plot.place
    qtbot.keyClick(plot, Qt.Key.Key_Up)
    assert plot.place == (row + 1, column)
    target = plot.place_under(plot.point_of(1.0, -1.0))
    plot._move_place(target)
    judged, number = plot.point_near()
    assert judged and plot.plane.validation.places[number].tolist() == [1.0, -1.0]


def test_a_table_of_the_grid_is_what_was_answered(plot):
    table = plot.columns()
    assert list(table) == ["x1", "x2", "answer a", "answer b"]
    assert len(table["x1"]) == 10_000
    at = 73 * 100 + 12
    assert table["x1"][at] == plot.plane.across[12] and table["x2"][at] == plot.plane.up[73]
    assert table["answer b"][at] == pytest.approx(float(torch.sigmoid(torch.tensor(8.0 * table["x1"][at]))), rel=1e-4)


def test_a_regression_has_the_colours_of_its_numbers(qtbot):
    model = nn.Sequential(nn.Linear(2, 1)).eval()
    x = torch.tensor([[-1.0, 0.0], [1.0, 0.5], [0.0, -0.5]])
    y = x[:, :1].clone()
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor([[1.0, 0.0]]))
        model[0].bias.zero_()
    data = Dataset("own", x, y, x, y, (), (2,), tokens=False, outputs=1, task="regression", loss="mean_squared_error")
    plot = PlanePlot()
    qtbot.addWidget(plot)
    plot.resize(400, 400)
    plot.set_plane(look_at_plane(model, data))
    plot.show_units(False)
    plot.show()
    low, high = colour_at(plot, -1.05, 0.7), colour_at(plot, 1.05, -0.7)
    assert low.lightness() < high.lightness() and high.greenF() > 0.8  # viridis: violet below, yellow above
    assert plot.boundary.path().isEmpty() and plot.wrong.path().isEmpty()


def test_samples_lie_in_the_middle_of_their_signs_which_are_those_of_the_answers(qtbot):
    """In the view of the data: four classes, so every shape, a point of each."""
    plot = ClassPoints()
    qtbot.addWidget(plot)
    plot.resize(420, 420)
    plot.show()
    points = np.array([[0.0, 0.0], [1.0, 0.2], [0.4, 1.0], [-0.7, 0.5]])
    plot.set_points(points, np.arange(4), ("a", "b", "c", "d"))
    for label, (place, item) in enumerate(zip(points, plot._items, strict=True)):
        found = item.path().boundingRect()
        corners = class_corners(label)
        across, up = corners.min(axis=0) + corners.max(axis=0)  # 0 of a shape that is as wide to the left as to the right
        apart = np.array([found.center().x(), found.center().y()]) - place
        np.testing.assert_allclose(apart / plot.pixel, np.array([across, up]) * POINT_PX / 2, atol=0.1)
        assert np.abs(apart / plot.pixel).max() < 1.0
        assert item.brush().color() == class_colour(label)
