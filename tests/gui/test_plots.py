"""The live plot: what it shows, that a redraw adds nothing, how it is read and moved, and its files."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QMessageBox

from gui.shell import theme
from gui.widgets.curve_card import CurveCard, CurveView
from gui.widgets.plot_painting import Axes, log_ticks, nice_unit, plain, plot_area, step_ticks, value_ticks
from gui.widgets.plot_ranges import log_limits, rate_limits, round_above, step_limit, value_limits
from gui.widgets.plots import CurvePlot


@pytest.fixture
def card(qtbot):
    card = CurveCard("value", log_offered=True)
    qtbot.addWidget(card)
    card.plot.add("train", 0)
    card.plot.add("validation", 1, dashed=True, smoothed=False)
    card.set_title("Loss")
    card.set_names({"train": "Training", "validation": "Validation"}, "Iteration", "cross-entropy")
    card.resize(560, 340)
    card.show()
    return card


def fill(plot: CurvePlot, count: int = 1000) -> np.ndarray:
    steps = np.arange(1, count + 1)
    losses = (2.0 * np.exp(-steps / 200) + 0.1).astype(np.float32)
    plot.append("train", steps, losses)
    plot.append("validation", steps[99::100], losses[99::100] + 0.05)
    plot.draw()
    return losses


def test_a_redraw_adds_no_data(card):
    fill(card.plot)
    for _ in range(5):
        card.plot.draw()
    assert len(card.plot.series["train"].raw) == 1000 and len(card.plot.series["validation"].raw) == 10


def test_the_axes_hold_all_that_is_drawn(card):
    losses = fill(card.plot)
    (left, right), (low, high) = card.plot.axes.steps, card.plot.axes.values
    assert left <= 1 and right >= 1000 and low <= losses.min() and high >= losses.max()


def test_a_curve_is_on_the_screen_in_its_colour(card, qtbot):
    card.set_view(CurveView(smoothing=0.0))
    fill(card.plot)
    image = card.plot.grab().toImage()
    area = plot_area(card.plot.width(), card.plot.height())
    colour = theme.theme().curves[0].rgb()
    column = round(area.center().x())
    assert any(image.pixel(column, y) == colour for y in range(image.height()))


def test_an_empty_plot_draws_no_line(card):
    card.plot.draw()
    assert all(series.line.size() == 0 for series in card.plot.series.values())


@pytest.mark.parametrize(("width", "named"), [(500, True), (250, True), (200, False)])
def test_a_narrow_legend_keeps_every_value(card, width, named):
    card.legend.set_entries([("train", "Training", "0.1648"), ("validation", "Validation", "0.1902")], "")
    metrics = QFontMetrics(theme.font(12))
    dash, gap, names = card.legend._fitting(metrics, width)
    texts = ["0.1648", "0.1902"] + (["Training", "Validation"] if names else [])
    assert names == named
    assert sum(metrics.horizontalAdvance(text) for text in texts) + 2 * dash + gap <= width


def test_the_legend_reads_out_the_latest_and_the_cursor(card):
    losses = fill(card.plot)
    card.set_view(CurveView(smoothing=0.0))
    assert card.legend.accessibleName() == f"Training {losses[-1]:.4f}, Validation {losses[-1] + 0.05:.4f}"
    area = plot_area(card.plot.width(), card.plot.height())
    low, high = card.plot.axes.steps
    card.plot.point_at(area.left() + area.width() * (300 - low) / (high - low))
    step = card.plot.cursor_step
    assert abs(step - 300) <= 3
    assert card.legend.accessibleName().startswith(f"Training {losses[int(step) - 1]:.4f}, Validation {losses[299] + 0.05:.4f}")


def test_smoothing_shows_the_running_mean_and_keeps_the_measurements(card):
    steps = np.arange(1, 301)
    noisy = 1.0 + 0.5 * (-1.0) ** steps
    card.plot.append("train", steps, noisy)
    card.plot.set_smoothing(0.9)
    card.plot.draw()
    smooth = card.plot.values_at(None)["train"]
    assert abs(smooth - 1.0) < 0.06
    assert card.plot.series["train"].raw.y.tolist() == noisy.astype(np.float32).tolist()
    card.plot.append("train", [301], [1.0])
    assert len(card.plot.series["train"].shown) == 301
    card.plot.set_smoothing(0.0)
    assert card.plot.values_at(300)["train"] == pytest.approx(1.5)


def test_a_log_axis_leaves_out_what_is_not_above_zero(card):
    card.plot.set_log(True)
    card.plot.append("train", [1, 2, 3], [0.0, 0.01, 1.0])
    card.plot.draw()
    assert card.plot.series["train"].line.size() == 2
    low, high = card.plot.axes.values
    assert low <= -2 and high >= 0


def test_following_keeps_the_latest_in_sight_and_a_drag_stands_still(card, qtbot):
    fill(card.plot, 200)
    card.plot.zoom(0.3)
    width = card.plot.axes.steps[1] - card.plot.axes.steps[0]
    assert width < 120
    steps = np.arange(201, 1001)
    card.plot.append("train", steps, np.full(800, 0.5))
    card.plot.draw()
    assert card.plot.axes.steps[0] <= 1000 <= card.plot.axes.steps[1]
    assert card.plot.axes.steps[1] - card.plot.axes.steps[0] == pytest.approx(width)
    centre = QPoint(card.plot.width() // 2, card.plot.height() // 2)
    qtbot.mousePress(card.plot, Qt.MouseButton.LeftButton, pos=centre)
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    to = QPointF(centre + QPoint(80, 0))
    none = Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    card.plot.mouseMoveEvent(QMouseEvent(QEvent.Type.MouseMove, to, to, Qt.MouseButton.NoButton, left, none))
    qtbot.mouseRelease(card.plot, left, pos=to.toPoint())
    assert not card.plot.following and not card.follow.isChecked() and not card.view.following
    stands = card.plot.axes.steps
    card.plot.append("train", [1001, 1002], [0.5, 0.5])
    card.plot.draw()
    assert card.plot.axes.steps == stands
    qtbot.mouseDClick(card.plot, left, pos=centre)
    assert card.plot.following and card.plot.axes.steps[0] == 0


def test_the_keyboard_moves_the_cursor_zooms_and_shows_all(card, qtbot):
    fill(card.plot)
    whole = card.plot.axes.steps
    qtbot.keyClick(card.plot, Qt.Key.Key_Left)
    first = card.plot.cursor_step
    qtbot.keyClick(card.plot, Qt.Key.Key_Left)
    assert card.plot.cursor_step < first < 1000
    qtbot.keyClick(card.plot, Qt.Key.Key_Plus)
    assert card.plot.axes.steps != whole
    qtbot.keyClick(card.plot, Qt.Key.Key_0)
    assert card.plot.axes.steps == whole


def test_a_theme_is_put_on_live(card):
    fill(card.plot)
    theme.apply("dark")
    assert card.plot.grab().toImage().pixelColor(2, 2) == theme.theme().panel
    theme.apply("light")
    assert card.plot.grab().toImage().pixelColor(2, 2) == theme.theme().panel


def test_tools_become_one_menu_where_the_card_is_narrow(card, qtbot):
    card.resize(700, 300)
    assert card.log.isVisible() and not card.more.isVisible()
    card.resize(240, 300)
    assert card.more.isVisible() and not card.log.isVisible()
    actions = {action.text(): action for action in card.more.menu().actions()}
    actions["Log axis"].trigger()
    assert card.view.log and card.plot.log


# --- files


def test_a_table_holds_every_measurement(card, tmp_path):
    losses = fill(card.plot)
    card.plot.set_smoothing(0.9)
    assert card.export_to(tmp_path / "loss.csv")
    with (tmp_path / "loss.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["iteration"]) for row in rows] == list(range(1, 1001))
    assert [np.float32(row["train"]) for row in rows] == losses.tolist()
    assert [index for index, row in enumerate(rows) if row["validation"]] == list(range(99, 1000, 100))


def test_a_picture_can_be_read_and_is_not_empty(card, tmp_path):
    fill(card.plot)
    assert card.export_to(tmp_path / "loss.png")
    image = QImage(str(tmp_path / "loss.png"))
    assert image.width() > 800
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 10


def test_a_drawing_is_svg_with_lines_and_words(card, tmp_path):
    fill(card.plot)
    assert card.export_to(tmp_path / "loss.svg")
    root = ET.parse(tmp_path / "loss.svg").getroot()
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert root.tag.endswith("svg") and "polyline" in names and "text" in names
    texts = "".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))
    assert "Training" in texts and "Iteration" in texts and "Loss" in texts


@pytest.mark.parametrize("name", ["no such folder/loss.png", "loss.jpeg"])
def test_what_cannot_be_written_is_said_in_words(card, tmp_path, monkeypatch, name):
    said = []
    monkeypatch.setattr(QMessageBox, "warning", lambda parent, title, text: said.append(text))
    fill(card.plot)
    assert not card.export_to(tmp_path / name)
    assert len(said) == 1 and name.rpartition("/")[2] in said[0]
    assert list(tmp_path.iterdir()) == []


# --- axes


@pytest.mark.parametrize(("value", "rounded"), [(1.0, 1.0), (1.01, 1.2), (2.3, 2.5), (0.037, 0.04), (950, 1000), (81, 100)])
def test_round_numbers_lie_just_above(value, rounded):
    assert round_above(value) == pytest.approx(rounded)


def test_the_iteration_axis_ends_with_the_run_and_never_before_the_latest():
    assert step_limit(7, None) == 10
    assert step_limit(1100, 1150) == 1150
    assert step_limit(1160, 1150) == 1160
    limits = [step_limit(latest, 1e6) for latest in range(1, 3000, 7)]
    assert len(set(limits)) < 30 and limits == sorted(limits)


@pytest.mark.parametrize(("low", "high"), [(0.1, 2.31), (0.0, 0.0), (-1.4, 0.9), (99.2, 99.9), (1e-9, 2e-9), (5.0, 5.0)])
def test_value_limits_enclose(low, high):
    bottom, top = value_limits(low, high)
    assert bottom <= low and top >= high and top > bottom


@pytest.mark.parametrize(("low", "high"), [(0.013, 2.3), (1e-8, 1e-2), (0.5, 0.5)])
def test_log_limits_enclose(low, high):
    bottom, top = log_limits(low, high)
    assert 10**bottom <= low * (1 + 1e-9) and 10**top >= high * (1 - 1e-9) and top > bottom


@pytest.mark.parametrize(("low", "bottom"), [(0.1, 0.0), (0.55, 0.5), (0.93, 0.9), (0.99, 0.95)])
def test_a_rate_ends_at_the_whole(low, bottom):
    assert rate_limits(low) == (bottom, 1.0)


def test_figures_are_plain_and_apart():
    assert [text for _, text in value_ticks(Axes(values=(0.0, 2.5)), 230)] == ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]
    assert [text for _, text in value_ticks(Axes(values=(0.0, 1.0), percent=True), 230)] == [
        "0%",
        "20%",
        "40%",
        "60%",
        "80%",
        "100%",
    ]
    assert step_ticks((0.0, 1200.0), 460) == [0, 200, 400, 600, 800, 1000, 1200]
    assert step_ticks((0.0, 3.0), 460) == [0, 1, 2, 3]
    assert [plain(10**tick) for tick in log_ticks(-2.0, 0.0)] == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]
    assert plain(1e-5) == "1e-5" and plain(2e6) == "2e6"
    assert nice_unit(0.3) == pytest.approx(0.5)
