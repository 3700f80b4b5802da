"""The race of the gradients on the board: predicted from one pass, run beside the window, stopped, kept in the table."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from engine.foundations.boards.gradient.gradient_race import RaceSizes
from gui.lab.base import Services
from gui.labs.foundations.gradient.race.race_words import time_text
from gui.labs.foundations.lab import FoundationsLab
from gui.shell.language import set_language
from gui.shell.theme import font
from tests.patience import GIVE_UP_S


@pytest.fixture
def lab(qtbot, tmp_path):
    made = FoundationsLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(made)
    made.resize(1200, 820)
    made.show()
    made.show_board("gradient")
    made.board.look(topic="race", inputs=4, hidden=3, outputs=2)
    qtbot.waitUntil(lambda: not made.busy())
    yield made
    made.close_lab(GIVE_UP_S)


def shown(lab):
    return {title: value for _, title, value, _ in lab.board.answers()}


def test_passes_are_counted_and_their_time_predicted(lab, qtbot):
    lab.board.edit(inputs=784, hidden=50, outputs=10)
    assert shown(lab)["Parameters"] == "39,760"
    assert shown(lab)["Forward passes"] == "79,520"
    qtbot.waitUntil(lambda: not lab.busy())
    timed = lab.board.page.timed
    assert timed.sizes == RaceSizes(784, 50, 10)
    assert shown(lab)["Predicted time"] == time_text(79_520 * timed.taken.forward_s)
    lanes, measure = lab.board.page.lanes.lanes, QFontMetricsF(font(12))
    assert lanes[0].told[0] == "Numerical: 2 × 39,760 = 79,520 forward passes"
    room = 248 - measure.horizontalAdvance("about 54.2 s") - 12  # what a window of 1024 by 700 leaves
    assert next(told for told in lanes[0].told if measure.horizontalAdvance(told) <= room) == "Numerical: 79,520 passes"


def test_a_race_ends_with_both_times_and_the_largest_difference(lab, qtbot):
    page = lab.board.page
    page.start.click()
    assert not page.start.isEnabled()
    qtbot.waitUntil(lambda: len(page.results) == 1)
    (result,) = page.results
    assert result.passes == 2 * (4 * 3 + 3 + 3 * 2 + 2) == 46
    assert result.difference < 1e-8
    (row,) = page.table.texts()
    assert row[:3] == ["4-3-2", "23", "46"]
    assert row[4:6] == [time_text(result.numerical_s), time_text(result.backward_s)]
    assert result.worst in page.note.text()
    raced = [points.name for points in page.plot.picture.points]
    assert raced == ["predicted", "raced: numerical", "raced: backward"]
    assert page.lanes.lanes[0].done == 1
    lab.board.edit(hidden=5)
    qtbot.waitUntil(lambda: not lab.busy())
    assert page.lanes.lanes[0].done == 0, "this network has not been raced"
    assert len(page.table.texts()) == 1


def test_a_race_is_stopped_by_the_button_by_space_and_by_another_size(lab, qtbot):
    lab.board.edit(inputs=784, hidden=50, outputs=10)
    qtbot.waitUntil(lambda: not lab.busy())
    page = lab.board.page
    page.race()
    qtbot.waitUntil(lambda: page.work.passes_done > 0)
    qtbot.waitUntil(lambda: 0 < page.lanes.lanes[0].done < 1)
    page.stop.click()
    assert not page.work.racing
    assert "stopped" in page.note.text()
    qtbot.waitUntil(lambda: not lab.busy())
    lab.activateWindow()
    lab.setFocus()
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert page.work.racing
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert not page.work.racing
    page.race()
    lab.board.edit(hidden=6)
    assert not page.work.racing
    page.race()
    lab.board.topics.button("regression").click()
    assert not page.work.racing
    qtbot.waitUntil(lambda: not lab.board.busy() and not page.page_busy())
    assert page.results == []


def test_a_race_of_hours_is_not_offered(lab, qtbot):
    lab.board.edit(inputs=2000, hidden=2000, outputs=10)
    qtbot.waitUntil(lambda: not lab.busy())
    page = lab.board.page
    assert not page.start.isEnabled()
    assert "too long" in page.note.text()
    QTest.keyClick(lab, Qt.Key.Key_Space)
    assert not page.work.racing


def test_times_in_words():
    assert [time_text(seconds) for seconds in (55.4e-6, 0.0123, 4.414, 75.0, 9000.0, 4e5, 7e7)] == [
        "55.4 µs",
        "12.3 ms",
        "4.41 s",
        "1.25 min",
        "2.5 h",
        "4.63 days",
        "2.22 years",
    ]
    set_language("ko")
    assert time_text(4.414) == "4.41초"
