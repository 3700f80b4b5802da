"""Undo in the foundations lab: a play is a step, each click is one, and what is undone is shown where it was done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.figures import measured
from gui.labs.foundations.lab import FoundationsLab
from gui.labs.foundations.losses.gaussian_page import GaussianPage
from gui.labs.foundations.perceptron.logistic_page import LogisticPage
from gui.labs.foundations.topic_board import TopicBoard
from gui.main_window import MainWindow
from gui.shell.undo import HandMove, PlayKey, UndoHistory
from tests.gui.labs.foundations.lent_boards import BoardLender

Button = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = MainWindow(tmp_path / "settings.json", lab="foundations", chosen_language="en")
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


def lab_of(window: MainWindow) -> FoundationsLab:
    lab = window.lab("foundations")
    assert isinstance(lab, FoundationsLab)
    return lab


def at_window(widget: QWidget, at: QPoint | None = None) -> tuple[object, QPoint]:
    """The window of a widget, and a place of the widget in it: what the system is told of a mouse."""
    top = widget.window()
    return top.windowHandle(), widget.mapTo(top, at or widget.rect().center())


def click(widget: QWidget, at: QPoint | None = None) -> None:
    handle, place = at_window(widget, at)
    QTest.mouseClick(handle, Button, Qt.KeyboardModifier.NoModifier, place)  # type: ignore[call-overload]


def logistic_page(lab: FoundationsLab) -> LogisticPage:
    board = lab.board
    assert isinstance(board, TopicBoard)
    board.look(topic="logistic")
    assert isinstance(board.page, LogisticPage)
    return board.page


# --- the history itself


def test_a_play_is_one_step_and_joins_no_edit() -> None:
    now = [0.0]
    history = UndoHistory(0, clock=lambda: now[0])
    history.note(1, "rate")
    play, again = PlayKey(), PlayKey()
    for state in (2, 3, 4):
        history.note(state, play)
        now[0] += 5.0
    history.note(5, again)
    history.note(6, "rate")
    assert [history.undo() for _ in range(5)] == [5, 4, 1, 0, None]


def test_what_one_press_drags_is_one_step_and_two_presses_are_two() -> None:
    now, hand = [0.0], [HandMove(1, True)]
    history = UndoHistory(0, clock=lambda: now[0], hand=lambda: hand[0])
    history.note(1, "rate")
    now[0] += 9.0  # the hand rests, and holds the slider
    history.note(2, "rate")
    hand[0] = HandMove(3, True)
    history.note(3, "rate")
    assert [history.undo(), history.undo(), history.undo()] == [2, 0, None]


# --- playing


@pytest.mark.parametrize(
    ("board", "topic", "changes", "field"),
    [
        ("perceptron", "logistic", {"sigmoid_rate": 3.0}, "descent_steps"),
        ("perceptron", "network", {"rate": 0.02}, "steps"),
        ("gradient", "descent", {"rate": 0.2}, "steps"),
        ("optimisers", "paths", {"start_x": -6.0}, "step"),
        ("backpropagation", "graph", {"formula": "(a + b) * (b + c)", "leaves": ()}, "step"),
        ("batches", "epoch", {"batch": 10}, "iteration"),
    ],
)
def test_a_play_is_undone_alone(
    boards: BoardLender, qtbot: QtBot, board: str, topic: str, changes: dict[str, object], field: str
) -> None:
    lab = boards.lend(board, 1280, 800)
    shown = lab.board
    assert isinstance(shown, TopicBoard)
    shown.look(topic=topic)
    shown.edit(**changes)
    edited = lab.state()
    qtbot.waitUntil(lambda: not lab.busy())
    assert shown.play_key()
    seen: set[object] = set()

    def went_on() -> bool:
        seen.add(getattr(shown.state, field))
        return len(seen) > 3

    qtbot.waitUntil(went_on)
    lab.undo()
    assert lab.state() == edited, "the play alone"
    at = getattr(shown.state, field)
    lab.undo()
    assert {name: getattr(shown.state, name) for name in changes} != changes
    lab.redo()
    lab.redo()
    assert getattr(shown.state, field) != at
    assert not lab.can_redo


def test_undoing_a_play_pauses_it(boards: BoardLender, qtbot: QtBot) -> None:
    lab = boards.lend("perceptron", 1280, 800)
    page = logistic_page(lab)
    page.player.toggle()
    qtbot.waitUntil(lambda: page.state.descent_steps > 0)
    lab.undo()
    assert page.state.descent_steps == 0 and not page.player.playing and not lab.can_undo


# --- clicks and drags


def test_each_click_is_a_step_however_soon_it_comes(window: MainWindow, qtbot: QtBot) -> None:
    lab = lab_of(window)
    page = logistic_page(lab)
    for step in (1, 2, 3):
        click(page.player.step)
        assert page.state.descent_steps == step
    click(page.fresh)
    assert page.state.data_seed == 1
    page.plane.point_added.emit(0.1, 0.2)
    count = len(page.state.own)
    for place in ((0.2, 0.3), (0.6, 0.2)):
        across, up = place
        area = page.plane.area
        at = QPointF(area.left() + across * area.width(), area.top() + up * area.height()).toPoint()
        click(page.plane.viewport(), at)
    assert len(page.state.own) == count + 2
    lab.undo()
    assert len(page.state.own) == count + 1
    lab.undo()
    lab.undo()
    assert page.state.data == "moons" and page.state.data_seed == 1
    lab.undo()
    assert page.state.data_seed == 0 and page.state.descent_steps == 3
    lab.undo()
    assert page.state.descent_steps == 2


def test_a_slider_dragged_twice_is_two_steps(window: MainWindow) -> None:
    lab = lab_of(window)
    lab.show_board("gradient")
    slider = lab.board.form.number("w").slider
    handle, place = at_window(slider)
    none = Qt.KeyboardModifier.NoModifier
    values = []
    for far in (12, 30):
        start = QPoint(place.x(), place.y())
        QTest.mousePress(handle, Button, none, start)  # type: ignore[call-overload]
        for move in range(1, far):
            QTest.mouseMove(handle, start + QPoint(move, 0))  # type: ignore[call-overload]
        QTest.mouseRelease(handle, Button, none, start + QPoint(far, 0))  # type: ignore[call-overload]
        values.append(lab.board.state.w)
    assert len({0.2, *values}) == 3
    lab.undo()
    assert lab.board.state.w == values[0]
    lab.undo()
    assert lab.board.state.w == 0.2 and not lab.can_undo


def test_fields_of_two_boards_are_not_one_thing(boards: BoardLender) -> None:
    lab = boards.lend("batches", 1280, 800)
    lab.board.edit(seed=5)
    lab.show_board("optimisers")
    lab.board.edit(seed=6)
    lab.undo()
    assert lab.state().board == "optimisers" and (lab.state().optimisers.seed, lab.state().batches.seed) == (0, 5)


# --- where it is shown


def test_what_is_undone_and_redone_is_shown_where_it_was_done(boards: BoardLender) -> None:
    lab = boards.lend("batches", 1280, 800)
    lab.board.look(topic="unseen")
    lab.board.edit(unseen_samples=50)
    lab.show_board("gradient")
    lab.undo()
    assert lab.state().board == "batches" and lab.board.state.unseen_samples == 200
    lab.board.look(topic="epoch")
    lab.show_board("losses")
    lab.redo()
    assert lab.state().board == "batches" and lab.board.state.unseen_samples == 50
    assert lab.board.state.topic == "unseen", "and on the page where it was done"


def test_other_boards_stay_as_they_are_looked_at(boards: BoardLender) -> None:
    lab = boards.lend("batches", 1280, 800)
    lab.board.edit(batch=9)
    lab.show_board("gradient")
    lab.board.look(topic="weight", entry=3)
    lab.undo()
    assert lab.state().batches.batch == 16
    assert lab.state().gradient.topic == "weight" and lab.state().gradient.entry == 3
    lab.show_board("gradient")
    assert not lab.can_undo, "which board is shown is no step"


# --- what is marked


def test_nothing_is_marked_where_a_point_was_taken_back(window: MainWindow) -> None:
    lab = lab_of(window)
    plane = logistic_page(lab).plane
    area = plane.area
    at = QPointF(area.left() + 0.1 * area.width(), area.top() + 0.1 * area.height()).toPoint()
    handle, place = at_window(plane.viewport(), at)
    QTest.mouseMove(handle, place)  # type: ignore[call-overload]
    click(plane.viewport(), at)
    assert len(plane.drawn.scene.part.x) == 201  # type: ignore[union-attr]
    QTest.mouseMove(handle, place + QPoint(1, 0))  # type: ignore[call-overload]
    assert not plane.spot.path().isEmpty()
    lab.undo()
    assert plane.spot.path().isEmpty()
    QTest.mouseMove(handle, place)  # type: ignore[call-overload]
    QTest.mouseMove(handle, QPoint(3, 3))  # type: ignore[call-overload]
    assert plane.spot.path().isEmpty(), "the pointer takes its square along"


def test_the_ring_of_the_keys_is_around_the_point_that_a_click_has_added(boards: BoardLender) -> None:
    lab = boards.lend("losses", 1280, 800)
    lab.board.look(topic="gaussian")
    board = lab.board
    assert isinstance(board, TopicBoard)
    page = board.page
    assert isinstance(page, GaussianPage)
    page.density.setFocus()
    QTest.keyClick(page.density, Qt.Key.Key_PageUp)  # the last handle: the deviation
    QTest.keyClick(page.density, Qt.Key.Key_Left)
    assert board.state.deviation < 1
    deviation = board.state.deviation
    page.density.clicked.emit(-2.0, 0.2)
    lab.undo()
    QTest.keyClick(page.density, Qt.Key.Key_PageDown)  # from the new point, which is gone, on
    page.density.clicked.emit(-2.0, 0.2)
    QTest.keyClick(page.density, Qt.Key.Key_Left)
    assert board.state.points[-1] < -2.0 and board.state.deviation == deviation


def test_the_row_of_the_mean_keeps_no_mark(boards: BoardLender) -> None:
    lab = boards.lend("gradient", 1280, 800)
    board = lab.board
    assert isinstance(board, TopicBoard)
    table = board.page.table  # type: ignore[attr-defined]
    table.choose(3)
    table.choose(0)
    assert table.chosen == 3 and board.state.point == 2


@pytest.mark.parametrize("h", [0.5, 3e-5, 1e-4, 2e-16, 1.0])
def test_the_marked_row_is_that_of_h(boards: BoardLender, h: float) -> None:
    lab = boards.lend("gradient", 1280, 800)
    board = lab.board
    assert isinstance(board, TopicBoard)
    board.look(topic="derivative")
    board.edit(h=h, formula="x**2", at=3.0, difference="forward")
    table = board.page.table  # type: ignore[attr-defined]
    rows = table.texts()
    assert rows[table.chosen][0] == measured(h)
    assert len(rows) == (17 if h in (1.0, 1e-4) else 18)
    if h == 0.5:
        assert rows[table.chosen][1] == "6.5", "(3.5² − 3²) / 0.5"
        assert rows[table.chosen][2:] == ["0.5", "0", "0.5", "0"], "forward and central, in both precisions"
    for row in (0, 5, len(rows) - 1):
        wanted = table.texts()[row][0]
        table.choose(row)
        assert measured(board.state.h) == wanted and table.texts()[table.chosen][0] == wanted
        board.edit(h=h)


def test_own_points_are_counted(boards: BoardLender) -> None:
    lab = boards.lend("perceptron", 1280, 800)
    page = logistic_page(lab)
    page.clear.click()
    for place in range(12):
        page.plane.point_added.emit(0.1 * place, 0.5)
    board = lab.board
    assert board.form.number("samples").value == 12 and board.form.number("samples").box.text() == "12"
    assert not board.form.row("samples").isEnabled()
    board.edit(data="circles")
    assert board.form.number("samples").value == 200


def test_each_press_of_space_is_a_step(window: MainWindow) -> None:
    lab = lab_of(window)
    page = logistic_page(lab)
    page.player.step.setFocus()
    handle, _ = at_window(page.player)
    for step in (1, 2, 3):
        QTest.keyClick(handle, Qt.Key.Key_Space)  # type: ignore[call-overload]
        assert page.state.descent_steps == step
    lab.undo()
    assert page.state.descent_steps == 2
