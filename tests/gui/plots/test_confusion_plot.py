"""The plots of the judged pages: what is where, by mouse and by keys, and what is written into files."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from engine.colours import viridis
from gui.plots.matrices.confusion_plot import ConfusionPlot
from gui.plots.rates import RateLine, RatePlot
from gui.shell import theme

COUNTS = np.array([[9, 1, 0], [0, 4, 0], [2, 0, 0]])


@pytest.fixture
def plot(qtbot):
    made = ConfusionPlot()
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.set_counts(COUNTS, ("a", "b", "c"), [0.9, 1.0, 0.0], [9 / 11, 0.8, None])
    made.show()
    return made


def test_a_cell_is_found_where_it_is_painted_true_classes_downwards(plot):
    for true in range(3):
        for predicted in range(3):
            assert plot.cell_at(plot.place_of(true, predicted).center().toPoint()) == (true, predicted)
    assert plot.place_of(2, 0).top() > plot.place_of(0, 0).top()
    assert plot.place_of(0, 2).left() > plot.place_of(0, 0).left()
    assert plot.cell_at(plot.rect().topLeft()) is None
    assert plot.told(2, 0) == "True c, predicted a: 2"


def test_the_colour_goes_with_the_square_root_of_the_count(plot):
    image = plot.grab().toImage()
    for true, predicted in ((0, 0), (1, 1), (2, 0), (0, 2)):
        place = plot.place_of(true, predicted)
        ratio = image.devicePixelRatio()
        colour = image.pixelColor(round((place.left() + 4) * ratio), round((place.top() + 4) * ratio))
        expected = QColor.fromRgb(int(viridis()[round(255 * (COUNTS[true, predicted] / 9) ** 0.5)]))
        assert abs(colour.red() - expected.red()) <= 1 and abs(colour.green() - expected.green()) <= 1, (true, predicted)


def test_keys_go_from_cell_to_cell_and_choose(qtbot, plot):
    chosen, moved = [], []
    plot.cell_chosen.connect(lambda *cell: chosen.append(cell))
    plot.cell_moved.connect(moved.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(plot, key)
    assert moved == [(0, 0), (0, 1), (1, 1), (0, 1)] and chosen == [(0, 1)]
    assert plot.accessibleDescription() == "True a, predicted b: 1"


def test_the_table_has_counts_recalls_and_precisions(plot, tmp_path):
    assert plot.save_to(tmp_path / "a.csv")
    rows = list(csv.reader((tmp_path / "a.csv").read_text("utf-8").splitlines()))
    assert rows[0] == ["True", "Predicted a", "Predicted b", "Predicted c", "Recall"]
    assert rows[1] == ["a", "9", "1", "0", "0.9"] and rows[3] == ["c", "2", "0", "0", "0"]
    assert rows[4][0] == "Precision" and rows[4][3] == "" and float(rows[4][1]) == pytest.approx(9 / 11)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_of_it_is_no_empty_ground(plot, tmp_path, scheme):
    theme.apply(scheme)
    assert plot.save_to(tmp_path / "a.png") and plot.save_to(tmp_path / "a.svg")
    image = QImage(str(tmp_path / "a.png"))
    colours = {image.pixel(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)}
    assert len(colours) > 5 and "Predicted" in (tmp_path / "a.svg").read_text("utf-8")


def test_a_small_one_leaves_figures_out_and_a_large_one_has_shares(plot):
    names, shares = tuple("0123456789"), [1.0] * 10
    plot.set_counts(np.eye(10, dtype=np.int64), names, shares, shares)
    for size, expected in (((190, 130), (False, False)), ((240, 170), (False, False)), ((420, 300), (True, True))):
        plot.resize(*size)
        assert plot._area()[1:] == expected, size
        assert plot.place_of(9, 9).right() <= plot.width() and plot.place_of(9, 9).bottom() <= plot.height()


@pytest.mark.parametrize("width", [212, 600])
def test_the_name_of_the_true_classes_keeps_away_from_theirs(plot, width):
    plot.resize(width, 180)
    image = plot.grab().toImage()
    area, _, _ = plot._area()
    ground = image.pixelColor(int(area.left()) - 2, int(area.bottom()) - 1)
    rows = range(int(area.top()), int(area.bottom()))
    inked = [any(image.pixelColor(x, y) != ground for y in rows) for x in range(int(area.left()) - 2)]
    first = inked.index(True)
    empty = inked.index(False, first)
    again = inked.index(True, empty)
    assert again - empty >= 8, "px between the upright name and the classes"


def test_rates_stand_at_their_places(qtbot, tmp_path):
    plot = RatePlot()
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.set_axis_names("Rotation", "Accuracy")
    lines = [
        RateLine("CNN", (-90, 0, 90), (0.2, 0.97, 0.25), 0),
        RateLine("MLP", (-90, 0, 90), (0.1, 0.95, 0.2), 1, dashed=True),
    ]
    plot.set_lines(lines, unit="°", chance=0.1)
    plot.show()
    assert [figure for _, figure in plot._figures([-90.0, 0.0, 90.0], 400)] == ["−90", "−60", "−30", "0", "30", "60", "90"]
    told = []
    plot.cursor_moved.connect(told.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(plot, key)
    assert told == [0, 90, 0] and plot.cursor_place == 0
    assert plot.save_to(tmp_path / "a.csv")
    rows = list(csv.reader((tmp_path / "a.csv").read_text("utf-8").splitlines()))
    assert rows == [["Rotation", "CNN", "MLP"], ["-90", "0.2", "0.1"], ["0", "0.97", "0.95"], ["90", "0.25", "0.2"]]
    assert plot.accessibleDescription() == "CNN 20.0% – 97.0%, MLP 10.0% – 95.0%"
