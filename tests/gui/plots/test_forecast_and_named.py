"""The plot of a forecast, whose start can be moved, and the plane of named points."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.plots.lines import PlotLine
from gui.plots.sequences.forecast_plot import ForecastPlot
from gui.plots.sequences.named_points import MOST_NAMED, NamedPoints
from gui.shell import theme


def shown(qtbot, plot, size=(460, 260)):
    qtbot.addWidget(plot)
    plot.resize(*size)
    plot.show()
    return plot


def series(wild=0.0):
    truth = np.sin(np.arange(20.0))
    free = [float("nan")] * 9 + (truth[9:] + wild).tolist()
    return [PlotLine("truth", truth.tolist(), 0), PlotLine("free", free, 2)]


def test_a_press_and_a_drag_move_the_start(qtbot):
    plot = shown(qtbot, ForecastPlot())
    plot.set_series(series(), 10)
    moved = []
    plot.start_moved.connect(moved.append)
    image = plot.grab().toImage()
    ratio = image.devicePixelRatio()
    at = plot.point_of(10, plot.limits[1][1])
    assert image.pixelColor(round(at.x() * ratio), round((at.y() + 3) * ratio)).name() == theme.theme().window.name()
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.point_of(15, 0.0).toPoint())
    assert moved == [15]
    plot.set_series(series(), None)
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.point_of(4, 0.0).toPoint())
    assert moved == [15]  # there is none to be moved


def test_a_wild_forecast_does_not_flatten_the_truth(qtbot):
    plot = shown(qtbot, ForecastPlot())
    plot.set_series(series(wild=1000.0), 10)
    low, high = plot.limits[1]
    assert high < 6 and low > -6
    plot.set_series(series(), 10)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.position == 1
    plot.set_series(series(), 11)
    assert plot.position == 1  # while new values come


POINTS = np.array([[0.0, 0.0], [2.0, 0.1], [0.1, 1.0], [-1.0, -1.0]])


def test_points_lie_to_one_scale_and_the_chosen_one_and_its_neighbours_are_named_first(qtbot):
    plot = shown(qtbot, NamedPoints())
    plot.set_points(POINTS, ["a", "b", "c", "d"], 1, [2])
    right, up = plot.point_of(1, 0) - plot.point_of(0, 0), plot.point_of(0, 0) - plot.point_of(0, 1)
    assert right.x() == pytest.approx(up.y())
    for point in POINTS:
        assert plot.area.contains(plot.point_of(*point))
    assert plot.names_shown()[:2] == ["b", "c"] and set(plot.names_shown()) == set("abcd")
    assert plot.accessibleDescription() == "b, c"
    before = plot.limits
    plot.set_points(POINTS + 1e-3, ["a", "b", "c", "d"], 1, [2])
    assert plot.limits == before  # the picture does not breathe
    many = np.random.default_rng(0).normal(size=(MOST_NAMED + 1, 2))
    plot.set_points(many, [f"w{k}" for k in range(len(many))], 7, [3, 9])
    assert plot.names_shown()[0] == "w7" and set(plot.names_shown()) <= {"w7", "w3", "w9"}


def test_a_click_and_the_arrow_keys_choose(qtbot):
    plot = shown(qtbot, NamedPoints())
    plot.set_points(POINTS, ["a", "b", "c", "d"], 0)
    chosen = []
    plot.point_chosen.connect(chosen.append)
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.point_of(*POINTS[1]).toPoint())
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down):
        QTest.keyClick(plot, key)
    assert chosen == [1, 1, 2, 3, 3]
    assert plot.nearest(plot.point_of(5.0, 5.0)) is None


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.zeros((3, 2)), np.full((2, 2), np.nan), np.array([[1e-30, 0.0]])])
def test_points_that_have_no_spread_or_no_place_break_nothing(qtbot, points):
    plot = shown(qtbot, NamedPoints())
    plot.set_points(points, [str(k) for k in range(len(points))], 0, [1])
    plot.grab()
    assert plot.limits[0][0] < plot.limits[0][1]


def test_the_table_of_a_file_has_names_and_places(qtbot, tmp_path):
    plot = shown(qtbot, NamedPoints())
    plot.set_points(POINTS, ["가", "b", "c", "d"])
    assert plot.save_to(tmp_path / "a.csv")
    rows = list(csv.reader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["name", "x", "y"] and rows[1] == ["가", "0", "0"]
