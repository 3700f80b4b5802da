"""A graph over real numbers: what it shows is where it should be, gaps stay gaps, and its points follow mouse and keys."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QMouseEvent, QPainter, QTransform
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsSimpleTextItem, QStyleOptionGraphicsItem

from gui.plots.graphs.graph_field import field_colours
from gui.plots.graphs.graph_parts import (
    GraphArrow,
    GraphField,
    GraphHandle,
    GraphLine,
    GraphMark,
    GraphPicture,
    GraphPoints,
    GraphText,
)
from gui.plots.graphs.graph_paths import PointsItem
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.look import CORNERS, shapes_path, wide_pen
from gui.shell import theme


@pytest.fixture
def plot(qtbot) -> GraphPlot:
    made = GraphPlot()
    qtbot.addWidget(made)
    made.resize(480, 360)
    made.show()
    return made


def drag(plot: GraphPlot, begin: QPointF, end: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    modifiers = Qt.KeyboardModifier.NoModifier
    for kind, at, button, held in (
        (QEvent.Type.MouseButtonPress, begin, left, left),
        (QEvent.Type.MouseMove, end, none, left),
        (QEvent.Type.MouseButtonRelease, end, left, none),
    ):
        event = QMouseEvent(kind, at, plot.mapToGlobal(at), button, held, modifiers)
        {
            QEvent.Type.MouseButtonPress: plot.mousePressEvent,
            QEvent.Type.MouseMove: plot.mouseMoveEvent,
            QEvent.Type.MouseButtonRelease: plot.mouseReleaseEvent,
        }[kind](event)


def colour_at(plot: GraphPlot, x: float, y: float):
    image, point = plot.grab().toImage(), plot.pixel_of(x, y)
    scale = image.width() / plot.width()
    return image.pixelColor(round(point.x() * scale), round(point.y() * scale))


def near(one, other, most: int = 40) -> bool:
    return all(abs(a - b) <= most for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True))


@pytest.mark.parametrize("count", [20, 200])
def test_hollow_points_are_rings_however_many_there_are(plot, count):
    """Of many the rings are filled areas: they are painted in a third of the time."""
    x = np.linspace(0, 10, count)
    y = np.where(np.arange(count) == 10, 3.0, 1.0)
    plot.show_picture(GraphPicture(points=(GraphPoints("f", x, y, 0, px=8, hollow=True),), x=(0, 10), y=(0, 4)))
    right = [colour_at(plot, x[10] + px * plot.pixel[0], 3) for px in range(13)]
    ring = [px for px, colour in enumerate(right) if near(colour, theme.theme().curves[0])]
    assert ring and set(ring) <= {7, 8, 9}
    assert all(near(right[px], theme.theme().panel) for px in (0, 1, 2, 3, 4, 5, 11, 12))


def test_a_line_is_painted_where_its_values_are_and_has_a_gap_where_it_has_none(plot):
    x = np.linspace(0, 10, 101)
    y = np.where(np.abs(x - 5) < 1, np.nan, 2.0)
    plot.show_picture(GraphPicture(lines=(GraphLine("f", x, y, 0, width=4),), x=(0, 10), y=(0, 4)))
    assert near(colour_at(plot, 2, 2), theme.theme().curves[0])
    assert near(colour_at(plot, 5, 2.1), theme.theme().panel)


def test_values_that_a_logarithmic_axis_cannot_show_are_gaps(plot):
    line = GraphLine("e", [1e-3, 1e-2, 1e-1], [1e-6, 0.0, 1e-2], dots=True)
    plot.show_picture(GraphPicture(lines=(line,), log_x=True, log_y=True))
    (left, right), (low, high) = plot.limits
    assert left <= -3 and right >= -1 and low <= -6 and high >= -2
    assert plot.pixel_of(1e-2, 1e-4).x() == pytest.approx(plot.point_of(-2, -4).x())
    assert any("10⁻" in text for _, text in plot.left.figures)
    assert not any("e-" in text for _, text in (*plot.left.figures, *plot.bottom.figures))


def test_a_square_graph_has_one_scale(plot):
    plot.show_picture(GraphPicture(square=True, x=(-1, 1), y=(-1, 1)))
    across, up = plot.pixel
    assert across == pytest.approx(up)
    plot.show_picture(GraphPicture(x=(-1, 1), y=(-1, 1)))
    assert plot.pixel[0] != pytest.approx(plot.pixel[1])


def test_a_handle_follows_the_mouse_and_stays_on_its_axis_and_in_the_box(plot):
    places: list[tuple[str, float, float]] = []
    released: list[str] = []
    plot.handle_moved.connect(lambda *place: places.append(place))
    plot.handle_released.connect(released.append)
    handles = (GraphHandle("a", "a", 0.0, 0.0), GraphHandle("b", "b", 2.0, 1.0, moves="x"))
    plot.show_picture(GraphPicture(handles=handles, x=(-4, 4), y=(-4, 4)))
    drag(plot, plot.pixel_of(0, 0), plot.pixel_of(1, -2))
    assert places[-1] == ("a", pytest.approx(1, abs=0.05), pytest.approx(-2, abs=0.05))
    drag(plot, plot.pixel_of(2, 1), plot.pixel_of(3, 3))
    assert places[-1] == ("b", pytest.approx(3, abs=0.05), 1.0)
    drag(plot, plot.pixel_of(0, 0), QPointF(-500, 9000))
    assert places[-1] == ("a", -4.0, -4.0)
    assert released == ["a", "b", "a"]


def test_a_click_beside_the_handles_says_where(plot):
    clicked: list[tuple[float, float]] = []
    plot.clicked.connect(lambda *place: clicked.append(place))
    plot.show_picture(GraphPicture(handles=(GraphHandle("a", "a", 0.0, 0.0),), x=(-4, 4), y=(-4, 4)))
    drag(plot, plot.pixel_of(2, 2), plot.pixel_of(2, 2))
    assert clicked == [(pytest.approx(2, abs=0.05), pytest.approx(2, abs=0.05))]
    drag(plot, plot.pixel_of(0, 0), plot.pixel_of(0, 0))
    assert len(clicked) == 1


def test_the_keys_choose_and_move_a_handle_also_on_logarithmic_axes(plot):
    places: list[tuple[str, float, float]] = []
    plot.handle_moved.connect(lambda *place: places.append(place))
    handles = (GraphHandle("a", "a", 1e-4, 1.0, moves="x"), GraphHandle("b", "b", 1e-2, 1.0))
    plot.show_picture(GraphPicture(handles=handles, x=(1e-8, 1.0), y=(0.0, 2.0), log_x=True))
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert places[-1] == ("a", pytest.approx(10 ** (-4 + 0.08)), 1.0)
    QTest.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert places[-1] == ("a", pytest.approx(10 ** (-4 - 0.8)), 1.0)
    QTest.keyClick(plot, Qt.Key.Key_PageDown)
    QTest.keyClick(plot, Qt.Key.Key_Up)
    assert places[-1][0] == "b" and places[-1][2] == pytest.approx(1.02)


def test_the_right_button_and_delete_take_a_point_away_only_where_that_is_wanted(plot):
    gone: list[tuple[float, float]] = []
    plot.removed.connect(lambda *place: gone.append(place))
    plot.show_picture(GraphPicture(handles=(GraphHandle("a", "a", 1.0, 2.0),), x=(-4, 4), y=(-4, 4)))
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Delete)
    assert not gone
    plot.takes_removal = True
    QTest.keyClick(plot, Qt.Key.Key_Delete)
    at: QPoint = plot.pixel_of(1, 2).toPoint()
    plot.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, plot.mapToGlobal(at)))
    assert gone == [(1.0, 2.0), (1.0, 2.0)]


def test_the_tooltip_tells_the_lines_values_and_the_field_s(plot):
    x = np.linspace(-2, 2, 401)
    plot.show_picture(GraphPicture(lines=(GraphLine("square", x, x**2), GraphLine("untold", x, x, told=False)), x_name="x"))
    assert plot.told_at(1.5, 0.0) == "x = 1.5\nsquare  2.25"
    rows, columns = np.mgrid[0:5, 0:9]
    plot.show_picture(GraphPicture(field=GraphField(10.0 * rows + columns, (0, 8), (0, 4)), x=(0, 8), y=(0, 4)))
    assert plot.told_at(3, 2).endswith("23")
    plot.show_picture(GraphPicture(tip=lambda x, y: f"here {x:.0f}"))
    assert plot.told_at(3, 2) == "here 3"


def test_a_field_s_colours_are_those_of_its_values():
    shares = np.array([[0.0, 0.5, 1.0]])
    ends = field_colours(GraphField(shares, (0, 2), (0, 1), "classes", strength=1.0))
    first, second, panel = (np.array(colour.getRgb()[:3]) for colour in (*theme.theme().curves[:2], theme.theme().panel))
    np.testing.assert_array_equal(ends[0, 0], first)
    np.testing.assert_array_equal(ends[0, 1], panel)
    np.testing.assert_array_equal(ends[0, 2], second)
    unknown = field_colours(GraphField(np.array([[math.nan, 1.0]]), (0, 1), (0, 1), "height"))
    np.testing.assert_array_equal(unknown[0, 0], panel)


def test_an_image_covers_the_cells_of_its_field(plot):
    values = np.zeros((3, 3))
    values[2, 0] = 1.0  # at the upper left
    field = GraphField(values, (-1, 1), (-1, 1), "classes", strength=1.0)
    plot.show_picture(GraphPicture(field=field, x=(-1.5, 1.5), y=(-1.5, 1.5)))
    assert near(colour_at(plot, -1, 1), theme.theme().curves[1])
    assert near(colour_at(plot, 1, -1), theme.theme().curves[0])


def test_every_kind_of_part_is_drawn_named_and_exported(plot):
    picture = GraphPicture(
        lines=(GraphLine("line", [0, 1, 2], [0, 1, 4], filled_to=0.0),),
        points=(
            GraphPoints("points", [0.5, 1.5], [1, 2], 1, "square", labels=("p", "q")),
            GraphPoints("wrong", [1], [3], "text", "cross"),
        ),
        arrows=(GraphArrow("arrow", 0, 0, 1, 1), GraphArrow("arrow", 1, 1, 0, 0)),
        marks=(GraphMark("here", 1.0), GraphMark("high", 3.0, "y")),
        texts=(GraphText("word", 1.0, 1.0, beside="above"),),
        x_name="x",
        y_name="y",
    )
    plot.show_picture(picture)
    assert plot.legend == ("line", "points", "wrong", "arrow")
    table = plot.columns()
    assert table["line x"] == [0.0, 1.0, 2.0] and table["points y"] == [1.0, 2.0, None]
    assert len({len(column) for column in table.values()}) == 1
    plot.show_picture(replace(picture, lines=(GraphLine("another", [0, 1, 2], [0, 1, 4]),), arrows=()))
    assert plot.legend == ("another", "points", "wrong")
    theme.apply("dark")
    assert plot.grab().width() > 0
    plot.show_picture(GraphPicture())
    assert plot.legend == () and plot.columns() == {}


@pytest.mark.parametrize("shape", range(len(CORNERS)))
@pytest.mark.parametrize("density", [1.0, 2.0])
def test_rings_one_after_the_other_are_those_of_one_path(qtbot, shape, density):
    places, pixel = np.array([(10.0, 2.0), (20.0, 3.3), (30.4, 1.25)]), (0.5, 0.1)
    pictures = []
    for item in (QGraphicsPathItem(), PointsItem()):
        item.setPath(shapes_path(places, 4.5 * CORNERS[shape], pixel))
        item.setPen(wide_pen(QColor("red"), 1.8))
        item.setBrush(QColor("blue"))
        if isinstance(item, PointsItem):
            item.set_rings(places, shape, 4.5)
        image = QImage(round(80 * density), round(50 * density), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(density)
        image.fill(QColor("white"))
        painter = QPainter(image)
        painter.setTransform(QTransform(2.0, 0.0, 0.0, -10.0, 0.0, 50.0))
        item.paint(painter, QStyleOptionGraphicsItem(), None)
        painter.end()
        pictures.append(image)
    assert pictures[0] == pictures[1]
    seen = {pictures[0].pixelColor(x, y).name() for x in range(80) for y in range(50)}
    assert {"#ff0000", "#0000ff", "#ffffff"} <= seen


def strip_has(plot: GraphPlot, colour, top: int = 24) -> bool:
    """Whether the legend's rows have a pixel of that colour."""
    image = plot.grab().toImage()
    return any(near(image.pixelColor(x, y), colour, 2) for x in range(image.width()) for y in range(min(top, image.height())))


def test_the_legend_s_sample_follows_the_colour_of_a_line_that_keeps_its_name(plot):
    for colour in (0, 1):
        plot.show_picture(GraphPicture(lines=(GraphLine("f", [0, 1], [0, 0], colour, width=3),), x=(0, 1), y=(-1, 1)))
        assert strip_has(plot, theme.theme().curves[colour])
    assert not strip_has(plot, theme.theme().curves[0])


def test_what_is_drawn_only_where_it_changes_comes_back_as_it_should_be(plot):
    handles = (GraphHandle("a", "a", -2.3, 0.3, colour=0), GraphHandle("b", "b", 2.3, 0.3, colour=1))
    line = GraphLine("", [-4, 4], [2, 2], 2, width=4, filled_to=1.0, told=False)
    word = GraphText("■■■■", 0.3, -2.3, 3, "middle")
    whole = GraphPicture(lines=(line,), handles=handles, texts=(word,), x=(-4, 4), y=(-4, 4))
    bare = replace(whole, lines=(replace(line, filled_to=None),), handles=handles[:1], texts=())
    zoomed = replace(whole, x=(-1, 3), y=(-1, 3))
    for picture in (whole, bare, whole, zoomed, GraphPicture(), whole):
        plot.show_picture(picture)
    curves = theme.theme().curves
    assert near(colour_at(plot, -2.3, 0.3), curves[0]) and near(colour_at(plot, 2.3, 0.3), curves[1])
    assert near(colour_at(plot, 0, 2), curves[2]) and not near(colour_at(plot, 0.3, -2.3), theme.theme().panel, 4)
    assert colour_at(plot, 0.3, 1.6) != theme.theme().panel  # the tint between the line and 1
    plot.show_picture(bare)
    assert near(colour_at(plot, 0.3, -2.3), theme.theme().panel, 4) and near(colour_at(plot, 2.3, 0.3), theme.theme().panel, 4)
    assert near(colour_at(plot, 0.3, 1.6), theme.theme().panel, 4)


def test_a_screen_reader_is_told_what_is_shown_now(plot):
    for value in (1.0, 2.5):
        plot.show_picture(GraphPicture(lines=(GraphLine("f", [0, 1], [0, value]),)))
        assert plot.accessibleDescription() == f"f {value:g}"


def test_the_name_of_a_mark_stands_where_no_line_is(plot):
    def name_area(lines):
        plot.show_picture(GraphPicture(lines=lines, marks=(GraphMark("a long name", 0.5, "y"),), x=(0, 1), y=(0, 1)))
        item = next(
            each for each in plot.scene().items() if isinstance(each, QGraphicsSimpleTextItem) and each.text() == "a long name"
        )
        return item.sceneBoundingRect()

    x = np.linspace(0, 1, 201)
    free = name_area(())
    assert free.center().x() < plot.area.center().x() and free.bottom() <= plot.pixel_of(0, 0.5).y()
    rising = GraphLine("", x, 0.52 + 0.1 * x)  # through the usual place
    below = name_area((rising,))
    assert below.top() >= plot.pixel_of(0, 0.5).y()
    both = (rising, GraphLine("", [0.0, 1.0], [0.47, 0.47]))
    assert name_area(both).center().x() > plot.area.center().x()


def test_no_name_of_a_mark_stands_on_a_mark(plot):
    """At the right end the name has no room beside its own mark; another mark may stand where it usually does."""

    def name_area(*marks):
        plot.show_picture(GraphPicture(marks=marks, x=(0, 1), y=(0, 1)))
        names = [each for each in plot.scene().items() if isinstance(each, QGraphicsSimpleTextItem)]
        return next(each for each in names if each.text() == "a long name").sceneBoundingRect()

    assert name_area(GraphMark("a long name", 0.98)).right() <= plot.pixel_of(0.98, 0).x()
    beside = name_area(GraphMark("a long name", 0.5), GraphMark("", 0.55))
    assert beside.right() <= plot.pixel_of(0.5, 0).x()
