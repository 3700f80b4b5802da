"""The live plot: what it shows, that a redraw adds nothing, how it is read and moved."""

from __future__ import annotations

from math import inf, log10, nan

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from gui.plots.cursor import SharedCursor
from gui.plots.curves import Curves
from gui.plots.numbers.curve_data import CurveData, CurveMark, figure_of
from gui.plots.numbers.view import CurveView
from gui.shell import language, theme


@pytest.fixture
def plot(qtbot):
    made = Curves()
    qtbot.addWidget(made)
    made.add("train", 0)
    made.add("validation", 1, dashed=True, smoothed=False)
    made.set_names({"train": "Training", "validation": "Validation"}, "cross-entropy")
    made.resize(560, 300)
    made.show()
    return made


def fill(plot: Curves, count: int = 1000) -> np.ndarray:
    steps = np.arange(1, count + 1)
    losses = (2.0 * np.exp(-steps / 200) + 0.1).astype(np.float32)
    plot.append("train", steps, losses)
    plot.append("validation", steps[99::100], losses[99::100] + 0.05)
    plot.draw()
    return losses


def test_what_happened_to_a_run_is_marked_at_the_top_and_told(plot):
    fill(plot)
    plot.data.marks = (CurveMark(200, "lr 0.01 → 0.003"), CurveMark(700, "lr 0.003 → 0.001"))
    plot.draw()
    plot.tell()
    assert len(plot._marks.path().toSubpathPolygons()) == 2 and plot._marks.isVisible()
    told = plot.accessibleDescription()
    assert "Iteration 200: lr 0.01 → 0.003" in told and "Iteration 700: lr 0.003 → 0.001" in told
    place = plot.point_of(700, plot.limits[1][1]) + QPointF(3, 5)
    assert plot.marked_at(place) == "Iteration 700: lr 0.003 → 0.001" and plot.marked_at(place + QPointF(40, 0)) == ""
    plot.edit(across="iteration")
    plot.zoom(0.2, 900.0)
    assert len(plot._marks.path().toSubpathPolygons()) == 0, "those in sight alone"
    plot.clear()
    plot.data.marks = ()
    plot.draw()
    assert not plot._marks.isVisible()


def line(plot: Curves, key: str = "train") -> list[list[tuple[float, float]]]:
    """The stretches of a drawn line."""
    path = plot._items[key].line.path()
    found: list[list[tuple[float, float]]] = []
    for number in range(path.elementCount()):
        element = path.elementAt(number)
        if element.isMoveTo():
            found.append([])
        found[-1].append((element.x, element.y))
    return [stretch for stretch in found if len(stretch) > 1]


def marks(plot: Curves, key: str = "train") -> int:
    """How many dots and other marks are drawn."""
    items = plot._items[key]
    return sum(len(item.path().toSubpathPolygons()) for item in (items.dots, items.crosses))


def raw(plot: Curves) -> None:
    plot.set_view(CurveView(smoothing=0.0))


# --- what is shown


def test_a_redraw_adds_no_data(plot):
    fill(plot)
    for _ in range(5):
        plot.draw()
    assert len(plot.data.strands["train"].raw) == 1000 and len(plot.data.strands["validation"].raw) == 10


def test_the_axes_hold_all_that_is_drawn(plot):
    losses = fill(plot)
    (left, right), (low, high) = plot.limits
    assert left <= 1 and right >= 1000 and low <= losses.min() and high >= losses.max()


def test_a_curve_is_on_the_screen_in_its_colour(plot):
    raw(plot)
    fill(plot)
    image = plot.grab().toImage()
    colour = theme.theme().curves[0].rgb()
    column = round(plot.area.center().x())
    assert any(image.pixel(column, y) == colour for y in range(image.height()))


def test_an_empty_plot_draws_no_line(plot):
    plot.draw()
    assert line(plot) == [] and marks(plot) == 0


def test_a_single_point_is_seen(plot):
    plot.append("train", [5], [0.7])
    plot.draw()
    assert marks(plot) == 1
    centre = plot.point_of(5, 0.7).toPoint()
    assert plot.grab().toImage().pixelColor(centre) == theme.theme().curves[0]


def test_dots_stand_where_something_was_measured_only(plot):
    raw(plot)
    plot.append("validation", [0, 10, 20, 30], [0.0, 1.0, 3.0, 2.0])
    plot.edit(following=False)
    plot._window = (5.0, 25.0)
    plot.draw()
    (stretch,) = line(plot, "validation")
    assert stretch[0] == (5, 0.5) and len(stretch) == 4  # cut at both ends
    places = [part.boundingRect().center() for part in plot._items["validation"].dots.path().toSubpathPolygons()]
    assert [place.x() for place in places] == pytest.approx([10, 20])
    assert [place.y() for place in places] == pytest.approx([1.0, 3.0])


def test_what_is_not_finite_is_a_gap_and_marked_at_its_step(plot):
    raw(plot)
    plot.append("train", range(1, 9), [1, 2, nan, 2, 3, inf, 1, 2])
    plot.draw()
    assert [[x for x, _ in stretch] for stretch in line(plot)] == [[1, 2], [4, 5], [7, 8]]
    top, bottom = plot.limits[1][1], plot.limits[1][0]
    up = plot._items["train"].dots.path().boundingRect()
    cross = plot._items["train"].crosses.path().boundingRect()
    assert up.center().x() == pytest.approx(6) and up.bottom() == pytest.approx(top)
    assert cross.center().x() == pytest.approx(3) and cross.top() - bottom < 0.1 * (top - bottom)
    assert plot.data.values_at(6) == {"train": inf}


def test_zero_on_a_logarithmic_axis_is_a_gap_and_a_mark_at_the_bottom(plot):
    plot.set_view(CurveView(smoothing=0.0, log=True))
    plot.append("train", range(1, 7), [0.1, 0.2, 0.0, -1.0, 0.4, 0.8])
    plot.draw()
    assert [[(x, round(10**y, 6)) for x, y in stretch] for stretch in line(plot)] == [
        [(1, 0.1), (2, 0.2)],
        [(5, 0.4), (6, 0.8)],
    ]
    assert marks(plot) == 2
    assert plot._items["train"].dots.path().boundingRect().top() == pytest.approx(plot.limits[1][0])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([0.5, 1.0, 2.0, 0.0, -3.0, nan, inf, -inf]), min_size=1, max_size=60), st.booleans())
def test_each_value_is_on_a_line_or_marked_and_no_line_leads_over_a_gap(plot, values, log):
    plot.set_view(CurveView(smoothing=0.0, log=log))
    plot.clear()
    plot.append("train", range(1, len(values) + 1), values)
    plot.draw()
    drawable = [np.isfinite(value) and (value > 0 or not log) for value in values]
    stretches = line(plot)
    for stretch in stretches:
        steps = [round(x) for x, _ in stretch]
        assert steps == list(range(steps[0], steps[-1] + 1)) and all(drawable[step - 1] for step in steps)
        for step, (_, y) in zip(steps, stretch, strict=True):
            assert y == pytest.approx(log10(values[step - 1]) if log else values[step - 1])
    on_lines = sum(len(stretch) for stretch in stretches)
    alone = sum(
        drawable[i] and not (i > 0 and drawable[i - 1]) and not (i + 1 < len(values) and drawable[i + 1])
        for i in range(len(values))
    )
    assert on_lines + alone == sum(drawable)
    crosses = 2 * sum(np.isnan(values))  # of two lines each
    assert marks(plot) == alone + (len(values) - sum(drawable)) - sum(np.isnan(values)) + crosses


def test_smoothing_shows_the_running_mean_and_keeps_the_measurements_behind_it(plot):
    steps = np.arange(1, 301)
    noisy = 1.0 + 0.5 * (-1.0) ** steps
    plot.append("train", steps, noisy)
    plot.draw()
    assert abs(line(plot)[0][-1][1] - 1.0) < 0.06
    assert plot.data.values_at(None)["train"] == pytest.approx(1.5)  # read out is what was measured
    assert plot.data.strands["train"].raw.y.tolist() == noisy.astype(np.float32).tolist()
    behind = plot._items["train"].behind
    assert behind.path().elementCount() == 300 and behind.pen().color().alphaF() < 0.5
    plot.append("train", [301], [1.0])
    assert len(plot.data.strands["train"].shown) == 301
    raw(plot)
    assert plot.data.values_at(300)["train"] == pytest.approx(1.5) and behind.path().elementCount() == 0


def test_smoothing_is_the_same_at_every_zoom(plot):
    random = np.random.default_rng(0)
    values = random.normal(1.0, 0.3, 30_000).astype(np.float32)
    plot.append("train", np.arange(1, 30_001), values)
    plot.draw()
    smooth = plot.data.strands["train"].smooth
    whole = dict(zip(smooth.x.tolist(), smooth.y.tolist(), strict=True))
    for factor in (0.2, 0.1, 0.05):
        plot.zoom(factor, 12_000.0)
        (stretch,) = line(plot)
        assert {y for _, y in stretch[1:-1]} <= set(whole.values())
    assert all(y == whole[round(x)] for x, y in stretch[1:-1]) and len(stretch) > 20  # so near, every point is drawn


def test_the_line_of_pure_chance_is_drawn_and_can_be_switched_off(plot):
    fill(plot)
    assert not plot._chance.isVisible()
    plot.data.chance = 1.5
    plot.draw()
    assert plot._chance.isVisible() and plot._chance.path().elementAt(0).y == 1.5
    plot.edit(log=True)
    assert plot._chance.path().elementAt(0).y == pytest.approx(log10(1.5))
    plot.edit(chance=False)
    assert not plot._chance.isVisible()


@pytest.mark.parametrize("log", [False, True])
def test_the_line_of_pure_chance_is_there_before_any_measurement(plot, log):
    plot.set_view(CurveView(log=log))
    assert plot.limits[1][0] == pytest.approx(-3.0 if log else 0.0)
    plot.data.chance = 2.3026
    plot.draw()
    assert plot._chance.isVisible() and plot.limits[1][0] < plot._chance.path().elementAt(0).y < plot.limits[1][1]


# --- what lies across


def test_iterations_epochs_and_seconds_lie_across(plot):
    raw(plot)
    fill(plot, 1000)
    plot.data.across.epoch_steps = 100
    for step in range(10, 1001, 10):
        plot.data.note_time(step, step / 50 if step <= 500 else 10 + (step - 500) / 5)
    assert plot.bottom.name == "Iteration" and plot.limits[0][1] == pytest.approx(1008)
    plot.edit(across="epoch")
    assert plot.bottom.name == "Epoch" and plot.limits[0][1] == pytest.approx(10.08)
    assert line(plot, "validation")[0][2][0] == pytest.approx(3.0)
    plot.edit(across="time")
    assert plot.bottom.name == "Time (min:s)" and plot.limits[0][1] >= 110
    assert line(plot, "validation")[0][7][0] == pytest.approx(10 + 300 / 5)


def test_a_zoomed_part_stays_the_same_part_in_another_unit(plot):
    fill(plot, 1000)
    plot.data.across.epoch_steps = 50
    plot.edit(following=False)
    plot.zoom(0.25, 400.0)
    low, high = plot._window
    plot.edit(across="epoch")
    assert plot._window == pytest.approx((low / 50, high / 50))


def test_uneven_speed_keeps_the_slow_part_in_detail(plot):
    raw(plot)
    steps = np.arange(1, 20_001)
    plot.append("train", steps, np.sin(steps / 7.0))
    plot.data.note_time(19_900, 1.0)
    plot.data.note_time(20_000, 101.0)
    plot.edit(across="time")
    slow = [x for x, _ in line(plot)[0] if 10 < x < 100]
    assert len(slow) > 80  # a hundred iterations fill nearly all of the width


# --- how it is moved


def test_following_keeps_the_latest_in_sight_and_a_drag_stands_still(plot, qtbot):
    told = []
    plot.view_changed.connect(told.append)
    fill(plot, 200)
    plot.zoom(0.3)
    width = plot.limits[0][1] - plot.limits[0][0]
    assert width < 120
    plot.append("train", np.arange(201, 1001), np.full(800, 0.5))
    plot.draw()
    assert plot.limits[0][0] <= 1000 <= plot.limits[0][1]
    assert plot.limits[0][1] - plot.limits[0][0] == pytest.approx(width)
    centre = QPoint(plot.width() // 2, plot.height() // 2)
    qtbot.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    to, left = QPointF(centre + QPoint(80, 0)), Qt.MouseButton.LeftButton
    move = QMouseEvent(QEvent.Type.MouseMove, to, to, Qt.MouseButton.NoButton, left, Qt.KeyboardModifier.NoModifier)
    plot.mouseMoveEvent(move)
    qtbot.mouseRelease(plot.viewport(), left, pos=to.toPoint())
    assert not plot.view.following and told == [CurveView(following=False)]
    stands = plot.limits
    plot.append("train", [1001, 1002], [0.5, 0.5])
    plot.draw()
    assert plot.limits == stands
    qtbot.mouseDClick(plot.viewport(), left, pos=centre)
    assert plot.view.following and plot.limits[0][0] == 0 and told[-1] == CurveView()


def test_the_wheel_zooms_at_the_pointer(plot):
    fill(plot)
    plot.edit(following=False)
    point = QPointF(plot.area.left() + plot.area.width() / 4, plot.area.center().y())
    under = plot.place_at(point)[0]
    wheel = QWheelEvent(
        point,
        point,
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    plot.wheelEvent(wheel)
    assert plot.limits[0][1] - plot.limits[0][0] < 700
    assert plot.place_at(point)[0] == pytest.approx(under, rel=0.02)


def test_the_keyboard_moves_the_cursor_zooms_and_shows_all(plot, qtbot):
    fill(plot)
    whole = plot.limits
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    first = plot.cursor_step
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.cursor_step < first < 1000
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.cursor_step == pytest.approx(first)
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.limits[0] != whole[0]
    qtbot.keyClick(plot, Qt.Key.Key_0)
    assert plot.limits == whole


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions()]


def test_the_menu_speaks_the_language_in_force_and_does_what_it_says(plot):
    fill(plot)
    plot.data.chance = 2.3
    plot.data.across.epoch_steps = 100
    menu = plot.menu()
    assert texts(menu) == ["View all", "Follow", "Log axis", "Line of pure chance", "Smoothing", "Horizontal axis", "Export"]
    actions = dict(zip(texts(menu), menu.actions(), strict=True))
    plot.edit(following=False)
    plot.zoom(0.2, 300.0)
    actions["Log axis"].trigger()
    assert plot.view.log
    actions["View all"].trigger()
    assert plot.view.following and plot.limits[0][0] == 0
    smoothing = actions["Smoothing"].menu()
    next(action for action in smoothing.actions() if action.text() == "0.6").trigger()
    assert plot.view.smoothing == 0.6
    next(action for action in actions["Horizontal axis"].menu().actions() if action.text() == "Epochs").trigger()
    assert plot.view.across == "epoch"
    language.set_language("ko")
    QApplication.processEvents()
    assert texts(plot.menu())[:3] == ["전체 보기", "따라가기", "로그 축"] and plot.bottom.name == "에폭"


def test_the_menu_key_opens_the_menu(plot, qtbot):
    fill(plot)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    plot.contextMenuEvent(event)
    (menu,) = [child for child in plot.findChildren(QMenu) if child.isVisible()]
    assert "View all" in texts(menu)
    menu.close()


def test_a_rate_has_no_logarithmic_axis(qtbot):
    plot = Curves("rate")
    qtbot.addWidget(plot)
    plot.set_view(CurveView(log=True))
    assert not plot.view.log and "Log axis" not in texts(plot.menu())


# --- the cursor


def test_the_cursor_catches_the_nearest_measurement(plot):
    fill(plot)
    plot.point_at(plot.point_of(300, 0).x())
    assert abs(plot.cursor_step - 300) <= 3
    plot.point_at(2.0)  # on the axis
    assert plot.cursor_step is None


def test_plots_share_a_cursor(plot, qtbot):
    other = Curves("rate")
    qtbot.addWidget(other)
    other.add("train", 0)
    shared, told = SharedCursor(), []
    shared.moved.connect(told.append)
    for each in (plot, other):
        shared.join(each)
    fill(plot)
    plot.point_at(plot.point_of(300, 0).x())
    assert other.cursor_step == plot.cursor_step == told[-1]


# --- looks


def test_a_theme_is_put_on_live(plot):
    fill(plot)
    theme.apply("dark")
    assert plot.grab().toImage().pixelColor(2, 2) == theme.theme().panel
    assert plot._items["train"].line.pen().color() == theme.theme().curves[0]
    theme.apply("light")
    assert plot.grab().toImage().pixelColor(2, 2) == theme.theme().panel


def test_lines_are_one_pixel_and_axes_are_kept_as_pictures(plot):
    fill(plot)
    for item in (plot._items["train"].line, plot._items["train"].behind, plot.grid):
        assert item.pen().isCosmetic() and item.pen().widthF() == 0
    assert plot.left.cacheMode() == plot.bottom.cacheMode() == plot.left.CacheMode.DeviceCoordinateCache


def on_the_screen(qtbot, *sizes: tuple[int, int]) -> QImage:
    """What a window shows of a plot that had these sizes one after the other, painted in its own way: `grab` would paint
    all of it anew."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 500)
    plot = Curves(parent=window)
    plot.add("train", 0)
    plot.set_names({"train": "Training"}, "cross-entropy")
    plot.resize(*sizes[0])
    window.show()
    plot.append("train", np.arange(1, 1001), np.linspace(0.7, 0.04, 1000))
    plot.draw()
    for size in sizes:
        plot.resize(*size)
        QApplication.processEvents()
        QApplication.processEvents()
    return QGuiApplication.primaryScreen().grabWindow(window.winId()).toImage()


def test_the_figures_move_when_the_plot_grows(qtbot):
    assert on_the_screen(qtbot, (280, 170), (560, 290)) == on_the_screen(qtbot, (560, 290))


def test_a_frame_moves_no_axis_that_need_not_move(plot):
    fill(plot)
    ranges = []
    plot.box.sigRangeChanged.connect(lambda *_: ranges.append(1))
    plot.append("train", [1001], [0.5])
    before = plot.limits
    plot.draw()
    plot.append("train", [1002], [0.5])
    plot.draw()
    assert len(ranges) == (plot.limits != before)


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (nan, "NaN"), (inf, "∞"), (0.16481, "0.1648"), (-0.5, "−0.5000"), (2e-7, "2×10⁻⁷")]
)
def test_values_are_read_out(value, text):
    assert figure_of("value", value) == text


def test_values_of_a_rate_are_percent():
    assert figure_of("rate", 0.9876) == "98.8%"


def test_a_million_points_are_drawn_by_two_a_pixel(plot):
    raw(plot)
    plot.append("train", np.arange(1, 1_000_001), np.random.default_rng(0).random(1_000_000, np.float32))
    plot.draw()
    assert plot._items["train"].line.path().elementCount() <= 2 * plot.area.width() + 2


def test_data_can_be_read_without_a_plot():
    data = CurveData()
    data.add("train", 0)
    data.append("train", [1, 2], [0.5, 0.25])
    assert data.latest() == 2 and data.values_at(1)["train"] == pytest.approx(0.5)


def test_only_a_curve_with_new_points_is_reduced_again():
    data = CurveData()
    for key in ("train", "validation"):
        data.add(key, 0, smoothed=False)
        data.append(key, [1, 2, 3], [3.0, 2.0, 1.0])
    first = data.drawn((0.0, 10.0), 100)
    data.append("train", [4], [0.5])
    second = data.drawn((0.0, 10.0), 100)
    assert second["validation"] is first["validation"] and second["train"].line.y.tolist() == [3.0, 2.0, 1.0, 0.5]
    assert data.drawn((0.0, 2.0), 100)["validation"] is not first["validation"]
    data.set_view(CurveView(log=True))
    assert data.drawn((0.0, 10.0), 100)["validation"].line.y == pytest.approx([log10(3.0), log10(2.0), 0.0])
    data.clear()
    assert len(data.drawn((0.0, 10.0), 100)["validation"].line) == 0
