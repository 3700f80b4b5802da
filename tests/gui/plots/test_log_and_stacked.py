"""Lines of norms on a logarithmic axis, and stacked parts of a whole: what is where, and what is never joined."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from gui.plots.lines import PlotLine
from gui.plots.sequences.log_lines import LogLinePlot, TintedLine, log_outline, zeros_of
from gui.plots.sequences.stacked import StackedPlot, stacked


def shown(qtbot, plot, size=(460, 260)):
    qtbot.addWidget(plot)
    plot.resize(*size)
    plot.show()
    return plot


def test_a_zero_is_a_gap_that_nothing_leads_over_and_a_mark_at_the_lower_edge(qtbot):
    line = PlotLine("h", [1e-3, 1e-2, 0.0, float("nan"), 1.0, 10.0], 0)
    outline = log_outline(line)
    np.testing.assert_allclose(outline.y, [-3, -2, 0, 1])
    assert outline.x.tolist() == [1, 2, 5, 6] and outline.joined.tolist() == [True, False, True, True]
    assert zeros_of(line).tolist() == [3]
    plot = shown(qtbot, LogLinePlot())
    plot.set_lines([line])
    assert plot.has_zeros
    assert plot.limits[1][0] < -3 and plot.limits[1][1] > 1
    marks = plot._zeros[0].path().boundingRect()
    assert marks.center().x() == pytest.approx(3, abs=0.05)
    assert plot.point_of(3, plot.limits[1][0]).y() == pytest.approx(plot.area.bottom())
    image = plot.grab().toImage()
    ratio = image.devicePixelRatio()
    at = plot.point_of(3, plot.limits[1][0]) - QPointF(0, 4)
    assert image.pixelColor(round(at.x() * ratio), round(at.y() * ratio)).name() == line.pen().color().name()


def test_the_axis_goes_in_whole_powers_of_ten_and_writes_them_as_people_do(qtbot):
    plot = shown(qtbot, LogLinePlot())
    plot.set_lines([PlotLine("h", (10.0 ** -np.arange(0.0, 40, 2)).tolist(), 0)])
    figures = [text for _, text in plot.left.figures]
    assert "1" in figures and any(text.startswith("10⁻") for text in figures) and not any("e" in text for text in figures)
    places = [plot.point_of(*place).y() for place in ((1, 0.0), (2, -2.0), (3, -4.0))]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1])  # even in powers
    before = plot.limits
    plot.set_lines([PlotLine("h", (1.7 * 10.0 ** -np.arange(0.0, 40, 2) / 2).tolist(), 0)])
    assert plot.limits == before  # a little more or less moves no axis


def test_a_short_axis_has_figures_too(qtbot):
    plot = shown(qtbot, LogLinePlot())
    plot.set_lines([PlotLine("h", [0.5, 0.4, 0.45], 0)])
    assert [text for _, text in plot.left.figures] == ["0.1", "0.2", "0.5", "1"]


def test_the_cursor_stays_while_new_values_come_and_tells_what_was_measured(qtbot):
    plot = shown(qtbot, LogLinePlot())
    plot.set_lines([PlotLine("LSTM", [1e-12, 0.5, 0.0], 0), PlotLine("RNN", [0.1, 0.2, 0.3], 1)])
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.position == 1 and plot._told(1) == "LSTM 1×10⁻¹²\nRNN 0.1"
    assert plot._told(3) == "LSTM 0\nRNN 0.3"
    plot.set_lines([PlotLine("LSTM", [1e-11, 0.4, 0.0], 0)])
    assert plot.position == 1
    plot.set_lines([])
    assert plot.position is None


@pytest.mark.parametrize("values", [[], [0.0], [3.0], [0.0, 0.0], [float("inf"), float("nan")]])
def test_what_has_no_place_breaks_nothing(qtbot, values):
    plot = shown(qtbot, LogLinePlot())
    plot.set_lines([PlotLine("h", values, 0)] if values else [])
    plot.grab()
    assert plot.limits[1][0] < plot.limits[1][1]


PARTS = np.array([[0.5, 1.25, 0.0, np.nan], [0.25, -0.5, 0.0, np.nan], [0.25, 0.25, 1.0, np.nan]])


def test_stacked_parts_reach_the_whole_and_what_works_against_it_hangs_below():
    low, high = stacked(PARTS)
    np.testing.assert_allclose(high[:, 0], [0.5, 0.75, 1.0])
    np.testing.assert_allclose(low[:, 0], [0.0, 0.5, 0.75])
    np.testing.assert_allclose((low[:, 1], high[:, 1]), ([0.0, -0.5, 1.25], [1.25, 0.0, 1.5]))
    np.testing.assert_allclose(high[:, 1].max() + low[:, 1].min(), 1.0)  # the sum of the parts
    np.testing.assert_allclose((low[:, 3], high[:, 3]), (np.zeros(3), np.zeros(3)))


def test_each_part_is_painted_in_its_colour_at_its_height(qtbot):
    plot = shown(qtbot, StackedPlot())
    tints = (QColor("#112233"), QColor("#446688"), QColor("#aa2200"))
    plot.set_parts(("a", "b", "c"), PARTS, tints)
    image = plot.grab().toImage()
    ratio = image.devicePixelRatio()

    def colour(t, share):
        at = plot.point_of(t, share)
        return image.pixelColor(round(at.x() * ratio), round(at.y() * ratio)).name()

    assert [colour(1, share) for share in (0.25, 0.6, 0.9)] == [tint.name() for tint in tints]
    assert colour(2, -0.25) == "#446688" and colour(2, 0.5) == "#112233" and colour(3, 0.5) == "#aa2200"
    assert colour(4, 0.5) not in [tint.name() for tint in tints]
    assert plot._told(2) == "a 125.0%\nb −50.0%\nc 25.0%"


def test_the_table_of_a_file_has_what_was_given(qtbot, tmp_path):
    plot = shown(qtbot, StackedPlot())
    plot.set_parts(("a", "b", "c"), PARTS[:, :2], (QColor("red"),) * 3)
    assert plot.save_to(tmp_path / "a.csv")
    rows = list(csv.reader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()))
    assert rows[1][1:] == ["0.5", "0.25", "0.25"] and rows[2][1:] == ["1.25", "-0.5", "0.25"]


def test_a_tinted_line_has_its_own_colour_and_a_plain_one_the_themes():
    assert TintedLine("a", [1.0], tint=QColor("#123456")).pen().color().name() == "#123456"
    assert TintedLine("a", [1.0], 1).pen().color() == PlotLine("a", [1.0], 1).pen().color()


def test_of_five_thousand_positions_as_many_columns_are_drawn_as_there_are_pixels(qtbot):
    plot = shown(qtbot, StackedPlot())
    parts = np.full((3, 5000), 1 / 3)
    plot.set_parts(("a", "b", "c"), parts, (QColor("red"), QColor("lime"), QColor("blue")))
    assert plot._items[0][0].path().elementCount() <= 5 * plot.area.width()
    image = plot.grab().toImage()
    ratio = image.devicePixelRatio()
    for t in (1, 2500, 5000):
        at = plot.point_of(t, 0.5)
        assert image.pixelColor(round(at.x() * ratio), round(at.y() * ratio)).name() == "#00ff00"
