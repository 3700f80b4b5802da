"""The plots of values that are there at once: heat map, histogram, bars, lines, points, and the line that scrubs."""

from __future__ import annotations

from math import inf, log10, nan

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QToolTip, QVBoxLayout, QWidget

from engine.colours import diverging, viridis
from gui.plots.bars import Bar, Bars
from gui.plots.histogram import Histogram
from gui.plots.lines import LinePlot, PlotLine, ScatterPlot
from gui.plots.matrices.heat_map import HeatMap
from gui.shell import language, theme

ON = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def shown(qtbot, plot, width=420, height=260):
    qtbot.addWidget(plot)
    plot.resize(width, height)
    plot.show()
    return plot


def move(plot, point: QPointF, *, kind=QEvent.Type.MouseMove, button=Qt.MouseButton.NoButton, down=False) -> None:
    buttons = Qt.MouseButton.LeftButton if down else Qt.MouseButton.NoButton
    event = QMouseEvent(kind, point, plot.mapToGlobal(point), button, buttons, Qt.KeyboardModifier.NoModifier)
    {
        QEvent.Type.MouseMove: plot.mouseMoveEvent,
        QEvent.Type.MouseButtonPress: plot.mousePressEvent,
        QEvent.Type.MouseButtonRelease: plot.mouseReleaseEvent,
    }[kind](event)


# --- heat map


@pytest.fixture
def heat(qtbot):
    return shown(qtbot, HeatMap())


def colour_of(table: np.ndarray, part: float) -> QColor:
    return QColor.fromRgba(int(table[min(int(part * 256), 255)]))


def near(found: QColor, wanted: QColor) -> bool:
    return all(abs(a - b) <= 4 for a, b in zip(found.getRgb()[:3], wanted.getRgb()[:3], strict=True))


def test_a_cell_has_the_colour_of_its_value_and_row_0_is_on_top(heat):
    heat.set_values([[0.0, 1.0, 2.0], [3.0, 4.0, 4.0]])
    image = heat.grab().toImage()
    for (row, column), part in (((0, 0), 0.0), ((0, 2), 0.5), ((1, 0), 0.75), ((1, 1), 1.0)):
        assert near(image.pixelColor(heat.point_of_cell(row, column)), colour_of(viridis(), part))


def test_signed_values_are_white_at_zero_whatever_their_range(heat):
    heat.set_values([[-0.5, 0.0, 2.0]], signed=True)
    assert heat.levels == (-2.0, 2.0)
    image = heat.grab().toImage()
    assert near(image.pixelColor(heat.point_of_cell(0, 1)), colour_of(diverging(), 0.5))
    assert near(image.pixelColor(heat.point_of_cell(0, 2)), colour_of(diverging(), 1.0))


@pytest.mark.parametrize("value", [0.0, 3.5, -2.0])
def test_a_constant_is_not_black(heat, value):
    heat.set_values(np.full((4, 5), value))
    low, high = heat.levels
    assert low <= value <= high and low < high
    image = heat.grab().toImage()
    assert near(image.pixelColor(heat.point_of_cell(2, 2)), colour_of(viridis(), (value - low) / (high - low)))


def test_what_is_not_finite_has_no_colour_and_spoils_no_other(heat):
    heat.set_values([[0.0, inf], [nan, 1.0]])
    assert heat.levels == (0.0, 1.0)
    image = heat.grab().toImage()
    for cell in ((0, 1), (1, 0)):
        assert image.pixelColor(heat.point_of_cell(*cell)) in (theme.theme().muted, theme.theme().panel)  # dotted
    assert near(image.pixelColor(heat.point_of_cell(1, 1)), colour_of(viridis(), 1.0))
    assert heat.accessibleDescription() == "2 × 2 values from 0 to 1, 2 not finite"


@ON
@given(arrays(np.float32, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=st.floats(width=32)), st.booleans())
def test_levels_hold_every_finite_value(heat, values, signed):
    heat.set_values(values, signed=signed)
    low, high = heat.levels
    finite = values[np.isfinite(values)].astype(np.float64)
    assert low < high and (low <= finite).all() and (finite <= high).all()
    assert low == -high or not signed


def test_the_cell_under_the_pointer_is_told_and_the_keys_move_it(heat, qtbot, monkeypatch):
    said, told = [], []
    monkeypatch.setattr(QToolTip, "showText", lambda point, text, *_: said.append(text))
    heat.cursor_moved.connect(told.append)
    heat.set_values([[0.1, 0.2], [0.3, nan]], rows=["a", "b"], columns=["t0", "t1"])
    move(heat, QPointF(heat.point_of_cell(1, 0)))
    assert heat.cell == (1, 0) and said[-1] == "b, t0: 0.3" and told == [0]
    qtbot.keyClick(heat, Qt.Key.Key_Right)
    assert heat.cell == (1, 1) and said[-1] == "b, t1: NaN"
    qtbot.keyClick(heat, Qt.Key.Key_Right)
    qtbot.keyClick(heat, Qt.Key.Key_Up)
    assert heat.cell == (0, 1)
    with qtbot.waitSignal(heat.cell_chosen) as chosen:
        qtbot.keyClick(heat, Qt.Key.Key_Return)
    assert chosen.args == [0, 1]
    heat.set_cursor(0)
    assert heat.cell == (0, 0)


def test_a_heat_map_of_nothing_and_of_a_vector(heat):
    heat.set_values(np.empty((0, 0)))
    assert heat.grab().width() > 0 and heat.columns() == {}
    with pytest.raises(ValueError, match="matrix"):
        heat.set_values([1.0, 2.0])


# --- histogram


@pytest.fixture
def histogram(qtbot):
    return shown(qtbot, Histogram())


@ON
@given(st.lists(st.floats(-1e6, 1e6) | st.sampled_from([nan, inf, -inf]), max_size=80), st.integers(1, 30))
def test_every_finite_value_is_counted_once(histogram, values, bins):
    histogram.set_values(values, bins=bins)
    finite = [value for value in values if np.isfinite(value)]
    assert histogram.counts.sum() == len(finite) and len(histogram.edges) == len(histogram.counts) + 1
    for low, high, count in zip(histogram.edges, histogram.edges[1:], histogram.counts, strict=False):
        last = high == histogram.edges[-1]
        assert count == sum(low <= value < high or (last and value == high) for value in finite)
    missing = len(values) - len(finite)
    assert histogram.accessibleDescription().endswith(f", {missing} not finite") == (missing > 0)


def test_a_bar_is_as_high_as_its_count_also_of_one_on_a_log_axis(histogram):
    histogram.set_counts([1, 100, 0, 10], [0.0, 1.0, 2.0, 3.0, 4.0])
    tops = [polygon.boundingRect().bottom() for polygon in histogram._bars.path().toSubpathPolygons()]
    assert tops == [1, 100, 10]
    histogram.set_log(True)
    polygons = histogram._bars.path().toSubpathPolygons()
    assert [polygon.boundingRect().bottom() for polygon in polygons] == pytest.approx([0, 2, 1])
    assert all(polygon.boundingRect().height() > 0 for polygon in polygons)
    assert histogram.columns() == {"from": [0, 1, 2, 3], "to": [1, 2, 3, 4], "count": [1, 100, 0, 10]}
    assert [action.text() for action in histogram.menu().actions()] == ["Log axis", "Export"]


def test_the_histogram_speaks_korean(histogram):
    language.set_language("ko")
    histogram.set_values([1.0, 2.0, nan])
    assert histogram.accessibleDescription() == "값 2개: 1 ~ 2, 유한하지 않은 값 1개"


# --- bars


def test_bars_are_to_scale_and_the_longest_takes_all_the_room(qtbot):
    bars = shown(qtbot, Bars(), 320, 40)
    bars.set_bars([Bar("a", 30, 0), Bar("b", 120, 1, "120 k")])
    short, long = bars.lengths()
    assert short / long == pytest.approx(0.25) and long == bars.area.width()
    assert bars.accessibleDescription() == "a 30, b 120 k"
    image = bars.grab().toImage()
    row = round(bars.area.top() + 0.25 * bars.area.height())
    blue = [x for x in range(image.width()) if image.pixelColor(x, row) == theme.theme().curves[0]]
    assert len(blue) == pytest.approx(short, abs=1.5)
    assert bars.columns() == {"name": ["a", "b"], "value": [30, 120]}


@given(value=st.integers(2, 10**15))
@ON
def test_the_length_of_a_logarithmic_bar_is_its_logarithm(qtbot, value):
    bars = Bars(log=True)
    bars.resize(400, 48)
    bars.set_bars((Bar("a", value), Bar("b", 10**16, 1)))
    assert bars.length(value) / bars.length(10**16) == pytest.approx(log10(value) / 16)
    assert bars.length(0) == 0 and bars.length(1) == pytest.approx(2)
    bars.deleteLater()


def test_the_menu_of_bars_is_reached_by_keyboard(qtbot):
    window = QWidget()
    column = QVBoxLayout(window)
    before, bars = QPushButton("Before"), Bars()
    for part in (before, bars):
        column.addWidget(part)
    bars.set_bars([Bar("dense", 1000), Bar("convolution", 90)])
    shown(qtbot, window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    before.setFocus()
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    assert window.focusWidget() is bars and bars._ring.isVisible()
    bars.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5)))
    (menu,) = [child for child in bars.findChildren(QMenu) if child.isVisible()]
    assert "Export" in [action.text() for action in menu.actions()]
    menu.close()


def test_names_are_cut_before_figures_are(qtbot):
    bars = shown(qtbot, Bars(), 200, 40)
    bars.set_bars([Bar("a very long name of a very long network indeed", 61_100_840), Bar("b", 5)])
    name, figures = bars._texts[0]
    assert name.text().endswith("…") and figures.text() == "61.1 M"  # in full, they would leave the bars no room
    assert bars.lengths()[0] >= 0.35 * 200
    assert figures.sceneBoundingRect().right() <= 201
    assert name.sceneBoundingRect().right() <= bars.area.left()
    bars.resize(600, 40)
    assert figures.text() == "61,100,840"


def test_the_powers_of_ten_stand_below_a_logarithmic_axis(qtbot):
    bars = shown(qtbot, Bars(log=True), 420, 48)
    bars.set_bars([Bar("a", 448), Bar("b", 120_846_286_848, 1)], 12)
    assert [text for _, text in bars.bottom.figures] == ["1", "10³", "10⁶", "10⁹", "10¹²"]
    below = bars.grab().toImage().copy(0, 36, 420, 12)
    muted = theme.theme().muted
    assert any(near(below.pixelColor(x, y), muted) for x in range(420) for y in range(12))


# --- lines and points


@pytest.fixture
def lines(qtbot):
    return shown(qtbot, LinePlot())


def test_a_line_is_open_where_a_value_is_missing_and_a_lone_value_is_seen(lines):
    lines.set_lines([PlotLine("a", [1.0, 2.0, nan, 3.0, nan, 4.0, 5.0], 0, dashed=True)])
    item, dots = lines._items[0]
    polygons = [[point.x() for point in polygon] for polygon in item.path().toSubpathPolygons()]
    assert [steps for steps in polygons if len(steps) > 1] == [[1, 2], [6, 7]]
    assert dots.path().boundingRect().center().x() == pytest.approx(4)


def test_lines_are_described_by_their_last_values_and_saved_whole(lines):
    lines.set_lines([PlotLine("a", [1.0, nan], 0), PlotLine("b", [10, 20, 61_100_840], 1)], counts=True)
    assert lines.accessibleDescription() == "a 1, b 61,100,840"
    table = lines.columns()
    assert table["position"] == [1, 2, 3] and table["a"][2] is None and table["b"] == [10, 20, 61_100_840]


def test_the_position_under_the_pointer_is_told_and_the_keys_move_it(lines, qtbot, monkeypatch):
    said, told = [], []
    monkeypatch.setattr(QToolTip, "showText", lambda point, text, *_: said.append(text))
    lines.cursor_moved.connect(told.append)
    lines.set_lines([PlotLine("a", [1.0, 2.0, 3.0], 0)], tip=lambda position: f"at {position}")
    move(lines, lines.point_of(2, 2.0))
    qtbot.keyClick(lines, Qt.Key.Key_Right)
    qtbot.keyClick(lines, Qt.Key.Key_Right)
    assert told == [2, 3] and said == ["at 2", "at 3", "at 3"] and lines.position == 3
    lines.leaveEvent(QEvent(QEvent.Type.Leave))
    assert lines.position is None and told[-1] is None


@pytest.mark.parametrize("values", [[], [5.0], [nan], [2.0, 2.0], [-1e30, 1e30], [0.0] * 200])
def test_any_line_can_be_drawn(lines, values):
    for counts in (False, True):
        lines.set_lines([PlotLine("a", [abs(value) for value in values] if counts else values, 0)], counts=counts)
        assert lines.grab().width() > 0


def test_a_point_of_a_wild_prediction_is_a_mark_at_the_edge(qtbot):
    plot = shown(qtbot, ScatterPlot(), 300, 300)
    plot.set_points([0.5, 1.5, 0.2], [0.6, 40.0, -9.0])
    polygons = plot._points[0].path().toSubpathPolygons()
    assert len(polygons) == 3
    (low, high) = plot.limits[1]
    assert [polygon.boundingRect().center().x() for polygon in polygons] == pytest.approx([0.5, 1.5, 0.2])
    assert polygons[1].boundingRect().bottom() == pytest.approx(high) and polygons[2].boundingRect().top() == pytest.approx(low)
    assert plot.area.width() == pytest.approx(plot.area.height())
