"""The perceptron board: what its pictures show against hand-worked figures, torch and the books, and what its controls do."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from torch.nn import functional

from engine import words
from engine.assets import asset
from engine.data.made.points import make_moons
from engine.fields import fields, validated
from engine.figures import measured
from engine.foundations.boards.perceptron.perceptron_numbers import unit_sum
from engine.foundations.perceptrons import Perceptron
from gui.labs.foundations.board_presets import board_preset, preset_names
from gui.labs.foundations.lab import FoundationsLab
from gui.labs.foundations.perceptron.collapse_page import CollapsePage
from gui.labs.foundations.perceptron.logistic_page import LogisticPage
from gui.labs.foundations.perceptron.network_drawing import THUMB, DrawnNetwork, DrawnNode, NetworkDrawing
from gui.labs.foundations.perceptron.network_page import NetworkPage
from gui.labs.foundations.perceptron.perceptron_board import PerceptronBoard
from gui.labs.foundations.perceptron.plane_points import SIDE, scene_of
from gui.labs.foundations.perceptron.plane_view import PlaneView
from gui.labs.foundations.perceptron.state import (
    BOOKS,
    FORM_FIELDS,
    LINKS,
    MOST_STEPS_BACK,
    TOPIC_FIELDS,
    TOPICS,
    ClassedPoint,
    PerceptronState,
)
from gui.labs.foundations.perceptron.trained_page import TrainedPage
from gui.labs.foundations.perceptron.two_layers_page import TwoLayersPage
from gui.labs.foundations.perceptron.unit_drawing import DrawnUnit, UnitDrawing, sum_in_words
from gui.labs.foundations.perceptron.unit_page import UnitPage
from gui.shell import language, theme
from tests.gui.labs.foundations.lent_boards import BoardLender


@pytest.fixture
def lab(boards: BoardLender) -> FoundationsLab:
    return boards.lend("perceptron", 1200, 800)


def board_of(lab: FoundationsLab) -> PerceptronBoard:
    assert isinstance(lab.board, PerceptronBoard)
    return lab.board


def state_of(lab: FoundationsLab) -> PerceptronState:
    return board_of(lab).state


def opened(lab: FoundationsLab, preset: str, qtbot: QtBot) -> PerceptronBoard:
    lab.panel.open_preset(preset)
    qtbot.waitUntil(lambda: not board_of(lab).busy())
    return board_of(lab)


def network_page(lab: FoundationsLab) -> NetworkPage:
    page = board_of(lab).page
    assert isinstance(page, NetworkPage)
    return page


def figures(lab: FoundationsLab) -> list[str]:
    return [lab.figures.value(str(place)) for place in range(4)]


def at_rest(lab: FoundationsLab, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not board_of(lab).busy())


# --- one unit


def test_and_is_drawn_with_its_line_its_sum_and_its_truth_table(lab: FoundationsLab, qtbot: QtBot) -> None:
    page = opened(lab, "and", qtbot).page
    assert isinstance(page, UnitPage)
    assert figures(lab) == ["0.3", "1", "0.7", "4 of 4"]
    assert page.sum.text() == "0.5·1 + 0.5·1 − 0.7 = 0.3 > 0 → y = 1"
    assert [row[:4] for row in page.table.texts()[1:]] == [
        ["0, 0", "−0.7", "0", "0"],
        ["1, 0", "−0.2", "0", "0"],
        ["0, 1", "−0.2", "0", "0"],
        ["1, 1", "0.3", "1", "1"],
    ]
    line = page.plane.picture.lines[0]
    x, y = np.asarray(line.x), np.asarray(line.y)
    assert len(x) == 2
    np.testing.assert_allclose(0.5 * x + 0.5 * y, 0.7)  # x₁ + x₂ = 1.4
    drawn = page.drawing.drawn
    assert drawn is not None
    assert [term.product for term in drawn.terms] == [0.5, 0.5, -0.7]
    assert page.plane.told_at(0.0, 1.0) == "x₁ = 0, x₂ = 1\nΣ = −0.2 → y = 0"


def test_the_plane_is_coloured_where_the_unit_fires(lab: FoundationsLab, qtbot: QtBot) -> None:
    page = opened(lab, "or", qtbot).page
    assert isinstance(page, UnitPage)
    field = page.plane.picture.field
    assert field is not None
    values = np.asarray(field.values)
    axis = np.linspace(*field.x, values.shape[1])
    for row in (0, 30, 70, 99):
        for column in (5, 50, 95):
            assert values[row, column] == (0.5 * axis[column] + 0.5 * axis[row] - 0.2 > 0)


def test_no_line_is_all_of_xor(lab: FoundationsLab, qtbot: QtBot) -> None:
    page = opened(lab, "one-line", qtbot).page
    assert isinstance(page, UnitPage)
    assert figures(lab)[3] == "3 of 4"
    assert "3 corners at most" in page.verdict.text()


def test_weights_by_slider_turn_the_line_at_once_and_one_drag_is_one_step(lab: FoundationsLab) -> None:
    board = board_of(lab)
    page = board.page
    assert isinstance(page, UnitPage)
    slider = board.form.number("w1").slider
    for position in (150, 160, 170):
        slider.setValue(position)
    assert state_of(lab).w1 == pytest.approx(1.4)
    line = page.plane.picture.lines[0]
    np.testing.assert_allclose(1.4 * np.asarray(line.x) + 0.5 * np.asarray(line.y), 0.7)
    lab.undo()
    assert state_of(lab).w1 == 0.5
    assert not lab.can_undo


def test_line_and_arrow_are_moved_by_hand(lab: FoundationsLab) -> None:
    page = board_of(lab).page
    assert isinstance(page, UnitPage)
    page.plane.handle_moved.emit("line", 0.5, 0.5)
    assert state_of(lab).b == pytest.approx(-0.5)  # 0.5 · 0.5 + 0.5 · 0.5 = 0.5 on the line
    page.plane.handle_moved.emit("weights", 0.5, 1.0)  # from the foot (0.5, 0.5) straight up
    state = state_of(lab)
    assert (state.w1, state.w2, state.b) == pytest.approx((0.0, 1.0, -0.5))
    page.plane.handle_moved.emit("input", 0.04, 0.97)
    assert (state_of(lab).x1, state_of(lab).x2) == (0.0, 1.0)  # beside a corner it is the corner
    page.plane.clicked.emit(0.3, 0.62)
    assert (state_of(lab).x1, state_of(lab).x2) == (0.3, 0.62)
    assert figures(lab)[:2] == ["0.12", "1"]


def test_an_arrow_of_no_length_is_not_made_and_no_weights_are_no_line(lab: FoundationsLab) -> None:
    board = board_of(lab)
    page = board.page
    assert isinstance(page, UnitPage)
    foot = page.plane.picture.arrows[0]
    before = state_of(lab)
    page.plane.handle_moved.emit("weights", foot.x, foot.y)
    assert state_of(lab) == before
    board.edit(w1=0.0, w2=0.0)
    assert [handle.key for handle in page.plane.picture.handles] == ["input"]
    assert len(np.asarray(page.plane.picture.lines[0].x)) == 0


def test_corrections_lead_to_and_but_never_to_xor(lab: FoundationsLab) -> None:
    board = board_of(lab)
    page = board.page
    assert isinstance(page, UnitPage)
    board.edit(w1=0.0, w2=0.0, b=0.0)
    page.correct.click()
    state = state_of(lab)  # (1, 1) is wrong: + 0.1 · 1 · (1, 1), and 0.1 for the bias
    assert (state.w1, state.w2, state.b, state.x1, state.x2) == (0.1, 0.1, 0.1, 1.0, 1.0)
    for _ in range(30):
        page.correct.click()
    assert figures(lab)[3] == "4 of 4"
    assert not page.correct.isEnabled()
    board.edit(gate="XOR")
    for _ in range(60):
        page.correct.click()
    assert figures(lab)[3] != "4 of 4"
    assert page.correct.isEnabled()


# --- two layers


def test_xor_is_two_layers_and_its_hidden_plane_has_three_points(lab: FoundationsLab, qtbot: QtBot) -> None:
    page = opened(lab, "xor", qtbot).page
    assert isinstance(page, TwoLayersPage)
    assert figures(lab) == ["1, 1", "1", "9", "4 of 4"]
    table = [row[:6] for row in page.table.texts()[1:]]
    assert table == [
        ["0, 0", "1", "0", "−0.2", "0", "0"],
        ["1, 0", "1", "1", "0.3", "1", "1"],
        ["0, 1", "1", "1", "0.3", "1", "1"],
        ["1, 1", "0", "1", "−0.2", "0", "0"],
    ]
    first, second = page.inputs.picture.lines
    np.testing.assert_allclose(np.asarray(first.x) + np.asarray(first.y), 1.4)  # NAND's line
    np.testing.assert_allclose(np.asarray(second.x) + np.asarray(second.y), 0.4)  # OR's
    _, off, on = page.hidden.picture.points
    assert sorted(zip(np.asarray(off.x).tolist(), np.asarray(off.y).tolist(), strict=True)) == [(0, 1), (1, 0)]
    assert list(zip(np.asarray(on.x).tolist(), np.asarray(on.y).tolist(), strict=True)) == [(1, 1)]
    output = page.hidden.picture.lines[0]
    np.testing.assert_allclose(np.asarray(output.x) + np.asarray(output.y), 1.4)
    page.inputs.clicked.emit(1.0, 1.0)
    assert figures(lab)[:2] == ["0, 1", "0"]


def test_other_hidden_units_are_xor_too_and_broken_ones_are_not(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "xor-otherwise", qtbot)
    assert figures(lab)[3] == "4 of 4"
    board.form.number("out_w1").box.setValue(1.0)
    assert figures(lab)[3] == "3 of 4"  # OR alone


# --- logistic regression


def test_a_step_is_torchs_and_its_terms_are_in_the_table(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "clouds", qtbot)
    page = board.page
    assert isinstance(page, LogisticPage)
    assert figures(lab)[0] == "0.6931"  # ln 2
    part = scene_of(board.state).part
    given = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    z = torch.tensor(part.x) @ given[:2] + given[2]
    functional.binary_cross_entropy_with_logits(z, torch.tensor((part.t == 1).astype(float))).backward()
    page.player.step.click()
    w1, w2, b = (-given.grad).tolist()
    state = state_of(lab)
    assert (state.sigmoid_w1, state.sigmoid_w2, state.sigmoid_b) == pytest.approx((w1, w2, b), abs=1e-12)
    assert state.descent_steps == 1
    assert page.table.text(1, 1) == f"{w1:.4f}"
    lab.undo()
    assert state_of(lab).descent_steps == 0
    assert state_of(lab).sigmoid_w1 == 0.0


def test_probabilities_lie_over_the_plane_with_their_boundary(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "clouds", qtbot)
    board.edit(sigmoid_w1=3.0, sigmoid_w2=1.5, sigmoid_b=0.5)
    page = board.page
    assert isinstance(page, LogisticPage)
    drawn = page.plane.drawn
    assert drawn is not None
    x = torch.tensor(drawn.scene.places).double()
    expected = torch.sigmoid(x @ torch.tensor([3.0, 1.5], dtype=torch.float64) + 0.5)
    np.testing.assert_allclose(drawn.shares[:, 1], expected.numpy(), rtol=1e-6)
    path = page.plane.contours.path()
    ends = np.array([(path.elementAt(number).x, path.elementAt(number).y) for number in range(path.elementCount())])
    along = torch.sigmoid(torch.tensor(ends) @ torch.tensor([3.0, 1.5], dtype=torch.float64) + 0.5)
    np.testing.assert_allclose(along.numpy(), np.repeat([0.1, 0.25, 0.75, 0.9], 2), rtol=1e-9)
    row, column = 30, 60
    assert page._tell(row, column).splitlines()[2] == f"class 1: {100 * float(expected[row * SIDE + column]):.1f}%"


def test_what_rounding_leaves_of_a_bias_is_0_wherever_it_is_shown(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "clouds", qtbot)
    page = board.page
    assert isinstance(page, LogisticPage)
    page.go_on(1)
    assert page.now is not None and page.unit.drawn is not None
    by_hand = np.mean(1 / 2 - (scene_of(state_of(lab)).part.t == 1))  # as many points of either class: no gradient
    assert by_hand == 0
    assert state_of(lab).sigmoid_b == 0 == page.unit.drawn.terms[-1].weight
    assert page.table.texts()[1][-1] == "0"
    board.edit(sigmoid_b=1e-16)  # what is typed is no rounding
    assert page.table.texts()[1][-1] == "1×10⁻¹⁶" == measured(page.unit.drawn.terms[-1].weight)


def test_play_goes_on_until_space_and_the_sliders_follow(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "clouds", qtbot)
    page = board.page
    assert isinstance(page, LogisticPage)
    assert board.play_key()
    qtbot.waitUntil(lambda: state_of(lab).descent_steps >= 5)
    assert board.play_key()
    assert not page.player.playing
    state = state_of(lab)
    assert board.form.number("sigmoid_w1").value == state.sigmoid_w1 > 0
    losses = np.asarray(page.losses.picture.lines[0].y)
    assert len(losses) == state.descent_steps + 1
    assert losses[0] == pytest.approx(math.log(2))
    assert (np.diff(losses) < 0).all()
    page.player.scrub.setValue(2)
    assert state_of(lab).descent_steps == 2
    assert page.player.scrub.maximum() >= state.descent_steps  # the way forward stays
    page.player.begin.click()
    assert (state_of(lab).sigmoid_w1, state_of(lab).descent_steps) == (0.0, 0)


def test_a_weight_set_by_hand_begins_a_descent_there(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "clouds", qtbot)
    page = board.page
    assert isinstance(page, LogisticPage)
    page.player.step.click()
    board.form.number("sigmoid_w1").box.setValue(-4.0)
    state = state_of(lab)
    assert (state.descent_steps, state.began.w1) == (0, -4.0)
    assert state.began.w2 == state.sigmoid_w2 != 0
    page.player.step.click()
    board.form.number("sigmoid_rate").box.setValue(5.0)
    assert state_of(lab).descent_steps == 0
    assert state_of(lab).began.w1 == state_of(lab).sigmoid_w1


def test_no_line_helps_around_a_ring(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "rings-logistic", qtbot)
    page = board.page
    assert isinstance(page, LogisticPage)
    page.go_on(300)
    assert state_of(lab).descent_steps == 300
    assert page.now is not None
    assert page.now.loss == pytest.approx(math.log(2), abs=0.01)


def test_of_three_classes_class_1_is_told_from_the_rest(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "clouds", qtbot)
    board.edit(data="arms", samples=30, noise=0.2)
    page = board.page
    assert isinstance(page, LogisticPage)
    page.go_on(20)
    assert page.now is not None
    z = scene_of(state_of(lab)).part.x @ page.now.weights[:2] + page.now.weights[2]
    expected = functional.binary_cross_entropy_with_logits(
        torch.tensor(z), torch.tensor((scene_of(state_of(lab)).part.t == 1).astype(float))
    )
    assert page.now.loss == pytest.approx(expected.item())


# --- a network


def test_the_boundary_is_torchs_network_with_these_weights(lab: FoundationsLab, qtbot: QtBot) -> None:
    opened(lab, "moons", qtbot)
    page = network_page(lab)
    course, drawn = page.keeper.course, page.plane.drawn
    assert course is not None
    assert drawn is not None
    w1, b1, w2, b2 = (torch.tensor(each) for each in course.now.weights)
    x = torch.tensor(drawn.scene.places).double()
    hidden = torch.tanh(x @ w1 + b1)
    expected = torch.softmax(hidden @ w2 + b2, dim=1)
    np.testing.assert_allclose(drawn.shares, expected.numpy(), atol=2e-5)
    points, classes = make_moons(np.random.default_rng(0), 200, 0.15)
    scores = torch.tanh(torch.tensor(points).double() @ w1 + b1) @ w2 + b2
    loss = functional.cross_entropy(scores, torch.tensor(classes)).item()
    assert page.judged.loss == pytest.approx(loss, rel=1e-9)
    assert figures(lab)[0] == "300"
    assert figures(lab)[2] == f"{100 * float((scores.argmax(dim=1).numpy() == classes).mean()):.1f}%"
    assert figures(lab)[3] == "42"  # (2 + 1) · 8 + (8 + 1) · 2
    shown = page.network.drawn
    assert shown is not None
    assert [len(column) for column in shown.columns] == [2, 8, 2]
    field = shown.columns[1][3].field
    assert field is not None
    np.testing.assert_allclose(field, hidden[:, 3].reshape(SIDE, SIDE)[::4, ::4].numpy(), atol=1e-5)
    assert drawn.units is not None
    np.testing.assert_allclose(drawn.units, torch.cat([w1, b1[None]]).T.numpy())


def test_the_books_spiral_is_learnt_within_its_bands(lab: FoundationsLab, qtbot: QtBot) -> None:
    opened(lab, "first-loss", qtbot)
    page = network_page(lab)
    assert page.judged.loss == pytest.approx(math.log(3), abs=0.02)
    assert figures(lab)[0] == "0"
    opened(lab, "spiral", qtbot)
    assert figures(lab)[0] == "3,000"
    assert 0.08 <= page.judged.loss <= 0.20
    assert 0.93 <= page.judged.accuracy <= 0.99
    steps, losses = (np.asarray(each) for each in (page.losses.picture.lines[0].x, page.losses.picture.lines[0].y))
    assert (steps[0], steps[-1], len(steps)) == (0, 3000, 301)
    assert losses[0] == pytest.approx(math.log(3), abs=0.02)
    assert "300" in page.player.told.text()  # epochs


def test_a_unit_fires_by_the_sum_that_is_written(lab: FoundationsLab, qtbot: QtBot) -> None:
    """0.1 + 0.2 − 0.3 is 5.6×10⁻¹⁷ in floats: "0 > 0 → y = 1" would be wrong."""
    board = opened(lab, "and", qtbot)
    board.edit(w1=0.1, w2=0.2, b=-0.3, x1=1.0, x2=1.0)
    page = board.page
    assert isinstance(page, UnitPage)
    assert page.sum.text() == "0.1·1 + 0.2·1 − 0.3 = 0 ≤ 0 → y = 0"
    assert figures(lab)[:2] == ["0", "0"]
    assert page.table.texts()[4][1:3] == ["0", "0"]


def test_a_unit_writes_its_sum_once_for_all_and_negative_inputs_in_parentheses(qtbot: QtBot) -> None:
    found = unit_sum(Perceptron((0.0, 20.022), -0.3), (-0.64, 0.515))
    drawn = DrawnUnit(found.terms, found.total, 1.0)
    assert sum_in_words(drawn) == "0·(−0.64) + 20.02·0.515 − 0.3 = 10.01"
    written: list[str] = []

    class Written(QPainter):
        def drawText(self, place, flags, text):  # type: ignore[no-untyped-def, override]
            written.append(text)

    drawing, image = UnitDrawing(), QImage(400, 200, QImage.Format.Format_ARGB32)
    qtbot.addWidget(drawing)
    drawing.resize(400, 200)
    painter = Written(image)
    drawing._paint(painter, drawn)
    painter.end()
    assert {"0·(−0.64) = 0", "20.02·0.515 = 10.31", "b = −0.3", "10.01"} <= set(written)


@pytest.mark.parametrize("preset", ["moons", "trained-linear"])
def test_the_curve_ends_at_the_step_and_the_loss_that_are_shown(lab: FoundationsLab, qtbot: QtBot, preset: str) -> None:
    board = opened(lab, preset, qtbot)
    for steps in (0, 1, 25, 12):
        board.edit(steps=steps)
        at_rest(lab, qtbot)
        page = board.page
        assert isinstance(page, NetworkPage)
        line = page.losses.picture.lines[0]
        assert np.asarray(line.x).tolist() == list(range(steps + 1))
        assert line.y[-1] == pytest.approx(page.judged.loss, abs=1e-12)


def test_play_step_and_the_way_back_are_the_same_training(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "moons", qtbot)
    page = network_page(lab)
    board.edit(steps=40)
    at_rest(lab, qtbot)
    assert page.keeper.course is not None
    wanted = page.keeper.course.now.weights
    page.player.begin.click()
    at_rest(lab, qtbot)
    assert figures(lab)[0] == "0"
    page.player.toggle()
    qtbot.waitUntil(lambda: state_of(lab).steps >= 45)
    page.player.toggle()
    at_rest(lab, qtbot)
    page.player.scrub.setValue(40)
    at_rest(lab, qtbot)
    for mine, other in zip(page.keeper.course.now.weights, wanted, strict=True):
        np.testing.assert_array_equal(mine, other)
    page.player.step.click()
    at_rest(lab, qtbot)
    assert state_of(lab).steps == 41


def test_every_setting_of_a_training_is_another_picture(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "moons", qtbot)
    board.edit(steps=20)
    at_rest(lab, qtbot)
    page = network_page(lab)
    for change in (
        {"seed": 1},
        {"width": 3},
        {"layers": 2},
        {"activation": "relu"},
        {"rule": "momentum"},
        {"rate": 0.3},
        {"batch": 16},
        {"start": "he"},
        {"noise": 0.3},
        {"samples": 60},
        {"data_seed": 3},
        {"data": "circles"},
        {"layers": 0},
        {"steps": 21},
    ):
        before = page.plane.drawn
        board.edit(**change)
        at_rest(lab, qtbot)
        after = page.plane.drawn
        assert before is not None
        assert after is not None
        assert not np.array_equal(before.shares, after.shares), change
        assert figures(lab)[0] == str(state_of(lab).steps)


def test_the_newest_setting_is_shown_even_where_one_was_under_way(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "moons", qtbot)
    for width in (3, 5, 9, 12):
        board.edit(width=width, steps=300)
    at_rest(lab, qtbot)
    qtbot.waitUntil(lambda: network_page(lab).keeper.course.shape.sizes == (2, 12, 2))  # type: ignore[union-attr]
    at_rest(lab, qtbot)
    drawn = network_page(lab).network.drawn
    assert drawn is not None
    assert len(drawn.columns[1]) == 12


def test_lines_of_the_hidden_units_can_be_left_out(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "moons", qtbot)
    page = network_page(lab)
    assert not page.plane.units.path().isEmpty()
    board.edit(unit_lines=False)
    assert page.plane.units.path().isEmpty()


def test_the_line_of_the_unit_under_the_pointer_is_shown(lab: FoundationsLab, qtbot: QtBot) -> None:
    opened(lab, "moons", qtbot)
    page = network_page(lab)
    QApplication.processEvents()
    at = page.network.place(1, 2)
    mouse(page.network, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton)
    assert page.keeper.course is not None
    weights, biases = page.keeper.course.now.weights[:2]
    path = page.plane.pointed.path()
    assert path.elementCount() == 2
    for number in range(2):
        end = path.elementAt(number)
        assert weights[0, 2] * end.x + weights[1, 2] * end.y + biases[2] == pytest.approx(0, abs=1e-9)
    assert page.network.told_at(at).splitlines()[0] == "h3"
    begin, end = page.network.place(0, 1), page.network.place(1, 0)
    told = page.network.told_at(begin + (end - begin) * 0.8)
    assert told.startswith("x₂ → h1: w = ")
    mouse(page.network, QEvent.Type.MouseMove, QPointF(1, 1), Qt.MouseButton.NoButton)
    assert page.plane.pointed.path().isEmpty()


def test_a_training_that_diverges_is_shown_as_it_is(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "moons", qtbot)
    board.edit(activation="identity", rule="gd", rate=100.0, layers=4, width=16, steps=60)
    at_rest(lab, qtbot)
    assert figures(lab)[0] == "60"
    assert figures(lab)[1] == "NaN"
    assert lab.grab().width() > 0
    board.edit(topic="collapse")
    at_rest(lab, qtbot)
    assert figures(lab)[0] == "NaN"
    assert lab.grab().width() > 0


# --- own points


def mouse(view: QWidget, kind: QEvent.Type, at: QPointF, buttons: Qt.MouseButton) -> None:
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    seen = view.viewport() if isinstance(view, PlaneView) else view
    event = QMouseEvent(kind, at, seen.mapToGlobal(at), button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(seen, event)


def test_clicks_add_drags_move_and_right_clicks_remove(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "own-xor", qtbot)
    page = network_page(lab)
    view = page.plane
    board.edit(steps=5)
    at_rest(lab, qtbot)
    assert len(state_of(lab).own) == 12
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.point_of(0.2, 0.3).toPoint())
    added = state_of(lab).own[-1]
    assert (added.x, added.y, added.label) == (pytest.approx(0.2, abs=0.02), pytest.approx(0.3, abs=0.02), 1)
    at_rest(lab, qtbot)
    mouse(view, QEvent.Type.MouseButtonPress, view.point_of(added.x, added.y), Qt.MouseButton.LeftButton)
    mouse(view, QEvent.Type.MouseMove, view.point_of(0.5, -0.1), Qt.MouseButton.LeftButton)
    mouse(view, QEvent.Type.MouseMove, view.point_of(0.6, -0.2), Qt.MouseButton.LeftButton)
    mouse(view, QEvent.Type.MouseButtonRelease, view.point_of(0.6, -0.2), Qt.MouseButton.NoButton)
    moved = state_of(lab).own[-1]
    assert (len(state_of(lab).own), moved.label) == (13, 1)
    assert (moved.x, moved.y) == (pytest.approx(0.6, abs=0.02), pytest.approx(-0.2, abs=0.02))
    at_rest(lab, qtbot)
    lab.undo()
    assert state_of(lab).own[-1] == added  # the drag is one step
    at_rest(lab, qtbot)
    at = view.point_of(added.x, added.y).toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at))
    view.contextMenuEvent(event)
    assert len(state_of(lab).own) == 12
    at_rest(lab, qtbot)
    assert view.drawn is not None
    np.testing.assert_allclose(view.drawn.scene.part.x, [(point.x, point.y) for point in state_of(lab).own])


def test_made_points_become_ones_own_where_they_are_not_too_many(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "moons", qtbot)
    page = network_page(lab)
    board.edit(steps=0, point_class="class_2")
    at_rest(lab, qtbot)
    page.plane.point_added.emit(0.0, 1.0)
    state = state_of(lab)
    assert (state.data, len(state.own), state.own[-1].label) == ("own", 201, 2)
    at_rest(lab, qtbot)
    drawn = page.plane.drawn
    assert drawn is not None
    assert drawn.shares.shape == (SIDE * SIDE, 3)  # a third class has an output of its own
    lab.undo()
    board.edit(samples=501)
    at_rest(lab, qtbot)
    page.plane.point_added.emit(0.0, 1.0)
    assert state_of(lab).data == "moons"
    assert "500" in page.hint.text()


def test_points_are_added_and_removed_by_keys(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "own-xor", qtbot)
    board.edit(steps=0)
    at_rest(lab, qtbot)
    view = network_page(lab).plane
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)  # the cursor appears in the middle
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert len(state_of(lab).own) == 13
    at_rest(lab, qtbot)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert len(state_of(lab).own) == 12


def test_an_empty_plane_can_not_be_trained_on_and_new_points_are_drawn(lab: FoundationsLab, qtbot: QtBot) -> None:
    opened(lab, "moons", qtbot)
    page = network_page(lab)
    page.fresh.click()
    assert state_of(lab).data_seed == 1
    at_rest(lab, qtbot)
    page.clear.click()
    at_rest(lab, qtbot)
    assert state_of(lab).own == ()
    assert not page.player.play.isEnabled()
    assert not page.fresh.isVisible()
    assert figures(lab)[2] == "–"
    board_of(lab).edit(topic="logistic")
    logistic = board_of(lab).page
    assert isinstance(logistic, LogisticPage)
    assert not logistic.player.step.isEnabled()
    board_of(lab).edit(topic="network", point_class="class_1")
    page.plane.point_added.emit(0.5, 0.5)
    at_rest(lab, qtbot)
    assert page.player.play.isEnabled()


# --- layers that collapse


def test_at_0_the_boundary_is_the_line_of_the_product(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "collapse", qtbot)
    page = board.page
    assert isinstance(page, CollapsePage)
    assert page.keeper.course is not None
    matrices = [torch.tensor(each) for each in page.keeper.course.now.weights]
    w1, b1, w2, b2, w3, b3 = matrices
    product = w1 @ w2 @ w3
    bias = (b1 @ w2 + b2) @ w3 + b3
    assert page.figures is not None
    np.testing.assert_allclose(page.figures.product.matrix, product.numpy(), rtol=1e-9)
    np.testing.assert_allclose(page.figures.product.bias, bias.numpy(), rtol=1e-9)
    assert page.table.text(1, 1) == f"{product[0, 0].item():.2f}"
    assert page.note.text().startswith("2×8 · 8×8 · 8×2 = 2×2.")
    assert page.figures.apart > 1
    assert page.judged.accuracy == 1.0
    board.form.number("share").slider.setValue(0)
    assert state_of(lab).share == 0.0
    at_rest(lab, qtbot)
    assert figures(lab)[0] == "0"
    drawn = page.plane.drawn
    assert drawn is not None
    x = torch.tensor(drawn.scene.places).double()
    scores = ((x @ w1 + b1) @ w2 + b2) @ w3 + b3
    np.testing.assert_allclose(drawn.shares, torch.softmax(scores, dim=1).numpy(), atol=2e-4)
    path, line = page.plane.boundary.path(), page.figures.line
    assert path.elementCount() > 10
    far = max(
        abs(line[0] * path.elementAt(number).x + line[1] * path.elementAt(number).y + line[2]) / math.hypot(*line[:2])
        for number in range(path.elementCount())
    )
    assert far < 1e-4  # of a plane that is 4 wide; the scores are float32
    straight = page.plane.straight.path()
    ends = [straight.elementAt(number) for number in range(straight.elementCount())]
    assert all(abs(line[0] * end.x + line[1] * end.y + line[2]) < 1e-6 * math.hypot(*line[:2]) for end in ends)


def test_kept_weights_are_the_networks_and_trained_ones_are_not(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "collapse", qtbot)
    page = board.page
    assert isinstance(page, CollapsePage)
    course = page.keeper.course
    board.edit(share=0.3)
    at_rest(lab, qtbot)
    assert page.keeper.course is course  # nothing is trained anew
    board.edit(topic="network")
    at_rest(lab, qtbot)
    assert network_page(lab).keeper.course is course
    opened(lab, "trained-linear", qtbot)
    assert page.keeper.course is not course
    assert figures(lab)[0] == "0"
    assert 0.8 < page.judged.accuracy < 0.95  # a line through two moons
    losses = np.asarray(page.losses.picture.lines[0].y)
    assert losses[-1] > 0.2


def test_three_classes_have_the_products_boundary_too(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "trained-linear", qtbot)
    board.edit(data="arms", noise=0.2, steps=30)
    at_rest(lab, qtbot)
    page = board.page
    assert isinstance(page, CollapsePage)
    assert figures(lab)[0] == "0"
    assert not page.plane.straight.path().isEmpty()
    assert len(page.table.texts()[0]) == 3


# --- the board


def test_each_topic_has_its_fields_and_four_figures(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = board_of(lab)
    for topic in TOPICS:
        board.topics.button(topic).click()
        at_rest(lab, qtbot)
        assert state_of(lab).topic == topic
        shown = {name for name in FORM_FIELDS if not board.form.row(name).isHidden()}
        assert shown == set(TOPIC_FIELDS[topic])
        assert len(board.answers()) == 4
        assert all(value for value in figures(lab))
    assert not lab.can_undo  # which topic is looked at is no step


def test_rows_that_change_nothing_are_left_alone(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "own-xor", qtbot)
    assert not board.form.row("samples").isEnabled()
    assert board.form.row("width").isEnabled()
    board.edit(data="moons", layers=0)
    at_rest(lab, qtbot)
    assert board.form.row("samples").isEnabled()
    assert not board.form.row("width").isEnabled()


@pytest.mark.parametrize("name", preset_names("perceptron"))
def test_each_preset_is_whole_and_shown(lab: FoundationsLab, qtbot: QtBot, name: str) -> None:
    state = board_preset("perceptron", name)
    assert isinstance(state, PerceptronState)
    assert validated(state) == state
    board = opened(lab, name, qtbot)
    assert board.state == state
    if isinstance(board.page, TrainedPage):
        assert board.page.plane.drawn is not None
    expected = {
        "and": ("4 of 4", 3),
        "nand": ("4 of 4", 3),
        "or": ("4 of 4", 3),
        "one-line": ("3 of 4", 3),
        "xor": ("4 of 4", 3),
        "xor-otherwise": ("4 of 4", 3),
        "moons": ("100.0%", 2),
        "three-lines": ("100.0%", 2),
        "two-spirals": ("100.0%", 2),
        "own-xor": ("100.0%", 2),
        "first-loss": ("1.099", 1),
    }
    if name in expected:
        text, place = expected[name]
        assert figures(lab)[place] == text


def test_presets_links_and_books_are_there() -> None:
    files = {path.stem for path in asset("boards", "perceptron").iterdir()}
    assert files == set(preset_names("perceptron"))
    assert set(BOOKS) <= files
    assert set(BOOKS.values()) == {"1.1", "1.2", "2.1", "2.2"}
    codes = words.table("board_perceptron")
    for link in LINKS:
        assert f"link.{link.code}" in codes
        assert asset(*link.asset[:1], f"{link.asset[1]}.toml").is_file()
    for name in FORM_FIELDS:
        assert name in codes
        assert f"{name}.help" in codes
    choices = words.table("choices")
    for field in fields(PerceptronState).values():
        if field.name in FORM_FIELDS:
            assert all(choice in choices or choice in {"AND", "NAND", "OR", "XOR", "tanh", "0.01"} for choice in field.choices)


def test_a_state_is_shared_as_text_with_own_points(lab: FoundationsLab, qtbot: QtBot) -> None:
    from gui.shell.state_file import from_text, to_text

    board_of(lab).edit(topic="network", data="own", own=(ClassedPoint(0.5, -0.25, 2), ClassedPoint(0.0, 1.0, 0)), rate=0.5)
    at_rest(lab, qtbot)
    text = to_text(lab.name, lab.state())
    again = from_text(text, lab.name, type(lab.state()))
    assert again == lab.state()


def test_what_plays_rests_when_something_else_is_shown(lab: FoundationsLab, qtbot: QtBot) -> None:
    board = opened(lab, "moons", qtbot)
    page = network_page(lab)
    board.play_key()
    assert page.player.playing
    board.topics.button("unit").click()
    assert not page.player.playing
    assert not board.play_key() or not page.player.playing
    board.topics.button("network").click()
    page.go_on(MOST_STEPS_BACK)
    assert page.page_busy()
    board.topics.button("unit").click()
    language.set_language("ko")
    QApplication.processEvents()
    assert not page.page_busy(), "the texts are written anew; of a page that is not seen nothing is computed"


def test_the_board_speaks_korean_and_wears_the_dark(lab: FoundationsLab, qtbot: QtBot) -> None:
    try:
        language.set_language("ko")
        theme.apply("dark")
        for name in ("or", "xor", "clouds", "moons", "collapse"):
            board = opened(lab, name, qtbot)
            texts = [cell for _, *cells in board.answers() for cell in cells]
            assert not any(word in " ".join(texts) for word in ("Loss", "right", "Sum", "Parameters"))
            assert lab.grab().width() > 0
        assert board.topics.button("xor").text() == "두 층"
    finally:
        language.set_language("en")
        theme.apply("light")


@pytest.mark.parametrize("size", [(860, 620), (1270, 820)])
def test_every_part_has_room(lab: FoundationsLab, qtbot: QtBot, size: tuple[int, int]) -> None:
    lab.resize(*size)
    for name in ("and", "xor", "clouds", "moons", "collapse"):
        page = opened(lab, name, qtbot).page
        QApplication.processEvents()
        for part in page.findChildren(QWidget):
            if part.isVisible() and part.parentWidget() is not None:
                corner = part.mapTo(page, QPoint(part.width(), part.height()))
                assert corner.x() <= page.width() + 1, (name, part)
                assert corner.y() <= page.height() + 1, (name, part)


def test_a_network_that_is_hidden_gets_other_colours_when_it_is_seen(qtbot: QtBot) -> None:
    drawing = NetworkDrawing()
    qtbot.addWidget(drawing)
    field = np.linspace(-1.0, 1.0, THUMB * THUMB).reshape(THUMB, THUMB)
    nodes = (DrawnNode("x"),), (DrawnNode("y", field=field),)
    drawing.show_network(DrawnNetwork(nodes, (np.ones((1, 1)),), (np.zeros(1),)))
    drawing.show()
    light = drawing._images[1, 0]
    drawing.hide()
    theme.apply("dark")
    assert drawing._images[1, 0] is light
    drawing.show()
    assert drawing._images[1, 0] is not light
