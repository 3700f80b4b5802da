"""Lines over the steps of a sequence: steps from 1 on the screen, a tint, a mark, the cursor."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from gui.plots.sequences.step_lines import StepLine, StepLines
from gui.shell import theme


@pytest.fixture
def plot(qtbot) -> StepLines:
    made = StepLines()
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    return made


def test_steps_are_counted_from_one_on_the_screen_and_in_the_file(plot):
    plot.set_lines([StepLine("x", np.arange(80.0), 0), StepLine("y", [1.0, 2.0], 1)])
    figures = [text for _, text in plot.bottom.figures]
    assert figures[0] == "1"
    table = plot.columns()
    assert table["t"][0] == 1 and table["t"][-1] == 80
    assert table["x"][79] == 79.0 and table["y"][:3] == [1.0, 2.0, None]


@pytest.mark.parametrize("steps", [0, 1, 2, 5000])
def test_any_number_of_steps_is_drawn(plot, steps):
    plot.set_lines([StepLine("x", np.sin(np.arange(steps) / 9.0), 0)])
    plot.set_tint(np.ones(steps))
    plot.set_marked(0 if steps else None)
    assert plot.steps == steps and plot.grab().width() > 0


def test_the_tint_lies_at_the_steps_that_count(plot):
    plot.set_lines([StepLine("x", np.zeros(4), 0)], up=(-1.0, 1.0))
    plot.set_tint([0.0, 1.0, float("nan"), 2.0])
    np.testing.assert_array_equal(plot.tint, [0.0, 1.0, 0.0, 1.0])
    picture = plot.grab().toImage()
    panel, amber = theme.theme().panel, theme.theme().window

    def at(step: int):
        point = plot.point_of(step + 0.25, 0.55)
        scale = picture.width() / plot.width()
        return picture.pixelColor(int(point.x() * scale), int(point.y() * scale))

    assert at(0) == panel and at(2) == panel
    assert abs(at(1).red() - amber.red()) < 20 and at(1).blue() < 80 and at(3).blue() < 80


def test_the_keys_walk_and_enter_chooses(qtbot, plot):
    plot.set_lines([StepLine("x", np.arange(5.0), 0)])
    plot.set_marked(2)
    plot.setFocus()
    chosen, moved = [], []
    plot.step_chosen.connect(chosen.append)
    plot.cursor_moved.connect(moved.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(plot, key)
    assert moved == [3, 4] and chosen == [4]
    assert plot.step_at(plot.point_of(1.2, 2.0).toPoint()) == 1
    assert plot.step_at(QPointF(-5, -5).toPoint()) is None


def test_gaps_stay_gaps(plot):
    plot.set_lines([StepLine("x", [1.0, float("nan"), 3.0], 0)])
    assert "x" in plot.accessibleDescription() and plot.columns()["x"][2] == 3.0
