"""The board "gradient by hand": a line on own points, descents, the derivative as a limit, arrows, a weight's gradient.

Figures are compared with loops of the tests' own, with numpy's least squares and with what the book prints.
"""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.fields import validated
from engine.figures import measured
from engine.words import table
from gui.labs.foundations.gradient.state import POINTS, GradientState
from gui.labs.foundations.gradient.views import around, quantile, with_room_for
from gui.shell.language import set_language


@pytest.fixture
def lab(boards):
    return boards.lend("gradient", 1200, 820)


@pytest.fixture
def board(lab):
    return lab.board


def opened(lab, preset):
    lab.panel.open_preset(preset)
    return lab.board.page


def shown(board):
    """The cells of the answer line: title -> value."""
    return {title: value for _, title, value, _ in board.answers()}


def loss_of(points, w, b):
    return sum((w * x + b - y) ** 2 for x, y in points) / len(points)


def at(plot, x, y):
    return plot.pixel_of(x, y).toPoint()


# --- a line through points


def test_the_line_shows_its_loss_and_every_term(board):
    figures = shown(board)
    assert figures["Mean squared error L"] == measured(loss_of(POINTS, 0.2, 4.0))
    assert figures["∂L/∂w"] == measured(sum(2 * (0.2 * x + 4 - y) * x for x, y in POINTS) / len(POINTS))
    assert figures["∂L/∂b"] == measured(sum(2 * (0.2 * x + 4 - y) for x, y in POINTS) / len(POINTS))
    mean, first, *_ = board.page.table.texts()
    assert mean[5:] == [figures["Mean squared error L"], figures["∂L/∂w"], figures["∂L/∂b"]]
    assert first == ["1", "1", "2.2", "4.2", "2", "4", "4", "4"], "ŷ = 0.2 + 4, e = 2"
    assert len(board.page.table.texts()) == 1 + len(POINTS)


def test_the_sliders_move_the_line_and_its_place_on_the_surface(board):
    board.form.number("w").box.setValue(0.5)
    board.form.number("b").box.setValue(-1.0)
    assert (board.state.w, board.state.b) == (0.5, -1.0)
    (handle,) = board.page.surface.picture.handles
    assert (handle.x, handle.y) == (0.5, -1.0)
    line = next(line for line in board.page.plot.picture.lines if line.name.startswith("ŷ"))
    assert np.asarray(line.y) == pytest.approx(0.5 * np.asarray(line.x) - 1)
    residuals = next(line for line in board.page.plot.picture.lines if line.name == "residuals")
    ends = np.asarray(residuals.y).reshape(-1, 3)
    assert ends[:, 0] == pytest.approx([y for _, y in POINTS])
    assert ends[:, 1] == pytest.approx([0.5 * x - 1 for x, _ in POINTS])


def test_the_surface_has_the_loss_of_every_line_and_marks_the_lowest(board):
    picture = board.page.surface.picture
    values, (w_low, w_high), (b_low, b_high) = np.asarray(picture.field.values), picture.field.x, picture.field.y
    rows, columns = values.shape
    for row, column in ((0, 0), (3, 50), (rows - 1, columns - 1), (30, 30)):
        w, b = w_low + (w_high - w_low) * column / (columns - 1), b_low + (b_high - b_low) * row / (rows - 1)
        assert values[row, column] == pytest.approx(loss_of(POINTS, w, b))
    x, y = np.array(POINTS).T
    w, b = np.linalg.lstsq(np.stack([x, np.ones_like(x)], axis=1), y, rcond=None)[0]
    (lowest,) = picture.points
    assert (lowest.x, lowest.y) == ([pytest.approx(w)], [pytest.approx(b)])
    up, down = picture.arrows
    slope = np.array([float(shown(board)[f"∂L/∂{name}"].replace("−", "-")) for name in "wb"])
    assert up.dx * slope[1] - up.dy * slope[0] == pytest.approx(0, abs=1e-2)
    assert up.dx * slope[0] > 0
    assert (down.dx, down.dy) == (-up.dx, -up.dy)


def test_a_point_is_dragged_by_the_mouse_as_one_step(lab, board):
    plot = board.page.plot
    before, view = lab.state(), plot.picture.x
    place = at(plot, *POINTS[2])
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    for away in (10, 25, 40):
        QTest.mouseMove(plot.viewport(), place - QPoint(0, away))
        assert plot.picture.x == view, "the axes stay while something is dragged"
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=place - QPoint(0, 40))
    moved = board.state.points[2]
    assert moved[1] > POINTS[2][1]
    assert board.state.points[:2] == POINTS[:2]
    assert board.state.chosen_point == 2
    assert "Point 3 of 7" in board.page.title.text()
    lab.undo()
    assert lab.state().gradient.points == before.gradient.points


def test_points_are_added_by_a_click_and_removed_by_another(lab, board):
    plot = board.page.plot
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=at(plot, 5.0, 1.0))
    assert len(board.state.points) == 8
    assert board.state.points[-1] == pytest.approx((5.0, 1.0), abs=0.1)
    where = at(plot, *board.state.points[-1])
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, plot.mapToGlobal(where))
    QApplication.sendEvent(plot.viewport(), event)
    assert board.state.points == POINTS
    lab.undo()
    assert len(board.state.points) == 8


def test_points_are_added_and_removed_by_buttons_and_keys(board):
    page = board.page
    page.add.click()
    assert len(board.state.points) == 8
    assert board.state.chosen_point == 7
    page.remove.click()
    page.plot.setFocus()
    QTest.keyClick(page.plot, Qt.Key.Key_PageDown)
    QTest.keyClick(page.plot, Qt.Key.Key_Up)
    assert board.state.points[1][1] > POINTS[1][1]
    QTest.keyClick(page.plot, Qt.Key.Key_Delete)
    assert board.state.points == (POINTS[0], *POINTS[2:])


def test_the_last_point_stays(board):
    board.edit(points=((1.0, 2.0),))
    assert not board.page.remove.isEnabled()
    board.page.plot.removed.emit(1.0, 2.0)
    assert board.state.points == ((1.0, 2.0),)
    assert not board.page.descend.isEnabled(), "one point has many best lines"
    assert shown(board)["Least squares"] == "0"


def test_a_chosen_point_is_typed(board):
    board.page.table.choose(3)
    assert board.state.chosen_point == 2
    board.page.form.number("point_x").box.setValue(4.25)
    board.page.form.number("point_y").box.setValue(-7.5)
    assert board.state.points[2] == (4.25, -7.5)
    low, _ = board.page.plot.picture.y
    assert low <= -7.5, "the axes have room for it"


def test_the_best_line_is_numpys(board):
    board.page.fit.click()
    x, y = np.array(POINTS).T
    w, b = np.linalg.lstsq(np.stack([x, np.ones_like(x)], axis=1), y, rcond=None)[0]
    assert (board.state.w, board.state.b) == (pytest.approx(w), pytest.approx(b))
    assert shown(board)["Mean squared error L"] == shown(board)["Least squares"]


def test_a_click_on_the_surface_sets_the_line(board):
    surface = board.page.surface
    QTest.mouseClick(surface.viewport(), Qt.MouseButton.LeftButton, pos=at(surface, -1.0, 2.0))
    assert (board.state.w, board.state.b) == pytest.approx((-1.0, 2.0), abs=0.1)
    told = surface.told_at(-1.0, 2.0)
    assert measured(loss_of(POINTS, -1.0, 2.0)) in told


def test_points_above_each_other_have_a_trough_of_best_lines(lab):
    page = opened(lab, "one-x-for-all")
    assert any(line.name == "all the best lines" for line in page.surface.picture.lines)
    assert page.surface.picture.points == []
    (line,) = page.surface.picture.lines
    for w, b in zip(line.x, line.y, strict=True):
        assert loss_of(lab.board.state.points, w, b) == pytest.approx(loss_of(lab.board.state.points, 0, 3))


def test_the_descent_begins_at_the_line(board):
    board.page.descend.click()
    state = board.state
    assert (state.topic, state.ground, state.start_0, state.start_1) == ("descent", "line_loss", 0.2, 4.0)
    x = np.array([x for x, _ in POINTS])
    steepest = np.linalg.eigvalsh(2 * np.array([[(x**2).mean(), x.mean()], [x.mean(), 1]]))[-1]
    assert shown(board)["Largest rate"] == measured(2 / steepest)
    assert state.rate < 2 / steepest
    board.form.number("steps").box.setValue(200)
    assert board.page._course.heights[-1] < board.page._course.heights[0]


# --- descent


def test_the_books_rates(lab):
    """『밑바닥부터 시작하는 딥러닝』 1, section 4.4.1."""
    page = opened(lab, "rate-0.1")
    assert shown(lab.board)["(x₀, x₁)"] == "(−6.11×10⁻¹⁰, 8.15×10⁻¹⁰)"
    assert page.table.texts()[20][1:3] == ["−0.0345876", "0.0461169"]
    assert page.table.texts()[-1][1:3] == ["−6.11111×10⁻¹⁰", "8.14814×10⁻¹⁰"]
    page = opened(lab, "rate-10")
    assert page.table.texts()[-1][1:3] == ["−2.58984×10¹³", "−1.29525×10¹²"]
    assert lab.board.answers()[0][3] == "diverged"
    opened(lab, "rate-1e-10")
    assert lab.board.page._course.places[-1] == pytest.approx((-2.99999994, 3.99999992), abs=5e-9)
    assert lab.board.answers()[0][3] == "hardly moved"
    assert shown(lab.board)["(x₀, x₁)"] == "(−2.99999994, 3.99999992)"  # as the note says
    assert table("board_gradient")["preset.rate-1e-10.about"]["ko"].endswith("(−2.99999994, 3.99999992).")
    assert lab.board.page.table.texts()[-1][1:3] == ["−2.99999994", "3.99999992"]
    assert lab.board.page.update_line.text().startswith("x₀: −2.999999941 − 1×10⁻¹⁰ × (−6) = −2.99999994")


def test_each_update_is_the_rate_times_the_gradient(lab, board):
    board.look(topic="descent")
    board.edit(steps=2)
    start, first, second = board.page.table.texts()
    assert start == ["0", "−3", "4", "25", "−6", "8", "0.6", "−0.8"]
    assert first == ["1", "−2.4", "3.2", "16", "−4.8", "6.4", "0.48", "−0.64"]
    assert second[:4] == ["2", "−1.92", "2.56", "10.24"]
    assert "x₀: −2.4 − 0.1 × (−4.8) = −1.92" in board.page.update_line.text()
    path = board.page.plot.picture.lines[0]
    assert np.asarray(path.x) == pytest.approx([-3, -2.4, -1.92])
    (arrow,) = board.page.plot.picture.arrows
    assert (arrow.dx, arrow.dy) == pytest.approx((0.384, -0.512)), "the next step"


def test_step_back_and_reset(lab, board):
    board.look(topic="descent")
    page = board.page
    for _ in range(3):
        page.step.click()
    assert board.state.steps == 3
    page.back.click()
    assert board.state.steps == 2
    page.reset.click()
    assert board.state.steps == 0
    assert not page.back.isEnabled()
    lab.undo()
    assert board.state.steps == 2, "each press is a step"


def test_it_plays_to_the_end_and_pauses(lab, board, qtbot):
    board.look(topic="descent", steps=195)
    page = board.page
    lab.activateWindow()
    lab.setFocus()
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert page.playing
    qtbot.waitUntil(lambda: not page.playing)
    assert board.state.steps == 200
    lab.undo()
    assert board.state.steps == 195 and not lab.can_undo, "what plays is one step"
    lab.redo()
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert board.state.steps == 0, "again from the start"
    qtbot.waitUntil(lambda: board.state.steps >= 2)
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert not page.playing
    page.toggle()
    board.topics.button("arrows").click()
    assert not page.playing, "another topic is shown"


def test_a_descent_that_overflows_says_so(board):
    board.look(topic="descent")
    board.edit(rate=1000.0, steps=200)
    page = board.page
    assert page._course.taken < 200
    assert "overflow" in page.update_line.text()
    assert not page.step.isEnabled()
    assert np.isfinite(page.plot.limits).all()


def test_the_start_is_dragged_and_a_row_goes_back(board):
    board.look(topic="descent", steps=10)
    page = board.page
    page.plot.handle_moved.emit("start", 1.234567, -2.0)
    page.plot.handle_released.emit("start")
    assert (board.state.start_0, board.state.start_1) == (1.23, -2.0)
    page.table.choose(4)
    assert board.state.steps == 4


# --- the derivative


def test_the_tangents_of_the_book(lab):
    opened(lab, "tangent-at-5")
    assert shown(lab.board)["Difference"] == "0.1999999999990898"
    assert shown(lab.board)["Derivative f'(x)"] == "0.2"
    opened(lab, "tangent-at-10")
    assert shown(lab.board)["Difference"] == "0.2999999999986347"


def test_the_secant_becomes_the_tangent(board):
    board.look(topic="derivative")
    page = board.page
    lines = {line.name: np.asarray(line.y) for line in page.plot.picture.lines}
    x = np.asarray(page.plot.picture.lines[0].x)
    assert lines["f(x)"] == pytest.approx(np.sin(x))
    assert lines["tangent"] == pytest.approx(math.sin(1) + math.cos(1) * (x - 1))
    slope = (math.sin(1.5) - math.sin(0.5)) / 1.0
    assert lines["secant"] == pytest.approx(math.sin(0.5) + slope * (x - 0.5))
    board.edit(h=1e-5)
    lines = {line.name: np.asarray(line.y) for line in page.plot.picture.lines}
    assert lines["secant"] == pytest.approx(lines["tangent"], abs=1e-4)
    assert [handle.key for handle in page.plot.picture.handles] == ["x"], "x + h is not told apart any more"


def test_the_valley_is_marked_within_a_decade(lab):
    page = opened(lab, "error-against-h")
    (mark,) = page.errors.picture.marks
    lines = {line.name: line for line in page.errors.picture.lines}
    assert {"forward, float32", "forward, float64", "central, float32", "central, float64", "theory"} == set(lines)
    own = lines["central, float64"]
    lowest = np.asarray(own.x)[np.nanargmin(own.y)]
    assert abs(math.log10(lowest) - math.log10(mark.at)) <= 1
    assert mark.at == pytest.approx((3 * 2**-53 * (math.sin(1) + math.cos(1)) / math.cos(1)) ** (1 / 3))
    at_h = page.errors.picture.handles[0]
    assert at_h.x == 1e-4
    assert at_h.y == pytest.approx(abs((math.sin(1.0001) - math.sin(0.9999)) / 0.0002 - math.cos(1)), rel=0.01)


def test_precision_and_kind_choose_the_curve(board):
    board.look(topic="derivative")
    board.form.row("precision").chosen.emit("float32")
    board.form.row("difference").chosen.emit("forward")
    assert (board.state.precision, board.state.difference) == ("float32", "forward")
    (mark,) = board.page.errors.picture.marks
    slope, curvature, value = math.cos(1), math.sin(1), math.sin(1)
    assert mark.at == pytest.approx(2 * math.sqrt(2**-24 * (value + slope) / curvature))
    wide = [line.name for line in board.page.errors.picture.lines if line.width > 2]
    assert wide == ["forward, float32"]


def test_h_is_set_by_the_table_and_by_both_handles(board):
    board.look(topic="derivative")
    page = board.page
    assert [row[0] for row in page.table.texts()][:3] == ["1", "0.5", "0.1"]
    assert len(page.table.texts()) == 18, "1 to 1e-16, and h"
    page.table.choose(4)
    assert board.state.h == 1e-3
    page.errors.handle_moved.emit("h", 3.21e-7, 1.0)
    assert board.state.h == 3.2e-7
    page.plot.handle_moved.emit("h", 1.75, 0.0)
    assert board.state.h == 0.75
    page.plot.handle_moved.emit("x", -2.0, 0.0)
    assert board.state.at == -2.0


def test_an_own_formula_is_taken_or_refused_with_a_reason(lab, board):
    board.look(topic="derivative")
    line = board.page.formula.line
    line.setText("exp(x) / x")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert board.state.formula == "exp(x) / x"
    assert shown(board)["Derivative f'(x)"] == "0", "e^x / x is lowest at 1"
    line.setText("exp(x) * y")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert board.state.formula == "exp(x) / x"
    problem = board.page.formula.problem
    assert "y is not x" in problem.text() and problem.isVisible()
    board.look(formula="2 * (")
    assert "cannot be read" in problem.text(), "also from a file"


@pytest.mark.parametrize("topic", ["derivative", "arrows"])
@pytest.mark.parametrize("text", ["2 * (", "3 + 4"])
def test_the_example_beside_a_refused_formula_is_one_for_this_box(board, topic, text):
    board.look(topic=topic)
    line, problem = board.page.formula.line, board.page.formula.problem
    line.setText(text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert (
        problem.isVisible()
        and 0 <= problem.mapToGlobal(problem.rect().topLeft()).y() - line.mapToGlobal(line.rect().bottomLeft()).y() < 20
    ), "below the line"
    example = problem.text().split("for example ")[1]
    line.setText(example)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert problem.isHidden() and example in (board.state.formula, board.state.height)


def test_a_refusal_speaks_of_the_letters_that_were_typed(board):
    board.look(topic="arrows")
    line = board.page.formula.line
    line.setText("x0 + * x1")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "x0 + * x1 cannot be read" in board.page.formula.problem.text()
    assert "letter 6" in board.page.formula.problem.text()
    line.setText(board.state.height)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert board.page.formula.problem.isHidden()


def test_a_corner_has_no_derivative_that_both_sides_agree_on(lab):
    opened(lab, "corner-of-relu")
    assert shown(lab.board)["Difference"] == "0.5"
    lab.board.edit(difference="forward")
    assert shown(lab.board)["Difference"] == "1"
    low, high = lab.board.page.errors.picture.y
    assert low < 0.5 < 1 < high, "room for the handle"


# --- arrows


def test_the_books_arrows(lab):
    page = opened(lab, "arrows-of-the-bowl")
    for place, slopes in (((3.0, 4.0), ("6", "8")), ((0.0, 2.0), ("0", "4")), ((3.0, 0.0), ("6", "0"))):
        page.plot.handle_moved.emit("place", *place)
        page.plot.handle_released.emit("place")
        assert (shown(lab.board)["∂f/∂x₀"], shown(lab.board)["∂f/∂x₁"]) == slopes
        assert [row[4] for row in page.table.texts()] == [slopes[0], slopes[1]], "by differences"
    shafts = page.plot.picture.lines[0]
    assert shafts.name == "downhill −∇f"
    x, y = np.asarray(shafts.x).reshape(-1, 7), np.asarray(shafts.y).reshape(-1, 7)
    assert len(x) == 12 * 12
    dx, dy = x[:, 1] - x[:, 0], y[:, 1] - y[:, 0]
    ratio = dx[np.abs(x[:, 0]) > 1] / x[np.abs(x[:, 0]) > 1, 0]
    assert ratio == pytest.approx(np.full(len(ratio), ratio[0])) and ratio[0] < 0, "towards the middle, in proportion"
    assert dy == pytest.approx(ratio[0] * y[:, 0])
    lab.board.form.row("downhill").setChecked(False)
    assert page.plot.picture.lines[0].name == "gradient ∇f"


def test_the_cuts_have_the_partial_derivatives_as_slopes(board):
    board.look(topic="arrows")
    line = board.page.formula.line
    line.setText("x0**2 * x1 + sin(x1)")
    QTest.keyClick(line, Qt.Key.Key_Return)
    board.edit(place_0=1.5, place_1=-2.0)
    first, _, second, _ = board.page.cuts.picture.lines
    along = np.asarray(first.x)
    assert np.asarray(first.y) == pytest.approx(along**2 * -2 + math.sin(-2))
    assert np.asarray(second.y) == pytest.approx(2.25 * along + np.sin(along))
    assert shown(board)["∂f/∂x₀"] == measured(2 * 1.5 * -2)
    assert shown(board)["∂f/∂x₁"] == measured(2.25 + math.cos(-2))


def test_a_surface_of_other_names_is_refused(lab, board):
    board.look(topic="arrows")
    line = board.page.formula.line
    line.setText("x0 * z")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "z is neither x0 nor x1" in board.page.formula.problem.text()
    assert board.state.height == "x0**2 + x1**2"


# --- a weight matrix


def test_the_books_weight(lab):
    page = opened(lab, "weight-2x3")
    assert shown(lab.board)["Loss L"] == "0.9281"
    rows = page.table.texts()
    assert [round(float(row[3].replace("−", "-")), 3) for row in rows] == [0.219, 0.144, -0.363, 0.329, 0.215, -0.544]


def test_a_chosen_weight_is_dragged_along_its_own_curve(board):
    board.look(topic="weight")
    page = board.page
    page.table.choose(5)
    assert board.state.entry == 5
    page.plot.handle_moved.emit("weight", -1.0, 0.0)
    page.plot.handle_released.emit("weight")
    assert board.state.weights[5] == -1.0
    weights = torch.tensor(board.state.weights, dtype=torch.float64).reshape(2, 3).requires_grad_()
    loss = torch.nn.functional.cross_entropy(torch.tensor([0.6, 0.9], dtype=torch.float64) @ weights, torch.tensor(2))
    (gradient,) = torch.autograd.grad(loss, weights)
    assert shown(board)["Loss L"] == measured(float(loss.detach()))
    assert shown(board)["∂L/∂w₁₂"] == measured(float(gradient[1, 2]))
    assert page.matrix.values == pytest.approx(gradient.numpy(), abs=1e-6)
    page.matrix.cell_chosen.emit(0, 1)
    assert board.state.entry == 1
    board.form.number("truth").box.setValue(0)
    assert page.pass_table.texts()[4][1] == "1"
    page.form.number("sample_0").box.setValue(0.0)
    assert board.state.sample == (0.0, 0.9)


# --- the board as a whole


def test_only_the_rows_of_the_topic_are_shown(board):
    for topic, fields in board.TOPIC_FIELDS.items():
        board.topics.button(topic).click()
        assert board.state.topic == topic
        assert {name for name in board.FORM if not board.form.row(name).isHidden()} == set(fields)
        assert len(board.answers()) == 4


def test_a_low_window_shows_pictures_and_terms_in_turns(lab, board, qtbot):
    page = board.page
    assert not page.turns.isVisible() and page.table.isVisible() and page.plot.isVisible()
    lab.resize(900, 560)
    qtbot.waitUntil(lambda: page.turns.isVisible())
    assert page.plot.isVisible() and not page.table.isVisible()
    page.turns.button("terms").click()
    assert page.table.isVisible() and not page.plot.isVisible()
    qtbot.waitUntil(lambda: page.table.height() > page.height() / 2)


def test_no_number_of_a_table_is_cut(lab):
    page = opened(lab, "rate-0.1")
    table = page.table
    for row in (85, 99, 100):
        for column, text in enumerate(table.texts()[row]):
            assert table.fontMetrics().horizontalAdvance(text) < table.width_of(column)
    table.copy_all()
    assert QApplication.clipboard().text().splitlines()[1].startswith("0\t−3\t4\t25")


def test_every_topic_speaks_korean(board):
    set_language("ko")
    QApplication.processEvents()
    for topic in board.PAGES:
        board.topics.button(topic).click()
        page = board.page
        titles = [page.left_part.title, page.right_part.title, page.table_part.title, *page.table.headings]
        names = [
            *(title for _, title, _, _ in board.answers()),
            *(button.text() for button in board.topics.findChildren(type(page.turns.button("terms")))),
        ]
        english = {
            "Line",
            "Points and line",
            "path",
            "The path",
            "Error",
            "tangent",
            "place",
            "weight",
            "network",
            "step",
            "mean",
        }
        assert not english & {*titles, *names}
        assert any(re.search("[가-힣]", title) for title in titles)


def test_a_state_has_its_limits():
    assert GradientState().sizes.parameters == 39_760
    assert GradientState(points=((0.0, 0.0),), point=5).chosen_point == 0


def test_views_are_round_and_hold_all_values():
    assert around((1.0, 9.0)) == (0.0, 10.0)
    assert around((3.0,))[0] < 3 < around((3.0,))[1]
    assert with_room_for((-3.0, 3.0), (1.0,)) == (-3.0, 3.0)
    low, high = with_room_for((-3.0, 3.0), (40.0, math.inf))
    assert low <= -3 and 40 < high < 60
    assert around(()) == around((0.0,))


def test_a_drag_far_away_stays_on_the_axes(board):
    plot = board.page.plot
    place = plot.pixel_of(*POINTS[6])
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
    QTest.mouseMove(plot.viewport(), (place + QPointF(5000, -5000)).toPoint())
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert max(board.state.points[6]) <= 10


def test_whatever_is_dragged_stays_inside_of_what_a_state_holds(lab, board):
    board.edit(points=((1000.0, -1000.0), (990.0, 1000.0)), w=1000.0, b=-1000.0)
    page = board.page
    page.plot.handle_moved.emit("0", 1234.5, -2000.0)
    page.surface.handle_moved.emit("line", 5000.0, -5000.0)
    assert board.state.points[0] == (1000.0, -1000.0)
    page.fit.click()
    page.descend.click()
    board.page.plot.handle_moved.emit("start", 5000.0, -5000.0)
    for topic in board.PAGES:
        board.topics.button(topic).click()
        assert validated(board.state) == board.state


@pytest.mark.parametrize("count", [1, 2, 5, 144])
@pytest.mark.parametrize("share", [0.0, 0.04, 0.5, 0.9, 0.96, 1.0])
def test_a_quantile_is_numpys(count, share):
    values = np.random.default_rng(count).standard_normal(count)
    assert quantile(values, share) == float(np.quantile(values, share))
